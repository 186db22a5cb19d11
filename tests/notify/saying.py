"""What is said in these tests."""

import datetime as dt
from typing import Any

from dinh.foundation.notify.public import message_template

__all__ = ["VALUES"]

message_template(
    "sample.received",
    label="Hồ sơ đã được tiếp nhận",
    topic="dossier",
    fields={"code", "due", "applicant"},
    subject="Đã tiếp nhận hồ sơ {code}",
    body="Kính gửi Ông/Bà {name}, hồ sơ {code} đã được tiếp nhận. Hẹn trả kết quả: {due}. Xem tại {link}",
    sms="Hồ sơ {code} đã được tiếp nhận, hẹn trả {due}. Xem {link}",
    more="Người nộp: {applicant}.",
)
message_template(
    "sample.asked",
    label="Yêu cầu bổ sung hồ sơ",
    topic="dossier",
    fields={"code"},
    subject="Hồ sơ {code} cần bổ sung",
    body="Hồ sơ {code} cần bổ sung giấy tờ. Xem tại {link}",
    is_required=True,
)

VALUES: dict[str, Any] = {
    "code": "000.05.01.H99-261121-0001",
    "due": dt.date(2026, 11, 25),
    "applicant": "Trần Văn Mẫu",
    "link": "/ho-so/1/",
}

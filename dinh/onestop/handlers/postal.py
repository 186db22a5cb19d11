"""Who is told of a parcel: the applicant, wherever they may be reached."""

from dinh.foundation.actions.public import handles
from dinh.foundation.notify.public import message_template
from dinh.kernel.errors import N_
from dinh.onestop.events import ParcelCameBack, ParcelSent
from dinh.onestop.handlers.telling import tell_applicant

__all__ = ["tell_came_back", "tell_sent"]

SENT = message_template(
    "parcel.sent",
    label=N_("Kết quả đã giao cho bưu chính"),
    topic="dossier",
    subject="Kết quả hồ sơ {code} đã giao cho bưu chính",
    body="Kính gửi Ông/Bà {name}. Kết quả hồ sơ {code} đã giao cho bưu chính. Theo dõi tại: {link}",
    more="Số hiệu bưu gửi: {number}.",
    sms="Ket qua ho so {code} da giao cho buu chinh. Theo doi: {follow}",
    fields={"code", "number", "follow"},
)
CAME_BACK = message_template(
    "parcel.came_back",
    label=N_("Bưu chính chuyển hoàn kết quả"),
    topic="dossier",
    subject="Bưu chính chưa phát được kết quả hồ sơ {code}",
    body="Kính gửi Ông/Bà {name}. Bưu chính chưa phát được kết quả hồ sơ {code} và đã chuyển hoàn."
    " Ông/Bà sửa địa chỉ hoặc chọn nhận tại quầy tại: {link}",
    sms="Buu chinh chua phat duoc ket qua ho so {code}. Vui long lien he Bo phan mot cua. Theo doi: {follow}",
    fields={"code", "follow"},
    is_required=True,
)


@handles(ParcelSent)
def tell_sent(event: ParcelSent) -> None:
    tell_applicant(event.dossier_id, SENT.code, number=event.number)


@handles(ParcelCameBack)
def tell_came_back(event: ParcelCameBack) -> None:
    tell_applicant(event.dossier_id, CAME_BACK.code)

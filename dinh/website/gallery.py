"""The living gallery: every component in all its states, with invented values."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import ZONE

__all__ = ["gallery"]


@route(who="official")
def gallery(request: Request) -> HttpResponse:
    """Show every component; ``?trang=cong-dan`` shows them in the citizens' skeleton, ``?bang=1`` a panel."""
    skeleton = "ui/citizen.html" if request.GET.get("trang") == "cong-dan" else "ui/official.html"
    request.nav = _nav(request)  # type: ignore[attr-defined] # read by the page's context
    request.positions = _positions()  # type: ignore[attr-defined]
    return render(
        request,
        "ui/gallery.html",
        {
            "skeleton": skeleton,
            "rows": _rows(),
            "with_panel": "bang" in request.GET,
            **_samples(),
        },
    )


def _nav(request: Request) -> list[dict[str, Any]]:
    if request.GET.get("trang") == "cong-dan":
        items = [
            _item(_("Trang chủ"), "house", active=True),
            _item(_("Thủ tục"), "list-checks"),
            _item(_("Tra cứu hồ sơ"), "search"),
            _item(_("Hồ sơ của tôi"), "folder", count=2),
            _item(_("Phản ánh, kiến nghị"), "message-square"),
        ]
        return [{"label": "", "items": items}]
    work = [
        _item(_("Việc của tôi"), "inbox", count=12, key="v", active=True),
        _item(_("Chờ tiếp nhận"), "file-input", count=34, key="t"),
        _item(_("Đang xử lý"), "folder-open", count=128, key="x"),
        _item(_("Chờ ký"), "signature", count=3, key="k"),
        _item(_("Quá hạn"), "alarm-clock", count=5, key="q"),
    ]
    shared = [
        _item(_("Văn bản đến"), "mail", count=7),
        _item(_("Văn bản đi"), "send"),
        _item(_("Tìm kiếm"), "search"),
    ]
    admin = [_item(_("Đơn vị, chức vụ"), "building-2"), _item(_("Nhật ký"), "history")]
    return [
        {"label": _("Hồ sơ"), "items": work},
        {"label": _("Văn bản"), "items": shared},
        {"label": _("Quản trị"), "items": admin},
    ]


def _item(
    label: str, icon: str, *, count: int | None = None, key: str = "", active: bool = False
) -> dict[str, Any]:
    return {"label": label, "address": "#", "icon": icon, "count": count, "key": key, "active": active}


def _positions() -> list[dict[str, Any]]:
    return [
        {"id": "1", "title": "Chuyên viên", "unit": "Phòng Tài chính – Kế hoạch", "active": True},
        {"id": "2", "title": "Công chức một cửa", "unit": "Bộ phận Một cửa huyện Liên Hoa", "active": False},
    ]


NAMES = (
    "Nguyễn Thị Ngọc Ánh",
    "Trần Đức Thắng",
    "Lê Hoàng Phương Uyên",
    "Phạm Văn Đỗ",
    "Hoàng Ỷ Lan",
    "Đặng Quốc Khánh",
    "Vũ Thị Thu Hường",
    "Bùi Xuân Trường",
)
PROCEDURES = (
    "Đăng ký thành lập hộ kinh doanh",
    "Cấp giấy phép xây dựng nhà ở riêng lẻ",
    "Đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi",
    "Chứng thực bản sao từ bản chính",
)
KINDS = ("on_time", "near", "overdue", "waiting", "done")


def _rows() -> list[dict[str, Any]]:
    start = dt.datetime(2026, 11, 23, 16, 30, tzinfo=ZONE)
    return [
        {
            "address": f"#ho-so-{number}",
            "code": f"000.05.01.H99-261121-{number:04d}",
            "applicant": NAMES[number % len(NAMES)],
            "procedure": PROCEDURES[number % len(PROCEDURES)],
            "kind": KINDS[number % len(KINDS)],
            "due_at": start + dt.timedelta(days=number),
            "remaining": dt.timedelta(hours=(number - 2) * 5),
            "owner": NAMES[(number + 3) % len(NAMES)],
        }
        for number in range(1, 9)
    ]


def _samples() -> dict[str, Any]:
    now = dt.datetime(2026, 11, 21, 14, 5, tzinfo=ZONE)
    return {
        "now": now,
        "lines": [
            _("Tiếp nhận lúc 14:05 thứ Bảy 21/11/2026, ngoài giờ: tính từ 07:30 thứ Hai 23/11/2026."),
            _("Thứ Hai 23/11: 8 giờ, còn 2 ngày."),
            _("Thứ Ba 24/11: 8 giờ, còn 1 ngày."),
            _("Thứ Tư 25/11: 8 giờ. Đến hạn 16:30 thứ Tư 25/11/2026."),
        ],
        "files": [
            {
                "name": "Giấy đề nghị đăng ký hộ kinh doanh.pdf",
                "size": 248_113,
                "address": "#",
                "state": "good",
                "state_label": _("Chữ ký hợp lệ"),
                "remove": "1",
            },
            {
                "name": "CCCD mặt trước.jpg",
                "size": 1_822_301,
                "address": "#",
                "state": "warn",
                "state_label": _("Chưa quét mã độc"),
                "remove": "2",
            },
        ],
        "events": [
            {
                "at": now,
                "title": _("Tiếp nhận hồ sơ"),
                "by": "Lê Hoàng Phương Uyên, Bộ phận Một cửa",
                "tone": "good",
                "text": _("Hẹn trả kết quả 16:30 25/11/2026."),
            },
            {
                "at": now + dt.timedelta(hours=43),
                "title": _("Hỏi xác nhận của xã"),
                "by": "Trần Đức Thắng, Phòng Tài chính – Kế hoạch",
                "tone": "wait",
            },
            {"at": now + dt.timedelta(hours=67), "title": _("Đang dự thảo kết quả"), "tone": "now"},
        ],
    }

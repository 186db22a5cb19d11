"""The living gallery: every component in all its states, with invented values."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import layout, summary, validate
from dinh.kernel.worktime import VIETNAM
from dinh.portal.public import Around

__all__ = ["gallery"]


@route(who="official")
def gallery(request: Request) -> HttpResponse:
    """Show every component; ``?trang=cong-dan`` shows them in the citizens' skeleton, ``?bang=1`` a panel."""
    request.nav = _nav(request)  # type: ignore[attr-defined] # read by the page's context
    request.positions = _positions()  # type: ignore[attr-defined]
    request.around = Around(rows=[])  # type: ignore[attr-defined] # the components alone, without a province
    return render(
        request,
        "ui/gallery.html",
        {
            "for_citizens": request.GET.get("trang") == "cong-dan",
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
TONES = ("good", "warn", "bad")
CHOICES = {"communes": [("1", "Xã Sen Hồ"), ("2", "Thị trấn Đình Cả")]}
FORM: dict[str, Any] = {
    "type": "object",
    "title": "Hộ kinh doanh",
    "properties": {
        "ten": {
            "type": "string",
            "minLength": 5,
            "ui": {"label": "Tên hộ kinh doanh", "help": "Không trùng trong huyện"},
        },
        "loai": {
            "oneOf": [
                {"const": "moi", "title": "Đăng ký mới"},
                {"const": "doi", "title": "Thay đổi", "description": "Đã có giấy chứng nhận"},
            ],
            "ui": {"label": "Loại đăng ký"},
        },
        "so_cu": {
            "type": "string",
            "ui": {"label": "Số giấy cũ", "show_if": {"field": "loai", "is": "doi"}},
        },
        "xa": {"type": "string", "ui": {"label": "Xã, phường, thị trấn", "source": "communes"}},
        "chu_ho": {
            "type": "object",
            "properties": {
                "so": {
                    "type": "string",
                    "ui": {"label": "Số định danh cá nhân", "widget": "identity_number"},
                },
                "sinh": {
                    "type": "string",
                    "format": "date",
                    "ui": {"label": "Ngày sinh", "not_after": "today"},
                },
            },
            "required": ["so", "sinh"],
            "ui": {"label": "Chủ hộ"},
        },
        "nganh": {
            "type": "array",
            "maxItems": 5,
            "items": {
                "type": "object",
                "properties": {
                    "ten": {"type": "string", "ui": {"label": "Tên ngành"}},
                    "von": {"type": "integer", "ui": {"label": "Vốn", "widget": "money"}},
                },
                "required": ["ten"],
            },
            "ui": {"label": "Ngành nghề", "item": "Ngành"},
        },
    },
    "required": ["ten", "loai", "chu_ho", "nganh"],
}
ANSWERS: dict[str, Any] = {
    "ten": "Sen",
    "loai": "moi",
    "xa": "2",
    "chu_ho": {"so": "099090000123", "sinh": "31/02/1990"},
    "nganh": [{"ten": "Bán lẻ lương thực", "von": 50_000_000}, {"von": 20_000_000}],
}
KINDS = ("on_time", "near", "overdue", "waiting", "done")


def _rows() -> list[dict[str, Any]]:
    start = dt.datetime(2026, 11, 23, 16, 30, tzinfo=VIETNAM)
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
    now = dt.datetime(2026, 11, 21, 14, 5, tzinfo=VIETNAM)
    errors = validate(FORM, ANSWERS, choices=CHOICES, today=now.date())
    return {
        "form": layout(FORM, ANSWERS, errors, choices=CHOICES),
        "answers": summary(FORM, ANSWERS, choices=CHOICES),
        "weeks": [
            {"label": f"T{week}", "value": share, "address": "#"}
            for week, share in enumerate((0.91, 0.93, 0.94, None, 0.96, 0.95, 0.97, 0.975), start=40)
        ],
        "ages": [
            {"label": _("0–1 ngày"), "value": 412, "address": "#"},
            {"label": _("2–3 ngày"), "value": 366, "address": "#"},
            {"label": _("4–5 ngày"), "value": 121, "tone": "warn", "address": "#"},
            {"label": _("trên 5 ngày"), "value": 37, "tone": "bad", "address": "#"},
        ],
        "loads": [
            {
                "label": name,
                "value": sum(parts),
                "address": "#",
                "parts": list(zip(TONES, parts, strict=True)),
            }
            for name, parts in zip(NAMES, ((21, 6, 2), (18, 3, 0), (9, 4, 5), (7, 0, 0)), strict=False)
        ],
        "ranks": [
            {"label": name, "value": share, "address": "#"}
            for name, share in (("Xã Sen Hồ", 0.99), ("Thị trấn Đình Cả", 0.964), ("Xã Bến Lau", 0.871))
        ],
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

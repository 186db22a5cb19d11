"""What every page of the portal shows around its content: the citizens' navigation and menu."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Actor

__all__ = ["citizen_menu", "citizen_nav", "foot_links"]


def citizen_nav(path: str) -> list[dict[str, Any]]:
    """Return the one section of the citizens' navigation; ``path`` tells where the reader is."""
    items = [
        (_("Trang chủ"), "portal:home", "house", ("/",)),
        (_("Thủ tục"), "portal:procedures", "list-checks", ("/thu-tuc/", "/nop-ho-so/")),
        (_("Tra cứu"), "portal:track", "search", ("/tra-cuu/", "/kiem-tra-ket-qua/")),
        (
            _("Hồ sơ của tôi"),
            "portal:dossiers",
            "folder",
            ("/ho-so-cua-toi/", "/giay-to-cua-toi/", "/dai-dien/"),
        ),
    ]
    return [{"label": "", "items": [_item(path, *item) for item in items]}]


def _item(path: str, label: str, name: str, icon: str, parts: tuple[str, ...]) -> dict[str, Any]:
    active = any(path == part if part == "/" else path.startswith(part) for part in parts)
    return {
        "label": label,
        "address": reverse(name),
        "icon": icon,
        "count": None,
        "active": active,
        "key": "",
    }


def citizen_menu(by: Actor | None) -> list[dict[str, str]]:
    """Return what stands in a citizen's account menu before sessions and signing out."""
    if by is None or by.kind != "citizen":
        return []
    return [
        {"label": _("Hồ sơ của tôi"), "address": reverse("portal:dossiers"), "icon": "folder"},
        {"label": _("Giấy tờ của tôi"), "address": reverse("portal:kept-papers"), "icon": "file-text"},
        {"label": _("Nộp thay người khác"), "address": reverse("portal:represented"), "icon": "users"},
        {"label": _("Thông báo"), "address": reverse("notify:notices"), "icon": "bell"},
        {"label": _("Đổi mật khẩu"), "address": reverse("sso:change_password"), "icon": "key-round"},
    ]


def foot_links() -> list[dict[str, str]]:
    """Return the links at the foot of every page for citizens."""
    links = [
        (_("Tất cả thủ tục"), "portal:procedures"),
        (_("Tra cứu hồ sơ"), "portal:track"),
        (_("Lấy số thứ tự"), "portal:queue"),
        (_("Kiểm tra kết quả có thật không"), "portal:check-result"),
    ]
    return [{"label": label, "address": reverse(name)} for label, name in links]

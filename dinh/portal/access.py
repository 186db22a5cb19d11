"""What every page shows around its content: navigation, menus, notices of maintenance."""

from functools import cached_property
from typing import Any

from django.db import Error
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Actor
from dinh.portal.queries.content import around_pages
from dinh.portal.rules.content import menu_lines

__all__ = ["Around", "citizen_menu", "citizen_nav", "foot_links", "own_tabs"]


class Around:
    """The editors' words around a page, read once and only when a template asks for them.

    A page must still be shown when the database does not answer: then there are none. ``rows`` are given by
    a page that shows none of the province's own.
    """

    def __init__(self, rows: list[Any] | None = None) -> None:
        self._given = rows

    @cached_property
    def _rows(self) -> list[Any]:
        if self._given is not None:
            return self._given
        try:
            return around_pages(now=timezone.now())
        except Error:
            return []

    @property
    def notices(self) -> list[dict[str, Any]]:
        """Notices of maintenance, running or announced, as ``ui.notices`` draws them."""
        return [_notice(row) for row in self._rows if row.post.kind == "notice"]

    def links(self, menu: str) -> list[dict[str, str]]:
        """The lines of a menu: ``{label, address, lang}``."""
        found = next((row for row in self._rows if row.post.kind == "menu" and row.post.slug == menu), None)
        return [_link(line) for line in menu_lines(found.body)] if found is not None else []


def _notice(row: Any) -> dict[str, Any]:
    is_english = translation.get_language() == "en" and bool(row.title_en)
    now = timezone.now()
    return {
        "title": row.title_en if is_english else row.title,
        "text": (row.lead_en if is_english else row.lead) or "",
        "lang": "en" if is_english else "vi",
        "shows_from": row.shows_from,
        "shows_until": row.shows_until,
        "is_running": row.shows_from <= now,
        "is_urgent": row.is_urgent,
    }


def _link(line: Any) -> dict[str, str]:
    is_english = translation.get_language() == "en" and bool(line.label_en)
    return {
        "label": line.label_en if is_english else line.label,
        "address": line.address,
        "lang": "en" if is_english else "vi",
    }


def citizen_nav(path: str) -> list[dict[str, Any]]:
    """Return the one section of the citizens' navigation; ``path`` tells where the reader is."""
    items = [
        (_("Trang chủ"), "portal:home", "house", ("/",)),
        (_("Thủ tục"), "portal:procedures", "list-checks", ("/thu-tuc/", "/nop-ho-so/")),
        # What a citizen comes for stands where the narrowest phone still shows it.
        (
            _("Hồ sơ của tôi"),
            "portal:dossiers",
            "folder",
            ("/ho-so-cua-toi/", "/giay-to-cua-toi/", "/dai-dien/", "/lich-hen/", "/thong-tin-cua-toi/"),
        ),
        (_("Tra cứu"), "portal:track", "search", ("/tra-cuu/", "/kiem-tra-ket-qua/")),
        (_("Hỏi đáp"), "portal:petitions", "message-circle-question-mark", ("/phan-anh/",)),
        (_("Tin tức"), "portal:news", "newspaper", ("/tin-tuc/",)),
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
        {
            "label": _("Nội dung tôi đã gửi"),
            "address": reverse("portal:petitions-own"),
            "icon": "message-circle-question-mark",
        },
        {"label": _("Giấy tờ của tôi"), "address": reverse("portal:kept-papers"), "icon": "file-text"},
        {"label": _("Lịch hẹn của tôi"), "address": reverse("portal:visits"), "icon": "calendar-days"},
        {"label": _("Nộp thay người khác"), "address": reverse("portal:represented"), "icon": "users"},
        {"label": _("Thông báo"), "address": reverse("notify:notices"), "icon": "bell"},
        {"label": _("Thông tin của tôi"), "address": reverse("portal:own-details"), "icon": "id-card"},
        {"label": _("Đổi mật khẩu"), "address": reverse("sso:change_password"), "icon": "key-round"},
    ]


def own_tabs(path: str) -> list[dict[str, Any]]:
    """Return the tabs over what is a citizen's own; ``path`` tells which one is shown."""
    tabs = [
        (_("Hồ sơ"), "portal:dossiers"),
        (_("Giấy tờ"), "portal:kept-papers"),
        (_("Lịch hẹn"), "portal:visits"),
        (_("Nộp thay"), "portal:represented"),
    ]
    return [
        {"label": label, "address": reverse(name), "active": path == reverse(name), "count": None}
        for label, name in tabs
    ]


def foot_links() -> list[dict[str, str]]:
    """Return the links at the foot of every page for citizens."""
    links = [
        (_("Tất cả thủ tục"), "portal:procedures"),
        (_("Tra cứu hồ sơ"), "portal:track"),
        (_("Thống kê"), "portal:statistics"),
        (_("Lấy số thứ tự"), "portal:queue"),
        (_("Kiểm tra kết quả có thật không"), "portal:check-result"),
        (_("Văn bản"), "portal:documents"),
        (_("Góp ý dự thảo"), "portal:consultations"),
        (_("Sơ đồ cổng"), "portal:site-map"),
        (_("Hỏi đáp, phản ánh, kiến nghị"), "portal:petitions"),
    ]
    pages = [
        (_("Liên hệ"), "lien-he"),
        (_("Trợ năng"), "tro-nang"),
        (_("Quyền riêng tư"), "quyen-rieng-tu"),
    ]
    return [
        *({"label": label, "address": reverse(name)} for label, name in links),
        *(
            {"label": label, "address": reverse("portal:page", kwargs={"slug": slug})}
            for label, slug in pages
        ),
    ]

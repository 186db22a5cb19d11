"""The officials' rail: what the acting position can open, by the permissions that it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Actor, Request, route
from dinh.kernel.errors import N_
from dinh.onestop.public import (
    count_of_tab,
    has_desk_board,
    has_reports,
    keeps_procedures,
    oversees,
    reads_filings,
)
from dinh.portal.public import edits_content, sees_consultations, sees_petitions

__all__ = ["first_page", "officials_nav"]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the rail. ``permission``: the code that opens it; empty: every official. ``shown_to``:
    who of these finds something behind it.
    """

    label: str
    route: str
    icon: str
    permission: str = ""
    key: str = ""
    shown_to: Callable[[Actor], bool] = lambda by: True


SECTIONS: tuple[tuple[str, tuple[Item, ...]], ...] = (
    (
        N_("Hồ sơ"),
        (
            Item(N_("Việc của tôi"), "workspace:work", "inbox", "work.read", "v"),
            Item(N_("Hồ sơ"), "workspace:dossiers", "folder-open", "dossier.read", "h"),
            Item(N_("Tổng quan"), "workspace:overview", "chart-column", "work.read", "q", oversees),
            Item(
                N_("Hôm nay tại quầy"),
                "workspace:desk-board",
                "layout-dashboard",
                "dossier.read",
                "m",
                has_desk_board,
            ),
            Item(N_("Sổ theo dõi"), "workspace:register", "book-open", "dossier.read"),
            Item(N_("Xin lỗi, hẹn lại"), "workspace:apologies", "calendar-clock", "dossier.read"),
            Item(N_("Báo cáo"), "workspace:report", "table-2", "dossier.read", "b", has_reports),
            Item(N_("Báo cáo phát hành"), "workspace:agency-reports", "stamp", "report.prepare"),
            Item(N_("Lịch hẹn"), "workspace:visits", "calendar-days", "dossier.receive"),
            Item(N_("Đánh giá của người dân"), "workspace:feedback", "smile", "dossier.receive"),
            Item(N_("Gọi số"), "workspace:queue", "megaphone", "dossier.receive", "s"),
            Item(N_("Niêm yết thủ tục"), "workspace:postings", "pin", "dossier.receive"),
            Item(N_("Giám sát"), "workspace:watch", "radar", "work.read"),
            Item(N_("Nhận hộ, bàn giao"), "workspace:intake", "arrow-left-right", "dossier.receive"),
            Item(N_("Từ Cổng quốc gia"), "workspace:filings", "cloud-download", shown_to=reads_filings),
            Item(N_("Bưu chính"), "workspace:postal", "mail", "dossier.receive"),
            Item(N_("Tiếp nhận tại quầy"), "workspace:counter", "file-input", "dossier.receive", "t"),
        ),
    ),
    (
        N_("Phí, lệ phí"),
        (
            Item(N_("Sổ quỹ trong ngày"), "workspace:cash-book", "banknote", "dossier.receive"),
            Item(N_("Hoàn phí"), "workspace:refunds", "undo-2", "payments.read"),
            Item(N_("Đối soát"), "workspace:comparisons", "scale", "payments.reconcile"),
            Item(N_("Tài khoản thu"), "workspace:accounts", "landmark", "payments.accounts"),
        ),
    ),
    (
        N_("Cổng"),
        (
            Item(
                N_("Phản ánh, kiến nghị"),
                "portal:desk-petitions",
                "message-circle-question-mark",
                key="p",
                shown_to=sees_petitions,
            ),
            Item(
                N_("Góp ý dự thảo"),
                "portal:desk-consultations",
                "message-square-text",
                shown_to=sees_consultations,
            ),
            Item(N_("Nội dung cổng"), "portal:desk-content", "newspaper", key="n", shown_to=edits_content),
        ),
    ),
    (
        N_("Của tôi"),
        (
            Item(N_("Thông báo"), "notify:notices", "bell"),
            Item(N_("Tệp xuất của tôi"), "workspace:exports", "file-down", "dossier.read"),
            Item(N_("Xếp mức hoàn thành"), "workspace:own-rating", "medal", "step.work"),
            Item(N_("Quyền của tôi"), "directory:my-rights", "key-round"),
            Item(N_("Vắng mặt, làm thay"), "workspace:absences", "calendar-off", "work.read"),
        ),
    ),
    (
        N_("Quản trị"),
        (
            Item(N_("Thủ tục"), "workspace:procedures", "list-checks", shown_to=keeps_procedures),
            Item(N_("Cổng quốc gia"), "workspace:national", "globe", "national.manage"),
            Item(N_("Hệ thống khác"), "workspace:systems", "plug", "national.manage"),
            Item(N_("Chênh lệch"), "workspace:differences", "scale", "mirror.settle"),
            Item(N_("Đơn vị"), "directory:units", "building-2", "directory.manage"),
            Item(N_("Cán bộ"), "directory:people", "users", "directory.manage"),
            Item(N_("Vai trò"), "directory:roles", "shield", "directory.roles"),
            Item(N_("Nhập danh sách"), "directory:imports", "upload", "directory.import"),
            Item(N_("Vì sao xem được?"), "directory:why", "circle-question-mark", "directory.grant"),
            Item(N_("Lịch làm việc"), "calendars:year", "calendar-days", "calendars.declare"),
            Item(N_("Chữ ký số"), "signing:keys", "pen-line", "signing.manage_keys"),
            Item(N_("Phiên đăng nhập"), "sso:sessions_of_others", "monitor-smartphone", "session.end_others"),
            Item(N_("Tin gửi"), "notify:messages", "send", "notify.read"),
            Item(N_("Mẫu tin"), "notify:templates", "message-square-text", "notify.templates"),
            Item(N_("Tra cứu dữ liệu dân"), "workspace:look-ups", "scan-search", "registry.oversee"),
            Item(N_("Nhật ký"), "actions:log", "history", "audit.read"),
            Item(N_("Sức khỏe hệ thống"), "health", "activity", "website.see_health"),
        ),
    ),
)


@route(who="official")
def first_page(request: Request) -> HttpResponse:
    """Lead on to the first page of the rail, for whom the workspace has no list: editors of the portal."""
    sections = officials_nav(request, request.by)
    return redirect(sections[0]["items"][0]["address"])


def officials_nav(request: HttpRequest, by: Actor) -> list[dict[str, Any]]:
    """Return the rail's sections for the acting position; one small count for the work at hand."""
    sections = []
    for label, items in SECTIONS:
        shown = [item for item in items if _is_shown(item, by)]
        if shown:
            sections.append({"label": _(label), "items": [_item(item, request, by) for item in shown]})
    return sections


def _is_shown(item: Item, by: Actor) -> bool:
    return (not item.permission or by.holds(item.permission)) and item.shown_to(by)


def _item(item: Item, request: HttpRequest, by: Actor) -> dict[str, Any]:
    address = reverse(item.route)
    here = request.path
    return {
        "label": _(item.label),
        "address": address,
        "icon": item.icon,
        "key": item.key,
        "count": _todo_count(request, by) if item.route == "workspace:work" else None,
        "active": here == address or (len(address) > len("/lam-viec/") and here.startswith(address)),
    }


def _todo_count(request: HttpRequest, by: Actor) -> int:
    """The work at hand. A view that has counted it already leaves the figure on the request."""
    counted = getattr(request, "todo_count", None)
    return count_of_tab(by, "todo", now=timezone.now()) if counted is None else int(counted)

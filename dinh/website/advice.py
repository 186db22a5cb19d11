"""What a new release brings that a province's own roles do not hold yet: said, and given by consent.

Roles belong to the province and no release changes them. The ready-made ones (``roles``) say which
permissions there are and who usually holds them; a permission that none of the roles has is a screen that
nobody can open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, all_permissions, route
from dinh.foundation.directory.public import MANAGE_ROLES, access_role, change_role, standing_roles
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.website.roles import ROLES

__all__ = ["UNHELD", "Unheld", "give", "unheld_count", "unheld_page", "unheld_permissions"]


@dataclass(frozen=True, slots=True)
class Unheld:
    """A permission that no role of the province holds: who holds it in words, and the ready-made roles that
    have it, each by code and name, with whether the province has that role."""

    code: str
    label: str
    held_by: str
    roles: Sequence[tuple[str, str, bool]]


def unheld_permissions() -> list[Unheld]:
    """Return what no role holds, by code. One query."""
    standing = {role.code: role for role in standing_roles()}
    held = {code for role in standing.values() for code in role.permissions}
    ready = sorted({code for role in ROLES for code in role.permissions} - held)
    declared = all_permissions()
    return [
        Unheld(
            code=code,
            label=declared[code].label if code in declared else code,
            held_by=declared[code].held_by if code in declared else "",
            roles=[
                (
                    role.code,
                    standing[role.code].name if role.code in standing else role.name,
                    role.code in standing,
                )
                for role in ROLES
                if code in role.permissions
            ],
        )
        for code in ready
    ]


def unheld_count() -> int | None:
    """Return how many permissions no role holds; None while the database does not answer."""
    try:
        return len(unheld_permissions())
    except DatabaseError:
        return None


@route(who="official", permission=MANAGE_ROLES)
def unheld_page(request: Request) -> HttpResponse:
    """The permissions that no role holds, each with the roles to which it can be given."""
    rows = [
        {"code": one.code, "label": _(one.label), "held_by": _(one.held_by), "roles": one.roles}
        for one in unheld_permissions()
    ]
    return render(request, "website/unheld.html", {"rows": rows})


@require_POST
@route(who="official", permission=MANAGE_ROLES)
def give(request: Request) -> HttpResponse:
    """Add one permission to one role, as the ready-made role of the same code has it."""
    code, name = request.POST.get("quyen", ""), request.POST.get("vai_tro", "")
    if not any(role.code == name and code in role.permissions for role in ROLES):
        raise NotFound
    role = access_role(request.by, name)
    try:
        change_role(
            role,
            name=role.name,
            description=role.description,
            permissions=[*role.permissions, code],
            by=request.by,
        )
    except Refused as refused:
        messages.error(request, refused.said(_))
    else:
        messages.success(request, _("Đã thêm quyền vào vai trò “%(role)s”.") % {"role": role.name})
    return redirect("unheld")


UNHELD = N_(
    "%(count)s quyền chưa vai trò nào có, nên có trang chưa ai mở được. Hãy xem mục Quyền chưa ai có."
)

"""Screens of rights: roles, grants, signing authority, the chain behind an answer, notices."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.actions import roles as granting
from dinh.foundation.directory.actions import signing
from dinh.foundation.directory.forms import Typed, uuid_or_404
from dinh.foundation.directory.permissions import (
    GRANT_ROLES,
    MANAGE_DIRECTORY,
    MANAGE_ROLES,
    MANAGE_SIGNING,
    may_at,
)
from dinh.foundation.directory.queries import explain, people, screens
from dinh.foundation.directory.queries.units import agency_of, get_unit
from dinh.foundation.directory.views.pages import done, form_page, page
from dinh.foundation.directory.views.people import position_screen
from dinh.kernel.errors import NotFound
from dinh.kernel.ids import read_uuid

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Role

__all__ = [
    "add_authority",
    "add_role",
    "authority_list",
    "change_role",
    "confirm_notice",
    "grant_role",
    "my_rights",
    "revoke_authority",
    "revoke_role",
    "role_list",
    "why",
]


@require_GET
@route(who="official", permission=MANAGE_DIRECTORY)
def role_list(request: Request) -> HttpResponse:
    """Every role, with how many positions hold it."""
    return page(
        request, "roles.html", rows=list(screens.roles()), may_define=MANAGE_ROLES.may(request.by, None)
    )


@require_http_methods(["GET", "POST"])
@route(who="official", permission=MANAGE_ROLES)
def add_role(request: Request) -> HttpResponse:
    """Define a role."""
    typed = Typed(request.POST)
    chosen = request.POST.getlist("permissions")
    if request.method == "POST":
        made = typed.attempt(
            lambda: granting.create_role(
                typed.text("code"),
                name=typed.text("name"),
                description=typed.text("description"),
                permissions=chosen,
                by=request.by,
            )
        )
        if made is not None:
            return done(request, _("Đã thêm vai trò %(name)s.") % {"name": made.name}, "roles")
    return _role_form(request, typed, chosen, None)


@require_http_methods(["GET", "POST"])
@route(who="official", permission=MANAGE_ROLES)
def change_role(request: Request, role_id: UUID) -> HttpResponse:
    """Change what a role permits."""
    role = screens.get_role(role_id)
    typed = Typed(request.POST, code=role.code, name=role.name, description=role.description)
    chosen = request.POST.getlist("permissions") if request.method == "POST" else role.permissions
    if request.method == "POST":
        typed.attempt(
            lambda: granting.change_role(
                role,
                name=typed.text("name"),
                description=typed.text("description"),
                permissions=chosen,
                by=request.by,
            )
        )
        if not typed.errors:
            return done(request, _("Đã sửa vai trò. Những người giữ vai trò này được báo tin."), "roles")
    return _role_form(request, typed, chosen, role)


def _role_form(request: Request, typed: Typed, chosen: list[str], role: "Role | None") -> HttpResponse:
    choices = [(code, _(label), _(held)) for code, label, held in screens.permission_choices()]
    return form_page(request, "role_form.html", typed, choices=choices, chosen=chosen, role=role)


@require_POST
@route(who="official", permission=GRANT_ROLES)
def grant_role(request: Request, position_id: UUID) -> HttpResponse:
    """Grant a role to a position."""
    position = screens.get_position(request.by, position_id)
    typed = Typed(request.POST)
    unit = typed.unit("unit")
    until_on = typed.day("until_on")
    if not typed.text("role"):
        typed.errors["role"] = _("Hãy chọn vai trò.")
    if unit is not None and not typed.errors:
        role = screens.get_role(uuid_or_404(typed.text("role")))
        typed.attempt(
            lambda: granting.grant(
                position, role=role, scope=typed.text("scope"), unit=unit, until_on=until_on, by=request.by
            )
        )
    if typed.errors:
        return position_screen(request, position, typed)
    said = _("Đã cấp vai trò. Người giữ chức vụ được báo cho đến khi xác nhận.")
    return done(request, said, "position", position_id=position.pk)


@require_POST
@route(who="official", permission=GRANT_ROLES)
def revoke_role(request: Request, holding_id: int) -> HttpResponse:
    """Take a role from a position."""
    holding = screens.get_holding(request.by, holding_id)
    typed = Typed(request.POST)
    typed.attempt(lambda: granting.revoke(holding, by=request.by))
    if typed.errors:
        return position_screen(request, screens.get_position(request.by, holding.position_id), typed)
    return done(request, _("Đã thu hồi vai trò."), "position", position_id=holding.position_id)


@require_GET
@route(who="official", permission=MANAGE_SIGNING)
def authority_list(request: Request, unit_id: UUID) -> HttpResponse:
    """Who may sign at an agency, under which mark, on which matters, until when, on what basis."""
    agency = _agency(request, unit_id)
    return page(
        request, "authorities.html", agency=agency, rows=screens.authorities_at(request.by, agency.pk)
    )


def _agency(request: Request, unit_id: UUID) -> Any:
    agency = agency_of(unit_id)
    if not may_at(request.by, MANAGE_SIGNING.code, agency.pk):
        raise NotFound
    return agency


@require_http_methods(["GET", "POST"])
@route(who="official", permission=MANAGE_SIGNING)
def add_authority(request: Request, unit_id: UUID) -> HttpResponse:
    """Grant an authority to sign."""
    agency = _agency(request, unit_id)
    typed = Typed(request.POST, from_on=timezone.localdate())
    positions = people.positions_under(agency.pk)
    sources = [line for line in screens.authorities_at(request.by, agency.pk) if not line.has_ended]
    if request.method == "POST":
        from_on, until_on = typed.needed_day("from_on"), typed.day("until_on")
        chosen = next((one for one in positions if str(one.pk) == typed.text("position")), None)
        source = next((one for one in sources if str(one.id) == typed.text("derived_from")), None)
        if chosen is None:
            typed.errors["position"] = _("Hãy chọn chức vụ của người ký.")
        else:
            typed.attempt(
                lambda: signing.grant_authority(
                    agency,
                    position=chosen,
                    mark=typed.text("mark"),
                    matters=typed.text("matters").replace(";", ",").split(","),
                    from_on=from_on,
                    until_on=until_on,
                    collective=typed.text("collective"),
                    on_behalf_of=typed.text("on_behalf_of"),
                    basis=typed.text("basis"),
                    derived_from=screens.get_authority(request.by, source.id) if source else None,
                    by=request.by,
                )
            )
        if not typed.errors:
            return done(request, _("Đã ghi thẩm quyền ký."), "authorities", unit_id=agency.pk)
    return form_page(
        request,
        "authority_form.html",
        typed,
        agency=agency,
        posts=[(str(one.pk), f"{one.title}, {one.unit.name}") for one in positions],
        sources=[(str(one.id), f"{one.mark}: {one.position}") for one in sources],
        marks=[
            ("", _("Ký trực tiếp")),
            ("TM.", _("TM. – ký thay mặt tập thể")),
            ("Q.", _("Q. – quyền cấp trưởng")),
            ("KT.", _("KT. – cấp phó ký thay")),
            ("TL.", _("TL. – ký thừa lệnh")),
            ("TUQ.", _("TUQ. – ký thừa ủy quyền")),
        ],
    )


@require_POST
@route(who="official", permission=MANAGE_SIGNING)
def revoke_authority(request: Request, authority_id: UUID) -> HttpResponse:
    """End an authority to sign from today."""
    authority = screens.get_authority(request.by, authority_id)
    signing.revoke_authority(authority, by=request.by)
    return done(request, _("Đã kết thúc thẩm quyền ký."), "authorities", unit_id=authority.unit_id)


@require_GET
@route(who="official", permission=MANAGE_DIRECTORY)
def why(request: Request) -> HttpResponse:
    """Why somebody may, or may not, do something somewhere: the chain, or the link that is missing."""
    typed = Typed(request.GET)
    answer = None
    found = people.positions_of_person(request.by, typed.text("person")) if typed.text("person") else []
    positions = [(str(one.position_id), f"{one.person_name} – {one.title}, {one.unit_name}") for one in found]
    if request.GET.get("position") or len(positions) == 1:
        position_id = uuid_or_404(request.GET.get("position") or positions[0][0])
        answer = _explanation(request, typed, position_id)
        positions = positions or [(str(position_id), explain.position_label(position_id))]
    elif typed.text("person") and not positions:
        typed.errors["person"] = _("Không tìm thấy cán bộ này trong phạm vi Ông/Bà quản lý.")
    elif positions:
        typed.errors["position"] = _("Có nhiều chức vụ khớp với tên này. Hãy chọn một chức vụ.")
    if {"person", "permission"} <= request.GET.keys():
        _say_what_lacks(request, typed)
    return form_page(
        request,
        "why.html",
        typed,
        posts=positions,
        permissions=[(code, _(label)) for code, label, _held in screens.permission_choices()],
        answer=answer,
    )


def _say_what_lacks(request: Request, typed: Typed) -> None:
    """The form was sent: each question without an answer says so at its place."""
    if not typed.text("person") and not request.GET.get("position"):
        typed.errors["person"] = _("Hãy nhập tên hoặc mã cán bộ.")
    if not typed.text("permission"):
        typed.errors["permission"] = _("Hãy chọn quyền cần giải thích.")
    if not typed.text("unit"):
        typed.errors["unit"] = _("Hãy nhập đơn vị mà Ông/Bà muốn hỏi.")


def _explanation(request: Request, typed: Typed, position_id: UUID) -> dict[str, Any] | None:
    position = screens.get_position(request.by, position_id)
    typed.values["position"] = str(position.pk)
    if not typed.text("permission"):
        return None
    unit_id = read_uuid(typed.text("unit"))
    unit = get_unit(unit_id) if unit_id else typed.unit("unit")
    if unit is None:
        return None
    typed.values["unit"] = unit.code
    found = explain.explain(position.pk, typed.text("permission"), unit.pk)
    return {
        "allowed": found.allowed,
        "answer": found.answer.said(_),
        "links": [{"text": one.text.said(_), "holds": one.holds, "path": one.path} for one in found.links],
        "granters": found.granters,
        "position": position,
    }


@require_GET
@route(who="official")
def my_rights(request: Request) -> HttpResponse:
    """Changes of one's own rights, until one has said that one knows of them."""
    rows = screens.notices_of(request.by.person_id) if request.by.person_id else []
    return page(request, "my_rights.html", rows=rows)


@require_POST
@route(who="official")
def confirm_notice(request: Request, notice_id: UUID) -> HttpResponse:
    """Say that one knows of a change."""
    granting.confirm_rights(screens.get_notice(request.by, notice_id), by=request.by)
    return done(request, _("Đã xác nhận."), "my-rights")

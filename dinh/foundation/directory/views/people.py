"""Screens of people and positions."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.actions import people as persons
from dinh.foundation.directory.actions import positions as posts
from dinh.foundation.directory.forms import Typed, uuid_or_404
from dinh.foundation.directory.permissions import MANAGE_DIRECTORY
from dinh.foundation.directory.queries import people, rights, screens
from dinh.foundation.directory.views.pages import done, form_page, page

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Position

__all__ = [
    "add_person",
    "add_position",
    "appoint",
    "change_person",
    "change_position",
    "close_position",
    "end_appointment",
    "person_list",
    "person_page",
    "position_page",
]

_KINDS = ("main", "concurrent", "acting", "in_charge")


@require_GET
@route(who="official", permission=MANAGE_DIRECTORY)
def person_list(request: Request) -> HttpResponse:
    """People in the units that the administrator manages, by name."""
    words = request.GET.get("q", "").strip()[:100]
    unit = None
    if request.GET.get("don-vi"):
        unit = screens.visible_unit(request.by, uuid_or_404(request.GET["don-vi"]))
    found = people.list_people(
        request.by, unit_id=unit.pk if unit else None, words=words, key=request.GET.get("trang", "")[:500]
    )
    kept = {name: value for name, value in (("q", words), ("don-vi", str(unit.pk) if unit else "")) if value}

    def address(key: str) -> str:
        return f"?{urlencode({**kept, 'trang': key})}" if key else ""

    return page(
        request,
        "people.html",
        rows=found.rows,
        q=words,
        unit=unit,
        older=address(found.older),
        newer=address(found.newer),
    )


@require_GET
@route(who="official", permission=MANAGE_DIRECTORY)
def person_page(request: Request, person_id: UUID) -> HttpResponse:
    """A person: contacts, positions held, changes of rights not yet confirmed."""
    person = people.get_person(request.by, person_id)
    return page(
        request,
        "person.html",
        person=person,
        held=rights.held_positions(person.pk, timezone.localdate()),
        unconfirmed=people.unconfirmed_rights(person.pk),
    )


@require_http_methods(["GET", "POST"])
@route(who="official", permission=MANAGE_DIRECTORY)
def add_person(request: Request) -> HttpResponse:
    """Add an official to the directory."""
    typed = Typed(request.POST)
    if request.method == "POST":
        born = typed.day("birth_date")
        if not typed.text("staff_code"):
            typed.errors["staff_code"] = _("Hãy nhập mã cán bộ.")
        made = typed.attempt(
            lambda: persons.register_person(
                typed.text("full_name"),
                staff_code=typed.text("staff_code"),
                identity_number=typed.text("identity_number"),
                birth_date=born,
                phone=typed.text("phone"),
                email=typed.text("email"),
                address=typed.text("address"),
                by=request.by,
            )
        )
        if made is not None:
            said = _("Đã thêm %(name)s. Hãy bổ nhiệm vào một chức vụ.") % {"name": made.full_name}
            return done(request, said, "person", person_id=made.pk)
    return form_page(request, "person_form.html", typed, person=None)


@require_http_methods(["GET", "POST"])
@route(who="official", permission=MANAGE_DIRECTORY)
def change_person(request: Request, person_id: UUID) -> HttpResponse:
    """Correct what the directory says of a person."""
    person = people.get_person(request.by, person_id)
    names = ("full_name", "identity_number", "birth_date", "phone", "email", "address")
    typed = Typed(request.POST, **{name: getattr(person, name) for name in names})
    if request.method == "POST":
        born = typed.day("birth_date")
        typed.attempt(
            lambda: persons.correct_person(
                person,
                full_name=typed.text("full_name"),
                identity_number=typed.text("identity_number"),
                birth_date=born,
                phone=typed.text("phone"),
                email=typed.text("email"),
                address=typed.text("address"),
                by=request.by,
            )
        )
        if not typed.errors:
            return done(request, _("Đã sửa thông tin."), "person", person_id=person.pk)
    return form_page(request, "person_form.html", typed, person=person)


@require_http_methods(["GET", "POST"])
@route(who="official", permission=MANAGE_DIRECTORY)
def add_position(request: Request, unit_id: UUID) -> HttpResponse:
    """Create a position in a unit."""
    unit = screens.visible_unit(request.by, unit_id)
    typed = Typed(request.POST, on=timezone.localdate(), rank=50)
    if request.method == "POST":
        rank, on = typed.number("rank", 50), typed.needed_day("on")
        made = typed.attempt(
            lambda: posts.create_position(
                unit,
                code=typed.text("code"),
                title=typed.text("title"),
                rank=rank,
                is_head=typed.has("is_head"),
                is_single=typed.has("is_single"),
                on=on,
                by=request.by,
            )
        )
        if made is not None:
            said = _("Đã thêm chức vụ %(title)s.") % {"title": made.title}
            return done(request, said, "position", position_id=made.pk)
    return form_page(request, "position_form.html", typed, unit=unit, position=None)


@require_GET
@route(who="official", permission=MANAGE_DIRECTORY)
def position_page(request: Request, position_id: UUID) -> HttpResponse:
    """A position: who holds it, which roles it has, and the forms to change both."""
    position = screens.get_position(request.by, position_id)
    return position_screen(request, position, Typed({}, from_on=timezone.localdate()))


def position_screen(request: Request, position: "Position", typed: Typed) -> HttpResponse:
    """Render a position's page, with the form that was wrong, if one was."""
    today = timezone.localdate()
    return form_page(
        request,
        "position.html",
        typed,
        position=position,
        unit=position.unit,
        appointments=[
            {"row": row, "is_over": row.until_on is not None and row.until_on <= today}
            for row in screens.appointments_of(position)
        ],
        holdings=screens.holdings_of(position),
        roles=[(str(role.pk), role.name) for role in screens.roles()],
        kinds=_kinds(),
        scopes=[
            ("own", _("Việc của mình")),
            ("unit", _("Trong đơn vị")),
            ("subtree", _("Đơn vị và cấp dưới")),
            ("province", _("Toàn tỉnh")),
        ],
        today=today,
    )


def _kinds() -> list[tuple[str, str]]:
    words = (_("Chính thức"), _("Kiêm nhiệm"), _("Giao quyền"), _("Giao phụ trách"))
    return list(zip(_KINDS, words, strict=True))


@require_http_methods(["GET", "POST"])
@route(who="official", permission=MANAGE_DIRECTORY)
def change_position(request: Request, position_id: UUID) -> HttpResponse:
    """Change a position's title, order or number of holders."""
    position = screens.get_position(request.by, position_id)
    names = ("title", "rank") if request.method == "POST" else ("title", "rank", "is_head", "is_single")
    typed = Typed(request.POST, **{name: getattr(position, name) for name in names})
    if request.method == "POST":
        rank = typed.number("rank", position.rank)
        typed.attempt(
            lambda: posts.change_position(
                position,
                title=typed.text("title"),
                rank=rank,
                is_head=typed.has("is_head"),
                is_single=typed.has("is_single"),
                by=request.by,
            )
        )
        if not typed.errors:
            return done(request, _("Đã sửa chức vụ."), "position", position_id=position.pk)
    return form_page(request, "position_form.html", typed, unit=position.unit, position=position)


@require_POST
@route(who="official", permission=MANAGE_DIRECTORY)
def close_position(request: Request, position_id: UUID) -> HttpResponse:
    """Close a position that nobody holds."""
    position = screens.get_position(request.by, position_id)
    typed = Typed(request.POST)
    on = typed.needed_day("on")
    typed.attempt(lambda: posts.close_position(position, on=on, by=request.by))
    if typed.errors:
        return position_screen(request, position, typed)
    return done(request, _("Đã kết thúc chức vụ."), "unit", unit_id=position.unit_id)


@require_POST
@route(who="official", permission=MANAGE_DIRECTORY)
def appoint(request: Request, position_id: UUID) -> HttpResponse:
    """Let a person hold the position."""
    position = screens.get_position(request.by, position_id)
    typed = Typed(request.POST)
    person = people.person_by_staff_code(typed.text("staff_code"))
    if person is None:
        typed.errors["staff_code"] = _("Không có cán bộ mang mã này. Hãy thêm người vào danh bạ trước.")
    from_on, until_on = typed.needed_day("from_on"), typed.day("until_on")
    if person is not None:
        typed.attempt(
            lambda: posts.appoint(
                position,
                person=person,
                from_on=from_on,
                until_on=until_on,
                kind=typed.text("kind"),
                basis=typed.text("basis"),
                by=request.by,
            )
        )
    if typed.errors:
        return position_screen(request, position, typed)
    return done(request, _("Đã bổ nhiệm."), "position", position_id=position.pk)


@require_POST
@route(who="official", permission=MANAGE_DIRECTORY)
def end_appointment(request: Request, appointment_id: int) -> HttpResponse:
    """End an appointment."""
    appointment = screens.get_appointment(request.by, appointment_id)
    position = screens.get_position(request.by, appointment.position_id)
    typed = Typed(request.POST)
    on = typed.needed_day("on")
    typed.attempt(lambda: posts.end_appointment(appointment, on=on, by=request.by))
    if typed.errors:
        return position_screen(request, position, typed)
    return done(request, _("Đã kết thúc bổ nhiệm."), "position", position_id=position.pk)

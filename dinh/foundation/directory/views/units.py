"""Screens of units: the tree, a unit's page, and each dated change."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.actions import plans as planning
from dinh.foundation.directory.actions import units as changing
from dinh.foundation.directory.forms import Typed, uuid_or_404
from dinh.foundation.directory.permissions import MANAGE_DIRECTORY, may_at
from dinh.foundation.directory.queries import people, screens, units
from dinh.foundation.directory.views.pages import done, form_page, page
from dinh.kernel.errors import NotFound

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = [
    "add_unit",
    "cancel_plan",
    "change_unit",
    "plan_list",
    "separate_unit",
    "suggest_units",
    "unit_page",
    "unit_tree",
]


@require_GET
@route(who="official", permission=MANAGE_DIRECTORY)
def unit_tree(request: Request) -> HttpResponse:
    """The tree, opened down to one unit; or what a search finds."""
    words = request.GET.get("q", "").strip()[:100]
    opened = uuid_or_404(request.GET["mo"]) if request.GET.get("mo") else None
    rows = screens.search_units(request.by, words) if words else screens.tree(request.by, opened=opened)
    return page(request, "unit_tree.html", rows=rows, q=words, opened=opened)


@require_GET
@route(who="official", permission=MANAGE_DIRECTORY)
def suggest_units(request: Request) -> HttpResponse:
    """Options for a field in which a unit is typed."""
    words = str(next(iter(request.GET.values()), ""))[:100]
    found = screens.pick_unit(words, limit=12)
    return render(request, "directory/unit_options.html", {"units": found})


@require_GET
@route(who="official", permission=MANAGE_DIRECTORY)
def unit_page(request: Request, unit_id: UUID) -> HttpResponse:
    """A unit: what it is, positions and people, what is below it, what happened to it."""
    unit = screens.visible_unit(request.by, unit_id)
    return page(
        request,
        "unit.html",
        unit=unit,
        kind=unit.get_kind_display(),
        level=unit.get_level_display(),
        path=[one for one in units.ancestors(unit.pk) if one.pk != unit.pk],
        posts=people.positions_of_unit(unit.pk),
        children=list(units.children(unit.pk)),
        history=screens.history_of(unit.pk),
        may_change=may_at(request.by, MANAGE_DIRECTORY.code, unit.parent_id) and unit.valid_until is None,
    )


@require_http_methods(["GET", "POST"])
@route(who="official", permission=MANAGE_DIRECTORY)
def add_unit(request: Request, parent_id: UUID) -> HttpResponse:
    """Set up a unit under another."""
    parent = screens.visible_unit(request.by, parent_id)
    typed = Typed(request.POST, level=parent.level, on=timezone.localdate())
    if request.method == "POST":
        draft = _draft(typed)
        on = typed.needed_day("on")
        made = typed.attempt(
            lambda: changing.create_unit(parent, draft=draft, on=on, basis=typed.text("basis"), by=request.by)
        )
        if made is not None:
            return done(request, _("Đã thêm đơn vị %(name)s.") % {"name": made.name}, "unit", unit_id=made.pk)
    return form_page(
        request,
        "unit_add.html",
        typed,
        parent=parent,
        kinds=screens.kind_choices(),
        levels=screens.level_choices(),
    )


def _draft(typed: Typed) -> changing.UnitDraft:
    return changing.UnitDraft(
        code=typed.text("code").upper(),
        name=typed.text("name"),
        kind=typed.text("kind"),
        level=typed.text("level"),
        old_code=typed.text("old_code").upper(),
        short_name=typed.text("short_name"),
        abbreviation=typed.text("abbreviation"),
        display_order=typed.number("display_order", 100),
        address=typed.text("address"),
        phone=typed.text("phone"),
        email=typed.text("email"),
    )


@require_http_methods(["GET", "POST"])
@route(who="official", permission=MANAGE_DIRECTORY)
def change_unit(request: Request, unit_id: UUID, what: str) -> HttpResponse:
    """One change of a unit: correct, rename, move, take over others, close. A day to come is planned."""
    if what not in _CHANGES:
        raise NotFound
    unit = screens.visible_unit(request.by, unit_id)
    typed = Typed(request.POST, **_first_values(unit))
    if request.method == "POST":
        change = _CHANGES[what](request, unit, typed)
        typed.attempt(change)
        if not typed.errors:
            return done(
                request, _("Đã ghi thay đổi của %(name)s.") % {"name": unit.name}, "unit", unit_id=unit.pk
            )
    return form_page(request, "unit_change.html", typed, unit=unit, what=what)


def _first_values(unit: "Unit") -> dict[str, Any]:
    names = ("name", "short_name", "old_code", "abbreviation", "display_order", "address", "phone", "email")
    return {"on": timezone.localdate(), **{name: getattr(unit, name) for name in names}}


Change = Callable[[], object]


def _correct(request: Request, unit: "Unit", typed: Typed) -> Change:
    order = typed.number("display_order", unit.display_order)
    return lambda: changing.correct_unit(
        unit,
        old_code=typed.text("old_code").upper(),
        abbreviation=typed.text("abbreviation"),
        display_order=order,
        address=typed.text("address"),
        phone=typed.text("phone"),
        email=typed.text("email"),
        by=request.by,
    )


def _rename(request: Request, unit: "Unit", typed: Typed) -> Change:
    names = {"name": typed.text("name"), "short_name": typed.text("short_name")}
    on, basis = typed.needed_day("on"), typed.needed_basis()
    return _now_or_planned(
        request,
        unit,
        "unit.renamed",
        names,
        on,
        basis,
        lambda: changing.rename_unit(unit, **names, on=on, basis=basis, by=request.by),
    )


def _move(request: Request, unit: "Unit", typed: Typed) -> Change:
    parent = typed.unit("parent")
    on, basis = typed.needed_day("on"), typed.needed_basis()
    if parent is None:
        return _nothing
    return _now_or_planned(
        request,
        unit,
        "unit.moved",
        {"parent": str(parent.pk)},
        on,
        basis,
        lambda: changing.move_unit(unit, parent=parent, on=on, basis=basis, by=request.by),
    )


def _merge(request: Request, unit: "Unit", typed: Typed) -> Change:
    names = [name for name in ("other_1", "other_2", "other_3", "other_4") if typed.text(name)]
    others = [typed.unit(name) for name in names or ["other_1"]]
    on, basis = typed.needed_day("on"), typed.needed_basis()
    gone = [other for other in others if other is not None]
    return _now_or_planned(
        request,
        unit,
        "units.merged",
        {"units": [str(other.pk) for other in gone]},
        on,
        basis,
        lambda: changing.merge_units(unit, units=gone, on=on, basis=basis, by=request.by),
    )


def _close(request: Request, unit: "Unit", typed: Typed) -> Change:
    heir = typed.unit("heir")
    on, basis = typed.needed_day("on"), typed.needed_basis()
    if heir is None:
        return _nothing
    return _now_or_planned(
        request,
        unit,
        "unit.closed",
        {"heir": str(heir.pk)},
        on,
        basis,
        lambda: changing.close_unit(unit, heir=heir, on=on, basis=basis, by=request.by),
    )


_CHANGES: dict[str, Callable[[Request, "Unit", Typed], Change]] = {
    "sua": _correct,
    "doi-ten": _rename,
    "chuyen": _move,
    "sap-nhap": _merge,
    "ket-thuc": _close,
}


def _now_or_planned(
    request: Request,
    unit: "Unit",
    verb: str,
    arguments: dict[str, Any],
    on: dt.date,
    basis: str,
    now: Change,
) -> Change:
    if on <= timezone.localdate():
        return now
    return lambda: planning.plan_change(
        unit, verb=verb, arguments=arguments, on=on, basis=basis, by=request.by
    )


def _nothing() -> None:
    """Stand for a change that lacks what it needs; the form already says what."""


@require_http_methods(["GET", "POST"])
@route(who="official", permission=MANAGE_DIRECTORY)
def separate_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """Make a new unit out of some children and positions of one that stays."""
    unit = screens.visible_unit(request.by, unit_id)
    typed = Typed(request.POST, on=timezone.localdate(), kind=unit.kind, level=unit.level)
    chosen = set(request.POST.getlist("homes"))
    children, positions = list(units.children(unit.pk)), people.positions_of_unit(unit.pk)
    if request.method == "POST":
        draft, on, basis = _draft(typed), typed.needed_day("on"), typed.needed_basis()
        homes = [one.pk for one in children if str(one.pk) in chosen]
        homes += [one.id for one in positions if str(one.id) in chosen]
        made = typed.attempt(
            lambda: changing.separate_unit(unit, into=draft, homes=homes, on=on, basis=basis, by=request.by)
        )
        if made is not None:
            return done(request, _("Đã tách %(name)s.") % {"name": made.name}, "unit", unit_id=made.pk)
    parts = [(str(one.pk), one.name, one.code) for one in children]
    parts += [(str(one.id), one.title, _names(one)) for one in positions]
    return form_page(
        request,
        "unit_separate.html",
        typed,
        unit=unit,
        parts=parts,
        chosen=chosen,
        kinds=screens.kind_choices(),
        levels=screens.level_choices(),
    )


def _names(position: people.PositionSummary) -> str:
    return ", ".join(holder.person_name for holder in position.holders)


@require_GET
@route(who="official", permission=MANAGE_DIRECTORY)
def plan_list(request: Request) -> HttpResponse:
    """Changes that take effect on a day to come, and what became of earlier ones."""
    words = {
        "unit.renamed": _("Đổi tên"),
        "unit.moved": _("Chuyển đơn vị cấp trên"),
        "units.merged": _("Nhận sáp nhập"),
        "unit.closed": _("Kết thúc hoạt động"),
    }
    rows = [{"plan": plan, "what": words[plan.verb]} for plan in screens.plans(request.by)]
    return page(request, "plans.html", rows=rows)


@require_POST
@route(who="official", permission=MANAGE_DIRECTORY)
def cancel_plan(request: Request, plan_id: UUID) -> HttpResponse:
    """Cancel a planned change."""
    planning.cancel_plan(screens.get_plan(request.by, plan_id), by=request.by)
    return done(request, _("Đã hủy thay đổi."), "plans")

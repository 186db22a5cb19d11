"""Verbs of changes to come: plan, cancel, carry out on the day."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action
from dinh.foundation.directory.actions.units import close_unit, merge_units, move_unit, rename_unit
from dinh.foundation.directory.models import PlannedChange, Unit
from dinh.foundation.directory.permissions import MANAGE_DIRECTORY, may_at
from dinh.kernel.errors import N_, NotAllowed, Refused

__all__ = ["cancel_plan", "carry_out_due", "plan_change"]


@action("change.planned", permission=MANAGE_DIRECTORY)
def plan_change(
    unit: Unit, *, verb: str, arguments: Mapping[str, Any], on: dt.date, basis: str, by: Actor
) -> PlannedChange:
    """Plan a rename, move, merge or close for a day to come.

    ``verb`` is ``unit.renamed`` (arguments name, short_name), ``unit.moved`` (parent), ``units.merged``
    (units; the unit planned for takes them over) or ``unit.closed`` (heir); units by identifier. Whether
    the planner may do it is asked now, for every unit named; the day itself asks the rules again.
    """
    if verb not in _VERBS:
        raise Refused(N_("Hãy chọn loại thay đổi trong danh sách."), field="verb")
    if on <= timezone.localdate():
        raise Refused(N_("Ngày thực hiện phải ở tương lai. Thay đổi từ hôm nay được làm ngay."), field="on")
    if not basis.strip():
        raise Refused(N_("Hãy ghi văn bản làm căn cứ sắp xếp."), field="basis")
    others = Unit.objects.filter(pk__in=_named(arguments))
    places = [unit.parent_id if verb != "units.merged" else unit.pk]
    places += [other.parent_id if verb == "units.merged" else other.pk for other in others]
    if not all(may_at(by, MANAGE_DIRECTORY.code, place) for place in places):
        raise NotAllowed(reason=MANAGE_DIRECTORY.label)
    return PlannedChange.objects.create(
        unit=unit, verb=verb, arguments=dict(arguments), on=on, basis=basis, planned_by=by.name
    )


@action("change.cancelled", permission=MANAGE_DIRECTORY, on=PlannedChange)
def cancel_plan(plan: PlannedChange, *, by: Actor) -> None:
    """Cancel a planned change before its day."""
    _check_waiting(plan)
    plan.state = PlannedChange.State.CANCELLED
    plan.save(update_fields=["state"])


def carry_out_due(today: dt.date, *, by: Actor) -> int:
    """Carry out every planned change whose day has come, each in its own transaction; return how many.

    One that a rule refuses is marked failed with the sentence, for an administrator to mend.
    """
    due = PlannedChange.objects.filter(state=PlannedChange.State.PLANNED, on__lte=today).order_by("on", "id")
    for plan in due:
        try:
            carry_out(plan, by=by)
        except Refused as refused:
            fail_plan(plan, failure=str(refused), by=by)
    return len(due)


@action("change.carried_out", permission=SYSTEM_ONLY, on=PlannedChange)
def carry_out(plan: PlannedChange, *, by: Actor) -> None:
    """Do what was planned."""
    _check_waiting(plan)
    with transaction.atomic():
        _VERBS[plan.verb](plan, by)
    plan.state = PlannedChange.State.DONE
    plan.save(update_fields=["state"])


@action("change.failed", permission=SYSTEM_ONLY, on=PlannedChange)
def fail_plan(plan: PlannedChange, *, failure: str, by: Actor) -> None:
    """Note why a planned change was refused on its day."""
    _check_waiting(plan)
    plan.state, plan.failure = PlannedChange.State.FAILED, failure
    plan.save(update_fields=["state", "failure"])


def _check_waiting(plan: PlannedChange) -> None:
    if plan.state != PlannedChange.State.PLANNED:
        raise Refused(N_("Thay đổi này đã được thực hiện hoặc đã hủy."))


def _named(arguments: Mapping[str, Any]) -> list[UUID]:
    named = [arguments.get("parent"), arguments.get("heir"), *arguments.get("units", [])]
    return [UUID(str(one)) for one in named if one]


def _rename(plan: PlannedChange, by: Actor) -> None:
    names = {key: plan.arguments.get(key, "") for key in ("name", "short_name")}
    rename_unit(plan.unit, **names, on=plan.on, basis=plan.basis, by=by)


def _move(plan: PlannedChange, by: Actor) -> None:
    parent = Unit.objects.get(pk=plan.arguments["parent"])
    move_unit(plan.unit, parent=parent, on=plan.on, basis=plan.basis, by=by)


def _merge(plan: PlannedChange, by: Actor) -> None:
    units = list(Unit.objects.filter(pk__in=plan.arguments["units"]))
    merge_units(plan.unit, units=units, on=plan.on, basis=plan.basis, by=by)


def _close(plan: PlannedChange, by: Actor) -> None:
    heir = Unit.objects.get(pk=plan.arguments["heir"])
    close_unit(plan.unit, heir=heir, on=plan.on, basis=plan.basis, by=by)


_VERBS: dict[str, Callable[[PlannedChange, Actor], None]] = {
    "unit.renamed": _rename,
    "unit.moved": _move,
    "units.merged": _merge,
    "unit.closed": _close,
}

"""Verbs of positions: create, change, close; appoint a person, end the appointment."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.events import AppointmentEnded, AppointmentStarted
from dinh.foundation.directory.models import Appointment, Person, Position, PositionPlacement, Unit
from dinh.foundation.directory.permissions import MANAGE_DIRECTORY
from dinh.foundation.directory.rules.organisation import check_period
from dinh.kernel.errors import N_, Refused

__all__ = [
    "PositionIsHeld",
    "PositionTaken",
    "appoint",
    "change_position",
    "close_position",
    "create_position",
    "end_appointment",
]


class PositionTaken(Refused):
    message = N_(
        "“%(title)s” chỉ có một người giữ và đã có người giữ trong thời gian này. Hãy kết thúc bổ nhiệm cũ"
        " trước, hoặc chọn ngày khác."
    )


class PositionIsHeld(Refused):
    message = N_("“%(title)s” đang có người giữ. Hãy kết thúc bổ nhiệm trước khi kết thúc chức vụ.")


@action("position.created", permission=MANAGE_DIRECTORY)
def create_position(
    unit: Unit,
    *,
    code: str,
    title: str,
    rank: int = 50,
    is_head: bool = False,
    is_single: bool = False,
    on: dt.date,
    by: Actor,
) -> Position:
    """Create a position in a unit. ``code`` names it for ever; empty: the unit's code and a number."""
    unit = Unit.objects.get(pk=unit.pk)
    _check_title(title)
    if not unit.is_open_on(on):
        raise Refused(N_("Đơn vị không hoạt động vào ngày này. Hãy chọn ngày khác."), field="on")
    code = code.strip() or _next_code(unit)
    if Position.objects.filter(code=code).exists():
        raise Refused(N_("Mã chức vụ %(code)s đã được dùng. Hãy chọn mã khác."), field="code", code=code[:60])
    position = Position.objects.create(
        code=code, unit=unit, title=title, rank=rank, is_head=is_head, is_single=is_single, valid_from=on
    )
    PositionPlacement.objects.create(position=position, unit=unit, from_on=on)
    return position


@action("position.changed", permission=MANAGE_DIRECTORY, on=Position)
def change_position(
    position: Position, *, title: str, rank: int, is_head: bool, is_single: bool, by: Actor
) -> None:
    """Change the title or the order of a position, or whether one person at a time holds it."""
    _check_title(title)
    position.title, position.rank = title, rank
    position.is_head, position.is_single = is_head, is_single
    position.save()
    try:
        with transaction.atomic():
            Appointment.objects.filter(position=position).update(is_single=is_single)
    except IntegrityError as error:
        raise PositionTaken(field="is_single", title=title) from error


@action("position.closed", permission=MANAGE_DIRECTORY, on=Position)
def close_position(position: Position, *, on: dt.date, by: Actor) -> None:
    """Close a position that nobody holds any more."""
    check_period(position.valid_from, on)
    if Appointment.objects.filter(position=position).exclude(until_on__lte=on).exists():
        raise PositionIsHeld(title=position.title)
    position.valid_until = on
    position.save(update_fields=["valid_until"])
    position.holdings.filter(until_on=None, from_on__lte=on).update(until_on=on)


@action("person.appointed", permission=MANAGE_DIRECTORY, on=Position)
def appoint(
    position: Position,
    *,
    person: Person,
    from_on: dt.date,
    until_on: dt.date | None = None,
    kind: str = Appointment.Kind.MAIN,
    basis: str = "",
    by: Actor,
) -> None:
    """Let a person hold the position from a day on. Raises ``PositionTaken``, ``BadPeriod``."""
    check_period(from_on, until_on)
    if not position.is_open_on(from_on):
        raise Refused(
            N_("Chức vụ chưa có hoặc đã kết thúc vào ngày này. Hãy chọn ngày khác."), field="from_on"
        )
    if kind not in Appointment.Kind.values:
        raise Refused(N_("Hãy chọn hình thức giữ chức vụ trong danh sách."), field="kind")
    try:
        with transaction.atomic():
            Appointment.objects.create(
                person=person,
                position=position,
                kind=kind,
                from_on=from_on,
                until_on=until_on,
                basis=basis,
                is_single=position.is_single,
            )
    except IntegrityError as error:
        raise PositionTaken(field="from_on", title=position.title) from error
    publish(
        AppointmentStarted(person_id=person.pk, position_id=position.pk, unit_id=position.unit_id, on=from_on)
    )


@action("appointment.ended", permission=MANAGE_DIRECTORY, on=Appointment)
def end_appointment(appointment: Appointment, *, on: dt.date, by: Actor) -> None:
    """End an appointment on a day (the first day on which it no longer holds)."""
    check_period(appointment.from_on, on)
    if appointment.until_on is not None and appointment.until_on <= timezone.localdate():
        raise Refused(N_("Bổ nhiệm này đã kết thúc."), field="on")
    appointment.until_on = on
    appointment.save(update_fields=["until_on"])
    position = appointment.position
    publish(
        AppointmentEnded(
            person_id=appointment.person_id, position_id=position.pk, unit_id=position.unit_id, on=on
        )
    )


def _check_title(title: str) -> None:
    if not 2 <= len(title.strip()) <= 150:
        raise Refused(N_("Hãy nhập tên chức vụ, từ 2 đến 150 ký tự."), field="title")


def _next_code(unit: Unit) -> str:
    """Return the next free code of the unit's positions. The unit's row lock keeps two from one number."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    taken = set(Position.objects.filter(code__startswith=f"{unit.code}/").values_list("code", flat=True))
    number = len(taken) + 1
    while f"{unit.code}/{number:02d}" in taken:
        number += 1
    return f"{unit.code}/{number:02d}"

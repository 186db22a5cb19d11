"""Who is away, for how long, and who does their work meanwhile."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.events import AbsenceEnded, AbsenceMarked
from dinh.foundation.directory.models import Absence, Position
from dinh.foundation.directory.permissions import MARK_ABSENCE
from dinh.foundation.directory.queries.absences import can_stand_in
from dinh.foundation.directory.queries.rights import holders_of
from dinh.foundation.directory.rules.organisation import check_period
from dinh.kernel.errors import N_, Refused

__all__ = ["AlreadyAway", "end_absence", "mark_absence"]

# Longer is no absence but a change of who holds the post.
MOST_DAYS = 366


class AlreadyAway(Refused):
    message = N_("Người giữ chức vụ này đã được ghi vắng mặt trong những ngày đó. Hãy chọn ngày khác.")


def mark_absence(
    position: Position,
    *,
    substitute_id: UUID,
    from_on: dt.date,
    until_on: dt.date,
    reason: str = "",
    by: Actor,
    now: dt.datetime,
) -> Absence:
    """Mark the holder of a position as away from a day to before another, with who stands in.

    The substitute must hold a post in the same agency from which the absent one's work is seen, and be
    there themselves. Raises ``BadPeriod``, ``AlreadyAway``, and ``Refused`` at the field that is wrong.
    """
    with transaction.atomic():
        # Both posts, in one order: of two people who name each other at the same moment the second waits
        # here, and is then told that the first is away.
        both = Position.objects.select_for_update(of=("self",)).filter(pk__in=(position.pk, substitute_id))
        list(both.order_by("pk").values_list("pk"))
        return _mark(
            position,
            substitute_id=substitute_id,
            from_on=from_on,
            until_on=until_on,
            reason=reason,
            by=by,
            now=now,
        )


@action("absence.marked", permission=MARK_ABSENCE, on=Position, label=N_("Ghi vắng mặt, cử người làm thay"))
def _mark(
    position: Position,
    *,
    substitute_id: UUID,
    from_on: dt.date,
    until_on: dt.date,
    reason: str,
    by: Actor,
    now: dt.datetime,
) -> Absence:
    """Write the absence down, under the locks of both posts."""
    today = timezone.localdate(now)
    check_period(from_on, until_on)
    if until_on <= today or (until_on - from_on).days > MOST_DAYS:
        raise Refused(N_("Hãy chọn những ngày chưa qua, nhiều nhất một năm."), field="until_on")
    holder = next(iter(holders_of(position.pk, max(today, from_on))), None)
    if holder is None:
        raise Refused(N_("Chức vụ này chưa có người giữ nên không ghi vắng mặt."), field="position")
    if not can_stand_in(substitute_id, position, from_on=from_on, until_on=until_on, at=now):
        raise Refused(
            N_("Hãy chọn người làm thay cùng cơ quan, xem được việc của đơn vị này và không vắng mặt."),
            field="substitute",
        )
    try:
        with transaction.atomic():
            absence = Absence.objects.create(
                position=position,
                person_id=holder.person_id,
                substitute_id=substitute_id,
                from_on=from_on,
                until_on=until_on,
                reason=reason.strip(),
                marked_by=by.name,
                marked_at=now,
            )
    except IntegrityError as error:
        raise AlreadyAway(field="from_on") from error
    publish(AbsenceMarked(absence_id=absence.pk))
    return absence


@action("absence.ended", permission=MARK_ABSENCE, on=Absence, label=N_("Kết thúc vắng mặt"))
def end_absence(absence: Absence, *, by: Actor, now: dt.datetime) -> Absence:
    """End an absence early: the holder is back from this moment on. Ended before, it stays as it is."""
    if absence.ended_at is None:
        absence.ended_at = now
        absence.save(update_fields=["ended_at"])
        publish(AbsenceEnded(absence_id=absence.pk))
    return absence

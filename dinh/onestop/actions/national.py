"""What the national portal is told: changes become messages, one after the other for each dossier.

A verb only leaves a mark (``mark_changed``); the worker derives the status from what was committed and
writes the messages. Of one dossier a single message is in the outbox at a time, and the next leaves when it
has arrived: an older status can never overwrite a newer one. This is the outbox's own bookkeeping, not verbs
of people; sending again and replacing are.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from dinh.foundation.actions.public import (
    Actor,
    action,
    enqueue,
    get_message,
    insert_rows,
    messages_of_rows,
    resend,
)
from dinh.kernel.errors import N_, Refused
from dinh.onestop.models import Dossier, NationalChange, NationalDossier, NationalMessage
from dinh.onestop.permissions import NATIONAL
from dinh.onestop.queries.national import ho_so, read_record, tien_do
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.national import digest_of

__all__ = [
    "NotStuck",
    "PortalNotSet",
    "is_connected",
    "keep_lanes",
    "mark_changed",
    "note_changes",
    "note_delivered",
    "note_given_up",
    "replace_national_message",
    "resend_national_message",
    "synchronise_open",
]

log = logging.getLogger(__name__)

CHANNEL = "national"
# How many dossiers, and how many waiting messages, one round of the worker takes.
ROUND = 500
# A message that waits longer than this is woken when the portal has just taken another.
PATIENCE = dt.timedelta(seconds=90)

_WAITING = NationalMessage.State.QUEUED, NationalMessage.State.SENDING, NationalMessage.State.DEAD


class NotStuck(Refused):
    message = N_("Tin này đã gửi được hoặc đã thay, không cần làm lại. Hãy tải lại trang.")


class PortalNotSet(Refused):
    message = N_(
        "Chưa cấu hình kết nối với Cổng Dịch vụ công quốc gia nên chưa đồng bộ được. Hãy đặt DINH_NATIONAL"
        " rồi khởi động lại."
    )


def is_connected() -> bool:
    """Whether a national portal is configured; without one no marks are made."""
    return bool(settings.NATIONAL_ADDRESS)


def mark_changed(dossier_id: UUID) -> None:
    """Leave a mark, in the running transaction, that a dossier has changed. One INSERT, no lock."""
    if is_connected():
        insert_rows(NationalChange(dossier_id=dossier_id))


def note_changes(*, now: dt.datetime) -> int:
    """Turn the marks of up to ``ROUND`` dossiers into messages, each in its own transaction.

    Returns how many dossiers were looked at. A worker killed in between leaves the marks of the rest.
    """
    marked = NationalChange.objects.order_by("dossier_id").values_list("dossier_id", flat=True).distinct()
    dossier_ids = list(marked[:ROUND])
    for dossier_id in dossier_ids:
        _note(dossier_id, now=now)
    return len(dossier_ids)


@transaction.atomic
def _note(dossier_id: UUID, *, now: dt.datetime) -> None:
    """Write what the portal does not know yet. Marks go first: what they speak of is read after them."""
    NationalDossier.objects.get_or_create(dossier_id=dossier_id)
    known = NationalDossier.objects.select_for_update().get(pk=dossier_id)
    NationalChange.objects.filter(dossier_id=dossier_id).delete()
    record = read_record(dossier_id)
    content = ho_so(record)
    progress = tien_do(record, known.steps)
    made: list[tuple[str, list[dict[str, Any]]]] = []
    if digest_of(content) != known.digest:
        made.append(("DongBoHoSoMC", [content]))
    if progress and record.dossier.code is not None:
        made.append(("CapNhatTienDoHoSoMC", [row for _, row in progress]))
        known.steps = [*known.steps, *(step for step, _ in progress)]
    if not made:
        return
    NationalMessage.objects.bulk_create(
        NationalMessage(
            dossier_id=dossier_id,
            sequence=known.sequence + number,
            service=service,
            status=record.status,
            content=data,
            made_at=now,
        )
        for number, (service, data) in enumerate(made, start=1)
    )
    known.sequence += len(made)
    known.digest = digest_of(content)
    known.status = record.status
    known.changed_at = now
    known.save()
    _send_next(dossier_id)


def _send_next(dossier_id: UUID) -> None:
    """Put the dossier's oldest waiting message into the outbox, unless one is there. Under the lock."""
    head = NationalMessage.objects.filter(dossier_id=dossier_id, state__in=_WAITING).first()
    if head is None or head.state != NationalMessage.State.QUEUED:
        return
    head.state = NationalMessage.State.SENDING
    head.save(update_fields=["state"])
    enqueue(
        CHANNEL,
        recipient=settings.NATIONAL_TARGET,
        payload={"message": str(head.pk), "subject": f"{head.service} {head.sequence}"},
        about=head,
        once_key=f"{CHANNEL}:{head.pk}",
    )


def _end(message_id: UUID, state: str, *, now: dt.datetime) -> None:
    """Note how a message ended, and let the next one go."""
    message = NationalMessage.objects.filter(pk=message_id).first()
    if message is None:
        return
    with transaction.atomic():
        NationalDossier.objects.select_for_update().get(pk=message.dossier_id)
        ended = NationalMessage.objects.filter(pk=message_id, state__in=("sending", "dead"))
        if ended.update(state=state, ended_at=now):
            _send_next(message.dossier_id)


def note_delivered(message_id: UUID, *, now: dt.datetime) -> None:
    """The portal has taken a message: the next one of its dossier leaves."""
    _end(message_id, NationalMessage.State.DELIVERED, now=now)


def note_given_up(message_id: UUID, *, now: dt.datetime) -> None:
    """A message could not be delivered: those behind it wait until somebody looks after it."""
    _end(message_id, NationalMessage.State.DEAD, now=now)


def keep_lanes(*, by: Actor, now: dt.datetime) -> None:
    """Mend what a killed process may have left, and wake what waits once the portal answers again."""
    sending = list(NationalMessage.objects.filter(state="sending").order_by("pk").defer("content")[:ROUND])
    fates = messages_of_rows(sending)
    for message in sending:
        fate = fates.get(str(message.pk))
        if fate is not None and fate.state == "delivered":
            note_delivered(message.pk, now=now)
        elif fate is not None and fate.state == "dead":
            note_given_up(message.pk, now=now)
    _start_idle_lanes()
    if not _answers_again(now):
        return
    for fate in fates.values():
        if fate.state == "waiting" and fate.attempts and fate.next_attempt_at > now + PATIENCE:
            resend(get_message(fate.id), by=by)


def _start_idle_lanes() -> None:
    """Lanes whose oldest message waits although none is on its way: their handler was cut off."""
    on_the_way = NationalMessage.objects.filter(dossier=OuterRef("dossier"), state__in=("sending", "dead"))
    idle = NationalMessage.objects.filter(state="queued").exclude(Exists(on_the_way))
    for dossier_id in set(idle.order_by().values_list("dossier_id", flat=True)[:ROUND]):
        with transaction.atomic():
            NationalDossier.objects.select_for_update().get(pk=dossier_id)
            _send_next(dossier_id)


def _answers_again(now: dt.datetime) -> bool:
    return NationalMessage.objects.filter(state="delivered", ended_at__gt=now - PATIENCE).exists()


# Verbs


def resend_national_message(message: NationalMessage, *, by: Actor) -> None:
    """Send at once a message that was given up or waits for its next attempt. Raises ``NotStuck``.

    The verb is the outbox's ``resend``; the row here follows in a statement of its own, because the relay
    takes the two in the other order. Cut off between them, delivery itself mends it.
    """
    fate = messages_of_rows([message]).get(str(message.pk))
    if message.state not in ("sending", "dead") or fate is None:
        raise NotStuck
    resend(get_message(fate.id), by=by)
    NationalMessage.objects.filter(pk=message.pk, state="dead").update(state="sending", ended_at=None)


@action(
    "national.message_replaced",
    permission=NATIONAL,
    on=NationalMessage,
    under="dossier",
    label=N_("Thay tin gửi Cổng quốc gia"),
)
def replace_national_message(
    message: NationalMessage, *, reason: str, by: Actor, now: dt.datetime
) -> NationalMessage:
    """Put a fresh one in the place of a message that the portal does not take; those behind it go on.

    Raises ``NotStuck``, ``NeedsReason``.
    """
    if message.state != NationalMessage.State.DEAD:
        raise NotStuck
    if not reason.strip():
        raise NeedsReason(field="reason")
    known = message.dossier
    message.state = NationalMessage.State.DROPPED
    message.reason = reason.strip()[:500]
    message.ended_at = now
    message.save(update_fields=["state", "reason", "ended_at"])
    known.digest = ""
    known.save(update_fields=["digest"])
    mark_changed(message.dossier_id)
    _send_next(message.dossier_id)
    return message


@action("national.synchronised", permission=NATIONAL, label=N_("Đồng bộ lại hồ sơ với Cổng quốc gia"))
def synchronise_open(agency_ids: Iterable[UUID] | None, *, by: Actor) -> int:
    """Mark every open dossier (of some agencies, or all) to be told anew; return how many.

    For the first day of a connection, and after a time without one. Raises ``PortalNotSet``.
    """
    if not is_connected():
        raise PortalNotSet
    rows = Dossier.objects.filter(state__in=("submitted", "processing", "supplement", "done"))
    if agency_ids is not None:
        rows = rows.filter(agency__in=list(agency_ids))
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    NationalChange.objects.bulk_create((NationalChange(dossier_id=pk) for pk in ids), batch_size=2000)
    return len(ids)

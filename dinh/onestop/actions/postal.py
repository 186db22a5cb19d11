"""The post's verbs: how a result is to be received, a parcel handed over, delivered, come back."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.public import unit_by_code
from dinh.kernel.clocks import ClockState
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.fees import check_paid_before
from dinh.onestop.actions.flow import close_step
from dinh.onestop.actions.record import mark_clock, refresh_step, tell
from dinh.onestop.events import DossierReturned, ParcelCameBack, ParcelSent
from dinh.onestop.models import (
    Dossier,
    Handover,
    Parcel,
    PostalFiling,
    Result,
    ReturnAddress,
    StepRun,
)
from dinh.onestop.permissions import CHOOSE_RETURN, FOLLOW_PARCEL, RETURN_RESULT
from dinh.onestop.queries.clocks import step_reading
from dinh.onestop.queries.postal import address_of, commune_codes, written_address
from dinh.onestop.rules.checks import ResultNotReady
from dinh.onestop.rules.postal import (
    PARCEL,
    RETURN_WAYS,
    UNTIL_FETCHED,
    AlreadyAtThePost,
    CameByPost,
    NotByPost,
    NumberTaken,
    ParcelReason,
    ReturnChoice,
    ReturnFixed,
    check_choice,
    check_day,
    check_number,
    check_postage,
    waits_for_recipient,
)
from dinh.onestop.rules.states import DOSSIER

__all__ = [
    "check_not_at_post",
    "choose_return",
    "filing_row",
    "finish_return",
    "hand_to_post",
    "mark_came_back",
    "mark_delivered",
    "return_rows",
]

_CHOOSABLE = ("submitted", "supplement", "processing", "done")


@action("return.chosen", permission=CHOOSE_RETURN, on=Dossier)
def choose_return(dossier: Dossier, *, choice: ReturnChoice, by: Actor, now: dt.datetime) -> Dossier:
    """Say how the result is to be received; by post with a checked address. May be said anew until then.

    Raises ``ReturnFixed`` once it is at the post or handed over, and what ``check_choice`` raises.
    """
    if dossier.state not in _CHOOSABLE or _parcel_out(dossier) is not None:
        raise ReturnFixed
    rows = return_rows(dossier, choice, by=by, now=now)
    dossier.save(update_fields=["return_way"])
    _follow_way(dossier, now=now)
    ReturnAddress.objects.filter(dossier=dossier).delete()
    for row in rows:
        row.save(force_insert=True)
    tell(dossier, _SAID[dossier.return_way], by=by, now=now)
    return dossier


def _follow_way(dossier: Dossier, *, now: dt.datetime) -> None:
    """Let the clock of an open returning step rest for who comes to fetch it, and run for a parcel."""
    step = StepRun.objects.filter(dossier=dossier, kind="return", state="open").first()
    if step is None:
        return
    rests, running = waits_for_recipient(step.kind, dossier.return_way), ClockState.RUNNING
    if rests == (step_reading(step, now=now).state == running):
        if rests:
            mark_clock(dossier, "paused", at=now, reason=UNTIL_FETCHED, step=step)
        else:
            mark_clock(dossier, "resumed", at=now, reason=_SAID["post"], step=step)
        refresh_step(step, now=now)


_SAID = {
    "desk": N_("Đăng ký nhận kết quả tại Bộ phận Tiếp nhận và Trả kết quả"),
    "online": N_("Đăng ký chỉ nhận kết quả điện tử"),
    "post": N_("Đăng ký nhận kết quả qua bưu chính công ích"),
}
assert _SAID.keys() == RETURN_WAYS.keys()


def return_rows(
    dossier: Dossier, choice: ReturnChoice, *, by: Actor, now: dt.datetime
) -> Sequence[ReturnAddress]:
    """Set how the result is to be received and return the address's row, not written yet (no verb)."""
    choice = check_choice(choice, communes=commune_codes())
    dossier.return_way = choice.way
    if choice.way != "post":
        return ()
    commune = unit_by_code(choice.commune)
    assert commune is not None, "checked against the communes that stand"
    address = ReturnAddress(
        dossier=dossier,
        recipient=choice.recipient,
        phone=choice.phone,
        street=choice.street,
        commune=commune,
        postage=settings.RETURN_POSTAGE,
        chosen_at=now,
        chosen_by=by.name,
    )
    return (address,)


def filing_row(dossier: Dossier, came: CameByPost) -> PostalFiling:
    """Return how a dossier came by post, checked, not written yet (no verb)."""
    assert came.arrived_on is not None
    return PostalFiling(
        dossier=dossier, number=came.number, postmarked_on=came.postmarked_on, arrived_on=came.arrived_on
    )


@action("parcel.sent", permission=RETURN_RESULT, on=Dossier, label=N_("Giao kết quả cho bưu chính"))
def hand_to_post(
    dossier: Dossier,
    *,
    number: str,
    sent_on: dt.date | None,
    postage: int | None = None,
    by: Actor,
    now: dt.datetime,
) -> Parcel:
    """Hand the result over to the post, to the address chosen last; the step's clock rests meanwhile.

    ``postage`` is what the recipient pays the post, in đồng. Raises ``NotByPost``, ``ResultNotReady``,
    ``FeeUnpaid``, ``AlreadyAtThePost`` when a colleague was faster, ``NumberTaken``, and what the checks
    of number, day and sum raise.
    """
    check_not_at_post(dossier)
    to = address_of(dossier)
    if dossier.return_way != "post" or to is None:
        raise NotByPost
    step = StepRun.objects.filter(dossier=dossier, kind="return", state="open").first()
    issued = Result.objects.filter(dossier=dossier, state="issued").exists()
    if dossier.state != "done" or step is None or not issued:
        raise ResultNotReady
    check_paid_before(dossier, None, "result")
    number = check_number(number, field="number")
    sent_on = check_day(sent_on, today=now.astimezone(VIETNAM).date(), field="sent-on")
    parcel = Parcel(
        dossier=dossier,
        number=number,
        state=PARCEL.initial,
        recipient=to.recipient,
        phone=to.phone,
        address=written_address(to),
        postage=check_postage(postage, field="postage"),
        sent_on=sent_on,
        handed_at=now,
        handed_by=by.name,
        position=by.position,
    )
    try:
        with transaction.atomic():
            parcel.save(force_insert=True)
    except IntegrityError as error:
        raise NumberTaken(field="number", number=number) from error
    mark_clock(dossier, "paused", at=now, reason=N_("Bưu chính đang chuyển kết quả"), step=step)
    refresh_step(step, now=now)
    said = N_("Đã giao kết quả cho bưu chính ngày %(on)s, số hiệu bưu gửi %(number)s")
    tell(dossier, said, by=by, now=now, number=number, on=f"{sent_on:%d/%m/%Y}")
    publish(ParcelSent(dossier_id=dossier.id, parcel_id=parcel.id, number=number))
    return parcel


@action("parcel.delivered", permission=FOLLOW_PARCEL, on=Parcel, under="dossier", label=N_("Bưu gửi đã phát"))
def mark_delivered(parcel: Parcel, *, on: dt.date | None, by: Actor, now: dt.datetime) -> Parcel:
    """Note that the post has delivered the result: the dossier is at its end."""
    parcel.state = PARCEL.after(parcel.state, "deliver")
    _end(parcel, on, by=by, now=now)
    step = _return_step(parcel.dossier)
    said = N_("Bưu chính đã phát kết quả ngày %(on)s, số hiệu %(number)s")
    tell(parcel.dossier, said, by=by, now=now, number=parcel.number, on=f"{parcel.ended_on:%d/%m/%Y}")
    finish_return(step, Handover(shown="post", parcel=parcel), by=by, now=now)
    return parcel


@action(
    "parcel.came_back",
    permission=FOLLOW_PARCEL,
    on=Parcel,
    under="dossier",
    label=N_("Bưu gửi bị chuyển hoàn"),
)
def mark_came_back(parcel: Parcel, *, on: dt.date | None, reason: str, by: Actor, now: dt.datetime) -> Parcel:
    """Note that the post brought the result back, and why: it waits at the desk again, whichever way.

    Raises ``ParcelReason``.
    """
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise ParcelReason(field="reason")
    parcel.state = PARCEL.after(parcel.state, "come_back")
    parcel.reason = reason
    _end(parcel, on, by=by, now=now)
    step = _return_step(parcel.dossier)
    mark_clock(parcel.dossier, "resumed", at=now, reason=N_("Bưu chính chuyển hoàn"), step=step)
    refresh_step(step, now=now)
    said = N_("Bưu chính chuyển hoàn kết quả, số hiệu %(number)s: %(reason)s")
    tell(parcel.dossier, said, by=by, now=now, number=parcel.number, reason=reason)
    publish(
        ParcelCameBack(dossier_id=parcel.dossier_id, parcel_id=parcel.id, number=parcel.number, reason=reason)
    )
    return parcel


def _end(parcel: Parcel, on: dt.date | None, *, by: Actor, now: dt.datetime) -> None:
    on = check_day(on, today=now.astimezone(VIETNAM).date(), field="ended-on")
    parcel.ended_on = max(on, parcel.sent_on)
    parcel.ended_by = by.name
    parcel.save()


def _return_step(dossier: Dossier) -> StepRun:
    step = StepRun.objects.get(dossier=dossier, kind="return", state="open")
    step.dossier = dossier
    return step


def _parcel_out(dossier: Dossier) -> Parcel | None:
    return Parcel.objects.filter(dossier=dossier).exclude(state="came_back").first()


def check_not_at_post(dossier: Dossier) -> None:
    """Check that no parcel of the dossier is with the post or delivered. Raises ``AlreadyAtThePost``."""
    parcel = _parcel_out(dossier)
    if parcel is not None:
        raise AlreadyAtThePost(number=parcel.number)


def finish_return(step: StepRun, handover: Handover, *, by: Actor, now: dt.datetime) -> None:
    """End the dossier: its result is in hands; how is kept (no verb)."""
    dossier = step.dossier
    close_step(step, None, note="", by=by, now=now)
    dossier.state = DOSSIER.after(dossier.state, "return")
    dossier.returned_at = now
    dossier.save(update_fields=["state", "returned_at"])
    handover.dossier, handover.at, handover.by, handover.position = dossier, now, by.name, by.position
    handover.save(force_insert=True)
    publish(DossierReturned(dossier_id=dossier.id))

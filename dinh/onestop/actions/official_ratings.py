"""An official's word against a score of theirs, and what the superior says to it."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from dinh.foundation.actions.public import Actor, action, publish
from dinh.kernel.errors import N_, NotAllowed
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.events import AppealDecided, RatingAppealed
from dinh.onestop.models import RatingAppeal
from dinh.onestop.permissions import APPEAL_RATING, DECIDE_APPEAL
from dinh.onestop.queries.official_ratings import official_page
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.official_ratings import AppealTwice, AppealUnexplained, NothingToAppeal
from dinh.onestop.rules.periods import Period

__all__ = ["appeal_rating", "decide_appeal"]

MOST_WORDS = 2000


@action("rating.appealed", permission=APPEAL_RATING, label=N_("Kiến nghị về điểm xếp mức hoàn thành"))
def appeal_rating(
    position_id: UUID,
    *,
    dossier_id: UUID,
    criterion: int,
    period: Period,
    reason: str,
    by: Actor,
    now: dt.datetime,
) -> RatingAppeal:
    """Ask that a score of one's own not be counted: of one dossier, in one indicator, with the reason.

    Raises ``NothingToAppeal``, ``AppealUnexplained``, ``AppealTwice``.
    """
    page = official_page(by, position_id, period, today=now.astimezone(VIETNAM).date())
    row = next((one for one in page.dossiers if one.dossier_id == dossier_id), None)
    if row is None or not row.points.get(criterion):
        raise NothingToAppeal(field="criterion")
    if not reason.strip():
        raise AppealUnexplained(field="reason")
    if by.person_id is None:
        raise NotAllowed
    appeal = RatingAppeal(
        position_id=position_id,
        unit_id=page.held.unit_id,
        person_id=by.person_id,
        official=by.name,
        dossier_id=dossier_id,
        criterion=criterion,
        reason=reason.strip()[:MOST_WORDS],
        sent_at=now,
    )
    try:
        with transaction.atomic():
            appeal.save(force_insert=True)
    except IntegrityError as error:
        raise AppealTwice(field="criterion") from error
    publish(RatingAppealed(appeal_id=appeal.pk))
    return appeal


@action(
    "rating.appeal_decided",
    permission=DECIDE_APPEAL,
    on=RatingAppeal,
    label=N_("Trả lời kiến nghị về xếp mức hoàn thành"),
)
def decide_appeal(
    appeal: RatingAppeal, *, upheld: bool, answer: str, by: Actor, now: dt.datetime
) -> RatingAppeal:
    """Say whether the score stays; upheld, it is counted no longer. Raises ``NeedsReason``.

    Said again, the last word counts.
    """
    if not answer.strip():
        raise NeedsReason(field="answer")
    appeal.state = "upheld" if upheld else "declined"
    appeal.answer = answer.strip()[:MOST_WORDS]
    appeal.decided_at, appeal.decided_by = now, by.signed
    appeal.save()
    publish(AppealDecided(appeal_id=appeal.pk))
    return appeal

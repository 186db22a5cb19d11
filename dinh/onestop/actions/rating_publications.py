"""The rating of all agencies over a quarter or a year: made once by a job, kept as it was (Điều 15)."""

import datetime as dt

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import RatingPublication
from dinh.onestop.permissions import SYSTEM_ONLY
from dinh.onestop.queries.indicators import every_agencys_scores
from dinh.onestop.rules.periods import Period
from dinh.onestop.rules.publications import lines_of, periods_to_publish

__all__ = ["publish_ratings"]


def publish_ratings(*, by: Actor, now: dt.datetime) -> list[str]:
    """Publish the ratings of the quarter and the year that have ended, unless that was done; their codes."""
    today = now.astimezone(VIETNAM).date()
    due = [
        period
        for period in periods_to_publish(today)
        if not RatingPublication.objects.filter(pk=period.code).exists()
    ]
    return [publish_rating(period, by=by, now=now).pk for period in due]


@action("rating.published", permission=SYSTEM_ONLY, label=N_("Công khai đánh giá các cơ quan"))
def publish_rating(period: Period, *, by: Actor, now: dt.datetime) -> RatingPublication:
    """Keep and publish the rating of every agency over a period as it stands; of two the first stays."""
    scores = every_agencys_scores(period, today=now.astimezone(VIETNAM).date())
    made, _is_new = RatingPublication.objects.get_or_create(
        period=period.code, defaults={"lines": lines_of(scores), "made_at": now}
    )
    return made

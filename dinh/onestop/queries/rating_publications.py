"""The published ratings of agencies, for everybody."""

from collections.abc import Sequence

from dinh.kernel.errors import existing
from dinh.onestop.models import RatingPublication
from dinh.onestop.rules.periods import Period, period_of

__all__ = ["published_rating", "published_ratings"]


def published_ratings() -> Sequence[Period]:
    """Return the periods whose ratings are published, the newest first."""
    codes = RatingPublication.objects.values_list("period", flat=True)
    found = [period for period in map(period_of, codes) if period is not None]
    return sorted(found, key=lambda one: (one.until_on, one.from_on), reverse=True)


def published_rating(code: str) -> RatingPublication:
    """Return what was published of a period. Raises ``NotFound``."""
    return existing(RatingPublication.objects.filter(pk=code[:30]).first())

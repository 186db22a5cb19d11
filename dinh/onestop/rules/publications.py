"""What is published of the agencies' rating, and when (TT 01/2018/TT-VPCP, Điều 15)."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Protocol

from dinh.onestop.rules.indicators import Rating
from dinh.onestop.rules.periods import Period, period_on

__all__ = ["WAIT_DAYS", "lines_of", "periods_to_publish"]

# Ratings by citizens and answers to appeals of the last days still come in; after these days it is made.
WAIT_DAYS = 10


class Scored(Protocol):
    """What is published of an agency."""

    @property
    def name(self) -> str: ...
    @property
    def rating(self) -> Rating: ...


def periods_to_publish(today: dt.date) -> list[Period]:
    """Return the last quarter and the last year that ended at least ``WAIT_DAYS`` ago."""
    day = today - dt.timedelta(days=WAIT_DAYS)
    return [period_on(period_on(day, span).before_on, span) for span in ("quarter", "year")]


def lines_of(scores: Iterable[Scored]) -> list[dict[str, Any]]:
    """Return the ratings as plain values, the agencies that have one; numbers as text with one decimal."""
    return [
        {
            "agency": one.name,
            "scores": {
                str(indicator.number): None if indicator.score is None else _plain(indicator.score)
                for indicator in one.rating.indicators
            },
            "total": _plain(one.rating.total),
            "most": one.rating.most,
            "of_eighteen": _plain(one.rating.of_eighteen),
            "grade": one.rating.grade,
            "tone": one.rating.tone,
        }
        for one in scores
        if one.rating.of_eighteen is not None
    ]


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.1f}"

"""What rows with a period of days share."""

import datetime as dt
from typing import Any, Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Q

from dinh.kernel.text import search_tokens

__all__ = ["PERIOD", "PeriodQuerySet", "ends_after_start", "in_period", "matching"]


# The half-open range of days [from, until) of a row; an empty end is open.
PERIOD = Func("from_on", "until_on", function="DATERANGE", output_field=DateRangeField())


def in_period(on: dt.date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}from_on__lte": on}) & (
        Q(**{f"{prefix}until_on": None}) | Q(**{f"{prefix}until_on__gt": on})
    )


def ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=Q(until_on=None) | Q(until_on__gt=F("from_on")), violation_error_code="period"
    )


class PeriodQuerySet(models.QuerySet[Any]):
    """Rows with a half-open period of days."""

    def on(self, day: dt.date) -> Self:
        return self.filter(in_period(day))


def matching(words: str) -> Q:
    condition = Q()
    for word in search_tokens(words)[:8]:
        condition &= Q(search_text__contains=word)
    return condition

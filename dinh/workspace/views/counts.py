"""From a figure to the list that it counts: addresses with all that narrows, and back from an address."""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from dinh.foundation.actions.public import Request
from dinh.kernel.ids import read_uuid
from dinh.onestop.public import (
    CAUSES,
    COUNTS,
    DESK_COUNTS,
    Counted,
    FigureFilter,
    Period,
    period_of,
    period_on,
)

__all__ = [
    "LIST_WORDS",
    "counted_address",
    "given_counted",
    "given_id",
    "given_period",
    "given_within",
    "today",
]

# The words of every figure whose list can be asked for, by its key.
LIST_WORDS = {**COUNTS, **CAUSES, **DESK_COUNTS}
CHANNELS = {"truc-tuyen": ("online",), "truc-tiep": ("counter", "post")}


def today() -> dt.date:
    """The day by the province's clock."""
    return timezone.localdate(timezone.now())


def counted_address(key: str, period: Period, narrowing: Mapping[str, str]) -> str:
    """The address of the list that a figure of ``COUNTS`` counts. ``narrowing``: parameters of lists."""
    given = {"ky": period.code, "dem": key, **narrowing}
    return f"{reverse('workspace:dossiers')}?{urlencode(given)}"


def given_id(request: Request, name: str) -> UUID | None:
    """The identifier in the address under that name, or None; what can't be read is not there."""
    return read_uuid(request.GET.get(name))


def given_period(request: Request, span: str = "month") -> Period:
    """The period of the address: ``ky``, or two days ``tu`` and ``den``; else the running one of a span."""
    first, last = request.GET.get("tu", ""), request.GET.get("den", "")
    chosen = period_of(f"{first}..{last}") if first and last else period_of(request.GET.get("ky", ""))
    return chosen or period_on(today(), span)


def given_counted(request: Request) -> Counted | None:
    """The figure whose list is asked for, or None."""
    period = period_of(request.GET.get("ky", ""))
    key = request.GET.get("dem", "")
    return Counted(key, period) if period and key in LIST_WORDS else None


def given_within(request: Request) -> FigureFilter:
    """By what a list or a figure is narrowed."""
    return FigureFilter(
        unit_id=given_id(request, "don-vi"),
        depth="alone" if request.GET.get("rieng") == "1" else "below",
        field=request.GET.get("linh-vuc", "")[:100],
        procedure=request.GET.get("thu-tuc", "")[:100],
        channels=CHANNELS.get(request.GET.get("kenh", ""), ()),
    )

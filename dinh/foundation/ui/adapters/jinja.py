"""Filters and globals for the template environment."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language, gettext

from dinh.foundation.ui.adapters.icons import icon
from dinh.foundation.ui.adapters.tags import state, tag
from dinh.foundation.ui.rules import charts, formats

__all__ = ["in_words", "jinja_filters", "jinja_globals"]


def in_words(sentence: str) -> str:
    """A sentence in the reader's language. The Vietnamese ones are their own: nothing is looked up."""
    return sentence if get_language() == "vi" else gettext(sentence)


def _long_date(day: dt.date | dt.datetime | None) -> str:
    return formats.format_long_date(day, in_words)


def _working_time(remaining: dt.timedelta | None) -> str:
    return formats.working_time(remaining, in_words)


def _relative(moment: dt.datetime | dt.date | None) -> str:
    return formats.relative_day(moment, dt.datetime.now(dt.UTC), in_words)


def jinja_filters() -> dict[str, Callable[..., Any]]:
    """Filters by name, listed in docs/components.md."""
    return {
        "date": formats.format_date,
        "long_date": _long_date,
        "time": formats.format_time,
        "moment": formats.format_moment,
        "money": formats.format_money,
        "number": formats.format_number,
        "share": formats.format_share,
        "file_size": formats.file_size,
        "working_time": _working_time,
        "relative": _relative,
    }


def jinja_globals() -> dict[str, Any]:
    """Globals on which the components stand; pages use the components, not these."""
    return {
        "draw_icon": icon,
        "draw_tag": tag,
        "draw_state": state,
        "line_of": charts.line_of,
        "columns_of": charts.columns_of,
        "stacked": charts.stacked,
    }

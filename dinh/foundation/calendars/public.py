"""The door of the calendars."""

from dinh.foundation.calendars.actions import (
    declare_day,
    declare_hours,
    discard_draft,
    open_calendar,
    prepare_year,
    publish_calendar,
    set_up_province,
    swap_days,
    withdraw_day,
)
from dinh.foundation.calendars.permissions import DECLARE, PUBLISH
from dinh.foundation.calendars.queries.working import calendar_for

__all__ = [
    # the calendar that holds
    "calendar_for",
    # verbs
    "declare_day",
    "declare_hours",
    "discard_draft",
    "open_calendar",
    "prepare_year",
    "publish_calendar",
    "set_up_province",
    "swap_days",
    "withdraw_day",
    # permissions
    "DECLARE",
    "PUBLISH",
]

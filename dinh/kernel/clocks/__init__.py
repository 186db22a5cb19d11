"""Clocks: how much of a time limit is spent, when it ends, and why, computed from what happened.

A clock is a list of append-only events and nothing else. Reading it again under another calendar
gives another due moment, and ``differences`` says in words what moved it.
"""

from dinh.kernel.clocks.differences import differences
from dinh.kernel.clocks.notes import DayLine, Note
from dinh.kernel.clocks.reading import ClockReading, check_extension, extension_until, read_clock
from dinh.kernel.clocks.shapes import (
    SAME_DAY,
    AlreadyExtended,
    Channel,
    ClockEvent,
    ClockEventsWrong,
    ClockKind,
    ClockPolicy,
    ClockState,
    Limit,
    Limits,
    Timeliness,
    TooLateToExtend,
    Unit,
)

__all__ = [
    "SAME_DAY",
    "AlreadyExtended",
    "Channel",
    "ClockEvent",
    "ClockEventsWrong",
    "ClockKind",
    "ClockPolicy",
    "ClockReading",
    "ClockState",
    "DayLine",
    "Limit",
    "Limits",
    "Note",
    "Timeliness",
    "TooLateToExtend",
    "Unit",
    "check_extension",
    "differences",
    "extension_until",
    "read_clock",
]

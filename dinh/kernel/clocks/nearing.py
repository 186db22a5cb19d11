"""From when work is near due: in a share of its own time, so that a short step does not open near due."""

import datetime as dt

from dinh.kernel.clocks.counting import Run
from dinh.kernel.clocks.shapes import ClockPolicy
from dinh.kernel.worktime import WorkCalendar

__all__ = ["near_moment"]


def near_moment(run: Run, due_at: dt.datetime, calendar: WorkCalendar, policy: ClockPolicy) -> dt.datetime:
    """Return the moment from which a run that is due at ``due_at`` is near due: in the last part of its own
    time (a quarter), and never earlier than ``policy.near_due`` before the due moment.

    Own time is the limit as working time; of a limit in calendar days, what working time lies between its
    beginning and its due moment.
    """
    own = calendar.working_time_between(run.begins, due_at) if run.in_days else run.limit
    return calendar.subtract_working_time(due_at, min(policy.near_due, own / policy.near_part))

"""How a clock's timeliness is drawn."""

from collections.abc import Mapping

from dinh.kernel.clocks import Timeliness

__all__ = ["DUE_KINDS"]

# The kinds of ``ui.due`` and ``ui.state``.
DUE_KINDS: Mapping[Timeliness, str] = {
    Timeliness.IN_TIME: "on_time",
    Timeliness.NEAR_DUE: "near",
    Timeliness.OVERDUE: "overdue",
    Timeliness.EARLY: "done",
    Timeliness.ON_TIME: "done",
    Timeliness.LATE: "overdue",
}

"""Whose time made a dossier late: its lateness is shared among the steps that took more than their hours."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

__all__ = ["Spent", "attribute_lateness"]

_NOTHING = dt.timedelta(0)
_SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Spent:
    """What one step had and took, as working time in the calendar of its unit; pauses do not count."""

    step_id: UUID
    limit: dt.timedelta
    spent: dt.timedelta

    @property
    def overrun(self) -> dt.timedelta:
        """What the step took beyond its own hours."""
        return max(self.spent - self.limit, _NOTHING)


def attribute_lateness(late: dt.timedelta, steps: Sequence[Spent]) -> dict[UUID | None, dt.timedelta]:
    """Return the part of a dossier's lateness that each step answers for, in whole seconds.

    The parts add up to ``late``. Each overrun step answers in proportion to its own overrun, and never for
    more than that; what no overrun explains (hours set longer than the limit, time between steps) is the
    agency's in charge, under the key None. The order of the steps does not matter.
    """
    total = int(max(late, _NOTHING) / _SECOND)
    over = {one.step_id: int(one.overrun / _SECOND) for one in steps if one.overrun >= _SECOND}
    if not total:
        return {}
    explained = min(total, sum(over.values()))
    shares = _shares(explained, over)
    parts: dict[UUID | None, dt.timedelta] = {key: share * _SECOND for key, share in shares.items() if share}
    if total > explained:
        parts[None] = (total - explained) * _SECOND
    return parts


def _shares(amount: int, weights: dict[UUID, int]) -> dict[UUID, int]:
    """The amount split by weight; the seconds left over go to the largest remainders, ties by identifier."""
    whole = sum(weights.values())
    if not whole:
        return {}
    shares = {key: amount * weight // whole for key, weight in weights.items()}
    order = sorted(weights, key=lambda key: (-(amount * weights[key] % whole), key))
    for key in order[: amount - sum(shares.values())]:
        shares[key] += 1
    return shares

"""To whom a step is given: who has least to do. Pure; a leader sees the same figures and decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dinh.kernel.errors import N_, Refused

__all__ = [
    "ANYBODY",
    "AssignedMeanwhile",
    "Candidate",
    "NotTheirStep",
    "NothingTicked",
    "TooManyAtOnce",
    "check_holder",
    "least_loaded",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An official who can do a step, with the open steps that they hold already.

    ``stand_in``: the name of who does their work while they are away; ``is_away``: today they are.
    """

    position_id: UUID
    name: str
    title: str
    open: int
    overdue: int
    is_away: bool = False
    stand_in: str = ""


class NotTheirStep(Refused):
    message = N_(
        "%(name)s không có vai trò của bước “%(step)s” tại đơn vị làm bước này. Hãy chọn người trong"
        " danh sách."
    )


class AssignedMeanwhile(Refused):
    message = N_("Trong lúc Ông/Bà xem, bước này đã chuyển sang: %(name)s. Hãy xem lại rồi giao nếu vẫn cần.")


# Whoever holds a step now, it is given: what a leader says who gives many rows at once.
ANYBODY: Final = "anybody"


def check_holder(holder_id: UUID | None, holder_name: str, *, seen: UUID | str | None) -> None:
    """Raise ``AssignedMeanwhile`` when a step has another holder than the one that its giver has seen."""
    if seen not in (ANYBODY, holder_id):
        raise AssignedMeanwhile(field="position", name=holder_name or N_("chưa ai giữ"))


class NothingTicked(Refused):
    message = N_("Chưa đánh dấu việc nào. Hãy đánh dấu ít nhất một dòng trong danh sách rồi thử lại.")


class TooManyAtOnce(Refused):
    message = N_("Mỗi lần làm được nhiều nhất %(most)d việc. Hãy bỏ bớt dòng đã đánh dấu.")


def least_loaded(candidates: Iterable[Candidate]) -> Candidate | None:
    """Return who holds the fewest open steps, of these the fewest overdue, then by name; None for nobody.

    Who is away gets nothing new while anybody else is there.
    """
    order = sorted(
        candidates, key=lambda one: (one.is_away, one.open, one.overdue, one.name, one.position_id)
    )
    return order[0] if order else None

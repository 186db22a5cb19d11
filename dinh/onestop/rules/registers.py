"""What a register may be asked for: a period, a field, a state; how long a print may be."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dinh.kernel.errors import N_, Refused

__all__ = ["MOST_LINES", "RegisterFilter", "RegisterTooLong", "UnknownSheet", "month_of"]

# A volume of paper; a sheet holds more.
MOST_LINES = {"pdf": 5_000, "xlsx": 200_000}


class RegisterTooLong(Refused):
    message = N_(
        "Sổ có hơn %(most)d hồ sơ, quá dài cho một bản in. Hãy chọn khoảng thời gian ngắn hơn hoặc lọc bớt"
        " rồi in lại."
    )


class UnknownSheet(Refused):
    message = N_("Chỉ in được sổ dạng PDF hoặc XLSX. Hãy chọn một trong hai.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFilter:
    """Which lines: accepted from ``from_on`` to ``until_on`` (both counted), of a field, a state, a unit."""

    from_on: dt.date
    until_on: dt.date
    field_code: str = ""
    state: str = ""
    unit_id: UUID | None = None

    def plain(self) -> dict[str, str]:
        """The filter as values that can be stored."""
        return {
            "from_on": self.from_on.isoformat(),
            "until_on": self.until_on.isoformat(),
            "field_code": self.field_code,
            "state": self.state,
            "unit_id": str(self.unit_id or ""),
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "RegisterFilter":
        """The filter that ``plain`` has stored."""
        return cls(
            from_on=dt.date.fromisoformat(plain["from_on"]),
            until_on=dt.date.fromisoformat(plain["until_on"]),
            field_code=plain["field_code"],
            state=plain["state"],
            unit_id=UUID(plain["unit_id"]) if plain["unit_id"] else None,
        )


def month_of(on: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a date's month: what a register shows unless asked otherwise."""
    first = on.replace(day=1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return first, following - dt.timedelta(days=1)

"""The invented citizens of the sample: the same in its directory and at its sample national portal."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from dinh.website.sample.names import identity_number, people_names, phone_number

__all__ = ["Citizen", "sample_citizens"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """One invented citizen."""

    full_name: str
    birth_date: dt.date
    identity_number: str
    phone: str
    email: str
    address: str


def sample_citizens(count: int) -> Iterator[Citizen]:
    """Yield the first so many citizens; the first is `congdan`, the second `congdan2`."""
    names = people_names(seed=7)
    for number in range(1, count + 1):
        yield Citizen(
            full_name=next(names),
            birth_date=dt.date(1970 + number % 35, 1 + number % 12, 1 + number % 28),
            identity_number=identity_number(500_000 + number),
            phone=phone_number(number),
            email=f"congdan{number}@example.vn",
            address=f"Thôn {1 + number % 9}, xã An Mẫu, huyện Sông Cái",
        )

"""The invented citizens of the sample: the same in its directory, its population database and at its sample
national portal.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import islice

from dinh.website.sample.names import identity_number, is_womans, people_names, phone_number

__all__ = ["SampleCitizen", "sample_citizens"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCitizen:
    """One invented citizen."""

    full_name: str
    birth_date: dt.date
    identity_number: str
    phone: str
    email: str
    address: str
    is_woman: bool


def sample_citizens(count: int) -> list[SampleCitizen]:
    """Return the first so many citizens; the first is `congdan`, the second `congdan2`."""
    return [
        SampleCitizen(
            full_name=name,
            birth_date=dt.date(1970 + number % 35, 1 + number % 12, 1 + number % 28),
            identity_number=identity_number(500_000 + number),
            phone=phone_number(number),
            email=f"congdan{number}@example.vn",
            address=f"Thôn {1 + number % 9}, xã An Mẫu, huyện Sông Cái",
            is_woman=is_womans(name),
        )
        for number, name in enumerate(islice(people_names(seed=7), count), start=1)
    ]

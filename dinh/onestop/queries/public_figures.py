"""What the portal shows everybody: sums of agencies, of nobody's dossier."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.directory.public import names_of
from dinh.kernel.text import sort_key
from dinh.onestop.queries.figures import counted_by, tallies_by_month
from dinh.onestop.rules.figures import Tally
from dinh.onestop.rules.periods import Period

__all__ = ["PublicStatistics", "public_statistics"]


@dataclass(frozen=True, slots=True)
class PublicStatistics:
    """Figures of all, of those filed online, by agency ``(name, all, online)``, and by month."""

    total: Tally
    online: Tally
    agencies: Sequence[tuple[str, Tally, Tally]]
    months: Sequence[tuple[Period, Tally]]


def public_statistics(period: Period, *, today: dt.date) -> PublicStatistics:
    """Return the province's figures of a period: three statements."""
    everything: dict[str, Tally] = {}
    online: dict[str, Tally] = {}
    for key, line in counted_by(None, period, "agency-online", today=today).items():
        agency, way = key.split(" ")
        everything[agency] = everything.get(agency, Tally()) + line
        if way == "online":
            online[agency] = line
    names = names_of(UUID(key) for key in everything)
    agencies = [
        (names.get(UUID(key), ""), tally, online.get(key, Tally())) for key, tally in everything.items()
    ]
    return PublicStatistics(
        total=sum(everything.values(), Tally()),
        online=sum(online.values(), Tally()),
        agencies=sorted(agencies, key=lambda line: sort_key(line[0])),
        months=[
            (month, tally)
            for month, tally in tallies_by_month(None, period, today=today)
            if month.from_on <= today
        ],
    )

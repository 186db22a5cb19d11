"""The public statistics: how many dossiers, how many in time, how satisfied people are, by agency.

TT 32/2017/TT-BTTTT Điều 11.3: online received, online solved, on-time rate, total received, satisfaction.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import N_
from dinh.onestop.public import Tally, period_of, period_on, public_statistics
from dinh.portal.views.screen import plain_text, show

__all__ = ["statistics"]

SPANS = {"year": N_("Năm nay"), "quarter": N_("Quý này"), "month": N_("Tháng này")}


@route(who="everyone")
def statistics(request: Request) -> HttpResponse:
    """Figures of the province and of each agency in a period; from the start of the year unless chosen."""
    today = timezone.localdate(timezone.now())
    period = period_of(plain_text(request.GET.get("ky"), most=30)) or period_on(today, "year")
    found = public_statistics(period, today=today)
    return show(
        request,
        "statistics.html",
        {
            "period": period.words.said(_),
            "total": _line("", found.total, found.online),
            "agencies": [_line(name, tally, online) for name, tally, online in found.agencies],
            "months": [
                {"label": f"{month.from_on:%m/%Y}", "value": tally.timely_share, "address": ""}
                for month, tally in found.months
            ],
            "spans": [
                {"label": _(label), "address": f"?{urlencode({'ky': period_on(today, span).code})}"}
                for span, label in SPANS.items()
            ],
        },
    )


def _line(name: str, tally: Tally, online: Tally) -> dict[str, Any]:
    return {
        "name": name,
        "received": tally.received,
        "online": online.received,
        "finished": tally.finished,
        "online_finished": online.finished,
        "timely": tally.timely_share,
        "online_timely": online.timely_share,
        "pending": tally.pending,
        "satisfied": tally.satisfied_share,
        "rated": tally.rated,
    }

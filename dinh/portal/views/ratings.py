"""The rating of agencies by quarter and year, as it was published (TT 01/2018/TT-VPCP, Điều 15)."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.onestop.public import INDICATORS, period_of, published_rating, published_ratings
from dinh.portal.views.screen import plain_text, show

__all__ = ["ratings"]


@route(who="everyone")
def ratings(request: Request) -> HttpResponse:
    """The newest published rating, or that of the period asked for."""
    periods = published_ratings()
    wanted = plain_text(request.GET.get("ky"), most=30)
    code = wanted or (periods[0].code if periods else "")
    values: dict[str, Any] = {
        "periods": [
            {
                "label": period.words.said(_),
                "address": f"{reverse('portal:ratings')}?{urlencode({'ky': period.code})}",
                "active": period.code == code,
            }
            for period in periods
        ],
        "made": None,
    }
    if code:
        made = published_rating(code)
        period = period_of(made.period)
        values |= {
            "made": made,
            "period": period.words.said(_) if period else made.period,
            "columns": [(str(number), _(label)) for number, label in INDICATORS.items()],
            "chart": [
                {
                    "label": line["agency"],
                    "value": float(line["of_eighteen"]) / 18,
                    "parts": [("done", float(line["of_eighteen"]))],
                }
                for line in made.lines[:20]
            ],
        }
    return show(request, "ratings.html", values)

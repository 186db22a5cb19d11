"""Rating of agencies: the nine indicators of TT 01/2018 and index 766, ranking and month by month."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import N_
from dinh.onestop.public import (
    INDEX_GROUPS,
    READ_DOSSIER,
    AgencyScores,
    Period,
    agency_scores,
    period_on,
    scores_by_month,
    scores_of,
)
from dinh.workspace.views.counts import counted_address, given_id, given_period, today
from dinh.workspace.views.report_tabs import report_tabs

__all__ = ["agency", "ranking"]

SPANS = {"quarter": N_("Quý này"), "year": N_("Năm nay"), "month": N_("Tháng này")}
# Which list stands behind a score, by the number of the indicator.
_LISTS = {1: "xong", 3: "xong", 4: "xong", 9: "moi-truc-tuyen"}


@route(who="official", permission=READ_DOSSIER)
def ranking(request: Request) -> HttpResponse:
    """Agencies within reach by their rating, the best first."""
    period = given_period(request, "quarter")
    scores = agency_scores(request.by, period, unit_id=given_id(request, "don-vi"), today=today())
    return render(
        request,
        "workspace/indicators.html",
        {
            **_choice(period),
            "tabs": report_tabs("workspace:indicators"),
            "rows": [_line(one, period) for one in scores],
            "counted_at": scores[0].counted_at if scores else None,
            "chart": [
                {
                    "label": one.name,
                    "value": float((one.index.of_hundred or 0) / 100),
                    "address": _address(one.agency_id, period),
                    "parts": [(_tone(one.index.tone), float(one.index.of_hundred or 0))],
                }
                for one in sorted(scores, key=lambda one: -(one.index.of_hundred or 0))[:20]
            ],
        },
    )


@route(who="official", permission=READ_DOSSIER)
def agency(request: Request, agency_id: UUID) -> HttpResponse:
    """The nine indicators and the index of one agency, each part explained, month by month."""
    period = given_period(request, "quarter")
    scores = scores_of(request.by, period, agency_id, today=today())
    year = period_on(period.last_on, "year")
    months = scores_by_month(request.by, year, agency_id, today=today())
    narrowing = {"don-vi": str(agency_id), "rieng": "1"}
    return render(
        request,
        "workspace/agency_indicators.html",
        {
            **_choice(period),
            "name": scores.name,
            "rating": scores.rating,
            "index": scores.index,
            "counted_at": scores.counted_at,
            "figures": [
                _figure(_("Tiếp nhận"), scores.tally.received, "moi", period, narrowing),
                _figure(_("Đã giải quyết"), scores.tally.finished, "xong", period, narrowing),
                _figure(_("Giải quyết quá hạn"), scores.tally.late, "xong-qua-han", period, narrowing),
                _figure(_("Đang quá hạn"), scores.tally.pending_late, "dang-qua-han", period, narrowing),
            ],
            "indicators": [
                {
                    "number": one.number,
                    "label": _(one.label),
                    "score": one.score,
                    "words": one.explanation.said(_),
                    "address": counted_address(_LISTS[one.number], period, narrowing)
                    if one.number in _LISTS and one.scored
                    else "",
                }
                for one in scores.rating.indicators
            ],
            "groups": _groups(scores),
            "months": _months(months, agency_id, "rating"),
            "index_months": _months(months, agency_id, "index"),
        },
    )


def _choice(period: Period) -> dict[str, Any]:
    before = period_on(period_on(today(), "quarter").before_on, "quarter")
    spans = [(_(label), period_on(today(), span)) for span, label in SPANS.items()]
    return {
        "period": period.words.said(_),
        "query": urlencode({"ky": period.code}),
        "from_on": period.from_on,
        "last_on": period.last_on,
        "spans": [
            {"label": label, "address": f"?{urlencode({'ky': one.code})}"}
            for label, one in [*spans, (_("Quý trước"), before)]
        ],
    }


def _line(one: AgencyScores, period: Period) -> dict[str, Any]:
    narrowing = {"don-vi": str(one.agency_id), "rieng": "1"}
    return {
        "name": one.name,
        "address": _address(one.agency_id, period),
        "total": one.rating.total,
        "most": one.rating.most,
        "of_eighteen": one.rating.of_eighteen,
        "grade": _(one.rating.grade) if one.rating.grade else "",
        "tone": one.rating.tone,
        "of_hundred": one.index.of_hundred,
        "index_grade": _(one.index.grade) if one.index.grade else "",
        "index_tone": one.index.tone,
        "finished": one.tally.finished,
        "finished_address": counted_address("xong", period, narrowing),
        "late": one.tally.late,
        "late_address": counted_address("xong-qua-han", period, narrowing),
    }


def _figure(label: str, value: int, key: str, period: Period, narrowing: dict[str, str]) -> dict[str, Any]:
    tone = "bad" if value and "qua-han" in key else ""
    return {"label": label, "value": value, "address": counted_address(key, period, narrowing), "tone": tone}


def _groups(scores: AgencyScores) -> list[dict[str, Any]]:
    return [
        {
            "label": _(label),
            "most": most,
            "parts": [
                {
                    "label": _(part.label),
                    "points": part.points,
                    "most": part.most,
                    "words": part.explanation.said(_),
                }
                for part in scores.index.parts
                if part.group == key
            ],
        }
        for key, (label, most) in INDEX_GROUPS.items()
    ]


def _months(
    months: Iterable[tuple[Period, AgencyScores]], agency_id: UUID, what: str
) -> list[dict[str, Any]]:
    points = []
    for month, scores in months:
        whole = scores.rating.of_eighteen if what == "rating" else scores.index.of_hundred
        most = 18 if what == "rating" else 100
        points.append(
            {
                "label": f"{month.from_on:%m/%Y}",
                "value": None if whole is None else float(whole) / most,
                "address": _address(agency_id, month),
            }
        )
    return points


def _tone(tone: str) -> str:
    return {"good": "good", "info": "done", "warn": "warn", "bad": "bad"}.get(tone, "done")


def _address(agency_id: UUID, period: Period) -> str:
    address = reverse("workspace:agency-indicators", kwargs={"agency_id": agency_id})
    return f"{address}?{urlencode({'ky': period.code})}"

"""Rating of officials: one's own with every dossier that it is made of; a superior's view; appeals."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import N_, NotAllowed, NotFound, Refused
from dinh.onestop.public import (
    APPEAL_STATES,
    CRITERIA,
    OfficialPage,
    OfficialRating,
    Period,
    access_appeal,
    appeal_rating,
    decide_appeal,
    leads_somebody,
    official_page,
    period_on,
    team_page,
)
from dinh.workspace.views.counts import given_id, given_period, today
from dinh.workspace.views.dossiers import status_of, str_of

__all__ = ["appeal", "decide", "official", "own", "team"]

SPANS = {"month": N_("Tháng này"), "quarter": N_("Quý này"), "year": N_("Năm nay")}
APPEAL_TONES = {"sent": "wait", "upheld": "good", "declined": "neutral"}


@route(who="official")
def own(request: Request) -> HttpResponse:
    """One's own rating in the acting position."""
    if request.by.position_id is None:
        raise NotFound
    return _page(request, request.by.position_id)


@route(who="official")
def official(request: Request, position_id: UUID) -> HttpResponse:
    """The rating of an official whom the reader leads."""
    return _page(request, position_id)


def _page(
    request: Request, position_id: UUID, *, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    period = given_period(request, "quarter")
    page = official_page(request.by, position_id, period, today=today())
    shown = request.GET.get("tieu-chi", "")
    criterion = int(shown) if shown.isdecimal() and int(shown) in CRITERIA else None
    return render(
        request,
        "workspace/official_rating.html",
        {
            **_choice(request, period),
            "page": page,
            "rating": page.rating,
            "grade": _(page.rating.grade) if page.rating.grade else "",
            "criterion": criterion,
            "criterion_label": _(CRITERIA[criterion]) if criterion else "",
            "criteria": [_criterion(request, page, number) for number in CRITERIA],
            "rows": _rows(page, criterion),
            "appeals": [_appeal(one) for one in page.appeals],
            "choices": [(str(number), f"{number}. {_(label)}") for number, label in CRITERIA.items()],
            "dossiers": [(str(row.dossier_id), f"{row.code} – {row.name}") for row in page.dossiers[:200]],
            "typed": {
                name: request.POST.get(name, request.GET.get(name, ""))[:2000]
                for name in ("dossier", "criterion", "reason")
            },
            "errors": errors or {},
            "team": reverse("workspace:team-ratings") if leads_somebody(request.by) else "",
        },
        status=status,
    )


def _choice(request: Request, period: Period) -> dict[str, Any]:
    return {
        "period": period.words.said(_),
        "code": period.code,
        "spans": [
            {
                "label": _(label),
                "address": _with(request, ky=period_on(today(), span).code),
                "active": period_on(today(), span).code == period.code,
            }
            for span, label in SPANS.items()
        ],
        "previous": _with(request, ky=_before(period).code),
    }


def _before(period: Period) -> Period:
    """The period of the same kind before this one; of a free range, the quarter before."""
    for span in SPANS:
        if period_on(period.from_on, span).code == period.code:
            return period_on(period.before_on, span)
    return period_on(period.before_on, "quarter")


def _with(request: Request, **changes: str) -> str:
    parameters = {**request.GET.dict(), **changes}
    return "?" + urlencode({key: value for key, value in parameters.items() if value})


def _criterion(request: Request, page: OfficialPage, number: int) -> dict[str, Any]:
    lines = sum(1 for row in page.dossiers if row.points[number] and number not in row.taken_out)
    return {
        "number": number,
        "label": _(CRITERIA[number]),
        "score": page.rating.scores[number],
        "cases": page.rating.cases[number],
        "lines": lines,
        "address": _with(request, **{"tieu-chi": str(number)}) + "#ho-so",
    }


def _rows(page: OfficialPage, criterion: int | None) -> list[dict[str, Any]]:
    """The dossiers that an indicator counts; of all indicators, all."""
    rows = page.dossiers
    if criterion is not None:
        rows = [row for row in rows if row.points[criterion] and criterion not in row.taken_out]
    return [
        {
            "address": reverse("workspace:dossier", kwargs={"dossier_id": row.dossier_id}),
            "id": str(row.dossier_id),
            "code": row.code,
            "name": row.name,
            "finished_at": row.finished_at,
            "points": [_points(row.points[number], number in row.taken_out) for number in CRITERIA],
        }
        for row in rows
    ]


def _points(points: Any, is_out: bool) -> str:
    if is_out:
        return _("không tính")
    return ", ".join(str(one) for one in points) or "–"


def _appeal(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "code": str(one.dossier),
        "address": reverse("workspace:dossier", kwargs={"dossier_id": one.dossier_id}),
        "criterion": f"{one.criterion}. {_(CRITERIA[one.criterion])}",
        "official": one.official,
        "reason": one.reason,
        "state": _(APPEAL_STATES[one.state]),
        "tone": APPEAL_TONES[one.state],
        "answer": one.answer,
        "decided_by": one.decided_by,
        "sent_at": one.sent_at,
    }


@route(who="official")
def team(request: Request) -> HttpResponse:
    """The officials of a unit that one leads, and their appeals that wait."""
    return _team(request)


def _team(request: Request, *, wrong: UUID | None = None, error: str = "", status: int = 200) -> HttpResponse:
    period = given_period(request, "quarter")
    page = team_page(request.by, given_id(request, "don-vi"), period)
    return render(
        request,
        "workspace/team_ratings.html",
        {
            **_choice(request, period),
            "page": page,
            "units": [(str(pk), name) for pk, name in page.units],
            "columns": [f"{number}. {_(label)}" for number, label in CRITERIA.items()],
            "rows": [_official(held, rating, period) for held, rating in page.rows],
            "chart": [
                {
                    "label": held.person_name,
                    "value": float(rating.of_ten or 0) / 10,
                    "address": _official_address(held.position_id, period),
                    "parts": [(_bar(rating.tone), float(rating.of_ten or 0))],
                }
                for held, rating in page.rows
                if rating.of_ten is not None
            ],
            "appeals": [_appeal(one) for one in page.appeals],
            "wrong": wrong,
            "error": error,
            "answer": request.POST.get("answer", "")[:2000],
        },
        status=status,
    )


def _official(held: Any, rating: OfficialRating, period: Period) -> dict[str, Any]:
    return {
        "address": _official_address(held.position_id, period),
        "name": held.person_name,
        "title": held.title,
        "scores": [rating.scores[number] for number in CRITERIA],
        "cases": rating.cases[1],
        "of_ten": rating.of_ten,
        "grade": _(rating.grade) if rating.grade else "",
        "tone": rating.tone,
    }


def _official_address(position_id: UUID, period: Period) -> str:
    address = reverse("workspace:official-rating", kwargs={"position_id": position_id})
    return f"{address}?{urlencode({'ky': period.code})}"


def _bar(tone: str) -> str:
    return {"good": "good", "warn": "warn", "bad": "bad"}.get(tone, "done")


@require_POST
@route(who="official")
def appeal(request: Request) -> HttpResponseBase:
    """Ask that a score of one's own not be counted."""
    position_id = request.by.position_id
    if position_id is None:
        raise NotFound
    period = given_period(request, "quarter")
    number = request.POST.get("criterion", "")
    try:
        appeal_rating(
            position_id,
            dossier_id=_uuid(request.POST.get("dossier", "")),
            criterion=int(number) if number.isdecimal() and len(number) == 1 else 0,
            period=period,
            reason=request.POST.get("reason", ""),
            by=request.by,
            now=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _page(
            request, position_id, errors={refused.field or "": str_of(refused)}, status=_status(refused)
        )
    messages.success(request, _("Đã gửi kiến nghị. Người phụ trách sẽ trả lời ở trang này."))
    return redirect(f"{reverse('workspace:own-rating')}?{urlencode({'ky': period.code})}#kien-nghi")


@require_POST
@route(who="official")
def decide(request: Request, appeal_id: UUID) -> HttpResponseBase:
    """Answer an appeal of somebody whom one leads."""
    row = access_appeal(request.by, appeal_id)
    try:
        decide_appeal(
            row,
            upheld=request.POST.get("verb") == "chap-nhan",
            answer=request.POST.get("answer", ""),
            by=request.by,
            now=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _team(request, wrong=appeal_id, error=str_of(refused), status=_status(refused))
    messages.success(request, _("Đã trả lời kiến nghị."))
    return redirect(f"{reverse('workspace:team-ratings')}?{urlencode({'don-vi': row.unit_id})}")


def _status(refused: Refused) -> int:
    return 422 if refused.field else status_of(refused)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)

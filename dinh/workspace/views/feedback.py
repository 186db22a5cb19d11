"""Evaluations at the desk: what people said, the device's page, paper slips, links to a survey."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import qr_picture
from dinh.kernel.errors import NotAllowed, NotFound, Refused
from dinh.onestop.public import (
    ANSWERS,
    FEEDBACK_SOURCES,
    RECEIVE_DOSSIER,
    FeedbackForm,
    desk_feedback,
    device_key,
    enter_slip,
    period_on,
    survey_dossier,
    survey_key,
)
from dinh.workspace.views.counts import given_period, today
from dinh.workspace.views.dossiers import status_of, str_of

__all__ = ["feedback", "slip", "survey"]

QUESTIONS = ("overall", "ease", "timeliness", "attitude")
TONES = {3: "good", 2: "done", 1: "bad"}


@route(who="official", permission=RECEIVE_DOSSIER)
def feedback(request: Request) -> HttpResponse:
    """What people said of one's desk, and the ways in which they can."""
    return _page(request)


def _page(
    request: Request,
    *,
    errors: dict[str, str] | None = None,
    link: str = "",
    status: int = 200,
) -> HttpResponse:
    period = given_period(request, "month")
    found = desk_feedback(request.by, period)
    choices = [(str(answer), _(label)) for answer, label in ANSWERS.items()]
    return render(
        request,
        "workspace/feedback.html",
        {
            "found": found,
            "period": period.words.said(_),
            "spans": [
                {"label": label, "address": f"?ky={period_on(today(), span).code}"}
                for span, label in (
                    ("day", _("Hôm nay")),
                    ("month", _("Tháng này")),
                    ("quarter", _("Quý này")),
                )
            ],
            "answers": [
                {
                    "label": _(label),
                    "value": found.by_answer[answer],
                    "parts": [(TONES[answer], found.by_answer[answer])],
                }
                for answer, label in ANSWERS.items()
            ],
            "sources": [
                (_(FEEDBACK_SOURCES.get(source, source)), count)
                for source, count in sorted(found.by_source.items())
            ],
            "rows": [_row(row) for row in found.rows],
            "device": reverse(
                "portal:desk-feedback", kwargs={"key": device_key(request.by, now=timezone.now())}
            ),
            "choices": choices,
            "typed": {
                name: request.POST.get(name, "")[:2000] for name in (*QUESTIONS, "code", "comment", "survey")
            },
            "errors": errors or {},
            "link": link,
            "qr": qr_picture(link, _("Mã QR mở khảo sát")) if link else "",
        },
        status=status,
    )


def _row(row: Any) -> dict[str, Any]:
    dossier = getattr(row, "dossier", None)
    return {
        "at": getattr(row, "given_at", None) or row.rated_at,
        "source": _(FEEDBACK_SOURCES.get(row.source, row.source)),
        "overall": _(ANSWERS[row.overall]),
        "tone": TONES[row.overall],
        "attitude": _(ANSWERS[row.attitude]) if row.attitude else "–",
        "comment": row.comment,
        "code": str(dossier) if dossier else "",
        "address": reverse("workspace:dossier", kwargs={"dossier_id": dossier.pk}) if dossier else "",
    }


@route(who="official", permission=RECEIVE_DOSSIER)
def slip(request: Request) -> HttpResponseBase:
    """Enter a paper slip."""
    if request.method != "POST" or request.by.unit_id is None:
        return redirect("workspace:feedback")
    given = {name: _answer(request.POST.get(name, "")) for name in QUESTIONS}
    form = FeedbackForm(
        given["overall"] or 0,
        given["ease"],
        given["timeliness"],
        given["attitude"],
        request.POST.get("comment", ""),
    )
    try:
        enter_slip(
            request.by.unit_id,
            code=request.POST.get("code", ""),
            form=form,
            by=request.by,
            now=timezone.now(),
        )
    except NotAllowed:
        raise
    except NotFound:
        return _page(request, errors={"code": _unknown()}, status=422)
    except Refused as refused:
        return _page(
            request,
            errors={refused.field or "code": str_of(refused)},
            status=422 if refused.field else status_of(refused),
        )
    messages.success(request, _("Đã nhập phiếu đánh giá."))
    return redirect("workspace:feedback")


@route(who="official", permission=RECEIVE_DOSSIER)
def survey(request: Request) -> HttpResponse:
    """Make the link of a survey about an ended dossier: to send, or to scan at the counter."""
    if request.method != "POST":
        return _page(request)
    try:
        dossier = survey_dossier(request.by, request.POST.get("survey", ""))
    except NotFound:
        return _page(request, errors={"survey": _unknown()}, status=422)
    address = reverse("portal:survey", kwargs={"key": survey_key(dossier)})
    return _page(request, link=f"{settings.PUBLIC_ADDRESS}{address}")


def _unknown() -> str:
    return _("Bộ phận không có hồ sơ đã xong nào mang mã này. Hãy xem lại mã, ví dụ H99.31-261116-0001.")


def _answer(text: str) -> int | None:
    return int(text) if text in {"1", "2", "3"} else None

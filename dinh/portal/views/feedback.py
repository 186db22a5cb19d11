"""Evaluation without an account: on the device at a desk, and by the link of a survey."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import Refused
from dinh.onestop.public import (
    ANSWERS,
    DeviceLinkOver,
    FeedbackForm,
    RatedAlready,
    SurveyOver,
    answer_survey,
    desk_of_device,
    dossier_of_survey,
    give_at_counter,
)
from dinh.portal.views.screen import plain_text, sentence, show

__all__ = ["desk_feedback", "survey"]

QUESTIONS = ("overall", "ease", "timeliness", "attitude")


@never_cache
@route(who="everyone")
def desk_feedback(request: Request, key: str) -> HttpResponseBase:
    """The device's page at a desk: large answers, thanks, and ready for the next person."""
    try:
        desk = desk_of_device(key, now=timezone.now())
    except DeviceLinkOver as refused:
        return show(request, "feedback_over.html", {"sentence": sentence(refused)}, status=410)
    return _answered(
        request,
        lead=desk.name,
        give=lambda form: give_at_counter(key, form=form, by=request.by, now=timezone.now()),
        is_device=True,
    )


@never_cache
@route(who="everyone")
def survey(request: Request, key: str) -> HttpResponseBase:
    """Rate one dossier by the link that the desk gave."""
    try:
        dossier = dossier_of_survey(key)
    except SurveyOver as refused:
        return show(request, "feedback_over.html", {"sentence": sentence(refused)}, status=410)
    return _answered(
        request,
        lead=_("Hồ sơ %(code)s") % {"code": str(dossier)},
        give=lambda form: answer_survey(key, form=form, by=request.by, now=timezone.now()),
        is_device=False,
    )


def _answered(request: Request, *, lead: str, give: Any, is_device: bool) -> HttpResponseBase:
    values: dict[str, Any] = {
        "lead": lead,
        "is_device": is_device,
        "is_done": request.method == "GET" and request.GET.get("xong") == "1",
        "errors": {},
        "choices": [(str(answer), _(label)) for answer, label in ANSWERS.items()],
        "typed": dict.fromkeys((*QUESTIONS, "comment"), ""),
    }
    if request.method != "POST":
        return show(request, "feedback.html", values)
    given = {name: _answer(request.POST.get(name, "")) for name in QUESTIONS}
    comment = plain_text(request.POST.get("comment"), most=2000)
    form = FeedbackForm(given["overall"] or 0, given["ease"], given["timeliness"], given["attitude"], comment)
    try:
        give(form)
    except RatedAlready as refused:
        return show(request, "feedback_over.html", {"sentence": sentence(refused)}, status=409)
    except Refused as refused:
        values["errors"] = {refused.field or "": sentence(refused)}
        values["typed"] = {name: request.POST.get(name, "")[:2000] for name in values["typed"]}
        return show(request, "feedback.html", values, status=422)
    return redirect(f"{request.path}?xong=1")


def _answer(text: str) -> int | None:
    return int(text) if text in {"1", "2", "3"} else None

"""Evaluations by device, slip and survey. Of a dossier that nobody rated yet they are its rating."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.errors import N_
from dinh.onestop.models import Dossier, Feedback, Rating
from dinh.onestop.permissions import ENTER_SLIP, GIVE_FEEDBACK
from dinh.onestop.queries.feedback import desk_of_device, dossier_of_survey, survey_dossier
from dinh.onestop.rules.feedback import FeedbackForm, RatedAlready, checked_feedback

__all__ = ["answer_survey", "enter_slip", "give_at_counter"]


@action("feedback.given", permission=GIVE_FEEDBACK, label=N_("Đánh giá trên thiết bị tại quầy"))
def give_at_counter(key: str, *, form: FeedbackForm, by: Actor, now: dt.datetime) -> Feedback:
    """Keep what somebody says on the device at a desk. Raises ``DeviceLinkOver``, ``ScoreMissing``."""
    desk = desk_of_device(key, now=now)
    return _kept(desk.pk, "device", checked_feedback(form), now=now)


@action("feedback.answered", permission=GIVE_FEEDBACK, label=N_("Trả lời khảo sát"))
def answer_survey(key: str, *, form: FeedbackForm, by: Actor, now: dt.datetime) -> Rating:
    """Rate the dossier that a survey's link names, once.

    Raises ``SurveyOver``, ``ScoreMissing``, ``RatedAlready``.
    """
    return _rated(dossier_of_survey(key), "survey", checked_feedback(form), now=now)


@action("feedback.entered", permission=ENTER_SLIP, label=N_("Nhập phiếu đánh giá"))
def enter_slip(
    desk_id: UUID, *, code: str, form: FeedbackForm, by: Actor, now: dt.datetime
) -> Feedback | Rating:
    """Enter a paper slip: with the code of an ended dossier of the desk it is that dossier's rating.

    Raises ``NotFound`` for a code that is none, ``RatedAlready``, ``ScoreMissing``.
    """
    checked = checked_feedback(form)
    if code.strip():
        return _rated(survey_dossier(by, code), "paper", checked, now=now)
    return _kept(desk_id, "paper", checked, now=now, recorded_by=by.signed)


def _kept(
    desk_id: UUID, source: str, form: FeedbackForm, *, now: dt.datetime, recorded_by: str = ""
) -> Feedback:
    return Feedback.objects.create(
        desk_id=desk_id,
        source=source,
        overall=form.overall,
        ease=form.ease,
        timeliness=form.timeliness,
        attitude=form.attitude,
        comment=form.comment,
        given_at=now,
        recorded_by=recorded_by,
    )


def _rated(dossier: Dossier, source: str, form: FeedbackForm, *, now: dt.datetime) -> Rating:
    """The one rating of a dossier; of two at once the first is kept."""
    try:
        with transaction.atomic():
            return Rating.objects.create(
                dossier=dossier,
                overall=form.overall,
                ease=form.ease,
                timeliness=form.timeliness,
                attitude=form.attitude,
                comment=form.comment,
                source=source,
                rated_at=now,
            )
    except IntegrityError as error:
        raise RatedAlready from error

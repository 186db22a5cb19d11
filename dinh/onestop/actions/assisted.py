"""A form filled in at the counter: offered to the person's phone, confirmed or sent back by them."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.directory.public import get_unit
from dinh.kernel.errors import N_, NotFound, existing
from dinh.kernel.secrets import hash_key
from dinh.onestop.models import AssistedForm, ProcedureVersion
from dinh.onestop.permissions import ANSWER_OFFER, RECEIVE_AT_COUNTER
from dinh.onestop.queries.readiness import problems_of_answers
from dinh.onestop.rules.assisted import (
    OFFER_HOLDS,
    CommentMissing,
    NotConfirmed,
    check_answerable,
    check_same,
)
from dinh.onestop.rules.checks import DossierIncomplete

if TYPE_CHECKING:
    from dinh.onestop.actions.desk import Applicant

__all__ = ["answer_form", "new_offer_key", "offer_form", "take_confirmed"]


def new_offer_key() -> str:
    """Return a key for an address that nobody guesses."""
    return secrets.token_urlsafe(16)


@action("form.offered", permission=RECEIVE_AT_COUNTER, label=N_("Đưa tờ khai cho người nộp xác nhận"))
def offer_form(
    desk_id: UUID,
    *,
    version: ProcedureVersion,
    applicant: "Applicant",
    data: Mapping[str, Any],
    key: str,
    by: Actor,
    now: dt.datetime,
) -> AssistedForm:
    """Keep the answers so that the person can read them on a phone under ``key``.

    Raises ``DossierIncomplete``: a person is not asked to confirm what could not be sent.
    """
    if by.position_id is None:
        raise NotFound
    desk = get_unit(desk_id)
    problems = problems_of_answers(version.parts, data, agency_id=desk.agency_id, now=now)
    if problems:
        raise DossierIncomplete(problems)
    return AssistedForm.objects.create(
        desk=desk,
        position_id=by.position_id,
        official=by.name,
        version=version,
        applicant=asdict(applicant),
        data=dict(data),
        key_hash=hash_key(key),
        made_at=now,
        expires_at=now + OFFER_HOLDS,
    )


@action(
    "form.answered", permission=ANSWER_OFFER, on=AssistedForm, label=N_("Xác nhận tờ khai cán bộ nhập hộ")
)
def answer_form(
    form: AssistedForm, *, is_right: bool, comment: str = "", by: Actor, now: dt.datetime
) -> AssistedForm:
    """Confirm the answers, or say what is wrong with them. Raises ``OfferExpired``, ``CommentMissing``."""
    check_answerable(is_open=form.state == AssistedForm.State.OPEN, expires_at=form.expires_at, now=now)
    if not is_right and not comment.strip():
        raise CommentMissing(field="comment")
    form.state = AssistedForm.State.CONFIRMED if is_right else AssistedForm.State.DECLINED
    form.comment = comment.strip()[:1000]
    form.answered_at = now
    form.save(update_fields=["state", "comment", "answered_at"])
    return form


def take_confirmed(form_id: UUID, *, desk_id: UUID, data: Mapping[str, Any]) -> AssistedForm:
    """Use up the confirmation of exactly these answers; part of the verb that takes the dossier in.

    Raises ``NotFound``, ``NotConfirmed``, ``AnswersChanged``.
    """
    form = existing(AssistedForm.objects.select_for_update().filter(pk=form_id, desk_id=desk_id).first())
    if form.state != AssistedForm.State.CONFIRMED:
        raise NotConfirmed
    check_same(form.data, data)
    form.state = AssistedForm.State.USED
    form.save(update_fields=["state"])
    return form

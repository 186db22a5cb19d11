"""Verbs of petitions: sent, passed on, answered, approved, published, rated."""

import datetime as dt
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, publish
from dinh.foundation.directory.public import get_unit
from dinh.kernel.errors import N_, Refused
from dinh.kernel.text import clean
from dinh.portal.events import (
    PetitionAnswered,
    PetitionAssigned,
    PetitionDeclined,
    PetitionPublished,
    PetitionRated,
    PetitionSent,
)
from dinh.portal.models import Petition
from dinh.portal.permissions import (
    ANSWER_PETITIONS,
    APPROVE_PETITIONS,
    PASS_ON_PETITIONS,
    PUBLISH_PETITIONS,
    RATE_PETITION,
    SEND_PETITION,
)
from dinh.portal.queries.petitions import petition_reading
from dinh.portal.rules.petitions import (
    CODE_LETTERS,
    KINDS,
    PETITION,
    SCORES,
    check_contact,
    check_required,
    check_without_personal_data,
    clean_lines,
)

__all__ = [
    "AgencyUnknown",
    "NotChecked",
    "PetitionSeed",
    "ScoreUnknown",
    "approve_answer",
    "assign_petition",
    "decline_petition",
    "draft_answer",
    "publish_petition",
    "rate_answer",
    "recount_petition",
    "send_back_answer",
    "send_petition",
]


class AgencyUnknown(Refused):
    message = N_("Hãy chọn cơ quan có thẩm quyền trả lời.")


class NotChecked(Refused):
    message = N_("Hãy đánh dấu xác nhận đã bỏ thông tin cá nhân trước khi công khai.")


class ScoreUnknown(Refused):
    message = N_("Hãy chọn một trong ba mức hài lòng.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionSeed:
    """What somebody typed: texts as given, cleaned and checked by the verb."""

    kind: str
    title: str
    text: str
    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    wants_public: bool = True


@action("petition.sent", permission=SEND_PETITION, label=N_("Gửi phản ánh, kiến nghị"))
def send_petition(seed: PetitionSeed, *, by: Actor, now: dt.datetime) -> Petition:
    """Take a petition in: its code and its legal time are given at once.

    Raises ``PetitionIncomplete`` or ``ContactUnknown`` at the field.
    """
    kind = check_required(seed.kind if seed.kind in KINDS else "", "kind", N_("loại nội dung"))
    title = check_required(clean(seed.title)[:200], "title", N_("tiêu đề"))
    text = check_required(clean_lines(seed.text), "text", N_("nội dung"))
    name = check_required(clean(seed.name)[:120], "name", N_("họ và tên"))
    phone, email = check_contact(seed.phone, seed.email)
    petition = Petition(
        code=_new_code(),
        kind=kind,
        state=PETITION.initial,
        title=title,
        text=text,
        name=name,
        phone=phone,
        email=email,
        address=clean(seed.address)[:300],
        owner_id=by.person_id if by.kind == "citizen" else None,
        wants_public=seed.wants_public,
        received_at=now,
        due_at=now,
    )
    _write_due(petition, now)
    petition.index()
    petition.save()
    publish(PetitionSent(petition_id=petition.pk, kind=kind, due_at=petition.due_at))
    return petition


@action("petition.assigned", permission=PASS_ON_PETITIONS, on=Petition, label=N_("Chuyển cơ quan trả lời"))
def assign_petition(petition: Petition, *, agency_id: UUID | None, by: Actor, now: dt.datetime) -> None:
    """Pass a petition on to the agency that answers it; again, when the first was the wrong one.

    Its legal time goes on. Raises ``AgencyUnknown``.
    """
    petition.state = PETITION.after(petition.state, "assign")
    if agency_id is None or not (agency := get_unit(agency_id)).is_agency or agency.valid_until is not None:
        raise AgencyUnknown(field="agency")
    petition.agency = agency
    petition.assigned_at = now
    _write_due(petition, now)
    petition.save()
    publish(PetitionAssigned(petition_id=petition.pk, agency_id=agency_id))


@action("petition.declined", permission=PASS_ON_PETITIONS, on=Petition, label=N_("Không tiếp nhận"))
def decline_petition(petition: Petition, *, reason: str, by: Actor, now: dt.datetime) -> None:
    """Say that a petition may not be taken here, why, and where it can go. It is kept."""
    petition.state = PETITION.after(petition.state, "decline")
    petition.note = check_required(clean_lines(reason), "reason", N_("lý do và nơi có thể gửi đến"))
    petition.declined_at = now
    petition.save()
    publish(PetitionDeclined(petition_id=petition.pk))


@action("petition.drafted", permission=ANSWER_PETITIONS, on=Petition, label=N_("Soạn trả lời"))
def draft_answer(petition: Petition, *, answer: str, by: Actor, now: dt.datetime) -> None:
    """Write the agency's answer and hand it to who approves; again, while nobody has approved."""
    petition.state = PETITION.after(petition.state, "draft")
    petition.answer = check_required(clean_lines(answer, most=20_000), "answer", N_("nội dung trả lời"))
    petition.answerer_id, petition.answerer, petition.note = by.person_id, by.signed, ""
    petition.save()


@action("petition.sent_back", permission=APPROVE_PETITIONS, on=Petition, label=N_("Trả lại để soạn lại"))
def send_back_answer(petition: Petition, *, reason: str, by: Actor, now: dt.datetime) -> None:
    """Give the answer back to its writer with what is to be changed."""
    petition.state = PETITION.after(petition.state, "send_back")
    petition.note = check_required(clean_lines(reason), "reason", N_("điều cần sửa"))
    petition.save()


@action("petition.answered", permission=APPROVE_PETITIONS, on=Petition, label=N_("Duyệt và gửi trả lời"))
def approve_answer(petition: Petition, *, by: Actor, now: dt.datetime) -> None:
    """Approve the answer as another than its writer: it goes to the sender, and its time ends."""
    petition.state = PETITION.after(petition.state, "approve")
    petition.approver, petition.answered_at = by.signed, now
    petition.save()
    assert petition.agency_id is not None  # held by a constraint
    publish(
        PetitionAnswered(
            petition_id=petition.pk,
            kind=petition.kind,
            agency_id=petition.agency_id,
            received_at=petition.received_at,
            answered_at=now,
            is_late=timezone.localdate(now) > timezone.localdate(petition.due_at),
        )
    )


@action("petition.published", permission=PUBLISH_PETITIONS, on=Petition, label=N_("Công khai"))
def publish_petition(
    petition: Petition, *, title: str, text: str, answer: str, is_checked: bool, by: Actor, now: dt.datetime
) -> None:
    """Put question and answer on the portal as the editor has made them fit for the public.

    Raises ``NotChecked`` unless the editor confirms that no personal data are left, and
    ``PersonalDataLeft`` at the field when the sender's own still stand there.
    """
    petition.state = PETITION.after(petition.state, "publish")
    own = (petition.name, petition.phone, petition.email, petition.address)
    shown = {
        "public_title": check_required(clean(title)[:200], "public_title", N_("tiêu đề")),
        "public_text": check_required(clean_lines(text), "public_text", N_("nội dung")),
        "public_answer": check_required(clean_lines(answer, most=20_000), "public_answer", N_("trả lời")),
    }
    for field, value in shown.items():
        setattr(petition, field, check_without_personal_data(value, field=field, own=own))
    if not is_checked:
        raise NotChecked(field="is_checked")
    petition.published_at = now
    petition.index()
    petition.save()
    publish(PetitionPublished(petition_id=petition.pk))


@action("petition.rated", permission=RATE_PETITION, on=Petition, label=N_("Đánh giá trả lời"))
def rate_answer(petition: Petition, *, score: int, note: str = "", by: Actor, now: dt.datetime) -> None:
    """Say how satisfied the sender is with the answer; said again, the last counts."""
    petition.state = PETITION.after(petition.state, "rate")
    if score not in SCORES:
        raise ScoreUnknown(field="score")
    petition.score, petition.score_note, petition.rated_at = score, clean_lines(note, most=1000), now
    petition.save()
    publish(PetitionRated(petition_id=petition.pk, agency_id=petition.agency_id, score=score))


@action("petition.recounted", permission=SYSTEM_ONLY, on=Petition, label=N_("Tính lại hạn trả lời"))
def recount_petition(petition: Petition, *, by: Actor, now: dt.datetime) -> None:
    """Compute the due moment anew under the calendar in force."""
    _write_due(petition, now)
    petition.save(update_fields=["due_at"])


def _write_due(petition: Petition, now: dt.datetime) -> None:
    due_at = petition_reading(petition, now=now).due_at
    assert due_at is not None  # this clock never pauses
    petition.due_at = due_at


def _new_code() -> str:
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(10))
    return f"PA-{letters[:5]}-{letters[5:]}"

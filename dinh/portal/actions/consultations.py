"""Verbs of consultations: drafted, opened, commented on, answered, summarised. There is none that deletes."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.public import get_unit
from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import say
from dinh.kernel.text import clean
from dinh.portal.events import CommentAnswered, CommentSent, ConsultationOpened, ConsultationSummarised
from dinh.portal.models import Comment, Consultation
from dinh.portal.permissions import EDIT_CONSULTATIONS, OPEN_CONSULTATIONS, SEND_COMMENT
from dinh.portal.rules.consultations import (
    ANSWER_KINDS,
    COMMENT,
    CONSULTATION,
    HIDING_GROUNDS,
    AnswerKindUnknown,
    CommentsUnanswered,
    ConsultationIncomplete,
    GroundUnknown,
    articles_of,
    check_open,
    check_period,
)
from dinh.portal.rules.content import SlugTaken, slug_of
from dinh.portal.rules.petitions import check_contact, clean_lines

__all__ = [
    "CommentSeed",
    "ConsultationSeed",
    "OwnConsultation",
    "StillOpen",
    "answer_comment",
    "change_consultation",
    "draft_consultation",
    "hide_comment",
    "open_consultation",
    "send_comment",
    "show_comment",
    "summarise_consultation",
]


class OwnConsultation(Refused):
    message = N_("Ông/Bà soạn dự thảo này nên người khác phải mở lấy ý kiến.")


class StillOpen(Refused):
    message = N_("Dự thảo còn lấy ý kiến đến hết ngày %(until)s. Công bố tổng hợp sau ngày đó.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationSeed:
    """What an editor typed."""

    agency_id: UUID | None
    title: str
    title_en: str = ""
    lead: str = ""
    body: str = ""
    file_id: UUID | None = None
    opens_on: dt.date | None = None
    closes_on: dt.date | None = None
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentSeed:
    """What somebody typed under a draft."""

    text: str
    name: str
    article: str = ""
    phone: str = ""
    email: str = ""
    shows_name: bool = False


@action("consultation.drafted", permission=EDIT_CONSULTATIONS, label=N_("Soạn đợt lấy ý kiến"))
def draft_consultation(seed: ConsultationSeed, *, by: Actor, now: dt.datetime) -> Consultation:
    """Begin a consultation. Raises ``ConsultationIncomplete`` or ``SlugTaken`` at the field."""
    consultation = Consultation(state=CONSULTATION.initial, created_at=now)
    _write(consultation, seed, by)
    consultation.slug = slug_of(consultation.title)
    if not consultation.slug or Consultation.objects.filter(slug=consultation.slug).exists():
        raise SlugTaken(slug=consultation.slug, field="title")
    consultation.save()
    return consultation


@action(
    "consultation.changed", permission=EDIT_CONSULTATIONS, on=Consultation, label=N_("Sửa đợt lấy ý kiến")
)
def change_consultation(
    consultation: Consultation, *, seed: ConsultationSeed, by: Actor, now: dt.datetime
) -> None:
    """Change a consultation before it is opened; afterwards the draft stands as people commented on it."""
    consultation.state = CONSULTATION.after(consultation.state, "change")
    _write(consultation, seed, by)
    consultation.save()


@action("consultation.opened", permission=OPEN_CONSULTATIONS, on=Consultation, label=N_("Mở lấy ý kiến"))
def open_consultation(consultation: Consultation, *, by: Actor, now: dt.datetime) -> None:
    """Put the draft before the public, as another than its writer.

    Raises ``OwnConsultation``, ``ConsultationIncomplete``, ``PeriodWrong`` or ``PeriodTooShort``.
    """
    consultation.state = CONSULTATION.after(consultation.state, "open")
    if by.kind != "system" and consultation.author_id == by.person_id:
        raise OwnConsultation
    if not consultation.body and consultation.file_id is None:
        raise ConsultationIncomplete(what=say(N_("toàn văn dự thảo, hoặc tệp PDF")), field="body")
    check_period(consultation.opens_on, consultation.closes_on, ground=consultation.ground)
    consultation.opened_at, consultation.opener = now, by.signed
    consultation.save()
    publish(ConsultationOpened(consultation_id=consultation.pk))


@action("comment.sent", permission=SEND_COMMENT, on=Consultation, label=N_("Gửi ý kiến"))
def send_comment(consultation: Consultation, seed: CommentSeed, *, by: Actor, now: dt.datetime) -> Comment:
    """Take a comment in under the next number of its consultation.

    Raises ``NotOpen``, ``ConsultationIncomplete`` or ``ContactUnknown`` at the field.
    """
    CONSULTATION.check(consultation.state, "comment")
    assert consultation.opens_on and consultation.closes_on  # held by a constraint
    check_open(consultation.opens_on, consultation.closes_on, today=timezone.localdate(now))
    text, name = clean_lines(seed.text), clean(seed.name)[:120]
    for value, field, what in ((text, "text", N_("ý kiến")), (name, "name", N_("họ và tên"))):
        if not value:
            raise ConsultationIncomplete(what=say(what), field=field)
    phone, email = check_contact(seed.phone, seed.email)
    consultation.comments_count += 1
    consultation.save(update_fields=["comments_count"])
    comment: Comment = Comment.objects.create(
        consultation=consultation,
        number=consultation.comments_count,
        state=COMMENT.initial,
        article=seed.article if seed.article in articles_of(consultation.body) else "",
        text=text,
        name=name,
        shows_name=seed.shows_name,
        phone=phone,
        email=email,
        owner_id=by.person_id if by.kind == "citizen" else None,
        sent_at=now,
    )
    publish(CommentSent(consultation_id=consultation.pk, comment_id=comment.pk, number=comment.number))
    return comment


@action(
    "comment.shown",
    permission=EDIT_CONSULTATIONS,
    on=Comment,
    under="consultation",
    label=N_("Cho hiện ý kiến"),
)
def show_comment(comment: Comment, *, by: Actor, now: dt.datetime) -> None:
    """Let the public read what a comment says."""
    comment.state = COMMENT.after(comment.state, "show")
    comment.ground, comment.ground_note = "", ""
    comment.moderator, comment.moderated_at = by.signed, now
    comment.save()


@action(
    "comment.hidden",
    permission=EDIT_CONSULTATIONS,
    on=Comment,
    under="consultation",
    label=N_("Ẩn nội dung ý kiến"),
)
def hide_comment(comment: Comment, *, ground: str, note: str = "", by: Actor, now: dt.datetime) -> None:
    """Hide what a comment says because it breaks the law; its number and the ground stay for all to see.

    Raises ``GroundUnknown``.
    """
    comment.state = COMMENT.after(comment.state, "hide")
    if ground not in HIDING_GROUNDS:
        raise GroundUnknown(field="ground")
    comment.ground, comment.ground_note = ground, clean(note)[:300]
    comment.moderator, comment.moderated_at = by.signed, now
    comment.save()


@action(
    "comment.answered",
    permission=EDIT_CONSULTATIONS,
    on=Comment,
    under="consultation",
    label=N_("Trả lời ý kiến"),
)
def answer_comment(comment: Comment, *, kind: str, answer: str, by: Actor, now: dt.datetime) -> None:
    """Publish what became of a comment: taken up, in part, or explained. Answered again, the last counts.

    Raises ``AnswerKindUnknown`` or ``ConsultationIncomplete`` at the field.
    """
    if kind not in ANSWER_KINDS:
        raise AnswerKindUnknown(field="kind")
    text = clean_lines(answer)
    if not text:
        raise ConsultationIncomplete(what=say(N_("nội dung trả lời")), field="answer")
    comment.answer_kind, comment.answer = kind, text
    comment.answerer, comment.answered_at = by.signed, now
    comment.save()
    publish(CommentAnswered(comment_id=comment.pk, kind=kind))


@action(
    "consultation.summarised",
    permission=OPEN_CONSULTATIONS,
    on=Consultation,
    label=N_("Công bố tổng hợp ý kiến"),
)
def summarise_consultation(consultation: Consultation, *, summary: str, by: Actor, now: dt.datetime) -> None:
    """Publish what came of the consultation, once it is over and every comment has its answer.

    Raises ``StillOpen``, ``CommentsUnanswered`` or ``ConsultationIncomplete``.
    """
    consultation.state = CONSULTATION.after(consultation.state, "summarise")
    assert consultation.closes_on  # held by a constraint
    if timezone.localdate(now) <= consultation.closes_on:
        raise StillOpen(until=f"{consultation.closes_on:%d/%m/%Y}")
    open_ones = consultation.comments.exclude(state="hidden").filter(answered_at=None).count()
    if open_ones:
        raise CommentsUnanswered(count=open_ones)
    text = clean_lines(summary, most=20_000)
    if not text:
        raise ConsultationIncomplete(what=say(N_("bản tổng hợp")), field="summary")
    consultation.summary, consultation.summarised_at = text, now
    consultation.save()
    publish(ConsultationSummarised(consultation_id=consultation.pk, comments=consultation.comments_count))


def _write(consultation: Consultation, seed: ConsultationSeed, by: Actor) -> None:
    title = clean(seed.title)[:300]
    if not title:
        raise ConsultationIncomplete(what=say(N_("tên dự thảo")), field="title")
    if seed.agency_id is None:
        raise ConsultationIncomplete(what=say(N_("cơ quan soạn thảo")), field="agency")
    consultation.agency = get_unit(seed.agency_id)
    consultation.title, consultation.title_en = title, clean(seed.title_en)[:300]
    consultation.lead = clean(seed.lead)[:600]
    consultation.body = clean_lines(seed.body, most=200_000)
    consultation.file_id = seed.file_id
    consultation.opens_on, consultation.closes_on = seed.opens_on, seed.closes_on
    consultation.ground = clean(seed.ground)[:300]
    consultation.author_id, consultation.author = by.person_id, by.signed

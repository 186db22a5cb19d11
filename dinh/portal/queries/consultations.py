"""Reads of consultations and their comments."""

import datetime as dt
from typing import cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import coverage
from dinh.foundation.files.public import get_file
from dinh.kernel.errors import NotFound, existing
from dinh.portal.models import Comment, Consultation

__all__ = [
    "access_comment",
    "access_consultation",
    "comments_of",
    "consultation_file",
    "consultations_to_edit",
    "open_consultations",
    "public_consultation",
    "public_consultations",
    "sees_consultations",
]


def public_consultations() -> QuerySet[Consultation]:
    """Consultations that everybody sees, those that close last on top."""
    found = Consultation.objects.exclude(state="draft").select_related("agency")
    return found.order_by("-closes_on", "-id")


def open_consultations(*, today: dt.date) -> QuerySet[Consultation]:
    """Those on which comments are taken today, the next to close on top."""
    found = public_consultations().filter(state="opened", opens_on__lte=today, closes_on__gte=today)
    return found.order_by("closes_on", "id")


def public_consultation(slug: str) -> Consultation:
    """Return a consultation that everybody sees. Raises ``NotFound``."""
    return existing(public_consultations().filter(slug=slug).first())


def comments_of(consultation: Consultation) -> QuerySet[Comment]:
    """Every comment in the order of its number: none is left out, whatever its state."""
    return cast("QuerySet[Comment]", Comment.objects.filter(consultation=consultation).order_by("number"))


def consultation_file(by: Actor, consultation_id: UUID) -> object:
    """Return the draft as a file, once it is open or for who edits it. Raises ``NotFound``."""
    found = public_consultations() if by.kind != "official" else _visible(by) | public_consultations()
    consultation = existing(found.filter(pk=consultation_id).first())
    if consultation.file_id is None:
        raise NotFound
    return get_file(consultation.file_id)


def sees_consultations(by: Actor) -> bool:
    """Whether the acting position drafts or opens consultations. Runs no query."""
    return by.holds("consultation.edit") or by.holds("consultation.open")


def consultations_to_edit(by: Actor) -> QuerySet[Consultation]:
    """Consultations that the acting position works on, with their ``waiting`` and ``unanswered`` comments."""
    unanswered = Q(comments__answered_at=None) & ~Q(comments__state="hidden")
    return (
        _visible(by)
        .annotate(
            waiting=Count("comments", filter=Q(comments__state="waiting")),
            unanswered=Count("comments", filter=unanswered & Q(comments__id__isnull=False)),
        )
        .order_by("-id")
    )


def access_consultation(by: Actor, consultation_id: UUID) -> Consultation:
    """Return a consultation for who works on it. Raises ``NotFound``."""
    return existing(_visible(by).filter(pk=consultation_id).first())


def access_comment(by: Actor, consultation_id: UUID, number: int) -> Comment:
    """Return a comment by its number, for who works on its consultation. Raises ``NotFound``."""
    found = Comment.objects.filter(
        consultation__in=_visible(by), consultation_id=consultation_id, number=number
    )
    comment = existing(found.select_related("consultation").first())
    return cast("Comment", comment)


def _visible(by: Actor) -> QuerySet[Consultation]:
    found = Consultation.objects.select_related("agency")
    if by.kind not in ("official", "system"):
        return found.none()
    reached = [coverage(by, code) for code in ("consultation.edit", "consultation.open")]
    if any(reach.everything for reach in reached):
        return found
    return found.filter(reached[0].q("agency_id"))

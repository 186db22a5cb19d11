"""Notes and messages of a dossier, as far as the reader may see them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.public import Actor
from dinh.onestop.models import Dossier, Message, Note, StepRun
from dinh.onestop.permissions import TALK, WRITE_NOTE
from dinh.onestop.queries.contacts import clerks_of
from dinh.onestop.queries.news import step_news

__all__ = ["Said", "Talk", "handlers_of", "talk_of", "unanswered", "unread_messages"]


@dataclass(frozen=True, slots=True)
class Said:
    """One note or message. ``mine``: of the reader's own side."""

    text: str
    at: dt.datetime
    author: str
    position: str
    mine: bool
    read_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said beside a dossier; ``notes`` is empty for applicants."""

    messages: Sequence[Said]
    notes: Sequence[Said]
    may_send: bool
    may_note: bool
    has_account: bool


def talk_of(dossier: Dossier, *, by: Actor) -> Talk:
    """Return the notes and messages of a visible dossier, in the order in which they were written."""
    is_official = by.kind == "official"
    messages = [
        Said(row.text, row.at, row.author, row.position, row.from_applicant is not is_official, row.read_at)
        for row in Message.objects.filter(dossier=dossier)
    ]
    notes = [
        Said(row.text, row.at, row.author, row.position, True, None)
        for row in (Note.objects.filter(dossier=dossier) if is_official else ())
    ]
    return Talk(
        messages, notes, TALK.may(by, dossier), WRITE_NOTE.may(by, dossier), dossier.owner_id is not None
    )


def unread_messages(dossier: Dossier, *, by: Actor) -> int:
    """Return how many messages of the other side nobody of the reader's side has opened."""
    from_applicant = by.kind == "official"
    return Message.objects.filter(dossier=dossier, from_applicant=from_applicant, read_at=None).count()


def unanswered(dossier: Dossier) -> int:
    """Return how many messages the applicant has sent since an official last wrote."""
    rows = Message.objects.filter(dossier=dossier).order_by("-id").values_list("from_applicant", flat=True)
    count = 0
    for from_applicant in rows[:100]:
        if not from_applicant:
            break
        count += 1
    return count


def handlers_of(dossier: Dossier) -> list[UUID]:
    """Return the people who handle a dossier now: holders of its open steps, else its desk's clerks."""
    people = [
        person_id
        for step_id in StepRun.objects.filter(dossier=dossier, state="open").values_list("pk", flat=True)
        for person_id in step_news(step_id).holders
    ]
    return list(dict.fromkeys(people)) or clerks_of(dossier)

"""Reads of notify."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models

from dinh.foundation.actions.public import (
    Actor,
    FixedQuery,
    SentMessage,
    find_messages,
    message_by_id,
    messages_of,
)
from dinh.foundation.notify.models import Notice, Preference, SampleMessage, TemplateVersion
from dinh.foundation.notify.rules.catalogue import (
    TOPICS,
    MessageTemplate,
    all_templates,
    template_of,
    topics_for,
)
from dinh.foundation.notify.rules.fates import Fate, fate_of_message, fate_of_notice
from dinh.foundation.notify.rules.texts import Texts
from dinh.kernel.errors import NotFound, existing

__all__ = [
    "TemplateCard",
    "Wanted",
    "dead_messages",
    "draft_of",
    "messages_about",
    "notice_page",
    "notices_of",
    "outside_message",
    "outside_messages",
    "preferences_of",
    "sample_messages",
    "template_card",
    "template_cards",
    "texts_in_use",
    "unread_count",
    "wants",
]

PAGE = 30
_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants outside the house for one topic."""

    email: bool = True
    sms: bool = True


def notices_of(by: Actor) -> models.QuerySet[Notice]:
    """Return the notices of the acting person, newest first: nobody sees another's."""
    return Notice.objects.filter(person_id=by.person_id) if by.person_id else Notice.objects.none()


def notice_page(by: Actor, *, before: UUID | None = None, only_unread: bool = False) -> list[Notice]:
    """Return up to 31 notices older than ``before``: one more than a page, to know whether more follow."""
    notices = notices_of(by)
    if before is not None:
        notices = notices.filter(id__lt=before)
    if only_unread:
        notices = notices.filter(read_at=None)
    return list(notices.order_by("-id")[: PAGE + 1])


# Stands on every page; counted where the rows end, for there are few.
_UNREAD: FixedQuery[tuple[UUID]] = FixedQuery(
    lambda person_id: (
        Notice.objects.filter(person_id=person_id, read_at=None).order_by().values_list("pk")[:_COUNTED]
    ),
    person_id=UUID,
)


def unread_count(by: Actor | None) -> int:
    """Return how many notices the person has not seen, at most 100 (shown as "99+")."""
    if by is None or by.person_id is None:
        return 0
    return len(_UNREAD.all(person_id=by.person_id))


def wants(person_id: UUID, topic: str) -> Wanted:
    """Return what a person wants outside the house for a topic."""
    chosen = Preference.objects.filter(person_id=person_id, topic=topic).first()
    return Wanted(chosen.email, chosen.sms) if chosen else Wanted()


def preferences_of(by: Actor) -> dict[str, Wanted]:
    """Return what the acting person wants, for every topic that is for them."""
    rows = Preference.objects.filter(person_id=by.person_id) if by.person_id else ()
    chosen = {row.topic: row for row in rows}
    return {
        topic: Wanted(chosen[topic].email, chosen[topic].sms) if topic in chosen else Wanted()
        for topic in topics_for(by.kind)
    }


def texts_in_use(template: MessageTemplate) -> tuple[int, Texts]:
    """Return the version in use and its texts: the newest published one, else the room's (version 0)."""
    newest = _PUBLISHED.first(code=template.code)
    return (newest.version, newest.texts) if newest else (0, template.texts)


def _published(code: str) -> models.QuerySet[TemplateVersion]:
    return TemplateVersion.objects.filter(code=code, published_at__isnull=False).order_by("-version")


_PUBLISHED: FixedQuery[TemplateVersion] = FixedQuery(lambda code: _published(code)[:1], code=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCard:
    """A template for its screen. ``draft_id`` is that of a draft waiting to be published, or None."""

    code: str
    label: str
    topic: str
    is_required: bool
    version: int
    texts: Texts
    fields: list[str]
    draft_id: UUID | None
    draft: Texts | None


def template_card(code: str) -> TemplateCard:
    """Return one template. Raises ``NotFound``."""
    if code not in all_templates():
        raise NotFound
    template = template_of(code)
    version, texts = texts_in_use(template)
    draft = TemplateVersion.objects.filter(code=code, published_at=None).first()
    return TemplateCard(
        code=code,
        label=template.label,
        topic=TOPICS[template.topic],
        is_required=template.is_required,
        version=version,
        texts=texts,
        fields=sorted(template.known),
        draft_id=draft.pk if draft else None,
        draft=draft.texts if draft else None,
    )


def template_cards() -> list[TemplateCard]:
    """Return every template that rooms bring."""
    return [template_card(code) for code in all_templates()]


def messages_about(row: models.Model) -> list[Fate]:
    """Return every notice and message about a row with its fate, newest first.

    The caller has found the row for its person; recipients are masked, but for the names of people in
    the house.
    """
    label, key = row._meta.label_lower, str(row.pk)
    notices = Notice.objects.filter(subject_type=label, subject_id=key).select_related("person")
    fates = [
        fate_of_notice(
            id=notice.pk,
            name=notice.person.full_name,
            title=notice.subject,
            created_at=notice.created_at,
            read_at=notice.read_at,
        )
        for notice in notices
    ]
    fates += [_fate(message) for message in messages_of(row)]
    return sorted(fates, key=lambda fate: (fate.created_at, fate.id), reverse=True)


def outside_messages(
    *, state: str = "", channel: str = "", words: str = "", before: UUID | None = None
) -> list[Fate]:
    """Return up to 31 messages that left or wait, newest first; for the administrators' screen."""
    channels = [channel] if channel in {"email", "sms"} else ["email", "sms"]
    found = find_messages(channels=channels, state=state, recipient=words, before=before, limit=PAGE + 1)
    return [_fate(message) for message in found]


def outside_message(message_id: UUID) -> Fate:
    """Return one message that left or waits. Raises ``NotFound``."""
    return _fate(message_by_id(message_id))


def dead_messages(*, limit: int) -> list[Fate]:
    """Return up to ``limit`` messages that could not be delivered, newest first."""
    found = find_messages(channels=["email", "sms"], state="dead", limit=limit)
    return [_fate(message) for message in found]


def draft_of(code: str) -> TemplateVersion:
    """Return the draft of a template, for the verb that publishes it. Raises ``NotFound``."""
    return existing(TemplateVersion.objects.filter(code=code, published_at=None).first())


def _fate(message: SentMessage) -> Fate:
    return fate_of_message(
        id=message.id,
        channel=message.channel,
        recipient=message.recipient,
        title=message.title,
        state=message.state,
        attempts=message.attempts,
        last_error=message.last_error,
        created_at=message.created_at,
        next_attempt_at=message.next_attempt_at,
        delivered_at=message.delivered_at,
    )


def sample_messages(*, before: UUID | None = None) -> list[SampleMessage]:
    """Return up to 31 messages of the sample mailbox, newest first."""
    messages = SampleMessage.objects.order_by("-id")
    if before is not None:
        messages = messages.filter(id__lt=before)
    return list(messages[: PAGE + 1])

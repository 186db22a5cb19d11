"""Telling somebody something: a notice inside the house, messages outside it, with the verb it follows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.db import connection, models

from dinh.foundation.actions.public import enqueue
from dinh.foundation.notify.models import Notice
from dinh.foundation.notify.queries import texts_in_use, wants
from dinh.foundation.notify.rules.catalogue import MessageTemplate, template_of
from dinh.foundation.notify.rules.contacts import ToAddress
from dinh.foundation.notify.rules.texts import Texts, fill, without_link
from dinh.foundation.ui.public import format_date, format_moment
from dinh.kernel.errors import N_

__all__ = ["notify"]

Value = str | int | dt.date | dt.datetime

_FOOT = N_(
    "Đây là thư tự động, xin không trả lời thư này. Chọn cách nhận thông báo tại {address}/thong-bao/cai-dat/"
)


def notify(
    recipient: UUID | ToAddress,
    template_code: str,
    context: Mapping[str, Value],
    *,
    about: models.Model | None = None,
    now: dt.datetime,
    once_key: str | None = None,
) -> None:
    """Tell a person (by id) or a bare address something, in the running transaction.

    A person always gets a notice inside the house, and e-mail and SMS as they prefer and as far as their
    addresses are known; a bare address gets what it can receive. ``context`` gives the template's fields:
    text, number, date or moment; ``link`` is a path of ours ("/ho-so/…"), made a full address outside. So is
    ``follow``: a place that anybody with the address may see, for what whoever holds a phone reads.
    ``name`` is the recipient's unless given. ``about`` is the row it concerns (``messages_about``). With
    ``once_key``, a second telling of the same to the same is not done.

    It is part of the caller's verb, which is what the audit log holds; rolled back with it, nothing was
    said. Wrong addresses don't fail the verb: the message's fate says so. Raises ``UnknownTemplate``,
    ``MissingValue``, and ``ValueError`` for a link that is not a path: mistakes of a room.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("somebody is notified inside an action")
    template = template_of(template_code)
    version, texts = texts_in_use(template)
    values = {name: _written(value) for name, value in context.items()}
    link = _checked_link(values.get("link", ""))
    if "follow" in values:
        values["follow"] = _address(_checked_link(values["follow"]))
    if isinstance(recipient, ToAddress):
        values.setdefault("name", recipient.name)
        origin: dict[str, str | int] = {"template": template.code, "version": version, "link": link}
        _send(recipient, _outside(texts, values, link), origin, about, once_key)
        return
    notice = _write_notice(recipient, template, version, texts, values, link, about, now, once_key)
    if notice is not None:
        _send_to_person(notice, template, texts, values, link, about, once_key)


def _write_notice(
    person_id: UUID,
    template: MessageTemplate,
    version: int,
    texts: Texts,
    values: dict[str, str],
    link: str,
    about: models.Model | None,
    now: dt.datetime,
    once_key: str | None,
) -> Notice | None:
    """Write the notice and return it; None when the person has been told before."""
    if once_key and Notice.objects.filter(person_id=person_id, once_key=once_key).exists():
        return None
    notice = Notice(
        person_id=person_id,
        template=template.code,
        version=version,
        topic=template.topic,
        link=link,
        subject_type=about._meta.label_lower if about is not None else "",
        subject_id=str(about.pk) if about is not None else "",
        once_key=once_key,
        created_at=now,
    )
    values.setdefault("name", notice.person.full_name)
    inside = replace(texts, body=without_link(texts.body) or texts.body, more=without_link(texts.more))
    said = fill(inside, {**values, "link": link})
    notice.subject = said.subject
    notice.body = f"{said.body}\n\n{said.more}".strip()
    written = Notice.objects.bulk_create([notice], ignore_conflicts=once_key is not None)
    return written[0]


def _send_to_person(
    notice: Notice,
    template: MessageTemplate,
    texts: Texts,
    values: dict[str, str],
    link: str,
    about: models.Model | None,
    once_key: str | None,
) -> None:
    wanted = wants(notice.person_id, template.topic)
    person = notice.person
    to = ToAddress(
        name=person.full_name,
        email=person.email if wanted.email or template.is_required else "",
        phone=person.phone if wanted.sms or (template.is_required and not person.email) else "",
    )
    key = f"{once_key}:{person.pk}" if once_key else None
    origin: dict[str, str | int] = {"template": template.code, "version": notice.version, "link": link}
    _send(to, _outside(texts, values, link), origin, about or notice, key)


def _outside(texts: Texts, values: Mapping[str, str], link: str) -> Texts:
    return fill(texts, {**values, "link": _address(link)})


def _address(link: str) -> str:
    return f"{settings.PUBLIC_ADDRESS.rstrip('/')}{link}" if link else ""


def _send(
    to: ToAddress,
    said: Texts,
    origin: Mapping[str, str | int],
    about: models.Model | None,
    once_key: str | None,
) -> None:
    if to.email:
        foot = _FOOT.replace("{address}", settings.PUBLIC_ADDRESS.rstrip("/"))
        enqueue(
            "email",
            recipient=to.email,
            payload={
                **origin,
                "name": to.name,
                "subject": said.subject,
                "body": f"{said.body}\n\n--\n{foot}\n",
            },
            about=about,
            once_key=f"{once_key}:email" if once_key else None,
        )
    if to.phone and said.sms:
        enqueue(
            "sms",
            recipient=to.phone,
            payload={**origin, "body": said.sms, "subject": said.subject},
            about=about,
            once_key=f"{once_key}:sms" if once_key else None,
        )


def _written(value: Value) -> str:
    if isinstance(value, dt.datetime):
        return format_moment(value)
    return format_date(value) if isinstance(value, dt.date) else str(value)


def _checked_link(link: str) -> str:
    if link and (not link.startswith("/") or link.startswith(("//", "/\\"))):
        raise ValueError(f"a link is a path of ours: {link!r}")
    return link

"""The templates that rooms bring with them: code, topic, fields, and the texts until a province writes its
own."""

from dataclasses import dataclass

from dinh.foundation.notify.rules.texts import Texts, check_texts
from dinh.kernel.errors import N_

__all__ = [
    "TOPICS",
    "MessageTemplate",
    "UnknownTemplate",
    "all_templates",
    "message_template",
    "template_of",
    "topics_for",
]

# What a person may turn off, by group. Codes are stable; rooms above add theirs with their templates.
TOPICS: dict[str, str] = {
    "dossier": N_("Hồ sơ của tôi"),
    "work": N_("Việc được giao và văn bản"),
    "reminder": N_("Nhắc hạn"),
    "account": N_("Tài khoản và bảo mật"),
    "system": N_("Tin của hệ thống"),
}

# What only officials are told about.
_AT_WORK = ("work", "system")


def topics_for(kind: str) -> dict[str, str]:
    """Return the topics about which an actor of a kind can be told."""
    return {code: label for code, label in TOPICS.items() if kind == "official" or code not in _AT_WORK}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """A template as its room brings it. ``code`` is dotted and stable for ever; ``label`` is Vietnamese.

    ``fields`` are those for which the room gives values, besides ``name`` and ``link``, which are always
    there. ``is_required``: the law or safety asks that the person be told, so no preference stops it.
    """

    code: str
    label: str
    topic: str
    fields: frozenset[str]
    texts: Texts
    is_required: bool = False

    @property
    def known(self) -> frozenset[str]:
        return self.fields | {"name", "link"}


class UnknownTemplate(Exception):
    """No room brings a template of that code."""


_templates: dict[str, MessageTemplate] = {}


def message_template(
    code: str,
    *,
    label: str,
    topic: str,
    subject: str,
    body: str,
    sms: str = "",
    more: str = "",
    fields: frozenset[str] | set[str] = frozenset(),
    is_required: bool = False,
) -> MessageTemplate:
    """Bring a template, at import, in a room's ``handlers.py`` or ``actions``; checked at once.

    Raises ``TextRefused`` for texts that could not be filled or would leave the house with more than
    they may (``rules.texts.OUTSIDE_FIELDS``), ``ValueError`` for an unknown topic or a second template of
    the same code.
    """
    template = MessageTemplate(
        code=code,
        label=label,
        topic=topic,
        fields=frozenset(fields),
        texts=Texts(subject=subject, body=body, sms=sms, more=more),
        is_required=is_required,
    )
    check_texts(template.texts, known=template.known)
    if topic not in TOPICS:
        raise ValueError(f"there is no topic {topic}")
    if _templates.setdefault(code, template) != template:
        raise ValueError(f"template {code} is brought twice")
    return template


def template_of(code: str) -> MessageTemplate:
    """Return the template of a code. Raises ``UnknownTemplate``."""
    try:
        return _templates[code]
    except KeyError as error:
        raise UnknownTemplate(code) from error


def all_templates() -> dict[str, MessageTemplate]:
    """Every template that rooms bring, by code."""
    return dict(sorted(_templates.items()))

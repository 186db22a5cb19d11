"""The door of notify.

A room brings its templates at import (``message_template``), tells people inside its verbs (``notify``),
and shows on its screens what became of it (``messages_about``).
"""

from dinh.foundation.notify.actions.reading import change_preferences, open_notice, read_all_notices
from dinh.foundation.notify.actions.telling import notify
from dinh.foundation.notify.actions.templates import draft_template, publish_template
from dinh.foundation.notify.permissions import MANAGE_TEMPLATES, READ_MESSAGES
from dinh.foundation.notify.queries import Wanted, messages_about, unread_count
from dinh.foundation.notify.rules.catalogue import (
    TOPICS,
    MessageTemplate,
    UnknownTemplate,
    all_templates,
    message_template,
)
from dinh.foundation.notify.rules.contacts import ToAddress
from dinh.foundation.notify.rules.fates import Fate
from dinh.foundation.notify.rules.texts import OUTSIDE_FIELDS, MissingValue, TextRefused, Texts

__all__ = [
    # telling
    "ToAddress",
    "messages_about",
    "notify",
    "Fate",
    # templates
    "MessageTemplate",
    "MissingValue",
    "OUTSIDE_FIELDS",
    "TOPICS",
    "TextRefused",
    "Texts",
    "UnknownTemplate",
    "all_templates",
    "draft_template",
    "message_template",
    "publish_template",
    # a person's own
    "Wanted",
    "change_preferences",
    "open_notice",
    "read_all_notices",
    "unread_count",
    # permissions
    "MANAGE_TEMPLATES",
    "READ_MESSAGES",
]

"""A draft as the workshop shows it: itself, its faults, its revisions, what it may be built from."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext

from dinh.foundation.actions.public import Actor
from dinh.foundation.ui.public import outline
from dinh.kernel.condition_words import Asked, condition_words
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.kernel.sentences import Sentence
from dinh.onestop.models import BlankForm, ProcedureRevision, ProcedureVersion
from dinh.onestop.permissions import EDIT_PROCEDURE
from dinh.onestop.queries.definitions import template_fields
from dinh.onestop.queries.result_drafts import content_from
from dinh.onestop.queries.results import composed_data
from dinh.onestop.queries.versions import access_version
from dinh.onestop.rules.definition import Definition, Document

if TYPE_CHECKING:
    from dinh.foundation.files.models import File

__all__ = [
    "RevisionLine",
    "access_blank_form",
    "access_draft_version",
    "asked_of",
    "revisions_of",
    "sample_result",
    "words_of",
]

REVISIONS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One state of a draft: ``source`` is the revision whose content it is, ``said`` the change in words."""

    number: int
    source: int
    said: str
    at: dt.datetime
    by: str


def access_draft_version(by: Actor, version_id: UUID) -> ProcedureVersion:
    """Return a version for whoever may change drafts. Raises ``NotAllowed``, ``NotFound``."""
    if not EDIT_PROCEDURE.may(by, None):
        raise NotAllowed(reason=EDIT_PROCEDURE.label)
    return access_version(by, version_id)


def access_blank_form(document: Document) -> "File":
    """Return the blank form of a paper that the reader may see. Raises ``NotFound`` when it has none."""
    if not document.blank:
        raise NotFound
    try:
        row = BlankForm.objects.select_related("file").filter(pk=UUID(document.blank)).first()
    except ValueError as error:
        raise NotFound from error
    if row is None:
        raise NotFound
    return row.file


def revisions_of(version: ProcedureVersion, *, after: int = 0) -> Sequence[RevisionLine]:
    """Return the newest states of a draft, the newest first; with ``after`` only what came later."""
    rows = ProcedureRevision.objects.filter(version=version, number__gt=after).defer("definition")
    return [
        RevisionLine(
            row.number, row.source, Sentence(row.said, row.said_with).said(gettext), row.at, row.by_name
        )
        for row in rows.order_by("-number")[:REVISIONS_SHOWN]
    ]


def asked_of(form: Mapping[str, Any]) -> dict[str, Asked]:
    """Return what conditions over this form may ask, by dotted name, with the words of choices.

    Of fields with one label each says the group, or else the page, that it stands in.
    """
    lines = [(page, line) for page in outline(form) for line in page.fields]
    labels = {line.path: line.spec.label for _, line in lines}
    often = Counter(labels.values())
    return {
        line.path: Asked(
            f"{labels.get(line.path.rpartition('.')[0], page.label)}: {line.spec.label}"
            if often[line.spec.label] > 1
            else line.spec.label,
            dict(line.spec.choices),
        )
        for page, line in lines
    }


def words_of(condition: Mapping[str, Any] | None, asked: Mapping[str, Asked]) -> str:
    """Return a condition as a sentence in the reader's language."""
    return condition_words(condition, asked).said(gettext)


def sample_result(
    definition: Definition, answers: Mapping[str, Any], values: Mapping[str, str], key: str = ""
) -> dict[str, Any]:
    """Return what the result's template is filled with for a look at it: ``values`` by field, and where one
    is missing what ``answers`` of the form give, or the field's label in brackets."""
    filled = content_from(definition, answers, key)
    template = definition.result_of(key)
    fields = {
        field.name: values.get(field.name) or filled.get(field.name) or f"[{field.label}]"
        for field in template.fields
    }
    fields |= {
        name: f"[{name}]" for name in (template_fields(template.template) or frozenset()) - set(fields)
    }
    return composed_data(template, fields)

"""What a result's draft says otherwise than was declared: shown to who drafts, reviews and signs."""

from collections.abc import Mapping
from dataclasses import dataclass

from dinh.kernel.conditions import value_at
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier
from dinh.onestop.queries.result_drafts import content_from, tidy_content
from dinh.onestop.rules.result_fields import WRITTEN_BY_SYSTEM

__all__ = ["DraftDifference", "draft_differences"]


@dataclass(frozen=True, slots=True)
class DraftDifference:
    """A field of a draft whose words are not those that the answers give, both as papers print them."""

    name: str
    label: str
    drafted: str
    declared: str


def draft_differences(dossier: Dossier, key: str, content: Mapping[str, str]) -> list[DraftDifference]:
    """Return where a draft departs from the declared values, in the order of the result's fields.

    Only fields that an answer fills are compared; case counts, spaces do not. A field that the applicant left
    empty has nothing to differ from.
    """
    template = dossier.version.parts.result_of(key)
    asked = [
        field
        for field in template.fields
        if field.source
        and field.kind not in WRITTEN_BY_SYSTEM
        and value_at(dossier.data, field.source) not in (None, "", [], {})
    ]
    if not asked:
        return []
    now = dossier.submitted_at.astimezone(VIETNAM)
    first = content_from(dossier.version.parts, dossier.data, key, today=now.date())
    declared = tidy_content(template, first, now=now)
    drafted = tidy_content(template, content, now=now)
    return [
        DraftDifference(field.name, field.label, drafted.get(field.name, ""), declared[field.name])
        for field in asked
        if _plain(drafted.get(field.name, "")) != _plain(declared[field.name])
    ]


def _plain(words: str) -> str:
    return " ".join(words.split())

"""Drafts that can be signed: what the official writes where the form gives nothing, by the kind of field."""

import datetime as dt
from collections.abc import Mapping

from dinh.onestop.models import Dossier
from dinh.onestop.public import draft_errors, first_content
from dinh.onestop.queries.result_drafts import papers_to_print

# The day on which the tests live; see NOW.
TODAY = dt.date(2026, 11, 16)

WRITTEN: Mapping[str, str] = {
    "date": "31/12/2030",
    "whole": "2",
    "number": "1,5",
    "money": "500.000",
    "month": "12/2026",
    "identity_number": "099200000001",
}

# Where a line knows more than its kind: a person's name, a sum that is not too small.
ALSO_WRITTEN = ("Nguyễn Văn Thử", "5000000")


def whole_content(dossier: Dossier, key: str = "", *, today: dt.date = TODAY) -> dict[str, str]:
    """The draft as it begins, with what only the specialist knows written in."""
    content = first_content(dossier, key, today=today)
    template = dossier.version.parts.result_of(key)
    wrong = {error.path for error in draft_errors(template, content, dossier, today=today)}
    for field in template.fields:
        if field.name not in wrong:
            continue
        if field.kind == "choice":
            content[field.name] = field.choices[0]
        elif field.kind == "paper":
            content[field.name] = papers_to_print(dossier)[0][0]
        else:
            for written in (WRITTEN.get(field.kind, f"Đã ghi: {field.name}"), *ALSO_WRITTEN):
                content[field.name] = written
                again = draft_errors(template, content, dossier, today=today)
                if field.name not in {error.path for error in again}:
                    break
    return content

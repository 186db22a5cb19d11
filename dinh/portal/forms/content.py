"""The editors' form: what was typed, read into a seed, each fault at its place."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from dinh.foundation.actions.public import Actor
from dinh.foundation.files.public import DOCUMENTS, PICTURES, store
from dinh.kernel.dates import read_date
from dinh.kernel.errors import N_, Refused
from dinh.portal.public import ContentSeed

__all__ = ["PICTURE_LIMIT", "ContentForm", "DateUnreadable", "MomentUnreadable", "read_moment"]

# A picture is read on slow lines too.
PICTURE_LIMIT = 400 * 1024
_PICTURE = replace(PICTURES, size=PICTURE_LIMIT)

TEXTS = (
    "title", "lead", "body", "title_en", "lead_en", "body_en", "topic", "picture_alt", "picture_alt_en",
    "creator", "contributors", "subjects", "source", "document_number", "document_type", "issued_by",
)  # fmt: skip
DATES = ("issued_on", "effective_on", "ended_on")
MOMENTS = ("shows_from", "shows_until")
FILES = {"picture": "picture_id", "attachment": "attachment_id"}


class DateUnreadable(Refused):
    message = N_("Hãy nhập ngày dạng 21/11/2026.")


class MomentUnreadable(Refused):
    message = N_("Hãy nhập giờ và ngày dạng 08:00 21/11/2026.")


def read_moment(text: str) -> dt.datetime | None:
    """Return the moment of ``08:00 21/11/2026`` in the province's time; None when it is none."""
    clock, _, day = text.strip().partition(" ")
    on = read_date(day)
    try:
        at = dt.time.fromisoformat(clock.zfill(5))
    except ValueError:
        return None
    if on is None or not 2000 <= on.year <= 2200:
        return None
    return timezone.make_aware(dt.datetime.combine(on, at.replace(second=0, microsecond=0, tzinfo=None)))


@dataclass(slots=True)
class ContentForm:
    """A sent form. ``values`` is what was typed, ``errors`` what is wrong by field, ``seed`` the rest."""

    values: dict[str, Any]
    errors: dict[str, Refused] = field(default_factory=dict)
    seed: ContentSeed = field(default_factory=ContentSeed)

    @classmethod
    def read(
        cls, sent: Mapping[str, str], files: Mapping[str, UploadedFile], *, before: Any | None, by: Actor
    ) -> "ContentForm":
        """Read what was sent; new files are stored, those of ``before`` kept unless they are dropped."""
        form = cls({name: sent.get(name, "") for name in (*TEXTS, *DATES, *MOMENTS, "slug", "is_urgent")})
        given: dict[str, Any] = {name: form.values[name] for name in TEXTS}
        given |= {name: form._date(name) for name in DATES}
        given |= {name: form._moment(name) for name in MOMENTS}
        for name, column in FILES.items():
            kept = (
                getattr(before, column, None) if before is not None and not sent.get(f"drop_{name}") else None
            )
            given[column] = form._stored(name, files.get(name), by) or kept
        form.seed = ContentSeed(**given, is_urgent=bool(form.values["is_urgent"]))
        return form

    def _date(self, name: str) -> dt.date | None:
        typed = self.values[name].strip()
        on = read_date(typed)
        if typed and on is None:
            self.errors[name] = DateUnreadable(field=name)
        return on

    def _moment(self, name: str) -> dt.datetime | None:
        typed = self.values[name].strip()
        at = read_moment(typed)
        if typed and at is None:
            self.errors[name] = MomentUnreadable(field=name)
        return at

    def _stored(self, name: str, upload: UploadedFile | None, by: Actor) -> UUID | None:
        if upload is None:
            return None
        limits = _PICTURE if name == "picture" else DOCUMENTS
        try:
            return store(upload, name=upload.name or "", by=by, limits=limits).pk
        except Refused as refused:
            self.errors[name] = refused
            return None

"""The form of a consultation: what was typed, read into a seed, each fault at its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from dinh.foundation.actions.public import Actor
from dinh.foundation.files.public import Limits, store
from dinh.kernel.dates import read_date
from dinh.kernel.errors import N_, Refused
from dinh.kernel.ids import read_uuid
from dinh.portal.forms.content import DateUnreadable
from dinh.portal.public import ConsultationSeed

__all__ = ["DRAFT_FILE", "ConsultationForm"]

DRAFT_FILE = Limits(frozenset({"pdf"}), N_("PDF"))
TEXTS = ("title", "title_en", "lead", "body", "ground")
DATES = ("opens_on", "closes_on")


@dataclass(slots=True)
class ConsultationForm:
    """A sent form: ``values`` as typed, ``errors`` by field, ``seed`` what the verb takes."""

    values: dict[str, Any]
    seed: ConsultationSeed
    errors: dict[str, Refused] = field(default_factory=dict)

    @classmethod
    def read(
        cls, sent: Mapping[str, str], files: Mapping[str, UploadedFile], *, before: Any | None, by: Actor
    ) -> "ConsultationForm":
        """Read what was sent; a new file is stored, that of ``before`` kept otherwise."""
        values: dict[str, Any] = {name: sent.get(name, "") for name in (*TEXTS, *DATES, "agency")}
        errors: dict[str, Refused] = {}
        dates: dict[str, Any] = {}
        for name in DATES:
            dates[name] = read_date(values[name])
            if values[name].strip() and dates[name] is None:
                errors[name] = DateUnreadable(field=name)
        file_id, upload = getattr(before, "file_id", None), files.get("file")
        if upload is not None:
            try:
                file_id = store(upload, name=upload.name or "", by=by, limits=DRAFT_FILE).pk
            except Refused as refused:
                errors["file"] = refused
        given: dict[str, Any] = {name: values[name] for name in TEXTS} | dates
        seed = ConsultationSeed(agency_id=read_uuid(values["agency"]), file_id=file_id, **given)
        return cls(values, seed, errors)

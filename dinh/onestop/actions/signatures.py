"""How papers are signed: results by a person and then the agency, all others by the desk."""

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import document_place
from dinh.foundation.files.public import open_content
from dinh.foundation.signing.public import (
    AgencySeal,
    HandSignature,
    NumberFields,
    PaperFields,
    Unseen,
    fill_number,
    key_of,
    picture_of,
    prepare_pdf,
    seal_pdf,
    sign_pdf,
)
from dinh.foundation.ui.public import RenderedPaper
from dinh.kernel.dates import place_and_date
from dinh.kernel.errors import NotAllowed
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, Paper, Result

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = [
    "number_and_seal",
    "number_and_seal_file",
    "seal_by_desk",
    "seal_copy",
    "seal_letter",
    "seal_picture",
    "seal_sheet",
    "sign_by_person",
]


def sign_by_person(rendered: RenderedPaper, *, reason: str, by: Actor, now: dt.datetime) -> bytes:
    """Declare what comes later (number, date, seal), then sign with the signer's own key."""
    if by.person_id is None:
        raise NotAllowed
    place = rendered.place("signature")
    named = next((one for one in rendered.places if one.name == "refers"), None)
    fields = PaperFields(
        signers=(place,),
        agency=place,
        numbers=NumberFields(number=rendered.place("number"), date=rendered.place("date"), refers=named),
    )
    key = key_of("person", by.person_id, owner=by.name, at=now)
    return sign_pdf(
        prepare_pdf(rendered.content, fields=fields),
        key=key,
        appearance=HandSignature(image=picture_of(key, name=by.name)),
        reason=reason,
        at=now,
        by=by,
    )


def number_and_seal(result: Result, *, first: Result, reason: str, by: Actor, now: dt.datetime) -> bytes:
    """Fill in number and date, then close the paper with the agency's seal; the person's signature stays.

    ``first`` is the dossier's first result, numbered already: an extract names its number and day.
    """
    assert result.issued_on is not None and first.issued_on is not None
    return number_and_seal_file(
        result.file_id,  # type: ignore[arg-type]
        agency=result.dossier.agency,
        number=result.number,
        on=result.issued_on,
        refers=f"{first.number}, ngày {first.issued_on:%d/%m/%Y}",  # data: papers are Vietnamese
        reason=reason,
        by=by,
        now=now,
    )


def number_and_seal_file(
    file_id: UUID,
    *,
    agency: "Unit",
    number: str,
    on: dt.date,
    refers: str = "",
    reason: str,
    by: Actor,
    now: dt.datetime,
) -> bytes:
    """Give number and date to a kept file that a person has signed, then the agency's seal.

    ``refers``: number and day of the paper that this one names, where it has a place for them.
    """
    key = key_of("agency", agency.id, owner=agency.name, at=now)
    with open_content(file_id) as stream:
        signed = stream.read()
    numbered = _numbered(signed, agency, number, on, refers)
    above = agency.parent.name if agency.parent else ""
    return sign_pdf(
        numbered,
        key=key,
        appearance=AgencySeal(image=picture_of(key, name=agency.name, above=above)),
        reason=reason,
        at=now,
        by=by,
    )


def _numbered(signed: bytes, agency: "Unit", number: str, on: dt.date, refers: str = "") -> bytes:
    line = f"Số: {number}"  # data: papers are Vietnamese
    return fill_number(signed, number=line, date=place_and_date(document_place(agency), on), refers=refers)


def seal_picture(agency: "Unit", *, now: dt.datetime) -> bytes:
    """The PNG of an agency's seal, for a stamp that is drawn. Raises ``NoKey``, ``NoPicture``."""
    above = agency.parent.name if agency.parent else ""
    return picture_of(key_of("agency", agency.id, owner=agency.name, at=now), name=agency.name, above=above)


def seal_copy(pdf: bytes, *, agency: "Unit", reason: str, by: Actor, now: dt.datetime) -> bytes:
    """Close a stamped copy with the agency's key; what is seen of it is the stamp. Raises ``NoKey``."""
    key = key_of("agency", agency.id, owner=agency.name, at=now)
    return seal_pdf(pdf, key=key, appearance=Unseen(), reason=reason, at=now, by=by)


def seal_letter(paper: Paper, *, reason: str, by: Actor, now: dt.datetime) -> bytes:
    """Give number and date to a letter that a person has signed, and close it with the desk's seal."""
    dossier: Dossier = paper.dossier
    desk = dossier.reception_unit
    with open_content(paper.file_id) as stream:  # type: ignore[arg-type]
        signed = stream.read()
    numbered = _numbered(signed, dossier.agency, paper.number, paper.asked_at.astimezone(VIETNAM).date())
    key = key_of("desk", desk.id, owner=desk.name, at=now)
    image = picture_of(key, name=dossier.agency.name, above=desk.short_name or desk.name)
    seal = AgencySeal(image=image, seal_mm=22)
    return sign_pdf(numbered, key=key, appearance=seal, reason=reason, at=now, by=by)


def seal_sheet(
    rendered: RenderedPaper, *, desk: "Unit", agency: "Unit", reason: str, by: Actor, now: dt.datetime
) -> bytes:
    """Close a sheet about many dossiers with the desk's key and seal. Raises ``NoKey``."""
    key = key_of("desk", desk.id, owner=desk.name, at=now)
    image = picture_of(key, name=agency.name, above=desk.short_name or desk.name)
    seal = AgencySeal(image=image, place=rendered.place("seal"), seal_mm=22)
    return seal_pdf(rendered.content, key=key, appearance=seal, reason=reason, at=now, by=by)


def seal_by_desk(paper: Paper, rendered: RenderedPaper, *, reason: str, by: Actor, now: dt.datetime) -> bytes:
    """Close a paper of the desk with the desk's own key and seal."""
    dossier: Dossier = paper.dossier
    desk = dossier.reception_unit
    key = key_of("desk", desk.id, owner=desk.name, at=now)
    seal = AgencySeal(
        image=picture_of(key, name=dossier.agency.name, above=desk.short_name or desk.name),
        place=rendered.place("seal"),
        seal_mm=22,
    )
    return seal_pdf(rendered.content, key=key, appearance=seal, reason=reason, at=now, by=by)

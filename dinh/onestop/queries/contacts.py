"""Whom to tell about a dossier."""

import datetime as dt
import textwrap
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import Actor, FixedQuery
from dinh.foundation.directory.public import people_with_role, signers_of
from dinh.kernel.dates import written_moment
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, Representation
from dinh.onestop.permissions import CORRECT_CONTACT
from dinh.onestop.rules.corrections import CORRECTABLE

__all__ = [
    "DossierContact",
    "RepresentationContact",
    "contact_of",
    "sides_of",
    "clerks_of",
    "may_correct_contact",
    "people_to_sign",
]


# Letters of a procedure's name in a message: with its code and a sentence, two short messages hold it.
NAME_SHOWN = 60


@dataclass(frozen=True, slots=True)
class DossierContact:
    """The applicant of a dossier, and where they read about it. ``due`` is written out.

    ``dossier_words`` is how a message names it: by its procedure, and by its code.

    ``link`` leads to all of it and asks for the account; ``follow`` shows anybody with the code how far it
    is and nothing else (TT 01/2018 Art. 16.2), so it may stand on a phone that others hold.

    ``representative_id`` stands for the applicant today and follows the dossier beside them.
    """

    dossier: Dossier
    person_id: UUID | None
    representative_id: UUID | None
    name: str
    email: str
    phone: str
    code: str
    dossier_words: str
    due: str
    link: str
    follow: str


_DOSSIER: FixedQuery[Dossier] = FixedQuery(
    lambda dossier_id: Dossier.objects.filter(pk=dossier_id).select_related("procedure").order_by(),
    dossier_id=UUID,
)


def contact_of(dossier_id: UUID) -> DossierContact:
    """Return whom to tell about a dossier. Raises ``NotFound``."""
    dossier = _DOSSIER.first(dossier_id=dossier_id)
    if dossier is None:
        raise NotFound
    representative_id = _representative_of(dossier)
    has_account = dossier.owner_id or representative_id
    follow = f"/tra-cuu/?ma={dossier}"
    link = f"/ho-so-cua-toi/{dossier.pk}/" if has_account else follow
    return DossierContact(
        dossier=dossier,
        person_id=dossier.owner_id,
        representative_id=representative_id,
        name=dossier.applicant_name,
        email=dossier.applicant_email,
        phone=dossier.applicant_phone,
        code=str(dossier),
        dossier_words=f"{_brief(dossier.procedure.short_name)} ({dossier})",
        due=written_moment(dossier.due_at),
        link=link,
        follow=follow,
    )


def may_correct_contact(by: Actor, dossier: Dossier) -> bool:
    """Whether the reader may correct where the applicant of this dossier is reached."""
    return by.kind == "official" and dossier.state in CORRECTABLE and CORRECT_CONTACT.may(by, dossier)


def _brief(name: str) -> str:
    """A procedure's name as a short message has room for: at most ``NAME_SHOWN`` letters, cut at a word."""
    return textwrap.shorten(name, NAME_SHOWN, placeholder="…")


def _representative_of(dossier: Dossier) -> UUID | None:
    if dossier.representation_id is None:
        return None
    standing = Representation.objects.filter(pk=dossier.representation_id).standing(timezone.localdate())
    return standing.values_list("person_id", flat=True).first()


@dataclass(frozen=True, slots=True)
class RepresentationContact:
    """The two sides of a representation; ``principal_id`` None: a business, or nobody that we know."""

    representation: Representation
    person_id: UUID
    person_name: str
    principal_id: UUID | None
    name: str


def sides_of(representation_id: UUID) -> RepresentationContact:
    """Return whom to tell about a representation. Raises ``NotFound``."""
    row = existing(Representation.objects.select_related("person").filter(pk=representation_id).first())
    return RepresentationContact(row, row.person_id, row.person.full_name, row.principal_id, row.name)


def people_to_sign(dossier: Dossier, *, now: dt.datetime) -> list[UUID]:
    """Return the people who may sign for the dossier's agency today, each once."""
    matter = dossier.version.parts.result.matter
    held = signers_of(dossier.agency_id, now.astimezone(VIETNAM).date(), matter)
    return list(dict.fromkeys(one.person_id for one in held))


def clerks_of(dossier: Dossier) -> list[UUID]:
    """Return the people of the desk that received the dossier, each once."""
    role = dossier.version.parts.first_step.role
    held = people_with_role(dossier.reception_unit_id, role)
    return list(dict.fromkeys(one.person_id for one in held if one.unit_id == dossier.reception_unit_id))

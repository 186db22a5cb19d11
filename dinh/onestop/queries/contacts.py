"""Whom to tell about a dossier."""

from dataclasses import dataclass
from uuid import UUID

from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier

__all__ = ["DossierContact", "contact_of"]


@dataclass(frozen=True, slots=True)
class DossierContact:
    """The applicant of a dossier, and where they read about it. ``due`` is written out."""

    dossier: Dossier
    person_id: UUID | None
    name: str
    email: str
    phone: str
    code: str
    due: str
    link: str


def contact_of(dossier_id: UUID) -> DossierContact:
    """Return whom to tell about a dossier."""
    dossier = Dossier.objects.get(pk=dossier_id)
    link = f"/ho-so-cua-toi/{dossier.pk}/" if dossier.owner_id else f"/tra-cuu/?ma={dossier}"
    return DossierContact(
        dossier=dossier,
        person_id=dossier.owner_id,
        name=dossier.applicant_name,
        email=dossier.applicant_email,
        phone=dossier.applicant_phone,
        code=str(dossier),
        due=f"{dossier.due_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if dossier.due_at else "",
        link=link,
    )

"""Whom to tell about a dossier."""

from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.public import FixedQuery
from dinh.kernel.errors import NotFound
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


_DOSSIER: FixedQuery[Dossier] = FixedQuery(
    lambda dossier_id: Dossier.objects.filter(pk=dossier_id).order_by(), dossier_id=UUID
)


def contact_of(dossier_id: UUID) -> DossierContact:
    """Return whom to tell about a dossier. Raises ``NotFound``."""
    dossier = _DOSSIER.first(dossier_id=dossier_id)
    if dossier is None:
        raise NotFound
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

"""Papers that lie at the agency without the scan that a result is printed with."""

from collections.abc import Sequence

from dinh.onestop.models import Dossier, DossierPart
from dinh.onestop.rules.result_fields import scanned_documents

__all__ = ["unscanned_parts"]


def unscanned_parts(dossier: Dossier) -> Sequence[DossierPart]:
    """Return a dossier's papers whose file a result needs and that were taken in on paper only."""
    keys = [document.key for document in scanned_documents(dossier.version.parts)]
    if not keys:
        return []
    return list(
        DossierPart.objects.filter(dossier=dossier, replaced_at=None, file=None, document_key__in=keys)
    )

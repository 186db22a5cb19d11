"""What was declared at the desk, on paper: the person reads it and signs, without a phone of their own."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dinh.foundation.actions.public import Request, route
from dinh.onestop.public import READ_DOSSIER, access_dossier, dossier_card

__all__ = ["declaration"]


@route(who="official", permission=READ_DOSSIER)
def declaration(request: Request, dossier_id: UUID) -> HttpResponse:
    """The answers and the papers handed in, as a page to print."""
    row = access_dossier(request.by, dossier_id)
    card = dossier_card(row, by=request.by, now=timezone.now())
    names = {document.key: document.name for document in card.definition.documents}
    given = [names.get(part.document_key, part.document_key) for part in card.parts if not part.replaced_at]
    return render(
        request,
        "workspace/declaration.html",
        {"dossier": row, "card": card, "code": str(row), "given": list(dict.fromkeys(given))},
    )

"""Scans of papers at a desk: stored as they come, carried by the form when it comes back."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request
from dinh.foundation.files.public import PAPERS, Held, describe, get_file, held, hold, store
from dinh.kernel.errors import Refused
from dinh.workspace.views.dossiers import str_of

__all__ = ["scan_values", "scans_of", "take_scans"]


def take_scans(request: Request, place: str, documents: Iterable[Any]) -> list[tuple[str, str]]:
    """Store what was chosen and let the form carry it from now on, as far as the clerk does not drop it.

    Returns what was refused: the name of the input and the sentence.
    """
    typed, refusals = request.POST.copy(), []
    dropped = typed.get("remove", "")
    typed.setlist("kept", [token for token in typed.getlist("kept") if token != dropped])
    for document in documents:
        name = f"paper-{document.key}"
        for upload in request.FILES.getlist(name):
            try:
                file = store(upload, name=upload.name or "", by=request.by, limits=PAPERS)
            except Refused as refused:
                refusals.append((name, str_of(refused)))
            else:
                typed.appendlist("kept", hold(_owned(request, place), document.key, file.id).token)
    request.POST = typed  # type: ignore[assignment]
    return refusals


def scans_of(request: Request, place: str) -> dict[str, list[Held]]:
    """Return the scans that the form carries, by paper."""
    found: dict[str, list[Held]] = {}
    for one in held(_owned(request, place), request.POST.getlist("kept")):
        found.setdefault(one.key, []).append(one)
    return found


def scan_values(scans: Iterable[Held]) -> list[dict[str, Any]]:
    """What ``ui.upload`` shows of scans that the form carries."""
    return [
        {
            "name": card.name,
            "size": card.size,
            "address": "",
            "kept": one.token,
            "remove": one.token,
            "state": "good",
            "state_label": _("Đã giữ"),
        }
        for one in scans
        for card in [describe(get_file(one.file_id))]
    ]


def _owned(request: Request, place: str) -> str:
    return f"{place}/{request.by.account_id}"

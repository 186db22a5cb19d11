"""All papers of one's own dossier in one file."""

import shutil
import tempfile
import zipfile
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import open_content
from dinh.onestop.public import ArchiveTooLarge, archive_of
from dinh.portal.views.screen import sentence

__all__ = ["whole_dossier"]

_IN_MEMORY = 4 * 1024 * 1024


@never_cache
@route(who="citizen")
def whole_dossier(request: Request, dossier_id: UUID) -> HttpResponseBase:
    """Download the papers given, the papers issued and the result; packed on disk, never in memory."""
    try:
        archive = archive_of(request.by, dossier_id)
    except ArchiveTooLarge as refused:
        messages.error(request, sentence(refused))
        return redirect("portal:dossier", dossier_id=dossier_id)
    packed = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the response closes it
    # PDF and pictures are compressed already: storing costs no time.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        for name, file in archive.files:
            with open_content(file.pk) as content, target.open(name, "w") as place:
                shutil.copyfileobj(content, place)
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename=f"ho-so-{archive.code}.zip")

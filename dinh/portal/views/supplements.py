"""The answer to a request to complete a dossier: the papers that it names, and words."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import Held, held, hold, size_in_words
from dinh.kernel.errors import NotFound, Refused
from dinh.onestop.public import NewPart, access_dossier, dossier_card, give_supplement
from dinh.portal.views.papers import accept_of, take_in
from dinh.portal.views.pieces import sent_file
from dinh.portal.views.screen import held_values, plain_text, sentence, show
from dinh.sso.public import kept_values

if TYPE_CHECKING:
    from dinh.onestop.models import Dossier
    from dinh.onestop.public import DossierCard
    from dinh.onestop.rules.definition import Document

__all__ = ["supplement", "upload"]


@route(who="citizen")
def supplement(request: Request, dossier_id: UUID) -> HttpResponse:
    """What is asked, paper by paper, and the form that answers it."""
    row = access_dossier(request.by, dossier_id)
    card = dossier_card(row, by=request.by, now=timezone.now())
    if card.open_supplement is None:
        messages.info(request, _("Hồ sơ này không còn chờ bổ sung."))
        return redirect("portal:dossier", dossier_id=row.id)
    if request.method != "POST":
        typed: Any = kept_values(request) or {}
        return _page(request, row, card, files=[], note=typed.get("note", ""), errors={})
    note = plain_text(request.POST.get("note"), most=2000)
    files = held(_place(row), request.POST.getlist("kept"))
    if "remove" in request.POST:
        files = [one for one in files if one.token != request.POST["remove"]]
        return _page(request, row, card, files=files, note=note, errors={})
    fresh, errors = _taken_in(request, row, card)
    files += fresh
    errors = errors or _missing(card, files, note)
    if errors or "them" in request.POST:
        return _page(request, row, card, files=files, note=note, errors=errors, status=422 if errors else 200)
    try:
        give_supplement(
            row,
            parts=[NewPart(document_key=one.key, file_id=one.file_id) for one in files],
            note=note,
            by=request.by,
            now=timezone.now(),
        )
    except Refused as refused:
        return _page(request, row, card, files=files, note=note, errors={"": sentence(refused)}, status=409)
    messages.success(request, _("Đã gửi bổ sung. Cơ quan sẽ giải quyết tiếp."))
    return redirect("portal:dossier", dossier_id=row.id)


@require_POST
@route(who="citizen")
def upload(request: Request, dossier_id: UUID, key: str) -> HttpResponseBase:
    """Take one file in for one paper (a script sends it); the answer is its line, or a sentence."""
    row = access_dossier(request.by, dossier_id)
    card = dossier_card(row, by=request.by, now=timezone.now())
    document = next((one for one in _asked(card) if one.key == key), None)
    if document is None:
        raise NotFound
    try:
        with sent_file(request) as sent:
            if sent is None:
                return _plain(_("Chưa có tệp nào được gửi. Hãy chọn tệp rồi thử lại."))
            file = take_in(request, sent, document)
    except Refused as refused:
        return _plain(sentence(refused))
    return render(request, "portal/_file.html", {"file": held_values(hold(_place(row), key, file.id))})


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")


def _asked(card: "DossierCard") -> list["Document"]:
    """The papers that the request names, each once; all uploads of the procedure when it names none."""
    opened = card.open_supplement
    named = {document.key: document for document in opened.documents} if opened else {}
    return [document for document in named.values() if document.origin == "upload"]


def _place(row: "Dossier") -> str:
    return f"supplement/{row.id}"


def _taken_in(request: Request, row: "Dossier", card: "DossierCard") -> tuple[list[Held], dict[str, str]]:
    taken: list[Held] = []
    errors: dict[str, str] = {}
    for document in _asked(card):
        for sent in request.FILES.getlist(document.key):
            try:
                file = take_in(request, sent, document)
            except Refused as refused:
                errors.setdefault(document.key, sentence(refused))
            else:
                taken.append(hold(_place(row), document.key, file.id))
    return taken, errors


def _missing(card: "DossierCard", files: list[Held], note: str) -> dict[str, str]:
    """Each paper that is asked needs a file, unless the applicant writes why there is none."""
    if note:
        return {}
    given = {one.key for one in files}
    missing = {
        document.key: _("Chưa có tệp cho “%(name)s”. Hãy tải tệp lên, hoặc ghi lý do chưa có ở ô giải trình.")
        % {"name": document.name}
        for document in _asked(card)
        if document.key not in given
    }
    if not missing and not files:
        return {"note": _("Hãy ghi nội dung bổ sung, để cán bộ biết Ông/Bà đã làm gì.")}
    return missing


def _page(
    request: Request,
    row: "Dossier",
    card: "DossierCard",
    *,
    files: list[Held],
    note: str,
    errors: dict[str, str],
    status: int = 200,
) -> HttpResponse:
    opened = card.open_supplement
    names = {document.key: document.name for document in card.definition.documents}
    assert opened is not None
    return show(
        request,
        "supplement.html",
        {
            "code": str(row),
            "name": row.procedure.short_name,
            "asked_at": opened.asked_at,
            "answer_by": opened.answer_by,
            "reason": opened.reason,
            "contact": opened.contact,
            "items": [
                {"paper": names.get(item.get("document", ""), ""), "text": item["text"]}
                for item in opened.items
            ],
            "documents": [
                {
                    "key": document.key,
                    "name": document.name,
                    "help": " ".join(
                        item["text"] for item in opened.items if item.get("document") == document.key
                    ),
                    "several": document.several,
                    "accept": accept_of(document),
                    "error": errors.get(document.key, ""),
                    "upload": reverse(
                        "portal:supplement-upload", kwargs={"dossier_id": row.id, "key": document.key}
                    ),
                    "files": [held_values(one) for one in files if one.key == document.key],
                }
                for document in _asked(card)
            ],
            "limit": size_in_words(settings.FILE_SIZE_LIMIT),
            "note": note,
            "errors": errors,
            "back": reverse("portal:dossier", kwargs={"dossier_id": row.id}),
        },
        status=status,
    )

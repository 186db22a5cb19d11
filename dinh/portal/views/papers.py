"""The papers of a draft: uploaded one by one or with the form, looked at, taken away again."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import (
    PAPERS,
    Limits,
    describe,
    open_content,
    size_in_words,
    store,
)
from dinh.foundation.signing.public import latest_reports, store_report, validate_pdf
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.onestop.public import (
    attach_paper,
    draft_papers,
    is_alike,
    offers_for,
    remove_paper,
    required_documents,
    reuse_paper,
)
from dinh.portal.views.drafts import CHECK, of_open_draft
from dinh.portal.views.own_papers import kept_values
from dinh.portal.views.pieces import sent_file
from dinh.portal.views.screen import file_values, sentence, show

if TYPE_CHECKING:
    from dinh.foundation.files.models import File
    from dinh.onestop.models import Draft
    from dinh.onestop.rules.definition import Document

__all__ = ["accept_of", "limits_of", "papers", "take_in", "upload"]

WITH_DOCX = Limits(frozenset({*PAPERS.kinds, "docx"}), N_("PDF, DOCX, ảnh JPEG, ảnh PNG"))


def limits_of(document: "Document") -> Limits:
    """What a paper may be: PDF and pictures, and DOCX where the procedure takes it."""
    return WITH_DOCX if "docx" in document.accept else PAPERS


def accept_of(document: "Document") -> str:
    """The endings that the browser offers; rarer ones of the same kinds are taken, too."""
    return ".pdf,.jpg,.jpeg,.png" + (",.docx" if "docx" in document.accept else "")


def take_in(request: Request, upload: Any, document: "Document") -> "File":
    """Store one upload and look at its signatures. Raises ``FileRefused`` with the sentence to show."""
    file = store(upload, name=upload.name or "", by=request.by, limits=limits_of(document))
    if file.media_type == "application/pdf":
        with open_content(file.id) as stream:
            content = stream.read()
        # A PDF without the mark of a signature is not opened (see ``check_upload_signatures``).
        if b"/ByteRange" in content:
            store_report(validate_pdf(content, now=timezone.now()), by=request.by)
    return file


@route(who="citizen")
@of_open_draft
def papers(request: Request, row: "Draft") -> HttpResponse:
    """The papers that these answers ask for, each with its uploads; every refusal at its paper."""
    if request.method != "POST":
        return _page(request, row, _missing(row) if "loi" in request.GET else {})
    if "remove" in request.POST:
        remove_paper(row, draft_file_id=_id(request.POST["remove"]), by=request.by, now=timezone.now())
        return redirect(request.get_full_path())
    errors = _reuse(request, row) if "reuse" in request.POST else {}
    for document in row.version.parts.documents:
        for upload in request.FILES.getlist(document.key):
            try:
                _attach(request, row, document, upload)
            except Refused as refused:
                errors.setdefault(document.key, sentence(refused))
    if not errors and "reuse" in request.POST:
        return redirect(f"{request.get_full_path()}#f-{request.POST['reuse'].partition('|')[0]}")
    if not errors and "them" in request.POST:
        return redirect(request.get_full_path())
    if not errors and "sau" in request.POST:
        return redirect("portal:draft", draft_id=row.id)
    errors = errors or _missing(row)
    if errors:
        return _page(request, row, errors, status=422)
    return redirect("portal:check", draft_id=row.id)


def _reuse(request: Request, row: "Draft") -> dict[str, str]:
    """Use a paper of the own store at the paper whose button was pressed: ``<key>|<kind>:<id>``."""
    key, _bar, ref = request.POST["reuse"].partition("|")
    try:
        reuse_paper(row, document_key=key, ref=ref, by=request.by, now=timezone.now())
    except Refused as refused:
        return {key: sentence(refused)}
    return {}


@require_POST
@route(who="citizen")
@of_open_draft
def upload(request: Request, row: "Draft", *, key: str) -> HttpResponseBase:
    """Take one file in for one paper (a script sends it); the answer is its line, or a sentence."""
    document = _document(row, key)
    try:
        with sent_file(request) as sent:
            if sent is None:
                return _plain(_("Chưa có tệp nào được gửi. Hãy chọn tệp rồi thử lại."))
            attached, file = _attach(request, row, document, sent)
    except Refused as refused:
        return _plain(sentence(refused))
    reports = latest_reports([file.sha256])
    values = file_values(
        describe(file),
        address=_file_address(attached.id),
        remove=str(attached.id),
        report=reports.get(file.sha256),
    )
    return render(request, "portal/_file.html", {"file": values})


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")


def _attach(request: Request, row: "Draft", document: "Document", upload: Any) -> tuple[Any, "File"]:
    """Store and attach; where only one file is taken, it replaces the one before."""
    file = take_in(request, upload, document)
    now = timezone.now()
    before = (
        [] if document.several else [one for one in draft_papers(row) if one.document_key == document.key]
    )
    attached = attach_paper(row, document_key=document.key, file_id=file.id, by=request.by, now=now)
    for one in before:
        remove_paper(row, draft_file_id=one.id, by=request.by, now=now)
    return attached, file


def _document(row: "Draft", key: str) -> "Document":
    for document in row.version.parts.documents:
        if document.key == key and document.origin == "upload":
            return document
    raise NotFound


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _missing(row: "Draft") -> dict[str, str]:
    given = {paper.document_key for paper in draft_papers(row)}
    return {
        document.key: _("Còn thiếu “%(name)s”. Hãy tải lên ảnh chụp hoặc bản quét của giấy tờ này.")
        % {"name": document.name}
        for document in required_documents(row.version.parts, row.data)
        if document.key not in given
    }


def _page(request: Request, row: "Draft", errors: dict[str, str], *, status: int = 200) -> HttpResponse:
    given = draft_papers(row)
    offers = offers_for(row, by=request.by, now=timezone.now())
    reports = latest_reports([one.file.sha256 for one in given if one.file.media_type == "application/pdf"])
    needed = {document.key for document in required_documents(row.version.parts, row.data)}
    to_check = request.GET.get("ve") == CHECK
    return show(
        request,
        "papers.html",
        {
            "name": row.version.parts.short_name,
            "documents": [
                {
                    "key": document.key,
                    "name": document.name,
                    "help": document.help,
                    "optional": document.key not in needed,
                    "several": document.several,
                    "accept": accept_of(document),
                    "error": errors.get(document.key, ""),
                    "upload": reverse("portal:upload", kwargs={"draft_id": row.id, "key": document.key}),
                    "offers": _offers(offers.get(document.key, ()), document, given),
                    "files": [
                        file_values(
                            one.file,
                            address=_file_address(one.id),
                            remove=str(one.id),
                            report=reports.get(one.file.sha256),
                            reused_from=one.reused_from,
                        )
                        for one in given
                        if one.document_key == document.key
                    ],
                }
                for document in row.version.parts.documents
                if _is_asked(document, needed, {one.document_key for one in given})
            ],
            "errors": list(errors.items()),
            "limit": size_in_words(settings.FILE_SIZE_LIMIT),
            "to_check": to_check,
            "back": reverse("portal:check" if to_check else "portal:draft", kwargs={"draft_id": row.id}),
        },
        status=status,
    )


def _offers(offered: Any, document: "Document", given: Any) -> dict[str, list[dict[str, Any]]]:
    """Papers of the own store that may stand here instead of an upload, but those that stand here already:
    ``alike`` the paper that is asked for, and ``others``.
    """
    here = {one.file.id for one in given if one.document_key == document.key}
    found: dict[str, list[dict[str, Any]]] = {"alike": [], "others": []}
    for paper in offered:
        if paper.file.id not in here:
            group = "alike" if is_alike(paper, document.key, document.name) else "others"
            found[group].append({**kept_values(paper), "use": f"{document.key}|{paper.ref}"})
    return found


def _is_asked(document: "Document", needed: set[str], given: set[str]) -> bool:
    """Papers whose condition does not hold stay away, unless something was uploaded there before."""
    if document.origin != "upload":
        return False
    return document.key in needed or document.optional or document.key in given


def _file_address(draft_file_id: UUID) -> str:
    return reverse("portal:draft-file", kwargs={"draft_file_id": draft_file_id})

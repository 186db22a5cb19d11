"""Whether a result is real: signatures read in words, the content compared with what was issued."""

import hashlib
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import open_content, size_in_words
from dinh.foundation.signing.public import report_in_words, validate_pdf
from dinh.kernel.errors import N_, Refused
from dinh.onestop.public import (
    access_dossier,
    access_result_file,
    find_issued_report,
    find_issued_results,
    find_paper_of_file,
    find_result_of_file,
    paper_label,
)
from dinh.portal.views.screen import code_in, sentence, show
from dinh.sso.public import TooManyLookups, count_lookup

if TYPE_CHECKING:
    from dinh.onestop.public import IssuedResult

__all__ = ["check_result", "own_signatures"]


@never_cache
@route(who="citizen")
def own_signatures(request: Request, dossier_id: UUID, result_id: UUID | None = None) -> HttpResponse:
    """The signatures of one's own result (without its identifier: of the first), in words."""
    row = access_dossier(request.by, dossier_id)
    file = access_result_file(request.by, dossier_id, result_id)
    with open_content(file.id) as stream:
        report = validate_pdf(stream.read(), now=timezone.now())
    return show(
        request,
        "signatures.html",
        {
            "code": str(row),
            "name": row.procedure.short_name,
            "file_name": file.name,
            "report": report_in_words(report),
            "back": reverse("portal:dossier", kwargs={"dossier_id": dossier_id}),
        },
    )


class NotThisFile(Refused):
    """An upload that cannot be checked; the sentence says why."""

    message = N_("Hãy nhập mã hồ sơ trên kết quả, hoặc chọn tệp PDF cần kiểm tra.")


@never_cache
@route(who="everyone")
def check_result(request: Request) -> HttpResponse:
    """Check a result by the code on it, by its file, or by both. Nothing that is uploaded is kept."""
    code = code_in(request.POST.get("ma") or request.GET.get("ma"))
    values: dict[str, Any] = {
        "code": code,
        "issued": [],
        "enclosed": "",
        "is_asked": False,
        "report": None,
        "paper": None,
        "is_same": None,
        "errors": {},
        "limit": size_in_words(settings.FILE_SIZE_LIMIT),
    }
    if not code and request.method != "POST":
        return show(request, "check_result.html", values)
    try:
        count_lookup(request, "results", now=timezone.now())
        report = None if (issued := find_issued_results(code)) else find_issued_report(code)
        issued = [report] if report else issued
        values |= {"issued": issued, "is_asked": bool(code)}
        if request.method == "POST" and (request.FILES.get("tep") or not code):
            values |= _compared(request, issued, code=code)
    except TooManyLookups as refused:
        values["errors"] = {"": sentence(refused)}
        response = show(request, "check_result.html", values, status=429)
        response.headers["Retry-After"] = str(refused.seconds)
        return response
    except NotThisFile as refused:
        values["errors"] = {"tep": sentence(refused)}
        return show(request, "check_result.html", values, status=422)
    return show(request, "check_result.html", values)


def _compared(request: Request, issued: "list[IssuedResult]", *, code: str) -> dict[str, Any]:
    """The file against every result of the code, and against the papers that are bound to them. Without a
    code it is looked up by itself: the holder reads which result it is.
    """
    content = _content(request)
    digest = hashlib.sha256(content).hexdigest()
    issued = issued if code else find_result_of_file(digest)
    report = validate_pdf(content, now=timezone.now())
    bound = [
        _("“%(paper)s”, kèm theo %(result)s số %(number)s")
        % {"paper": name, "result": one.name, "number": one.number}
        for one in issued
        for name, sha256 in one.enclosed
        if sha256 == digest
    ] + [
        _("“%(paper)s”, bản đã đóng dấu kèm theo %(result)s số %(number)s")
        % {"paper": one.approved_hashes[digest], "result": one.name, "number": one.number}
        for one in issued
        if digest in one.approved_hashes
    ]
    is_approved = any(digest in one.approved_hashes for one in issued)
    is_result = any(digest in one.hashes for one in issued)
    paper = None if is_result or bound else find_paper_of_file(digest)
    if paper is not None and code not in ("", paper.code):
        paper = None  # the code asked for is another dossier's: this file does not bear it out
    return {
        "paper": paper and {"name": paper_label(paper.form), "of": paper},
        "report": report_in_words(report) if is_result or is_approved or not bound else None,
        "issued": issued,
        "is_same": (is_result or bool(bound)) if issued and paper is None else None,
        "enclosed": bound[0] if bound and not is_result else "",
    }


def _content(request: Request) -> bytes:
    upload: Any = request.FILES.get("tep")
    if upload is None:
        raise NotThisFile
    if getattr(upload, "is_cut", "") or upload.size > settings.FILE_SIZE_LIMIT:
        raise NotThisFile(
            N_("Tệp quá lớn để kiểm tra: tối đa %(limit)s."), limit=size_in_words(settings.FILE_SIZE_LIMIT)
        )
    content: bytes = upload.read()
    if not content:
        raise NotThisFile(N_("Tệp không có nội dung (0 byte). Hãy chọn lại tệp PDF kết quả."))
    if b"%PDF-" not in content[:1024]:
        raise NotThisFile(N_("Tệp này không phải PDF. Hãy chọn đúng tệp PDF kết quả đã nhận."))
    return content

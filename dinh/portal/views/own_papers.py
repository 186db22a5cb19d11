"""A person's own store of papers: what was issued to them, what an agency accepted once, who looked at it."""

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from dinh.foundation.actions.public import Request, route
from dinh.foundation.signing.public import upload_words
from dinh.onestop.public import own_papers, searches_about
from dinh.portal.access import own_tabs
from dinh.portal.views.screen import plain_text, show, with_values

if TYPE_CHECKING:
    from dinh.onestop.public import KeptPaper

__all__ = ["kept_papers", "kept_values"]

_KINDS = ("result", "part")


@never_cache
@route(who="citizen")
def kept_papers(request: Request) -> HttpResponse:
    """Every signed result and every paper that an agency accepted, with its dossier and its signatures."""
    words = plain_text(request.GET.get("q"), most=100)
    kind = request.GET.get("loai", "") if request.GET.get("loai") in _KINDS else ""
    after = request.GET.get("sau", "")[:40]
    page = own_papers(request.by, words=words, kind=kind, after=after, now=timezone.now())
    kept = {name: value for name, value in (("q", words), ("loai", kind)) if value}
    here = reverse("portal:kept-papers")
    labels = {"result": _("Kết quả đã cấp"), "part": _("Giấy tờ đã nộp")}
    return show(
        request,
        "kept_papers.html",
        {
            "tabs": own_tabs(request.path),
            "rows": [kept_values(paper) for paper in page.rows],
            "q": words,
            "kind": kind,
            "kinds": list(labels.items()),
            "chips": [(labels[kind], with_values(here, {"q": words}))] if kind else [],
            "clear": here,
            "is_narrowed": bool(kept),
            "older": with_values(here, {**kept, "sau": page.after}) if page.after else "",
            "newer": with_values(here, kept) if after else "",
            "searches": searches_about(request.by) if not after else [],
        },
    )


def kept_values(paper: "KeptPaper") -> dict[str, Any]:
    """What a screen shows of one paper of the store."""
    is_result = paper.kind == "result"
    signature = upload_words(paper.report) if paper.report is not None else ""
    return {
        "ref": paper.ref,
        "name": paper.name,
        "number": paper.number,
        "is_result": is_result,
        "file": paper.file.name,
        "size": paper.file.size,
        "address": reverse("portal:result-file", kwargs={"dossier_id": paper.dossier_id})
        if is_result
        else reverse("portal:part-file", kwargs={"part_id": paper.id}),
        "check": reverse("portal:signatures", kwargs={"dossier_id": paper.dossier_id}) if is_result else "",
        "signature": signature,
        "signature_tone": "good" if paper.report is not None and paper.report.verdict == "valid" else "warn",
        "dossier": paper.dossier_code,
        "dossier_address": reverse("portal:dossier", kwargs={"dossier_id": paper.dossier_id}),
        "procedure": paper.procedure_name,
        "agency": paper.agency_name,
        "given_on": paper.given_on,
        "valid_until": paper.valid_until,
        "is_valid": paper.is_valid,
    }

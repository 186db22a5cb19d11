"""Results: what their paper says."""

import base64
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from PIL import Image

from dinh.foundation.files.public import open_content, page_pictures, small_picture
from dinh.foundation.ui.public import qr_svg
from dinh.onestop.models import Dossier, DossierPart, Result
from dinh.onestop.queries.result_drafts import papers_to_print
from dinh.onestop.rules.composing import compose
from dinh.onestop.rules.result_fields import has_paper
from dinh.onestop.rules.results import recipients_of

if TYPE_CHECKING:
    from dinh.onestop.rules.definition import ResultTemplate

# As many as a copy taken in online has (2.000815): what is longer is certified on paper.
MOST_COPIED_PAGES = 10

# A portrait of 3 x 4 cm at 500 dots an inch.
PORTRAIT_SIDE = 800

__all__ = ["bound_parts", "check_address", "composed_data", "picture_svg", "result_data"]


def check_address(dossier: Dossier) -> str:
    """The public address at which anyone can check the result's signatures."""
    return f"{settings.PUBLIC_ADDRESS}/kiem-tra-ket-qua/?ma={dossier.code}"


def result_data(result: Result, *, lines: Sequence[str], signer: str) -> dict[str, Any]:
    """What the result's template is filled with; number and date are left open for the agency."""
    dossier = result.dossier
    template = dossier.version.parts.result_of(result.key)
    agency = dossier.agency
    recipients = recipients_of(template, dossier.data, filer=dossier.applicant_name)
    return {
        "title": template.name,
        "above": agency.parent.name if agency.parent else "",
        "agency": agency.name,
        **_words_of_result(
            template, _printed(template, result.content, dossier), _pictures(template, dossier)
        ),
        "copies": _copies(template, result.content, dossier),
        "enclosures": enclosed_lines(result),
        "recipients": [*recipients, "Lưu: VT"],  # data: papers are Vietnamese
        "lines": list(lines),
        "signer": signer,
        "qr": qr_svg(check_address(dossier)),
        "code": dossier.code or "",
        "note": settings.PAPER_NOTE,
    }


def _printed(template: "ResultTemplate", content: Mapping[str, str], dossier: Dossier) -> dict[str, str]:
    """The words of a draft with the name of the paper in place of its identifier."""
    names = dict(papers_to_print(dossier)) if has_paper(template) else {}
    papers = {field.name for field in template.fields if field.kind == "paper"}
    return {name: names.get(words, "") if name in papers else words for name, words in content.items()}


def _copies(template: "ResultTemplate", content: Mapping[str, str], dossier: Dossier) -> list[dict[str, str]]:
    """The pages of the dossier's paper that the result is printed with, each drawn as an SVG.

    Raises ``TooManyPages``, ``NotPrintable``.
    """
    chosen = next((content.get(field.name, "") for field in template.fields if field.kind == "paper"), "")
    if chosen not in dict(papers_to_print(dossier) if chosen else ()):
        return []
    part = DossierPart.objects.select_related("file").get(pk=chosen)
    assert part.file is not None
    with open_content(part.file.id) as stream:
        pages = page_pictures(
            stream.read(), part.file.media_type, name=part.file.name, most=MOST_COPIED_PAGES
        )
    return [{"svg": picture_svg(page), "name": part.document_name} for page in pages]


def _pictures(template: "ResultTemplate", dossier: Dossier) -> dict[str, str]:
    """The portraits of a result by field, each drawn anew as an SVG; empty where none was given.

    Raises ``NotPrintable``.
    """
    found = {}
    for field in template.fields:
        if field.kind != "picture":
            continue
        parts = _current_parts(dossier, field.document, "image/jpeg", "image/png")
        found[field.name] = ""
        if parts:
            file = parts[-1].file
            with open_content(file.pk) as stream:
                made = small_picture(stream.read(), name=file.name, longest=PORTRAIT_SIDE)
            found[field.name] = picture_svg(made)
    return found


def bound_parts(dossier: Dossier, document: str) -> "list[Any]":
    """Return the dossier's PDF files of a document as they are now, in the order in which they came."""
    return _current_parts(dossier, document, "application/pdf")


def _current_parts(dossier: Dossier, document: str, *media_types: str) -> list[Any]:
    parts = DossierPart.objects.filter(
        dossier=dossier, document_key=document, replaced_at=None, file__media_type__in=media_types
    )
    return list(parts.select_related("file").order_by("pk"))


def picture_svg(picture: bytes, media_type: str = "image/jpeg") -> str:
    """A picture as a template takes it: data reach a template as text."""
    with Image.open(io.BytesIO(picture)) as image:
        width, height = image.size
    encoded = base64.b64encode(picture).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:{media_type};base64,{encoded}"/></svg>'
    )


def enclosed_lines(result: Result) -> list[dict[str, str]]:
    """What a result's paper says of each paper bound to it: its name and its SHA-256 in groups of eight."""
    if result._state.adding:
        return []
    return [
        {"name": row.name, "hash": " ".join(row.sha256[at : at + 8] for at in range(0, 64, 8))}
        for row in result.enclosures.all()
    ]


def _words_of_result(
    template: "ResultTemplate", content: Mapping[str, str], pictures: Mapping[str, str]
) -> dict[str, Any]:
    """``fields`` hold a portrait as an SVG; ``pictures`` are the same for a template made of blocks."""
    fields = {field.name: content.get(field.name, "") for field in template.fields}
    return {
        "fields": {**fields, **pictures},
        "blocks": compose(template, {**fields, **dict.fromkeys(pictures, "")}),
        "pictures": list(pictures.values()),
    }


def composed_data(template: "ResultTemplate", fields: Mapping[str, str]) -> dict[str, Any]:
    """What a result's template is filled with for a trial: no dossier, no agency, marked as a trial."""
    pictured = {field.name: "" for field in template.fields if field.kind == "picture"}
    fields = {**fields, **pictured}
    return {
        "title": template.name,
        "above": "",
        "agency": "Tên cơ quan",  # data: papers are Vietnamese
        "fields": fields,
        "pictures": list(pictured.values()),
        "blocks": compose(template, fields),
        "enclosures": [{"name": one.name, "hash": "0" * 64} for one in template.encloses],
        "copies": [],
        "recipients": ["Người nộp hồ sơ", "Lưu: VT"],  # data: papers are Vietnamese
        "lines": ["CHỨC VỤ NGƯỜI KÝ"],  # data: papers are Vietnamese
        "signer": "Họ và tên",  # data: papers are Vietnamese
        "qr": qr_svg(settings.PUBLIC_ADDRESS),
        "code": "",
        "note": "BẢN XEM THỬ – KHÔNG CÓ GIÁ TRỊ",  # data: papers are Vietnamese
    }

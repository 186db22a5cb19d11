"""How many pages the files of a dossier have, beside how many were declared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dinh.foundation.files.public import describe, get_file
from dinh.kernel.conditions import value_at
from dinh.onestop.models import Dossier, DossierPart
from dinh.onestop.rules.definition import Definition, Document, ResultTemplate

__all__ = ["PagesDiffer", "differing_pages", "page_differences", "printed_pages"]


@dataclass(frozen=True, slots=True)
class PagesDiffer:
    """A document of which another number of pages was declared than its files have."""

    document: Document
    declared: int
    counted: int


def differing_pages(
    definition: Definition, data: Mapping[str, Any], given: Iterable[tuple[str, UUID | None]]
) -> list[PagesDiffer]:
    """Return where the declared number is another than that of the files, ``(document key, file)``.

    A document with a part of which there is no file, or none whose pages can be counted, is left out.
    """
    counting = [document for document in definition.documents if document.pages]
    if not counting:
        return []
    files = list(given)
    found = []
    for document in counting:
        counts = [_pages_of(file_id) for key, file_id in files if key == document.key]
        declared = value_at(data, document.pages)
        if not counts or None in counts or not isinstance(declared, int):
            continue
        counted = sum(one for one in counts if one is not None)
        if counted != declared:
            found.append(PagesDiffer(document, declared, counted))
    return found


def page_differences(dossier: Dossier) -> list[PagesDiffer]:
    """The same of a dossier's papers as they are now."""
    parts = DossierPart.objects.filter(dossier=dossier, replaced_at=None)
    if not any(document.pages for document in dossier.version.parts.documents):
        return []
    return differing_pages(dossier.version.parts, dossier.data, parts.values_list("document_key", "file_id"))


def printed_pages(template: ResultTemplate, content: Mapping[str, str], dossier: Dossier) -> dict[str, str]:
    """What a result says of the number of pages of the paper that it is printed with: what they are."""
    fields = {field.source: field.name for field in template.fields if field.source}
    chosen = next((content.get(field.name, "") for field in template.fields if field.kind == "paper"), "")
    counting = {one.key: one.pages for one in dossier.version.parts.documents if one.pages in fields}
    if not chosen or not counting:
        return {}
    part = DossierPart.objects.filter(dossier=dossier, replaced_at=None, pk=chosen).first()
    if part is None or part.document_key not in counting:
        return {}
    pages = _pages_of(part.file_id)
    return {} if pages is None else {fields[counting[part.document_key]]: str(pages)}


def _pages_of(file_id: UUID | None) -> int | None:
    """A picture is a page; None where nobody can tell."""
    if file_id is None:
        return None
    card = describe(get_file(file_id))
    return 1 if card.media_type.startswith("image/") else card.pages

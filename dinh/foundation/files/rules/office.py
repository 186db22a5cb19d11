"""Inspection of office documents: archives of XML that may unpack without end, run macros or load
templates from elsewhere."""

import re
import zipfile
from pathlib import Path
from typing import Any

__all__ = ["OfficeProblem", "inspect_office"]

_ENTRY_LIMIT = 5_000
_UNPACKED_LIMIT = 300 * 1024 * 1024
_RELATIONS_LIMIT = 2_000_000
_MACROS = re.compile(r"(vbaproject|vbadata|activex|/embeddings/oleobject|basic/|scripts/)", re.I)
_FETCHED = re.compile(
    rb'Type="[^"]*/(attachedTemplate|oleObject|frame|subDocument|externalLinkPath)"[^>]*TargetMode="External"'
    rb'|TargetMode="External"[^>]*Type="[^"]*/(attachedTemplate|oleObject|frame|subDocument)"',
    re.I,
)


class OfficeProblem(Exception):
    """``code`` is "broken", "macros" or "complex"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, Any] = {}


def inspect_office(path: Path) -> dict[str, Any]:
    """Return the number of parts of a DOCX, XLSX, PPTX, ODT or ODS. Raises ``OfficeProblem``."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_size(entries)
            if any(_MACROS.search(entry.filename) for entry in entries):
                raise OfficeProblem("macros")
            for entry in entries:
                _check_entry(archive, entry)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise OfficeProblem("broken") from error
    return {"parts": len(entries), "hints": []}


def _check_size(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > _ENTRY_LIMIT or sum(entry.file_size for entry in entries) > _UNPACKED_LIMIT:
        raise OfficeProblem("complex")


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read a part to its end (its checksum is compared there) without keeping it."""
    is_relations = entry.filename.endswith(".rels")
    with archive.open(entry) as part:
        if is_relations:
            text = part.read(_RELATIONS_LIMIT)
            if _FETCHED.search(text):
                raise OfficeProblem("macros")
        while part.read(1 << 16):
            pass

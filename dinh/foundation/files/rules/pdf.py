"""Inspection of a PDF: does it open, without a password, and does it do nothing by itself?"""

import re
from itertools import islice
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw

from dinh.foundation.files.rules.images import SMALL_SIDE, hints_of_page

__all__ = ["Problem", "inspect_pdf"]

_OBJECT_LIMIT = 400_000
_DEPTH_LIMIT = 40
_PAGES_LOOKED_AT = 20
_LOOK_PIXELS = 480
# A picture that covers so much of a page is the page: a scan.
_SCAN_SHARE = 0.6
_IMAGES_LOOKED_AT = 4

# Names are written out plainly by ``unparse``, however they were escaped in the file. A hit is only a
# suspicion (it may stand inside a text), settled by walking that one object.
_SUSPICIOUS = re.compile(rb"/(JavaScript|JS|Launch|ImportData|XFA|RichMedia|EmbeddedFile|EF|GoToE|3D)\b")
_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/RichMediaExecute", "/GoToE"}
_KEYS = {"/JS", "/JavaScript", "/XFA"}
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xd0\xcf\x11\xe0", b"PK\x03\x04")
_PROGRAM_NAMES = re.compile(
    r"\.(exe|dll|com|scr|bat|cmd|ps1|vbs?|js|jse|wsf|hta|jar|msi|lnk|sh|py|docm|xlsm|html?|svg)\s*$", re.I
)


class Problem(Exception):
    """The inspection found a reason to refuse; ``code`` is a key of the policies' table."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def inspect_pdf(path: Path) -> dict[str, Any]:
    """Return the facts of a PDF: pages, whether it is signed, and hints on its first pages.

    Raises ``Problem``: "password" (it asks for one to open), "scripts" (JavaScript, an action that starts
    programs or loads other files, a dynamic XFA form, an embedded program), "broken", "complex".
    """
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            facts = {"pages": len(pdf.pages), "is_signed": _is_signed(pdf)}
            _check_objects(pdf)
    except pikepdf.PasswordError as error:
        raise Problem("password") from error
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise Problem("broken") from error
    if not facts["pages"]:
        raise Problem("broken")
    return {**facts, "hints": _look(path)}


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    form = pdf.Root.get("/AcroForm")
    return isinstance(form, pikepdf.Dictionary) and int(form.get("/SigFlags", 0)) & 1 == 1


def _check_objects(pdf: pikepdf.Pdf) -> None:
    for count, thing in enumerate(pdf.objects):
        if count > _OBJECT_LIMIT:
            raise Problem("complex")
        plain = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
        if not isinstance(plain, pikepdf.Dictionary | pikepdf.Array):
            continue
        if not _SUSPICIOUS.search(plain.unparse(resolved=True)):
            continue
        _walk(plain, depth=0)
        if isinstance(thing, pikepdf.Stream) and plain.get("/Type") == "/EmbeddedFile":
            _check_embedded(thing)


def _walk(thing: Any, *, depth: int) -> None:
    """Look at one object and what stands directly inside it (what it points to is looked at on its own)."""
    if depth > _DEPTH_LIMIT:
        raise Problem("complex")
    if isinstance(thing, pikepdf.Dictionary):
        _check_dictionary(thing)
        children: list[Any] = [child for _, child in thing.items()]
    elif isinstance(thing, pikepdf.Array):
        children = list(thing)
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Dictionary | pikepdf.Array) and not child.is_indirect:
            _walk(child, depth=depth + 1)


def _check_dictionary(thing: pikepdf.Dictionary) -> None:
    action = thing.get("/S")
    if isinstance(action, pikepdf.Name) and str(action) in _ACTIONS:
        raise Problem("scripts")
    if _KEYS & set(thing.keys()):
        raise Problem("scripts")
    subtype = thing.get("/Subtype")
    if isinstance(subtype, pikepdf.Name) and str(subtype) in {"/RichMedia", "/3D"}:
        raise Problem("scripts")
    if thing.get("/Type") == "/Filespec" or "/EF" in thing:
        for key in ("/F", "/UF"):
            if _PROGRAM_NAMES.search(str(thing.get(key, ""))):
                raise Problem("scripts")


def _check_embedded(stream: pikepdf.Stream) -> None:
    if stream.read_bytes().lstrip().startswith(_PROGRAM_STARTS):
        raise Problem("scripts")


def _is_small_scan(page: pypdfium2.PdfPage) -> bool:
    """Whether the page is a scanned picture of too few pixels to be read."""
    width, height = page.get_size()
    images = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)
    for image in islice(images, _IMAGES_LOOKED_AT):
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) >= _SCAN_SHARE * width * height:
            return bool(min(image.get_px_size()) < SMALL_SIDE)
    return False


def _look(path: Path) -> list[str]:
    """Draw the first pages small, with the renderer that browsers use, and note what a person would see."""
    hints: list[str] = []
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Problem("broken") from error
    try:
        for number in range(min(len(document), _PAGES_LOOKED_AT)):
            page = document[number]
            width, height = page.get_size()
            scale = min(1.0, _LOOK_PIXELS / max(width, height, 1))
            image = page.render(scale=scale, grayscale=True).to_pil()
            seen = hints_of_page(image) or (["small"] if _is_small_scan(page) else [])
            hints += [f"{hint}:{number + 1}" for hint in seen]
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise Problem("broken") from error
    finally:
        document.close()
    return hints

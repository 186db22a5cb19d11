"""Papers: PDF/A-2b and tagged PDF/UA-1, typeset by Typst from a template and plain data.

The data reach the template as one JSON text, so a value from outside can only ever be content. A
template reads nothing but its own folder and the shared library ``@local/nd30``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from dinh.kernel.errors import N_, Refused

if TYPE_CHECKING:
    from typst import PDFStandard

__all__ = ["DOCUMENT_FONTS", "Place", "PaperNotMade", "RenderedPaper", "render_paper", "render_pdf"]

_ROOM = Path(__file__).resolve().parents[1]
_PACKAGES = _ROOM / "typst"
DOCUMENT_FONTS = _ROOM / "fonts"
"""Folder of the faces of papers: Liberation Serif, with the metrics of Times New Roman."""

STANDARDS: "list[PDFStandard]" = ["a-2b", "ua-1"]
DATA_LIMIT = 8 * 1024 * 1024


class PaperNotMade(Refused):
    """The template and the data do not fit together; ``detail`` is for the operator's log."""

    message = N_("Không lập được văn bản từ mẫu. Hãy báo cho quản trị hệ thống kiểm tra mẫu %(template)s.")

    def __init__(self, *, template: str, detail: str) -> None:
        super().__init__(template=template)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Place:
    """A named rectangle on a page, in points from the page's top left corner; pages count from 1."""

    name: str
    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class RenderedPaper:
    """A finished PDF and the places that its template named for signatures, seal, number and date."""

    content: bytes
    places: tuple[Place, ...]

    def place(self, name: str) -> Place:
        """Return the place of that name. Raises ``KeyError`` when the template named none."""
        for place in self.places:
            if place.name == name:
                return place
        raise KeyError(name)


def render_pdf(template: Path, data: Mapping[str, Any], *, fonts: Sequence[Path] = ()) -> bytes:
    """Return the PDF of ``template`` (a .typ file) filled from ``data`` (plain JSON values).

    The template reads ``json(bytes(sys.inputs.data))``. ``fonts`` are folders of further faces.
    Raises ``PaperNotMade`` when the template fails on the data.
    """
    return render_paper(template, data, fonts=fonts).content


def render_paper(template: Path, data: Mapping[str, Any], *, fonts: Sequence[Path] = ()) -> RenderedPaper:
    """Return the PDF as ``render_pdf`` does, with the places that the template named."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    if len(text) > DATA_LIMIT:
        raise PaperNotMade(template=template.name, detail=f"data of {len(text)} characters")
    try:
        compiler = typst.Compiler(
            input=str(template),
            root=str(template.parent),
            font_paths=_faces(DOCUMENT_FONTS, *fonts),
            ignore_system_fonts=True,
            sys_inputs={"data": text},
            package_path=str(_PACKAGES),
            package_cache_path=str(_PACKAGES),
        )
        content = compiler.compile(format="pdf", pdf_standards=STANDARDS)
        found = json.loads(compiler.query("<place>", field="value"))
    except (RuntimeError, OSError) as error:
        raise PaperNotMade(template=template.name, detail=str(error)) from error
    if not isinstance(content, bytes):
        raise PaperNotMade(template=template.name, detail="no document")
    return RenderedPaper(content, tuple(Place(**place) for place in found))


@lru_cache(maxsize=8)
def _faces(*folders: Path) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )

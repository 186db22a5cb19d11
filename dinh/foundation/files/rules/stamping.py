"""A stamp on every page of a PDF: the approved copy that an agency hands out beside the original."""

import io
from typing import Any

import pikepdf

from dinh.kernel.errors import N_, Refused

__all__ = ["MOST_STAMPED_PAGES", "NotStampable", "check_stampable", "stamped"]

# Drawings of a house have ten to forty sheets; this bounds the time that an issue takes.
MOST_STAMPED_PAGES = 200
POINTS_A_MM = 72 / 25.4
# A stamp as wide as a rubber one on A4, wider on a large sheet, so that it is read on a screen too.
NARROWEST, WIDEST, SHARE, EDGE = 62 * POINTS_A_MM, 120 * POINTS_A_MM, 0.2, 5 * POINTS_A_MM
MOST_OF_A_PAGE = 0.6

_BROKEN = (pikepdf.PdfError, RecursionError, ValueError, TypeError, AttributeError, KeyError)
# What acts, is filled in or was signed: a stamped copy is none of these, the original keeps them.
_ACTING = ("/AcroForm", "/OpenAction", "/AA", "/Names", "/Perms", "/DSS", "/Collection")


class NotStampable(Refused):
    message = N_(
        "Tệp “%(name)s” không đóng dấu được: tệp hỏng hoặc dài hơn %(most)s trang. Hãy yêu cầu người nộp gửi"
        " tệp PDF khác rồi lập lại dự thảo."
    )


def check_stampable(content: bytes, *, name: str) -> None:
    """Raise ``NotStampable`` where ``stamped`` would. ``name`` is the file's, for the sentence."""
    with _opened(content, name):
        pass


def stamped(content: bytes, stamp: bytes, *, name: str) -> bytes:
    """Return the PDF ``content`` with the first page of the PDF ``stamp`` at the top right of each page as
    it is seen, turned and cropped pages too.

    Annotations and earlier signatures are drawn into the pages as they look; forms, actions and signatures
    themselves stay in the original alone. Raises ``NotStampable``.
    """
    try:
        with _opened(content, name) as pdf, pikepdf.open(io.BytesIO(stamp)) as mark:
            pdf.flatten_annotations("all")
            for key in _ACTING:
                if key in pdf.Root:
                    del pdf.Root[key]
            drawn = pikepdf.Page(mark.pages[0])
            width, height = _size(drawn)
            for page in pdf.pages:
                for key in ("/Annots", "/AA"):
                    if key in page.obj:
                        del page.obj[key]
                page.add_overlay(drawn, _corner(page, width, height))
            made = io.BytesIO()
            pdf.save(made, encryption=False)
            return made.getvalue()
    except _BROKEN as error:
        raise NotStampable(name=name, most=MOST_STAMPED_PAGES) from error


def _opened(content: bytes, name: str) -> pikepdf.Pdf:
    try:
        pdf = pikepdf.open(io.BytesIO(content), suppress_warnings=True)
        pages = len(pdf.pages)
    except _BROKEN as error:
        raise NotStampable(name=name, most=MOST_STAMPED_PAGES) from error
    if not 0 < pages <= MOST_STAMPED_PAGES:
        pdf.close()
        raise NotStampable(name=name, most=MOST_STAMPED_PAGES)
    return pdf


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = _box(page)
    return right - left, top - bottom


def _box(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """What is seen of a page, in its own coordinates before it is turned."""
    x, y, other_x, other_y = (float(str(value)) for value in page.cropbox.as_list())
    return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


def _corner(page: pikepdf.Page, width: float, height: float) -> pikepdf.Rectangle:
    """The place of a stamp of these proportions: the top right corner as the page is seen."""
    left, bottom, right, top = _box(page)
    turned = _turned(page.obj)
    across = right - left if turned % 180 == 0 else top - bottom
    unit = float(page.obj.get("/UserUnit", 1)) or 1.0
    seen = min(max(NARROWEST / unit, across * SHARE), WIDEST / unit, across * MOST_OF_A_PAGE)
    high, edge = seen * height / width, EDGE / unit
    match turned:
        case 90:
            return pikepdf.Rectangle(left + edge, top - edge - seen, left + edge + high, top - edge)
        case 180:
            return pikepdf.Rectangle(left + edge, bottom + edge, left + edge + seen, bottom + edge + high)
        case 270:
            return pikepdf.Rectangle(right - edge - high, bottom + edge, right - edge, bottom + edge + seen)
        case _:
            return pikepdf.Rectangle(right - edge - seen, top - edge - high, right - edge, top - edge)


def _turned(node: Any) -> int:
    """By how many degrees a page is turned clockwise when it is shown; a page inherits it."""
    for _level in range(40):
        if "/Rotate" in node:
            return int(node["/Rotate"]) % 360
        if "/Parent" not in node:
            return 0
        node = node["/Parent"]
    return 0

"""QR codes of pages and of papers: one drawing, level M, the quiet zone included."""

import io
from typing import Any

import segno
from markupsafe import Markup

__all__ = ["qr_picture", "qr_svg"]


def qr_picture(text: str, label: str) -> Markup:
    """Return a QR code for a page, as SVG that fills its room; ``label`` is read aloud."""
    drawn = _drawn(text, light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    opening = Markup('<svg role="img" aria-label="{}" ').format(label)
    return opening + Markup(drawn.replace("<svg ", "", 1))  # noqa: S704 - drawn by segno, no text of anybody in it


def qr_svg(text: str) -> str:
    """Return a QR code for a paper, as SVG for ``nd30.qr``."""
    return _drawn(text, svgns=True)


def _drawn(text: str, **look: Any) -> str:
    svg = io.BytesIO()
    segno.make(text, error="m", micro=False).save(svg, kind="svg", border=4, xmldecl=False, **look)
    return svg.getvalue().decode()

"""Embedded faces for texts that come after typesetting: number, date, corner text.

A face is cut down once a process to the letters of Vietnamese and put whole into every paper with
number fields, so that filling them later adds no font and every reader draws the same letters.
"""

import io
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from dinh.foundation.ui.public import DOCUMENT_FONTS

__all__ = ["Face", "load_face", "dictionary"]

LETTERS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư"
    + "".join(map(chr, range(0x1EA0, 0x1EFA)))
    + "\u00a0–—…“”‘’•§°"
)


@dataclass(frozen=True)
class Face:
    """One face: its glyph by letter, their widths in thousandths of the size, and its program."""

    name: str
    program: bytes
    glyphs: dict[str, int]
    widths: dict[int, int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    cap_height: int
    slant: float

    def width(self, text: str, size: float) -> float:
        """Return the width of ``text`` in points at ``size`` points."""
        return sum(self.widths[glyph] for glyph in self._glyphs(text)) * size / 1000

    def show(self, text: str) -> bytes:
        """Return the operand that draws ``text``: two-byte glyph numbers in hexadecimal."""
        return b"<%s>" % b"".join(b"%04X" % glyph for glyph in self._glyphs(text))

    def embed(self, writer: BasePdfFileWriter) -> generic.IndirectObject:
        """Add the face to a file. Returns the font that content streams name."""
        program = generic.StreamObject(
            dict_data={
                pdf_name("/Length1"): generic.NumberObject(len(self.program)),
                pdf_name("/Filter"): pdf_name("/FlateDecode"),
            },
            encoded_data=_deflated(self.program),
        )
        descriptor = dictionary(
            Type=pdf_name("/FontDescriptor"),
            FontName=pdf_name(f"/{self.name}"),
            Flags=generic.NumberObject(4 if not self.slant else 68),
            FontBBox=generic.ArrayObject(map(generic.NumberObject, self.box)),
            ItalicAngle=generic.FloatObject(self.slant),
            Ascent=generic.NumberObject(self.ascent),
            Descent=generic.NumberObject(self.descent),
            CapHeight=generic.NumberObject(self.cap_height),
            StemV=generic.NumberObject(80),
            FontFile2=writer.add_object(program),
        )
        descendant = dictionary(
            Type=pdf_name("/Font"),
            Subtype=pdf_name("/CIDFontType2"),
            BaseFont=pdf_name(f"/{self.name}"),
            CIDSystemInfo=dictionary(
                Registry=generic.pdf_string("Adobe"),
                Ordering=generic.pdf_string("Identity"),
                Supplement=generic.NumberObject(0),
            ),
            FontDescriptor=writer.add_object(descriptor),
            CIDToGIDMap=pdf_name("/Identity"),
            DW=generic.NumberObject(500),
            W=self._width_array(),
        )
        font = dictionary(
            Type=pdf_name("/Font"),
            Subtype=pdf_name("/Type0"),
            BaseFont=pdf_name(f"/{self.name}"),
            Encoding=pdf_name("/Identity-H"),
            DescendantFonts=generic.ArrayObject([writer.add_object(descendant)]),
            ToUnicode=writer.add_object(generic.StreamObject(stream_data=self._unicode_map())),
        )
        return writer.add_object(font)

    def _glyphs(self, text: str) -> list[int]:
        missing = self.glyphs["?"]
        return [self.glyphs.get(letter, missing) for letter in text]

    def _width_array(self) -> generic.ArrayObject:
        array = generic.ArrayObject()
        for glyph, width in sorted(self.widths.items()):
            array.append(generic.NumberObject(glyph))
            array.append(generic.ArrayObject([generic.NumberObject(width)]))
        return array

    def _unicode_map(self) -> bytes:
        letters = sorted((glyph, letter) for letter, glyph in self.glyphs.items())
        blocks = []
        for start in range(0, len(letters), 100):
            part = letters[start : start + 100]
            lines = b"\n".join(b"<%04X> <%04X>" % (glyph, ord(letter)) for glyph, letter in part)
            blocks.append(b"%d beginbfchar\n%s\nendbfchar" % (len(part), lines))
        return (
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
            b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            + b"\n".join(blocks)
            + b"\nendcmap CMapName currentdict /CMap defineresource pop end end"
        )


@lru_cache(maxsize=4)
def load_face(style: str) -> Face:
    """Return the face of papers in a style: ``Regular``, ``Italic``, ``Bold`` or ``BoldItalic``."""
    font = TTFont(DOCUMENT_FONTS / f"LiberationSerif-{style}.ttf")
    options = subset.Options(retain_gids=True, layout_features=[], hinting=False, notdef_outline=True)
    options.drop_tables = [*options.drop_tables, "FFTM"]
    cut = subset.Subsetter(options)
    cut.populate(text=LETTERS)
    cut.subset(font)
    program = io.BytesIO()
    font.save(program)
    scale = 1000 / font["head"].unitsPerEm
    order = font.getReverseGlyphMap()
    glyphs = {chr(code): order[name] for code, name in font.getBestCmap().items()}
    return Face(
        name=f"DINHVN+LiberationSerif-{style}",
        program=program.getvalue(),
        glyphs=glyphs,
        widths={order[name]: round(font["hmtx"][name][0] * scale) for name in font.getBestCmap().values()},
        box=tuple(round(getattr(font["head"], side) * scale) for side in ("xMin", "yMin", "xMax", "yMax")),
        ascent=round(font["hhea"].ascent * scale),
        descent=round(font["hhea"].descent * scale),
        cap_height=round(font["OS/2"].sCapHeight * scale),
        slant=float(font["post"].italicAngle),
    )


@lru_cache(maxsize=4)
def _deflated(program: bytes) -> bytes:
    return zlib.compress(program, 9)


def dictionary(**entries: Any) -> generic.DictionaryObject:
    """Return a PDF dictionary of these entries, their names without the stroke."""
    return generic.DictionaryObject({pdf_name(f"/{name}"): value for name, value in entries.items()})

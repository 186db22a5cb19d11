"""XLSX written row by row: a sheet grows in parts that are made at different times and joined at the end.

Memory does not grow with the number of rows: a part is some thousand rows as compressed text, and the
workbook is a stream of parts. Texts are written as texts, so nothing in them can be a formula.
"""

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from dinh.kernel.worktime import VIETNAM

__all__ = ["MOST_ROWS", "Column", "pack_rows", "write_workbook"]

# What a sheet holds, less the title and the headings.
MOST_ROWS = 1_000_000
_MOST_LETTERS = 32_000

Column = tuple[str, int]
"""A heading and the column's width in characters."""

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
_PLAIN, _HEAD, _MOMENT, _DAY, _TITLE = range(5)

_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/xl/workbook.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>\
<Override PartName="/xl/styles.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>\
<Override PartName="/xl/worksheets/sheet1.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>"""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STYLES = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="hh:mm\\ dd/mm/yyyy"/>\
<numFmt numFmtId="165" formatCode="dd/mm/yyyy"/></numFmts>\
<fonts count="3"><font><sz val="11"/><name val="Times New Roman"/></font>\
<font><b/><sz val="11"/><name val="Times New Roman"/></font>\
<font><b/><sz val="14"/><name val="Times New Roman"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill>\
</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>\
<cellXfs count="5"><xf fontId="0"/><xf fontId="1" applyFont="1" applyAlignment="1">\
<alignment wrapText="1" vertical="center"/></xf><xf numFmtId="164" applyNumberFormat="1"/>\
<xf numFmtId="165" applyNumberFormat="1"/><xf fontId="2" applyFont="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def pack_rows(rows: Iterable[Sequence[Any]]) -> tuple[bytes, int]:
    """Return rows as one part of a sheet, compressed, and how many there were.

    Values: text, whole numbers, ``datetime`` (shown by the province's clock), ``date``, None.
    """
    packer, pieces, count = zlib.compressobj(6), [], 0
    for row in rows:
        count += 1
        pieces.append(packer.compress(_row(row, _PLAIN).encode()))
    pieces.append(packer.flush())
    return b"".join(pieces), count


def write_workbook(
    target: IO[bytes],
    *,
    sheet: str,
    title: str,
    columns: Sequence[Column],
    parts: Iterable[bytes],
) -> None:
    """Write a workbook of one sheet: title, headings that stay in view, and the parts in their order."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", _TYPES)
        book.writestr("_rels/.rels", _related(("officeDocument", "xl/workbook.xml")))
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            _related(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")),
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINK}"><sheets>'
            f'<sheet name={quoteattr(_text(sheet)[:31])} sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        book.writestr("xl/styles.xml", _STYLES)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            out.write(_head(title, columns).encode())
            for part in parts:
                for piece in _unpacked(part):
                    out.write(piece)
            out.write(b"</sheetData></worksheet>")


def _related(*targets: tuple[str, str]) -> str:
    lines = (
        f'<Relationship Id="r{number}" Type="{_LINK}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return _RELATIONS.format("".join(lines))


def _head(title: str, columns: Sequence[Column]) -> str:
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, (_, width) in enumerate(columns, start=1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>"
        + _row([title], _TITLE)
        + _row([heading for heading, _ in columns], _HEAD)
    )


def _unpacked(part: bytes) -> Iterable[bytes]:
    unpacker, rest = zlib.decompressobj(), part
    while rest:
        yield unpacker.decompress(rest, 256 * 1024)
        rest = unpacker.unconsumed_tail
    yield unpacker.flush()


def _row(values: Sequence[Any], style: int) -> str:
    return f"<row>{''.join(_cell(value, style) for value in values)}</row>"


def _cell(value: Any, style: int) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, dt.datetime):
        local = value.astimezone(VIETNAM).replace(tzinfo=None)
        return f'<c s="{_MOMENT}"><v>{(local - _EPOCH) / dt.timedelta(days=1):.9f}</v></c>'
    if isinstance(value, dt.date):
        return f'<c s="{_DAY}"><v>{(value - _EPOCH.date()).days}</v></c>'
    if isinstance(value, int | float):
        return f'<c s="{style}"><v>{value}</v></c>'
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(_text(value))}</t></is></c>'


def _text(value: Any) -> str:
    return _NO_XML.sub("", str(value))[:_MOST_LETTERS]

"""Files of the catalogue of procedures: JSON as the national service gives it, XLSX with a sheet a list.

Both are hostile when read: bounded in bytes and rows, no references, nothing evaluated. What is written holds
texts alone, so no cell can be a formula.
"""

import io
import json
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from dinh.foundation.directory.public import FORMULA, read_book
from dinh.kernel.errors import N_
from dinh.onestop.rules.national_records import (
    MOST_RECORDS,
    RECORD,
    CatalogueUnreadable,
    ReadRecord,
    Record,
    headings,
    lists_of,
    read_record,
    record_rows,
    records_of_sheets,
)

__all__ = ["Told", "catalogue_book", "catalogue_json", "check_catalogue", "read_catalogue"]

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 300_000
MOST_LEVELS = 12
_BOOK = b"PK\x03\x04"
_TOLD_EACH = 200


Told = Callable[[int, int], None]
"""Hears how many of how many rows are read; what it raises ends the reading."""


def check_catalogue(content: bytes) -> None:
    """Refuse at once what no reading can make sense of: no bytes, too many, neither a book nor JSON.

    Raises ``CatalogueUnreadable``.
    """
    if len(content) > MOST_BYTES:
        raise CatalogueUnreadable(
            N_("Tệp lớn hơn %(most)s MB. Hãy chia nhỏ rồi tải từng phần."),
            field="file",
            most=MOST_BYTES // 1024 // 1024,
        )
    if not content.startswith(_BOOK) and content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (
        b"{",
        b"[",
    ):
        raise CatalogueUnreadable(field="file")


def read_catalogue(content: bytes, *, told: Told = lambda read, rows: None) -> list[ReadRecord]:
    """Return the records of a file, told apart by its content. Raises ``CatalogueUnreadable``, ``BadSheet``.

    What is wrong inside a record is its fault and keeps no other from being read.
    """
    check_catalogue(content)
    found = _read_book(content, told) if content.startswith(_BOOK) else _read_json(content, told)
    if not found:
        raise CatalogueUnreadable(field="file")
    if len(found) > MOST_RECORDS:
        raise CatalogueUnreadable(
            N_("Tệp có hơn %(most)s thủ tục. Hãy chia nhỏ rồi tải từng phần."),
            field="file",
            most=MOST_RECORDS,
        )
    return found


def _read_json(content: bytes, told: Told) -> list[ReadRecord]:
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
        deep = _levels(data)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise CatalogueUnreadable(field="file") from error
    rows: Any = data
    if isinstance(data, dict):
        rows = data.get("data", data.get("result", data if "MATTHC" in data else None))
    if isinstance(rows, dict):
        rows = [rows]
    if deep > MOST_LEVELS or not isinstance(rows, list):
        raise CatalogueUnreadable(field="file")
    found = []
    for number, row in enumerate(rows[: MOST_RECORDS + 1], start=1):
        found.append(read_record(row, number))
        if number % _TOLD_EACH == 0:
            told(number, len(rows))
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _levels(data: Any) -> int:
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return 1 + max((_levels(part) for part in inner), default=0)


def _read_book(content: bytes, told: Told) -> list[ReadRecord]:
    book = read_book(content, most_bytes=MOST_BYTES, most_rows=MOST_ROWS, told=told)
    sheets = {}
    for name, rows in book.items():
        head = [cell.strip() for cell in rows[0]] if rows else []
        body = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]
        sheets[name.strip()] = (head, body)
    return records_of_sheets(sheets, formula=FORMULA)


def catalogue_json(records: Sequence[Record]) -> bytes:
    """Return the records as the service LayThuTuc answers: ``{error_code, message, data: [record…]}``."""
    answer = {"error_code": "0", "message": "", "data": list(records)}
    return json.dumps(answer, ensure_ascii=False, indent=1).encode()


def catalogue_book(records: Sequence[Record]) -> bytes:
    """Return the records as a book: sheet TTHC with a row a procedure, then a sheet a list."""
    book = Workbook(write_only=True)
    _sheet(book, RECORD.name, list(RECORD.texts), ([row[name] for name in RECORD.texts] for row in records))
    for table in lists_of():
        _sheet(
            book, table.name, headings(table), (line for row in records for line in record_rows(row, table))
        )
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _sheet(book: Any, name: str, head: list[str], rows: Any) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    for number, heading in enumerate(head):
        letter = chr(ord("A") + number)
        sheet.column_dimensions[letter].width = 60 if heading.startswith(("TEN", "MOTA")) else 22
    sheet.append([_cell(sheet, text, bold=True) for text in head])
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    # Text that begins like a formula is text: the kind of the cell is said, not guessed.
    cell = WriteOnlyCell(sheet, value=None)
    if text:
        cell._value = text
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell

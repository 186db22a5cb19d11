"""Read a list from CSV or XLSX, row by row, within bounds. Every file is hostile; nothing is evaluated."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from openpyxl import load_workbook

from dinh.kernel.errors import N_, Refused
from dinh.kernel.text import clean

__all__ = ["BadSheet", "FORMULA", "read_book", "read_rows"]

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS = 10_000
MOST_COLUMNS = 60
MOST_LETTERS = 500
# How often somebody who waits hears of it, in rows.
_TOLD_EACH = 500
# Stands for a cell that holds a formula; no text of a file can be equal to it.
FORMULA = "\x00formula"

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


class BadSheet(Refused):
    message = N_("Không đọc được tệp này. Hãy dùng tệp mẫu, lưu dạng .xlsx hoặc CSV UTF-8 rồi tải lại.")


def read_rows(stream: IO[bytes]) -> Iterator[list[str]]:
    """Return the rows of the first sheet as cleaned texts; dates as ISO days, formulas as ``FORMULA``.

    The kind is taken from the content, not the name. Raises ``BadSheet`` for what cannot be read, is too
    large, or is dressed up: archives that unpack beyond bounds, XML with a document type, other encodings.
    """
    content = stream.read(MOST_BYTES + 1)
    if not content:
        raise BadSheet(N_("Tệp trống. Hãy chọn tệp có dữ liệu."), field="file")
    if len(content) > MOST_BYTES:
        raise BadSheet(N_("Tệp lớn hơn 10 MB. Hãy chia nhỏ danh sách rồi tải từng phần."), field="file")
    if content.startswith(_OLD_EXCEL):
        raise BadSheet(
            N_("Tệp .xls kiểu cũ không được nhận. Hãy mở bằng Excel, lưu thành .xlsx rồi tải lại."),
            field="file",
        )
    rows = _xlsx_rows(content) if content.startswith(b"PK\x03\x04") else _csv_rows(content)
    return _bounded(rows)


def read_book(
    content: bytes,
    *,
    most_bytes: int,
    most_rows: int,
    told: Callable[[int, int], None] = lambda read, rows: None,
) -> dict[str, list[list[str]]]:
    """Return all sheets of an XLSX book by their names: rows of texts as written, formulas as ``FORMULA``.

    ``most_rows`` bounds the rows of all sheets together. ``told`` hears now and then how many of about how
    many rows are read, and may raise to end the reading. Raises ``BadSheet`` as ``read_rows`` does.
    """
    if len(content) > most_bytes:
        raise BadSheet(
            N_("Tệp lớn hơn %(most)s MB. Hãy chia nhỏ rồi tải từng phần."),
            field="file",
            most=most_bytes // 1024 // 1024,
        )
    about = _check_archive(content)
    sheets: dict[str, list[list[str]]] = {}
    left = most_rows
    read = 0
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = sheets[sheet.title] = []
                for row in sheet.iter_rows(max_row=left + 1, max_col=MOST_COLUMNS):
                    rows.append([_plain(cell) for cell in row])
                    read += 1
                    if read % _TOLD_EACH == 0:
                        told(min(read, about), about)
                left -= len(rows)
                if left < 0:
                    raise BadSheet(
                        N_("Danh sách dài hơn %(most)s dòng. Hãy chia nhỏ rồi tải từng phần."),
                        field="file",
                        most=most_rows,
                    )
        finally:
            book.close()
    except Refused:
        raise
    except Exception as error:
        # Whatever the parser stumbles over, a broken file is the sender's to mend.
        raise BadSheet(field="file") from error
    return sheets


def _bounded(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise BadSheet(
                N_("Danh sách dài hơn %(most)s dòng. Hãy chia nhỏ rồi tải từng phần."),
                field="file",
                most=MOST_ROWS,
            )
        if len(row) > MOST_COLUMNS:
            raise BadSheet(N_("Dòng %(row)s có quá nhiều cột. Hãy dùng tệp mẫu."), field="file", row=number)
        yield [cell if cell == FORMULA else clean(cell[: MOST_LETTERS + 1]) for cell in row]


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(100_000)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise BadSheet(field="file") from error


def _decoded(content: bytes) -> str:
    """Return the text of UTF-8 or, with its mark, UTF-16. Guessing older encodings would garble names."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadSheet(
            N_("Tệp CSV không ở dạng UTF-8. Trong Excel hãy chọn Lưu thành “CSV UTF-8” rồi tải lại."),
            field="file",
        ) from error
    if "\x00" in text:
        raise BadSheet(field="file")
    return text


def _xlsx_rows(content: bytes) -> Iterator[list[str]]:
    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as error:
        # Whatever the parser stumbles over, a broken file is the sender's to mend.
        raise BadSheet(field="file") from error
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1):
            cells = [_plain(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            yield cells
    except BadSheet:
        raise
    except Exception as error:
        raise BadSheet(field="file") from error
    finally:
        book.close()


def _check_archive(content: bytes) -> int:
    """Refuse an archive that unpacks beyond bounds or whose XML declares types or entities.

    Return about how many rows its sheets have: a count of the tags, of which some may lie across two pieces.
    """
    rows = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or any(part.flag_bits & 1 for part in parts):
                raise BadSheet(field="file")
            left = MOST_UNPACKED
            for part in parts:
                left, found = _check_part(archive, part, left)
                rows += found
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, EOFError, ValueError) as error:
        raise BadSheet(field="file") from error
    return rows


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> tuple[int, int]:
    """Read a part to its real end, whatever size it claims; return how many bytes are left, and its rows."""
    tail = b""
    rows = 0
    with archive.open(part) as stream:
        while chunk := stream.read(1 << 16):
            left -= len(chunk)
            if left < 0:
                raise BadSheet(N_("Tệp nén quá lớn khi mở ra. Hãy dùng tệp mẫu."), field="file")
            # UTF-16 would hide the words that are looked for; no spreadsheet writes it.
            if chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or _DECLARES.search(tail + chunk):
                raise BadSheet(field="file")
            rows += chunk.count(b"<row")
            tail = chunk[-64:]
    return left, rows


def _plain(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()[:10]
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

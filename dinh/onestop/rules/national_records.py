"""The national catalogue's record of a procedure: its field names, its one normal form, its rows as sheets.

The names are those of the national database of procedures (Cơ sở dữ liệu quốc gia về thủ tục hành chính), as
the services LayDanhSachTTHC and LayThuTuc give them. Names and nesting: read in two systems that exchange
with it, so confidence is high. What stands inside TTHCLIENQUAN and TTHCLIENTHONG: from memory, low. Every
value is text. The spreadsheet form, a sheet a list, is our own: the database has only the service.

A record in normal form is a plain dict that has every name. Rows without any text are dropped, and rows of a
list that holds lists are one when they stand beside each other with the same texts. So sheet and record hold
the same, and each can be made from the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.text import clean

__all__ = [
    "MOST_RECORDS",
    "RECORD",
    "CatalogueUnreadable",
    "Fault",
    "ReadRecord",
    "Record",
    "Table",
    "blank_record",
    "headings",
    "lists_of",
    "read_record",
    "record_rows",
    "records_of_sheets",
]

MOST_RECORDS = 6000
MOST_LETTERS = 20_000
MOST_ROWS_A_LIST = 400
MOST_FAULTS = 200


class CatalogueUnreadable(Refused):
    message = N_(
        "Không đọc được tệp danh mục. Hãy dùng tệp .xlsx hoặc .json theo mẫu của danh mục quốc gia"
        " (có thể xuất ra để lấy mẫu) rồi tải lên lại."
    )


Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A list of the record: its texts, and the lists in each of its rows."""

    name: str
    texts: tuple[str, ...]
    lists: tuple["Table", ...] = ()


def _unit(name: str) -> Table:
    return Table(name, ("MADONVI", "TENDONVI"))


_FEES = Table("PHILEPHI", ("MAPHILEPHI", "SOTIEN", "DONVI", "MOTA", "TENTEP", "URL"))
_TIMES = Table("THOIGIAN", ("THOIGIANGIAIQUYET", "DONVITINH", "MOTA"), (_FEES,))
_PAPERS = Table(
    "GIAYTO", ("MAGIAYTO", "TENGIAYTO", "SOBANCHINH", "SOBANSAO", "TENMAUDON", "URL", "MA_KQ_THAYTHE")
)
RECORD = Table(
    "TTHC",
    (
        "MATTHC", "TENTTHC", "ID", "MACOQUANCONGBO", "LOAITTHC", "MOTA", "TUKHOA", "MOTADOITUONGTHUCHIEN",
        "MOTACOQUANTHUCHIEN", "MOTACOQUANTHAMQUYEN", "DIACHITIEPNHAN", "YEUCAU", "QUYETDINH",
        "IDQUYETDINHCONGBO", "TRANGTHAI",
    ),
    (
        Table("LINHVUCTHUCHIEN", ("MALINHVUC", "TENLINHVUC")),
        Table("CAPTHUCHIEN", ("CAPTHUCHIEN", "TENCAP")),
        Table("DOITUONGTHUCHIEN", ("MADOITUONG", "TENDOITUONG")),
        Table("TRINHTUTHUCHIEN", ("TRUONGHOP",), (Table("TRINHTU", ("TENTRINHTU",)),)),
        Table("CACHTHUCTHUCHIEN", ("KENH",), (_TIMES,)),
        Table("THANHPHANHOSO", ("TRUONGHOP",), (_PAPERS,)),
        Table("KETQUATHUCHIEN", ("MAKETQUA", "TENKETQUA", "TENTEP", "URL")),
        Table("CANCUPHAPLY",
              ("SOVANBAN", "TENVANBAN", "NGAYBANHANH", "NGAYHIEULUC", "COQUANBANHANH", "DIACHITRUYCAP")),
        _unit("COQUANTHUCHIEN"), _unit("COQUANCOTHAMQUYEN"), _unit("COQUANDUOCUYQUYEN"),
        _unit("COQUANPHOIHOP"),
        Table("TTHCLIENQUAN", ("MATTHC", "TENTTHC")), Table("TTHCLIENTHONG", ("MATTHC", "TENTTHC")),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place: the row (of a sheet, or the record's ordinal) and the column or path."""

    row: int
    column: str
    sheet: str
    problem: Sentence


@dataclass(slots=True)
class ReadRecord:
    """One record as read: in normal form, with what is wrong with it. ``row`` is where it began."""

    row: int
    record: Record
    faults: list[Fault] = field(default_factory=list)
    unused: set[str] = field(default_factory=set)

    @property
    def code(self) -> str:
        return str(self.record["MATTHC"])

    def fault(self, column: str, problem: Sentence, *, row: int = 0, sheet: str = "") -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(row or self.row, column, sheet, problem))


def blank_record() -> Record:
    """Return a record in which nothing is said."""
    return {**dict.fromkeys(RECORD.texts, ""), **{table.name: [] for table in RECORD.lists}}


def lists_of() -> tuple[Table, ...]:
    """Return the lists of a record, each a sheet of the book."""
    return RECORD.lists


def read_record(data: Any, row: int) -> ReadRecord:
    """Return the normal form of one record as the service gives it; what cannot be read is a fault of it."""
    read = ReadRecord(row, blank_record())
    if not isinstance(data, Mapping):
        read.fault("", say(N_("không phải một thủ tục")))
        return read
    read.record = _row(RECORD, data, "", read)
    return read


def _row(table: Table, data: Mapping[str, Any], path: str, read: ReadRecord) -> Record:
    known = {*table.texts, *(inner.name for inner in table.lists)}
    read.unused |= {str(name)[:60] for name in data if name not in known}
    found: Record = {name: _text(data.get(name), path + name, read) for name in table.texts}
    for inner in table.lists:
        found[inner.name] = _list(inner, data.get(inner.name), path + inner.name, read)
    return found


def _list(table: Table, value: Any, path: str, read: ReadRecord) -> list[Record]:
    if value in (None, "", []):
        return []
    # A service that has one row sends the row itself.
    rows = [value] if isinstance(value, Mapping) else value
    if not isinstance(rows, list):
        read.fault(path, say(N_("phải là một danh sách")))
        return []
    if len(rows) > MOST_ROWS_A_LIST:
        read.fault(path, say(N_("dài hơn %(most)s dòng"), most=MOST_ROWS_A_LIST))
        return []
    found = []
    for number, given in enumerate(rows, start=1):
        # Lists of related procedures are also sent as bare codes.
        one = {table.texts[0]: given} if isinstance(given, str | int) and not table.lists else given
        if not isinstance(one, Mapping):
            read.fault(f"{path}[{number}]", say(N_("phải là một nhóm trường")))
            continue
        found.append(_row(table, one, f"{path}[{number}].", read))
    return _joined(table, found)


def _joined(table: Table, rows: Iterable[Record]) -> list[Record]:
    """Rows in normal form: none without text, and one where two beside each other hold the same texts."""
    found: list[Record] = []
    for row in rows:
        if not any(row.values()):
            continue
        if table.lists and found and all(found[-1][name] == row[name] for name in table.texts):
            for inner in table.lists:
                found[-1][inner.name] = _joined(inner, [*found[-1][inner.name], *row[inner.name]])
            continue
        found.append(row)
    return found


def _text(value: Any, path: str, read: ReadRecord) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "True" if value else "False"
        case int():
            text = str(value)
        case float():
            text = str(int(value)) if value == value and abs(value) < 1e15 and value == int(value) else ""
            if not text:
                read.fault(path, say(N_("phải là chữ hoặc số nguyên")))
        case str():
            text = value
        case _:
            read.fault(path, say(N_("phải là chữ hoặc số nguyên")))
            return ""
    if len(text) > MOST_LETTERS:
        read.fault(path, say(N_("dài hơn %(most)s chữ"), most=MOST_LETTERS))
        return ""
    return clean_lines(text)


def clean_lines(text: str) -> str:
    """Return the lines of a text, each cleaned, those without words left out."""
    return "\n".join(line for line in (clean(part) for part in text.splitlines()) if line)


def headings(table: Table) -> list[str]:
    """Return the headings of a list's sheet: the code, its texts, and those inside with their path."""
    return ["MATTHC", *_columns(table, "")]


def _columns(table: Table, path: str) -> list[str]:
    # The code of a procedure that is named in a list stands beside the code of the one that names it.
    found = [f"{table.name}.{name}" if name == "MATTHC" else path + name for name in table.texts]
    for inner in table.lists:
        found += _columns(inner, f"{path}{inner.name}.")
    return found


def record_rows(record: Record, table: Table) -> Iterator[list[str]]:
    """Return the rows of one list of a record under ``headings``; outer texts stand in every row."""
    for line in _lines(table, record[table.name]):
        yield [record["MATTHC"], *line]


def _lines(table: Table, rows: Sequence[Record]) -> Iterator[list[str]]:
    for row in rows:
        texts = [row[name] for name in table.texts]
        if not table.lists:
            yield texts
            continue
        # Each list in the record holds at most one list in a row, so the rows are one after the other.
        (inner,) = table.lists
        within = list(_lines(inner, row[inner.name]))
        yield from ([*texts, *line] for line in within or [[""] * len(_columns(inner, ""))])


def _rows_of_lines(table: Table, lines: Sequence[Sequence[str]]) -> list[Record]:
    width = len(table.texts)
    if not table.lists:
        return [dict(zip(table.texts, line, strict=True)) for line in lines]
    (inner,) = table.lists
    found = []
    for line in lines:
        texts = dict(zip(table.texts, line[:width], strict=True))
        found.append({**texts, inner.name: _joined(inner, _rows_of_lines(inner, [line[width:]]))})
    return found


Sheet = tuple[list[str], list[tuple[int, list[str]]]]
"""The headings of a sheet and its rows, each with its number as the program shows it."""


def records_of_sheets(sheets: Mapping[str, Sheet], *, formula: str) -> list[ReadRecord]:
    """Return the records of a book: a sheet TTHC with a row a procedure, and a sheet a list.

    ``formula`` is what stands for a cell that holds one. Raises ``CatalogueUnreadable`` without the sheet
    TTHC or its code; every other fault is one of its record, by sheet, row and column.
    """
    if RECORD.name not in sheets:
        raise CatalogueUnreadable(
            N_("Tệp không có trang tính tên TTHC. Hãy dùng mẫu của danh mục (xuất ra để lấy)."), field="file"
        )
    head, rows = sheets[RECORD.name]
    if "MATTHC" not in head:
        raise CatalogueUnreadable(
            N_("Trang tính TTHC không có cột MATTHC ở dòng đầu. Hãy dùng mẫu của danh mục."), field="file"
        )
    found: list[ReadRecord] = []
    by_code: dict[str, ReadRecord] = {}
    unused = {name for name in head if name and name not in RECORD.texts}
    for number, cells in rows:
        read = ReadRecord(number, blank_record(), unused=set(unused))
        for name, cell in zip(head, cells, strict=False):
            if name in RECORD.texts:
                read.record[name] = _cell(cell, name, RECORD.name, number, read, formula)
        found.append(read)
        by_code.setdefault(read.code, read)
    strays: dict[str, ReadRecord] = {}
    for table in RECORD.lists:
        if table.name in sheets:
            _fill(table, sheets[table.name], by_code, strays, formula)
    return [*found, *strays.values()]


def _fill(
    table: Table,
    sheet: Sheet,
    by_code: Mapping[str, ReadRecord],
    strays: dict[str, ReadRecord],
    formula: str,
) -> None:
    head, rows = sheet
    columns = _columns(table, "")
    at = {name: head.index(name) for name in columns if name in head}
    code_at = head.index("MATTHC") if "MATTHC" in head else None
    lines: dict[str, list[list[str]]] = {}
    for number, cells in rows:
        code = clean(cells[code_at]) if code_at is not None and code_at < len(cells) else ""
        read = by_code.get(code)
        if read is None:
            # Rows that belong to no procedure are faults of a record that has only them.
            stray = strays.setdefault(code, ReadRecord(number, {**blank_record(), "MATTHC": code}))
            problem = N_("mã này không có trong trang tính TTHC; hãy sửa mã hoặc thêm thủ tục vào trang đó")
            stray.fault("MATTHC", say(problem), row=number, sheet=table.name)
            continue
        line = [
            _cell(cells[at[name]], name, table.name, number, read, formula)
            if name in at and at[name] < len(cells)
            else ""
            for name in columns
        ]
        lines.setdefault(code, []).append(line)
        if len(lines[code]) == MOST_ROWS_A_LIST + 1:
            read.fault("", say(N_("dài hơn %(most)s dòng"), most=MOST_ROWS_A_LIST), row=number,
                       sheet=table.name)  # fmt: skip
    for code, of_code in lines.items():
        by_code[code].record[table.name] = _joined(table, _rows_of_lines(table, of_code[:MOST_ROWS_A_LIST]))


def _cell(text: str, name: str, sheet: str, row: int, read: ReadRecord, formula: str) -> str:
    if text == formula:
        read.fault(name, say(N_("ô chứa công thức; hãy ghi giá trị")), row=row, sheet=sheet)
        return ""
    if len(text) > MOST_LETTERS:
        read.fault(name, say(N_("dài hơn %(most)s chữ"), most=MOST_LETTERS), row=row, sheet=sheet)
        return ""
    return clean_lines(text)

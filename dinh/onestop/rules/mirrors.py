"""Dossiers that other systems handle: what a row must say, how a list is read, what differs.

Rows bear the field names of the national portal (HoSo). Everything comes from outside and is hostile.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.national import STATUSES, read_moment

__all__ = [
    "DIFFERENCES",
    "MOST_ROWS",
    "Found",
    "ListRow",
    "MirrorRow",
    "RowFault",
    "RowsFaulty",
    "compare",
    "read_list",
    "read_rows",
    "rows_of_file",
]

MOST_ROWS = 500
# A day's list holds codes and statuses only.
MOST_LISTED = 20_000
LARGEST_FILE = 5 * 1024 * 1024

Code = Annotated[str, msgspec.Meta(min_length=3, max_length=100, pattern=r"^[0-9A-Za-z.\-/_]+$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Words = Annotated[str, msgspec.Meta(max_length=1000)]
Moment = Annotated[str, msgspec.Meta(max_length=14)]


class MirrorRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One dossier of another system. Moments are yyyyMMddHHmmss or yyyyMMdd; an empty one is unknown."""

    MaHoSo: Code
    MaTTHC: Code
    TenTTHC: Name
    ChuHoSo: Name
    TrangThaiHoSo: str
    NgayNopHoSo: Moment
    MaDonVi: Annotated[str, msgspec.Meta(max_length=40)] = ""
    DonViXuLy: Annotated[str, msgspec.Meta(max_length=300)] = ""
    NgayTiepNhan: Moment = ""
    NgayHenTra: Moment = ""
    NgayKetThucXuLy: Moment = ""
    NgayTra: Moment = ""
    KenhThucHien: Annotated[str, msgspec.Meta(max_length=2)] = ""
    TrichYeuHoSo: Words = ""
    GhiChu: Words = ""

    @property
    def status(self) -> int:
        return int(self.TrangThaiHoSo)


class ListRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a day's list: a dossier's code and its status there."""

    MaHoSo: Code
    TrangThaiHoSo: str


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one row; rows are counted from 1."""

    number: int
    sentence: Sentence


class RowsFaulty(Refused):
    message = N_("Có %(count)d dòng sai nên chưa ghi dòng nào. Hãy sửa theo danh sách lỗi rồi gửi lại.")

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__(count=len(faults), field="file")
        self.faults = tuple(faults)


class FileUnreadable(Refused):
    message = N_("Không đọc được tệp. Hãy chọn tệp JSON hoặc CSV (UTF-8), tối đa 5 MB, có đúng tên cột.")


class TooManyRows(Refused):
    message = N_("Có %(count)d dòng, nhiều hơn %(most)d dòng mỗi lần. Hãy chia nhỏ rồi gửi nhiều lần.")


def rows_of_file(content: bytes) -> list[Any]:
    """Return the plain rows of a JSON file (a list, or ``{"data": [...]}``) or of a CSV file with a heading.

    Told apart by the content. Raises ``FileUnreadable``.
    """
    if len(content) > LARGEST_FILE:
        raise FileUnreadable(field="file")
    try:
        text = content.decode("utf-8-sig")
        if text.lstrip()[:1] in ("[", "{"):
            rows = json.loads(text)
            rows = rows.get("data") if isinstance(rows, dict) else rows
        else:
            rows = _csv_rows(text)
    except (ValueError, csv.Error, RecursionError) as error:
        raise FileUnreadable(field="file") from error
    if not isinstance(rows, list) or not rows:
        raise FileUnreadable(field="file")
    return rows


def _csv_rows(text: str) -> list[dict[str, str]]:
    """Rows of a CSV file, without their empty cells. Raises ``ValueError`` for a cell too many."""
    lines = text.splitlines()
    separator = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    found = []
    for row in csv.DictReader(io.StringIO(text), delimiter=separator, strict=True):
        if None in row:
            raise ValueError("a cell too many")
        found.append({name.strip(): value.strip() for name, value in row.items() if value and value.strip()})
    return found


def read_rows(rows: Sequence[Any]) -> list[MirrorRow]:
    """Return the rows that plain data describe, all or none. Raises ``TooManyRows``, ``RowsFaulty``."""
    found: list[MirrorRow] = _read(rows, MirrorRow, most=MOST_ROWS)
    return found


def read_list(rows: Sequence[Any]) -> list[ListRow]:
    """Return the lines of a day's list, all or none. Raises ``TooManyRows``, ``RowsFaulty``."""
    found: list[ListRow] = _read(rows, ListRow, most=MOST_LISTED)
    return found


def _read(rows: Sequence[Any], kind: Any, *, most: int) -> list[Any]:
    if len(rows) > most:
        raise TooManyRows(count=len(rows), most=most, field="file")
    read: list[Any] = []
    faults: list[RowFault] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        try:
            one = msgspec.convert(row, kind)
        except msgspec.ValidationError as error:
            faults.append(RowFault(number, say(N_("sai dữ liệu: %(fault)s"), fault=str(error)[:200])))
            continue
        faults += [RowFault(number, fault) for fault in _faults(one, seen)]
        seen.add(one.MaHoSo)
        read.append(one)
    if faults:
        raise RowsFaulty(faults[:100])
    return read


def _faults(row: Any, seen: set[str]) -> Iterable[Sentence]:
    if row.TrangThaiHoSo not in {str(status) for status in STATUSES}:
        yield say(N_("TrangThaiHoSo phải là số từ 1 đến 10"))
    if row.MaHoSo in seen:
        yield say(N_("MaHoSo %(code)s có hai lần"), code=row.MaHoSo)
    for name in ("NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra"):
        try:
            moment = read_moment(getattr(row, name, ""))
        except ValueError:
            yield say(N_("%(field)s phải viết yyyyMMdd hoặc yyyyMMddHHmmss"), field=name)
        else:
            if moment is None and name == "NgayNopHoSo" and isinstance(row, MirrorRow):
                yield say(N_("NgayNopHoSo còn trống"))


# Comparing

DIFFERENCES: Mapping[str, str] = {
    "missing_here": N_("Có ở hệ thống kia, chưa có ở đây"),
    "missing_there": N_("Có ở đây, không còn ở hệ thống kia"),
    "status": N_("Khác trạng thái"),
    "no_list": N_("Chưa nhận danh sách trong ngày"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One difference of a comparison; ``ours`` and ``theirs`` are statuses, None where there is none."""

    code: str
    kind: str
    ours: int | None
    theirs: int | None


def compare(ours: Mapping[str, int], theirs: Mapping[str, int]) -> list[Found]:
    """Return what differs between our mirrors and the source's list, in the order of the codes."""
    found = []
    for code in sorted(ours.keys() | theirs.keys()):
        here, there = ours.get(code), theirs.get(code)
        if here == there:
            continue
        kind = "missing_here" if here is None else "missing_there" if there is None else "status"
        found.append(Found(code, kind, here, there))
    return found

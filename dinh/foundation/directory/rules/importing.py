"""What lists of units, positions and people look like, and how a line of one is read. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dinh.foundation.directory.rules.organisation import KINDS, LEVELS
from dinh.kernel.dates import read_date
from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.text import fold, search_text

__all__ = ["COLUMNS", "Column", "MissingColumn", "columns_of", "read_line", "yes"]


class MissingColumn(Refused):
    message = N_("Thiếu cột “%(column)s”. Hãy dùng tệp mẫu và giữ nguyên dòng tiêu đề.")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: the key of its value, its heading in Vietnamese, whether it must be there."""

    key: str
    heading: str
    is_required: bool = False


COLUMNS: dict[str, tuple[Column, ...]] = {
    "units": (
        Column("code", N_("Mã định danh"), True),
        Column("name", N_("Tên đơn vị"), True),
        Column("kind", N_("Loại"), True),
        Column("level", N_("Cấp"), True),
        Column("parent", N_("Mã đơn vị cấp trên")),
        Column("old_code", N_("Mã cũ")),
        Column("short_name", N_("Tên ngắn")),
        Column("abbreviation", N_("Viết tắt")),
        Column("display_order", N_("Thứ tự")),
        Column("address", N_("Địa chỉ")),
        Column("phone", N_("Điện thoại")),
        Column("email", N_("Thư điện tử")),
        Column("from_on", N_("Từ ngày")),
    ),
    "positions": (
        Column("code", N_("Mã chức vụ"), True),
        Column("unit", N_("Mã đơn vị"), True),
        Column("title", N_("Chức vụ"), True),
        Column("rank", N_("Thứ bậc")),
        Column("is_head", N_("Đứng đầu")),
        Column("is_single", N_("Chỉ một người")),
        Column("from_on", N_("Từ ngày")),
    ),
    "people": (
        Column("staff_code", N_("Mã cán bộ"), True),
        Column("full_name", N_("Họ và tên"), True),
        Column("birth_date", N_("Ngày sinh")),
        Column("identity_number", N_("Số định danh")),
        Column("phone", N_("Điện thoại")),
        Column("email", N_("Thư điện tử")),
        Column("address", N_("Địa chỉ")),
        Column("position", N_("Mã chức vụ")),
        Column("from_on", N_("Từ ngày")),
        Column("basis", N_("Căn cứ")),
    ),
}


def columns_of(kind: str, heading: Sequence[str]) -> dict[int, str]:
    """Return which cell holds which value, by the words of the first line, with or without diacritics.

    Raises ``MissingColumn`` for the first required column that is not there.
    """
    known = {search_text(column.heading): column.key for column in COLUMNS[kind]}
    found = {
        number: known[search_text(cell)] for number, cell in enumerate(heading) if search_text(cell) in known
    }
    for column in COLUMNS[kind]:
        if column.is_required and column.key not in found.values():
            raise MissingColumn(field="file", column=column.heading)
    return found


def read_line(
    kind: str, columns: dict[int, str], cells: Sequence[str]
) -> tuple[dict[str, str], list[Sentence]]:
    """Return the values of a line by key, with codes put for words, and the reasons to refuse it."""
    values = {key: cells[number] if number < len(cells) else "" for number, key in columns.items()}
    reasons = []
    for column in COLUMNS[kind]:
        value, heading = values.setdefault(column.key, ""), say(column.heading)
        if value.startswith("\x00"):
            values[column.key] = ""
            reasons.append(say(N_("%(column)s: ô chứa công thức; hãy dán lại dạng giá trị"), column=heading))
        elif len(value) > 500:
            values[column.key] = value[:500]
            reasons.append(say(N_("%(column)s: quá 500 ký tự"), column=heading))
        elif column.is_required and not value:
            reasons.append(say(N_("%(column)s: còn trống"), column=heading))
    if kind == "units":
        reasons += _units_words(values)
    for key in ("from_on", "birth_date"):
        reasons += _day_word(values, key)
    for key in ("rank", "display_order"):
        if values.get(key) and not re.fullmatch(r"[0-9]{1,4}", values[key]):
            reasons.append(say(N_("“%(typed)s” không phải số thứ tự"), typed=values[key][:20]))
    return values, reasons


def _units_words(values: dict[str, str]) -> list[Sentence]:
    reasons = []
    kinds = {fold(kind.label): kind.code for kind in KINDS.values()} | {code: code for code in KINDS}
    levels = {fold(label): code for code, label in LEVELS.items()} | {code: code for code in LEVELS}
    for key, known in (("kind", kinds), ("level", levels)):
        word = values[key]
        if word and fold(word) not in known:
            reasons.append(say(N_("“%(typed)s” không có trong danh mục"), typed=word[:40]))
        values[key] = known.get(fold(word), word)
    return reasons


def _day_word(values: dict[str, str], key: str) -> list[Sentence]:
    if not values.get(key):
        return []
    day = read_date(values[key])
    if day is None:
        typed = values[key][:20]
        return [say(N_("“%(typed)s” không phải ngày; hãy ghi theo mẫu 31/12/2025"), typed=typed)]
    values[key] = day.isoformat()
    return []


def yes(word: str) -> bool:
    """Whether a cell says yes."""
    return fold(word) in {"x", "co", "1", "yes", "true", "dung"}

"""A procedure's definition as a record of the national catalogue, and what a record changes in a definition.

What both hold is mapped; what only the record holds (publishing agency, decision, dates of legal documents)
is kept beside the definition. Fees are rules here and sums there, steps and form are not there at all: they
are written out as far as they go and never read back, so that no import makes a rule coarser.
Numbers of channels: KenhThucHien, high confidence. Numbers of levels: as they are used with CAPTHUCHIEN, from
memory, low; the words beside them (TENCAP) are read first.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dinh.kernel.errors import N_
from dinh.kernel.text import fold, search_text, sort_key
from dinh.onestop.rules.definition import Definition, Document
from dinh.onestop.rules.national_records import RECORD, Record, Table, blank_record, lists_of

__all__ = [
    "LABELS",
    "FieldChange",
    "changed_definition",
    "changes_between",
    "columns_of_record",
    "level_of",
    "needed_of_record",
    "record_of_definition",
    "said_part",
]

# The names of the record in words, in the order in which differences are shown.
LABELS: dict[str, str] = {
    "TENTTHC": N_("Tên thủ tục"),
    "ID": N_("Số thứ tự trong cơ sở dữ liệu quốc gia"),
    "MACOQUANCONGBO": N_("Mã cơ quan công bố"),
    "LOAITTHC": N_("Loại thủ tục"),
    "MOTA": N_("Mô tả"),
    "TUKHOA": N_("Từ khóa"),
    "LINHVUCTHUCHIEN": N_("Lĩnh vực"),
    "CAPTHUCHIEN": N_("Cấp thực hiện"),
    "DOITUONGTHUCHIEN": N_("Đối tượng thực hiện"),
    "MOTADOITUONGTHUCHIEN": N_("Mô tả đối tượng thực hiện"),
    "TRINHTUTHUCHIEN": N_("Trình tự thực hiện"),
    "CACHTHUCTHUCHIEN": N_("Cách thức, thời hạn, phí, lệ phí"),
    "THANHPHANHOSO": N_("Thành phần hồ sơ"),
    "KETQUATHUCHIEN": N_("Kết quả thực hiện"),
    "YEUCAU": N_("Yêu cầu, điều kiện"),
    "CANCUPHAPLY": N_("Căn cứ pháp lý"),
    "COQUANTHUCHIEN": N_("Cơ quan thực hiện"),
    "MOTACOQUANTHUCHIEN": N_("Mô tả cơ quan thực hiện"),
    "COQUANCOTHAMQUYEN": N_("Cơ quan có thẩm quyền"),
    "MOTACOQUANTHAMQUYEN": N_("Mô tả cơ quan có thẩm quyền"),
    "COQUANDUOCUYQUYEN": N_("Cơ quan được ủy quyền"),
    "COQUANPHOIHOP": N_("Cơ quan phối hợp"),
    "DIACHITIEPNHAN": N_("Địa chỉ tiếp nhận"),
    "QUYETDINH": N_("Quyết định công bố"),
    "IDQUYETDINHCONGBO": N_("Mã quyết định công bố"),
    "TRANGTHAI": N_("Trạng thái"),
    "TTHCLIENQUAN": N_("Thủ tục liên quan"),
    "TTHCLIENTHONG": N_("Thủ tục liên thông"),
}


LEVELS = {
    "province": ("2", "Cấp Tỉnh"),  # data: words of the national catalogue
    "district": ("3", "Cấp Huyện"),  # data: words of the national catalogue
    "commune": ("4", "Cấp Xã"),  # data: words of the national catalogue
}
CURRENCY = "Đồng"  # data: words of the national catalogue
CHANNELS = {"counter": "1", "online": "2", "post": "3"}
UNITS = {
    "working_days": "Ngày làm việc",  # data: words of the national catalogue
    "calendar_days": "Ngày",  # data: words of the national catalogue
    "hours": "Giờ",  # data: words of the national catalogue
    "same_day": "Trong ngày",  # data: words of the national catalogue
}
# What the definition says; the rest of a record is kept beside it.
_SAID = (
    "MATTHC", "TENTTHC", "MOTA", "TUKHOA", "YEUCAU", "LINHVUCTHUCHIEN", "CAPTHUCHIEN", "DOITUONGTHUCHIEN",
    "TRINHTUTHUCHIEN", "CACHTHUCTHUCHIEN", "THANHPHANHOSO", "KETQUATHUCHIEN", "CANCUPHAPLY",
)  # fmt: skip
# What only the workshop changes: rules cannot be read from sums and words.
_ONLY_IN_WORKSHOP = {"CAPTHUCHIEN", "CACHTHUCTHUCHIEN"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that a record says otherwise. ``held``: the workshop holds it, an import leaves it."""

    name: str
    before: str
    after: str
    held: bool = False


def record_of_definition(definition: Definition, beside: Record | None = None) -> Record:
    """Return the procedure as the national record; ``beside`` fills what the definition does not know.

    A field of ``beside`` that says no other than the definition stays as it is there; in one that does, its
    rows keep what the definition does not know of them: the code of a paper, the dates of a law.
    """
    kept = beside or blank_record()
    said = {**kept, **_said_by(definition)}
    for table in lists_of():
        if table.name in _SAID:
            rows = _over(table, said[table.name], kept[table.name])
            said[table.name] = [row for row in rows if any(row.values())]
    return {
        name: kept[name] if said_part(name, kept) == said_part(name, said) else said[name] for name in kept
    }


def _said_by(definition: Definition) -> dict[str, Any]:
    level, level_words = LEVELS[definition.level]
    return {
        "MATTHC": definition.code,
        "TENTTHC": definition.name,
        "MOTA": definition.summary,
        "TUKHOA": "; ".join(definition.keywords),
        "YEUCAU": "\n".join(definition.requirements),
        "LINHVUCTHUCHIEN": [{"MALINHVUC": definition.field.code, "TENLINHVUC": definition.field.name}],
        "CAPTHUCHIEN": [{"CAPTHUCHIEN": level, "TENCAP": level_words}],
        "DOITUONGTHUCHIEN": [{"TENDOITUONG": who} for who in definition.audience],
        "TRINHTUTHUCHIEN": [{"TRINHTU": [{"TENTRINHTU": line} for line in definition.sequence]}],
        "CACHTHUCTHUCHIEN": [_way(definition, channel) for channel in definition.channels],
        "THANHPHANHOSO": [{"GIAYTO": [_paper(document) for document in definition.documents]}],
        "KETQUATHUCHIEN": [{"TENKETQUA": definition.result.name}],
        "CANCUPHAPLY": [{"SOVANBAN": law.number, "TENVANBAN": law.name} for law in definition.basis],
    }


def _paper(document: Document) -> dict[str, str]:
    return {
        "MAGIAYTO": document.key,
        "TENGIAYTO": document.name,
        "SOBANCHINH": str(document.originals),
        "SOBANSAO": str(document.copies),
    }


def _way(definition: Definition, channel: str) -> dict[str, Any]:
    limit = definition.time_limit
    amount = limit.online if channel == "online" and limit.online else limit.amount
    fees = [
        {
            "MAPHILEPHI": fee.key,
            "SOTIEN": str(fee.amount),
            "DONVI": CURRENCY,
            "MOTA": fee.name,
        }
        for fee in definition.fees
    ]
    time = {"THOIGIANGIAIQUYET": str(amount), "DONVITINH": UNITS[limit.unit], "PHILEPHI": fees}
    return {"KENH": CHANNELS[channel], "THOIGIAN": [time]}


def _over(table: Table, rows: Sequence[Mapping[str, Any]], beside: Sequence[Record]) -> list[Record]:
    known = list(beside)
    found = []
    for row in rows:
        match = _taken(known, table, row)
        new: Record = {name: row.get(name, "") or match.get(name, "") for name in table.texts}
        if table.name == "GIAYTO" and match.get("MAGIAYTO"):
            new["MAGIAYTO"] = match["MAGIAYTO"]
        for inner in table.lists:
            new[inner.name] = _over(inner, row.get(inner.name, ()), match.get(inner.name, ()))
        found.append(new)
    return found


def _taken(known: list[Record], table: Table, row: Mapping[str, Any]) -> Record:
    """The first row of ``known`` that shares the code or the name, taken out of it."""
    for number, one in enumerate(known):
        if any(row.get(name) and one[name] == row[name] for name in table.texts[:2]):
            return known.pop(number)
    return {}


def said_part(name: str, record: Record) -> Any:
    """Return what a definition can hold of one field: two records that agree in it ask for no new version."""
    rows: Any = record[name]
    match name:
        case "TUKHOA":
            return _keywords(record)
        case "LINHVUCTHUCHIEN":
            return [(row["MALINHVUC"], row["TENLINHVUC"]) for row in rows[:1]]
        case "CAPTHUCHIEN":
            return level_of(record)
        case "DOITUONGTHUCHIEN":
            return [row["TENDOITUONG"] for row in rows if row["TENDOITUONG"]]
        case "KETQUATHUCHIEN":
            return [row["TENKETQUA"] for row in rows[:1]]
        case "CANCUPHAPLY":
            laws = [(row["SOVANBAN"], row["TENVANBAN"]) for row in rows]
            return [law for law in laws if any(law)]
        case "TRINHTUTHUCHIEN":
            return [row["TENTRINHTU"] for case in rows for row in case["TRINHTU"] if row["TENTRINHTU"]]
        case "THANHPHANHOSO":
            return [
                (row["TENGIAYTO"], _whole(row["SOBANCHINH"]), _whole(row["SOBANSAO"]))
                for row in _papers(record)
                if row["TENGIAYTO"]
            ]
        case "CACHTHUCTHUCHIEN":
            return [
                (way["KENH"], time["THOIGIANGIAIQUYET"], fold(time["DONVITINH"]),
                 [(fee["SOTIEN"], fee["MOTA"]) for fee in time["PHILEPHI"]])
                for way in rows
                for time in way["THOIGIAN"]
            ]  # fmt: skip
        case _:
            return rows


def _papers(record: Record) -> list[Record]:
    return [row for case in record["THANHPHANHOSO"] for row in case["GIAYTO"]]


def changes_between(before: Record, after: Record, *, has_process: bool) -> list[FieldChange]:
    """Return the fields that ``after`` says otherwise, in words a line each, in the order of ``LABELS``."""
    return [
        FieldChange(
            name,
            _words(name, before[name]),
            _words(name, after[name]),
            held=has_process
            and name in _ONLY_IN_WORKSHOP
            and said_part(name, before) != said_part(name, after),
        )
        for name in LABELS
        if before[name] != after[name]
    ]


def _words(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    (table,) = [table for table in RECORD.lists if table.name == name]
    return "\n".join(_lines(table, value, 0))


def _lines(table: Table, rows: Sequence[Record], depth: int) -> list[str]:
    found = []
    for row in rows:
        texts = " · ".join(row[name] for name in table.texts if row[name])
        if texts:
            found.append("  " * depth + texts)
        for inner in table.lists:
            found += _lines(inner, row[inner.name], depth + 1 if texts else depth)
    return found


def changed_definition(
    data: Mapping[str, Any],
    before: Record,
    after: Record,
    *,
    name_for: Callable[[str, Collection[str]], str],
) -> dict[str, Any]:
    """Return a definition's plain data with what ``after`` says otherwise than ``before``.

    Papers are known by MAGIAYTO, else by their name: those that are new are added, those that are gone
    leave the draft. ``name_for(words, taken)`` makes the key of a new paper. Everything else stays.
    """
    changed = dict(data)
    for name, put in _PUT.items():
        if said_part(name, before) != said_part(name, after):
            put(changed, after)
    if said_part("THANHPHANHOSO", before) != said_part("THANHPHANHOSO", after):
        changed["documents"] = _documents(data.get("documents", ()), before, after, name_for)
    return changed


def _put_name(data: dict[str, Any], record: Record) -> None:
    if data.get("short_name") == data.get("name"):
        data["short_name"] = record["TENTTHC"]
    data["name"] = record["TENTTHC"]


def _put_field(data: dict[str, Any], record: Record) -> None:
    for row in record["LINHVUCTHUCHIEN"][:1]:
        data["field"] = {"code": row["MALINHVUC"], "name": row["TENLINHVUC"]}


def _put_result(data: dict[str, Any], record: Record) -> None:
    for row in record["KETQUATHUCHIEN"][:1]:
        if row["TENKETQUA"]:
            data["result"] = {**data["result"], "name": row["TENKETQUA"]}


_PUT: dict[str, Callable[[dict[str, Any], Record], None]] = {
    "TENTTHC": _put_name,
    "MOTA": lambda data, record: data.update(summary=record["MOTA"]),
    "TUKHOA": lambda data, record: data.update(keywords=_keywords(record)),
    "YEUCAU": lambda data, record: data.update(requirements=record["YEUCAU"].splitlines()),
    "LINHVUCTHUCHIEN": _put_field,
    "DOITUONGTHUCHIEN": lambda data, record: data.update(audience=said_part("DOITUONGTHUCHIEN", record)),
    "TRINHTUTHUCHIEN": lambda data, record: data.update(sequence=said_part("TRINHTUTHUCHIEN", record)),
    "KETQUATHUCHIEN": _put_result,
    "CANCUPHAPLY": lambda data, record: data.update(
        basis=[{"number": number, "name": name} for number, name in said_part("CANCUPHAPLY", record)]
    ),
}


def _documents(
    old: Sequence[Mapping[str, Any]],
    before: Record,
    after: Record,
    name_for: Callable[[str, Collection[str]], str],
) -> list[dict[str, Any]]:
    """The papers of ``after``. Those of ``before`` stand in the order of the definition's."""
    named = [row for row in _papers(before) if row["TENGIAYTO"]]
    by_code = {row["MAGIAYTO"]: paper for row, paper in zip(named, old, strict=False)}
    by_name = {paper["name"]: paper for paper in old}
    keys = {str(paper["key"]) for paper in old}
    found: dict[str, dict[str, Any]] = {}
    for row in _papers(after):
        if not row["TENGIAYTO"]:
            continue
        paper = by_code.get(row["MAGIAYTO"]) or by_name.get(row["TENGIAYTO"])
        if paper is None or paper["key"] in found:
            paper = {"key": name_for(row["TENGIAYTO"], keys)}
            keys.add(paper["key"])
        found[paper["key"]] = {
            **paper,
            "name": row["TENGIAYTO"],
            "originals": _whole(row["SOBANCHINH"]),
            "copies": _whole(row["SOBANSAO"]),
        }
    return list(found.values())


def _keywords(record: Record) -> list[str]:
    return [word.strip() for word in re.split(r"[;\n]", record["TUKHOA"]) if word.strip()]


def _whole(text: str) -> int:
    return min(int(text), 99) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def level_of(record: Record) -> str:
    """Return the level closest to people of a record, by its words, else by its number; "" if none."""
    found = ""
    for level, (number, words) in LEVELS.items():
        for row in record["CAPTHUCHIEN"]:
            said = fold(row["TENCAP"])
            if fold(words).split()[1] in said.split() or (not said and row["CAPTHUCHIEN"] == number):
                found = level
    return found


def needed_of_record(record: Record) -> list[str]:
    """Return the fields without which a procedure cannot stand in the catalogue and that a record lacks.

    The list is NĐ 63/2010 Art. 8.2, less what may be decided elsewhere.
    """
    lacking = [name for name in ("TENTTHC", "LINHVUCTHUCHIEN") if not record[name]]
    if not level_of(record):
        lacking.append("CAPTHUCHIEN")
    return lacking


def columns_of_record(record: Record) -> dict[str, Any]:
    """The columns of a procedure that has no version of its own, for search and lists, from its record."""
    field = record["LINHVUCTHUCHIEN"][0] if record["LINHVUCTHUCHIEN"] else {}
    words = " ".join(
        [
            record["MATTHC"], record["TENTTHC"], field.get("TENLINHVUC", ""), record["TUKHOA"],
            record["MOTA"][:2000],
        ]
    )  # fmt: skip
    return {
        "name": record["TENTTHC"],
        "short_name": record["TENTTHC"],
        "summary": record["MOTA"].partition("\n")[0][:300],
        "level": level_of(record),
        "field_code": field.get("MALINHVUC", "") or field.get("TENLINHVUC", ""),
        "field_name": field.get("TENLINHVUC", "") or field.get("MALINHVUC", ""),
        "audience": said_part("DOITUONGTHUCHIEN", record),
        "service_class": "information",
        "search_text": search_text(words),
        "sort_key": sort_key(record["TENTTHC"]),
    }

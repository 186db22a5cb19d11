"""Figures that go to the national control system after a period has closed: their fields, what differs since.

The form is II.06a/VPCP/KSTT and the nine indicators of TT 01/2018. The system's own field names are not
published: those here are ours, spoken with the sample system alone (docs/decisions/0231).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dinh.kernel.errors import N_, Refused
from dinh.onestop.rules.figures import Tally
from dinh.onestop.rules.indicators import Rating
from dinh.onestop.rules.periods import Period, period_on

__all__ = [
    "FIGURE_FIELDS",
    "FIGURE_REASONS",
    "ChangedFigure",
    "FiguresUnchanged",
    "closed_periods",
    "differing",
    "indicator_rows",
    "tally_row",
]

# Fields of a line of 06a, by what they count (keys of ``COUNTS``).
FIGURE_FIELDS: Mapping[str, str] = {
    "tong": "TongSo",
    "moi-truc-tuyen": "TrucTuyen",
    "moi-truc-tiep": "TrucTiepBuuChinh",
    "ky-truoc": "KyTruoc",
    "xong": "DaGiaiQuyet",
    "xong-truoc-han": "TruocHan",
    "xong-dung-han": "DungHan",
    "xong-qua-han": "QuaHan",
    "dang": "DangGiaiQuyet",
    "dang-trong-han": "DangTrongHan",
    "dang-qua-han": "DangQuaHan",
}

FIGURE_REASONS: Mapping[str, str] = {
    "closed": N_("Kỳ đã kết thúc"),
    "changed": N_("Số liệu đã thay đổi sau khi đếm lại"),
    "signed": N_("Có báo cáo ký số của kỳ"),
    "again": N_("Gửi lại theo yêu cầu"),
}

# How many closed periods are looked at again each night, by span.
_LOOKED_AT = (("month", 3), ("quarter", 2), ("year", 1))


class FiguresUnchanged(Refused):
    message = N_("Kỳ này chưa kết thúc hoặc cơ quan chưa có số liệu để gửi.")


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """One figure that differs: ``field`` is the code of a line (empty: the total), ``key`` what it counts;
    indicators have the key ``chi-tieu-N``. A figure that is not there is "–"."""

    field: str
    label: str
    key: str
    sent: str
    present: str


def closed_periods(today: dt.date) -> list[Period]:
    """Return the months, quarters and the year that ended last, the newest first of each."""
    found = []
    for span, count in _LOOKED_AT:
        period = period_on(today, span)
        for _ in range(count):
            period = period_on(period.before_on, span)
            found.append(period)
    return found


def tally_row(line: Tally) -> dict[str, str]:
    """Return a line's figures in the fields that go out."""
    return {name: str(line.counted(key)) for key, name in FIGURE_FIELDS.items()}


def indicator_rows(rating: Rating | None) -> list[dict[str, str]]:
    """Return the nine indicators; one without enough data has an empty score."""
    if rating is None:
        return []
    return [
        {"So": str(one.number), "Diem": "" if one.score is None else str(one.score), "SoCa": str(one.scored)}
        for one in rating.indicators
    ]


def differing(sent: Mapping[str, Any], present: Mapping[str, Any]) -> list[ChangedFigure]:
    """Return where the figures that were sent differ from those of today, line by line."""
    found: list[ChangedFigure] = []
    lines = _by_code(sent), _by_code(present)
    for code in sorted(lines[0].keys() | lines[1].keys()):
        before, after = lines[0].get(code, {}), lines[1].get(code, {})
        label = str(after.get("TenLinhVuc") or before.get("TenLinhVuc", ""))
        found += _rows(code, label, before, after)
    found += _rows("", "", sent.get("TongCong", {}), present.get("TongCong", {}))
    scores = [{row["So"]: row["Diem"] for row in one.get("ChiTieu", ())} for one in (sent, present)]
    for number in sorted(scores[0].keys() | scores[1].keys()):
        before_score, after_score = scores[0].get(number, ""), scores[1].get(number, "")
        if before_score != after_score:
            found.append(ChangedFigure("", "", f"chi-tieu-{number}", before_score or "–", after_score or "–"))
    return found


def _by_code(content: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    lines: Sequence[Mapping[str, str]] = content.get("DanhSachLinhVuc", ())
    return {str(line["MaLinhVuc"]): line for line in lines}


def _rows(code: str, label: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[ChangedFigure]:
    return [
        ChangedFigure(code, label, key, str(before.get(name, "–")), str(after.get(name, "–")))
        for key, name in FIGURE_FIELDS.items()
        if before.get(name, "0") != after.get(name, "0")
    ]

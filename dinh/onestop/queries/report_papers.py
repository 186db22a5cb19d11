"""Report II.06a as a paper: plain values for the template, all as they are printed."""

import datetime as dt
from typing import Any

from dinh.foundation.directory.public import document_place, get_unit
from dinh.kernel.dates import place_and_date
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.queries.reports import Report

__all__ = ["report_paper"]

_CELLS = (
    *("tong", "moi-truc-tuyen", "moi-truc-tiep", "ky-truoc"),
    *("xong", "xong-truoc-han", "xong-dung-han", "xong-qua-han"),
    *("dang", "dang-trong-han", "dang-qua-han"),
)
_GROUPS = {
    "linh-vuc": "Lĩnh vực",  # data: papers are Vietnamese
    "thu-tuc": "Thủ tục",  # data: papers are Vietnamese
    "co-quan": "Cơ quan",  # data: papers are Vietnamese
}


def report_paper(report: Report, *, note: str, now: dt.datetime) -> dict[str, Any]:
    """Return what form II.06a says; ``note`` stands at the foot of every page."""
    below = "và các cơ quan cấp dưới"  # data: papers are Vietnamese
    return {
        "above": report.above_name,
        "agency": report.unit_name,
        "scope": "" if report.chosen.depth == "alone" else below,
        "period": str(report.period.words),
        "group": _GROUPS[report.group],
        "standing_on": f"{report.standing_on:%d/%m/%Y}",
        "date": place_and_date(document_place(get_unit(report.unit_id)), now.astimezone(VIETNAM).date()),
        "lines": [
            {"label": line.label, "cells": [_number(line.tally.counted(key)) for key in _CELLS]}
            for line in report.lines
        ],
        "total": [_number(report.total.counted(key)) for key in _CELLS],
        "gone": _number(report.total.gone) if report.total.gone else "",
        "note": note,
    }


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")

"""Answers to any form, made from its definition: what a person would give who fills in much, or little."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from dinh.kernel.conditions import holds

Choices = Mapping[str, Sequence[tuple[str, str]]]

WRITTEN = {
    "identity_number": "099000500001",
    "tax_code": "099000500001",
    "phone": "0900000001",
    "email": "congdan@example.vn",
    "time": "08:30",
}
OTHER_PERSON = "099000500002"
# Names as they are written.
NAMED = {"person_name": "Nguyễn Thị Mẫu", "foreign_name": "Mẫu", "business_name": "Tạp hóa 36 Mẫu"}
# What the patterns of our forms accept; a new pattern needs a new line here.
PATTERNED = ("1990", "4711", "B1234567", "0123456789", "790123456789")


def fill(
    form: Mapping[str, Any],
    choices: Choices,
    *,
    all_of_it: bool,
    rows: int = 1,
    today: dt.date | None = None,
) -> dict[str, Any]:
    """Return answers in which each condition holds or is silent: every field that shows, or the required.

    ``today`` is the day of filing, today itself when not given.
    """
    some = [page["at_least_one"]["fields"][0] for page in form["ui"]["pages"] if "at_least_one" in page]
    day = today or timezone.localdate()
    return _Filling(choices, all_of_it, rows, frozenset(some), day).group(form, {})


class _Filling:
    def __init__(
        self, choices: Choices, all_of_it: bool, rows: int, chosen: frozenset[str], today: dt.date
    ) -> None:
        self.today = today
        self.choices = choices
        self.all_of_it = all_of_it
        self.rows = rows
        self.chosen = chosen

    def group(self, schema: Mapping[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, part in schema["properties"].items():
            known = {**whole, **values}
            ui = part.get("ui", {})
            if not holds(ui.get("show_if"), known):
                continue
            asked = "required_if" in ui and holds(ui["required_if"], known)
            if name in schema.get("required", ()) or asked or self.all_of_it:
                values[name] = self.value(part, known)
            elif name in self.chosen:
                values[name] = True
        return values

    def value(self, part: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
        kind, ui = part.get("type", "string"), part.get("ui", {})
        if kind == "object":
            return self.group(part, known)
        if kind == "array":
            rows = max(part.get("minItems", 1), min(self.rows, part.get("maxItems", 50)))
            return [self.group(part["items"], known) for _ in range(rows)]
        if kind == "boolean":
            return self.all_of_it or "const" in part
        if kind in ("integer", "number"):
            if ui.get("widget") == "year":
                return 1990
            return part["minimum"] if "minimum" in part else part.get("exclusiveMinimum", 0) + 100
        if "source" in ui:
            return self.choices[ui["source"]][0][0]
        return self.text(part, ui)

    def text(self, part: Mapping[str, Any], ui: Mapping[str, Any]) -> str:
        if "oneOf" in part:
            return str(part["oneOf"][0]["const"])
        if "written_as" in ui:
            return NAMED[ui["written_as"]]
        if "pattern" in part:
            return next(text for text in PATTERNED if re.search(part["pattern"], text))
        if ui.get("widget") == "date":
            return _day(ui, self.today)
        if "unlike" in ui:
            return OTHER_PERSON
        if ui.get("widget") in WRITTEN:
            return WRITTEN[ui["widget"]]
        return (f"{ui['label']} của người nộp".strip())[: part["maxLength"]].strip()


def _day(ui: Mapping[str, Any], today: dt.date) -> str:
    if {"within_days", "within_months", "under_age"} & set(ui):
        return today.isoformat()
    if "working_days_ahead" in ui:
        return "2099-03-02"
    earliest = ui.get("not_before", "1990-03-02")
    return "2099-03-02" if earliest == "today" else max(earliest, "1990-03-02")

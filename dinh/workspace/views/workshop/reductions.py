"""The reductions of a fee: rows, each with its condition."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from dinh.foundation.ui.public import FieldError
from dinh.kernel.errors import N_
from dinh.onestop.public import asked_of, matched, words_of
from dinh.workspace.views.workshop.conditions import ConditionRows, questions_of

__all__ = ["ReductionRows"]

CHANNELS = (("counter", N_("Tại quầy")), ("online", N_("Trực tuyến")), ("post", N_("Qua bưu chính")))
MOST_REDUCTIONS = 12
# What a row shows of a reduction; the rest of it stays.
OFFERED = ("name", "percent", "less", "channel", "when", "basis")


class ReductionRows:
    """The rows of one fee's reductions (``giam``): ``before`` is what the draft says of them."""

    def __init__(self, form: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> None:
        self._questions, self._asked = questions_of(form), asked_of(form)
        self._before = before
        self.choices = self._condition({}).choices

    def _condition(self, row: Mapping[str, Any]) -> ConditionRows:
        condition = row.get("when")
        return ConditionRows(
            "khi", _("Chỉ giảm khi"), _("Để trống: giảm cho mọi hồ sơ."), condition, self._questions,
            words_of(condition, self._asked) if condition else "",
        )  # fmt: skip

    def field(self) -> dict[str, Any]:
        """The list's input."""
        properties: dict[str, Any] = {
            "ten": {"type": "string", "maxLength": 200, "ui": {"label": _("Giảm cho ai, vì sao")}},
            "phan_tram": {"type": "integer", "minimum": 1, "maximum": 100,
                          "ui": {"label": _("Giảm phần trăm"), "suffix": "%"}},
            "so_tien": {"type": "integer", "minimum": 0, "maximum": 10_000_000_000,
                        "ui": {"label": _("Hoặc giảm số tiền"), "widget": "money"}},
            "cach": {"type": "string",
                     "oneOf": [{"const": code, "title": _(words)} for code, words in CHANNELS],
                     "ui": {"label": _("Chỉ khi nộp"), "widget": "select",
                            "help": _("Để trống: nộp cách nào cũng được.")}},
            "can_cu": {"type": "string", "maxLength": 300, "ui": {"label": _("Căn cứ"),
                       "help": _("Văn bản quy định mức giảm.")}},
            **self._condition({}).fields(),
        }  # fmt: skip
        if any(not self._condition(row).is_plain for row in self._before):
            properties["khi_bo"] = {"type": "boolean", "ui": {"label": _("Bỏ điều kiện hiện có")}}
        return {
            "type": "array", "maxItems": MOST_REDUCTIONS,
            "ui": {"label": _("Mức giảm"), "item": _("Mức giảm"),
                   "help": _("Các mức giảm không cộng lại: chỉ mức lớn nhất được tính.")},
            "items": {"type": "object", "required": ["ten"], "ui": {"order": list(properties)},
                      "properties": properties},
        }  # fmt: skip

    @property
    def notes(self) -> dict[str, str]:
        """The conditions that rows cannot show, in words, by the input beside which they stand."""
        rows = [(number, self._condition(row)) for number, row in enumerate(self._before)]
        return {f"giam.{number}.khi_bo": one.kept for number, one in rows if not one.is_plain}

    def values(self) -> list[dict[str, Any]]:
        """What stands in the rows."""
        shown = []
        for row in self._before:
            values = {
                "ten": row.get("name"),
                "phan_tram": row.get("percent"),
                "so_tien": row.get("less"),
                "cach": row.get("channel"),
                "can_cu": row.get("basis"),
                **self._condition(row).values(),
            }
            shown.append({name: value for name, value in values.items() if value})
        return shown

    def read(self, data: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[FieldError]]:
        """Return the reductions that were sent, and what is wrong with their conditions."""
        sent = [{**row, "name": row.get("ten")} for row in data.get("giam", ())]
        found: list[dict[str, Any]] = []
        errors: list[FieldError] = []
        for number, (row, before) in enumerate(zip(sent, matched(sent, self._before, "name"), strict=True)):
            when, wrong = self._condition(before).read(row, place=f"giam.{number}.")
            errors += wrong
            if bool(row.get("phan_tram")) is bool(row.get("so_tien")):
                sentence = _("Hãy ghi một trong hai: giảm phần trăm, hoặc giảm số tiền.")
                errors.append(FieldError(f"giam.{number}.phan_tram", sentence))
            said = {
                "name": row["name"],
                "percent": row.get("phan_tram", 0),
                "less": row.get("so_tien", 0),
                "channel": row.get("cach", ""),
                "when": when,
                "basis": row.get("can_cu"),
            }
            kept = {name: value for name, value in before.items() if name not in OFFERED}
            found.append({**kept, **{name: value for name, value in said.items() if value is not None}})
        return found, errors

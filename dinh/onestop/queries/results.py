"""Results: what their paper says, and what a draft begins with."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings

from dinh.foundation.ui.public import format_money, qr_svg
from dinh.kernel.conditions import value_at
from dinh.onestop.models import Dossier, Result

if TYPE_CHECKING:
    from dinh.onestop.rules.definition import Definition, ResultField

__all__ = ["check_address", "content_from", "first_content", "result_data"]


def check_address(dossier: Dossier) -> str:
    """The public address at which anyone can check the result's signatures."""
    return f"{settings.PUBLIC_ADDRESS}/kiem-tra-ket-qua/?ma={dossier.code}"


def first_content(dossier: Dossier) -> dict[str, str]:
    """What the specialist's draft begins with: the result's fields, filled from the form's answers."""
    return content_from(dossier.version.parts, dossier.data)


def content_from(definition: "Definition", data: Mapping[str, Any]) -> dict[str, str]:
    """The same from answers alone."""
    return {field.name: _answer(definition, data, field) for field in definition.result.fields}


def _answer(definition: "Definition", data: Mapping[str, Any], field: "ResultField") -> str:
    if not field.source:
        return ""
    return _words(definition, field.source, value_at(data, field.source))


def _words(definition: "Definition", source: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"  # data: papers are Vietnamese
    if isinstance(value, int):
        return format_money(value).removesuffix("đ").strip()
    if isinstance(value, list):
        return "; ".join(_words(definition, source, part) for part in value)
    if isinstance(value, dict):
        return ", ".join(_words(definition, source, part) for part in value.values() if part)
    return _choice_label(definition, source, _date_words(str(value)))


def _date_words(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).strftime("%d/%m/%Y")
    except ValueError:
        return text


def _choice_label(definition: "Definition", source: str, text: str) -> str:
    """The words of a choice instead of its stored value."""
    part: Any = definition.form
    for name in source.split("."):
        part = part.get("properties", {}).get(name, {})
    for choice in part.get("oneOf", []):
        if choice.get("const") == text:
            return str(choice.get("title", text))
    return text


def result_data(result: Result, *, lines: Sequence[str], signer: str) -> dict[str, Any]:
    """What the result's template is filled with; number and date are left open for the agency."""
    dossier = result.dossier
    definition = dossier.version.parts
    agency = dossier.agency
    return {
        "title": definition.result.name,
        "above": agency.parent.name if agency.parent else "",
        "agency": agency.name,
        "fields": {field.name: result.content.get(field.name, "") for field in definition.result.fields},
        "recipients": [dossier.applicant_name, "Lưu: VT"],  # data: papers are Vietnamese
        "lines": list(lines),
        "signer": signer,
        "qr": qr_svg(check_address(dossier)),
        "note": settings.PAPER_NOTE,
    }

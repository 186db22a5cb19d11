"""Results: what their paper says, and what a draft begins with."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings

from dinh.foundation.ui.public import format_number, qr_svg
from dinh.kernel.conditions import value_at
from dinh.onestop.models import Dossier, Result
from dinh.onestop.rules.composing import compose

if TYPE_CHECKING:
    from dinh.onestop.rules.definition import Definition, ResultField, ResultTemplate

_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")

__all__ = ["check_address", "composed_data", "content_from", "first_content", "result_data"]


def check_address(dossier: Dossier) -> str:
    """The public address at which anyone can check the result's signatures."""
    return f"{settings.PUBLIC_ADDRESS}/kiem-tra-ket-qua/?ma={dossier.code}"


def first_content(dossier: Dossier, key: str = "") -> dict[str, str]:
    """What the specialist's draft begins with: the result's fields, filled from the form's answers."""
    return content_from(dossier.version.parts, dossier.data, key)


def content_from(definition: "Definition", data: Mapping[str, Any], key: str = "") -> dict[str, str]:
    """The same from answers alone."""
    return {field.name: _answer(definition, data, field) for field in definition.result_of(key).fields}


def _answer(definition: "Definition", data: Mapping[str, Any], field: "ResultField") -> str:
    if not field.source:
        return ""
    part: Mapping[str, Any] = definition.form
    for name in field.source.split("."):
        part = part.get("properties", {}).get(name, {})
    return _words(part, value_at(data, field.source))


def _words(part: Mapping[str, Any], value: Any) -> str:
    """An answer as a paper writes it, by what its part of the form says that it is."""
    match value:
        case None:
            return ""
        case bool():
            return "Có" if value else "Không"  # data: papers are Vietnamese
        case int() if part.get("ui", {}).get("widget") == "year":
            return str(value)
        case int() | float():
            decimals = 0 if value == int(value) else len(str(value).partition(".")[2])
            return format_number(value, decimals)
        case list():
            return "; ".join(_words(part.get("items", {}), one) for one in value)
        case dict():
            inner = part.get("properties", {})
            names = part.get("ui", {}).get("order") or list(inner)
            return ", ".join(_words(inner.get(name, {}), value[name]) for name in names if value.get(name))
        case _:
            return _choice(part, _date(str(value)))


def _date(text: str) -> str:
    found = _ISO_DATE.fullmatch(text)
    return "/".join(reversed(found.groups())) if found else text


def _choice(part: Mapping[str, Any], text: str) -> str:
    """The words of a choice instead of its stored value."""
    titles = {choice.get("const"): choice.get("title", text) for choice in part.get("oneOf", [])}
    return str(titles.get(text, text))


def result_data(result: Result, *, lines: Sequence[str], signer: str) -> dict[str, Any]:
    """What the result's template is filled with; number and date are left open for the agency."""
    dossier = result.dossier
    template = dossier.version.parts.result_of(result.key)
    agency = dossier.agency
    return {
        "title": template.name,
        "above": agency.parent.name if agency.parent else "",
        "agency": agency.name,
        **_words_of_result(template, result.content),
        "enclosures": enclosed_lines(result),
        "recipients": [dossier.applicant_name, "Lưu: VT"],  # data: papers are Vietnamese
        "lines": list(lines),
        "signer": signer,
        "qr": qr_svg(check_address(dossier)),
        "note": settings.PAPER_NOTE,
    }


def enclosed_lines(result: Result) -> list[dict[str, str]]:
    """What a result's paper says of each paper bound to it: its name and its SHA-256 in groups of eight."""
    if result._state.adding:
        return []
    return [
        {"name": row.name, "hash": " ".join(row.sha256[at : at + 8] for at in range(0, 64, 8))}
        for row in result.enclosures.all()
    ]


def _words_of_result(template: "ResultTemplate", content: Mapping[str, str]) -> dict[str, Any]:
    fields = {field.name: content.get(field.name, "") for field in template.fields}
    return {"fields": fields, "blocks": compose(template, fields)}


def composed_data(template: "ResultTemplate", fields: Mapping[str, str]) -> dict[str, Any]:
    """What a result's template is filled with for a trial: no dossier, no agency, marked as a trial."""
    return {
        "title": template.name,
        "above": "",
        "agency": "Tên cơ quan",  # data: papers are Vietnamese
        "fields": dict(fields),
        "blocks": compose(template, fields),
        "enclosures": [{"name": one.name, "hash": "0" * 64} for one in template.encloses],
        "recipients": ["Người nộp hồ sơ", "Lưu: VT"],  # data: papers are Vietnamese
        "lines": ["CHỨC VỤ NGƯỜI KÝ"],  # data: papers are Vietnamese
        "signer": "Họ và tên",  # data: papers are Vietnamese
        "qr": qr_svg(settings.PUBLIC_ADDRESS),
        "note": "BẢN XEM THỬ – KHÔNG CÓ GIÁ TRỊ",  # data: papers are Vietnamese
    }

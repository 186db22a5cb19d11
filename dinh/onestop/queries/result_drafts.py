"""A result's draft: what it begins with, how it is read and checked, the form that fills it in."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dinh.foundation.directory.public import area_words
from dinh.foundation.ui.public import FieldError, FormView, format_number, layout, parse, validate
from dinh.kernel.conditions import value_at
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, DossierPart, Result
from dinh.onestop.queries.invitations import met_on
from dinh.onestop.queries.page_counts import printed_pages
from dinh.onestop.rules.definition import Definition, ResultField, ResultTemplate
from dinh.onestop.rules.result_fields import (
    FURTHER,
    PAPERS,
    ResultIncomplete,
    chosen_of,
    field_schema,
    follows_first,
    form_of,
    has_day_met,
    has_paper,
    joined,
    written,
)

__all__ = [
    "check_complete",
    "content_from",
    "day_met",
    "draft_errors",
    "draft_view",
    "first_content",
    "papers_to_print",
    "read_draft",
    "tidy_content",
]

_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
# What a result can be printed with.
PRINTABLE = ("application/pdf", "image/jpeg", "image/png")

Areas = Callable[[str], Sequence[str]]


class _Typed(dict[str, str]):
    """Words by input, listed as a browser's form lists them."""

    def getlist(self, key: str) -> list[str]:
        return [self[key]] if key in self else []


def first_content(dossier: Dossier, key: str = "", *, today: dt.date | None = None) -> dict[str, str]:
    """What the specialist's draft begins with: the result's fields, filled from the form's answers."""
    template = dossier.version.parts.result_of(key)
    met = day_met(dossier, template)
    content = content_from(dossier.version.parts, dossier.data, key, today=today, met=met)
    given = papers_to_print(dossier) if has_paper(template) else []
    if len(given) == 1:
        content |= {field.name: given[0][0] for field in template.fields if field.kind == "paper"}
    return content | printed_pages(template, content, dossier)


def day_met(dossier: Dossier, template: ResultTemplate) -> str:
    """The day on which the applicant was met, for a result that prints it; empty: not yet, or not printed."""
    return met_on(dossier) if has_day_met(template) else ""


def content_from(
    definition: Definition,
    data: Mapping[str, Any],
    key: str = "",
    *,
    today: dt.date | None = None,
    areas: Areas = area_words,
    met: str = "",
) -> dict[str, str]:
    """The same from answers alone. ``areas`` names the areas of a commune's code, the smallest first; ``met``
    is the day on which the applicant was met.
    """
    template = definition.result_of(key)
    day = today or dt.datetime.now(VIETNAM).date()
    content = {field.name: _first(definition, data, field, day, areas) for field in template.fields}
    first = content_from(definition, data, today=day, areas=areas) if key and follows_first(template) else {}
    return content | written(template, content, year=day.year, first=first, met=met)


def _first(
    definition: Definition, data: Mapping[str, Any], field: ResultField, today: dt.date, areas: Areas
) -> str:
    words = _answer(definition, data, field)
    if not words and field.validity is not None:
        words = _valid_until(data, field, today)
    if words and field.area:
        named = [area for area in areas(str(value_at(data, field.area) or "")) if area]
        words = ", ".join([words, *(area for area in named if area.lower() not in words.lower())])
    return words or field.default


def _answer(definition: Definition, data: Mapping[str, Any], field: ResultField) -> str:
    if not field.source:
        return ""
    if field.stored:
        return str(value_at(data, field.source) or "")
    part: Mapping[str, Any] = definition.form
    for name in field.source.split("."):
        part = part.get("properties", {}).get(name, {})
    value = value_at(data, field.source)
    if field.long and isinstance(value, list):
        return "\n".join(_words(part.get("items", {}), one) for one in value)
    return _words(part, value)


def _valid_until(data: Mapping[str, Any], field: ResultField, today: dt.date) -> str:
    rule = field.validity
    assert rule is not None
    years = rule.table.get(str(value_at(data, rule.by) or ""), 0) if rule.by else rule.years
    if not years:
        return ""
    leap = (today.month, today.day) == (2, 29)
    until = today.replace(year=today.year + years, day=28 if leap else today.day)
    return f"{until:%d/%m/%Y}"


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
            return ", ".join(_named(inner.get(name, {}), value[name]) for name in names if value.get(name))
        case _:
            return _choice(part, _date(str(value)))


def _named(part: Mapping[str, Any], value: Any) -> str:
    """An answer within a row: a year says what it is, "từ năm 2004", which its place alone does not."""
    words = _words(part, value)
    ui = part.get("ui", {})
    return f"{ui['label'].lower()} {words}" if ui.get("widget") == "year" and "label" in ui else words


def _date(text: str) -> str:
    found = _ISO_DATE.fullmatch(text)
    return "/".join(reversed(found.groups())) if found else text


def _choice(part: Mapping[str, Any], text: str) -> str:
    """The words of a choice instead of its stored value."""
    titles = {choice.get("const"): choice.get("title", text) for choice in part.get("oneOf", [])}
    return str(titles.get(text, text))


def read_draft(template: ResultTemplate, sent: Mapping[str, Any], *, before: str = "") -> dict[str, str]:
    """Return what a browser sent for a result's fields, the words added to a choice joined to it."""
    found = {}
    for field in template.fields:
        name = f"{before}{field.name}"
        if name not in sent:
            continue
        text = str(sent[name]).strip()
        further = str(sent.get(f"{name}{FURTHER}", "")).strip()
        is_choice = field.kind == "choice" and text in field.choices
        found[field.name] = joined(text, further) if is_choice else text
    return found


def tidy_content(
    template: ResultTemplate,
    content: Mapping[str, str],
    *,
    now: dt.datetime,
    first: Mapping[str, str] | None = None,
    met: str = "",
) -> dict[str, str]:
    """Return a draft's words as its paper prints them: dates and amounts in one shape, what the system
    writes written (``first``: the first result's draft, ``met``: the day the applicant was met).
    What could not be read stays as it was typed; fields that the result has not fall away.
    """
    values = _values(template, content)
    kept = {}
    for field in template.fields:
        if field.kind == "choice":
            further = str(values.get(f"{field.name}{FURTHER}", ""))
            kept[field.name] = joined(str(values.get(field.name, "")), further)
        else:
            kept[field.name] = _words(field_schema(field), values.get(field.name))
    return kept | written(template, kept, year=now.astimezone(VIETNAM).year, first=first, met=met)


def _values(template: ResultTemplate, content: Mapping[str, str], *, before: str = "") -> dict[str, Any]:
    """A draft's words as the form's typed values."""
    typed = _Typed()
    for field in template.fields:
        text = str(content.get(field.name, ""))
        if field.kind == "choice":
            text, further = chosen_of(field, text)
            typed[f"{before}{field.name}{FURTHER}"] = further
        typed[f"{before}{field.name}"] = text
    return parse(form_of(template, {}, before=before), typed)


def _form_of(template: ResultTemplate, dossier: Dossier, before: str) -> dict[str, Any]:
    return form_of(template, dossier.data, before=before, asked=dossier.version.parts.form)


def draft_errors(
    template: ResultTemplate,
    content: Mapping[str, str],
    dossier: Dossier,
    *,
    today: dt.date,
    before: str = "",
) -> list[FieldError]:
    """Return what a draft lacks before anybody may sign it, in the order of its fields."""
    form = _form_of(template, dossier, before)
    return validate(
        form, _values(template, content, before=before), today=today, choices=_choices(template, dossier)
    )


def draft_view(
    template: ResultTemplate,
    content: Mapping[str, str],
    dossier: Dossier,
    *,
    before: str,
    errors: Sequence[FieldError] = (),
) -> FormView:
    """Return what ``ui.form_fields`` draws: the draft's words in their inputs, each error at its field."""
    form = _form_of(template, dossier, before)
    values = _values(template, content, before=before)
    return layout(form, values, errors, choices=_choices(template, dossier))


def _choices(template: ResultTemplate, dossier: Dossier) -> dict[str, list[tuple[str, str]]]:
    return {PAPERS: papers_to_print(dossier)} if has_paper(template) else {}


def papers_to_print(dossier: Dossier) -> list[tuple[str, str]]:
    """Return the dossier's files that a result can be printed with: identifier, and what it is."""
    parts = DossierPart.objects.filter(
        dossier=dossier, replaced_at=None, file__media_type__in=PRINTABLE
    ).select_related("file")
    return [(str(part.pk), f"{part.document_name}: {part.file.name}") for part in parts if part.file]


def check_complete(
    dossier: Dossier, rows: Mapping[str, Result], wanted: Sequence[ResultTemplate], *, now: dt.datetime
) -> None:
    """Raise ``ResultIncomplete`` when a draft lacks what it cannot be signed without."""
    today = now.astimezone(VIETNAM).date()
    for template in wanted:
        errors = draft_errors(template, rows[template.key].content, dossier, today=today)
        if errors:
            labels = ", ".join(f"“{label}”" for label in _labels(template, errors))
            raise ResultIncomplete(result=template.name, labels=labels)


def _labels(template: ResultTemplate, errors: Sequence[FieldError]) -> Iterator[str]:
    wrong = {error.path.removesuffix(FURTHER) for error in errors}
    return (field.label for field in template.fields if field.name in wrong)

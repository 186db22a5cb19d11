"""What is wrong with a draft, each fault at the part of it that has to be changed."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from dinh.foundation.directory.public import (
    agency_kinds,
    divisions_named,
    levels_of,
    province_agencies,
    role_names,
)
from dinh.foundation.ui.public import can_hold, check_definition, outline, unreachable
from dinh.kernel.conditions import check_condition, fields_of
from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.composing import check_result
from dinh.onestop.rules.definition import Definition
from dinh.onestop.rules.fees import check_fees
from dinh.onestop.rules.graph import check_graph
from dinh.onestop.rules.invitations import check_meets
from dinh.onestop.rules.parts import check_parts
from dinh.onestop.rules.result_fields import check_fields
from dinh.onestop.rules.results import MOST_ASKED_COPIES, check_results
from dinh.onestop.rules.walks import check_walks

__all__ = ["Fault", "directory_faults", "faults_of_definition", "form_fields", "number_fields"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault as a sentence in the reader's language.

    ``place`` is where it is mended: ``general``, ``form``, ``documents``, ``fees``, ``steps``, ``result``,
    with a colon and the key of the part where it is one part's alone: ``steps:ky``, ``form:chu_ho.ho_ten``.
    """

    place: str
    sentence: str

    @property
    def part(self) -> str:
        """The part of the draft, without the key."""
        return self.place.partition(":")[0]


def faults_of_definition(
    definition: Definition, template_fields: Callable[[str], frozenset[str] | None]
) -> list[Fault]:
    """Return every fault of the definition itself; an empty list: its shape can be published.

    ``template_fields`` gives the fields that a template of results needs; None: there is no such template.
    """
    fields = form_fields(definition.form)
    in_form = check_definition(definition.form)
    placed = [
        *_general(definition),
        *(("steps", fault) for fault in list(check_graph(definition)) or check_walks(definition)),
        *(("steps", fault) for fault in check_meets(definition, fields)),
        *(("", fault) for fault in check_parts(definition, fields)),
        *(("fees", fault) for fault in check_fees(definition, number_fields(definition.form))),
        *_conditions(definition, set(fields), is_sound=not in_form),
        *(("result", fault) for result in definition.results for fault in check_result(result)),
        *(("result", fault) for result in definition.results for fault in check_fields(result, fields)),
        *_template(definition, template_fields),
        *_copies(definition),
    ]
    faults = [Fault(_place(definition, place, fault), fault.said(gettext)) for place, fault in placed]
    labels = {line.path: line.spec.label for page in outline(definition.form) for line in page.fields}
    faults += [_form_fault(sentence, labels) for sentence in in_form]
    if not in_form:
        faults += _nobody_fills(definition)
    return faults


def directory_faults(definition: Definition) -> list[Fault]:
    """Return what a definition names and the directory does not have: roles, agencies, divisions."""
    return [Fault(place, fault.said(gettext)) for place, fault in _in_directory(definition)]


def _in_directory(definition: Definition) -> Iterator[tuple[str, Sentence]]:
    roles = role_names()
    agency = definition.agency
    if agency.kind not in {kind.code for kind in agency_kinds()}:
        yield "general", say(N_("Danh bạ không có cơ quan nào thuộc loại được chọn là cơ quan giải quyết."))
        return
    if definition.level not in levels_of(agency.kind):
        yield (
            "general",
            say(N_("Cấp thực hiện không phải cấp của cơ quan giải quyết. Hãy chọn lại một trong hai.")),
        )
    count, divisions = divisions_named(agency.kind, agency.abbreviation)
    if not count:
        yield (
            "general",
            say(N_("Danh bạ không có cơ quan viết tắt là “%(name)s”."), name=agency.abbreviation),
        )
    reception = definition.reception
    if reception is not None and not divisions_named(reception.kind, reception.abbreviation)[0]:
        yield "general", say(N_("Danh bạ không có cơ quan nào thuộc loại được chọn là nơi tiếp nhận."))
    inside = {division.code: division.count for division in divisions}
    province = {one.code for one in province_agencies()}
    for step in definition.steps:
        place = f"steps:{step.key}"
        if step.role and step.role not in roles:
            yield (
                place,
                say(
                    N_("Bước “%(step)s” giao cho vai trò không có trong danh bạ: %(role)s."),
                    step=step.name,
                    role=step.role,
                ),
            )
        unit = step.unit
        if unit.where == "province" and unit.abbreviation and unit.abbreviation not in province:
            yield (
                place,
                say(
                    N_("Bước “%(step)s” giao cho cơ quan không có trong danh bạ: %(unit)s."),
                    step=step.name,
                    unit=unit.abbreviation,
                ),
            )
        if unit.where == "inside" and unit.abbreviation and not inside.get(unit.abbreviation):
            yield (
                place,
                say(
                    N_("Bước “%(step)s” giao cho phòng, ban không cơ quan giải quyết nào có: %(unit)s."),
                    step=step.name,
                    unit=unit.abbreviation,
                ),
            )


def _general(definition: Definition) -> Iterator[tuple[str, Sentence]]:
    """NĐ 63/2010 Điều 8 khoản 2: what a published procedure must say of itself."""
    wanted = (
        (definition.name.strip(), N_("Chưa ghi tên thủ tục.")),
        (definition.field.code.strip() and definition.field.name.strip(), N_("Chưa ghi lĩnh vực.")),
        (definition.audience, N_("Chưa ghi đối tượng thực hiện.")),
        (definition.sequence, N_("Chưa ghi trình tự thực hiện.")),
        (definition.channels, N_("Chưa chọn cách thức thực hiện.")),
        (definition.basis, N_("Chưa ghi căn cứ pháp lý.")),
    )
    for given, message in wanted:
        if not given:
            yield "general", say(message)
    for fault in check_results(definition):
        yield "result", fault


def _conditions(definition: Definition, known: set[str], *, is_sound: bool) -> Iterator[tuple[str, Sentence]]:
    places: list[tuple[str, Sentence, dict[str, Any] | None]] = [
        *(
            (
                f"documents:{document.key}",
                say(N_("Giấy tờ “%(name)s”"), name=document.name),
                document.required_if,
            )
            for document in definition.documents
        ),
        *(
            (f"fees:{fee.key}", say(N_("Khoản “%(name)s”"), name=fee.name), fee.when)
            for fee in definition.fees
        ),
        *(
            (f"fees:{fee.key}", say(N_("Mức giảm “%(name)s”"), name=reduction.name), reduction.when)
            for fee in definition.fees
            for reduction in fee.reductions
        ),
        *(
            ("result", say(N_("Kết quả “%(name)s”"), name=result.name), result.when)
            for result in definition.results
        ),
        *(
            ("result", say(N_("Mục “%(name)s” của kết quả"), name=field.label), field.required_if)
            for result in definition.results
            for field in result.fields
        ),
        *(
            (f"steps:{step.key}", say(N_("Bước “%(name)s”"), name=step.name), outcome.when)
            for step in definition.steps
            for outcome in step.outcomes
        ),
    ]
    for place, what, condition in places:
        if condition is None:
            continue
        faults = list(check_condition(condition))
        for fault in faults:
            yield place, say(N_("%(place)s: %(fault)s."), place=what, fault=fault)
        unknown = [] if faults else sorted(fields_of(condition) - known)
        for name in unknown:
            yield place, say(N_("%(place)s: biểu mẫu không có trường “%(name)s”."), place=what, name=name)
        if is_sound and not faults and not unknown and not can_hold(definition.form, condition):
            yield place, say(N_("%(place)s: điều kiện không bao giờ đúng, dù khai thế nào."), place=what)


def _template(
    definition: Definition, template_fields: Callable[[str], frozenset[str] | None]
) -> Iterator[tuple[str, Sentence]]:
    for result in definition.results:
        name = result.template
        needed = template_fields(name)
        if needed is None:
            yield "result", say(N_("Không có mẫu kết quả “%(name)s”."), name=name)
            continue
        missing = sorted(needed - {field.name for field in result.fields})
        if missing:
            yield (
                "result",
                say(
                    N_("Mẫu kết quả “%(name)s” cần các mục chưa khai: %(missing)s."),
                    name=name,
                    missing=", ".join(missing),
                ),
            )


def _copies(definition: Definition) -> Iterator[tuple[str, Sentence]]:
    """A result is counted by a whole number that the form asks for."""
    kinds = _fields_by_name(definition.form)
    for document in definition.documents:
        if document.pages and kinds.get(document.pages) != "integer":
            sentence = N_("Giấy tờ “%(name)s” đếm trang theo “%(field)s”, không phải câu hỏi số nguyên.")
            yield f"documents:{document.key}", say(sentence, name=document.name, field=document.pages)
    for result in definition.results:
        if kinds.get(result.copies, "integer") != "integer":
            sentence = N_("Kết quả “%(name)s” đếm số bản theo “%(field)s”, không phải là số nguyên.")
            yield "result", say(sentence, name=result.name, field=result.copies)
        elif result.copies and _most_of(definition.form, result.copies) > MOST_ASKED_COPIES:
            sentence = N_(
                "Kết quả “%(name)s” cấp nhiều bản theo “%(field)s”: hãy đặt giá trị lớn nhất của câu hỏi đó"
                " không quá %(most)s, để một lần ký không chờ lâu."
            )
            yield "result", say(sentence, name=result.name, field=result.copies, most=MOST_ASKED_COPIES)


def _most_of(form: Mapping[str, Any], path: str) -> float:
    """The largest number that a form takes at a place."""
    part: Any = form
    for name in path.split("."):
        part = part.get("properties", {}).get(name, {})
    return float(part.get("maximum", part.get("exclusiveMaximum", "inf")))


def _nobody_fills(definition: Definition) -> Iterator[Fault]:
    labels = {line.path: line.spec.label for page in outline(definition.form) for line in page.fields}
    for path in unreachable(definition.form):
        fault = say(
            N_("Không ai điền được “%(name)s”: điều kiện hiện câu hỏi này không bao giờ đúng."),
            name=labels.get(path, path),
        )
        yield Fault(f"form:{path}", fault.said(gettext))


def _place(definition: Definition, place: str, fault: Sentence) -> str:
    """Where a fault is mended, by the names that its sentence gives."""
    if ":" in place or place in ("general", "result"):
        return place
    params = fault.params
    for part, name, rows in (
        ("steps", params.get("step"), [(step.name, step.key) for step in definition.steps]),
        ("fees", params.get("fee"), [(fee.name, fee.key) for fee in definition.fees]),
    ):
        keys = [key for row_name, key in rows if name is not None and row_name == name]
        if keys:
            return f"{part}:{keys[0]}"
    if "label" in params:
        return "result"
    if place:
        return place
    return "documents" if "%(key)s" in fault.message and "giấy" in fault.message else "general"


_PATH = re.compile(r"([a-z0-9_.]+): ")


def _form_fault(sentence: str, labels: Mapping[str, str]) -> Fault:
    """The fault of a form at its field, named by its label where it has one."""
    found = _PATH.match(sentence)
    if not found or found[1] not in labels:
        return Fault("form", sentence)
    words = sentence.removeprefix(found[0])
    return Fault(f"form:{found[1]}", f"“{labels[found[1]] or found[1]}”: {words}")  # data: quotation marks


def form_fields(form: dict[str, Any]) -> list[str]:
    """Dotted names of all fields of the form, those in groups and rows too."""
    return list(_fields_by_name(form))


def number_fields(form: dict[str, Any]) -> list[str]:
    """Dotted names of the fields that hold a number, or rows to be counted."""
    return [name for name, kind in _fields_by_name(form).items() if kind in ("integer", "number", "array")]


def _fields_by_name(schema: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """The kind of every field by its dotted name, groups before what is in them."""
    found: dict[str, str] = {}
    properties = schema.get("properties")
    for name, part in properties.items() if isinstance(properties, Mapping) else ():
        if not isinstance(part, Mapping):
            continue
        found[prefix + name] = str(part.get("type", ""))
        for inner in (part, part.get("items")):
            if isinstance(inner, Mapping):
                found.update(_fields_by_name(inner, f"{prefix}{name}."))
    return found

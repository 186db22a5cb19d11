"""What is wrong with a definition: its shape, its graph, its form, its conditions, its template."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from dinh.foundation.ui.public import check_definition
from dinh.kernel.conditions import check_condition, fields_of
from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.definition import Definition
from dinh.onestop.rules.fees import check_fees
from dinh.onestop.rules.graph import check_graph
from dinh.onestop.rules.parts import check_parts
from dinh.onestop.rules.walks import check_walks

__all__ = ["TEMPLATES", "problems_of_definition", "procedures_shipped"]

SHIPPED = Path(__file__).resolve().parents[1] / "procedures"
TEMPLATES = Path(__file__).resolve().parents[1] / "typst"


def problems_of_definition(definition: Definition) -> list[str]:
    """Return every fault as a sentence in the reader's language; an empty list: it can be published."""
    fields = _form_fields(definition.form)
    faults = [
        *(list(check_graph(definition)) or check_walks(definition)),
        *check_parts(definition, fields),
        *check_fees(definition, _number_fields(definition.form)),
        *_condition_problems(definition, set(fields)),
        *_template_problems(definition),
    ]
    return [*(fault.said(gettext) for fault in faults), *check_definition(definition.form)]


def procedures_shipped() -> list[Path]:
    """Return the files of the procedures that come with the product, in the order of their codes."""
    return sorted(SHIPPED.glob("*.yaml"))


def _condition_problems(definition: Definition, known: set[str]) -> list[Sentence]:
    places = [
        *(
            (say(N_("Giấy tờ “%(name)s”"), name=document.name), document.required_if)
            for document in definition.documents
        ),
        *((say(N_("Khoản “%(name)s”"), name=fee.name), fee.when) for fee in definition.fees),
        *(
            (say(N_("Mức giảm “%(name)s”"), name=reduction.name), reduction.when)
            for fee in definition.fees
            for reduction in fee.reductions
        ),
        *(
            (say(N_("Bước “%(name)s”"), name=step.name), outcome.when)
            for step in definition.steps
            for outcome in step.outcomes
        ),
    ]
    problems = []
    for place, condition in places:
        if condition is None:
            continue
        faults = list(check_condition(condition))
        problems += [say(N_("%(place)s: %(fault)s."), place=place, fault=fault) for fault in faults]
        if not faults:
            problems += [
                say(N_("%(place)s: biểu mẫu không có trường “%(name)s”."), place=place, name=name)
                for name in sorted(fields_of(condition) - known)
            ]
    return problems


def _form_fields(form: dict[str, Any]) -> list[str]:
    """Dotted names of all fields of the form, groups included."""
    return list(_fields_by_name(form))


def _number_fields(form: dict[str, Any]) -> list[str]:
    """Dotted names of the fields that hold a number, or rows to be counted."""
    return [name for name, kind in _fields_by_name(form).items() if kind in ("integer", "number", "array")]


def _fields_by_name(schema: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """The kind of every field by its dotted name, groups before what is in them."""
    found: dict[str, str] = {}
    for name, part in schema.get("properties", {}).items():
        found[prefix + name] = str(part.get("type", ""))
        found.update(_fields_by_name(part, f"{prefix}{name}."))
    return found


def _template_problems(definition: Definition) -> list[Sentence]:
    path = TEMPLATES / f"{definition.result.template}.typ"
    if path.parent != TEMPLATES or not path.is_file():
        return [say(N_("Không có mẫu kết quả “%(name)s”."), name=definition.result.template)]
    return []

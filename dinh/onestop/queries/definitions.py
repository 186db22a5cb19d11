"""What is wrong with a definition: its shape, its graph, its form, its conditions, its template."""

import re
from functools import cache
from pathlib import Path

from dinh.onestop.queries.faults import Fault, directory_faults, faults_of_definition
from dinh.onestop.rules.composing import COMPOSED
from dinh.onestop.rules.definition import Definition

__all__ = [
    "TEMPLATES",
    "faults_of",
    "problems_of_definition",
    "procedures_shipped",
    "result_templates",
    "template_fields",
]

SHIPPED = Path(__file__).resolve().parents[1] / "procedures"
TEMPLATES = Path(__file__).resolve().parents[1] / "typst"
_USED = re.compile(r"\b(?:it|data\.fields)\.([a-z][a-z0-9_]*)\b(?!\()")


def problems_of_definition(definition: Definition) -> list[str]:
    """Return every fault as a sentence in the reader's language; an empty list: it can be published."""
    return [fault.sentence for fault in faults_of_definition(definition, template_fields)]


def faults_of(definition: Definition) -> list[Fault]:
    """Return every fault at its place, those against the directory too."""
    return [*faults_of_definition(definition, template_fields), *directory_faults(definition)]


def procedures_shipped() -> list[Path]:
    """Return the files of the procedures that come with the product, in the order of their codes."""
    return sorted(SHIPPED.glob("*.yaml"))


@cache
def template_fields(name: str) -> frozenset[str] | None:
    """Return the fields that a result's template reads; None when there is no such template."""
    path = TEMPLATES / f"{name}.typ"
    if path.parent != TEMPLATES or not path.is_file():
        return None
    return frozenset(_USED.findall(path.read_text(encoding="utf-8")))


@cache
def result_templates() -> tuple[str, ...]:
    """Return the names of the templates of results: the composed one, then those written for one paper."""
    of_results = (path.stem for path in sorted(TEMPLATES.glob("*.typ")) if _is_result(path))
    return (COMPOSED, *(name for name in of_results if name != COMPOSED))


def _is_result(path: Path) -> bool:
    return path.stem != "result" and '#import "result.typ"' in path.read_text(encoding="utf-8")

"""Every variable of the environment that is read, with its default and what is said beside it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dinh.website.management.generated.markdown import PACKAGE, document, place, table

__all__ = ["page"]

_NAME = re.compile(r"(DINH_[A-Z0-9_]+|DATABASE_URL)")


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str
    default: str
    module: str
    said: str


def page() -> str:
    """Return the variables."""
    found = [variable for path in sorted(PACKAGE.rglob("*.py")) for variable in _read_in(path)]
    first: dict[str, _Variable] = {}
    for variable in found:
        first.setdefault(variable.name, variable)
        if variable.module.endswith("settings`"):
            first[variable.name] = variable
    rows = [(f"`{each.name}`", each.default, each.said, each.module) for _, each in sorted(first.items())]
    return document(
        "Settings",
        "Settings are variables of the environment; each has a default that is right for a trial on one "
        "machine.",
        table(["Variable", "Default", "Meaning", "Read in"], rows),
    )


def _read_in(path: Path) -> Iterator[_Variable]:
    source = path.read_text()
    lines = source.splitlines()
    module = place(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.args[0].value
            if isinstance(name, str) and _NAME.fullmatch(name):
                yield _Variable(name, _default(node), module, _said(lines, node.lineno))
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            name = ast.unparse(node.slice).strip("'\"")
            if _NAME.fullmatch(name) and isinstance(node.ctx, ast.Load):
                yield _Variable(name, "", module, _said(lines, node.lineno))


def _default(call: ast.Call) -> str:
    values = [*call.args[1:], *(keyword.value for keyword in call.keywords if keyword.arg == "default")]
    if not values:
        return ""
    value = values[0]
    if isinstance(value, ast.Constant):
        return "" if value.value in ("", None) else f"`{value.value!s}`"
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "str":
        value = value.args[0]
    return f"`{ast.unparse(value)}`"


def _said(lines: list[str], number: int) -> str:
    """Return the comment at the end of the line, or above the paragraph in which it stands."""
    trailing = lines[number - 1].partition("  # ")[2]
    if trailing and not trailing.startswith("noqa"):
        return trailing.partition("  # noqa")[0]
    place = number - 1
    while place > 0 and lines[place - 1].strip() and not lines[place - 1].startswith("# "):
        place -= 1
    comment: list[str] = []
    while place > 0 and lines[place - 1].startswith("# "):
        comment.insert(0, lines[place - 1].removeprefix("# "))
        place -= 1
    return " ".join(comment)

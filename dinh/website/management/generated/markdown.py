"""Small pieces of Markdown."""

from collections.abc import Iterable, Sequence
from pathlib import Path

__all__ = ["PACKAGE", "document", "is_ours", "place", "table"]

PACKAGE = Path(__file__).resolve().parents[3]


def document(title: str, introduction: str, *parts: str) -> str:
    """Return one generated document."""
    note = "<!-- Made by `make docs` from the code. Change the code, not this file. -->"
    return "\n\n".join([f"# {title}", note, introduction, *(part for part in parts if part)]) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; a row's values are shown as text, with bars escaped."""
    lines = [columns, ["---"] * len(columns), *([_cell(value) for value in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def place(dotted: str) -> str:
    """Return a module or function without the package and the shelf it stands on."""
    return "`" + dotted.removeprefix("dinh.").removeprefix("foundation.") + "`"


def is_ours(dotted: str | None) -> bool:
    """Whether a module is the product's, not a test's; what is built in has none."""
    return dotted is not None and dotted.startswith("dinh.")


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")

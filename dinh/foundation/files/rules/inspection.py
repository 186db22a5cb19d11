"""The inspection of one content, and the process in which it runs.

What people send is parsed in a process of its own, with bounds on memory and without the house's
secrets: a file that breaks a parser ends that process and nothing else. The parent speaks one line of
JSON a file with it (``adapters/inspector.py``).
"""

import contextlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from dinh.foundation.files.rules.images import ImageProblem, inspect_image
from dinh.foundation.files.rules.kinds import detect
from dinh.foundation.files.rules.office import OfficeProblem, inspect_office
from dinh.foundation.files.rules.pdf import Problem, inspect_pdf

__all__ = ["inspect", "serve"]

_MEMORY_LIMIT = 1536 * 1024 * 1024
_FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "tiff": "TIFF"}
_OFFICE = {"docx", "xlsx", "pptx", "odt", "ods"}


def inspect(path: Path) -> dict[str, Any]:
    """Return ``{"kind": code, "problem": code or None, "facts": {...}}`` of the content at ``path``.

    ``facts`` of a sound content hold "hints" (codes of ``quality``) and, by kind, "pages", "is_signed",
    "width", "height", "parts"; of a refused one, what its sentence needs.
    """
    kind = detect(path)
    try:
        return {"kind": kind.code, "problem": None, "facts": _facts(kind.code, path)}
    except (Problem, ImageProblem, OfficeProblem) as problem:
        return {"kind": kind.code, "problem": problem.code, "facts": problem.facts}
    except MemoryError:
        return {"kind": kind.code, "problem": "complex", "facts": {}}


def _facts(code: str, path: Path) -> dict[str, Any]:
    if code == "pdf":
        return inspect_pdf(path)
    if code in _FORMATS:
        return inspect_image(path, format_name=_FORMATS[code])
    if code in _OFFICE:
        return inspect_office(path)
    return {"hints": []}


def serve() -> None:
    """Answer requests, one path a line on standard input, until the parent goes away."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_LIMIT, _MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a parser that prints must not speak in our place
    with contextlib.suppress(KeyboardInterrupt):
        for line in sys.stdin:
            answers.write(json.dumps(inspect(Path(json.loads(line)["path"]))) + "\n")
            answers.flush()


if __name__ == "__main__":
    serve()

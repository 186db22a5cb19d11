"""`make check`: everything that is checked without running the tests. All faults show at once."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as lint; lint()"

# What must never be in a file of the project: paths of somebody's machine, hosts of package registries.
LEAKS = re.compile(
    r"/(?:work|farm|root|home/\w+)/|/tmp/(?:venv|wt)\b|--?(?:extra-)?index-url|find-links"
    r"|\b(?:files\.pythonhosted|pypi|test\.pypi|registry\.npmjs|registry\.yarnpkg)\.org\b"
    r"|\"resolved\": *\"http",
)
MAY_NAME_LEAKS = {"tools/check.py", "Makefile"}


def main() -> int:
    """Run every check; return 1 when one failed."""
    failed = [name for name, check in checks() if not show(name, check)]
    print(f"Có lỗi: {', '.join(failed)}" if failed else "Mọi kiểm tra đều đạt")
    return 1 if failed else 0


def checks() -> list[tuple[str, Callable[[], str]]]:
    """Each check by its name; it returns its faults as text, nothing when there are none."""
    found: list[tuple[str, Callable[[], str]]] = [
        ("style", command(PYTHON, "-m", "ruff", "check", ".")),
        ("format", command(PYTHON, "-m", "ruff", "format", "--check", ".")),
        ("contracts", command(PYTHON, "-c", LINT_IMPORTS, "--config", "contracts.ini", "--no-cache")),
        ("types", command(PYTHON, "-m", "mypy")),
        ("migrations", command(PYTHON, "manage.py", "makemigrations", "--check", "--dry-run")),
        ("leaks", leaks),
    ]
    for name in ("generated_docs", "catalogue"):
        if any(ROOT.glob(f"dinh/**/management/commands/{name}.py")):
            found.append((name, command(PYTHON, "manage.py", name, "--check")))
    return found


def show(name: str, check: Callable[[], str]) -> bool:
    """Run one check and say how it went."""
    began = time.monotonic()
    faults = check()
    print(f"{'✗' if faults else '✓'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if faults:
        print(faults, flush=True)
    return not faults


def command(*line: str) -> Callable[[], str]:
    """A check that is a program."""

    def run() -> str:
        # Nothing here needs a database, so nothing waits for one.
        environment = {**os.environ, "DINH_DATABASE_POOL": "0"}
        answer = subprocess.run(
            line,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return (answer.stdout or f"mã {answer.returncode}") if answer.returncode else ""

    return run


def leaks() -> str:
    """Lines of tracked files that name somebody's machine or a package registry."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    faults = []
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if name in MAY_NAME_LEAKS or not path.is_file():
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        faults += [
            f"{name}:{number}: {line.strip()[:120]}"
            for number, line in enumerate(text.splitlines(), start=1)
            if LEAKS.search(line)
        ]
    return "\n".join(faults)


if __name__ == "__main__":
    sys.exit(main())

"""From a bare machine: what bootstrap says, and when it needs the network."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.launch.conftest import ROOT

BOOTSTRAP = ROOT / "tools" / "bootstrap.py"
# One small package, as the real lock has it.
PACKAGE = "segno"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a lock of one package, so that installing it takes a moment."""
    (tmp_path / "tools").mkdir()
    shutil.copy(BOOTSTRAP, tmp_path / "tools")
    lock = (ROOT / "requirements" / "run.txt").read_text()
    found = re.search(rf"^{PACKAGE}==.*?(?=^\S)", lock, re.MULTILINE | re.DOTALL)
    assert found
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text(found[0])
    return tmp_path


def _bootstrap(project: Path, *, prelude: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    script = project / "tools" / "bootstrap.py"
    run = f"import runpy, sys; sys.argv = ['x']; runpy.run_path({str(script)!r}, run_name='__main__')"
    code = f"{prelude}\n{run}"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PIP_RETRIES": "0", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


OFFLINE = {
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_FIND_LINKS": "",
    "PIP_NO_CACHE_DIR": "1",
    "HTTPS_PROXY": "http://127.0.0.1:1",
    "https_proxy": "http://127.0.0.1:1",
}


def test_it_installs_once_and_then_needs_no_network(project: Path) -> None:
    first = _bootstrap(project)
    assert first.returncode == 0, first.stdout + first.stderr
    python = project / ".venv" / "bin" / "python"
    assert subprocess.run([python, "-c", f"import {PACKAGE}"], check=False).returncode == 0
    second = _bootstrap(project, **OFFLINE)
    assert (second.returncode, second.stdout) == (0, "")


def test_a_changed_lock_is_installed_again(project: Path) -> None:
    assert _bootstrap(project).returncode == 0
    lock = project / "requirements" / "run.txt"
    lock.write_text(lock.read_text() + "\n# another\n")
    again = _bootstrap(project)
    assert "Cài đặt môi trường" in again.stdout


def test_without_network_it_says_so_in_one_sentence(project: Path) -> None:
    answer = _bootstrap(project, **OFFLINE)
    assert answer.returncode == 1
    assert "Không nối được tới kho gói Python" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_package_with_another_hash_is_not_installed(project: Path) -> None:
    lock = project / "requirements" / "run.txt"
    wrong = hashlib.sha256(b"another").hexdigest()
    lock.write_text(re.sub(r"sha256:\w+", f"sha256:{wrong}", lock.read_text()))
    answer = _bootstrap(project)
    assert answer.returncode == 1
    assert "không khớp mã kiểm" in answer.stderr
    assert not (project / ".venv" / "installed-run").exists()


def test_an_old_python_says_what_to_do(project: Path) -> None:
    old = "import sys; sys.version_info = (3, 9, 2, 'final', 0)"
    answer = _bootstrap(project, prelude=old, PATH="/nonexistent")
    assert answer.returncode == 1
    assert "Python 3.9.2 quá cũ" in answer.stderr
    assert "apt install python3" in answer.stderr


def test_the_words_are_understood_by_an_old_python() -> None:
    """Debian 10 has 3.7: it must get as far as the sentence."""
    import ast

    ast.parse(BOOTSTRAP.read_text(), feature_version=(3, 7))


def test_a_missing_venv_module_names_the_package(project: Path) -> None:
    answer = _bootstrap(project, prelude="import sys; sys.modules['ensurepip'] = None")
    assert answer.returncode == 1
    assert re.search(r"apt install python3\.\d+-venv", answer.stderr)


def test_too_little_room_is_said_before_anything_is_made(project: Path) -> None:
    full = (
        "import shutil, collections\n"
        "shutil.disk_usage = lambda path: collections.namedtuple('Usage', 'free')(10 * 2**20)"
    )
    answer = _bootstrap(project, prelude=full)
    assert answer.returncode == 1
    assert "chỉ còn 10 MB trống" in answer.stderr
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_the_locks_hold_hashes_and_no_addresses(name: str) -> None:
    lock = (ROOT / "requirements" / name).read_text()
    assert "://" not in lock
    assert not re.search(r"^--|^-e|@ file|/tmp|/home", lock, re.MULTILINE)
    pins = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==", lock, re.MULTILINE)
    with_hashes = re.findall(r"^\S+==[^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE)
    assert len(pins) == len(with_hashes) > 20


@pytest.mark.parametrize("name", ["run", "dev"])
def test_every_named_package_is_in_its_lock(name: str) -> None:
    named = re.findall(r"^([\w.-]+)", (ROOT / "requirements" / f"{name}.in").read_text(), re.MULTILINE)
    lock = (ROOT / "requirements" / f"{name}.txt").read_text().lower().replace("_", "-")
    pinned = {line.partition("==")[0].partition("[")[0] for line in lock.splitlines() if "==" in line}
    assert {word.lower().replace("_", "-") for word in named if word != "-c"} - pinned == set()

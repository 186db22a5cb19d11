"""Every verb has a test in which it is done and one in which it is refused: seen by watching, not by marks.

Verbs that are open to everybody by design are named here with the reason.

A pytest plugin. While tests run, it notes each verb that was done and each that its permission refused
(set-up of fixtures does not count). After a whole run it fails the run for verbs that lack either.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from dinh.foundation.actions.actions import write
from dinh.foundation.actions.public import all_verbs
from dinh.kernel.errors import NotAllowed

# Verbs whose permission refuses nobody, and why.
OPEN_TO_EVERYBODY = {
    "sign_in.refused": "who fails to sign in is a visitor, and each attempt is put on record",
    "sign_in.succeeded": "who signs in is a visitor until then; the password has been compared before",
    "signature.checked": "anybody who holds a paper may have its signatures checked",
}

_done: set[str] = set()
_refused: set[str] = set()
_in_test = False
_is_partial = False


@pytest.fixture(autouse=True, scope="session")
def _watch_verbs() -> Iterator[None]:
    """Look over the shoulder of the write path: the audit of what was done, the check that refuses."""
    write_audit, check = write._write_audit, write._check

    def note_done(verb: str, *arguments: Any) -> None:
        write_audit(verb, *arguments)
        if _in_test:
            _done.add(verb)

    def note_refused(verb: str, *arguments: Any) -> None:
        try:
            check(verb, *arguments)
        except NotAllowed:
            if _in_test:
                _refused.add(verb)
            raise

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(write, "_write_audit", note_done)
        patch.setattr(write, "_check", note_refused)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    global _in_test
    _in_test = True
    try:
        return (yield)
    finally:
        _in_test = False


def pytest_deselected(items: list[pytest.Item]) -> None:
    global _is_partial
    _is_partial = True


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take over what one of xdist's workers has seen."""
    output = getattr(node, "workeroutput", {})
    _done.update(output.get("verbs_done", ()))
    _refused.update(output.get("verbs_refused", ()))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["verbs_done"], output["verbs_refused"] = sorted(_done), sorted(_refused)
        return
    if exitstatus == pytest.ExitCode.OK and _is_whole(session.config) and lacking():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if not _is_whole(config) or not (lines := lacking()):
        return
    terminalreporter.section("verbs without a test", red=True)
    for line in lines:
        terminalreporter.write_line(line)


def _is_whole(config: pytest.Config) -> bool:
    """Whether all tests were asked for: no path, no -k, no -m, no --last-failed."""
    options = config.option
    narrowed = options.keyword or options.markexpr or getattr(options, "lf", False) or options.collectonly
    return not narrowed and not _is_partial and list(config.args) == list(config.getini("testpaths"))


def lacking() -> list[str]:
    """Say for each of the product's verbs what no test does."""
    verbs = {name for name, verb in all_verbs().items() if verb.function.startswith("dinh.")}
    return [f"{name}: no test in which it is done" for name in sorted(verbs - _done)] + [
        f"{name}: no test in which its permission refuses it"
        for name in sorted(verbs - _refused - set(OPEN_TO_EVERYBODY))
    ]

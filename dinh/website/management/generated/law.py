"""The proof of the law: each duty, the tests that prove it, and where it shows.

Tests cite in their docstrings, one pair of lines a duty::

    Law: NĐ 61/2018 Điều 19 khoản 9 ý 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/gia-han/

``Law`` names the act and the place in it (Điều, khoản, điểm, ý, Mẫu, tiêu chí). ``Screen`` is an address of
``routes.md`` (a part that varies may be written ``<…>``), or words where it shows elsewhere, as on a paper.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml

from dinh.website.management.generated.markdown import PACKAGE, document, table
from dinh.website.management.generated.routes import addresses

__all__ = ["Cited", "Duty", "Place", "cited_in", "duties", "faults", "page"]

TESTS = PACKAGE.parent / "tests"
MISSING = "**chưa có**"  # data: the document's list of duties is Vietnamese

_LABELS = ("Điều", "khoản", "điểm", "ý", "Mẫu", "tiêu chí")  # data: parts of an act
_PART = re.compile(r"(Điều|khoản|điểm|ý|Mẫu(?: số)?|tiêu chí) ([0-9]+[a-zđ]?|[a-zđ])(?![0-9\w])")
_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
_ACT = re.compile(r"(NĐ|TT|QĐ) (\d+/\d{4})(?:/(\S+))?")
_LONG = {"Nghị định": "NĐ", "Thông tư": "TT", "Quyết định": "QĐ"}  # data: kinds of acts


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an act: ``("Điều", "19"), ("khoản", "9")``."""

    act: str
    parts: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return " ".join(f"{label} {value}" for label, value in self.parts)

    def holds(self, other: "Place") -> bool:
        """Whether the other place is this one or inside it."""
        return self.act == other.act and other.parts[: len(self.parts)] == self.parts

    @property
    def order(self) -> tuple[tuple[int, int, str], ...]:
        """The legal order: articles, clauses and parts by number, points by the Vietnamese alphabet."""
        return tuple((_LABELS.index(label), *_rank(value)) for label, value in self.parts)


@dataclass(frozen=True, slots=True)
class Duty:
    """What one place in the law asks of the system, in a few words."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation: which test, what it names, where that shows."""

    test: str
    said: str
    place: Place | None
    screen: str


def page() -> str:
    """Return the duties with their proofs."""
    listed, citations = duties(), _citations()
    proofs: dict[Place, list[Cited]] = defaultdict(list)
    elsewhere: dict[Place, list[Cited]] = defaultdict(list)
    for cited in citations:
        duty = _duty_of(cited, listed)
        if duty is not None:
            proofs[duty.place].append(cited)
        elif cited.place is not None and cited.place.act not in listed:
            elsewhere[cited.place].append(cited)
    return document(
        "The law and its proofs",
        "Each duty of the one-stop shop's law, the tests that prove it, and where it shows. A duty without a "
        f"test says {MISSING}. The list of duties is `duties.yaml` beside the code that makes this page, and "
        "says from which texts it was made; tests cite in their docstrings (CONTRIBUTING.md).",
        _counts(listed, proofs),
        *(_act(act, mine, proofs) for act, mine in listed.items()),
        _others(elsewhere),
    )


def faults() -> list[str]:
    """Return what is wrong with citations, one line each; empty when all is well."""
    listed = duties()
    found = []
    for cited in _citations():
        if cited.place is None:
            found.append(f"{cited.test}: “{cited.said}” names no act and article")
        elif cited.place.act in listed and _duty_of(cited, listed) is None:
            inside = [str(duty.place) for duty in listed[cited.place.act] if cited.place.holds(duty.place)]
            hint = f"say which: {'; '.join(inside)}" if inside else "no such duty in duties.yaml"
            found.append(f"{cited.test}: “{cited.said}”: {hint}")
        if cited.screen.startswith("/") and not _is_address(cited.screen):
            found.append(f"{cited.test}: no address “{cited.screen}” (docs/generated/routes.md)")
    return found


@cache
def duties() -> Mapping[str, list[Duty]]:
    """Return the duties by act, in legal order."""
    acts = yaml.safe_load(Path(__file__).with_name("duties.yaml").read_text())
    return {act["act"]: _duties_of(act) for act in acts}


def _duties_of(act: Mapping[str, Any]) -> list[Duty]:
    found = [Duty(Place(act["act"], _parts(at)), text) for at, text in act["duties"].items()]
    return sorted(found, key=lambda duty: duty.place.order)


def cited_in(source: str, name: str) -> Iterator[Cited]:
    """Yield what the tests of one file cite; ``name`` is the file's, as it is shown."""
    if "Law:" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
            continue
        lines = [line.strip() for line in (ast.get_docstring(node) or "").splitlines()]
        for line, following in zip_longest(lines, lines[1:], fillvalue=""):
            if line.startswith("Law:"):
                said = line.removeprefix("Law:").strip().rstrip(".")
                screen = following.removeprefix("Screen:").strip() if following.startswith("Screen:") else ""
                yield Cited(f"{name}: {node.name}", said, _place(said), screen)


def _citations() -> list[Cited]:
    files = sorted(TESTS.rglob("test_*.py"))
    return [one for path in files for one in cited_in(path.read_text(), str(path.relative_to(TESTS)))]


def _place(said: str) -> Place | None:
    for long, short in _LONG.items():
        said = said.replace(f"{long} số ", f"{short} ").replace(f"{long} ", f"{short} ")
    first = _PART.search(said)
    act = said[: first.start()].strip(" ,") if first else ""
    if first is None or not act:
        return None
    return Place(_short(act), _parts(said[first.start() :]))


def _parts(said: str) -> tuple[tuple[str, str], ...]:
    return tuple((label.removesuffix(" số"), value) for label, value in _PART.findall(said))


def _short(act: str) -> str:
    """“NĐ 61/2018/NĐ-CP” is NĐ 61/2018; a circular of another ministry with the same number is not."""
    match = _ACT.fullmatch(act)
    if match is None:
        return act
    short = f"{match[1]} {match[2]}"
    return short if not match[3] or short not in duties() or match[3] in ("NĐ-CP", "TT-VPCP") else act


def _duty_of(cited: Cited, listed: Mapping[str, list[Duty]]) -> Duty | None:
    """The duty that the citation names, or names a part of; a duty with others inside is named exactly."""
    if cited.place is None:
        return None
    mine = listed.get(cited.place.act, ())
    holding = [duty for duty in mine if duty.place.holds(cited.place)]
    found = max(holding, key=lambda duty: len(duty.place.parts), default=None)
    if found is None or found.place == cited.place:
        return found
    return found if [duty for duty in mine if found.place.holds(duty.place)] == [found] else None


def _rank(value: str) -> tuple[int, str]:
    number = re.match(r"\d+", value)
    return (int(number[0]), value[number.end() :]) if number else (_LETTERS.index(value), "")


def _is_address(screen: str) -> bool:
    return any(_matches(screen.partition("?")[0], address) for address in addresses())


def _matches(said: str, address: str) -> bool:
    ours, theirs = said.split("/"), address.split("/")
    return len(ours) == len(theirs) and all(
        one == other or (other.startswith("<") and one) or one in ("…", "...")
        for one, other in zip(ours, theirs, strict=True)
    )


def _counts(listed: Mapping[str, list[Duty]], proofs: Mapping[Place, list[Cited]]) -> str:
    rows = [
        (act, len(mine), sum(1 for duty in mine if proofs.get(duty.place))) for act, mine in listed.items()
    ]
    return table(["Act", "Duties", "Proved by tests"], rows)


def _act(act: str, mine: list[Duty], proofs: Mapping[Place, list[Cited]]) -> str:
    rows = [
        (
            duty.place,
            duty.text,
            _each(f"`{cited.test}`" for cited in proofs.get(duty.place, ())) or MISSING,
            _each(cited.screen for cited in proofs.get(duty.place, ())) or "–",
        )
        for duty in mine
    ]
    return f"## {act}\n\n" + table(["Place", "Duty", "Tests", "Where it shows"], rows)


def _others(elsewhere: Mapping[Place, list[Cited]]) -> str:
    if not elsewhere:
        return ""
    rows = [
        (
            f"{place.act}, {place}",
            _each(f"`{cited.test}`" for cited in cited_there),
            _each(cited.screen for cited in cited_there) or "–",
        )
        for place, cited_there in sorted(
            elsewhere.items(), key=lambda entry: (entry[0].act, entry[0].order, entry[0].parts)
        )
    ]
    return "## Other acts that tests cite\n\n" + table(["Place", "Tests", "Where it shows"], rows)


def _each(values: Iterator[str]) -> str:
    return "<br>".join(dict.fromkeys(f"`{one}`" if one.startswith("/") else one for one in values if one))

"""The rooms and their order, read from the contracts that Import Linter holds."""

from configparser import ConfigParser
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "dinh"
# Pages that show the components themselves, to their makers.
SPECIMENS = {"gallery.html"}


@cache
def order() -> dict[str, int]:
    """Height of each room by its dotted name; the greater stands above. Neighbours have one height."""
    contracts = ConfigParser()
    contracts.read(ROOT / "contracts.ini")
    house = _layers(contracts["importlinter:contract:calls-go-down"]["layers"], "dinh")
    foundation = _layers(contracts["importlinter:contract:foundation-order"]["layers"], "dinh.foundation")
    heights: dict[str, int] = {}
    for layer in reversed(house):
        inside = reversed(foundation) if layer == ["dinh.foundation"] else [layer]
        for rooms in inside:
            height = len(set(heights.values()))
            heights.update(dict.fromkeys(rooms, height))
    return heights


def room_of(dotted: str) -> str:
    """The room in which a module stands, or nothing for what is not ours."""
    matches = [room for room in order() if dotted == room or dotted.startswith(room + ".")]
    return max(matches, key=len, default="")


def room_of_file(path: Path) -> str:
    return room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))


def python_files(*names: str) -> list[Path]:
    """Files of the product with one of these names, also where one has grown into a folder."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if "migrations" in parts:
            continue
        if not names or set(parts) & set(names):
            found.append(path)
    return found


def templates() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("templates/**/*.html") if path.is_file())


def _layers(text: str, container: str) -> list[list[str]]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [[f"{container}.{name.strip()}" for name in line.split("|")] for line in lines]

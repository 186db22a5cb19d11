"""The sample provinces that tests work in, each filled once (see ``prepared``)."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from dinh.kernel.worktime import VIETNAM
from dinh.onestop.public import procedures_shipped
from dinh.onestop.rules.definition import Definition, read_definition
from dinh.website.sample.load import load_sample
from dinh.website.sample.organisation import Size, organisation
from tests.prepared import FILLINGS, Databases, Filling, own_folders

# A Monday morning in a week without days off.
NOW = dt.datetime(2026, 11, 16, 8, 0, tzinfo=VIETNAM)

# One district with two communes, and the departments that the procedures of the three levels need.
SMALL = Size(departments=2, districts=1, communes=2, officials=0)
THREE_LEVELS = ("H99.31", "H99.31.011", "H99.02")


# One agency of each kind that a shipped procedure needs.
WALKING = Size(departments=6, districts=1, communes=1, officials=0)


def shipped() -> dict[str, Definition]:
    """The definitions that come with the product, by their code."""
    return {
        path.stem: read_definition(yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in procedures_shipped()
    }


def agency_code(definition: Definition) -> str:
    """The agency of the province of the walks that decides."""
    wanted = definition.agency
    return next(
        unit.code
        for unit in organisation(WALKING).units
        if unit.kind == wanted.kind and wanted.abbreviation in ("", unit.abbreviation)
    )


def _load_walking() -> None:
    deciding = {agency_code(definition) for definition in shipped().values()}
    load_sample(size=WALKING, citizens=1, keys_for=sorted(deciding), now=NOW)


def _small(keys_for: Sequence[str]) -> Filling:
    return Filling(partial(load_sample, size=SMALL, citizens=2, keys_for=keys_for, now=NOW), NOW)


FILLINGS["small_sample"] = _small(())
FILLINGS["signing_sample"] = _small(("H99.31",))
FILLINGS["three_level_sample"] = _small(THREE_LEVELS)
FILLINGS["walking_sample"] = Filling(_load_walking, NOW)


def _asks(name: str) -> Callable[..., None]:
    def ask(worked_in: None, databases: Databases, settings: Any, tmp_path: Path) -> None:
        own_folders(name, databases, settings, tmp_path)

    return ask


# The small province without keys; with those of the district; with those of an agency of each level.
small_sample = pytest.fixture(name="small_sample")(_asks("small_sample"))
signing_sample = pytest.fixture(name="signing_sample")(_asks("signing_sample"))
three_level_sample = pytest.fixture(name="three_level_sample")(_asks("three_level_sample"))
# A province in which each shipped procedure can be walked.
walking_sample = pytest.fixture(name="walking_sample")(_asks("walking_sample"))

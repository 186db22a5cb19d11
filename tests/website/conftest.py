"""The sample province, small, with invented dossiers."""

import datetime as dt
from typing import Any

import pytest

from dinh.kernel.worktime import VIETNAM
from dinh.website.sample.load import Sample, load_sample
from dinh.website.sample.organisation import Size

# A Monday afternoon in a week without days off.
NOW = dt.datetime(2026, 11, 16, 15, 30, tzinfo=VIETNAM)


@pytest.fixture
def lived_in(db: None, settings: Any, tmp_path: Any) -> Sample:
    """Two districts, two communes, two departments, and some two hundred dossiers."""
    settings.FILE_STORE = str(tmp_path / "files")
    size = Size(departments=2, districts=2, communes=2, officials=0)
    return load_sample(size=size, citizens=3, keys_for=(), dossiers=220, now=NOW)

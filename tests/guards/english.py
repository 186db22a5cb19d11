"""A pytest plugin: the English catalogue is compiled before the first test that may read it."""

import pytest

from dinh.website.management.catalogue import compile_catalogue


@pytest.fixture(autouse=True, scope="session")
def _english() -> None:
    compile_catalogue()

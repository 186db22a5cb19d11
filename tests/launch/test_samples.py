"""The sample systems beside a sample province: each stands in for a real one that is not configured."""

from pathlib import Path

import pytest

from dinh.website.launch.place import Place
from dinh.website.launch.up import _sample_systems

SETTINGS = ("DINH_SAMPLE", "DINH_NATIONAL", "DINH_POPULATION", "DINH_ENTERPRISE")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DINH_DATA_DIR", str(tmp_path))
    return Place.here()


def test_a_sample_province_has_them_all(place: Place) -> None:
    samples, told = _sample_systems(place)
    assert set(samples) == {"national", "registries"}
    assert told["DINH_POPULATION"].endswith("/dan-cu")
    assert told["DINH_ENTERPRISE"].endswith("/doanh-nghiep")
    port = samples["registries"][samples["registries"].index("--port") + 1]
    assert f":{port}/" in told["DINH_POPULATION"]
    assert told["DINH_ENTERPRISE_USER"] == "tinh-mau"


def test_what_is_configured_is_left_alone(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DINH_POPULATION", "https://dan-cu.example.vn")
    samples, told = _sample_systems(place)
    assert set(samples) == {"national", "registries"}
    assert not [name for name in told if name.startswith("DINH_POPULATION")]
    monkeypatch.setenv("DINH_ENTERPRISE", "https://dkkd.example.vn")
    assert set(_sample_systems(place)[0]) == {"national"}


def test_a_real_province_has_none(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DINH_SAMPLE", "0")
    assert _sample_systems(place) == ({}, {})

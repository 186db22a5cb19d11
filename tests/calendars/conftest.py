"""A small province with its calendar, and officials who may and may not change it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from dinh.foundation.actions.public import Actor, Grant, system
from dinh.foundation.calendars.public import set_up_province
from dinh.foundation.directory.public import UnitDraft, create_unit
from tests.acting import act_as, without_sign_in

SYSTEM = system("test")


@pytest.fixture
def calendar(db: None) -> Any:
    return set_up_province(by=SYSTEM)


@pytest.fixture
def make_unit(db: None) -> Callable[..., Any]:
    def make(parent: Any, code: str, name: str, kind: str, level: str) -> Any:
        draft = UnitDraft(code=code, name=name, kind=kind, level=level)
        return create_unit(parent, draft=draft, on=dt.date(2020, 1, 1), by=SYSTEM)

    return make


@pytest.fixture
def province(make_unit: Callable[..., Any]) -> Any:
    return make_unit(None, "H99", "Ủy ban nhân dân tỉnh", "province_committee", "province")


@pytest.fixture
def district(make_unit: Callable[..., Any], province: Any) -> Any:
    return make_unit(province, "H99.31", "Ủy ban nhân dân huyện Bắc Sông", "district_committee", "district")


@pytest.fixture
def commune(make_unit: Callable[..., Any], district: Any) -> Any:
    return make_unit(district, "H99.31.40", "Ủy ban nhân dân xã Đông Hòa", "commune_committee", "commune")


@pytest.fixture
def official() -> Callable[..., Actor]:
    """Return a maker of officials with permissions at a unit."""

    def make(unit: Any, *codes: str, scope: Any = "province") -> Actor:
        grants = tuple(Grant(code, scope, unit.pk) for code in codes)
        return Actor(kind="official", name="Trần Thị Mẫu", unit_id=unit.pk, agency_id=unit.pk, grants=grants)

    return make


@pytest.fixture
def keeper(official: Callable[..., Actor], province: Any) -> Actor:
    return official(province, "calendars.declare", "calendars.publish")


@pytest.fixture
def browse(client: Client, settings: Any, db: None) -> Iterator[Callable[..., HttpResponse]]:
    """Return a way to ask for a page, or with ``data`` to send a form, as somebody."""
    settings.MIDDLEWARE = without_sign_in(settings.MIDDLEWARE)

    def ask(by: Actor | None, address: str, data: dict[str, Any] | None = None) -> HttpResponse:
        act_as(by)
        if data is None:
            return client.get(address, follow=True)
        return client.post(address, data, follow=True)

    yield ask
    act_as(None)

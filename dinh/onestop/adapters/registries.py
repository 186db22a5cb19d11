"""The port to the national registries: the population database, the database of registered enterprises.

Both are asked by one POST of JSON (docs/registries.md has the protocol). Neither can be reached from here, so
only the sample ones (``dinh.website.sample.registries``) have been spoken to. Addresses and accounts are
settings. An answer is taken only when it is bounded, readable, about whom was asked, and of whom the asker
knew; whatever else comes back is refused as a whole.
"""

import base64
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from dinh.foundation.actions.public import Unreachable, exchange
from dinh.kernel.contacts import is_identity_number
from dinh.kernel.text import clean
from dinh.onestop.rules.registries import (
    EnterpriseRecord,
    PersonRecord,
    RegistryName,
    Told,
    concerns,
)

__all__ = [
    "AnswerGarbled",
    "Question",
    "RegistryAway",
    "RegistryRefuses",
    "ask_registry",
    "has_registry",
]

SECONDS = 6.0
"""Somebody stands at the counter: a registry that is slower than this is as good as away."""
LARGEST_ANSWER = 64 * 1024
_COME_AGAIN = frozenset({408, 425, 429})
_SEXES = {"1": "nam", "2": "nu"}
_PERSON_STATES = {"0": "living", "1": "dead", "2": "missing"}
_ENTERPRISE_STATES = {"1": "active", "2": "paused", "3": "dissolved", "4": "revoked"}
_OLDEST = dt.date(1880, 1, 1)


class RegistryAway(Exception):
    """It did not answer in time, or asks to come again."""


class RegistryRefuses(Exception):
    """It has read the question and does not answer it: the account, the purpose, the form."""


class AnswerGarbled(Exception):
    """It answered what cannot be used: unreadable, incomplete, or about somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a registry is told of who asks and why. ``unit`` is the code of the asking unit, or empty."""

    id: UUID
    told: Told
    purpose: str
    asked_by: str
    unit: str


@dataclass(frozen=True, slots=True)
class _Place:
    address: str
    user: str
    password: str


def _place(registry: RegistryName) -> _Place:
    if registry == "population":
        return _Place(settings.POPULATION_ADDRESS, settings.POPULATION_USER, settings.POPULATION_PASSWORD)
    return _Place(settings.ENTERPRISE_ADDRESS, settings.ENTERPRISE_USER, settings.ENTERPRISE_PASSWORD)


def has_registry(registry: RegistryName) -> bool:
    """Whether the province is connected to it."""
    return bool(_place(registry).address)


def ask_registry(registry: RegistryName, question: Question) -> PersonRecord | EnterpriseRecord | None:
    """Return what the registry knows under the number, or None when it knows nobody by these data.

    Raises ``RegistryAway``, ``RegistryRefuses``, ``AnswerGarbled``.
    """
    body = _post(registry, question)
    found = body.get("ketQua")
    if found == "KHONG":
        return None
    if found != "CO":
        raise AnswerGarbled("ketQua")
    if registry == "enterprise":
        enterprise = _enterprise(_part(body, "doanhNghiep"))
        _check_number(enterprise.number, question.told.number)
        return enterprise
    person = _person(_part(body, "congDan"))
    _check_number(person.number, question.told.number)
    # A registry that answers to a number alone must not make us one that does.
    return person if concerns(question.told, person) else None


def _check_number(number: str, asked: str) -> None:
    if number != asked:
        raise AnswerGarbled("another number")


def _post(registry: RegistryName, question: Question) -> Mapping[str, Any]:
    place, told = _place(registry), question.told
    if not place.address:
        raise RegistryAway("not connected")
    asked: dict[str, Any] = {
        "maYeuCau": str(question.id),
        "mucDich": question.purpose,
        "nguoiTraCuu": question.asked_by,
        "maDonVi": question.unit,
    }
    if registry == "population":
        born = told.born_on.strftime("%Y%m%d") if told.born_on else ""
        asked |= {"soDinhDanh": told.number, "hoTen": clean(told.name), "ngaySinh": born}
    else:
        asked |= {"maSo": told.number}
    account = base64.b64encode(f"{place.user}:{place.password}".encode()).decode()
    try:
        reply = exchange(
            "POST",
            f"{place.address.rstrip('/')}/tra-cuu",
            json.dumps(asked, ensure_ascii=False).encode(),
            {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Basic {account}"},
            seconds=SECONDS,
            limit=LARGEST_ANSWER,
        )
    except Unreachable as error:
        raise RegistryAway(str(error)) from error
    if reply.status >= 500 or reply.status in _COME_AGAIN:
        raise RegistryAway(f"HTTP {reply.status}")
    if 400 <= reply.status < 500:
        raise RegistryRefuses(f"HTTP {reply.status}")
    if reply.status != 200:
        raise AnswerGarbled(f"HTTP {reply.status}")
    try:
        body = json.loads(reply.content)
    except (ValueError, RecursionError) as error:
        raise AnswerGarbled("JSON") from error
    if not isinstance(body, dict):
        raise AnswerGarbled("JSON")
    return body


def _person(part: Mapping[str, Any]) -> PersonRecord:
    number = _text(part, "soDinhDanh", 12)
    if not is_identity_number(number):
        raise AnswerGarbled("soDinhDanh")
    return PersonRecord(
        number=number,
        name=_text(part, "hoTen", 200),
        born_on=_day(_text(part, "ngaySinh", 8)),
        sex=_one_of(part, "gioiTinh", _SEXES),  # type: ignore[arg-type]
        address=_text(part, "noiThuongTru", 500),
        state=_one_of(part, "trangThai", _PERSON_STATES),
    )


def _enterprise(part: Mapping[str, Any]) -> EnterpriseRecord:
    representative = _part(part, "nguoiDaiDien")
    return EnterpriseRecord(
        number=_text(part, "maSo", 14),
        name=_text(part, "ten", 300),
        kind=_text(part, "loaiHinh", 100),
        address=_text(part, "diaChi", 500),
        representative=_text(representative, "hoTen", 200),
        representative_number=_text(representative, "soDinhDanh", 12, empty=True),
        state=_one_of(part, "trangThai", _ENTERPRISE_STATES),
    )


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = body.get(name)
    if not isinstance(part, dict):
        raise AnswerGarbled(name)
    return part


def _text(part: Mapping[str, Any], name: str, most: int, *, empty: bool = False) -> str:
    value = part.get(name)
    # A surrogate alone is no character: the database would not take it.
    if not isinstance(value, str) or len(value) > most or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise AnswerGarbled(name)
    text = clean(value.replace("\0", " "))
    if not text and not empty:
        raise AnswerGarbled(name)
    return text


def _one_of(part: Mapping[str, Any], name: str, known: Mapping[str, str]) -> str:
    value = part.get(name)
    if not isinstance(value, str) or value not in known:
        raise AnswerGarbled(name)
    return known[value]


def _day(text: str) -> dt.date:
    try:
        day = dt.datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day, no moment
    except ValueError as error:
        raise AnswerGarbled("ngaySinh") from error
    if len(text) != 8 or not _OLDEST <= day <= dt.date(2200, 1, 1):
        raise AnswerGarbled("ngaySinh")
    return day

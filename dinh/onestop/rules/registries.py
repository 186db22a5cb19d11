"""What the national registries of people and of enterprises say, and how it compares with what people say.

NĐ 61/2018 Art. 25 asks for links to both. A registry is asked about one number, with a purpose, by somebody
who already knows whose number it is: it is no pond to fish in.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from dinh.kernel.contacts import is_identity_number
from dinh.kernel.errors import N_, Refused
from dinh.kernel.text import clean, fold, search_tokens, sort_key
from dinh.onestop.rules.representation import is_tax_code

__all__ = [
    "BEGIN_ANEW",
    "CHECK_HOLDS",
    "CHECK_STATES",
    "ENTERPRISE_STATES",
    "MOST_AN_HOUR",
    "MOST_MISSES_AN_HOUR",
    "PERSON_STATES",
    "PURPOSES",
    "RECORD_KEPT",
    "REGISTRIES",
    "CheckAsked",
    "Difference",
    "EnterpriseRecord",
    "NoNumberToCheck",
    "PersonRecord",
    "RegistryName",
    "Told",
    "TooManyChecks",
    "WORD_HOLDS",
    "check_askable",
    "compare",
    "compare_representative",
    "concerns",
    "read_differences",
    "record_from",
    "registry_for",
    "represents",
    "same_name",
    "state_of",
]

RegistryName = Literal["population", "enterprise"]

REGISTRIES: dict[str, str] = {
    "population": N_("Cơ sở dữ liệu quốc gia về dân cư"),
    "enterprise": N_("Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp"),
}
# Why somebody asked, as the person concerned reads it.
PURPOSES: dict[str, str] = {
    "desk": N_("Tiếp nhận hồ sơ tại quầy"),
    "dossier": N_("Giải quyết hồ sơ"),
    "own": N_("Chính người đó điền hồ sơ trực tuyến"),
    "representation": N_("Khai là người đại diện theo pháp luật"),
}
CHECK_STATES: dict[str, str] = {
    "asked": N_("Chưa có trả lời"),
    "matched": N_("Khớp"),
    "differs": N_("Khác với cơ sở dữ liệu"),
    "unknown": N_("Không tìm thấy"),
    "away": N_("Cơ sở dữ liệu không trả lời"),
    "refused": N_("Cơ sở dữ liệu từ chối trả lời"),
    "garbled": N_("Trả lời không dùng được"),
}
PERSON_STATES: dict[str, str] = {
    "living": N_("Đang sống"),
    "dead": N_("Đã chết"),
    "missing": N_("Mất tích"),
}
ENTERPRISE_STATES: dict[str, str] = {
    "active": N_("Đang hoạt động"),
    "paused": N_("Tạm ngừng kinh doanh"),
    "dissolved": N_("Đã giải thể, chấm dứt hoạt động"),
    "revoked": N_("Bị thu hồi giấy chứng nhận đăng ký"),
}

# What one official may ask in an hour, and how often of it with data that fit nobody.
MOST_AN_HOUR = 60
MOST_MISSES_AN_HOUR = 10
# As long as one person stands at the counter.
CHECK_HOLDS = dt.timedelta(minutes=30)
# What a registry answered for a purpose that came to nothing is forgotten; that it was asked stays.
RECORD_KEPT = dt.timedelta(days=1)
# For how long a registry's word that somebody represents an enterprise stands for a paper.
WORD_HOLDS = dt.timedelta(days=180)
# A registry that did not answer is left alone for so long, and everybody goes on by hand meanwhile.
BEGIN_ANEW = dt.timedelta(seconds=30)

_LONGEST = 200


class TooManyChecks(Refused):
    message = N_(
        "Ông/Bà đã tra cứu %(count)s lần trong một giờ, là mức cao nhất cho một người."
        " Hãy nhập tay theo giấy tờ, hoặc tra cứu lại sau."
    )


class NoNumberToCheck(Refused):
    message = N_(
        "Người nộp chưa có số định danh cá nhân hoặc mã số doanh nghiệp hợp lệ, nên không tra cứu được."
    )


class CheckAsked(Refused):
    message = N_("Hồ sơ này vừa được đối chiếu lúc %(at)s. Hãy chờ một phút rồi hỏi lại.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody says of themselves, or of an organisation: what a registry is asked with."""

    number: str
    name: str = ""
    born_on: dt.date | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """A person as the population database knows them. ``state`` is of ``PERSON_STATES``."""

    number: str
    name: str
    born_on: dt.date
    sex: Literal["nam", "nu"]
    address: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseRecord:
    """An enterprise, household business or cooperative as registered. ``state``: of ``ENTERPRISE_STATES``.

    ``representative`` is its legal representative, or the owner of a household business.
    """

    number: str
    name: str
    kind: str
    address: str
    representative: str
    representative_number: str
    state: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which somebody and the registry differ. ``decides``: it makes the whole differ."""

    field: str
    said: str
    registered: str
    decides: bool


_LABELS = {
    "name": N_("Tên"),
    "born_on": N_("Ngày sinh"),
    "address": N_("Địa chỉ"),
    "state": N_("Tình trạng"),
}


def registry_for(number: str) -> RegistryName | None:
    """Return which registry knows a number of this form, or None."""
    if is_identity_number(number):
        return "population"
    return "enterprise" if is_tax_code(number) else None


def check_askable(registry: RegistryName, told: Told) -> None:
    """Whether enough is known to ask. Raises ``Refused`` at ``number``, ``name``.

    A person is asked for by number and name, or number and date of birth; the registry answers only when
    one of the two is theirs. What is registered of enterprises is public: the code is enough.
    """
    if registry == "enterprise":
        if not is_tax_code(told.number):
            raise Refused(
                N_("Mã số doanh nghiệp có 10 chữ số, hoặc 10 chữ số, dấu gạch ngang và 3 chữ số."),
                field="number",
            )
        return
    if not is_identity_number(told.number):
        raise Refused(N_("Hãy nhập đúng 12 chữ số của số định danh để tra cứu."), field="number")
    if not clean(told.name) and told.born_on is None:
        raise Refused(
            N_("Hãy ghi họ và tên, hoặc ngày sinh: chỉ có số định danh thì không được tra cứu."), field="name"
        )


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same to a reader: case, spaces and the place of a tone mark do not count."""
    return bool(one.strip()) and sort_key(clean(one)) == sort_key(clean(other))


def concerns(told: Told, record: PersonRecord) -> bool:
    """Whether who asked knew of whom: the name, with or without diacritics, or the date of birth."""
    is_named = bool(told.name.strip()) and fold(clean(told.name)) == fold(clean(record.name))
    return is_named or (told.born_on is not None and told.born_on == record.born_on)


def compare(told: Told, record: PersonRecord | EnterpriseRecord) -> tuple[Difference, ...]:
    """Return in what the two differ, in the order of reading. What was not said does not differ."""
    found = []
    if told.name.strip() and not same_name(told.name, record.name):
        found.append(Difference("name", told.name, record.name, True))
    if isinstance(record, PersonRecord) and told.born_on is not None and told.born_on != record.born_on:
        found.append(Difference("born_on", told.born_on.isoformat(), record.born_on.isoformat(), True))
    if told.address.strip() and not _alike_places(told.address, record.address):
        # People move, and write where letters reach them: it is shown, it does not decide.
        found.append(Difference("address", told.address, record.address, False))
    if record.state not in ("living", "active"):
        found.append(Difference("state", "", record.state, True))
    return tuple(found)


def _alike_places(one: str, other: str) -> bool:
    """Whether one says what the other says, perhaps with less of it."""
    first, second = set(search_tokens(one)), set(search_tokens(other))
    return bool(first) and (first <= second or second <= first)


def state_of(differences: Sequence[Difference]) -> str:
    """Return the state of a check that was answered: ``matched`` or ``differs``."""
    return "differs" if any(one.decides for one in differences) else "matched"


def compare_representative(record: EnterpriseRecord, *, number: str, name: str) -> tuple[Difference, ...]:
    """Return in what an enterprise differs from one that stands and that this person represents by law."""
    found = list(compare(Told(number=record.number), record))
    if not represents(replace(record, state="active"), number=number, name=name):
        found.insert(0, Difference("representative", name, record.representative, True))
    return tuple(found)


def represents(record: EnterpriseRecord, *, number: str, name: str) -> bool:
    """Whether the person of this number and name represents an enterprise that stands, as registered.

    The number must be registered with the representative: people share names.
    """
    is_same = bool(number) and record.representative_number == number
    return record.state == "active" and is_same and fold(clean(record.representative)) == fold(clean(name))


def record_from(registry: str, kept: Mapping[str, Any]) -> PersonRecord | EnterpriseRecord | None:
    """Return the record that a check keeps; None once it is forgotten, or when nothing was found."""
    if not kept:
        return None
    if registry == "population":
        return PersonRecord(**{**kept, "born_on": dt.date.fromisoformat(kept["born_on"])})
    return EnterpriseRecord(**kept)


def read_differences(kept: Sequence[Mapping[str, Any]]) -> tuple[Difference, ...]:
    """Return the differences that a check keeps."""
    return tuple(Difference(**one) for one in kept)

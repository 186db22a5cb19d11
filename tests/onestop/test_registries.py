"""The national registries: whom one may ask about, what an answer is worth, what is kept of it."""

import datetime as dt
import json
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import system
from dinh.foundation.directory.models import Person
from dinh.kernel.errors import NotFound, Refused
from dinh.onestop.actions.registries import _note_answer
from dinh.onestop.adapters import registries as adapter
from dinh.onestop.models import Dossier, RegistryCheck
from dinh.onestop.public import (
    PartyWrong,
    Told,
    access_desk_check,
    begin_representation,
    check_dossier,
    checks_about,
    checks_page,
    confirms,
    dossier_check,
    forget_records,
    look_up_at_desk,
    look_up_own,
    look_up_party,
    same_name,
)
from dinh.onestop.queries.registries import used_of
from dinh.onestop.rules.registries import (
    MOST_AN_HOUR,
    MOST_MISSES_AN_HOUR,
    CheckAsked,
    EnterpriseRecord,
    NoNumberToCheck,
    PersonRecord,
    TooManyChecks,
    check_askable,
    compare,
    concerns,
    state_of,
)
from dinh.website.sample.outside import PASSWORD
from dinh.website.sample.registries import SampleRegistries
from tests.guards.refusing import assert_done, assert_refused
from tests.onestop.conftest import HOUSEHOLD_ANSWERS, Province
from tests.onestop.registered import (
    COMPANY,
    DEAD,
    DISSOLVED,
    PERSON,
    http,
    sample_registries,
    saying,
)
from tests.onestop.test_collisions import at_once, outcome

LIVING = PersonRecord(
    number="099090000123",
    name="Trần Văn Mẫu",
    born_on=dt.date(1990, 2, 14),
    sex="nam",
    address="Số 12, đường Hoa Sen, Đình Sơn",
    state="living",
)


def told(**changed: Any) -> Told:
    return Told(**{**PERSON, **changed})


# ---- names and comparison -------------------------------------------------------------------------

WORD = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậíìỉĩịúùủũụ", min_size=1, max_size=7)
NAMES = st.lists(WORD, min_size=2, max_size=5).map(" ".join)
SPACES = st.sampled_from([" ", "  ", "\t", "\u00a0", " \u200b"])


@given(NAMES, SPACES, st.booleans(), st.sampled_from(["NFC", "NFD"]))
def test_a_name_is_the_same_however_it_is_typed(name: str, space: str, upper: bool, form: Any) -> None:
    typed = unicodedata.normalize(form, space + (name.upper() if upper else name.title()) + space)
    assert same_name(name, typed.replace(" ", space))
    assert same_name(typed, name)


@given(NAMES, NAMES)
def test_names_of_other_letters_are_others(one: str, other: str) -> None:
    letters = {"".join(unicodedata.normalize("NFC", name).lower().split()) for name in (one, other)}
    if len(letters) == 2:
        assert not same_name(one, other) or _tones_apart(one) == _tones_apart(other)


def _tones_apart(name: str) -> list[list[str]]:
    """Each word as its letters in any order of marks: hoà and hòa are one."""
    return [sorted(unicodedata.normalize("NFD", word)) for word in name.lower().split()]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Lê Thị Hoà", "LÊ THỊ HÒA", True),
        ("Nguyễn  Văn An", "nguyễn văn an", True),
        ("Nguyễn Văn An", "Nguyễn Văn Ân", False),
        ("Nguyen Van An", "Nguyễn Văn An", False),
        ("Đỗ Thị Đào", "Do Thi Dao", False),
        ("", "", False),
    ],
)
def test_diacritics_tell_people_apart_and_case_does_not(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


def test_a_number_alone_asks_for_nobody() -> None:
    with pytest.raises(Refused) as refused:
        check_askable("population", told(name=" "))
    assert refused.value.field == "name"
    check_askable("population", told(name="", born_on=dt.date(1990, 2, 14)))
    check_askable("population", told())
    for number in ("", "12345", "09909000012x", COMPANY):
        with pytest.raises(Refused) as refused:
            check_askable("population", told(number=number))
        assert refused.value.field == "number"
    check_askable("enterprise", Told(number="9900000001-001"))
    with pytest.raises(Refused):
        check_askable("enterprise", told())


@pytest.mark.parametrize(
    ("said", "is_theirs"),
    [
        (told(), True),
        (told(name="tran van mau"), True),
        (told(name="Trần Văn Khác"), False),
        (told(name="", born_on=dt.date(1990, 2, 14)), True),
        (told(name="Trần Văn Khác", born_on=dt.date(1990, 2, 14)), True),
        (told(name="", born_on=dt.date(1991, 2, 14)), False),
    ],
)
def test_who_asks_must_know_the_name_or_the_birthday(said: Told, is_theirs: bool) -> None:
    assert concerns(said, LIVING) is is_theirs


def test_differences_stand_in_the_order_of_reading() -> None:
    said = told(name="Trần Văn Khác", born_on=dt.date(1991, 2, 14), address="Thôn 9, xã An Mẫu")
    found = compare(said, LIVING)
    assert [one.field for one in found] == ["name", "born_on", "address"]
    assert state_of(found) == "differs"
    # Where letters reach somebody need not be where they are registered.
    assert state_of(compare(told(address="Thôn 9"), LIVING)) == "matched"
    assert compare(told(address="đường Hoa Sen"), LIVING) == ()


def test_a_dead_person_and_a_dissolved_company_differ() -> None:
    dead = PersonRecord(**{**_values(LIVING), "state": "dead"})
    assert state_of(compare(told(), dead)) == "differs"
    company = EnterpriseRecord(
        number=COMPANY, name="A", kind="B", address="C", representative="D",
        representative_number="", state="dissolved",
    )  # fmt: skip
    assert state_of(compare(Told(number=COMPANY), company)) == "differs"


def _values(record: PersonRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in PersonRecord.__slots__}


# ---- answers ---------------------------------------------------------------------------------------


@pytest.fixture
def registries(settings: Any) -> Iterator[SampleRegistries]:
    with sample_registries(settings) as sample:
        yield sample


PERSON_ANSWER = {
    "soDinhDanh": PERSON["number"],
    "hoTen": PERSON["name"],
    "ngaySinh": "19900214",
    "gioiTinh": "1",
    "noiThuongTru": "Số 12",
    "trangThai": "0",
}


def answer(**changed: Any) -> bytes:
    body = {"ketQua": "CO", "congDan": {**PERSON_ANSWER, **changed}}
    return http(json.dumps(body).encode())


HOSTILE = [
    http(b""),
    http(b"<h1>Xin chao</h1>"),
    http(b"[]"),
    http(b'"CO"'),
    http(b'{"ketQua": "CO"}'),
    http(b'{"ketQua": "CO", "congDan": []}'),
    http(b'{"ketQua": {"a": 1}}'),
    http(b"[" * 60_000),
    http(b'{"ketQua": "KHONG"', "302 Found"),
    answer(soDinhDanh="099192000456"),
    answer(soDinhDanh=99090000123),
    answer(hoTen=""),
    answer(hoTen="x" * 201),
    answer(hoTen="\ud800 Văn Mẫu"),
    answer(hoTen=None),
    answer(ngaySinh="19901350"),
    answer(ngaySinh="1990021"),
    answer(ngaySinh="00010101"),
    answer(ngaySinh=19900214),
    answer(gioiTinh="9"),
    answer(gioiTinh=["1"]),
    answer(trangThai="7"),
    answer(noiThuongTru="x" * 501),
]
AWAY = [
    b"",
    b"\x00\xff\x00 what",
    http(b"x" * 70_000),
    http(b"{}", "503 Service Unavailable"),
    http(b"{}", "429 Too Many Requests"),
    b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{",
]


QUESTION = adapter.Question(id=uuid4(), told=told(), purpose="x", asked_by="y", unit="z")


@pytest.mark.parametrize(
    ("said", "error"),
    [
        *((one, adapter.AnswerGarbled) for one in HOSTILE),
        *((one, adapter.RegistryAway) for one in AWAY),
        (http(b"{}", "401 Unauthorized"), adapter.RegistryRefuses),
        (http(b"{}", "400 Bad Request"), adapter.RegistryRefuses),
    ],
)
def test_a_hostile_answer_is_refused_whole(settings: Any, said: bytes, error: type[Exception]) -> None:
    with saying(settings, said), pytest.raises(error):
        adapter.ask_registry("population", QUESTION)


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        (http(b'{"ketQua": "KHONG"}'), False),
        (answer(hoTen="Người Khác Hẳn"), False),
        (answer(hoTen="<script>alert(1)</script> Trần Văn Mẫu"), False),
        (answer(), True),
    ],
)
def test_an_answer_to_a_number_alone_is_no_answer(settings: Any, said: bytes, is_found: bool) -> None:
    with saying(settings, said):
        assert bool(adapter.ask_registry("population", QUESTION)) is is_found


def test_the_sample_keeps_its_callers_to_the_protocol(settings: Any, registries: SampleRegistries) -> None:
    settings.POPULATION_PASSWORD = "khac"
    with pytest.raises(adapter.RegistryRefuses):
        adapter.ask_registry("population", QUESTION)
    settings.POPULATION_PASSWORD = PASSWORD
    with pytest.raises(adapter.RegistryRefuses):
        adapter.ask_registry("population", replace(QUESTION, purpose=""))
    found = adapter.ask_registry("population", QUESTION)
    assert isinstance(found, PersonRecord) and found.number == PERSON["number"]
    # A number alone is answered by nobody, neither by the sample nor by the port.
    with pytest.raises(adapter.RegistryRefuses):
        adapter.ask_registry("population", replace(QUESTION, told=told(name="")))


@pytest.mark.django_db
def test_whatever_a_registry_says_the_desk_goes_on(province: Province, settings: Any) -> None:
    for said, state in ((HOSTILE[0], "garbled"), (AWAY[0], "away"), (http(b"{}", "403 No"), "refused")):
        with saying(settings, said):
            check = look_up(province)
        assert (check.state, check.record, check.differences) == (state, {}, [])
        assert check.answered_at is not None


@pytest.mark.django_db
def test_a_registry_that_drips_is_cut_off(province: Province, settings: Any, monkeypatch: Any) -> None:
    """A byte now and then would keep a clerk waiting for ever: the whole answer has one bound."""
    with saying(settings, answer(), pause=0.02):
        monkeypatch.setattr(adapter, "SECONDS", 0.3)
        assert look_up(province).state == "away"


@pytest.mark.django_db
def test_nobody_there_is_away_and_left_alone_for_a_while(province: Province, settings: Any) -> None:
    with sample_registries(settings):
        pass
    assert look_up(province).state == "away"
    assert look_up(province).state == "away"
    with sample_registries(settings) as sample:
        for seconds in (5, 15, 25):
            later = province.now + dt.timedelta(seconds=seconds)
            check = look_up(province, now=later)
            assert (check.state, check.answered_at) == ("away", None)
        assert sample.questions() == []
        # Those who asked meanwhile were not the registry's silence: half a minute is over.
        later = province.now + dt.timedelta(seconds=35)
        assert look_up(province, now=later).state == "matched"


@pytest.mark.django_db
def test_a_province_that_is_not_connected_goes_on_by_hand(province: Province) -> None:
    assert look_up(province).state == "away"


# ---- at the desk -----------------------------------------------------------------------------------


def look_up(p: Province, *, by: Any = None, now: dt.datetime | None = None, **said: Any) -> RegistryCheck:
    who = by or p.clerk
    return look_up_at_desk(
        p.clerk.unit_id, registry="population", told=told(**said), by=who, now=now or p.now
    )


@pytest.mark.django_db
def test_the_registry_hears_who_asks_and_why(province: Province, registries: SampleRegistries) -> None:
    check = look_up(province)
    assert (check.state, check.record["born_on"]) == ("matched", "1990-02-14")
    [(_, registry, asked, said)] = registries.questions()
    assert (registry, said) == ("dan-cu", "CO")
    assert asked["maYeuCau"] == str(check.pk)
    assert asked["mucDich"] == "Tiếp nhận hồ sơ tại quầy"
    assert province.clerk.name in asked["nguoiTraCuu"]
    assert asked["maDonVi"] == province.unit("H99.31.00").code


@pytest.mark.django_db
def test_states_of_people_and_enterprises(province: Province, registries: SampleRegistries) -> None:
    assert look_up(province, name="tran van mau").state == "differs"
    assert look_up(province, name="Ai Đó").state == "unknown"
    assert look_up(province, **DEAD).state == "differs"
    by, now, desk = province.clerk, province.now, province.clerk.unit_id

    def enterprise(number: str) -> RegistryCheck:
        return look_up_at_desk(desk, registry="enterprise", told=Told(number=number), by=by, now=now)

    assert enterprise(COMPANY).state == "matched"
    assert enterprise(COMPANY).record["representative"] == "Trần Văn Mẫu"
    assert enterprise(DISSOLVED).state == "differs"
    assert enterprise("9911111111").state == "unknown"


@pytest.mark.django_db
def test_only_who_receives_at_the_desk_looks_up(province: Province, registries: SampleRegistries) -> None:
    for name in ("chuyenvien.tckh.dinhson", "motcua.anmau.dinhson", "quantri", "congdan"):
        assert_refused("registry.asked_at_desk", lambda who=name: look_up(province, by=province.actor(who)))
    assert registries.questions() == []
    assert_done("registry.asked_at_desk", lambda: look_up(province))


@pytest.mark.django_db
def test_a_question_is_written_down_before_it_leaves(province: Province, monkeypatch: Any) -> None:
    """Law: NĐ 61/2018 Điều 25 ý 2
    Screen: /lam-viec/tra-cuu-du-lieu/
    """

    def die(registry: str, question: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dinh.onestop.actions.registries.ask_registry", die)
    with pytest.raises(KeyboardInterrupt):
        look_up(province)
    check = RegistryCheck.objects.get()
    assert (check.state, check.answered_at) == ("asked", None)
    entry = AuditEntry.objects.get(verb="registry.asked_at_desk")
    assert entry.subject_id == str(check.pk)
    assert PERSON["number"] not in json.dumps(entry.changes)
    [row] = checks_page(province.actor("quantri")).rows
    assert (row.purpose, row.told.number) == ("desk", PERSON["number"])


@pytest.mark.django_db
def test_an_official_asks_so_often_and_no_more(province: Province, registries: SampleRegistries) -> None:
    row = {
        "registry": "population", "purpose": "desk", "number": "099000000000", "asker": "x",
        "position_id": province.clerk.position_id, "state": "matched",
    }  # fmt: skip
    at = province.now - dt.timedelta(minutes=5)
    RegistryCheck.objects.bulk_create(RegistryCheck(**row, asked_at=at) for _ in range(MOST_AN_HOUR - 1))
    look_up(province)
    with pytest.raises(TooManyChecks):
        look_up(province)
    assert look_up(province, now=province.now + dt.timedelta(hours=1)).state == "matched"


@pytest.mark.django_db
def test_who_guesses_is_stopped_early(province: Province, registries: SampleRegistries) -> None:
    for number in range(MOST_MISSES_AN_HOUR):
        look_up(province, number=f"{99_090_000_100 + number:012d}", name="Đoán Mò")
    with pytest.raises(TooManyChecks):
        look_up(province)
    # Another official is not held to it.
    other = province.actor("motcua.anmau.dinhson")
    said = Told(**PERSON)
    found = look_up_at_desk(other.unit_id, registry="population", told=said, by=other, now=province.now)
    assert found.state == "matched"


@pytest.mark.django_db
def test_a_look_up_is_its_makers_for_half_an_hour(province: Province, registries: SampleRegistries) -> None:
    check = look_up(province)
    assert access_desk_check(province.clerk, check.pk, now=province.now).record is not None
    for who, later in ((province.actor("motcua.anmau.dinhson"), 0), (province.clerk, 31)):
        with pytest.raises(NotFound):
            access_desk_check(who, check.pk, now=province.now + dt.timedelta(minutes=later))


@pytest.mark.django_db
def test_answers_that_came_to_nothing_are_forgotten(province: Province, registries: SampleRegistries) -> None:
    check = look_up(province)
    by = system("test")
    assert forget_records(by=by, now=province.now + dt.timedelta(hours=23)) == 0
    assert_refused("registry.forgotten", lambda: forget_records(by=province.clerk, now=province.now))
    assert forget_records(by=by, now=province.now + dt.timedelta(hours=25)) == 1
    check.refresh_from_db()
    assert (check.record, check.name, check.number) == ({}, "", PERSON["number"])


@pytest.mark.django_db
def test_only_the_system_writes_answers(province: Province, registries: SampleRegistries) -> None:
    check = look_up(province)
    assert_refused(
        "registry.answered",
        lambda: _note_answer(check, record={}, state="matched", at=None, by=province.clerk),
    )


# ---- for a dossier ---------------------------------------------------------------------------------


@pytest.fixture
def with_number(province: Province) -> Province:
    """The citizen files under a number that the population database knows, with another name."""
    Person.objects.filter(pk=province.citizen.person_id).update(
        identity_number=PERSON["number"], full_name="tran van mau", address="Thôn 9"
    )
    return province


@pytest.mark.django_db
def test_the_specialist_asks_and_asks_again(with_number: Province, registries: SampleRegistries) -> None:
    """Law: NĐ 61/2018 Điều 25 ý 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    """
    p = with_number
    dossier = p.accepted()
    before = dossier_check(dossier, by=p.specialist)
    assert before is not None and before.last is None and before.may_ask
    check = check_dossier(dossier, by=p.specialist, now=p.now)
    assert (check.state, check.purpose, check.dossier_id) == ("differs", "dossier", dossier.pk)
    with pytest.raises(CheckAsked):
        check_dossier(dossier, by=p.specialist, now=p.now + dt.timedelta(seconds=30))
    registries.switch("dan-cu", "nghi")
    again = check_dossier(dossier, by=p.specialist, now=p.now + dt.timedelta(minutes=2))
    assert again.state == "away"
    after = dossier_check(dossier, by=p.head)
    assert after is not None and after.last is not None
    assert (after.last.id, after.may_ask) == (again.pk, False)


@pytest.mark.django_db
def test_what_the_form_says_otherwise_of_the_same_number_is_told(
    with_number: Province, registries: SampleRegistries
) -> None:
    p = with_number
    later = ("Ngày sinh", "01/01/1990")
    for number, name, told, others in (
        (PERSON["number"], PERSON["name"], [later], []),
        (PERSON["number"], "TRẦN VĂN MẪU", [later], []),
        (PERSON["number"], "Lê Thị Khác", [("Họ và tên", "Lê Thị Khác"), later], []),
        ("099090000777", "Lê Thị Khác", [], ["Lê Thị Khác"]),
    ):
        said = {"so_dinh_danh": number, "ho_ten": name, "ngay_sinh": "1990-01-01", "gioi_tinh": "nam"}
        answers = {**HOUSEHOLD_ANSWERS, "chu_ho": {**HOUSEHOLD_ANSWERS["chu_ho"], **said}}
        dossier = p.accepted(answers=answers)
        check_dossier(dossier, by=p.specialist, now=p.now)
        shown = dossier_check(dossier, by=p.specialist)
        assert shown is not None
        assert [(one.label, one.declared) for one in shown.declared] == told
        assert shown.others == others


@pytest.mark.django_db
def test_only_who_works_on_it_asks_about_a_dossiers_applicant(
    with_number: Province, registries: SampleRegistries
) -> None:
    p = with_number
    dossier = p.accepted()
    for who in (p.head, p.commune, p.other_commune, p.records, p.actor("quantri"), p.citizen):
        assert_refused("registry.asked_for_dossier", lambda by=who: check_dossier(dossier, by=by, now=p.now))
    assert registries.questions() == []
    assert_done("registry.asked_for_dossier", lambda: check_dossier(dossier, by=p.clerk, now=p.now))


@pytest.mark.django_db
def test_a_number_that_is_only_claimed_is_shown_as_that_and_compared(
    province: Province, registries: SampleRegistries
) -> None:
    Person.objects.filter(pk=province.citizen.person_id).update(identity_number="")
    owner = {**HOUSEHOLD_ANSWERS["chu_ho"], "so_dinh_danh": PERSON["number"], "gioi_tinh": "nam"}
    dossier = province.accepted(answers={**HOUSEHOLD_ANSWERS, "chu_ho": owner})
    shown = dossier_check(dossier, by=province.specialist)
    assert shown is not None
    assert (dossier.applicant_identity, shown.claimed, shown.may_ask) == ("", PERSON["number"], True)
    check = check_dossier(dossier, by=province.specialist, now=province.now)
    # Only who knows the name, too, is told of somebody: a number made up tells nothing.
    assert (check.number, check.state) == (PERSON["number"], "unknown")
    Dossier.objects.filter(pk=dossier.pk).update(data={})
    with pytest.raises(NoNumberToCheck):
        check_dossier(dossier, by=province.specialist, now=province.now + dt.timedelta(minutes=2))


# ---- one's own --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_citizen_asks_for_their_own_data_alone(province: Province, registries: SampleRegistries) -> None:
    check = look_up_own(by=province.citizen, now=province.now)
    assert (check.state, check.purpose) == ("matched", "own")
    [(_, _, asked, _)] = registries.questions()
    person = Person.objects.get(pk=province.citizen.person_id)
    assert asked["soDinhDanh"] == person.identity_number
    assert_refused("registry.asked_own", lambda: look_up_own(by=province.clerk, now=province.now))
    Person.objects.filter(pk=person.pk).update(identity_number="")
    with pytest.raises(NoNumberToCheck):
        look_up_own(by=province.citizen, now=province.now)


@pytest.mark.django_db
def test_the_person_sees_who_looked_them_up(with_number: Province, registries: SampleRegistries) -> None:
    """Law: NĐ 61/2018 Điều 25 ý 2
    Screen: /thong-tin-cua-toi/
    """
    p = with_number
    look_up(p)
    look_up(p, name="Đoán Mò")
    seen = checks_about(p.citizen)
    assert [one.state for one in seen] == ["unknown", "matched"]
    assert p.clerk.name in seen[0].asker
    assert checks_about(p.actor("congdan2")) == []
    assert checks_about(p.clerk) == []


@pytest.mark.django_db
def test_who_oversees_sees_the_questions_of_their_units(
    province: Province, registries: SampleRegistries
) -> None:
    look_up(province)
    look_up_own(by=province.citizen, now=province.now)
    everything = checks_page(province.actor("quantri")).rows
    assert [one.purpose for one in everything] == ["own", "desk"]
    # The clerk is in charge of the desk too, and sees what was asked there.
    assert [one.purpose for one in checks_page(province.clerk).rows] == ["desk"]
    assert checks_page(province.actor("motcua.anmau.dinhson")).rows == []
    assert checks_page(province.specialist).rows == []
    assert checks_page(province.citizen).rows == []
    assert len(checks_page(province.actor("quantri"), words=PERSON["number"]).rows) == 1
    assert checks_page(province.actor("quantri"), words=PERSON["number"][:6]).rows == []
    assert checks_page(province.actor("quantri"), state="away").rows == []


# ---- two at once, and what representatives are worth --------------------------------------------


def test_two_questions_at_once_are_counted_as_two(open_province: Province, monkeypatch: Any) -> None:
    """At the last that an official may ask, a second one at the same moment is refused."""
    p = open_province
    at = p.now - dt.timedelta(minutes=5)
    row = {"registry": "population", "purpose": "desk", "number": "099000000000", "asker": "x"}
    who = p.clerk
    RegistryCheck.objects.bulk_create(
        RegistryCheck(**row, position_id=who.position_id, state="matched", asked_at=at)
        for _ in range(MOST_AN_HOUR - 1)
    )

    def count_slowly(*arguments: Any, **named: Any) -> tuple[int, int]:
        counted = used_of(*arguments, **named)
        time.sleep(0.3)  # Long enough for the others to count too, if nothing held them back.
        return counted

    monkeypatch.setattr("dinh.onestop.actions.registries.used_of", count_slowly)
    answers = at_once([lambda: look_up(p)] * 3)
    assert outcome(answers) == {"done": 1, "refused": 2}
    assert RegistryCheck.objects.filter(asked_at=p.now).count() == 1


@pytest.mark.django_db
def test_the_word_of_a_registry_is_its_askers_alone(province: Province, registries: SampleRegistries) -> None:
    """What the sample citizen asked confirms nothing for another; the representative's number is not kept."""
    check = look_up_party("9900000001", "Bình Minh", by=province.citizen, now=province.now)
    assert check.state == "matched"
    assert check.record["representative_number"] == ""
    other = province.actor("congdan2")
    assert confirms(check, by=province.citizen)
    assert not confirms(check, by=other)
    assert not confirms(look_up_party("9900000001", "", by=other, now=province.now), by=other)
    for party, days in (({}, 0), ({"relation": "staff"}, 0), ({}, 1)):
        told = {"kind": "business", "relation": "legal", "name": "B", "identity": "9900000001", **party}
        by = other if not party and not days else province.citizen
        with pytest.raises(PartyWrong):
            begin_representation(
                told, proof_id=None, until_on=None, check_id=check.pk, by=by,
                now=province.now + dt.timedelta(days=days),
            )  # fmt: skip
    assert_refused(
        "registry.asked_party",
        lambda: look_up_party("9900000001", "", by=province.clerk, now=province.now),
    )

"""Dossiers filed at the national portal: kept first, taken in by the rules of any filing, else a person's."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.models import OutboxMessage
from dinh.foundation.actions.public import Relay, system
from dinh.foundation.directory.models import Person
from dinh.foundation.notify.models import Notice
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.kernel.ids import uuid7
from dinh.kernel.states import NotInThisState
from dinh.onestop.actions.national_filings import Fetched, hold_filing, keep_message, take_filing
from dinh.onestop.adapters import national as adapter
from dinh.onestop.models import (
    Dossier,
    DossierPart,
    FilingMessage,
    NationalInbox,
    Procedure,
    ProcedureVersion,
    TimelineEntry,
)
from dinh.onestop.public import (
    accept,
    access_filing,
    ask_supplement,
    fetch_filings,
    filing_card,
    filing_page,
    findings,
    get_procedure,
    keep_lanes,
    note_changes,
    own_dossiers,
    refuse_filing,
    retry_filing,
    take_by_hand,
    take_in_filings,
    watch_over,
)
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.national_filings import (
    Answers,
    HandChoiceMissing,
    NotTakenByHand,
    answers_of,
    check_file_address,
    read_filing,
)
from tests.guards.refusing import assert_refused
from tests.onestop.conftest import MARITAL_ANSWERS, NOW, Province, check_whole
from tests.onestop.portal import Portal

BY = system("test")
COMMUNE = "H99.31.011"


@pytest.fixture
def portal(tmp_path: Path, settings: Any) -> Iterator[Portal]:
    adapter.forget_session()
    portal = Portal(tmp_path)
    portal.configure(settings)
    yield portal
    adapter.forget_session()


def message(number: str = "G22-1", *, kind: str = "NopMoi", order: int = 1, **body: Any) -> dict[str, Any]:
    """A message as the portal gives it; without papers unless it says so."""
    return {
        "MaThongDiep": f"tin-{number}-{order}",
        "SoThuTu": order,
        "Loai": kind,
        "SoHoSo": number,
        "ThoiDiem": "20261116074500",
        "HoSo": {
            "MaTTHC": "1.004873",
            "MaDonVi": COMMUNE,
            "ChuHoSo": "Lê Thị Mẫu",
            "LoaiDoiTuong": "1",
            "SoGiayToChuHoSo": "099190888001",
            "SoDienThoai": "0900 000 777",
            "DuLieuToKhai": dict(MARITAL_ANSWERS),
            "TaiLieuNop": [paper()],
            **body,
        },
    }


def paper(address: str = "/tep/giay-to", **more: str) -> dict[str, str]:
    return {
        "TenTepDinhKem": "cccd.jpg",
        "MaThanhPhanHoSo": "giay_to_tuy_than",
        "DuongDanTaiTepTin": address,
        **more,
    }


def kept(p: Province, **options: Any) -> FilingMessage:
    return keep_message(message(**options), by=BY, now=p.now)


def taken(p: Province, row: FilingMessage) -> FilingMessage:
    """Take a message in with the file that it names already fetched."""
    take_filing(row, fetched=Fetched({"/tep/giay-to": p.file(BY)}), by=BY, now=p.now)
    row.refresh_from_db()
    return row


def kinds(row: FilingMessage) -> set[str]:
    return {one["kind"] for one in row.problems}


def work(p: Province) -> None:
    fetch_filings(by=BY, now=p.now)
    take_in_filings(by=BY, now=p.now)


def deliver() -> None:
    relay = Relay(name="test", threads=4)
    relay.drain()
    relay.stop()


@pytest.mark.django_db(transaction=True)
def test_what_is_filed_at_the_national_portal_waits_at_the_right_desk(open_province, portal) -> None:
    """From a sample portal that says that it is one, with its file, to the province's code and back.

    Law: TT 01/2018 Điều 17 ý 1
    Screen: /lam-viec/cong-quoc-gia/
    """
    p = open_province
    with portal.open():
        number = portal.filed()
        work(p)
        dossier = Dossier.objects.get(external_code=number)
        assert (dossier.state, dossier.channel) == ("submitted", "online")
        assert dossier.agency.code == COMMUNE
        assert dossier.applicant_name == "Lê Thị Mẫu"
        assert dossier.owner is not None
        assert dossier.owner.identity_number == "099190888001"
        assert dossier.data["muc_dich"] == "ket_hon"
        assert dossier.data["ngay_sinh"] == "1990-03-02"
        part = DossierPart.objects.get(dossier=dossier)
        assert (part.document_key, part.file.media_type) == ("giay_to_tuy_than", "image/jpeg")
        check_whole(dossier.pk)
        accept(dossier, by=p.who(p.open_step(dossier, "tiep_nhan")), now=p.now)
        dossier.refresh_from_db()
        assert dossier.code == f"{COMMUNE}-261116-0001"
        note_changes(now=p.now)
        keep_lanes(by=BY, now=p.now)
        deliver()
        known = portal.filing(number)
        assert known["daLay"] == [one["MaThongDiep"] for one in known["tin"]]
        assert [one["KetQua"] for one in known["phanHoi"]] == ["DaNhan"]
        told = portal.known(dossier.code)
        assert told["hoSo"]["SoHoSoDVCQG"] == number
        assert told["hoSo"]["NoiNopHoSo"] == "1"
        assert told["trangThai"][-1] == 2
    with portal.open():
        assert portal.filing(number) == known, "the portal reads its journal again"


def test_a_filing_is_kept_word_for_word_before_anything_else(province) -> None:
    said = message(DuLieuToKhai={"ho_ten": "A\x00\ud800", "la": [1, {"x": None}]}, ThongTinKhac="\u202e")
    row = keep_message(said, by=BY, now=province.now)
    row.refresh_from_db()
    assert json.loads(row.content) == said
    assert row.state == "waiting"
    assert row.owner.agency.code == COMMUNE
    assert row.owner.kind == "one_stop_desk"


def test_it_is_to_be_answered_within_eight_working_hours_of_its_desk(province) -> None:
    row = kept(province)
    assert row.due_at == NOW + dt.timedelta(days=1) or row.due_at.date() in (
        NOW.date(),
        dt.date(2026, 11, 17),
    )
    assert row.due_at > NOW


def test_the_applicant_is_found_by_number_or_entered(province) -> None:
    citizen = Person.objects.get(pk=province.citizen.person_id)
    row = kept(province, SoGiayToChuHoSo=citizen.identity_number, ChuHoSo=citizen.full_name.upper())
    assert taken(province, row).state == "taken"
    (own,) = own_dossiers(province.citizen).rows
    assert own.external_code == "G22-1"
    other = taken(province, kept(province, number="G22-2", order=2))
    assert other.filing.dossier.owner.full_name == "Lê Thị Mẫu"
    again = taken(province, kept(province, number="G22-3", order=3))
    assert again.filing.dossier.owner_id == other.filing.dossier.owner_id


def test_a_business_files_under_its_tax_code_and_belongs_to_no_person(province) -> None:
    row = kept(province, LoaiDoiTuong="2", SoGiayToChuHoSo="0101243150", ChuHoSo="Công ty Mẫu")
    dossier = taken(province, row).filing.dossier
    assert dossier is not None
    assert (dossier.owner_id, dossier.applicant_identity) == (None, "0101243150")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"MaTTHC": "9.999999"}, "procedure"),
    ({"MaDonVi": "H99.99.999"}, "unit"),
    ({"MaDonVi": "H99.02"}, "unit"),
    ({"DuLieuToKhai": {}}, "answer"),
    ({"DuLieuToKhai": {**MARITAL_ANSWERS, "muc_dich": "khac"}}, "answer"),
    ({"DuLieuToKhai": {**MARITAL_ANSWERS, "tinh_trang": "goa", "ten_vo_chong": "A"}}, "paper"),
    ({"DuLieuToKhai": "x"}, "unreadable"),
    ({"TaiLieuNop": []}, "paper"),
    ({"TaiLieuNop": [paper(MaThanhPhanHoSo="khac")]}, "file"),
    ({"SoGiayToChuHoSo": "123"}, "person"),
    ({"ChuHoSo": ""}, "person"),
]


def test_what_the_rules_of_a_filing_refuse_waits_for_a_person(province) -> None:
    for order, (wrong, kind) in enumerate(WRONG):
        row = taken(province, kept(province, number=f"G22-{order}", **wrong))
        assert row.state == "held", wrong
        assert kind in kinds(row), wrong
    assert Dossier.objects.count() == 0
    assert OutboxMessage.objects.filter(channel="national-filing").count() == 0


def test_a_name_that_is_not_that_of_the_number_gives_nobody_a_dossier(province) -> None:
    citizen = Person.objects.get(pk=province.citizen.person_id)
    row = taken(province, kept(province, SoGiayToChuHoSo=citizen.identity_number))
    assert kinds(row) == {"person"}
    assert own_dossiers(province.citizen).rows == []


RUBBISH: list[Any] = [
    None,
    1,
    "x",
    [],
    {},
    {"MaThongDiep": "a"},
    {"MaThongDiep": "b", "SoHoSo": "b"},
    {"MaThongDiep": "c", "SoHoSo": "c", "Loai": "NopMoi"},
    {"SoHoSo": "b"},
]


def test_what_is_no_message_is_kept_and_held_once(province) -> None:
    for rubbish in RUBBISH:
        for _ in range(2):
            row = keep_message(rubbish, by=BY, now=province.now)
            take_in_filings(by=BY, now=province.now)
        row.refresh_from_db()
        assert (row.state, row.times, kinds(row)) == ("held", 2, {"unreadable"}), rubbish
        assert row.owner.code == "H99"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_reading_never_fails(anything: Any) -> None:
    read_filing(anything, fallback="?")
    for name in ("MaThongDiep", "SoThuTu", "SoHoSo", "ThoiDiem", "Loai", "HoSo"):
        read_filing({**message(), name: anything}, fallback="?")
    for name in ("DuLieuToKhai", "TaiLieuNop", "ChuHoSo", "SoGiayToChuHoSo", "Email", "SoDienThoai"):
        read_filing(message(**{name: anything}), fallback="?")


FORM = {
    "type": "object",
    "properties": {
        "a": {"type": "string"},
        "ngay": {"type": "string", "ui": {"widget": "date"}},
        "so": {"type": "integer"},
        "dau": {"type": "boolean"},
        "hoi": {"type": "boolean", "ui": {"widget": "yes_no"}},
        "chon": {"type": "string", "oneOf": [{"const": "x", "title": "Để kết hôn"}]},
        "nhom": {"type": "object", "properties": {"b": {"type": "string"}}},
        "dong": {"type": "array", "items": {"type": "object", "properties": {"c": {"type": "string"}}}},
        "nhieu": {"type": "array", "items": {"type": "string"}},
    },
}


def texts(answers: Answers) -> dict[str, list[str]]:
    return {name: list(answers.getlist(name)) for name in answers}


def test_answers_are_read_as_the_portal_writes_them() -> None:
    given_ = {
        "a": " x ", "ngay": "19900302", "so": 5.0, "dau": "False", "hoi": "False", "chon": "để kết hôn",
        "nhom": {"b": "y"}, "dong": [{"c": "1"}, "rác", {"c": "2"}], "nhieu": ["p", "q"], "la": 1,
    }  # fmt: skip
    answers, strange = answers_of(FORM, given_)
    assert texts(answers) == {
        "a": [" x "], "ngay": ["1990-03-02"], "so": ["5"], "hoi": ["false"], "chon": ["x"],
        "nhom.b": ["y"], "dong.0.c": ["1"], "dong.2.c": ["2"], "nhieu": ["p", "q"],
    }  # fmt: skip
    assert strange == ("la",)


@given(st.dictionaries(st.sampled_from([*FORM["properties"], "la"]), st.recursive(  # type: ignore[misc]
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)))  # fmt: skip
def test_whatever_the_answers_are_they_become_texts(given_: dict[str, Any]) -> None:
    answers, _ = answers_of(FORM, given_)
    assert all(isinstance(text, str) for name in answers for text in answers.getlist(name))


OWN = "https://cong.example.vn:8443/adapter"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        (f"{OWN}/tep/1.pdf", "/adapter/tep/1.pdf"),
        (f"{OWN}/tep?id=1&k=a", "/adapter/tep?id=1&k=a"),
        ("/adapter/tep/1.pdf", "/adapter/tep/1.pdf"),
        ("https://cong.example.vn/adapter/tep", ""),
        ("http://cong.example.vn:8443/adapter/tep", ""),
        ("https://cong.example.vn.xau.vn:8443/adapter/tep", ""),
        ("https://cong.example.vn:8443@xau.vn/adapter/tep", ""),
        ("https://a@cong.example.vn:8443/adapter/tep", ""),
        ("//xau.vn/adapter/tep", ""),
        ("/adapter/../quan-tri", ""),
        ("/adapter/%2e%2e/quan-tri", ""),
        ("/adapter/a%2fb", ""),
        ("/adapterx/tep", ""),
        ("/tep", ""),
        ("file:///etc/passwd", ""),
        ("http://169.254.169.254/latest/meta-data", ""),
        ("/adapter/a b\r\nX: y", ""),
        ("http://[::1", ""),
        ("https://cong.example.vn:99999/adapter/tep", ""),
        ("", ""),
    ],
)
def test_files_are_asked_of_the_portal_alone(address: str, path: str) -> None:
    assert check_file_address(address, OWN) == path


@given(st.text())
def test_no_address_leads_elsewhere(address: str) -> None:
    found = check_file_address(address, OWN)
    assert found == "" or found.startswith("/adapter/")


@pytest.mark.django_db(transaction=True)
def test_a_hostile_file_or_address_is_refused_and_told(open_province, portal) -> None:
    with portal.open():
        numbers = [portal.filed(loi=flaw) for flaw in ("tep-hong", "noi-khac")]
        work(open_province)
    for number in numbers:
        row = FilingMessage.objects.get(filing__number=number)
        assert (row.state, kinds(row)) == ("held", {"file"})
    assert Dossier.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_away_for_a_day_nothing_filed_meanwhile_is_lost(open_province, portal) -> None:
    p = open_province
    with portal.open():
        numbers = {portal.filed(so_dinh_danh=f"09919000010{i}") for i in range(3)}
    for _ in range(5):
        work(p)
    assert FilingMessage.objects.count() == 0
    inbox = NationalInbox.objects.get()
    assert inbox.error
    assert inbox.heard_at is None
    with portal.open():
        work(p)
    assert set(Dossier.objects.values_list("external_code", flat=True)) == numbers
    inbox.refresh_from_db()
    assert (inbox.error, inbox.heard_at) == ("", p.now)


@pytest.mark.django_db(transaction=True)
def test_away_between_message_and_file_it_waits_and_goes_on(open_province, portal) -> None:
    p = open_province
    with portal.open():
        number = portal.filed()
        fetch_filings(by=BY, now=p.now)
    take_in_filings(by=BY, now=p.now)
    row = FilingMessage.objects.get(filing__number=number)
    assert (row.state, row.problems) == ("waiting", [])
    with portal.open():
        take_in_filings(by=BY, now=p.now)
    assert Dossier.objects.filter(external_code=number).count() == 1


@pytest.mark.django_db(transaction=True)
def test_more_than_a_page_is_fetched_in_one_round(open_province, portal, monkeypatch) -> None:
    monkeypatch.setattr("dinh.onestop.actions.national_inbox.PAGE", 2)
    with portal.open():
        for number in range(5):
            portal.filed(so_dinh_danh=f"09919000020{number}")
        assert fetch_filings(by=BY, now=open_province.now) == 5
        assert fetch_filings(by=BY, now=open_province.now) == 0


def test_the_same_message_twice_makes_one_dossier(province) -> None:
    row = taken(province, kept(province))
    assert kept(province).pk == row.pk
    take_in_filings(by=BY, now=province.now)
    row.refresh_from_db()
    assert (row.times, Dossier.objects.count()) == (2, 1)


def test_the_same_dossier_under_another_message_is_harmless_if_it_says_the_same(province) -> None:
    taken(province, kept(province))
    assert taken(province, kept(province, order=2)).state == "repeated"
    differs = taken(province, kept(province, order=3, GhiChu="khác"))
    assert kinds(differs) == {"differs"}
    assert Dossier.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_message_thrice_at_once_makes_one_dossier(open_province) -> None:
    p = open_province
    file = p.file(BY)
    barrier, failed = threading.Barrier(3), []

    def come() -> None:
        try:
            barrier.wait()
            row = keep_message(message(), by=BY, now=p.now)
            take_filing(row, fetched=Fetched({"/tep/giay-to": file}), by=BY, now=p.now)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=come) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert (Dossier.objects.count(), FilingMessage.objects.count()) == (1, 1)
    assert FilingMessage.objects.get().times == 3
    assert Person.objects.filter(identity_number="099190888001").count() == 1
    assert OutboxMessage.objects.filter(channel="national-filing").count() == 1


class _Crash(BaseException):
    """The process dies here."""


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_begins_anew_and_makes_one(open_province, monkeypatch) -> None:
    p = open_province
    row, file = kept(p), p.file(BY)

    def die(*_a: Any, **_k: Any) -> None:
        raise _Crash

    for at in ("ask_paper", "open_steps", "enqueue", "publish"):
        with monkeypatch.context() as patch:
            patch.setattr(f"dinh.onestop.actions.national_filings.{at}", die)
            with pytest.raises(_Crash):
                take_filing(row, fetched=Fetched({"/tep/giay-to": file}), by=BY, now=p.now)
        row.refresh_from_db()
        assert (row.state, Dossier.objects.count()) == ("waiting", 0)
        assert not Person.objects.filter(identity_number="099190888001").exists()
    assert taken(p, row).state == "taken"
    check_whole(Dossier.objects.get().pk)


def test_killed_between_keeping_and_acknowledging_it_comes_again_and_is_counted(
    province, monkeypatch
) -> None:
    given_ = [message()]

    def answer(service: str, **fields: Any) -> Any:
        if service == "XacNhanThongDiep":
            raise _Crash
        return given_

    monkeypatch.setattr("dinh.onestop.actions.national_inbox.ask_portal", answer)
    monkeypatch.setattr("dinh.onestop.actions.national_inbox.is_connected", lambda: True)
    for _ in range(2):
        with pytest.raises(_Crash):
            fetch_filings(by=BY, now=province.now)
    assert FilingMessage.objects.get().times == 2


def test_one_message_that_fails_stops_none_behind_it(province, monkeypatch) -> None:
    kept(province, number="G22-1", TaiLieuNop=[])
    kept(province, number="G22-2", order=2, TaiLieuNop=[])
    real = take_filing

    def stumble(row: FilingMessage, **options: Any) -> FilingMessage:
        if row.filing.number == "G22-1":
            raise KeyError("x")
        return real(row, **options)

    monkeypatch.setattr("dinh.onestop.actions.national_inbox.take_filing", stumble)
    take_in_filings(by=BY, now=province.now)
    assert [kinds(row) for row in FilingMessage.objects.order_by("sequence")] == [{"fault"}, {"paper"}]


# Supplements and withdrawals


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_goes_out_and_the_answer_comes_in(open_province, portal) -> None:
    p = open_province
    with portal.open():
        number = portal.filed()
        work(p)
        dossier = Dossier.objects.get(external_code=number)
        desk = p.who(p.open_step(dossier, "tiep_nhan"))
        asked = [{"document": "giay_to_tuy_than", "text": "Bản rõ"}]
        ask_supplement(dossier, items=asked, reason="Ảnh mờ", contact="", by=desk, now=p.now)
        note_changes(now=p.now)
        keep_lanes(by=BY, now=p.now)
        deliver()
        (told,) = portal.known(dossier.request_code)["hoSo"]["DanhSachHoSoBoSung"]
        assert "Ảnh mờ" in told["NoiDungBoSung"]
        portal.supplemented(number)
        work(p)
        dossier.refresh_from_db()
        assert dossier.state == "submitted"
        assert DossierPart.objects.filter(dossier=dossier, replaced_at=None).count() == 1
        assert DossierPart.objects.filter(dossier=dossier).count() == 2
        check_whole(dossier.pk)
        note_changes(now=p.now)
        keep_lanes(by=BY, now=p.now)
        deliver()
        (told,) = portal.known(dossier.request_code)["hoSo"]["DanhSachHoSoBoSung"]
        assert told["NgayTiepNhanBoSung"]


def test_a_supplement_that_nobody_asked_for_waits_for_the_desk(province) -> None:
    dossier = taken(province, kept(province)).filing.dossier
    row = taken(province, kept(province, kind="BoSung", order=2))
    assert (row.state, kinds(row)) == ("held", {"state"})
    assert row.owner_id == dossier.reception_unit_id


def test_taken_back_it_is_withdrawn_here_and_a_late_one_is_refused_by_the_rules(province) -> None:
    p = province
    dossier = taken(p, kept(p)).filing.dossier
    assert taken(p, kept(p, kind="RutHoSo", order=2)).state == "taken"
    dossier.refresh_from_db()
    assert dossier.state == "withdrawn"
    assert kinds(taken(p, kept(p, kind="RutHoSo", order=3))) == {"state"}


def test_taken_back_before_it_was_taken_in_no_dossier_comes_of_it(province) -> None:
    p = province
    filed = taken(p, kept(p, TaiLieuNop=[]))
    assert filed.state == "held"
    back = taken(p, kept(p, kind="RutHoSo", order=2))
    filed.refresh_from_db()
    assert (filed.state, back.state, Dossier.objects.count()) == ("withdrawn", "withdrawn", 0)
    assert OutboxMessage.objects.filter(channel="national-filing").count() == 1


def test_a_message_before_its_dossier_waits_for_it(province) -> None:
    p = province
    early = taken(p, kept(p, kind="RutHoSo", order=2))
    assert kinds(early) == {"first"}
    taken(p, kept(p, order=3))
    early.refresh_from_db()
    assert early.state == "waiting"
    assert taken(p, early).state == "taken"
    assert Dossier.objects.get().state == "withdrawn"


def test_the_order_of_a_dossiers_messages_is_kept(province) -> None:
    p = province
    taken(p, kept(p, TaiLieuNop=[]))
    behind = taken(p, kept(p, kind="BoSung", order=2))
    assert behind.state == "waiting"
    assert take_in_filings(by=BY, now=p.now) == 0


def test_republished_in_between_it_is_read_by_the_form_in_force(province) -> None:
    """Filed under yesterday's form; today's asks for one answer more."""
    p = province
    row = kept(p)
    version = get_procedure("1.004873").current_version
    definition = dict(version.definition)
    form = {**definition["form"], "required": [*definition["form"]["required"], "moi"]}
    form["properties"] = {**form["properties"], "moi": {"type": "string", "ui": {"label": "Điều mới"}}}
    newer = ProcedureVersion.objects.get(pk=version.pk)
    newer.pk, newer.number, newer.definition = uuid7(), version.number + 1, {**definition, "form": form}
    newer.save(force_insert=True)
    Procedure.objects.filter(code="1.004873").update(current_version=newer)
    assert taken(p, row).state == "held"
    row.refresh_from_db()
    (problem,) = row.problems
    assert (problem["kind"], problem["place"]) == ("answer", "moi")


# People


def held(p: Province, **wrong: Any) -> FilingMessage:
    row = taken(p, kept(p, **(wrong or {"TaiLieuNop": []})))
    assert row.state == "held"
    return row


def commune_clerk(p: Province) -> Any:
    return p.actor("motcua.binhmau.dinhson")


def test_the_desk_learns_of_what_waits_and_sees_why_and_by_when(province) -> None:
    p = province
    row = held(p)
    clerk = commune_clerk(p)
    assert Notice.objects.filter(person_id=clerk.person_id, template="filing.waits").count() == 1
    (line,) = filing_page(clerk, "can-xu-ly", now=p.now).rows
    assert (line.id, line.owner) == (row.pk, row.owner.name)
    card = filing_card(clerk, row, now=p.now)
    assert card.may_handle
    assert card.may_take_by_hand
    assert "Giấy tờ tùy thân" in card.problems[0]["said"]


def test_other_desks_find_nothing_and_others_are_turned_away(province) -> None:
    p = province
    row = held(p)
    assert filing_page(p.clerk, "tat-ca", now=p.now).rows == []
    with pytest.raises(NotFound):
        access_filing(p.clerk, row.pk)
    with pytest.raises(NotAllowed):
        access_filing(p.specialist, row.pk)
    assert access_filing(p.actor("quantri"), row.pk) == row


def test_it_is_tried_again_when_something_was_put_right(province) -> None:
    p = province
    row = held(p)
    retry_filing(row, by=commune_clerk(p))
    row.refresh_from_db()
    assert row.state == "waiting"
    with pytest.raises(NotInThisState):
        retry_filing(row, by=commune_clerk(p))
    assert taken(p, row).state == "held"


def test_taken_in_by_hand_it_waits_at_the_desk_for_a_supplement(province) -> None:
    p = province
    answers = {**MARITAL_ANSWERS, "ngay_sinh": "hôm qua"}
    row = held(p, TaiLieuNop=[], DuLieuToKhai=answers)
    clerk = commune_clerk(p)
    with pytest.raises(HandChoiceMissing):
        take_by_hand(row, procedure="1.004873", agency_id=p.unit("H99.02").pk, by=clerk)
    take_by_hand(row, procedure="1.004873", agency_id=p.unit(COMMUNE).pk, by=clerk)
    dossier = taken(p, FilingMessage.objects.get(pk=row.pk)).filing.dossier
    assert dossier is not None
    assert "ngay_sinh" not in dossier.data
    assert dossier.data["ho_ten"] == MARITAL_ANSWERS["ho_ten"]
    line = TimelineEntry.objects.filter(dossier=dossier, is_public=False).first()
    assert line is not None
    assert "Giấy tờ tùy thân" in line.values["problems"]
    asked = [{"document": "giay_to_tuy_than", "text": "Nộp bản chụp"}]
    ask_supplement(dossier, items=asked, reason="Thiếu", contact="", by=clerk, now=p.now)
    check_whole(dossier.pk)


def test_whose_name_is_in_doubt_is_tied_to_nobody_when_taken_by_hand(province) -> None:
    p = province
    citizen = Person.objects.get(pk=p.citizen.person_id)
    row = held(p, SoGiayToChuHoSo=citizen.identity_number)
    take_by_hand(row, procedure="1.004873", agency_id=p.unit(COMMUNE).pk, by=commune_clerk(p))
    dossier = taken(p, FilingMessage.objects.get(pk=row.pk)).filing.dossier
    assert dossier is not None
    assert dossier.owner_id is None
    assert own_dossiers(p.citizen).rows == []


def test_what_no_dossier_can_come_of_is_not_taken_by_hand(province) -> None:
    p = province
    admin = p.actor("quantri")
    keep_message({"MaThongDiep": "a", "SoHoSo": "b"}, by=BY, now=p.now)
    take_in_filings(by=BY, now=p.now)
    row = FilingMessage.objects.get()
    with pytest.raises(NotTakenByHand):
        take_by_hand(row, procedure="1.004873", agency_id=p.unit(COMMUNE).pk, by=admin)
    refuse_filing(row, reason="Không đọc được", by=admin, now=p.now)


@pytest.mark.django_db(transaction=True)
def test_refused_the_portal_is_told_the_reason(open_province, portal) -> None:
    p = open_province
    with portal.open():
        number = portal.filed(loi="khong-tep")
        work(p)
        row = FilingMessage.objects.get(filing__number=number)
        with pytest.raises(NeedsReason):
            refuse_filing(row, reason=" ", by=commune_clerk(p), now=p.now)
        refuse_filing(row, reason="Thiếu giấy tờ tùy thân", by=commune_clerk(p), now=p.now)
        with pytest.raises(NotInThisState):
            refuse_filing(row, reason="x", by=commune_clerk(p), now=p.now)
        deliver()
        (told,) = portal.filing(number)["phanHoi"]
        assert (told["KetQua"], told["LyDo"]) == ("TuChoi", "Thiếu giấy tờ tùy thân")
        portal.taken_back(number)
        work(p)
        assert FilingMessage.objects.get(kind="withdrawal").state == "withdrawn"


def test_every_verb_is_for_those_who_may(province) -> None:
    p = province
    row = held(p)
    refused = p.specialist
    assert_refused("filing.retried", lambda: retry_filing(row, by=refused))
    hand = {"procedure": "1.004873", "agency_id": p.unit(COMMUNE).pk}
    assert_refused("filing.taken_by_hand", lambda: take_by_hand(row, **hand, by=refused))
    assert_refused("filing.refused", lambda: refuse_filing(row, reason="x", by=refused, now=p.now))
    waiting = kept(p, number="G22-9")
    assert_refused("filing.kept", lambda: keep_message(message("G22-8"), by=refused, now=p.now))
    assert_refused("filing.came_again", lambda: keep_message(message("G22-9"), by=refused, now=p.now))
    assert_refused("filing.taken", lambda: take_filing(waiting, fetched=Fetched(), by=refused, now=p.now))
    assert_refused("filing.held", lambda: hold_filing(waiting, problems=(), by=refused, now=p.now))


def test_what_is_not_answered_in_eight_working_hours_is_found_and_goes_higher(province) -> None:
    p = province
    row = held(p)
    clerk = commune_clerk(p)
    watch_over(by=BY, now=row.due_at)
    assert findings(clerk, kind="filing_late") == []
    watch_over(by=BY, now=row.due_at + dt.timedelta(minutes=1))
    (found,) = findings(clerk, kind="filing_late")
    assert (found.code, found.filing_id, found.owner_unit) == ("G22-1", row.pk, row.owner.name)
    assert Notice.objects.filter(template="watch.found").exists()
    watch_over(by=BY, now=row.due_at + dt.timedelta(days=3))
    (found,) = findings(clerk, kind="filing_late")
    assert found.level == 1
    refuse_filing(row, reason="Sai", by=clerk, now=p.now)
    watch_over(by=BY, now=row.due_at + dt.timedelta(days=3))
    assert findings(clerk, kind="filing_late") == []

"""The clerk looks people and organisations up; the specialist sees how a dossier's applicant stands."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from dinh.onestop.models import AssistedForm, Dossier, RegistryCheck
from dinh.onestop.rules.registries import MOST_MISSES_AN_HOUR
from dinh.website.sample.registries import SampleRegistries
from tests.onestop.registered import COMPANY, DISSOLVED, PERSON, sample_registries
from tests.ui.browser import problems_of
from tests.workspace.conftest import source, words
from tests.workspace.test_counter import PAGE, scan
from tests.workspace.test_counter import TYPED as OF_A_WOMAN

pytestmark = pytest.mark.django_db

WHO = {"applicant-name": PERSON["name"], "applicant-identity": PERSON["number"]}
# The registered person is a man, as the fourth digit of his number says.
TYPED = {**OF_A_WOMAN, "chu_ho.gioi_tinh": "nam"}
HOME = "Số 12, đường Hoa Sen, thành phố Đình Sơn"
LOOK_UPS = "/lam-viec/tra-cuu-du-lieu/"


def value_of(page: Any, name: str) -> str:
    """What stands in an input of the page."""
    (tag,) = re.findall(rf'<input[^>]* name="{re.escape(name)}"[^>]*>', source(page))
    found = re.search(r' value="([^"]*)"', tag)
    return found[1] if found else ""


@pytest.fixture
def registries(settings: Any) -> Iterator[SampleRegistries]:
    with sample_registries(settings) as sample:
        yield sample


def test_a_look_up_fills_in_what_was_left_empty(province, seat, registries):
    """Law: NĐ 61/2018 Điều 25 ý 2
    Screen: /lam-viec/tiep-nhan/<str:code>/
    Law: TT 01/2018 Điều 10 ý 2
    Screen: /lam-viec/tiep-nhan/<str:code>/
    """
    page = seat("motcua.dinhson").post(PAGE, {**WHO, "ten_ho": "Quán Mới", "look-up-person": "1"})
    assert page.status_code == 200
    assert value_of(page, "applicant-address") == HOME
    assert value_of(page, "applicant-born") == "14/02/1990"
    assert value_of(page, "ten_ho") == "Quán Mới"
    assert value_of(page, "chu_ho.ho_ten") == "Trần Văn Mẫu"
    assert value_of(page, "chu_ho.ngay_sinh") == "14/02/1990"
    assert "Khớp" in words(page)
    assert "cơ sở dữ liệu mẫu" in words(page)


def test_what_differs_stands_side_by_side_and_the_clerk_decides(province, seat, registries):
    client = seat("motcua.dinhson")
    said = {**WHO, "applicant-name": "tran van mau", "applicant-address": "Thôn 9"}
    page = client.post(PAGE, {**said, "look-up-person": "1"})
    assert value_of(page, "applicant-name") == "tran van mau"
    assert value_of(page, "applicant-address") == "Thôn 9"
    assert "Khác với cơ sở dữ liệu" in words(page)
    assert source(page).count('class="differs"') == 2
    check = RegistryCheck.objects.get()
    taken = client.post(PAGE, {**said, "check": str(check.pk), "take-registered": "1"})
    assert value_of(taken, "applicant-name") == "Trần Văn Mẫu"
    assert value_of(taken, "applicant-address") == HOME
    assert value_of(taken, "check") == str(check.pk)


def test_the_check_goes_with_the_dossier(province, seat, registries):
    client = seat("motcua.dinhson")
    client.post(PAGE, {**WHO, "look-up-person": "1"})
    check = RegistryCheck.objects.get()
    typed = {
        **TYPED,
        **WHO,
        "chu_ho.ngay_sinh": "14/02/1990",
        "check": str(check.pk),
        "paper-giay_to_phap_ly": scan(),
    }
    sent = client.post(PAGE, typed)
    assert sent.status_code == 302, words(sent)
    dossier = Dossier.objects.get()
    check.refresh_from_db()
    assert (check.dossier_id, check.state) == (dossier.pk, "matched")
    page = words(seat("chuyenvien.tckh.dinhson").get(f"/lam-viec/ho-so/{dossier.pk}/"))
    assert "Đối chiếu với cơ sở dữ liệu quốc gia" in page
    assert "Người nộp khai đúng như đã đăng ký" in page
    timeline = seat("motcua.dinhson").get(f"/lam-viec/ho-so/{dossier.pk}/?phan=dien-bien")
    assert "Đối chiếu người nộp với cơ sở dữ liệu quốc gia về dân cư" in words(timeline)


def test_a_check_of_somebody_else_stays_behind(province, seat, registries):
    """The clerk looked one person up, then took in another: nothing is said of the other."""
    client = seat("motcua.dinhson")
    client.post(PAGE, {**WHO, "look-up-person": "1"})
    check = RegistryCheck.objects.get()
    sent = client.post(PAGE, {**OF_A_WOMAN, "check": str(check.pk), "paper-giay_to_phap_ly": scan()})
    assert sent.status_code == 302
    check.refresh_from_db()
    assert check.dossier_id is None


def test_a_name_changed_after_the_check_is_compared_anew(province, seat, registries):
    client = seat("motcua.dinhson")
    client.post(PAGE, {**WHO, "look-up-person": "1"})
    check = RegistryCheck.objects.get()
    assert check.state == "matched"
    typed = {**TYPED, **WHO, "applicant-name": "Trần Văn Mậu", "check": str(check.pk)}
    sent = client.post(PAGE, {**typed, "paper-giay_to_phap_ly": scan()})
    assert sent.status_code == 302
    check.refresh_from_db()
    assert check.state == "differs"


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("nghi", "Cơ sở dữ liệu không trả lời"),
        ("tu-choi", "từ chối trả lời"),
        ("vo-nghia", "trả lời sai dạng hoặc nhầm người"),
    ],
)
def test_without_an_answer_the_desk_goes_on_by_hand(province, seat, registries, way, said):
    registries.switch("dan-cu", way)
    client = seat("motcua.dinhson")
    page = client.post(PAGE, {**WHO, "look-up-person": "1"})
    assert page.status_code == 200
    assert said in words(page)
    assert "tiếp nhận như thường" in words(page)
    check = RegistryCheck.objects.get()
    sent = client.post(PAGE, {**TYPED, **WHO, "check": str(check.pk), "paper-giay_to_phap_ly": scan()})
    assert sent.status_code == 302


def test_an_answer_about_another_person_is_not_shown(province, seat, registries):
    registries.switch("dan-cu", "nham-nguoi")
    page = seat("motcua.dinhson").post(PAGE, {**WHO, "look-up-person": "1"})
    assert "nhầm người" in words(page)
    assert "Lê Thị Hòa" not in words(page)


def test_an_organisation_is_found_by_its_code(province, seat, registries):
    client = seat("motcua.dinhson")
    page = client.post(PAGE, {"applicant-identity": COMPANY, "look-up-business": "1"})
    assert value_of(page, "applicant-name") == "Công ty TNHH Hoa Sen Mẫu"
    assert "Đang hoạt động" in words(page)
    assert "Người đại diện theo pháp luật – Trần Văn Mẫu" in words(page)
    # The owner whom the form asks about is a person, not the company.
    assert value_of(page, "chu_ho.ho_ten") == "Trần Văn Mẫu"
    assert PERSON["number"] not in source(page)
    page = client.post(PAGE, {"applicant-identity": DISSOLVED, "look-up-business": "1"})
    assert "Đã giải thể, chấm dứt hoạt động" in words(page)
    assert "Khác với cơ sở dữ liệu" in words(page)


def test_too_little_to_ask_with_is_said_at_its_place(province, seat, registries):
    client = seat("motcua.dinhson")
    page = client.post(PAGE, {"applicant-identity": PERSON["number"], "look-up-person": "1"})
    assert page.status_code == 422
    assert 'href="#f-applicant-name"' in source(page)
    assert "chỉ có số định danh thì không được tra cứu" in words(page)
    page = client.post(PAGE, {**WHO, "applicant-identity": "12", "look-up-person": "1"})
    assert 'href="#f-applicant-identity"' in source(page)
    assert registries.questions() == []


def test_without_a_registry_the_buttons_are_not_there(province, seat):
    assert "look-up-person" not in source(seat("motcua.dinhson").get(PAGE))


def test_the_specialist_compares_on_the_dossiers_page(province, seat, registries, hour):
    dossier = province.accepted()
    address = f"/lam-viec/ho-so/{dossier.pk}/"
    client = seat("chuyenvien.tckh.dinhson")
    assert "Chưa ai đối chiếu người nộp" in words(client.get(address))
    done = client.post(f"{address}doi-chieu/", follow=True)
    assert done.status_code == 200
    assert RegistryCheck.objects.get().purpose == "dossier"
    assert "Hỏi lại" in words(client.get(address))
    again = client.post(f"{address}doi-chieu/")
    assert again.status_code == 409
    assert "vừa được đối chiếu" in words(again)
    assert client.get(f"{address}doi-chieu/").status_code == 405
    assert seat("vanthu.dinhson").post(f"{address}doi-chieu/").status_code in (403, 404)
    assert seat("motcua.anmau.dinhson").post(f"{address}doi-chieu/").status_code == 404


def test_who_oversees_reads_who_looked_whom_up(province, seat, registries):
    seat("motcua.dinhson").post(PAGE, {**WHO, "look-up-person": "1"})
    page = words(seat("quantri").get(LOOK_UPS))
    assert PERSON["number"] in page
    assert "Tiếp nhận hồ sơ tại quầy" in page
    assert HOME not in page
    narrowed = seat("quantri").get(LOOK_UPS, {"muc-dich": "dossier"})
    assert PERSON["number"] not in words(narrowed)
    assert "Không có lần tra cứu nào" in words(narrowed)
    assert PERSON["number"] in words(seat("quantri").get(LOOK_UPS, {"q": PERSON["number"]}))
    assert seat("chuyenvien.tckh.dinhson").get(LOOK_UPS).status_code == 403


def test_the_check_survives_the_confirmation_on_the_phone(province, seat, registries):
    client = seat("motcua.dinhson")
    client.post(PAGE, {**WHO, "look-up-person": "1"})
    check = RegistryCheck.objects.get()
    offered = client.post(PAGE, {**TYPED, **WHO, "check": str(check.pk), "offer": "1"})
    assert offered.status_code == 200
    form = AssistedForm.objects.get()
    assert value_of(client.get(PAGE, {"to-khai": str(form.pk)}), "check") == str(check.pk)


def test_who_asked_too_often_reads_so_at_the_buttons(province, seat, registries, hour):
    RegistryCheck.objects.bulk_create(
        RegistryCheck(
            registry="population", purpose="desk", number="099000000000", asker="x", state="unknown",
            position_id=province.clerk.position_id, asked_at=hour.now,
        )
        for _ in range(MOST_MISSES_AN_HOUR)
    )  # fmt: skip
    page = seat("motcua.dinhson").post(PAGE, {**WHO, "look-up-person": "1"})
    assert page.status_code == 422
    assert 'href="#f-look-up"' in source(page)
    assert "Ông/Bà đã tra cứu 10 lần trong một giờ" in words(page)
    assert value_of(page, "applicant-name") == PERSON["name"]


@pytest.mark.browser
def test_the_look_up_reads_well_in_a_browser(province, seat, registries):
    """Nothing for axe, nothing sideways: what differs, what is missing, who asked."""
    client = seat("motcua.dinhson")
    said = {**WHO, "applicant-name": "tran van mau", "applicant-address": "Thôn " + "Dài" * 40}
    pages = {"/differs/": client.post(PAGE, {**said, "look-up-person": "1"})}
    pages["/business/"] = client.post(PAGE, {"applicant-identity": DISSOLVED, "look-up-business": "1"})
    pages["/too-little/"] = client.post(PAGE, {"applicant-identity": "12", "look-up-person": "1"})
    registries.switch("dan-cu", "nghi")
    pages["/away/"] = client.post(PAGE, {**WHO, "look-up-person": "1"})
    pages["/who/"] = seat("quantri").get(LOOK_UPS)
    assert problems_of({at: page.content.decode() for at, page in pages.items()}, also=(1280,)) == {}

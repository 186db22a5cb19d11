"""The screens of what was filed at the national portal, and of figures for the control system."""

import datetime as dt

import pytest

from dinh.foundation.actions.public import system
from dinh.foundation.directory.models import Person
from dinh.onestop.actions.national_filings import keep_message
from dinh.onestop.models import Dossier, FilingMessage, SentFigures
from dinh.onestop.public import send_closed_periods, take_in_filings
from tests.onestop.test_national_filings import COMMUNE, message
from tests.workspace.conftest import accepted, source, statements, words

pytestmark = pytest.mark.django_db

PAGE = "/lam-viec/cong-quoc-gia/"
FIGURES = "/lam-viec/bao-cao/gui-quoc-gia/"
BY = system("test")
CLERK = "motcua.binhmau.dinhson"


def held(p, number="G22-1", **wrong):
    keep_message(message(number, **(wrong or {"TaiLieuNop": []})), by=BY, now=p.now)
    take_in_filings(by=BY, now=p.now)
    return FilingMessage.objects.get(filing__number=number)


def test_the_desk_sees_reason_owner_and_clock_and_acts(province, seat):
    p = province
    row, client = held(p), seat(CLERK)
    page = words(client.get(PAGE))
    for said in ("G22-1", "Lê Thị Mẫu", "Thiếu giấy tờ bắt buộc", "xã Bình Mẫu", "Trong hạn"):
        assert said in page
    here = f"{PAGE}{row.pk}/"
    page = words(client.get(here))
    assert "Còn thiếu “Giấy tờ tùy thân của người yêu cầu”" in page
    assert "Chưa đăng ký kết hôn với ai" in page
    assert client.post(f"{here}thu-lai/", follow=True).status_code == 200
    assert client.post(f"{here}thu-lai/").status_code == 409
    take_in_filings(by=BY, now=p.now)
    answer = client.post(f"{here}tiep-nhan-tay/", {"procedure": "1.004873", "agency": "x"})
    assert answer.status_code == 409
    assert "Hãy chọn thủ tục và bộ phận" in words(answer)
    chosen = {"procedure": "1.004873", "agency": str(p.unit(COMMUNE).pk)}
    assert client.post(f"{here}tiep-nhan-tay/", chosen, follow=True).status_code == 200
    take_in_filings(by=BY, now=p.now)
    dossier = Dossier.objects.get(external_code="G22-1")
    page = source(client.get(here))
    assert f"/lam-viec/ho-so/{dossier.pk}/" in page
    page = words(client.get(f"/lam-viec/ho-so/{dossier.pk}/"))
    assert "Trực tuyến, tại Cổng quốc gia, số G22-1" in page
    page = words(client.get(f"/lam-viec/ho-so/{dossier.pk}/", {"phan": "dien-bien"}))
    assert "tiếp nhận tay khi hồ sơ chưa đầy đủ" in page


def test_refusing_asks_for_a_reason_and_keeps_what_was_typed(province, seat):
    row, client = held(province), seat(CLERK)
    answer = client.post(f"{PAGE}{row.pk}/tu-choi/", {"reason": " "})
    assert answer.status_code == 409
    assert "Hãy ghi lý do" in words(answer)
    client.post(f"{PAGE}{row.pk}/tu-choi/", {"reason": "Thiếu giấy tờ"})
    page = words(client.get(f"{PAGE}{row.pk}/"))
    assert "Lý do: Thiếu giấy tờ" in page
    assert "G22-1" in words(client.get(PAGE, {"muc": "da-tu-choi", "q": "g22-1"}))


def test_hostile_words_are_shown_as_words(province, seat):
    evil = "<script>alert(1)</script>"
    row = held(province, ChuHoSo=evil, GhiChu=evil, TaiLieuNop=[{"TenTepDinhKem": evil}], MaTTHC=evil)
    client = seat(CLERK)
    for address in (PAGE, f"{PAGE}{row.pk}/"):
        assert evil not in client.get(address).content.decode()


def test_other_desks_find_nothing_and_odd_addresses_do_no_harm(province, seat):
    row = held(province)
    stranger = seat("motcua.dinhson")
    assert "G22-1" not in source(stranger.get(PAGE))
    assert stranger.get(f"{PAGE}{row.pk}/").status_code == 404
    for way in ("thu-lai", "tiep-nhan-tay", "tu-choi"):
        assert stranger.post(f"{PAGE}{row.pk}/{way}/", {"reason": "x"}).status_code == 404
    assert seat("chuyenvien.tckh.dinhson").get(PAGE).status_code == 403
    for odd in ({"muc": "x"}, {"sau": "x"}, {"q": "%"}):
        assert seat(CLERK).get(PAGE, odd).status_code == 200


def test_the_number_of_questions_does_not_grow_with_the_list(province, seat):
    held(province)
    client = seat(CLERK)
    before = len(statements(client, PAGE))
    for number in range(2, 6):
        held(province, f"G22-{number}", MaTTHC="9.999999")
    assert len(statements(client, PAGE)) <= before + 1


def test_the_citizen_sees_it_among_their_own_with_its_channel(province, seat):
    p = province
    citizen = Person.objects.get(pk=p.citizen.person_id)
    answers = {"SoGiayToChuHoSo": citizen.identity_number, "ChuHoSo": citizen.full_name}
    row = held(p, **answers, TaiLieuNop=[])
    seat(CLERK).post(
        f"{PAGE}{row.pk}/tiep-nhan-tay/", {"procedure": "1.004873", "agency": str(p.unit(COMMUNE).pk)}
    )
    take_in_filings(by=BY, now=p.now)
    dossier = Dossier.objects.get(external_code="G22-1")
    assert dossier.owner_id == citizen.pk
    client = seat("congdan")
    assert "tại Cổng Dịch vụ công quốc gia, số G22-1" in words(client.get("/ho-so-cua-toi/"))
    assert "số G22-1 ở đó" in words(client.get(f"/ho-so-cua-toi/{dossier.pk}/"))


@pytest.fixture
def sent(province, settings, hour):
    """The figures of November, in December; the control system does not answer."""
    settings.NATIONAL_ADDRESS = "http://127.0.0.1:1"
    accepted(province)
    hour.now += dt.timedelta(days=20)
    send_closed_periods(by=BY, now=hour.now)
    return SentFigures.objects.get(period="2026-11")


def test_what_was_sent_is_shown_and_sent_again_with_a_reason(province, seat, sent):
    client = seat("vanthu.dinhson")
    page = words(client.get(FIGURES, {"ky": "2026-11"}))
    for said in ("tháng 11 năm 2026", "Ủy ban nhân dân thành phố", "Kỳ đã kết thúc", "hệ thống mẫu"):
        assert said in page
    here = f"{FIGURES}{sent.pk}/"
    assert "Không khác." in words(client.get(here))
    Dossier.objects.filter(code__isnull=False).update(accepted_at=province.now - dt.timedelta(days=60))
    page = source(client.get(here))
    assert "Khác so với" in page
    assert f"don-vi={sent.agency_id}" in page
    answer = client.post(f"{here}gui-lai/", {"reason": ""})
    assert answer.status_code == 409
    assert "Hãy ghi lý do" in words(answer)
    page = words(client.post(f"{here}gui-lai/", {"reason": "Hệ thống mất tin"}, follow=True))
    assert "phiên bản 2" in page
    assert "Hệ thống mất tin" in page


def test_figures_of_others_are_not_found(seat, sent):
    stranger = seat("motcua.anmau.dinhson")
    assert stranger.get(f"{FIGURES}{sent.pk}/").status_code == 404
    assert stranger.post(f"{FIGURES}{sent.pk}/gui-lai/", {"reason": "x"}).status_code == 404
    assert str(sent.pk) not in source(stranger.get(FIGURES, {"ky": "2026-11"}))
    assert seat("congdan").get(FIGURES).status_code == 403
    assert seat("motcua.dinhson").get(f"{FIGURES}{sent.pk}/").status_code == 404
    leader = seat("phochutich.dinhson")
    assert leader.post(f"{FIGURES}{sent.pk}/gui-lai/", {"reason": "x"}).status_code == 403
    for odd in ("x", "2026-12", "1800"):
        assert seat("vanthu.dinhson").get(FIGURES, {"ky": odd}).status_code == 200

"""The clerk finds a person's earlier papers at the counter, and uses them instead of scanning again."""

import pytest

from dinh.onestop.models import Dossier, DossierPart, PaperSearch
from tests.workspace.conftest import source, words
from tests.workspace.test_counter import PAGE, TYPED, scan

pytestmark = pytest.mark.django_db


@pytest.fixture
def before(province, seat) -> Dossier:
    sent = seat("motcua.dinhson").post(PAGE, {**TYPED, "paper-giay_to_phap_ly": scan()})
    assert sent.status_code == 302
    return Dossier.objects.get()


ASK = {"find-papers": "1", "is-present": "1"}


def test_papers_scanned_before_are_offered_and_used(province, seat, before):
    """Law: NĐ 118/2025 Điều 4 khoản 2a
    Screen: /lam-viec/tiep-nhan/<str:code>/
    """
    client = seat("motcua.dinhson")
    page = client.post(PAGE, {**TYPED, **ASK})
    assert page.status_code == 200
    assert "Có 1 giấy tờ đã nộp hoặc đã cấp" in words(page)
    part = DossierPart.objects.get()
    search = PaperSearch.objects.get()
    address = f"/lam-viec/tiep-nhan/giay-to/{search.pk}/part:{part.pk}/"
    assert address in source(page)
    assert 'value="Trần Văn Mẫu"' in source(page)
    assert client.get(address).status_code == 200
    sent = client.post(PAGE, {**TYPED, "search": str(search.pk), "again-giay_to_phap_ly": f"part:{part.pk}"})
    assert sent.status_code == 302, words(sent)
    again = Dossier.objects.exclude(pk=before.pk).get()
    assert DossierPart.objects.get(dossier=again).file_id == part.file_id
    page = seat("motcua.dinhson").get(f"/lam-viec/ho-so/{again.pk}/?phan=giay-to")
    assert f"Dùng lại từ hồ sơ {before.code}" in words(page)


def test_without_the_persons_word_nothing_is_looked_for(province, seat, before):
    page = seat("motcua.dinhson").post(PAGE, {**TYPED, "find-papers": "1"})
    assert page.status_code == 422
    assert "khi người nộp có mặt và đồng ý" in words(page)
    assert 'href="#f-is-present"' in source(page)
    assert not PaperSearch.objects.exists()


def test_a_wrong_name_finds_nothing(province, seat, before):
    page = seat("motcua.dinhson").post(PAGE, {**TYPED, **ASK, "applicant-name": "Người Khác Hẳn"})
    assert "Không có giấy tờ nào với số định danh và họ tên này" in words(page)
    assert "again-giay_to_phap_ly" not in source(page)


def test_another_desk_opens_nothing_of_the_search(province, seat, before):
    seat("motcua.dinhson").post(PAGE, {**TYPED, **ASK})
    search, part = PaperSearch.objects.get(), DossierPart.objects.get()
    address = f"/lam-viec/tiep-nhan/giay-to/{search.pk}/part:{part.pk}/"
    assert seat("congchuc.anmau.dinhson").get(address).status_code in (403, 404)
    assert seat("motcua.anmau.dinhson").get(address).status_code == 404
    sent = seat("motcua.dinhson").post(PAGE, {**TYPED, "again-giay_to_phap_ly": f"part:{part.pk}"})
    assert sent.status_code == 422
    assert Dossier.objects.count() == 1

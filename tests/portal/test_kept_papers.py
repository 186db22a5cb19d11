"""My papers over HTTP: the list, using one again when filing, what the clerk sees, who gets nothing."""

import pytest
from django.utils import timezone

from dinh.onestop.models import Dossier, DossierPart, DraftFile, PaperSearch, StepRun
from dinh.onestop.public import accept, search_papers
from tests.portal.conftest import begin, fill, id_in, send, signed_in, words

pytestmark = pytest.mark.django_db
LIST = "/giay-to-cua-toi/"


@pytest.fixture
def dossier(sent, province) -> Dossier:
    row = sent()
    step = StepRun.objects.get(dossier=row, state="open")
    return accept(row, by=province.who(step), now=timezone.now())


def test_the_store_says_what_a_paper_is_and_where_it_came_from(citizen, dossier):
    page = citizen.get(LIST)
    assert page.status_code == 200
    assert dossier.code in words(page)
    assert "CCCD mặt trước.jpg" in words(page)
    assert "không ghi thời hạn" in words(page)
    part = DossierPart.objects.get(dossier=dossier)
    assert f"/ho-so-cua-toi/giay-to/{part.pk}/" in page.content.decode()
    assert citizen.get(f"/ho-so-cua-toi/giay-to/{part.pk}/").status_code == 200


def test_the_store_is_narrowed_by_words_and_kind(citizen, dossier):
    assert dossier.code in words(citizen.get(LIST, {"q": "cccd", "loai": "part"}))
    assert "Không có giấy tờ nào khớp" in words(citizen.get(LIST, {"loai": "result"}))
    assert "Không có giấy tờ nào khớp" in words(citizen.get(LIST, {"q": "hộ chiếu"}))
    assert dossier.code in words(citizen.get(LIST, {"loai": "lạ"}))
    assert citizen.get(LIST, {"sau": "lạ"}).status_code == 200


def test_an_empty_store_says_what_will_be_in_it(citizen):
    page = words(citizen.get(LIST))
    assert "Chưa có giấy tờ nào" in page
    assert "Lọc" not in page


def test_a_stranger_sees_nothing_and_opens_nothing(stranger, visitor, dossier, province):
    assert dossier.code not in words(stranger.get(LIST))
    part = DossierPart.objects.get(dossier=dossier)
    assert stranger.get(f"/ho-so-cua-toi/giay-to/{part.pk}/").status_code == 404
    assert visitor.get(LIST).status_code == 302
    assert signed_in("motcua.dinhson").get(LIST).status_code == 403


def test_a_paper_is_used_again_without_a_script(citizen, province, dossier):
    address = begin(citizen, province)
    fill(citizen, address, papers=False)
    page = citizen.get(f"{address}giay-to/").content.decode()
    part = DossierPart.objects.get(dossier=dossier)
    assert "Dùng lại giấy tờ đã có" in page
    use = f"giay_to_phap_ly|part:{part.pk}"
    # What is asked for here stands open; at another paper it is one of the others.
    alike, others = page.split("Giấy tờ khác của Ông/Bà")
    assert alike.count(use) == 1
    assert f"|part:{part.pk}" in others
    assert alike.count('<details class="more reuse" open>') == 1
    used = citizen.post(f"{address}giay-to/", {"reuse": use})
    assert used.status_code == 302
    assert "#f-giay_to_phap_ly" in used["Location"]
    page = words(citizen.get(f"{address}giay-to/"))
    assert f"Dùng lại từ hồ sơ {dossier.code}" in page
    again = Dossier.objects.get(pk=id_in(send(citizen, address)["Location"]))
    assert DossierPart.objects.get(dossier=again).file_id == part.file_id
    assert f"dùng lại từ {dossier.code}" in words(citizen.get(f"/ho-so-cua-toi/{again.pk}/"))


def test_what_is_not_in_the_store_is_not_used(stranger, province, dossier):
    address = begin(stranger, province)
    part = DossierPart.objects.get(dossier=dossier)
    for ref in (f"part:{part.pk}", "part:x", ""):
        answer = stranger.post(f"{address}giay-to/", {"reuse": f"giay_to_phap_ly|{ref}"})
        assert answer.status_code == 422
    assert not DraftFile.objects.filter(draft_id=id_in(address)).exists()


def test_the_person_reads_who_looked_for_their_papers(citizen, province, dossier):
    search_papers(
        province.clerk.unit_id,
        identity=dossier.applicant_identity,
        name=dossier.applicant_name,
        is_present=True,
        by=province.clerk,
        now=timezone.now(),
    )
    page = words(citizen.get(LIST))
    assert "Ai đã tìm giấy tờ của Ông/Bà tại quầy" in page
    assert province.clerk.name in page
    assert PaperSearch.objects.get().found == 1

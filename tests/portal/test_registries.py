"""Citizens: forms filled in from the registry, a business confirmed at once, who looked them up."""

from collections.abc import Iterator
from typing import Any

import pytest

from dinh.foundation.directory.models import Person
from dinh.onestop.models import Dossier, DossierPart, Draft, RegistryCheck, Representation
from dinh.onestop.public import Told, look_up_at_desk
from dinh.website.sample.citizens import sample_citizens
from dinh.website.sample.registries import SampleRegistries
from tests.onestop.registered import COMPANY, sample_registries
from tests.portal.conftest import fill, photo, send, sentences, words
from tests.ui.browser import open_as

pytestmark = pytest.mark.django_db

START = "/thu-tuc/1.001612/nop/"
ADD = "/dai-dien/them/"
OWN = "9900000001"  # the company that the sample citizen represents
PARTY = {"kind": "business", "relation": "legal", "name": "Bình Minh", "identity": OWN, "until_on": ""}
SOURCE = "Điền sẵn từ cơ sở dữ liệu quốc gia về dân cư"


@pytest.fixture
def registries(settings: Any) -> Iterator[SampleRegistries]:
    with sample_registries(settings) as sample:
        yield sample


def start(client, province, **typed):
    return client.post(START, {"agency": str(province.unit("H99.31").id), **typed})


def test_a_form_is_filled_in_from_the_registry_and_says_so(province, citizen, registries):
    """Law: TT 01/2018 Điều 10 ý 2
    Screen: /thu-tuc/<str:code>/nop/
    """
    me = sample_citizens(1)[0]
    Person.objects.filter(pk=province.citizen.person_id).update(address="Nơi cũ")
    assert "Điền sẵn họ tên, ngày sinh, nơi thường trú" in words(citizen.get(START))
    begun = start(citizen, province, **{"from-registry": "1"})
    draft = Draft.objects.get()
    assert draft.data["chu_ho"]["dia_chi"] == me.address
    assert draft.data["chu_ho"]["ngay_sinh"] == me.birth_date.isoformat()
    page = words(citizen.get(f"{begun['Location']}khai/chu_ho/"))
    assert SOURCE in page
    assert "Đây là cơ sở dữ liệu mẫu" in words(citizen.get(START))


def test_what_the_citizen_changes_is_no_longer_of_the_registry(province, citizen, registries):
    begun = start(citizen, province, **{"from-registry": "1"})
    address = f"{begun['Location']}khai/chu_ho/"
    before = words(citizen.get(address)).count(SOURCE)
    draft = Draft.objects.get()
    draft.data["chu_ho"]["dia_chi"] = "Nơi khác"
    draft.save()
    assert words(citizen.get(address)).count(SOURCE) == before - 1


def test_without_the_wish_nobody_is_asked(province, citizen, registries):
    begun = start(citizen, province)
    assert not RegistryCheck.objects.exists()
    assert "Điền sẵn từ Thông tin của tôi" in words(citizen.get(f"{begun['Location']}khai/chu_ho/"))


@pytest.mark.parametrize("way", ["nghi", "vo-nghia", "nham-nguoi", "tu-choi"])
def test_without_an_answer_the_form_begins_all_the_same(province, citizen, registries, way):
    registries.switch("dan-cu", way)
    begun = start(citizen, province, **{"from-registry": "1"})
    page = citizen.get(begun["Location"])
    assert "Cơ sở dữ liệu dân cư:" in words(page)
    assert Draft.objects.get().registry_check is None
    assert Draft.objects.get().data["chu_ho"]["ho_ten"] == sample_citizens(1)[0].full_name


def test_the_question_goes_with_the_dossier(province, citizen, registries):
    begun = start(citizen, province, **{"from-registry": "1"})
    fill(citizen, begun["Location"])
    send(citizen, begun["Location"])
    check = RegistryCheck.objects.get()
    assert check.dossier is not None
    assert (check.state, check.dossier.owner_id) == ("matched", province.citizen.person_id)


def test_a_legal_representative_is_confirmed_at_once(province, citizen, registries):
    """Law: NĐ 61/2018 Điều 25 ý 2
    Screen: /dai-dien/them/
    """
    assert "không cần tải giấy tờ" in words(citizen.get(ADD))
    assert citizen.post(ADD, PARTY).status_code == 302
    row = Representation.objects.get()
    assert (row.name, row.proof_id) == ("Công ty TNHH Bình Minh Mẫu", None)
    assert row.until_on is not None
    page = words(citizen.get("/dai-dien/"))
    assert "Cơ sở dữ liệu đăng ký doanh nghiệp xác nhận" in page
    assert citizen.get(f"/dai-dien/{row.pk}/giay-to/").status_code == 404
    begun = start(citizen, province, party=str(row.pk))
    fill(citizen, begun["Location"])
    send(citizen, begun["Location"])
    dossier = Dossier.objects.get()
    assert not DossierPart.objects.filter(document_key="giay-dai-dien").exists()
    desk = open_as("motcua.dinhson").get(f"/lam-viec/ho-so/{dossier.pk}/")
    assert "người đại diện theo pháp luật: cơ sở dữ liệu đăng ký doanh nghiệp xác nhận" in words(desk)


@pytest.mark.parametrize(
    ("identity", "said"),
    [
        (COMPANY, "không ghi Ông/Bà là người đại diện"),  # somebody else's
        ("9900000003", "không ghi Ông/Bà là người đại diện"),  # one's own, dissolved
        ("9911111111", "không có mã số này"),
    ],
)
def test_who_is_not_registered_as_representative_needs_a_paper(province, citizen, registries, identity, said):
    sent = citizen.post(ADD, {**PARTY, "identity": identity})
    assert sent.status_code == 422
    assert said in " ".join(sentences(sent))
    assert "Hãy tải lên" in " ".join(sentences(sent))
    assert not Representation.objects.exists()
    assert citizen.post(ADD, {**PARTY, "identity": identity, "proof": photo()}).status_code == 302
    row = Representation.objects.get()
    assert (row.registry_check_id, row.name, row.until_on) == (None, "Bình Minh", None)


def test_without_an_answer_a_paper_is_asked_for(province, citizen, registries):
    registries.switch("doanh-nghiep", "nghi")
    sent = citizen.post(ADD, PARTY)
    assert sent.status_code == 422
    assert "chưa trả lời được" in " ".join(sentences(sent))
    # Somebody authorised is not asked about: only a paper shows it.
    sent = citizen.post(ADD, {**PARTY, "relation": "staff"})
    assert "chưa trả lời được" not in " ".join(sentences(sent))


def test_nobody_takes_anothers_word(province, citizen, stranger, registries):
    """A number that is only claimed, or a question of somebody else, confirms nothing."""
    citizen.post(ADD, PARTY)
    Person.objects.filter(pk=province.actor("congdan2").person_id).update(identity_number="")
    sent = stranger.post(ADD, PARTY)
    assert sent.status_code == 422
    assert Representation.objects.count() == 1


def test_citizens_read_who_looked_them_up_and_why(province, citizen, stranger, registries):
    """Law: NĐ 61/2018 Điều 25 ý 2
    Screen: /thong-tin-cua-toi/
    """
    assert "Chưa ai tra cứu" in words(citizen.get("/thong-tin-cua-toi/"))
    number = sample_citizens(1)[0].identity_number
    by, name = province.clerk, sample_citizens(1)[0].full_name
    told = Told(number=number, name=name)
    look_up_at_desk(by.unit_id, registry="population", told=told, by=by, now=province.now)
    start(citizen, province, **{"from-registry": "1"})
    page = words(citizen.get("/thong-tin-cua-toi/"))
    assert by.name in page
    assert "Mục đích: Tiếp nhận hồ sơ tại quầy" in page
    assert "Chính Ông/Bà" in page
    assert by.name not in words(stranger.get("/thong-tin-cua-toi/"))

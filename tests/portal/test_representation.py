"""Filing for somebody else, through the screens."""

import re

import pytest

from dinh.onestop.models import Dossier, Representation
from tests.portal.conftest import begin, fill, id_in, photo, send, sentences, words

pytestmark = pytest.mark.django_db
HOME, ADD = "/dai-dien/", "/dai-dien/them/"
TYPED = {
    "kind": "business",
    "relation": "staff",
    "name": "Hợp tác xã Mẫu Vàng",
    "identity": "9900000003",
    "phone": "",
    "email": "",
    "address": "Thôn 1",
    "until_on": "",
}


def declare(client, **changes):
    return client.post(ADD, {**TYPED, "proof": photo("Giấy ủy quyền.jpg"), **changes})


def test_a_citizen_declares_files_and_ends(citizen, province, stranger):
    assert "Ông/Bà chưa đại diện cho ai" in words(citizen.get(HOME))
    assert "Nộp hồ sơ cho ai?" not in words(citizen.get("/thu-tuc/1.001612/nop/"))
    assert declare(citizen)["Location"] == HOME
    assert "Hợp tác xã Mẫu Vàng" in words(citizen.get(HOME))
    row = Representation.objects.get()
    assert citizen.get(f"{HOME}{row.pk}/giay-to/").status_code == 200
    assert stranger.get(f"{HOME}{row.pk}/giay-to/").status_code == 404
    assert stranger.post(f"{HOME}{row.pk}/cham-dut/").status_code == 404
    page = citizen.get("/thu-tuc/1.001612/nop/")
    assert "Nộp hồ sơ cho ai?" in words(page)
    begun = citizen.post(
        "/thu-tuc/1.001612/nop/", {"agency": str(province.unit("H99.31").id), "party": str(row.pk)}
    )
    address = begun["Location"]
    assert "Nộp thay cho Hợp tác xã Mẫu Vàng" in words(citizen.get(address))
    fill(citizen, address)
    assert "Hợp tác xã Mẫu Vàng" in words(citizen.get(f"{address}kiem-tra/"))
    dossier = Dossier.objects.get(pk=id_in(send(citizen, address)["Location"]))
    assert dossier.applicant_name == "Hợp tác xã Mẫu Vàng"
    page = f"/ho-so-cua-toi/{dossier.pk}/"
    assert "Hồ sơ của Hợp tác xã Mẫu Vàng" in words(citizen.get(page))
    assert dossier.request_code in words(citizen.get("/ho-so-cua-toi/"))
    assert citizen.post(f"{HOME}{row.pk}/cham-dut/").status_code == 302
    assert citizen.get(page).status_code == 404
    assert dossier.request_code not in words(citizen.get("/ho-so-cua-toi/"))
    assert "Đã chấm dứt" in words(citizen.get(HOME))


def test_a_foreign_party_is_not_chosen(citizen, stranger, province):
    declare(citizen)
    row = Representation.objects.get()
    begun = stranger.post(
        "/thu-tuc/1.001612/nop/", {"agency": str(province.unit("H99.31").id), "party": str(row.pk)}
    )
    fill(stranger, begun["Location"])
    dossier = Dossier.objects.get(pk=id_in(send(stranger, begun["Location"])["Location"]))
    assert dossier.representation_id is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"identity": "1"}, "Mã số thuế có 10 chữ số"),
        ({"until_on": "hôm nào"}, "Hãy nhập như 31/12/2026"),
        ({"until_on": "01/01/2020"}, "đã hết hạn"),
        ({"relation": "parent"}, "với tư cách gì"),
    ],
)
def test_a_fault_stands_at_its_place_and_what_was_typed_stays(citizen, changes, said):
    answer = declare(citizen, **changes)
    assert answer.status_code == 422
    assert said in " ".join(sentences(answer))
    assert 'value="Hợp tác xã Mẫu Vàng"' in answer.content.decode()
    # The paper is kept: what is sent again needs no other.
    (token,) = re.findall(r'name="kept" value="([^"]+)"', answer.content.decode())
    assert citizen.post(ADD, {**TYPED, "kept": token}).status_code == 302


def test_a_paper_is_needed_and_looked_at(citizen):
    answer = citizen.post(ADD, TYPED)
    assert answer.status_code == 422
    assert "Hãy tải lên giấy ủy quyền" in sentences(answer)[0]
    empty = photo("Trống.jpg")
    empty.truncate(0)
    assert "0 byte" in sentences(declare(citizen, proof=empty))[0]
    assert not Representation.objects.exists()


def test_a_plain_draft_is_for_oneself(citizen, province):
    declare(citizen)
    address = begin(citizen, province)
    assert "Nộp thay cho" not in words(citizen.get(address))

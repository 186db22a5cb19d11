"""A key is given on the screens to who never had one: found by name, a sample one at once, or refused."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dinh.foundation.signing.models import Key
from tests.workspace.conftest import words

pytestmark = pytest.mark.django_db

PAGE = "/quan-tri/chu-ky-so/cap/"


def test_somebody_who_never_had_a_key_gets_a_sample_one(province, seat):
    client = seat("quantri")
    clerk = province.clerk
    found = client.get(PAGE, {"q": clerk.name})
    here = f"{PAGE}person/{clerk.person_id}/"
    assert here in found.content.decode()
    assert "chưa có" in words(found)
    assert "không có giá trị pháp lý" in words(client.get(here))
    answer = client.post(f"{here}mau/")
    key = Key.objects.get(owner_id=clerk.person_id)
    assert answer["Location"] == f"/quan-tri/chu-ky-so/{key.pk}/"
    assert (key.owner_kind, key.is_sample, key.label) == ("person", True, clerk.name)
    assert "Chủ thể này đã có chứng thư" in words(client.get(here))
    again = client.post(f"{here}mau/")
    assert again.status_code == 409
    assert "đang có chứng thư số dùng được" in words(again)


def test_an_agency_gets_its_seal(province, seat):
    client = seat("quantri")
    unit = province.unit("H99.31")
    Key.objects.filter(owner_id=unit.pk).delete()
    assert f"{PAGE}agency/{unit.pk}/" in client.get(PAGE, {"q": unit.name}).content.decode()
    client.post(f"{PAGE}agency/{unit.pk}/mau/")
    assert Key.objects.get(owner_id=unit.pk).owner_kind == "agency"


def test_what_was_typed_stays_when_it_is_refused(province, seat, settings):
    client, here = seat("quantri"), f"{PAGE}person/{province.clerk.person_id}/"
    assert "Chưa nối thiết bị PKCS#11" in words(client.get(here))
    settings.SIGNING_PKCS11_MODULE = "/khong/co.so"
    sent = {"reference": "khoa-01", "certificate": SimpleUploadedFile("a.cer", b"junk")}
    answer = client.post(f"{here}thiet-bi/", sent)
    assert answer.status_code == 422
    assert "Không đọc được tệp chứng thư" in words(answer)
    assert 'value="khoa-01"' in answer.content.decode()


def test_nobody_else_gives_keys_and_strangers_to_office_get_none(province, seat):
    for who in ("soan.thutuc", "motcua.dinhson", "congdan"):
        for page in (PAGE, f"{PAGE}person/{province.clerk.person_id}/"):
            assert seat(who).get(page).status_code == 403
        assert seat(who).post(f"{PAGE}person/{province.clerk.person_id}/mau/").status_code == 403
    client = seat("quantri")
    citizen = province.citizen.person_id
    for place in (f"person/{citizen}/", f"person/{uuid.uuid4()}/", f"agency/{province.clerk.unit_id}/",
                  f"tram/{province.clerk.unit_id}/"):  # fmt: skip
        assert client.get(f"{PAGE}{place}").status_code == 404, place
        assert client.post(f"{PAGE}{place}mau/").status_code == 404, place
    assert "Không tìm thấy ai" in words(client.get(PAGE, {"q": "Không Có Ai Tên Này"}))


def test_without_the_sample_no_sample_certificate_is_given(province, seat, settings):
    settings.IS_SAMPLE = False
    here = f"{PAGE}person/{province.clerk.person_id}/"
    assert "Cấp chứng thư mẫu" not in words(seat("quantri").get(here))
    assert seat("quantri").post(f"{here}mau/").status_code == 409

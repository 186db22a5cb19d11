"""A form filled in at the counter, read and confirmed by the person on their own phone."""

import re

import pytest
from django.test import Client

from dinh.foundation.actions.public import system, visitor
from dinh.kernel.errors import NotAllowed
from dinh.onestop.models import AssistedForm, Dossier, TimelineEntry
from dinh.onestop.public import Applicant, answer_form, get_procedure, get_version, offer_form
from tests.onestop.conftest import NOW
from tests.workspace.conftest import source, words
from tests.workspace.test_counter import PAGE, TYPED

pytestmark = pytest.mark.django_db


def offer(client, **more):
    """Let the person read the form; the address on the clerk's screen."""
    answer = client.post(PAGE, {**TYPED, **more, "offer": "1"})
    found = re.search(r"/xac-nhan-to-khai/[\w-]+/", source(answer))
    return answer, found.group() if found else ""


def test_a_person_confirms_on_a_phone_what_the_clerk_typed(province, seat):
    clerk, phone = seat("motcua.dinhson"), Client()
    _, address = offer(clerk)
    page = words(phone.get(address))
    assert "Tạp hóa Hòa Bình" in page
    assert "Trần Văn Mẫu" in page
    phone.post(address, {"yes": "1"})
    assert "đã xác nhận" in words(phone.get(address))
    assert "Tạp hóa Hòa Bình" not in words(phone.get(address))
    form = AssistedForm.objects.get()
    assert "Người nộp đã xác nhận lúc" in words(clerk.get(f"/lam-viec/tiep-nhan/xac-nhan/{form.pk}/"))
    again = source(clerk.get(f"{PAGE}?to-khai={form.pk}"))
    assert 'value="Tạp hóa Hòa Bình"' in again
    assert f'name="confirmed" value="{form.pk}"' in again
    sent = clerk.post(PAGE, {**TYPED, "given-giay_to_phap_ly": "1", "confirmed": str(form.pk)})
    assert sent.status_code == 302, words(sent)
    said = TimelineEntry.objects.filter(dossier=Dossier.objects.get()).values_list("sentence", flat=True)
    assert any("xác nhận tờ khai trên điện thoại" in one for one in said)
    assert AssistedForm.objects.get().state == "used"


def test_a_mistake_goes_back_to_the_clerk_with_words(province, seat):
    clerk, phone = seat("motcua.dinhson"), Client()
    _, address = offer(clerk)
    empty = phone.post(address, {"no": "1", "comment": " "})
    assert empty.status_code == 422
    assert "Hãy ghi chỗ nào chưa đúng" in words(empty)
    phone.post(address, {"no": "1", "comment": "Vốn là 60 triệu"})
    form = AssistedForm.objects.get()
    assert "Vốn là 60 triệu" in words(clerk.get(f"/lam-viec/tiep-nhan/xac-nhan/{form.pk}/"))
    assert "Vốn là 60 triệu" in words(clerk.get(f"{PAGE}?to-khai={form.pk}"))
    refused = clerk.post(PAGE, {**TYPED, "given-giay_to_phap_ly": "1", "confirmed": str(form.pk)})
    assert refused.status_code == 422
    assert "chưa xác nhận" in words(refused)
    assert not Dossier.objects.exists()


def test_answers_changed_after_the_confirmation_are_refused(province, seat):
    clerk, phone = seat("motcua.dinhson"), Client()
    _, address = offer(clerk)
    phone.post(address, {"yes": "1"})
    form = AssistedForm.objects.get()
    typed = {**TYPED, "von": "60.000.000", "given-giay_to_phap_ly": "1", "confirmed": str(form.pk)}
    refused = clerk.post(PAGE, typed)
    assert refused.status_code == 422
    assert "đã được sửa sau khi người nộp xác nhận" in words(refused)
    assert not Dossier.objects.exists()


def test_what_could_not_be_sent_is_not_offered(province, seat):
    answer, address = offer(seat("motcua.dinhson"), von="12")
    assert answer.status_code == 422
    assert not address


def test_the_address_works_for_half_an_hour_and_for_nobody_else(province, seat, hour):
    clerk, phone = seat("motcua.dinhson"), Client()
    _, address = offer(clerk)
    assert phone.get("/xac-nhan-to-khai/doan-mo/").status_code == 404
    form = AssistedForm.objects.get()
    other = seat("congchuc.anmau.dinhson")
    assert other.get(f"/lam-viec/tiep-nhan/xac-nhan/{form.pk}/").status_code in (403, 404)
    hour.pass_days(1)
    late = phone.get(address)
    assert "đã hết hạn xem" in words(late)
    assert "Tạp hóa Hòa Bình" not in words(late)
    assert phone.post(address, {"yes": "1"}).status_code == 422
    assert AssistedForm.objects.get().state == "open"


def test_only_the_desk_offers_and_no_job_answers(province):
    version = get_version(get_procedure("1.001612"))
    clerk, stranger = province.actor("motcua.dinhson"), province.actor("congchuc.anmau.dinhson")
    given = {"version": version, "applicant": Applicant(name="A"), "data": {}, "key": "k", "now": NOW}
    with pytest.raises(NotAllowed):
        offer_form(clerk.unit_id, **given, by=stranger)
    form = AssistedForm.objects.create(
        desk_id=clerk.unit_id,
        position_id=clerk.position_id,
        official=clerk.name,
        version=version,
        applicant={},
        data={},
        key_hash="x",
        made_at=NOW,
        expires_at=NOW.replace(year=2099),
    )
    with pytest.raises(NotAllowed):
        answer_form(form, is_right=True, by=system("onestop.answer"), now=NOW)
    assert answer_form(form, is_right=True, by=visitor(), now=NOW).state == "confirmed"

"""The desk corrects where the applicant of one dossier is reached."""

from dataclasses import replace

import pytest

from dinh.foundation.actions.models import OutboxMessage
from dinh.kernel.errors import NotAllowed
from dinh.onestop.models import Dossier
from dinh.onestop.public import DossierContactChange, accept, correct_contact
from dinh.onestop.rules.corrections import ContactEnded, NoContactLeft, SameContact, check_correction
from tests.workspace.conftest import source, words

pytestmark = pytest.mark.django_db


def test_a_wrong_telephone_is_corrected_with_a_reason_and_used(province, seat):
    p = province
    dossier = p.submitted()
    Dossier.objects.filter(pk=dossier.pk).update(owner=None, applicant_phone="0900000001", applicant_email="")
    clerk = seat("motcua.dinhson")
    here = f"/lam-viec/ho-so/{dossier.id}/lien-lac/"
    assert here in source(clerk.get(f"/lam-viec/ho-so/{dossier.id}/"))
    typed = {"phone": "0900 000 002", "email": "", "reason": "Nhập nhầm số"}
    for field, wrong in {
        "phone": {**typed, "phone": "12"},
        "email": {**typed, "email": "a@"},
        "reason": {**typed, "reason": " "},
    }.items():
        answer = clerk.post(here, wrong)
        assert answer.status_code == 409, field
        assert f'href="#f-{field}"' in source(answer)
    for nothing in ({**typed, "phone": ""}, {**typed, "phone": "0900000001"}):
        assert clerk.post(here, nothing).status_code == 409
    assert 'value="12"' in source(clerk.post(here, {**typed, "phone": "12"})), "what was typed is kept"
    assert clerk.post(here, typed).status_code == 302
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.applicant_phone == "0900000002"
    assert "0900000002" in dossier.search_text
    assert "Sửa thông tin liên lạc của hồ sơ: Nhập nhầm số" in words(
        clerk.get(f"/lam-viec/ho-so/{dossier.id}/?phan=dien-bien")
    )
    accept(dossier, by=p.clerk, now=p.now)
    assert OutboxMessage.objects.filter(channel="sms").latest("id").recipient == "0900000002"


def test_only_its_desks_correct_a_contact_and_not_after_its_end(province, seat):
    p = province
    dossier = p.submitted()
    change = DossierContactChange(phone="0900000002", email="", reason="Nhập nhầm số")
    for stranger in (p.citizen, p.specialist, p.actor("motcua.anmau.dinhson")):
        with pytest.raises(NotAllowed):
            correct_contact(dossier, change=change, by=stranger, now=p.now)
    here = f"/lam-viec/ho-so/{dossier.id}/lien-lac/"
    assert seat("motcua.anmau.dinhson").get(here).status_code == 404
    for number, state in enumerate(("submitted", "supplement", "processing", "done")):
        Dossier.objects.filter(pk=dossier.pk).update(state=state)
        phone = f"090000001{number}"
        correct_contact(dossier, change=replace(change, phone=phone), by=p.clerk, now=p.now)
        assert Dossier.objects.get(pk=dossier.pk).applicant_phone == phone
    for state in ("returned", "refused", "stopped", "withdrawn"):
        Dossier.objects.filter(pk=dossier.pk).update(state=state)
        with pytest.raises(ContactEnded):
            correct_contact(dossier, change=change, by=p.clerk, now=p.now)
    assert seat("motcua.dinhson").get(here).status_code == 404


@pytest.mark.parametrize(
    ("phone", "email", "has_account", "kept"),
    [
        ("0900 000 002", "", False, ("0900000002", "")),
        ("", " moi@vidu.vn ", False, ("", "moi@vidu.vn")),
        ("0900000001", "", False, ("0900000001", "")),
        ("", "", True, ("", "")),
        ("", "", False, NoContactLeft),
        ("0900000001", "cu@vidu.vn", True, SameContact),
    ],
)
def test_a_contact_is_kept_as_it_will_be_used(phone, email, has_account, kept):
    change = DossierContactChange(phone=phone, email=email, reason="  Nhập   nhầm ")
    present = {"phone": "0900000001", "email": "cu@vidu.vn", "has_account": has_account}
    if isinstance(kept, type):
        with pytest.raises(kept):
            check_correction(change, **present)
    else:
        assert check_correction(change, **present) == DossierContactChange(*kept, reason="Nhập nhầm")

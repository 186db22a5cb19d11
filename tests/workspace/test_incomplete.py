"""What came incomplete is registered and asked for, once, and completed by post, at the desk or online."""

import pytest

from dinh.foundation.actions.models import OutboxMessage
from dinh.foundation.directory.models import Person
from dinh.kernel.errors import NotAllowed
from dinh.onestop.models import (
    Arrival,
    ClockRecord,
    Dossier,
    DossierPart,
    FeeItem,
    Paper,
    PostalFiling,
    Supplement,
)
from dinh.onestop.public import (
    Applicant,
    NewPart,
    accept,
    ask_supplement,
    complete_at_desk,
    get_procedure,
    get_version,
    give_supplement,
    register_incomplete,
)
from dinh.onestop.rules.checks import DossierIncomplete
from dinh.onestop.rules.incomplete import NothingMissing, NotWaitingForMore, WhereToTell
from tests.onestop.conftest import HOUSEHOLD_ANSWERS, check_whole
from tests.workspace.conftest import source, words
from tests.workspace.test_counter import PAGE, TYPED, scan
from tests.workspace.test_postal import CAME, NUMBER

pytestmark = pytest.mark.django_db

BY_POST = f"{PAGE}?kenh=buu-chinh"
REGISTER = {
    "register-incomplete": "1",
    "missing": "Ký tên vào tờ khai\n\n",
    "missing-reason": "Hồ sơ chưa đủ.",
}
CLERK = "motcua.dinhson"


def without(*names):
    return {name: value for name, value in TYPED.items() if name not in names}


def registered(p, *, data=None, parts=(), by=None, **options):
    return register_incomplete(
        p.clerk.unit_id,
        version=get_version(get_procedure("1.001612")),
        applicant=Applicant(name="Trần Văn Mẫu", phone="0900000009"),
        data=HOUSEHOLD_ANSWERS if data is None else data,
        parts=parts,
        reason="Chưa đủ",
        by=by or p.clerk,
        now=p.now,
        **options,
    )


def test_an_incomplete_parcel_waits_for_its_sender_and_no_clock_runs(province, seat):
    """Law: NĐ 61/2018 Điều 17 khoản 1 ý 2
    Screen: /lam-viec/tiep-nhan/<str:code>/
    """
    client = seat(CLERK)
    assert "Hồ sơ chưa đủ: đăng ký và gửi phiếu yêu cầu bổ sung" in words(client.get(BY_POST))
    blank = {"return-way": "post", "return-street": "", "return-commune": ""}
    answer = client.post(BY_POST, {**without("von"), **CAME, **REGISTER, **blank})
    assert answer.status_code == 302, words(answer)
    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.channel, dossier.accepted_at, dossier.code) == (
        "supplement",
        "post",
        None,
        None,
    )
    assert not ClockRecord.objects.filter(dossier=dossier, step=None).exists()
    asked = Supplement.objects.get()
    places = [(item["document"], item["text"]) for item in asked.items]
    assert ("giay_to_phap_ly" in dict(places)) and ("", "Ký tên vào tờ khai") in places
    assert any(text.startswith("Thiếu: Vốn") for _key, text in places)
    assert not any("Hãy" in text or "để nộp" in text for _key, text in places)
    paper = Paper.objects.get()
    assert (paper.form, paper.number[-4:]) == ("supplement", "HDHS")
    assert OutboxMessage.objects.filter(channel="sms", recipient="0900000009").count() == 1
    page = words(client.get(answer["Location"]))
    assert "Đã đăng ký hồ sơ, chờ bổ sung" in page
    assert dossier.request_code in page
    shown = client.get(f"/lam-viec/ho-so/{dossier.id}/")
    assert "Nhận bổ sung tại quầy, qua bưu chính" in words(shown)


def test_it_is_completed_by_a_second_parcel_and_accepted_at_once(province, seat):
    client = seat(CLERK)
    client.post(BY_POST, {**without("von"), **CAME, **REGISTER})
    dossier = Dossier.objects.get()
    here = f"/lam-viec/ho-so/{dossier.id}/nhan-bo-sung/"
    assert 'value="Tạp hóa Hòa Bình"' in source(client.get(here))
    owner = {"chu_ho.ho_ten": "Trần Văn Mẫu", "chu_ho.so_dinh_danh": "099190000009"}
    sent = {**TYPED, **owner, "dien_thoai": "0900000009", "way": "post", "postal-arrived": "16/11/2026"}
    bad = client.post(here, {**sent, "postal-number": "BK00000001"})
    assert bad.status_code == 422
    assert 'href="#f-paper-giay_to_phap_ly"' in source(bad)
    assert not Arrival.objects.exists()
    bad = client.post(here, {**sent, "postal-number": "", "paper-giay_to_phap_ly": scan()})
    assert 'href="#f-postal-number"' in source(bad)
    papers = {"postal-number": "BK00000001", "paper-giay_to_phap_ly": scan()}
    done = client.post(here, {**sent, **papers})
    assert done.status_code == 302, words(done)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.data["von"]) == ("processing", 50_000_000)
    assert dossier.accepted_at is not None and dossier.due_at is not None
    assert PostalFiling.objects.get().number == NUMBER
    assert Arrival.objects.get().number == "BK00000001"
    assert FeeItem.objects.filter(dossier=dossier).count() == 1
    check_whole(dossier.id)
    assert "không chờ bổ sung" in words(client.get(here, follow=True))


def test_its_owner_completes_it_online_and_the_desk_accepts_only_what_is_complete(province):
    p = province
    dossier = registered(p, data={**HOUSEHOLD_ANSWERS, "von": None})
    Dossier.objects.filter(pk=dossier.pk).update(owner_id=p.citizen.person_id)
    dossier.refresh_from_db()
    part = NewPart(document_key="giay_to_phap_ly", file_id=p.file())
    give_supplement(dossier, parts=[part], note="", by=p.citizen, now=p.now)
    dossier.refresh_from_db()
    assert dossier.state == "submitted"
    with pytest.raises(DossierIncomplete):
        accept(dossier, by=p.clerk, now=p.now)
    complete_at_desk(dossier, data=HOUSEHOLD_ANSWERS, parts=[], by=p.clerk, now=p.now)
    dossier.refresh_from_db()
    accept(dossier, by=p.clerk, now=p.now)
    check_whole(dossier.id)
    with pytest.raises(NotWaitingForMore):
        complete_at_desk(dossier, parts=[], by=p.clerk, now=p.now)


def test_one_parcel_brings_several_dossiers(province, seat):
    client = seat(CLERK)
    first = client.post(BY_POST, {**TYPED, **CAME, "paper-giay_to_phap_ly": scan()})
    page = client.get(first["Location"])
    assert "Hồ sơ khác trong bưu gửi này" in words(page)
    again = f"/lam-viec/tiep-nhan/?kenh=buu-chinh&so={NUMBER}&den=16%2F11%2F2026"
    assert again.replace("&", "&amp;") in page.content.decode()
    assert NUMBER in words(client.get(again))
    form = client.get(f"{BY_POST}&so={NUMBER}&den=16%2F11%2F2026")
    assert f'value="{NUMBER}"' in source(form)
    second = client.post(BY_POST, {**TYPED, **CAME, **REGISTER})
    assert {row.number for row in PostalFiling.objects.all()} == {NUMBER}
    accepted = Dossier.objects.get(state="processing")
    assert accepted.code in words(client.get(second["Location"]))


def test_what_is_complete_or_cannot_be_told_is_not_registered(province):
    p = province
    part = NewPart(document_key="giay_to_phap_ly", file_id=None, is_original=True)
    with pytest.raises(NothingMissing):
        registered(p, parts=[part])
    with pytest.raises(WhereToTell):
        register_incomplete(
            p.clerk.unit_id, version=get_version(get_procedure("1.001612")), applicant=Applicant(name="A"),
            data={}, parts=[], reason="x", by=p.clerk, now=p.now,
        )  # fmt: skip
    for by in (p.specialist, p.citizen, p.actor("motcua.anmau.dinhson")):
        with pytest.raises(NotAllowed):
            registered(p, by=by)
    assert not Dossier.objects.exists()


def test_the_desk_takes_in_what_completes_an_accepted_dossier(province, seat):
    """People without an account bring what was asked of them; the limit begins anew (Art. 19.4)."""
    p = province
    dossier = p.accepted()
    Person.objects.filter(pk=dossier.owner_id).update(phone="")
    ask_supplement(
        dossier, items=[{"document": "giay_to_phap_ly", "text": "Chụp lại"}], reason="Mờ", contact="",
        by=p.specialist, now=p.now,
    )  # fmt: skip
    client = seat(CLERK)
    here = f"/lam-viec/ho-so/{dossier.id}/nhan-bo-sung/"
    assert "Nội dung khai" not in words(client.get(here))
    for by in (p.specialist, p.citizen):
        with pytest.raises(NotAllowed):
            complete_at_desk(dossier, parts=[], by=by, now=p.now)
    assert seat("motcua.anmau.dinhson").get(here).status_code == 404
    done = client.post(here, {"way": "desk", "paper-giay_to_phap_ly": scan()})
    assert done.status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == "processing"
    assert DossierPart.objects.filter(dossier=dossier, replaced_at=None).count() == 1
    assert Supplement.objects.get().answered_at is not None

"""Reception for another place: any desk takes in, the competent one accepts, papers follow with a slip."""

import io

import openpyxl
import pytest

from dinh.foundation.actions.public import system
from dinh.foundation.files.public import open_content
from dinh.kernel.errors import NotAllowed
from dinh.onestop.models import (
    BundleLine,
    ClockRecord,
    Dossier,
    DossierPart,
    ExemptionClaim,
    FeeItem,
    Involvement,
    Paper,
    PaperBundle,
    Payment,
    UnitMove,
    WorkItem,
)
from dinh.onestop.public import (
    Applicant,
    NewPart,
    accept,
    ask_for_move,
    ask_register,
    draft_version,
    get_procedure,
    get_version,
    hand_papers_over,
    make_register,
    move_open_dossiers,
    publish_version,
    receive_bundle,
    return_result,
    take_in_for,
)
from dinh.onestop.rules.reception import (
    AlreadyBundled,
    AlreadyReceived,
    NotFromElsewhere,
    NothingToHandOver,
    ScanMissing,
    SeveralDesks,
)
from dinh.onestop.rules.registers import RegisterFilter
from tests.onestop.conftest import HOUSEHOLD_ANSWERS, Province, open_province
from tests.onestop.test_collisions import at_once, outcome
from tests.workspace.conftest import source, statements, words
from tests.workspace.test_counter import PAGE, TYPED, scan

__all__ = ["open_province"]

pytestmark = pytest.mark.django_db

CLERK, OTHERS = "motcua.binhmau.dinhson", "motcua.anmau.dinhson"
LIST = "/lam-viec/nhan-ho/"


def taken_in(p: Province, clerk: str = CLERK, *, on_paper: bool = True) -> Dossier:
    """A household business taken in at a commune for its district."""
    by = p.actor(clerk)
    assert by.unit_id is not None
    return take_in_for(
        by.unit_id,
        agency_id=p.unit("H99.31").id,
        version=get_version(get_procedure("1.001612")),
        applicant=Applicant(name="Nguyễn Thị Mẫu", identity="099190000001", phone="0900000001"),
        data=HOUSEHOLD_ANSWERS,
        parts=[NewPart(document_key="giay_to_phap_ly", file_id=p.file(by), is_original=on_paper)],
        by=by,
        now=p.now,
    )


def test_any_desk_takes_in_and_the_limit_counts_from_the_competent_agencys_acceptance(
    signing_province, seat, hour
):
    """Law: NĐ 118/2025 Điều 14 khoản 4
    Screen: /lam-viec/tiep-nhan/<str:code>/
    Law: NĐ 118/2025 Điều 17 khoản 3 ý 3
    Screen: /lam-viec/nhan-ho/
    """
    p = signing_province
    commune = seat(CLERK)
    assert "Nhận hộ cơ quan khác" in words(commune.get("/lam-viec/tiep-nhan/"))
    assert "1.001612" in source(commune.get("/lam-viec/tiep-nhan/?noi-khac=1"))
    assert "Không thu tiền ở quầy này" in words(commune.get(PAGE))
    sent = commune.post(PAGE, {**TYPED, "given-giay_to_phap_ly": "1", "paper-giay_to_phap_ly": scan()})
    assert sent.status_code == 302, words(sent)
    dossier = Dossier.objects.get()
    assert dossier.agency == p.unit("H99.31")
    assert dossier.reception_unit == p.unit("H99.31.00")
    assert dossier.intake_desk_id == p.actor(CLERK).unit_id
    assert (dossier.state, dossier.code, dossier.due_at) == ("submitted", None, None)
    assert not ClockRecord.objects.filter(dossier=dossier, step=None).exists()
    assert Paper.objects.get().form == "proof"
    done = words(commune.get(sent["Location"]))
    assert dossier.request_code in done
    assert "Thời hạn tính từ khi cơ quan đó tiếp nhận" in done
    assert "chờ cơ quan tiếp nhận" in words(commune.get(LIST))

    hour.pass_days(1)
    p.now = hour.now
    with pytest.raises(NotAllowed):
        accept(dossier, by=p.actor(CLERK), now=p.now)
    dossier = accept(dossier, by=p.clerk, now=p.now)
    assert dossier.code == "H99.31-261117-0001"
    started = ClockRecord.objects.get(dossier=dossier, step=None)
    assert (started.kind, started.at) == ("started", p.now)
    receipt = Paper.objects.get(form="receipt").content
    assert "Bình Mẫu" in receipt["return_at"]
    assert dossier.code in words(seat(CLERK).get(LIST))
    assert dossier.code in words(seat("motcua.dinhson").get("/lam-viec/so-theo-doi/"))

    p.walk(dossier, "tham_dinh:trinh_duyet", "duyet:trinh_ky", "ky", "phat_hanh")
    step = p.open_step(dossier, "tra_ket_qua")
    assert step.unit_id == dossier.intake_desk_id
    assert WorkItem.objects.get(dossier=dossier).unit_id == dossier.intake_desk_id
    with pytest.raises(NotAllowed):
        return_result(step, shown="receipt", by=p.clerk, now=p.now)
    p.pay(dossier, "result")
    return_result(step, shown="receipt", by=p.actor(CLERK), now=p.now)
    dossier.refresh_from_db()
    assert dossier.state == "returned"


def test_only_the_desk_that_took_it_in_sees_it_and_nobody_else_of_its_agency(province, seat):
    dossier = taken_in(province)
    here = f"/lam-viec/ho-so/{dossier.id}/"
    units = set(Involvement.objects.filter(dossier=dossier).values_list("unit__code", flat=True))
    assert units == {"H99.31", "H99.31.00", "H99.31.011.00"}
    assert seat(CLERK).get(here).status_code == 200
    assert seat("motcua.dinhson").get(here).status_code == 200
    for stranger in ("congchuc.binhmau.dinhson", "vanthu.binhmau.dinhson", OTHERS, "canbo.cat"):
        assert seat(stranger).get(here).status_code == 404, stranger
    assert dossier.request_code not in words(seat(OTHERS).get(LIST))


def test_the_law_of_2018_lets_only_the_competent_desk_receive(province, seat, settings):
    settings.LEGAL_PROFILE = "VN2018"
    client = seat(CLERK)
    assert "Nhận hộ cơ quan khác" not in words(client.get("/lam-viec/tiep-nhan/"))
    assert "1.001612" not in source(client.get("/lam-viec/tiep-nhan/?noi-khac=1"))
    refused = client.post(PAGE, {**TYPED, "paper-giay_to_phap_ly": scan()})
    assert refused.status_code == 422
    assert "quầy này không nhận được" in words(refused)
    with pytest.raises(NotFromElsewhere):
        taken_in(province)
    assert not Dossier.objects.exists()


def test_files_go_at_once_so_every_paper_is_scanned_and_no_cash_is_taken(province, seat):
    client = seat(CLERK)
    refused = client.post(PAGE, {**TYPED, "given-giay_to_phap_ly": "1"})
    assert refused.status_code == 422
    assert 'href="#f-paper-giay_to_phap_ly"' in source(refused)
    paid = {**TYPED, "paper-giay_to_phap_ly": scan(), "takes-cash": "1"}
    assert client.post(PAGE, paid).status_code == 302
    assert not Payment.objects.exists()
    fees = words(client.get(f"/lam-viec/ho-so/{Dossier.objects.get().id}/phi/"))
    assert "Đưa mã VietQR" in fees
    assert "Thu tiền mặt" not in fees
    with pytest.raises(ScanMissing):
        take_in_for(
            province.actor(CLERK).unit_id,
            agency_id=province.unit("H99.31").id,
            version=get_version(get_procedure("1.001612")),
            applicant=Applicant(name="A"),
            data=HOUSEHOLD_ANSWERS,
            parts=[NewPart(document_key="giay_to_phap_ly", file_id=None, is_original=True)],
            by=province.actor(CLERK),
            now=province.now,
        )


def test_only_a_clerk_at_their_own_desk_takes_in_and_hands_over(province):
    p = province
    dossier = taken_in(p)
    desk_id = p.actor(CLERK).unit_id
    for stranger in (p.actor("congchuc.binhmau.dinhson"), p.clerk, p.citizen, p.actor(OTHERS)):
        with pytest.raises(NotAllowed):
            take_in_for(
                desk_id, agency_id=p.unit("H99.31").id, version=dossier.version,
                applicant=Applicant(name="A"), data={}, parts=[], by=stranger, now=p.now,
            )  # fmt: skip
        with pytest.raises(NotAllowed):
            hand_papers_over(desk_id, dossier_ids=[dossier.id], by=stranger, now=p.now)
    bundle = hand_papers_over(desk_id, dossier_ids=[dossier.id], by=p.actor(CLERK), now=p.now)
    for stranger in (p.actor(CLERK), p.actor(OTHERS), p.specialist, p.citizen):
        with pytest.raises(NotAllowed):
            receive_bundle(bundle, note="", by=stranger, now=p.now)


def test_originals_follow_with_a_slip_that_the_competent_desk_confirms(province, seat):
    p = province
    dossier, electronic = taken_in(p), taken_in(p, on_paper=False)
    commune, district = seat(CLERK), seat("motcua.dinhson")
    waiting = words(commune.get(f"{LIST}?muc=cho-ban-giao"))
    assert dossier.request_code in waiting
    assert electronic.request_code not in waiting
    nothing = commune.post("/lam-viec/nhan-ho/ban-giao/", {})
    assert nothing.status_code == 409
    assert "Hãy chọn ít nhất một hồ sơ" in words(nothing)
    assert commune.post("/lam-viec/nhan-ho/ban-giao/", {"dossier": [str(dossier.id)]}).status_code == 302
    assert dossier.request_code not in words(commune.get(f"{LIST}?muc=cho-ban-giao"))
    bundle = PaperBundle.objects.get()
    slip = district.get(f"/lam-viec/nhan-ho/phieu/{bundle.id}/")
    assert slip.content.startswith(b"%PDF")
    assert seat(OTHERS).get(f"/lam-viec/nhan-ho/phieu/{bundle.id}/").status_code == 404
    assert seat(OTHERS).post(f"/lam-viec/nhan-ho/phieu/{bundle.id}/nhan/").status_code == 404
    assert dossier.request_code in words(district.get(f"{LIST}?muc=nhan-ban-giao"))
    here = f"/lam-viec/nhan-ho/phieu/{bundle.id}/nhan/"
    assert commune.post(here).status_code == 403
    assert district.post(here, {"note": "Thiếu bản sao"}).status_code == 302
    assert "Thiếu bản sao" in words(commune.get(f"{LIST}?muc=da-ban-giao"))
    assert district.post(here).status_code == 409
    with pytest.raises(AlreadyReceived):
        receive_bundle(bundle, note="", by=p.clerk, now=p.now)
    with pytest.raises(AlreadyBundled):
        hand_papers_over(dossier.intake_desk_id, dossier_ids=[dossier.id], by=p.actor(CLERK), now=p.now)
    others = [taken_in(p), taken_in(p)]
    Dossier.objects.filter(pk=others[0].pk).update(reception_unit=p.unit("H99.31.012.00"))
    with pytest.raises(SeveralDesks):
        hand_papers_over(
            dossier.intake_desk_id, dossier_ids=[one.id for one in others], by=p.actor(CLERK), now=p.now
        )
    with pytest.raises(NothingToHandOver):
        hand_papers_over(dossier.intake_desk_id, dossier_ids=[], by=p.actor(CLERK), now=p.now)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_hand_over_the_same_papers(open_province):
    p = open_province
    dossiers = [taken_in(p), taken_in(p)]
    clerks = [p.actor(CLERK), p.actor("motcua2.binhmau.dinhson")]
    ids = [one.id for one in dossiers]
    answers = at_once(
        [
            lambda by=by: hand_papers_over(dossiers[0].intake_desk_id, dossier_ids=ids, by=by, now=p.now)
            for by in clerks
        ]
    )
    assert outcome(answers) == {"done": 1, "refused": 1}
    assert BundleLine.objects.count() == 2
    assert PaperBundle.objects.count() == 1


def test_a_procedure_may_name_desks_that_receive_for_the_agency_that_decides(province, seat, settings):
    """A department's procedure received at communes, as published data: under any profile, at once."""
    settings.LEGAL_PROFILE = "VN2018"
    p, by = province, system("test")
    definition = get_version(get_procedure("1.001612")).definition
    named = {**definition, "reception": {"kind": "commune_committee"}}
    publish_version(draft_version(named, by=by, now=p.now), by=by, now=p.now)
    client = seat(CLERK)
    assert "1.001612" in source(client.get("/lam-viec/tiep-nhan/"))
    assert "quầy này được giao tiếp nhận" in words(client.get(PAGE))
    sent = client.post(PAGE, {**TYPED, "given-giay_to_phap_ly": "1"})
    assert sent.status_code == 302, words(sent)
    dossier = Dossier.objects.get()
    assert dossier.state == "processing"
    assert dossier.code is not None
    assert dossier.code.startswith("H99.31-")
    assert dossier.agency == p.unit("H99.31")
    assert dossier.reception_unit == p.unit("H99.31.011.00")
    assert DossierPart.objects.get().is_original


def test_the_list_asks_as_much_for_many_as_for_one(province, seat):
    clerk = seat(CLERK)
    taken_in(province)
    few = len(statements(clerk, LIST))
    for _ in range(3):
        taken_in(province)
    assert len(statements(clerk, LIST)) == few


def test_a_desk_that_merges_hands_on_what_it_took_in_and_its_agency_gets_no_part(province):
    p = province
    dossier = taken_in(p)
    old, heir = p.unit("H99.31.011.00"), p.unit("H99.31.012.00")
    move = UnitMove.objects.get(pk=ask_for_move(old.pk, heir.pk, on=p.now.date(), now=p.now))
    move_open_dossiers(move, by=system("test"), now=p.now)
    dossier.refresh_from_db()
    assert dossier.intake_desk == heir
    units = set(Involvement.objects.filter(dossier=dossier).values_list("unit__code", flat=True))
    assert units == {"H99.31", "H99.31.00", "H99.31.011.00", "H99.31.012.00"}


def test_an_exemption_counts_at_a_desk_that_receives_for_another_and_the_register_names_that_desk(
    province, seat
):
    p, client = province, seat(CLERK)
    key = get_version(get_procedure("1.001612")).parts.exemptions[0].key
    assert "Diện miễn, giảm đã xem giấy tờ" in words(client.get(PAGE))
    typed = {**TYPED, "paper-giay_to_phap_ly": scan(), "exemption": key}
    refused = client.post(PAGE, typed)
    assert refused.status_code == 422
    assert "Hãy ghi lý do" in words(refused)
    typed = {**typed, "paper-giay_to_phap_ly": scan(), "exemption-reason": "Đã xem giấy chứng nhận"}
    assert client.post(PAGE, typed).status_code == 302
    dossier = Dossier.objects.get()
    assert [fee.amount for fee in FeeItem.objects.filter(dossier=dossier)] == [0]
    assert ExemptionClaim.objects.get(dossier=dossier).is_confirmed
    accept(dossier, by=p.clerk, now=p.now)
    clerk = seat("motcua.dinhson")
    on = f"tu={p.now:%d/%m/%Y}&den={p.now:%d/%m/%Y}"
    desk = "Bộ phận Tiếp nhận và Trả kết quả xã Bình Mẫu"
    assert f"tại {desk}" in words(clerk.get(f"/lam-viec/so-theo-doi/?{on}"))
    row = ask_register(
        RegisterFilter(from_on=p.now.date(), until_on=p.now.date()), kind="xlsx", by=p.clerk, now=p.now
    )
    row = make_register(row, by=system("test"), now=p.now)
    with open_content(row.file_id) as stream:
        sheet = openpyxl.load_workbook(io.BytesIO(stream.read())).active
    assert f"nhận tại {desk}" in next(iter(sheet.iter_rows(min_row=3)))[12].value

"""The desk: accepted, completed once, refused, withdrawn, paid, received at the counter, rated."""

import datetime as dt

import pytest

from dinh.foundation.notify.models import Notice
from dinh.kernel.agencies import parse_dossier_code
from dinh.kernel.errors import Refused
from dinh.onestop.models import ClockRecord, Dossier, DossierPart, Paper, WorkItem
from dinh.onestop.public import (
    Applicant,
    DossierIncomplete,
    NewPart,
    accept,
    access_dossier,
    announce_refusal,
    ask_supplement,
    dossier_card,
    get_procedure,
    get_version,
    give_supplement,
    rate,
    receive_at_counter,
    refuse,
    track,
    withdraw,
)
from dinh.onestop.rules.checks import (
    AgencyMissing,
    NeedsReason,
    NothingToAsk,
    ReasonAgreed,
    SupplementOnlyOnce,
)
from tests.onestop.conftest import ANSWERS, HOUSEHOLD_ANSWERS, NOW, check_whole

ITEM = {"document": "", "text": "Chụp lại cho rõ"}


def ask(p, dossier, *, by=None, items=(ITEM,), reason="Ảnh mờ"):
    return ask_supplement(
        dossier, items=items, reason=reason, contact="0900 000 111", by=by or p.clerk, now=p.now
    )


def fresh(dossier):
    return Dossier.objects.get(pk=dossier.pk)


def test_codes_count_from_one_each_day_and_for_each_agency(province):
    """TT 01/2018/TT-VPCP Art. 19.

    Law: TT 01/2018 Điều 19 ý 1
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    Law: NĐ 61/2018 Điều 26
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    """
    p = province
    assert [p.accepted().code for _ in range(2)] == ["H99.31-261116-0001", "H99.31-261116-0002"]
    answers, agency = ANSWERS["1.004873"]
    at_commune = p.accepted(code="1.004873", agency=agency, answers=answers)
    assert at_commune.code == "H99.31.011-261116-0001"
    p.now += dt.timedelta(days=1)
    assert p.accepted().code == "H99.31-261117-0001"
    assert parse_dossier_code("H99.31-261117-0001")


def test_accepted_shortly_before_midnight_the_code_bears_the_day_of_vietnam(province):
    province.now = NOW.replace(hour=23, minute=59).astimezone(dt.UTC)
    assert province.accepted().code == "H99.31-261116-0001"


def test_acceptance_starts_the_clock_asks_for_the_receipt_and_opens_the_next_step(province):
    """Law: NĐ 61/2018 Điều 6 ý 1
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    Law: NĐ 61/2018 Điều 17 khoản 2 ý 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/tiep-nhan/
    Law: NĐ 118/2025 Điều 17 khoản 3 ý 2
    Screen: Mẫu 01: mã hồ sơ
    """
    dossier = accept(province.submitted(), by=province.clerk, now=province.now)
    assert dossier.due_at == NOW + dt.timedelta(days=3)
    receipt = Paper.objects.get(dossier=dossier, form="receipt")
    assert receipt.content["code"] == dossier.code
    assert receipt.content["due_at"] == "08 giờ 00 phút, ngày 19 tháng 11 năm 2026"
    assert receipt.content["official"] == province.clerk.name
    assert [item.step_name for item in WorkItem.objects.all()] == ["Thẩm định hồ sơ"]
    check_whole(dossier.id)


def test_a_supplement_pauses_every_clock_and_its_answer_counts_from_zero(province):
    """NĐ 61/2018/NĐ-CP Art. 19.4: when it is complete, the time limit is counted anew.

    Law: NĐ 61/2018 Điều 19 khoản 4 ý 1
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/bo-sung/
    Law: NĐ 61/2018 Điều 19 khoản 4 ý 3
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    """
    p = province
    dossier = p.accepted()
    p.now = NOW + dt.timedelta(days=1)
    supplement = ask(p, dossier)
    assert fresh(dossier).due_at is None
    item = WorkItem.objects.get(dossier=dossier)
    assert item.is_waiting
    paper = Paper.objects.get(dossier=dossier, form="supplement")
    assert paper.content["items"] == ["Chụp lại cho rõ"]
    check_whole(dossier.id)
    p.now = NOW + dt.timedelta(days=14)  # a Monday without a day off behind it
    give_supplement(dossier, parts=[], note="Đã chụp lại", by=p.citizen, now=p.now)
    dossier = fresh(dossier)
    assert dossier.due_at == p.now + dt.timedelta(days=3)
    item = WorkItem.objects.get(dossier=dossier)
    assert not item.is_waiting
    supplement.refresh_from_db()
    assert supplement.answered_at == p.now
    kinds = ClockRecord.objects.filter(dossier=dossier, step=None).values_list("kind", flat=True)
    assert list(kinds) == ["started", "paused", "restarted"]
    check_whole(dossier.id)


def test_a_supplement_is_asked_only_once(province):
    """NĐ 61/2018/NĐ-CP Art. 8.2.b.

    Law: NĐ 61/2018 Điều 8 khoản 2 điểm b
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/bo-sung/
    Law: NĐ 61/2018 Điều 15 khoản 3
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/bo-sung/
    """
    p = province
    dossier = p.accepted()
    ask(p, dossier)
    with pytest.raises(Refused):
        ask(p, dossier)
    give_supplement(dossier, parts=[], note="", by=p.citizen, now=p.now)
    with pytest.raises(SupplementOnlyOnce):
        ask(p, dossier)
    assert Paper.objects.filter(dossier=dossier, form="supplement").count() == 1


def test_a_supplement_before_acceptance_returns_to_the_desk(province):
    p = province
    dossier = p.submitted()
    ask(p, dossier)
    assert fresh(dossier).state == "supplement"
    with pytest.raises(Refused):
        accept(dossier, by=p.clerk, now=p.now)
    give_supplement(dossier, parts=[], note="", by=p.citizen, now=p.now)
    assert fresh(dossier).state == "submitted"
    assert not ClockRecord.objects.filter(dossier=dossier, step=None).exists()
    accept(dossier, by=p.clerk, now=p.now)
    check_whole(dossier.id)


def test_the_specialist_at_work_may_ask_too(province):
    p = province
    dossier = p.accepted()
    ask(p, dossier, by=p.specialist)
    assert fresh(dossier).state == "supplement"


def test_a_supplement_needs_words(province):
    """Law: NĐ 61/2018 Điều 11 khoản 2 điểm c
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/bo-sung/
    """
    dossier = province.accepted()
    with pytest.raises(NothingToAsk):
        ask(province, dossier, items=[{"document": "", "text": "  "}])
    with pytest.raises(NeedsReason):
        ask(province, dossier, reason=" ")
    assert fresh(dossier).state == "processing"


def test_new_papers_take_the_place_of_the_old_ones_and_the_old_ones_stay(province):
    p = province
    dossier = p.accepted()
    old = DossierPart.objects.filter(dossier=dossier).first()
    ask(p, dossier, items=[{"document": old.document_key, "text": "Bản rõ hơn"}])
    new = p.file()
    give_supplement(
        dossier,
        parts=[
            NewPart(document_key=old.document_key, file_id=new),
            NewPart(document_key="khong_co", file_id=new),
        ],
        note="",
        by=p.citizen,
        now=p.now,
    )
    old.refresh_from_db()
    assert old.replaced_at == p.now
    assert (
        DossierPart.objects.get(dossier=dossier, document_key=old.document_key, replaced_at=None).file_id
        == new
    )
    assert not DossierPart.objects.filter(document_key="khong_co").exists()


def test_nothing_can_be_given_that_nobody_asked_for(province):
    dossier = province.accepted()
    with pytest.raises(Refused):
        give_supplement(dossier, parts=[], note="", by=province.citizen, now=province.now)


def test_the_desk_refuses_with_a_reason_in_writing(province):
    """Law: NĐ 61/2018 Điều 17 khoản 1 ý 3
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/tu-choi/
    """
    p = province
    dossier = p.submitted()
    with pytest.raises(NeedsReason):
        refuse(dossier, reason=" ", by=p.clerk, now=p.now)
    refuse(dossier, reason="Không thuộc thẩm quyền.", by=p.clerk, now=p.now)
    dossier = fresh(dossier)
    assert (dossier.state, dossier.code) == ("refused", None)
    assert Paper.objects.get(dossier=dossier, form="refusal").content["reason"] == "Không thuộc thẩm quyền."
    assert track(dossier.request_code).ended == "Không được tiếp nhận"
    check_whole(dossier.id)
    with pytest.raises(Refused):
        refuse(dossier, reason="Lần nữa", by=p.clerk, now=p.now)
    with pytest.raises(Refused):
        accept(dossier, by=p.clerk, now=p.now)


def test_an_accepted_dossier_is_not_refused_at_the_desk(province):
    dossier = province.accepted()
    with pytest.raises(Refused):
        refuse(dossier, reason="Muộn", by=province.clerk, now=province.now)
    assert fresh(dossier).state == "processing"


def test_a_refusal_after_appraisal_ends_every_branch_in_writing(province):
    """NĐ 61/2018/NĐ-CP Art. 19.8.

    Law: NĐ 61/2018 Điều 19 khoản 8 ý 1
    Screen: /lam-viec/buoc/<uuid:step_id>/thong-bao-tu-choi/
    """
    p = province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:de_nghi_tu_choi", "duyet_tu_choi:dong_y_tu_choi")
    step = p.open_step(dossier, "thong_bao_tu_choi")
    # What was appraised and agreed with is announced; whoever sends it cannot write another reason.
    with pytest.raises(ReasonAgreed):
        announce_refusal(step, reason="Không thích.", by=p.clerk, now=p.now)
    announce_refusal(step, reason="", by=p.clerk, now=p.now)
    dossier.refresh_from_db()
    assert Paper.objects.get(dossier=dossier, form="refusal").content["reason"] == "Đã xem."
    assert dossier.state == "refused"
    assert track(dossier.code).ended == "Không được giải quyết"
    assert Notice.objects.filter(template="dossier.rejected").exists()
    check_whole(dossier.id)


def test_a_citizen_withdraws_while_there_is_no_result(province):
    p = province
    dossier = p.accepted()
    withdraw(dossier, reason="Không cần nữa", by=p.citizen, now=p.now)
    assert fresh(dossier).state == "withdrawn"
    check_whole(dossier.id)
    with pytest.raises(Refused):
        withdraw(dossier, reason="", by=p.citizen, now=p.now)
    with pytest.raises(Refused):
        ask(p, dossier)


def at_counter(p, *, desk="H99.31.00", by=None, parts=None, **changes):
    version = get_version(get_procedure("1.001612"))
    given = [
        NewPart(document_key=one.key, file_id=None, is_original=True)
        for one in version.parts.documents
        if one.origin == "upload"
    ]
    applicant = changes.get("applicant", Applicant(name="Lê Văn Mẫu", phone="0900000002"))
    return receive_at_counter(
        p.unit(desk).id,
        version=version,
        applicant=applicant,
        data=changes.get("data", HOUSEHOLD_ANSWERS),
        parts=given if parts is None else parts,
        by=by or p.clerk,
        now=p.now,
    )


def test_a_dossier_handed_over_at_the_counter_is_accepted_at_once(province):
    """Law: NĐ 61/2018 Điều 17 khoản 1 ý 4
    Screen: /lam-viec/tiep-nhan/<str:code>/
    """
    dossier = at_counter(province)
    assert (dossier.state, dossier.channel) == ("processing", "counter")
    assert dossier.code == "H99.31-261116-0001"
    documents = Paper.objects.get(dossier=dossier).content["documents"]
    assert {row["kind"] for row in documents} >= {"bản chính"}
    check_whole(dossier.id)


def test_the_counter_names_every_place_to_mend_and_takes_no_code(province):
    with pytest.raises(DossierIncomplete) as refused:
        at_counter(province, parts=[], applicant=Applicant(name=""), data={})
    places = {problem.place for problem in refused.value.problems}
    assert "applicant-name" in places
    assert any(place.startswith("paper:") for place in places)
    assert at_counter(province).code.endswith("-0001")


def test_the_counter_takes_only_what_its_agency_is_competent_for(province):
    p = province
    with pytest.raises(AgencyMissing):
        at_counter(p, desk="H99.31.011.00", by=p.actor("motcua.binhmau.dinhson"))


def test_a_rating_needs_an_end_and_is_given_once(province):
    p = province
    dossier = p.submitted()

    def give(overall=3, **more):
        answers = {"ease": 2, "timeliness": None, "attitude": 1, "comment": " Tốt "} | more
        return rate(dossier, overall=overall, **answers, by=p.citizen, now=p.now)

    with pytest.raises(Refused):
        give()
    refuse(dossier, reason="Sai nơi", by=p.clerk, now=p.now)
    for wrong in ({"overall": 4}, {"overall": 0}, {"ease": 7}):
        with pytest.raises(Refused):
            give(**wrong)
    assert give().comment == "Tốt"
    with pytest.raises(Refused):
        give()


def test_a_citizen_reads_public_lines_and_no_notes(province):
    p = province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:de_nghi_tu_choi")
    theirs = dossier_card(access_dossier(p.citizen, dossier.id), by=p.citizen, now=p.now)
    ours = dossier_card(access_dossier(p.specialist, dossier.id), by=p.specialist, now=p.now)
    assert len(theirs.timeline) < len(ours.timeline)
    assert {step.note for step in theirs.steps} == {""}
    assert "Đã xem." in {step.note for step in ours.steps}

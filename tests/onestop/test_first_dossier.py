"""The first dossier's way at the door: from a citizen's draft to a signed result."""

import datetime as dt

import pytest

from dinh.foundation.files.public import open_content
from dinh.foundation.notify.models import Notice
from dinh.foundation.signing.public import validate_pdf
from dinh.kernel.errors import NotAllowed, NotFound, Refused
from dinh.onestop.models import Dossier, Paper, Result
from dinh.onestop.public import (
    accept,
    access_dossier,
    claim,
    complete,
    dossier_card,
    draft_result,
    first_content,
    issue_result,
    rate,
    return_result,
    sign_result,
    track,
)
from dinh.onestop.rules.payments import FeeUnpaid


def test_a_dossier_goes_from_the_citizen_to_a_signed_result(signing_province, run_jobs):
    """Law: TT 01/2018 Điều 17 ý 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    Law: NĐ 61/2018 Điều 20 ý 1
    Screen: /thong-bao/
    """
    p = signing_province
    dossier = p.submitted()
    assert dossier.code is None
    assert track(dossier.request_code).marks[0] == ("Đã nộp", True)

    accept(dossier, by=p.clerk, now=p.now)
    dossier.refresh_from_db()
    assert dossier.code == "H99.31-261116-0001"
    assert dossier.due_at == p.now + dt.timedelta(days=3)

    step = p.open_step(dossier, "tham_dinh")
    claim(step, by=p.specialist, now=p.now)
    complete(step, outcome_key="xin_xac_nhan", note="", by=p.specialist, now=p.now)
    asked = p.open_step(dossier, "xac_nhan_xa")
    assert asked.unit.code == "H99.31.011"
    complete(asked, outcome_key="dong_y", note="Có địa điểm.", by=p.commune, now=p.now)

    drafting = p.open_step(dossier, "lap_ket_qua")
    assert drafting.holder_name == p.specialist.name
    content = first_content(dossier)
    assert content["chu_ho"] == "Nguyễn Thị Mẫu"
    assert content["von"] == "50.000.000"
    draft_result(drafting, content=content, by=p.specialist, now=p.now)
    complete(drafting, outcome_key="trinh_duyet", note="", by=p.specialist, now=p.now)
    complete(p.open_step(dossier, "duyet"), outcome_key="trinh_ky", note="", by=p.head, now=p.now)
    result = sign_result(p.open_step(dossier, "ky"), by=p.deputy, now=p.now)
    assert result.signer_title.splitlines() == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    issue_result(p.open_step(dossier, "phat_hanh"), by=p.records, now=p.now)

    dossier.refresh_from_db()
    assert dossier.state == "done"
    assert dossier.finished_at < dossier.due_at
    assert Notice.objects.filter(person_id=p.citizen.person_id, template="dossier.result_owed_for").exists()
    result = Result.objects.get(dossier=dossier)
    assert result.number == "01/GCN-HKD"
    with open_content(result.file_id) as stream:
        report = validate_pdf(stream.read(), now=p.now)
    assert [signature.verdict for signature in report.signatures] == ["valid", "valid"]

    with pytest.raises(FeeUnpaid):
        return_result(p.open_step(dossier, "tra_ket_qua"), shown="receipt", by=p.clerk, now=p.now)
    p.pay(dossier, "result")
    return_result(p.open_step(dossier, "tra_ket_qua"), shown="receipt", by=p.clerk, now=p.now)
    rate(dossier, overall=3, ease=3, timeliness=3, attitude=None, comment="", by=p.citizen, now=p.now)
    assert all(reached for _, reached in track(dossier.code).marks)
    assert dossier_card(access_dossier(p.citizen, dossier.id), by=p.citizen, now=p.now).result is not None

    run_jobs()
    papers = Paper.objects.filter(dossier=dossier)
    assert sorted(paper.form for paper in papers) == ["fee_receipt", "proof", "receipt"]
    for paper in papers:
        with open_content(paper.file_id) as stream:
            assert validate_pdf(stream.read(), now=p.now).verdict == "valid"


def test_an_official_of_another_commune_finds_nothing(province):
    dossier = province.submitted()
    with pytest.raises(NotFound):
        access_dossier(province.other_commune, dossier.id)


def test_a_second_acceptance_is_refused_and_takes_no_code(province):
    dossier = province.submitted()
    accept(dossier, by=province.clerk, now=province.now)
    with pytest.raises(Refused):
        accept(dossier, by=province.clerk, now=province.now)
    assert Dossier.objects.exclude(code=None).count() == 1


def test_accept_is_refused_to_who_does_not_receive_there(province):
    dossier = province.submitted()
    with pytest.raises(NotAllowed):
        accept(dossier, by=province.commune, now=province.now)

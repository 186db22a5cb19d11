"""Results of the three shipped procedures, from draft to signed, numbered, sealed PDF; papers of the desk."""

import datetime as dt

import pypdfium2
import pytest

from dinh.foundation.actions.public import system
from dinh.foundation.directory.public import NoSigningAuthority
from dinh.foundation.files.public import open_content
from dinh.foundation.signing.public import validate_pdf
from dinh.kernel.errors import NotFound, Refused
from dinh.onestop.actions.preservation import take_preserved
from dinh.onestop.models import Paper, Result, StepRun
from dinh.onestop.public import (
    access_result_file,
    draft_result,
    draw_paper,
    first_content,
    issue_result,
    return_result,
    sign_result,
)
from dinh.onestop.rules.checks import NeedsDraft, NotThisKindOfStep
from tests.onestop.conftest import ANSWERS, check_whole

WAYS = {
    "1.001612": ("tham_dinh:xin_xac_nhan", "xac_nhan_xa:dong_y", "lap_ket_qua:trinh_duyet", "duyet:trinh_ky"),
    "1.004873": ("xac_minh:trinh_ky",),
    "2.000488": ("cong_an", "tra_cuu", "lap_phieu:trinh_duyet", "duyet:trinh_ky"),
}
NUMBERS = {"1.001612": "01/GCN-HKD", "1.004873": "01/UBND-XNTTHN", "2.000488": "01/PLLTP"}


def accepted(p, code):
    answers, agency = ANSWERS[code]
    return p.accepted(code=code, agency=agency, answers=answers)


def words_of(file_id) -> str:
    with open_content(file_id) as stream:
        pdf = pypdfium2.PdfDocument(stream.read())
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


def report_of(file_id, now):
    with open_content(file_id) as stream:
        return validate_pdf(stream.read(), now=now)


def test_each_shipped_procedure_ends_in_a_signed_result(three_level_province, run_jobs):
    """A district's, a commune's and a department's, each by the people of its own steps."""
    p = three_level_province
    for code, way in WAYS.items():
        dossier = accepted(p, code)
        p.walk(dossier, *way, "ky", "phat_hanh")
        assert dossier.state == "done"
        check_whole(dossier.id)
        result = Result.objects.get(dossier=dossier)
        assert result.number == NUMBERS[code]
        assert result.issued_on == dt.date(2026, 11, 16)
        assert [one.verdict for one in report_of(result.file_id, p.now).signatures] == ["valid", "valid"]
        words = words_of(result.file_id)
        assert "Nguyễn Thị Mẫu".upper() in words.upper()
        assert "SAMPLE" not in words
        p.walk(dossier, "tra_ket_qua")
        assert dossier.state == "returned"
        check_whole(dossier.id)
    run_jobs()
    for paper in Paper.objects.all():
        assert report_of(paper.file_id, p.now).verdict == "valid", paper.form


def test_a_draft_is_the_specialists_until_it_is_signed(signing_province):
    p = signing_province
    dossier = accepted(p, "1.001612")
    step = p.open_step(dossier, "tham_dinh")
    result = draft_result(step, content=first_content(dossier), by=p.specialist, now=p.now)
    first = result.file_id
    again = draft_result(step, content={**result.content, "von": "60.000.000"}, by=p.specialist, now=p.now)
    assert again.pk == result.pk
    assert again.file_id != first
    assert Result.objects.count() == 1
    with pytest.raises(NotFound):
        access_result_file(p.citizen, dossier.id)
    assert access_result_file(p.specialist, dossier.id).id == again.file_id
    with pytest.raises(NotThisKindOfStep):
        sign_result(step, by=p.specialist, now=p.now)
    with pytest.raises(NotThisKindOfStep):
        return_result(step, shown="receipt", by=p.specialist, now=p.now)


def test_signing_needs_a_draft_and_an_authority_that_holds_today(signing_province):
    p = signing_province
    dossier = accepted(p, "1.001612")
    p.walk(dossier, "tham_dinh:trinh_duyet", "duyet:trinh_ky")
    step = p.open_step(dossier, "ky")
    kept = Result.objects.get()
    Result.objects.all().delete()
    with pytest.raises(NeedsDraft):
        sign_result(step, by=p.deputy, now=p.now)
    kept.save(force_insert=True)
    with pytest.raises(NoSigningAuthority):
        sign_result(step, by=p.deputy, now=p.now - dt.timedelta(days=3000))
    sign_result(step, by=p.deputy, now=p.now)
    with pytest.raises(Refused):
        sign_result(step, by=p.deputy, now=p.now)
    issue = p.open_step(dossier, "phat_hanh")
    issue_result(issue, by=p.records, now=p.now)
    with pytest.raises(Refused):
        issue_result(issue, by=p.records, now=p.now)
    p.pay(dossier, "result")
    assert access_result_file(p.citizen, dossier.id).id == Result.objects.get().file_id
    step = p.open_step(dossier, "tra_ket_qua")
    return_result(step, shown="receipt", by=p.clerk, now=p.now)
    with pytest.raises(Refused):
        return_result(step, shown="receipt", by=p.clerk, now=p.now)


def test_a_paper_is_drawn_and_signed_once(signing_province):
    """Law: TT 01/2018 Điều 9 Mẫu 01
    Screen: /ho-so-cua-toi/van-ban/<uuid:paper_id>/
    Law: TT 01/2018 Điều 10 ý 3
    Screen: /lam-viec/van-ban/<uuid:paper_id>/
    """
    p = signing_province
    dossier = accepted(p, "1.001612")
    receipt = Paper.objects.get(dossier=dossier, form="receipt")
    first = draw_paper(receipt, by=system("test"), now=p.now)
    again = draw_paper(receipt, by=system("test"), now=p.now + dt.timedelta(hours=1))
    assert first.file_id == again.file_id
    assert again.ready_at == p.now
    report = report_of(first.file_id, p.now)
    assert report.verdict == "valid"
    words = words_of(first.file_id)
    assert dossier.code in words
    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in words.upper()
    with open_content(first.file_id) as stream:
        page = pypdfium2.PdfDocument(stream.read())[0]
    assert [round(side / 72 * 25.4) for side in sorted(page.get_size())] == [148, 210]


def test_a_preserved_file_takes_the_place_of_the_signed_one(signing_province):
    p = signing_province
    dossier = accepted(p, "1.001612")
    receipt = draw_paper(Paper.objects.get(dossier=dossier, form="receipt"), by=system("test"), now=p.now)
    p.walk(dossier, "tham_dinh:trinh_duyet")
    result = Result.objects.get()
    other = p.file()
    for file_id in (receipt.file_id, result.file_id):
        take_preserved(file_id, other, by=system("test"))
    assert Paper.objects.get(pk=receipt.pk).file_id == other
    assert Result.objects.get().file_id == other


def test_the_second_step_of_the_same_person_is_theirs_at_once(three_level_province):
    p = three_level_province
    dossier = accepted(p, "1.004873")
    p.walk(dossier, "xac_minh:de_nghi_tu_choi", "xem_xet_tu_choi:tra_lai")
    runs = StepRun.objects.filter(dossier=dossier, key="xac_minh").order_by("id")
    assert len({run.holder_id for run in runs}) == 1

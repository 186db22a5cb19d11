"""The control slip: one row a handing over, how each stood, and the sealed paper of it."""

import datetime as dt

import pypdfium2
import pytest

from dinh.foundation.files.public import open_content
from dinh.foundation.signing.public import validate_pdf
from dinh.kernel.clocks import Timeliness
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.onestop.models import Dossier, Paper
from dinh.onestop.public import access_paper_file, control_slip, dossier_card, make_slip
from tests.onestop.conftest import NOW


def test_the_slip_follows_the_dossier_from_hand_to_hand(province):
    """Law: TT 01/2018 Điều 17 ý 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/kiem-soat/
    Law: NĐ 61/2018 Điều 19 khoản 6 điểm a
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/kiem-soat/
    """
    p = province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:xin_xac_nhan")
    p.now = NOW + dt.timedelta(days=5)
    slip = control_slip(dossier, now=p.now)
    received, appraised, asked = slip.rows
    assert (received.giver, received.receiver_by) == ("", p.clerk.name)
    assert (appraised.giver, appraised.giver_by) == (received.receiver, p.clerk.name)
    assert (asked.giver, asked.giver_by) == (appraised.receiver, p.specialist.name)
    assert asked.receiver == "Ủy ban nhân dân xã Bình Mẫu"
    assert appraised.due_at.date() == NOW.date()
    assert [row.timely for row in slip.rows] == [Timeliness.EARLY, Timeliness.ON_TIME, Timeliness.OVERDUE]
    assert slip.supporting == ["Ủy ban nhân dân xã Bình Mẫu"]
    p.walk(dossier, "xac_nhan_xa")
    assert control_slip(dossier, now=p.now).rows[2].timely == Timeliness.LATE


def test_the_slip_is_a_sealed_paper_of_its_moment_for_officials_only(signing_province, run_jobs):
    """Law: TT 01/2018 Điều 9 Mẫu 05
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/kiem-soat/
    Law: TT 01/2018 Điều 10 ý 1
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/kiem-soat/
    """
    p = signing_province
    dossier = p.accepted()
    make_slip(dossier, by=p.specialist, now=p.now)
    p.walk(dossier, "tham_dinh:xin_xac_nhan")
    make_slip(dossier, by=p.clerk, now=p.now)
    run_jobs()
    first, second = Paper.objects.filter(dossier=dossier, form="control_slip")
    assert (len(first.content["rows"]), len(second.content["rows"])) == (2, 3)
    content, text = words_of(second)
    assert validate_pdf(content, now=p.now).verdict == "valid"
    for said in (
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        dossier.code,
        "Giao: Người nộp hồ sơ",
        f"({p.specialist.name})",
        "Cơ quan phối hợp giải quyết hồ sơ: Ủy ban nhân dân xã Bình Mẫu",
    ):
        assert said in text, said
    page = pypdfium2.PdfDocument(content)[0]
    assert [round(side / 72 * 25.4) for side in page.get_size()] == [210, 148]
    with pytest.raises(NotFound):
        access_paper_file(p.citizen, second.id)
    assert access_paper_file(p.specialist, second.id)
    citizens = dossier_card(Dossier.objects.get(pk=dossier.pk), by=p.citizen, now=p.now)
    assert "control_slip" not in [paper.form for paper in citizens.papers]


def words_of(paper):
    with open_content(paper.file_id) as stream:
        content = stream.read()
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    return content, " ".join(text.split())


def test_an_official_without_a_part_in_it_makes_no_slip(province):
    p = province
    dossier = p.accepted()
    for by in (p.other_commune, p.citizen, p.actor("congdan2")):
        with pytest.raises(NotAllowed):
            make_slip(dossier, by=by, now=p.now)
    assert not Paper.objects.filter(form="control_slip").exists()


def test_a_new_circular_numbers_the_slip_anew():
    """Law: TT 03/2025 Mẫu 06
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/kiem-soat/
    Law: TT 03/2025 Mẫu 07
    Screen: /lam-viec/so-theo-doi/
    """
    from dinh.kernel.profiles import get_profile

    old, new = get_profile("VN2022"), get_profile("VN2026")
    on = dt.date(2026, 11, 16)
    assert [old.form(code, on=on).number for code in ("control_slip", "register")] == ["05", "06"]
    assert [new.form(code, on=on).number for code in ("control_slip", "register")] == ["06", "07"]

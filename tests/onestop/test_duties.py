"""Duties of the law at the desk and behind it that no other test proves: one test a duty."""

import datetime as dt
import re

import pypdfium2
import pytest
from django.conf import settings

from dinh.foundation.actions.public import messages_of
from dinh.foundation.notify.models import Notice
from dinh.foundation.ui.public import qr_svg, render_paper
from dinh.kernel.clocks import Timeliness
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions import papers
from dinh.onestop.models import Dossier, Paper, Procedure, StepRun, Supplement, WorkItem
from dinh.onestop.public import announce_refusal, ask_supplement, complete, dossier_card, refuse
from dinh.onestop.queries.clocks import dossier_reading, step_reading
from dinh.onestop.queries.definitions import TEMPLATES
from dinh.onestop.queries.dossiers import visible_dossiers
from dinh.onestop.rules.checks import SupplementTooLate
from tests.onestop.conftest import ANSWERS, NOW

ITEMS = [{"document": "", "text": "Chụp lại cho rõ"}, {"document": "", "text": "Ghi lại địa chỉ"}]


def ask(p, dossier, by=None):
    return ask_supplement(dossier, items=ITEMS, reason="Ảnh mờ", contact="", by=by or p.clerk, now=p.now)


@pytest.mark.parametrize("hour", [8, 14, 15, 16])
def test_an_accepted_dossier_stands_with_the_next_unit_at_once(province, hour):
    """Law: NĐ 61/2018 Điều 18 khoản 2
    Screen: /lam-viec/
    Law: NĐ 61/2018 Điều 18 khoản 3
    Screen: /lam-viec/
    Law: NĐ 118/2025 Điều 18 khoản 2
    Screen: /lam-viec/
    """
    p = province
    p.now = NOW.replace(hour=hour, minute=30)
    dossier = p.accepted()
    item = WorkItem.objects.get(dossier=dossier)
    assert item.opened_at == p.now
    assert item.unit_id == p.specialist.unit_id


def test_an_online_dossier_that_lacks_something_is_told_all_of_it_once(province):
    """Law: NĐ 61/2018 Điều 17 khoản 2 ý 1
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/bo-sung/
    Law: NĐ 118/2025 Điều 17 khoản 2 điểm a
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/bo-sung/
    """
    p = province
    dossier = p.submitted()
    ask(p, dossier)
    notice = Notice.objects.get(template="dossier.supplement_asked")
    assert notice.person_id == p.citizen.person_id
    assert {message.channel for message in messages_of(notice)} or notice.link.endswith(f"{dossier.pk}/")
    paper = Paper.objects.get(dossier=dossier, form="supplement")
    assert paper.content["items"] == ["Chụp lại cho rõ", "Ghi lại địa chỉ"]
    assert paper.content["reason"] == "Ảnh mờ"
    last = f"{Supplement.objects.get(dossier=dossier).answer_by.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    assert last in notice.body
    assert last.split()[1][:2] in paper.content["answer_by"]


def test_what_is_missing_is_told_within_three_working_days_of_the_receipt(province):
    """Law: NĐ 61/2018 Điều 19 khoản 4 ý 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/bo-sung/
    """
    p = province
    in_time, late = p.accepted(), p.accepted()
    p.now = NOW + dt.timedelta(days=3)
    ask(p, in_time, by=p.specialist)
    p.now += dt.timedelta(minutes=1)
    with pytest.raises(SupplementTooLate) as refused:
        ask(p, late, by=p.specialist)
    assert "3 ngày làm việc" in str(refused.value)
    assert "08:00 19/11/2026" in str(refused.value)
    assert Dossier.objects.get(pk=late.pk).state == "processing"


def test_what_was_checked_and_what_another_agency_answered_stays_in_the_dossier(province):
    """Law: NĐ 61/2018 Điều 19 khoản 3 ý 1
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    Law: NĐ 61/2018 Điều 19 khoản 5 ý 1
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    """
    p = province
    dossier = p.accepted()
    p.walk(dossier, "tham_dinh:xin_xac_nhan")
    asked = p.open_step(dossier, "xac_nhan_xa")
    card = next(
        step for step in dossier_card(dossier, by=p.specialist, now=p.now).open_steps if step.key == asked.key
    )
    assert card.instruction
    assert card.due_at == step_reading(asked, now=p.now).due_at > p.now
    opinion = p.file(by=p.commune, name="bien-ban.jpg")
    complete(
        asked,
        outcome_key="dong_y",
        note="Đã đến xem, có địa điểm.",
        by=p.commune,
        now=p.now,
        opinion_file_id=opinion,
    )
    seen = dossier_card(Dossier.objects.get(pk=dossier.pk), by=p.specialist, now=p.now)
    answered = next(step for step in seen.steps if step.key == asked.key)
    assert (answered.note, answered.done_by) == ("Đã đến xem, có địa điểm.", p.commune.name)
    assert answered.opinion.name == "bien-ban.jpg"
    assert any("Đã đến xem" in str(line.values.get("note")) for line in seen.timeline)


def test_a_refusal_after_appraisal_ends_the_clock_and_late_ones_are_late(province):
    """Law: NĐ 61/2018 Điều 19 khoản 8 ý 2
    Screen: /lam-viec/buoc/<uuid:step_id>/thong-bao-tu-choi/
    """
    p = province
    for days, expected in ((1, Timeliness.EARLY), (9, Timeliness.LATE)):
        p.now = NOW
        dossier = p.accepted()
        p.walk(dossier, "tham_dinh:de_nghi_tu_choi", "duyet_tu_choi:dong_y_tu_choi")
        p.now = NOW + dt.timedelta(days=days)
        step = StepRun.objects.get(dossier=dossier, state="open")
        announce_refusal(step, reason="", by=p.who(step), now=p.now)
        dossier.refresh_from_db()
        assert dossier_reading(dossier, now=p.now + dt.timedelta(days=30)).timeliness == expected


def test_every_shipped_procedure_bears_a_field_code_of_the_law(province):
    """Law: TT 01/2018 Điều 20
    Screen: /quan-tri/thu-tuc/
    """
    codes = list(Procedure.objects.values_list("field_code", flat=True))
    assert codes
    assert [code for code in codes if not re.fullmatch(r"[A-Z]\d{2}-[A-ZĐ0-9]{1,8}", code)] == []


# The words of each form in the order in which it draws them.
DRAWN = {
    "receipt": (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Mã hồ sơ:",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "đã tiếp nhận hồ sơ của:",
        "Địa chỉ:",
        "Số điện thoại:",
        "Email:",
        "Nội dung yêu cầu giải quyết:",
        "Thành phần hồ sơ nộp gồm:",
        "Số lượng hồ sơ:",
        "Thời gian giải quyết hồ sơ theo quy định:",
        "Thời gian nhận hồ sơ:",
        "Thời gian trả kết quả giải quyết hồ sơ:",
        "Đăng ký nhận kết quả tại:",
        "Vào Sổ theo dõi hồ sơ, Quyển số: 2026, Số thứ tự:",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ),
    "supplement": (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 01/HDHS",
        "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        "Hồ sơ của:",
        "Địa chỉ:",
        "Nội dung yêu cầu giải quyết:",
        "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:",
        "1. Chụp lại cho rõ",
        "2. Ghi lại địa chỉ",
        "Lý do: Ảnh mờ",
        "Ông/Bà bổ sung chậm nhất lúc",
        "năm 2026",
        "Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc",
        "NGƯỜI HƯỚNG DẪN",
    ),
    "refusal": (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 01/TBTC",
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Hồ sơ của:",
        "Nội dung yêu cầu giải quyết:",
        "thông báo không tiếp nhận",
        "Không đủ điều kiện.",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ),
    "rejection": (
        "Số: 02/TBTC",
        "THÔNG BÁO TỪ CHỐI GIẢI QUYẾT HỒ SƠ",
        "Hồ sơ của:",
        "Hồ sơ đã được tiếp nhận lúc",
        "Qua thẩm định,",
        "thông báo từ chối giải quyết hồ sơ này",
        "Không đủ điều kiện.",
    ),
}


@pytest.mark.parametrize("profile", ["VN2018", "VN2026:four_levels"])
def test_forms_01_to_03_are_laid_out_as_both_circulars_draw_them(province, settings, profile):
    """Law: TT 01/2018 Điều 9 Mẫu 01
    Screen: /lam-viec/van-ban/<uuid:paper_id>/
    Law: TT 01/2018 Điều 9 Mẫu 02
    Screen: /lam-viec/van-ban/<uuid:paper_id>/
    Law: TT 01/2018 Điều 9 Mẫu 03
    Screen: /lam-viec/van-ban/<uuid:paper_id>/
    Law: TT 03/2025 Mẫu 01
    Screen: /lam-viec/van-ban/<uuid:paper_id>/
    Law: TT 03/2025 Mẫu 02
    Screen: /lam-viec/van-ban/<uuid:paper_id>/
    Law: TT 03/2025 Mẫu 03
    Screen: /lam-viec/van-ban/<uuid:paper_id>/

    What was appraised and refused is told by a notice of its own: no circular gives it a form.
    """
    settings.LEGAL_PROFILE = profile
    p = province
    asked, refused = p.accepted(), p.accepted()
    ask(p, asked)
    refuse(p.submitted(), reason="Không đủ điều kiện.", by=p.clerk, now=p.now)
    p.do(refused, "tham_dinh", "de_nghi_tu_choi", note="Không đủ điều kiện.")
    p.do(refused, "duyet_tu_choi", "dong_y_tu_choi")
    step = StepRun.objects.get(dossier=refused, state="open")
    announce_refusal(step, reason="", by=p.who(step), now=p.now)
    for form, said in DRAWN.items():
        paper = Paper.objects.filter(form=form).first()
        number = {"receipt": "01", "supplement": "02", "refusal": "03"}.get(form)
        assert paper.content.get("form_number") == number
        words, size = drawn(paper)
        places = [words.find(one) for one in said]
        assert -1 not in places, (form, [one for one, at in zip(said, places, strict=True) if at < 0])
        assert places == sorted(places), form
        assert size == [148, 210]


def drawn(paper):
    content = {**paper.content, "number": paper.number, "qr": qr_svg(paper.content["follow"]), "note": None}
    for fee in content.get("fees", []):
        fee["amount"] = str(fee["amount"])
    pages = pypdfium2.PdfDocument(render_paper(TEMPLATES / f"{paper.form}.typ", content).content)
    words = " ".join("".join(page.get_textpage().get_text_range() for page in pages).split())
    return words, sorted(round(side / 72 * 25.4) for side in pages[0].get_size())


def test_the_letter_of_2025_bears_its_own_title(province, settings):
    """Law: TT 03/2025 Mẫu 04
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/xin-loi/
    """
    from dinh.onestop.queries.papers import apology_content

    settings.LEGAL_PROFILE = "VN2026:four_levels"
    p = province
    content = apology_content(
        p.accepted(),
        reason="Mưa lũ.",
        old_due_at=NOW,
        new_due_at=NOW + dt.timedelta(days=2),
        lines=["CHỦ TỊCH"],
        signer="Nguyễn Văn Mẫu",
        by=p.deputy,
        now=NOW,
    )
    words, size = drawn(Paper(form="apology", content=content))
    assert "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT" in words
    assert "Lý do: Mưa lũ." in words
    assert size == [148, 210]


def test_one_portal_and_one_system_serve_all_three_levels(three_level_province, client):
    """Procedures of the province, its districts and communes stand in one list; their dossiers in one table,
    each seen from the same screen by whoever handles it.

    Law: NĐ 61/2018 Điều 25 ý 1
    Screen: /thu-tuc/
    """
    p = three_level_province
    page = client.get("/thu-tuc/").content.decode()
    for code, (answers, agency) in ANSWERS.items():
        dossier = p.accepted(code=code, agency=agency, answers=answers)
        assert f"/thu-tuc/{code}/" in page
        assert dossier.code.startswith(agency)
        step = StepRun.objects.filter(dossier=dossier, state="open").first()
        assert step is not None
        assert visible_dossiers(p.who(step)).filter(pk=dossier.pk).exists()
    levels = {row.level for row in Procedure.objects.filter(code__in=ANSWERS)}
    assert levels == {"province", "district", "commune"}


def test_the_code_stands_on_the_receipt_as_a_qr_code_that_leads_to_the_dossier(
    signing_province, run_jobs, monkeypatch, client
):
    """Law: TT 01/2018 Điều 19 ý 2
    Screen: /tra-cuu/
    """
    drawn: list[str] = []

    def watched(text: str, **options: object) -> str:
        drawn.append(text)
        return qr_svg(text, **options)

    monkeypatch.setattr(papers, "qr_svg", watched)
    dossier = signing_province.accepted()
    run_jobs()
    receipt = Paper.objects.get(dossier=dossier, form="receipt")
    assert receipt.file_id is not None
    assert f"{settings.PUBLIC_ADDRESS}/tra-cuu/?ma={dossier.code}" in drawn
    assert dossier.code in client.get(f"/tra-cuu/?ma={dossier.code}").content.decode()

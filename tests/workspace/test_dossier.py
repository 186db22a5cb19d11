"""One dossier on one screen: what is next, the paper beside it, refusals at their place."""

import re

import pytest

from dinh.foundation.actions.public import system
from dinh.foundation.directory.models import Position, Role
from dinh.foundation.directory.public import grant, unit_by_code
from dinh.kernel.text import fold
from dinh.onestop.models import Dossier, DossierPart, Paper, Supplement
from dinh.onestop.public import claim, complete, draft_result, first_content
from tests.workspace.conftest import accepted, source, statements, words

pytestmark = pytest.mark.django_db


def page_of(dossier):
    return f"/lam-viec/ho-so/{dossier.id}/"


def test_what_is_next_and_whose_stands_on_top(province, seat):
    dossier = province.submitted()
    shown = words(seat("motcua.dinhson").get(page_of(dossier)))
    assert "Việc tiếp theo Tiếp nhận hồ sơ" in shown
    assert "chưa ai nhận" in shown
    assert shown.index("Việc tiếp theo") < shown.index("Nội dung khai")


def test_a_page_has_one_primary_action(province, seat):
    dossier = accepted(province)
    for username in ("chuyenvien.tckh.dinhson", "motcua.dinhson"):
        page = source(seat(username).get(page_of(dossier)))
        main = page[page.index("<main") : page.index("</main>")]
        assert len(re.findall("btn-primary", main)) == (1 if username.startswith("chuyenvien") else 0)


def test_only_the_open_paper_is_loaded(province, seat):
    dossier = accepted(province)
    run_jobs_without_keys(dossier)
    client = seat("motcua.dinhson")
    page = source(client.get(page_of(dossier)))
    assert len(re.findall(r"<(?:object|img)[^>]+/lam-viec/(?:giay-to|van-ban)/", page)) == 1
    part = DossierPart.objects.get(dossier=dossier)
    assert f"/lam-viec/giay-to/{part.id}/" in page
    paper = Paper.objects.get(dossier=dossier, form="receipt")
    other = source(client.get(f"{page_of(dossier)}?xem=vb-{paper.id}"))
    assert f'data="/lam-viec/van-ban/{paper.id}/"' in other
    assert f"/lam-viec/giay-to/{part.id}/" not in other


def run_jobs_without_keys(dossier):
    """Papers as they are once the worker has signed them; here their file stands in for the signed one."""
    part = DossierPart.objects.get(dossier=dossier)
    file = part.file
    type(file).objects.filter(pk=file.pk).update(media_type="application/pdf")
    Paper.objects.filter(dossier=dossier).update(file=file, state="ready")


def test_a_paper_that_is_being_signed_asks_again_until_it_is_there(province, seat):
    dossier = accepted(province)
    client = seat("motcua.dinhson")
    small = f"{page_of(dossier)}van-ban/"
    waiting = source(client.get(small))
    assert "Đang lập và ký số" in waiting
    assert f'hx-get="{small}' in waiting
    assert "<main" not in waiting
    run_jobs_without_keys(dossier)
    ready = source(client.get(small))
    assert "hx-trigger" not in ready
    assert ready.count("Đã ký số") == 2
    assert seat("congchuc.anmau.dinhson").get(small).status_code == 404


def test_the_page_costs_a_bounded_number_of_statements(province, seat):
    asked = statements(seat("motcua.dinhson"), page_of(accepted(province)))
    assert len(asked) <= 30, "\n".join(asked)


def test_a_dossier_of_another_commune_is_not_found_nor_its_files(province, seat):
    dossier = accepted(province)
    part = DossierPart.objects.get(dossier=dossier)
    paper = Paper.objects.filter(dossier=dossier).first()
    step = province.open_step(dossier, "tham_dinh")
    client = seat("congchuc.anmau.dinhson")
    for address in (
        page_of(dossier),
        f"/lam-viec/giay-to/{part.id}/",
        f"/lam-viec/van-ban/{paper.id}/",
        f"{page_of(dossier)}ket-qua/",
        f"/lam-viec/buoc/{step.id}/y-kien/",
    ):
        assert client.get(address).status_code == 404, address
    for verb in ("nhan", "xu-ly", "du-thao", "tra-lai"):
        assert client.post(f"/lam-viec/buoc/{step.id}/{verb}/").status_code == 404, verb
    assert client.post(f"{page_of(dossier)}bo-sung/").status_code == 404


def test_accept_is_for_the_desk_that_received(province, seat):
    dossier = province.submitted()
    accept = f"{page_of(dossier)}tiep-nhan/"
    assert seat("chutich.dinhson").post(accept).status_code == 403
    assert seat("motcua.binhmau.dinhson").post(accept).status_code == 404
    assert seat("motcua.dinhson").post(accept).status_code == 302
    again = seat("motcua.dinhson").post(accept)
    assert again.status_code == 409
    assert "error-summary" in source(again)


def test_a_refusal_without_reason_comes_back_at_its_place(province, seat):
    dossier = province.submitted()
    client = seat("motcua.dinhson")
    answer = client.post(f"{page_of(dossier)}tu-choi/", {"refusal": " "})
    page = source(answer)
    assert answer.status_code == 409
    assert 'href="#f-refusal"' in page
    assert re.search(r'<details class="more" open><summary>.*Từ chối hồ sơ', page)
    assert (
        client.post(f"{page_of(dossier)}tu-choi/", {"refusal": "Không thuộc thẩm quyền"}).status_code == 302
    )
    dossier.refresh_from_db()
    assert dossier.state == "refused"
    assert "Hồ sơ không còn bước nào đang mở." in words(client.get(page_of(dossier)))


def test_a_supplement_names_its_papers_and_is_asked_once(province, seat):
    """Law: NĐ 61/2018 Điều 11 khoản 2 điểm c
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/bo-sung/
    Law: NĐ 61/2018 Điều 17 khoản 1 ý 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/bo-sung/
    """
    dossier = accepted(province)
    client = seat("chuyenvien.tckh.dinhson")
    address = f"{page_of(dossier)}bo-sung/"
    empty = client.post(address, {"text-giay_to_phap_ly": "Chụp lại mặt sau", "reason": ""})
    assert empty.status_code == 409
    assert 'value="Chụp lại mặt sau"' in source(empty)
    assert 'href="#f-reason"' in source(empty)
    nothing = client.post(address, {"reason": "Thiếu"})
    assert 'href="#f-text-"' in source(nothing)
    sent = client.post(address, {"text-giay_to_phap_ly": "Chụp lại mặt sau", "reason": "Ảnh mờ"})
    assert sent.status_code == 302
    asked = Supplement.objects.get(dossier=dossier)
    assert asked.items == [{"document": "giay_to_phap_ly", "text": "Chụp lại mặt sau"}]
    page = words(client.get(page_of(dossier)))
    assert "Đang chờ công dân bổ sung" in page
    assert "Chụp lại mặt sau" in page
    assert client.post(address, {"text-": "Nữa", "reason": "Nữa"}).status_code == 409
    assert seat("vanthu.dinhson").post(address, {"text-": "x", "reason": "y"}).status_code in (403, 404)


def test_a_step_is_worked_on_by_its_role_alone(province, seat):
    dossier = accepted(province)
    step = province.open_step(dossier, "tham_dinh")
    claim_it = f"/lam-viec/buoc/{step.id}/nhan/"
    assert seat("truongphong.tckh.dinhson").post(claim_it).status_code == 403
    assert seat("motcua.dinhson").post(claim_it).status_code == 403
    assert seat("chuyenvien.tckh.dinhson").post(claim_it).status_code == 302
    page = words(seat("motcua.dinhson").get(page_of(dossier)))
    assert "Ông/Bà xem được hồ sơ nhưng không xử lý bước này." in page


def test_sending_back_without_a_reason_keeps_the_page_at_the_note(province, seat):
    dossier = accepted(province)
    p = province
    claim(p.open_step(dossier, "tham_dinh"), by=p.specialist, now=p.now)
    complete(
        p.open_step(dossier, "tham_dinh"), outcome_key="xin_xac_nhan", note="", by=p.specialist, now=p.now
    )
    complete(p.open_step(dossier, "xac_nhan_xa"), outcome_key="dong_y", note="Có.", by=p.commune, now=p.now)
    drafting = p.open_step(dossier, "lap_ket_qua")
    draft_result(drafting, content=first_content(dossier), by=p.specialist, now=p.now)
    shown = source(seat("chuyenvien.tckh.dinhson").get(page_of(dossier)))
    assert f'data="{page_of(dossier)}ket-qua/"' in shown
    assert 'name="field-chu_ho"' in shown
    complete(drafting, outcome_key="trinh_duyet", note="", by=p.specialist, now=p.now)
    review = p.open_step(dossier, "duyet")
    client = seat("truongphong.tckh.dinhson")
    send_back = f"/lam-viec/buoc/{review.id}/tra-buoc/"
    answer = client.post(send_back, {"outcome": "tra_lai", "about": "kq"})
    assert answer.status_code == 409
    assert f'href="#f-back-{review.id}"' in source(answer)
    answer = client.post(send_back, {"outcome": "tra_lai", f"back-{review.id}": "Ghi rõ vốn"})
    assert answer.status_code == 409
    assert 'href="#f-about"' in source(answer)
    assert "Ghi rõ vốn</textarea>" in source(answer)
    answer = client.post(
        send_back, {"outcome": "tra_lai", f"back-{review.id}": "Ghi rõ vốn", "about": ["kq", "muc:von"]}
    )
    assert answer.status_code == 302
    steps = words(client.get(f"{page_of(dossier)}?phan=cac-buoc"))
    assert "Ghi rõ vốn" in steps
    again = words(seat("chuyenvien.tckh.dinhson").get(page_of(dossier)))
    assert "Được trả lại để xem lại" in again
    assert "Xem lại: Dự thảo kết quả, Vốn kinh doanh" in again
    listed = words(seat("chuyenvien.tckh.dinhson").get("/lam-viec/"))
    assert "Lập kết quả sau khi có xác nhận Bị trả lại" in listed


def test_an_undo_is_offered_by_the_name_of_what_was_done_and_not_beside_a_refusal(province, seat):
    dossier = accepted(province)
    step = province.open_step(dossier, "tham_dinh")
    client = seat("chuyenvien.tckh.dinhson")
    assert client.post(f"/lam-viec/buoc/{step.id}/nhan/").status_code == 302
    assert f"Ông/Bà vừa nhận xử lý bước “{step.name}”" in words(client.get(page_of(dossier)))
    refused = client.post(f"/lam-viec/buoc/{step.id}/xu-ly/", {"outcome": "trinh_duyet"})
    assert refused.status_code == 409
    assert "Ông/Bà vừa" not in words(refused)
    assert f"/lam-viec/buoc/{step.id}/hoan-tac/" not in source(refused)


def test_what_a_draft_says_otherwise_than_was_declared_is_marked_up_to_the_signature(province, seat):
    p = province
    dossier = accepted(p)
    p.walk(dossier, "tham_dinh:xin_xac_nhan", "xac_nhan_xa:dong_y")
    step = p.open_step(dossier, "lap_ket_qua")
    declared = first_content(dossier)["chu_ho"]
    draft_result(step, content=first_content(dossier), by=p.who(step), now=p.now)
    drafting = seat("chuyenvien.tckh.dinhson")
    assert "Người nộp khai" not in words(drafting.get(page_of(dossier)))
    other = first_content(dossier) | {"chu_ho": "Người Khác"}
    draft_result(step, content=other, by=p.who(step), now=p.now)
    page = words(drafting.get(page_of(dossier)))
    assert f"Khác nội dung khai. Người nộp khai: {declared}." in page
    mark = f"Người Khác . Người nộp khai: {declared}."
    p.walk(dossier, "lap_ket_qua:trinh_duyet")
    assert mark in words(seat("truongphong.tckh.dinhson").get(page_of(dossier)))
    p.walk(dossier, "duyet:trinh_ky")
    signing = seat("phochutich.dinhson").get(page_of(dossier))
    said = words(signing)
    assert mark in said
    assert "Bấm Ký số là ký 1 văn bản:" in said
    assert f"{dossier.version.parts.result.name} , 1 bản, 1 trang; cấp cho" in said
    assert "Ký với tư cách: TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH, PHÓ CHỦ TỊCH" in said
    assert 'data-confirm="Ký số 1 văn bản nêu trên?' in source(signing)
    # Who may not sign reads no list.
    assert "Bấm Ký số" not in words(drafting.get(page_of(dossier)))


def test_why_somebody_sees_a_dossier_is_asked_by_who_grants_rights(province, seat):
    dossier = accepted(province)
    address = f"{page_of(dossier)}?phan=dien-bien"
    assert "Vì sao người này xem được" not in words(seat("motcua.dinhson").get(address))
    position = Position.objects.get(pk=province.clerk.position_id)
    role = Role.objects.get(code="administrator")
    grant(position, role=role, scope="province", unit=unit_by_code("H99"), by=system("test"))
    page = source(seat("motcua.dinhson").get(address))
    why = re.search(r'href="([^"]+)">Vì sao người này xem được hồ sơ', page)[1]
    assert seat("motcua.dinhson").get(why).status_code == 200


def test_search_finds_code_name_and_phone_among_visible_dossiers(province, seat):
    dossier = accepted(province)
    name = dossier.applicant_name
    clerk, other = seat("motcua.dinhson"), seat("congchuc.anmau.dinhson")
    for asked in (dossier.code, dossier.code.lower(), name, dossier.applicant_phone):
        assert dossier.code in words(clerk.get("/lam-viec/tim/", {"q": asked})), asked
        assert dossier.code not in words(other.get("/lam-viec/tim/", {"q": asked})), asked
    assert dossier.code in words(clerk.get("/lam-viec/tim/", {"q": fold(name)}))
    assert Dossier.objects.count() == 1


def test_who_decides_reads_what_was_said_before_beside_the_decision(province, seat):
    dossier = province.accepted()
    province.do(dossier, "tham_dinh", note="Phòng cháy chưa nghiệm thu.")
    page = words(seat("truongphong.tckh.dinhson").get(f"/lam-viec/ho-so/{dossier.pk}/"))
    assert "Phòng cháy chưa nghiệm thu." in page.partition("Ý kiến ở các bước trước")[2]
    # Who cannot decide anything has the tab of the steps.
    assert "Ý kiến ở các bước trước" not in words(
        seat("motcua.dinhson").get(f"/lam-viec/ho-so/{dossier.pk}/")
    )

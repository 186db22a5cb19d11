"""One's own dossiers: where each is, supplements, withdrawal, result and rating; nobody else's."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dinh.foundation.files.public import open_content
from dinh.onestop.models import Dossier, DossierPart, Paper, Rating, StepRun
from dinh.onestop.public import (
    accept,
    ask_supplement,
    claim,
    complete,
    draft_result,
    first_content,
    issue_result,
    refuse,
    sign_result,
)
from tests.portal.conftest import photo, sentences, signed_in, words


def asked(dossier, province) -> None:
    accept(dossier, by=province.clerk, now=province.now)
    ask_supplement(
        dossier,
        items=[{"document": "giay_to_phap_ly", "text": "Ảnh mờ, hãy chụp lại."}],
        reason="Giấy tờ chưa đọc được.",
        contact="0900 000 222",
        by=province.clerk,
        now=province.now,
    )


def issued(province):
    """A dossier whose result is signed, numbered and sealed."""
    p = province
    dossier = p.submitted()
    accept(dossier, by=p.clerk, now=p.now)
    claim(p.open_step(dossier, "tham_dinh"), by=p.specialist, now=p.now)
    dossier.refresh_from_db()
    draft_result(
        p.open_step(dossier, "tham_dinh"), content=first_content(dossier), by=p.specialist, now=p.now
    )
    complete(
        p.open_step(dossier, "tham_dinh"), outcome_key="trinh_duyet", note="", by=p.specialist, now=p.now
    )
    complete(p.open_step(dossier, "duyet"), outcome_key="trinh_ky", note="", by=p.head, now=p.now)
    sign_result(p.open_step(dossier, "ky"), by=p.deputy, now=p.now)
    issue_result(p.open_step(dossier, "phat_hanh"), by=p.records, now=p.now)
    dossier.refresh_from_db()
    return dossier


def test_the_list_says_what_each_dossier_waits_for(citizen, province):
    assert "chưa nộp hồ sơ nào" in words(citizen.get("/ho-so-cua-toi/"))
    waiting, accepted = province.submitted(), province.submitted()
    accept(accepted, by=province.clerk, now=province.now)
    page = words(citizen.get("/ho-so-cua-toi/"))
    assert waiting.request_code in page
    assert "Cơ quan trả lời trước" in page
    assert "Hẹn trả kết quả" in page
    assert page.count("còn phí, lệ phí phải nộp") == 1
    province.pay(accepted, "result")
    assert "còn phí, lệ phí phải nộp" not in words(citizen.get("/ho-so-cua-toi/"))


def test_a_long_list_goes_on_at_the_next_page(citizen, province):
    dossier = province.submitted()
    for number in range(25):
        dossier.pk = uuid.UUID(int=dossier.pk.int - 1 - number)
        dossier.request_code = f"YC-THU{number:02d}"
        dossier._state.adding = True
        dossier.save(force_insert=True)
    first = citizen.get("/ho-so-cua-toi/").content.decode()
    older = re.search(r'href="(/ho-so-cua-toi/\?sau=[^"]+)"', first)
    assert first.count("dossier-row") == 20
    assert citizen.get(older[1]).content.decode().count("dossier-row") == 6
    assert citizen.get("/ho-so-cua-toi/?sau=x").status_code == 200


def test_a_dossiers_page_explains_when_it_is_due(citizen, province):
    dossier = province.submitted()
    accept(dossier, by=province.clerk, now=province.now)
    page = words(citizen.get(f"/ho-so-cua-toi/{dossier.id}/"))
    assert "H99.31-261116-0001" in page
    assert "Vì sao là ngày này?" in page
    assert "Thứ Ba" in page or "thứ Ba" in page
    assert "Đã tiếp nhận hồ sơ, mã hồ sơ H99.31-261116-0001" in page


def test_its_owner_sees_down_to_the_division_where_a_dossier_is(citizen, visitor, province):
    """Law: TT 01/2018 Điều 16 khoản 2 ý 5
    Screen: /ho-so-cua-toi/<uuid:dossier_id>/
    """
    dossier = province.submitted()
    accept(dossier, by=province.clerk, now=province.now)
    dossier.refresh_from_db()
    division = StepRun.objects.get(dossier=dossier, state="open").unit.name
    assert f"Đang ở: {division}" in words(citizen.get(f"/ho-so-cua-toi/{dossier.id}/"))
    assert division not in words(visitor.get("/tra-cuu/", {"ma": dossier.code}))


def test_officials_notes_do_not_show_to_the_citizen(citizen, province):
    dossier = province.submitted()
    accept(dossier, by=province.clerk, now=province.now)
    claim(province.open_step(dossier, "tham_dinh"), by=province.specialist, now=province.now)
    complete(
        province.open_step(dossier, "tham_dinh"),
        outcome_key="xin_xac_nhan",
        note="Ghi chú riêng của phòng",
        by=province.specialist,
        now=province.now,
    )
    page = words(citizen.get(f"/ho-so-cua-toi/{dossier.id}/"))
    assert "Ghi chú riêng" not in page
    assert province.specialist.name not in page


def test_a_refusal_shows_its_reason(citizen, province):
    dossier = province.submitted()
    refuse(dossier, reason="Ngoài địa bàn của huyện.", by=province.clerk, now=province.now)
    page = words(citizen.get(f"/ho-so-cua-toi/{dossier.id}/"))
    assert "Không được tiếp nhận" in page
    assert "Lý do: Ngoài địa bàn của huyện." in page
    assert "Còn phải nộp" not in page


# ---- supplements ----


def test_a_supplement_is_given_without_a_script(citizen, province):
    dossier = province.submitted()
    asked(dossier, province)
    address = f"/ho-so-cua-toi/{dossier.id}/bo-sung/"
    assert address in citizen.get(f"/ho-so-cua-toi/{dossier.id}/").content.decode()
    assert "Ảnh mờ, hãy chụp lại." in words(citizen.get(address))
    answer = citizen.post(address, {"giay_to_phap_ly": photo("Chụp lại.jpg"), "note": ""})
    assert answer.status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == "processing"
    current = DossierPart.objects.get(dossier=dossier, replaced_at=None)
    assert current.file.name == "Chụp lại.jpg"
    assert "đã thay bằng bản mới" in words(citizen.get(f"/ho-so-cua-toi/{dossier.id}/"))


def test_a_supplement_is_given_with_files_sent_one_by_one(citizen, province):
    dossier = province.submitted()
    asked(dossier, province)
    address = f"/ho-so-cua-toi/{dossier.id}/bo-sung/"
    line = citizen.post(f"{address}giay_to_phap_ly/", {"file": photo("Một.jpg")}).content.decode()
    token = re.search(r'name="kept" value="([^"]+)"', line)[1]
    assert citizen.post(address, {"kept": token, "note": ""}).status_code == 302
    assert DossierPart.objects.get(dossier=dossier, replaced_at=None).file.name == "Một.jpg"


def test_a_supplement_without_its_paper_is_refused_and_keeps_what_was_given(citizen, province):
    dossier = province.submitted()
    asked(dossier, province)
    address = f"/ho-so-cua-toi/{dossier.id}/bo-sung/"
    answer = citizen.post(address, {"note": ""})
    assert answer.status_code == 422
    assert "Chưa có tệp cho “Giấy tờ pháp lý của chủ hộ kinh doanh”" in sentences(answer)[0]
    both = {"giay_to_phap_ly": [photo("Tốt.jpg"), SimpleUploadedFile("Trống.pdf", b"")], "note": "Tôi gửi"}
    answer = citizen.post(address, both)
    assert answer.status_code == 422
    assert "0 byte" in sentences(answer)[0]
    assert "Tốt.jpg" in words(answer)
    assert "Tôi gửi" in words(answer)
    dossier.refresh_from_db()
    assert dossier.state == "supplement"


def test_files_of_another_dossier_cannot_be_slipped_into_a_supplement(citizen, province):
    mine, other = province.submitted(), province.submitted()
    asked(mine, province)
    asked(other, province)
    line = citizen.post(
        f"/ho-so-cua-toi/{other.id}/bo-sung/giay_to_phap_ly/", {"file": photo("Một.jpg")}
    ).content.decode()
    token = re.search(r'name="kept" value="([^"]+)"', line)[1]
    for wrong in (token, token + "x", str(uuid.uuid4())):
        answer = citizen.post(f"/ho-so-cua-toi/{mine.id}/bo-sung/", {"kept": wrong, "note": ""})
        assert answer.status_code == 422


def test_a_supplement_that_nobody_asked_for_is_not_taken(citizen, province):
    dossier = province.submitted()
    answer = citizen.post(f"/ho-so-cua-toi/{dossier.id}/bo-sung/", {"note": "x"})
    assert answer["Location"] == f"/ho-so-cua-toi/{dossier.id}/"
    dossier.refresh_from_db()
    assert dossier.state == "submitted"
    assert (
        citizen.post(f"/ho-so-cua-toi/{dossier.id}/bo-sung/giay_to_phap_ly/", {"file": photo()}).status_code
        == 404
    )


# ---- withdrawal and rating ----


def test_a_dossier_is_withdrawn_once(citizen, province):
    dossier = province.submitted()
    address = f"/ho-so-cua-toi/{dossier.id}/rut/"
    assert citizen.get(address).status_code == 200
    assert citizen.post(address, {"reason": "Đổi ý"}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == "withdrawn"
    assert "không rút được nữa" in words(citizen.get(address))
    assert citizen.post(address, {"reason": "Lại"}).status_code == 409


def test_a_result_waits_for_its_fees(signing_province):
    dossier = issued(signing_province)
    citizen = signed_in("congdan")
    base = f"/ho-so-cua-toi/{dossier.id}/"
    page = words(citizen.get(base))
    assert "Nộp phí, lệ phí rồi thì Ông/Bà tải được bản điện tử" in page
    assert "Tải kết quả" not in page
    assert citizen.get(f"{base}ket-qua/").status_code == 404
    assert "01/GCN-HKD" not in words(citizen.get("/giay-to-cua-toi/"))
    signing_province.pay(dossier, "result")
    assert "Tải kết quả" in words(citizen.get(base))
    assert citizen.get(f"{base}ket-qua/").status_code == 200


def test_a_result_is_downloaded_checked_and_rated(signing_province, run_jobs):
    """Law: NĐ 61/2018 Điều 20 ý 2
    Screen: /ho-so-cua-toi/<uuid:dossier_id>/ket-qua/
    Law: NĐ 61/2018 Điều 25 ý 3
    Screen: /ho-so-cua-toi/<uuid:dossier_id>/danh-gia/
    Law: NĐ 61/2018 Điều 31
    Screen: /ho-so-cua-toi/<uuid:dossier_id>/danh-gia/
    Law: TT 01/2018 Điều 16 khoản 2 ý 8
    Screen: /ho-so-cua-toi/<uuid:dossier_id>/danh-gia/
    Law: TT 01/2018 Điều 17 ý 3
    Screen: /ho-so-cua-toi/<uuid:dossier_id>/danh-gia/
    """
    dossier = issued(signing_province)
    signing_province.pay(dossier, "result")
    citizen = signed_in("congdan")
    base = f"/ho-so-cua-toi/{dossier.id}/"
    assert "01/GCN-HKD" in words(citizen.get(base))
    result = citizen.get(f"{base}ket-qua/")
    assert "attachment" in result["Content-Disposition"]
    pdf = b"".join(result.streaming_content)
    report = words(citizen.get(f"{base}chu-ky/"))
    assert "Mọi chữ ký số đều hợp lệ, nội dung còn nguyên vẹn." in report
    assert signing_province.deputy.name in report

    visitor = signed_in("congdan2")
    alone = words(visitor.post("/kiem-tra-ket-qua/", {"tep": SimpleUploadedFile("kq.pdf", pdf)}))
    assert "Tệp này là kết quả do cơ quan sau cấp" in alone
    assert "01/GCN-HKD" in alone
    elsewhere = {"ma": "H99.31-261116-0404", "tep": SimpleUploadedFile("kq.pdf", pdf)}
    assert "01/GCN-HKD" not in words(visitor.post("/kiem-tra-ket-qua/", elsewhere))
    page = words(visitor.get(f"/kiem-tra-ket-qua/?ma={dossier.code.lower()}"))
    assert "01/GCN-HKD" in page
    for secret in (dossier.applicant_name, "Tạp hóa Bình Minh", dossier.request_code):
        assert secret not in page
    sent = {"ma": dossier.code, "tep": SimpleUploadedFile("kq.pdf", pdf)}
    assert "Đúng tệp gốc" in words(visitor.post("/kiem-tra-ket-qua/", sent))
    sent = {"ma": dossier.code, "tep": SimpleUploadedFile("kq.pdf", pdf + b"\n% them\n")}
    assert "Không phải tệp gốc" in words(visitor.post("/kiem-tra-ket-qua/", sent))

    # A paper of the desk is named as well: which it is, of which agency, not whose.
    run_jobs()
    receipt = Paper.objects.select_related("file").get(dossier=dossier, form="receipt")
    with open_content(receipt.file_id) as stream:
        content = stream.read()
    page = words(visitor.post("/kiem-tra-ket-qua/", {"tep": SimpleUploadedFile("a.pdf", content)}))
    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in page
    for told in (dossier.code, dossier.agency.name, f"{dossier.reception_unit.name} Hợp lệ"):
        assert told in page
    assert dossier.applicant_name not in page
    elsewhere = {"ma": "H99.31-261116-0404", "tep": SimpleUploadedFile("a.pdf", content)}
    assert "Tệp này là giấy tờ" not in words(visitor.post("/kiem-tra-ket-qua/", elsewhere))

    answer = citizen.post(f"{base}danh-gia/", {"ease": "3"})
    assert answer.status_code == 422
    assert sentences(answer) == ["Hãy chọn một câu trả lời về mức độ hài lòng chung."]
    given = {"overall": "3", "ease": "2", "comment": "Nhanh"}
    assert citizen.post(f"{base}danh-gia/", given).status_code == 302
    assert Rating.objects.get().ease == 2
    again = citizen.post(f"{base}danh-gia/", {"overall": "1"})
    assert "đã đánh giá hồ sơ này rồi" in words(again)
    assert Rating.objects.get().overall == 3


def test_a_dossier_without_result_is_not_rated_and_has_nothing_to_download(citizen, province):
    dossier = province.submitted()
    base = f"/ho-so-cua-toi/{dossier.id}/"
    answer = citizen.post(f"{base}danh-gia/", {"overall": "3"})
    assert "chưa đánh giá được" in words(answer)
    assert citizen.get(f"{base}ket-qua/").status_code == 404
    assert citizen.get(f"{base}chu-ky/").status_code == 404


# ---- strangers ----

PAGES = ("", "da-nop/", "bien-nhan/", "rut/", "danh-gia/", "bo-sung/", "ket-qua/", "chu-ky/")


@pytest.mark.parametrize("page", PAGES)
def test_somebody_elses_dossier_is_not_found(citizen, stranger, province, page):
    dossier = province.submitted()
    address = f"/ho-so-cua-toi/{dossier.id}/{page}"
    missing = f"/ho-so-cua-toi/{uuid.uuid4()}/{page}"
    for client in (stranger, citizen):
        assert client.get(missing).status_code == 404
    theirs, nothing = stranger.get(address), stranger.get(missing)
    assert theirs.status_code == 404
    assert words(theirs) == words(nothing)
    assert stranger.post(address, {"overall": "3", "reason": "x", "note": "x"}).status_code in (404, 405)
    dossier.refresh_from_db()
    assert dossier.state == "submitted"


def test_files_of_somebody_elses_dossier_are_not_found(signing_province, run_jobs):
    dossier = signing_province.submitted()
    run_jobs()
    part, paper = DossierPart.objects.get(dossier=dossier), Paper.objects.get(dossier=dossier)
    for address in (f"/ho-so-cua-toi/giay-to/{part.id}/", f"/ho-so-cua-toi/van-ban/{paper.id}/"):
        assert signed_in("congdan").get(address).status_code == 200
        assert signed_in("congdan2").get(address).status_code == 404
        assert signed_in("motcua.dinhson").get(address).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_is_asked_to_sign_in(visitor, province, page):
    dossier = province.submitted()
    answer = visitor.get(f"/ho-so-cua-toi/{dossier.id}/{page}")
    assert answer["Location"].startswith("/dang-nhap/?next=")
    assert Dossier.objects.get().state == "submitted"


def test_a_refused_dossier_is_filed_again_from_its_page(citizen, stranger, province):
    dossier = province.submitted()
    address = f"/ho-so-cua-toi/{dossier.id}/"
    running = citizen.post(f"{address}nop-lai/", follow=True)
    assert "còn đang giải quyết nên chưa nộp lại được" in words(running)
    refuse(dossier, reason="Tên trùng với hộ khác.", by=province.clerk, now=province.now)
    assert f'action="{address}nop-lai/"' in citizen.get(address).content.decode()
    assert stranger.post(f"{address}nop-lai/").status_code == 404
    begun = citizen.post(f"{address}nop-lai/", follow=True)
    assert f"Điền sẵn từ hồ sơ {dossier.request_code}" in words(begun)
    assert "Điền tiếp hồ sơ nộp lại" in words(citizen.get(address))
    again = citizen.post(f"{address}nop-lai/", follow=True)
    assert again.redirect_chain == begun.redirect_chain

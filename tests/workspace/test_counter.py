"""The counter: taken in, accepted, receipt in hand; what was typed is kept."""

import re

import pytest

from dinh.onestop.models import Dossier, DossierPart, Paper
from tests.onestop.conftest import picture
from tests.workspace.conftest import source, words

pytestmark = pytest.mark.django_db

PAGE = "/lam-viec/tiep-nhan/1.001612/"
TYPED = {
    "applicant-name": "Trần Văn Mẫu",
    "applicant-identity": "099190000009",
    "applicant-phone": "0900000009",
    "ten_ho": "Tạp hóa Hòa Bình",
    "xa": "H99.31.011",
    "dia_chi": "Thôn 3",
    "nganh_nghe.0.ten": "Bán lẻ tạp hóa",
    "von": "50.000.000",
    "so_lao_dong": "2",
    "chu_the": "ca_nhan",
    "chu_ho.ngay_sinh": "02/03/1990",
    "chu_ho.gioi_tinh": "nu",
    "chu_ho.dia_chi": "Thôn 3, xã Bình Mẫu",
    "cam_ket": "true",
}


def scan():
    file = picture()
    file.name = "CCCD mặt trước.jpg"
    return file


def test_a_person_at_the_counter_leaves_with_a_code_and_a_receipt(province, seat):
    """Law: NĐ 61/2018 Điều 16 ý 1
    Screen: /lam-viec/tiep-nhan/<str:code>/
    Law: NĐ 61/2018 Điều 17 khoản 1 ý 1
    Screen: /lam-viec/tiep-nhan/<str:code>/
    Law: NĐ 61/2018 Điều 17 khoản 1 ý 4
    Screen: /lam-viec/tiep-nhan/xong/<uuid:dossier_id>/
    """
    client = seat("motcua.dinhson")
    sent = client.post(PAGE, {**TYPED, "paper-giay_to_phap_ly": scan()})
    assert sent.status_code == 302, words(sent)
    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.channel) == ("processing", "counter")
    assert dossier.data["chu_ho"]["ho_ten"] == "Trần Văn Mẫu"
    assert dossier.data["chu_ho"]["so_dinh_danh"] == "099190000009"
    done = client.get(sent["Location"])
    assert dossier.code in words(done)
    assert "Đang lập và ký số" in words(done)
    Paper.objects.filter(form="receipt").update(
        file=DossierPart.objects.get(dossier=dossier).file, state="ready"
    )
    small = client.get(sent["Location"], HTTP_HX_REQUEST="true")
    assert "Mở và in giấy tiếp nhận" in words(small)
    assert "hx-trigger" not in source(small)
    assert seat("congchuc.anmau.dinhson").get(sent["Location"]).status_code == 403


def test_a_paper_handed_in_needs_no_scan(province, seat):
    sent = seat("motcua.dinhson").post(PAGE, {**TYPED, "given-giay_to_phap_ly": "1"})
    assert sent.status_code == 302
    part = DossierPart.objects.get()
    assert part.is_original
    assert part.file is None


def test_a_scan_stays_with_a_form_that_comes_back_until_the_clerk_drops_it(province, seat):
    client = seat("motcua.dinhson")
    wrong = client.post(PAGE, {**TYPED, "von": "12", "paper-giay_to_phap_ly": scan()})
    (token,) = re.findall(r'name="kept" value="([^"]+)"', source(wrong))
    dropped = client.post(PAGE, {**TYPED, "kept": token, "remove": token})
    assert (dropped.status_code, 'name="kept"' in source(dropped)) == (200, False)
    # A word that was written for somebody else brings nobody their file.
    foreign = seat("motcua2.dinhson").post(PAGE, {**TYPED, "kept": token})
    assert 'href="#f-paper-giay_to_phap_ly"' in source(foreign)
    assert client.post(PAGE, {**TYPED, "kept": token}).status_code == 302
    assert DossierPart.objects.get().file.name == scan().name


def test_errors_stand_at_their_place_and_keep_what_was_typed(province, seat):
    client = seat("motcua.dinhson")
    wrong = client.post(PAGE, {**TYPED, "applicant-name": "", "von": "12", "paper-giay_to_phap_ly": scan()})
    page = source(wrong)
    assert wrong.status_code == 422
    assert 'href="#f-applicant-name"' in page
    assert 'href="#f-von"' in page
    assert 'value="Tạp hóa Hòa Bình"' in page
    missing = source(client.post(PAGE, TYPED))
    assert 'href="#f-paper-giay_to_phap_ly"' in missing
    text = scan()
    text.seek(0)
    text.truncate()
    text.write(b"hello")
    text.seek(0)
    text.name = "ghi chú.txt"
    refused = client.post(PAGE, {**TYPED, "paper-giay_to_phap_ly": text})
    assert refused.status_code == 422
    assert 'href="#f-paper-giay_to_phap_ly"' in source(refused)
    assert not Dossier.objects.exists()


def test_a_row_is_added_without_checking_yet(province, seat):
    more = source(seat("motcua.dinhson").post(PAGE, {**TYPED, "_add": "nganh_nghe"}))
    assert 'name="nganh_nghe.1.ten"' in more
    assert "error-summary" not in more


def test_only_a_desk_takes_in(province, seat):
    for username in ("chuyenvien.tckh.dinhson", "chutich.dinhson", "congdan"):
        assert seat(username).get(PAGE).status_code == 403, username
        assert seat(username).post(PAGE, TYPED).status_code == 403, username


def test_a_desk_takes_in_only_what_its_agency_decides(province, seat):
    client = seat("motcua.binhmau.dinhson")
    assert "1.001612" not in source(client.get("/lam-viec/tiep-nhan/"))
    refused = client.post(PAGE, {**TYPED, "given-giay_to_phap_ly": "1"})
    assert refused.status_code == 422
    assert not Dossier.objects.exists()


def test_procedures_of_the_desk_are_found_without_diacritics(province, seat):
    client = seat("motcua.dinhson")
    assert "1.001612" in source(client.get("/lam-viec/tiep-nhan/?q=ho kinh doanh"))
    assert "Không có thủ tục nào phù hợp" in source(client.get("/lam-viec/tiep-nhan/?q=khongco"))


CARD = "099190000001|099000001|Nguyễn Thị Mẫu|02031990|Nữ|Thôn 3, An Mẫu|05062021"


def test_a_scanned_card_fills_in_whose_it_is_and_keeps_what_was_typed(province, seat):
    client = seat("motcua.dinhson")
    page = source(client.post(PAGE, {"ten_ho": "Tạp hóa Hòa Bình", "card": CARD, "read-card": "1"}))
    assert 'value="Nguyễn Thị Mẫu"' in page
    assert 'value="099190000001"' in page
    assert 'value="Thôn 3, An Mẫu"' in page
    assert 'value="Tạp hóa Hòa Bình"' in page
    assert "Đã đọc thẻ" in page
    assert CARD not in page


def test_the_enter_of_a_scanner_never_accepts_a_dossier(province, seat):
    answer = seat("motcua.dinhson").post(PAGE, {**TYPED, "given-giay_to_phap_ly": "1", "card": CARD})
    assert answer.status_code == 200
    assert not Dossier.objects.exists()


def test_a_code_that_is_no_card_is_refused_at_its_place(province, seat):
    answer = seat("motcua.dinhson").post(PAGE, {**TYPED, "card": "abc", "read-card": "1"})
    assert answer.status_code == 422
    page = source(answer)
    assert 'href="#f-card"' in page
    assert "không phải mã QR" in page
    assert 'value="Trần Văn Mẫu"' in page


def test_what_was_declared_is_printed_for_who_has_no_phone(province, seat):
    client = seat("motcua.dinhson")
    sent = client.post(PAGE, {**TYPED, "given-giay_to_phap_ly": "1"})
    link = re.findall(r'href="([^"]+/noi-dung-khai/)"', source(client.get(sent["Location"])))[0]
    page = words(client.get(link))
    for said in ("Tạp hóa Hòa Bình", "Người nộp hồ sơ", "Giấy tờ đã nộp"):
        assert said in page
    assert seat("motcua.stp").get(link).status_code == 404

"""Uploads: taken in with and without a script; each refusal is a sentence at its paper."""

import io
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from dinh.onestop.models import DraftFile
from tests.files.making import make_pdf
from tests.files.scanner import EICAR, run_clamd
from tests.portal.conftest import begin, fill, photo, send, sentences, words

SCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def given(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def blank() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (900, 600), "white").save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
def address(citizen, province) -> str:
    return begin(citizen, province) + "giay-to/"


REFUSED = {
    "empty": ("Trống.pdf", b"", "0 byte"),
    "another type than its name": ("Giả.pdf", photo().read(), "nội dung là"),
    "a program": ("thư.jpg", b"MZ" + b"\0" * 4000, "thư.jpg"),
    "a script in a PDF": ("Bẫy.pdf", make_pdf(catalog={"/OpenAction": SCRIPT}), "Bẫy.pdf"),
    "a password": ("Khóa.pdf", make_pdf(password="bí mật"), "bỏ mật khẩu"),
    "broken": ("Hỏng.pdf", b"%PDF-1.7\n" + b"rac " * 200, "Hỏng.pdf"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refused_file_is_said_at_its_paper_without_a_script(citizen, address, kind):
    name, content, said = REFUSED[kind]
    answer = citizen.post(address, {"giay_to_phap_ly": given(name, content)})
    assert answer.status_code == 422
    assert len(sentences(answer)) == 1
    assert said in sentences(answer)[0]
    assert 'href="#f-giay_to_phap_ly"' in answer.content.decode()
    assert not DraftFile.objects.exists()


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refused_file_is_said_to_the_script(citizen, address, kind):
    name, content, said = REFUSED[kind]
    answer = citizen.post(f"{address}giay_to_phap_ly/", {"file": given(name, content)})
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/plain")
    assert said in answer.content.decode()
    assert not DraftFile.objects.exists()


def test_a_file_that_is_too_large_is_said_with_the_limit(citizen, address, settings):
    settings.FILE_SIZE_LIMIT = 50_000
    page = citizen.get(address)
    assert "Mỗi tệp không quá 49 KB" in words(page)
    answer = citizen.post(address, {"giay_to_phap_ly": photo("Ảnh to.jpg")})
    assert answer.status_code == 422
    assert "quá lớn" in sentences(answer)[0]
    assert "49 KB" in sentences(answer)[0]


def test_an_infected_file_is_refused(citizen, address, settings, tmp_path: Path):
    with run_clamd(tmp_path / "clamd") as wire:
        settings.CLAMD_SOCKET = wire
        answer = citizen.post(address, {"giay_to_phap_ly": photo("Lây.jpg", after=EICAR)})
    assert "chứa mã độc" in sentences(answer)[0]
    assert not DraftFile.objects.exists()


def test_good_files_stay_when_another_is_refused(citizen, address):
    answer = citizen.post(address, {"giay_to_phap_ly": [photo(), given("Trống.pdf", b"")]})
    assert answer.status_code == 422
    assert "CCCD mặt trước.jpg" in words(answer)
    assert DraftFile.objects.count() == 1


def test_names_with_slashes_and_diacritics_are_cleaned(citizen, address):
    citizen.post(f"{address}giay_to_phap_ly/", {"file": photo("../Ảnh căn cước.jpg")})
    name = DraftFile.objects.get().file.name
    assert "/" not in name
    assert name.endswith("Ảnh căn cước.jpg")


def test_a_blank_page_is_taken_with_a_hint(citizen, address):
    answer = citizen.post(f"{address}giay_to_phap_ly/", {"file": given("Trắng.jpg", blank())})
    assert answer.status_code == 200
    assert "gần như trắng" in words(answer)
    assert "gần như trắng" in words(citizen.get(address))
    assert DraftFile.objects.count() == 1


def test_signatures_in_an_upload_are_told_in_plain_words(signing_province, run_jobs):
    from dinh.foundation.files.public import open_content
    from dinh.onestop.models import Paper
    from tests.portal.conftest import signed_in

    signing_province.submitted()
    run_jobs()
    with open_content(Paper.objects.get().file_id) as stream:
        signed = stream.read()
    citizen = signed_in("congdan")
    address = begin(citizen, signing_province) + "giay-to/"
    answer = citizen.post(f"{address}giay_to_phap_ly/", {"file": given("Xác nhận.pdf", signed)})
    assert "chữ ký hợp lệ, nội dung còn nguyên vẹn" in words(answer)
    changed = signed.replace(b"/Producer", b"/Produced", 1)
    assert changed != signed
    answer = citizen.post(f"{address}giay_to_phap_ly/", {"file": given("Đã sửa.pdf", changed)})
    assert "không còn hợp lệ" in words(answer) or "Chưa kiểm tra được" in words(answer)
    assert "chữ ký hợp lệ" in words(citizen.get(address))


def test_a_file_can_be_opened_and_taken_away(citizen, address):
    citizen.post(f"{address}giay_to_phap_ly/", {"file": photo()})
    row = DraftFile.objects.get()
    opened = citizen.get(f"/nop-ho-so/tep/{row.id}/")
    assert opened["Content-Type"] == "image/jpeg"
    assert citizen.post(address, {"remove": str(row.id)}).status_code == 302
    assert not DraftFile.objects.exists()
    assert citizen.get(f"/nop-ho-so/tep/{row.id}/").status_code == 404


def test_somebody_elses_file_is_not_found(citizen, stranger, address):
    citizen.post(f"{address}giay_to_phap_ly/", {"file": photo()})
    row = DraftFile.objects.get()
    assert stranger.get(f"/nop-ho-so/tep/{row.id}/").status_code == 404
    assert stranger.post(address, {"remove": str(row.id)}).status_code == 404
    assert DraftFile.objects.exists()


def test_another_draft_of_the_same_citizen_keeps_its_files(citizen, province, address):
    citizen.post(f"{address}giay_to_phap_ly/", {"file": photo()})
    other = begin(citizen, province) + "giay-to/"
    citizen.post(other, {"remove": str(DraftFile.objects.get().id)})
    assert DraftFile.objects.exists()


@pytest.mark.parametrize("key", ["khong_co", "giay_de_nghi"])
def test_a_paper_that_is_not_uploaded_takes_no_file(citizen, address, key):
    assert citizen.post(f"{address}{key}/", {"file": photo()}).status_code == 404


def test_a_paper_takes_no_more_than_twenty_files(citizen, address, province):
    from dinh.onestop.public import access_draft, attach_paper

    draft = access_draft(province.citizen, address.split("/")[2])
    file_id = province.file()
    for _ in range(20):
        attach_paper(
            draft, document_key="giay_to_phap_ly", file_id=file_id, by=province.citizen, now=province.now
        )
    answer = citizen.post(f"{address}giay_to_phap_ly/", {"file": photo()})
    assert answer.status_code == 422
    assert "20 tệp" in answer.content.decode()
    assert DraftFile.objects.count() == 20


def test_next_without_the_required_papers_says_which(citizen, address):
    answer = citizen.post(address, {})
    assert answer.status_code == 422
    assert "Còn thiếu “Giấy tờ pháp lý của chủ hộ kinh doanh”" in sentences(answer)[0]


def test_before_sending_what_to_look_at_again_is_said_once_more_and_stops_nobody(citizen, province):
    draft = begin(citizen, province)
    fill(citizen, draft, papers=False)
    citizen.post(f"{draft}giay-to/", {"giay_to_phap_ly": given("Trắng.jpg", blank())})
    page = words(citizen.get(f"{draft}kiem-tra/"))
    assert "Có 1 điều nên xem lại ở giấy tờ bên dưới" in page
    assert "Tệp “Trắng.jpg” gần như trắng" in page
    assert send(citizen, draft)["Location"].endswith("/da-nop/")

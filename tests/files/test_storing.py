"""Files that are taken, and what is kept of them."""

import hashlib
import io

import pytest

from dinh.foundation.actions.public import visitor
from dinh.foundation.files.public import PAPERS, describe, get_file, open_content, store, store_bytes
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.kernel.ids import uuid7
from tests.files.making import make_image, make_office, make_pdf

pytestmark = pytest.mark.django_db


def contents_in(folder):
    return sorted(path.name for path in folder.glob("??/??/*"))


def test_a_stored_file_is_described_by_its_content(give, official):
    data = make_pdf(pages=3)
    file = give(data, "Giấy đề nghị.pdf")
    assert (file.sha256, file.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (file.media_type, file.name) == ("application/pdf", "Giấy đề nghị.pdf")
    assert (file.scan_state, file.created_by) == ("unscanned", official.account_id)
    assert describe(file).pages == 3
    assert describe(file).kind == "tệp PDF"
    with open_content(file.pk) as content:
        assert content.read() == data


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (make_image(), "ảnh.jpg", "image/jpeg"),
        (make_image(), "ẢNH CCCD.JPEG", "image/jpeg"),
        (make_image(kind="PNG"), "ảnh.png", "image/png"),
        (make_image(kind="TIFF"), "quét.tif", "image/tiff"),
        (make_office("docx"), "đơn.docx", "wordprocessingml"),
        (make_office("xlsx"), "bảng.xlsx", "spreadsheetml"),
        ("Họ tên,Năm sinh\nNguyễn Mẫu,1980\n".encode(), "danh sách.csv", "text/plain"),
        (b'<?xml version="1.0"?><edXML xmlns="http://www.e-doc.vn/Schema/"><x/></edXML>', "a.edxml", "edxml"),
        (b"\xef\xbb\xbf" + make_pdf(), "có dấu bom.pdf", "application/pdf"),
        (make_pdf(packed=True), "nén.pdf", "application/pdf"),
        (make_pdf(password=""), "chỉ chặn sửa.pdf", "application/pdf"),
    ],
)
def test_each_allowed_kind_is_told_by_its_content(give, data, name, media_type):
    assert media_type in give(data, name).media_type


def test_the_same_content_given_twice_lies_in_the_store_once_and_stays_two_files(give, folder):
    data = make_pdf()
    first, second = give(data, "a.pdf"), give(data, "b.pdf")
    assert first.pk != second.pk
    assert contents_in(folder) == [first.sha256]


def test_contents_are_readable_by_the_house_alone(give, folder):
    file = give(make_pdf())
    path = folder / file.sha256[:2] / file.sha256[2:4] / file.sha256
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_made_file_is_kept_without_inspection(official):
    file = store_bytes(make_pdf(), name="Giấy tiếp nhận.pdf", by=official)
    assert file.facts["made_here"] is True
    assert file.scan_state == "clean"


def test_a_visitor_may_not_store(folder):
    with pytest.raises(NotAllowed):
        store(io.BytesIO(make_pdf()), name="a.pdf", by=visitor(), limits=PAPERS)


def test_an_unknown_file_is_not_found():
    with pytest.raises(NotFound):
        get_file(uuid7())


def test_nothing_stays_in_the_folder_of_temporary_files(give, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    give(make_pdf())
    with pytest.raises(Exception, match="hỏng"):
        give(b"%PDF-1.7 nothing else", "hỏng.pdf")
    assert list(tmp_path.glob("dinh-*")) == []

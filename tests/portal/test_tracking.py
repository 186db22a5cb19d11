"""Tracking and checking by code: anyone may ask, slowly, and learns no more than the law says."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dinh.onestop.public import accept
from dinh.sso.rules.sign_in import LOOKUP_POLICY
from tests.portal.conftest import sentences, words


def test_anyone_with_the_code_sees_how_far_a_dossier_is_and_nothing_else(visitor, province):
    """Law: NĐ 61/2018 Điều 17 khoản 3
    Screen: /tra-cuu/
    Law: TT 01/2018 Điều 16 khoản 2 ý 4
    Screen: /tra-cuu/
    Law: TT 01/2018 Điều 17 ý 4
    Screen: /tra-cuu/
    """
    dossier = province.submitted()
    for code in (dossier.request_code, f" {dossier.request_code.lower()} "):
        page = visitor.get("/tra-cuu/", {"ma": code})
        assert page.status_code == 200
        assert "Đã nộp" in words(page)
    accept(dossier, by=province.clerk, now=province.now)
    page = words(visitor.get("/tra-cuu/", {"ma": "H99.31-261116-0001"}))
    assert "Đang xử lý" in page
    for secret in (
        dossier.applicant_name,
        dossier.applicant_phone,
        "Tạp hóa Bình Minh",
        "Thành lập hộ kinh doanh",
        dossier.agency.name,
        dossier.request_code,
    ):
        assert secret not in page


def test_an_unknown_code_is_said_and_kept_in_the_field(visitor, province):
    page = visitor.get("/tra-cuu/", {"ma": "H99.31-261116-0404"})
    assert page.status_code == 404
    assert "Không tìm thấy hồ sơ có mã này." in sentences(page)[0]
    assert 'value="H99.31-261116-0404"' in page.content.decode()


@pytest.mark.parametrize("code", ["<script>", "'; --", "x" * 5000, "\x00YC", "％"])
def test_a_code_that_makes_no_sense_is_only_unknown(visitor, province, code):
    assert visitor.get("/tra-cuu/", {"ma": code}).status_code == 404


@pytest.mark.parametrize("address", ["/tra-cuu/", "/kiem-tra-ket-qua/"])
def test_trying_codes_one_after_the_other_is_slowed_down(visitor, province, address):
    dossier = province.submitted()
    for _ in range(LOOKUP_POLICY.free):
        visitor.get(address, {"ma": "H99.31-261116-0001"})
    answer = visitor.get(address, {"ma": dossier.request_code})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "nhiều lượt tra cứu" in words(answer)
    assert "Đã nộp" not in words(answer)
    # The page itself, and other addresses, are open.
    assert visitor.get(address).status_code == 200
    other = visitor.get(address, {"ma": "H99.31-261116-0001"}, REMOTE_ADDR="10.9.8.7")
    assert other.status_code != 429


def test_a_code_without_result_is_said_whether_its_dossier_exists_or_not(visitor, province):
    dossier = province.submitted()
    accept(dossier, by=province.clerk, now=province.now)
    dossier.refresh_from_db()
    real = words(visitor.get("/kiem-tra-ket-qua/", {"ma": dossier.code}))
    none = words(visitor.get("/kiem-tra-ket-qua/", {"ma": "H99.31-261116-0404"}))
    assert real == none.replace("H99.31-261116-0404", dossier.code)
    assert "Không có kết quả nào" in real


def test_neither_code_nor_file_is_said_at_its_place(visitor, province):
    answer = visitor.post("/kiem-tra-ket-qua/", {"ma": ""})
    assert answer.status_code == 422
    assert "Hãy nhập mã hồ sơ trên kết quả, hoặc chọn tệp PDF" in sentences(answer)[0]


def test_a_typed_code_alone_is_answered(visitor, province):
    answer = visitor.post("/kiem-tra-ket-qua/", {"ma": "h99.31 261116 0404"})
    assert answer.status_code == 200
    assert "Không có kết quả nào được cấp theo mã “H99.31-261116-0404”" in words(answer)


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (("kq.pdf", b""), "Hãy chọn tệp PDF|0 byte"),
        (("kq.pdf", b"khong phai pdf"), "không phải PDF"),
    ],
)
def test_a_file_that_cannot_be_checked_is_said_at_its_place(visitor, province, upload, said):
    data = {"ma": "H99.31-261116-0001"}
    data["tep"] = SimpleUploadedFile(*upload)
    answer = visitor.post("/kiem-tra-ket-qua/", data)
    assert answer.status_code == 422
    assert any(part in sentences(answer)[0] for part in said.split("|"))
    assert 'value="H99.31-261116-0001"' in answer.content.decode()


def test_a_file_that_is_too_large_to_check_is_refused(visitor, province, settings):
    settings.FILE_SIZE_LIMIT = 1000
    answer = visitor.post(
        "/kiem-tra-ket-qua/", {"tep": SimpleUploadedFile("kq.pdf", b"%PDF-1.7" + b"0" * 5000)}
    )
    assert answer.status_code == 422
    assert "quá lớn" in sentences(answer)[0]


def test_an_unsigned_pdf_is_told_apart(visitor, province):
    from tests.files.making import make_pdf

    answer = visitor.post("/kiem-tra-ket-qua/", {"tep": SimpleUploadedFile("đơn.pdf", make_pdf())})
    assert "Tệp không có chữ ký số." in words(answer)

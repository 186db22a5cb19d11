"""A dossier that ends in two papers, one with a drawing bound to it: drafted, signed, kept, checked."""

import hashlib
import io

import pikepdf
import pypdfium2
import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from dinh.foundation.actions.public import system
from dinh.foundation.directory.public import NoSigningAuthority
from dinh.foundation.files.public import DOCUMENTS, NotStampable, open_content, stamped, store
from dinh.foundation.signing.public import validate_pdf
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.onestop.actions.enclosures import EnclosedFromDossier
from dinh.onestop.actions.preservation import take_preserved
from dinh.onestop.actions.procedures import draft_version, publish_version
from dinh.onestop.actions.results import EnclosureNotPdf
from dinh.onestop.models import DossierPart, Result, ResultEnclosure
from dinh.onestop.public import (
    access_enclosure_file,
    access_result_file,
    archive_of,
    draft_result,
    enclose,
    find_issued_results,
    find_result_of_file,
    first_content,
    own_papers,
    procedures_shipped,
    sign_result,
)
from dinh.onestop.queries.definitions import template_fields
from dinh.onestop.queries.faults import faults_of_definition
from dinh.onestop.queries.national import ho_so, read_record
from dinh.onestop.rules.definition import read_definition
from dinh.onestop.rules.results import (
    MOST_COPIES,
    EnclosureChanged,
    EnclosureMissing,
    FurtherDraftMissing,
    NoSuchEnclosure,
    copies_of,
    recipients_of,
    results_for,
)
from dinh.sso.models import Account
from dinh.sso.public import open_session
from tests.onestop.conftest import check_whole

WAY = ("tham_dinh:xin_xac_nhan", "xac_nhan_xa:dong_y")


def definition(**more):
    data = yaml.safe_load(next(p for p in procedures_shipped() if p.stem == "1.001612").read_text("utf-8"))
    data["further_results"] = [
        {
            "key": "thong_bao",
            "name": "Thông báo về việc cấp giấy chứng nhận",
            "template": "composed",
            "notation": "TB-UBND",
            "matter": data["result"]["matter"],
            "fields": [{"name": "ten_ho", "label": "Tên hộ", "source": "ten_ho"}],
            "body": [{"kind": "paragraph", "text": "Hộ kinh doanh {ten_ho} được cấp giấy."}],
            "encloses": [{"key": "so_do", "name": "Sơ đồ mặt bằng"}],
            **more,
        }
    ]
    return data


def published(p, **more):
    version = draft_version(definition(**more), by=system("test"), now=p.now)
    return publish_version(version, by=system("test"), now=p.now)


def pdf_of(p, dossier):
    """Any PDF will do for a drawing: the draft of a result, typeset."""
    result = Result.objects.get(dossier=dossier, key="")
    with open_content(result.file_id) as stream:
        content = stream.read() + b"\n% drawing\n"
    upload = SimpleUploadedFile("so-do.pdf", content, content_type="application/pdf")
    return store(upload, name="so-do.pdf", by=p.specialist, limits=DOCUMENTS), content


def ready(p, **more):
    """A dossier before its draft is handed on: both drafted, nothing bound yet."""
    published(p, **more)
    dossier = p.accepted()
    p.walk(dossier, *WAY)
    step = p.open_step(dossier, "lap_ket_qua")
    by = p.who(step)
    for key in ("", "thong_bao"):
        draft_result(step, content=first_content(dossier, key), key=key, by=by, now=p.now)
    return dossier, step, by


def words_of(file_id):
    with open_content(file_id) as stream:
        pdf = pypdfium2.PdfDocument(stream.read())
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


def test_two_papers_are_signed_numbered_and_kept_with_what_is_bound_to_them(signing_province):
    p = signing_province
    dossier, step, by = ready(p)
    file, content = pdf_of(p, dossier)
    enclose(step, enclosure="so_do", file_id=file.id, key="thong_bao", by=by, now=p.now)
    with pytest.raises(NotFound):
        access_result_file(p.citizen, dossier.id)
    p.walk(dossier, "lap_ket_qua:trinh_duyet", "duyet:trinh_ky", "ky", "phat_hanh")
    check_whole(dossier.id)
    p.pay(dossier, "result")
    first, second = Result.objects.filter(dossier=dossier).order_by("id")
    assert (first.number, second.number) == ("01/GCN-HKD", "01/TB-UBND")
    for result in (first, second):
        with open_content(result.file_id) as stream:
            report = validate_pdf(stream.read(), now=p.now)
        assert [one.verdict for one in report.signatures] == ["valid", "valid"]
    digest = hashlib.sha256(content).hexdigest()
    assert digest in words_of(second.file_id).replace(" ", "")
    assert digest not in words_of(first.file_id).replace(" ", "")
    (bound,) = ResultEnclosure.objects.filter(result=second)
    assert access_enclosure_file(p.citizen, bound.pk).sha256 == digest
    assert access_result_file(p.citizen, dossier.id, second.pk).id == second.file_id
    names = [name for name, _file in archive_of(p.citizen, dossier.id).files]
    assert sum(name.startswith("3 Ket qua") for name in names) == 3
    kept = own_papers(p.citizen, kind="result", now=p.now).rows
    assert {one.name for one in kept} >= {"Thông báo về việc cấp giấy chứng nhận"}
    issued = find_issued_results(dossier.code)
    assert [one.number for one in issued] == [first.number, second.number]
    assert issued[1].enclosed == (("Sơ đồ mặt bằng", digest),)
    told = ho_so(read_record(dossier.id))["DanhSachGiayToKetQua"]
    assert [one["MaThanhPhanHoSo"] for one in told] == [first.number, second.number]


def test_anyone_checks_a_bound_paper_by_its_file(signing_province, client):
    p = signing_province
    dossier, step, by = ready(p)
    file, content = pdf_of(p, dossier)
    enclose(step, enclosure="so_do", file_id=file.id, key="thong_bao", by=by, now=p.now)
    p.walk(dossier, "lap_ket_qua:trinh_duyet", "duyet:trinh_ky", "ky", "phat_hanh")
    for sent, said in ((content, "Đúng bản kèm theo kết quả"), (content + b"x", "Không phải tệp gốc")):
        upload = SimpleUploadedFile("a.pdf", sent, content_type="application/pdf")
        page = client.post("/kiem-tra-ket-qua/", {"ma": dossier.code, "tep": upload})
        assert said in page.content.decode()


DRAWINGS = {
    "documents": [
        {"key": "ban_ve", "name": "Bản vẽ", "accept": ["pdf"], "optional": True},
        {"key": "anh", "name": "Ảnh", "accept": ["image"], "optional": True},
    ],
    "further": {
        "encloses": [{"key": "ban_ve", "name": "Bản vẽ thiết kế", "document": "ban_ve"}],
        "fields": [
            {"name": "ten_ho", "label": "Tên hộ", "source": "ten_ho"},
            {"name": "anh", "label": "Ảnh", "kind": "picture", "document": "anh"},
        ],
    },
}


def drawing(p, pages=2):
    """A drawing of some sheets, one of them turned."""
    pdf = pikepdf.new()
    for number in range(pages):
        pdf.add_blank_page(page_size=(842, 595)).obj.Rotate = 90 * (number % 2)
    made = io.BytesIO()
    pdf.save(made, deterministic_id=False)
    upload = SimpleUploadedFile("ban-ve.pdf", made.getvalue(), content_type="application/pdf")
    return store(upload, name="ban-ve.pdf", by=p.specialist, limits=DOCUMENTS)


def given(dossier, key, file):
    file_id = getattr(file, "id", file)
    return DossierPart.objects.create(
        dossier=dossier, document_key=key, document_name=key, file_id=file_id, added_at=dossier.submitted_at
    )


def with_drawings(p, **sheets):
    data = definition(**DRAWINGS["further"])
    data["documents"] += DRAWINGS["documents"]
    version = draft_version(data, by=system("test"), now=p.now)
    publish_version(version, by=system("test"), now=p.now)
    dossier = p.accepted()
    part = given(dossier, "ban_ve", drawing(p, **sheets))
    given(dossier, "anh", p.file())
    p.walk(dossier, *WAY)
    step = p.open_step(dossier, "lap_ket_qua")
    draft_result(step, content=first_content(dossier), by=p.who(step), now=p.now)
    return dossier, step, part


def read_as(client, by, address):
    account = Account.objects.get(person_id=by.person_id)
    now = timezone.now()
    key, _ = open_session(account, position_id=by.position_id, method="password", now=now)
    client.cookies["sessionid"] = key
    return client.get(address).content.decode()


def test_drawings_go_along_as_copies_stamped_with_the_number_and_signed(signing_province, client):
    p = signing_province
    dossier, step, part = with_drawings(p)
    content = first_content(dossier, "thong_bao")
    second = draft_result(step, content=content, key="thong_bao", by=p.who(step), now=p.now)
    with open_content(second.file_id) as stream:
        pictures = [image for page in pypdfium2.PdfDocument(stream.read()) for image in page.get_objects([3])]
    assert pictures, "the portrait is printed"
    with pytest.raises(EnclosedFromDossier):
        enclose(step, enclosure="ban_ve", file_id=part.file_id, key="thong_bao", by=p.who(step), now=p.now)
    page = read_as(client, p.who(step), f"/lam-viec/ho-so/{dossier.id}/")
    assert "lấy từ giấy tờ người nộp đã gửi" in page
    p.walk(dossier, "lap_ket_qua:trinh_duyet", "duyet:trinh_ky", "ky", "phat_hanh")
    p.pay(dossier, "result")
    assert "đã đóng dấu “Kèm theo” từng trang" in read_as(client, p.citizen, f"/ho-so-cua-toi/{dossier.id}/")
    (row,) = ResultEnclosure.objects.all()
    take_preserved(row.approved_id, row.approved_id, by=system("test"))
    assert row.file_id == part.file_id and row.approved_id != part.file_id
    approved = access_enclosure_file(p.citizen, row.pk)
    assert approved.id == row.approved_id
    with open_content(approved.id) as stream:
        copy = stream.read()
    assert [one.verdict for one in validate_pdf(copy, now=p.now).signatures] == ["valid"]
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(copy)]
    assert len(pages) == 2
    assert all("KÈM THEO Thông báo về việc cấp giấy chứng nhận số 01/TB-UBND" in words for words in pages)
    assert part.file.sha256 in words_of(Result.objects.get(key="thong_bao").file_id).replace(" ", "")
    (issued,) = find_result_of_file(approved.sha256)
    assert issued.approved == (("Bản vẽ thiết kế", approved.sha256),)
    upload = SimpleUploadedFile("a.pdf", copy, content_type="application/pdf")
    page = client.post("/kiem-tra-ket-qua/", {"tep": upload}).content.decode()
    assert "bản đã đóng dấu kèm theo" in page


def test_a_drawing_given_anew_is_drafted_anew_before_anybody_signs(signing_province):
    p = signing_province
    dossier, step, part = with_drawings(p)
    by = p.who(step)
    content = first_content(dossier, "thong_bao")
    draft_result(step, content=content, key="thong_bao", by=by, now=p.now)
    part.replaced_at = p.now
    part.save()
    new = given(dossier, "ban_ve", drawing(p, pages=1))
    p.walk(dossier, "lap_ket_qua:trinh_duyet", "duyet:trinh_ky")
    sign = p.open_step(dossier, "ky")
    with pytest.raises(EnclosureChanged):
        sign_result(sign, by=p.who(sign), now=p.now)
    p.do(dossier, "ky", "tra_lai")
    step = p.open_step(dossier, "lap_ket_qua")
    draft_result(step, content=content, key="thong_bao", by=p.who(step), now=p.now)
    assert ResultEnclosure.objects.get().file_id == new.file_id


@pytest.mark.parametrize("broken", [b"%PDF-1.7 x", b""])
def test_what_cannot_be_stamped_is_refused_in_words(broken):
    with pytest.raises(NotStampable, match="ban-ve"):
        stamped(broken, broken, name="ban-ve.pdf")


def test_a_step_goes_on_only_with_every_draft_and_every_paper(signing_province):
    p = signing_province
    published(p)
    dossier = p.accepted()
    p.walk(dossier, *WAY)
    step = p.open_step(dossier, "lap_ket_qua")
    by = p.who(step)
    draft_result(step, content=first_content(dossier), by=by, now=p.now)
    with pytest.raises(FurtherDraftMissing):
        p.do(dossier, "lap_ket_qua", "trinh_duyet")
    draft_result(step, content={}, key="thong_bao", by=by, now=p.now)
    with pytest.raises(EnclosureMissing):
        p.do(dossier, "lap_ket_qua", "trinh_duyet")
    with pytest.raises(NotFound):
        draft_result(step, content={}, key="khac", by=by, now=p.now)


def test_what_repeats_the_first_result_is_drafted_with_it_and_says_the_same(signing_province):
    p = signing_province
    published(p, fields=[{"name": "ten_ho", "label": "Tên hộ", "kind": "first"}], encloses=[])
    dossier = p.accepted()
    p.walk(dossier, *WAY)
    step = p.open_step(dossier, "lap_ket_qua")
    for name in ("Bình Minh", "Bình Minh Mới"):
        content = {**first_content(dossier), "ten_ho": name}
        draft_result(step, content=content, by=p.who(step), now=p.now)
        follower = Result.objects.get(dossier=dossier, key="thong_bao")
        assert follower.content == {"ten_ho": name}
        assert name in words_of(follower.file_id)
    draft_result(step, content={"ten_ho": "Tên khác"}, key="thong_bao", by=p.who(step), now=p.now)
    assert Result.objects.get(dossier=dossier, key="thong_bao").content == {"ten_ho": "Bình Minh Mới"}


def test_only_a_pdf_at_its_place_is_bound_by_who_works_on_the_step(signing_province):
    p = signing_province
    dossier, step, by = ready(p)
    file, _content = pdf_of(p, dossier)
    with pytest.raises(NoSuchEnclosure):
        enclose(step, enclosure="khac", file_id=file.id, key="thong_bao", by=by, now=p.now)
    with pytest.raises(EnclosureNotPdf):
        enclose(step, enclosure="so_do", file_id=p.file(), key="thong_bao", by=by, now=p.now)
    with pytest.raises(NotAllowed):
        enclose(step, enclosure="so_do", file_id=file.id, key="thong_bao", by=p.clerk, now=p.now)
    enclose(step, enclosure="so_do", file_id=file.id, key="thong_bao", by=by, now=p.now)
    bound = ResultEnclosure.objects.get()
    with pytest.raises(NotFound):
        access_enclosure_file(p.citizen, bound.pk)
    assert access_enclosure_file(p.specialist, bound.pk).id == file.id
    enclose(step, enclosure="so_do", file_id=None, key="thong_bao", by=by, now=p.now)
    assert not ResultEnclosure.objects.exists()


def test_nobody_signs_a_paper_whose_drawing_is_another(signing_province):
    """Either all are signed or none: the certificate stays a draft as well."""
    p = signing_province
    dossier, step, by = ready(p)
    file, _content = pdf_of(p, dossier)
    enclose(step, enclosure="so_do", file_id=file.id, key="thong_bao", by=by, now=p.now)
    p.walk(dossier, "lap_ket_qua:trinh_duyet", "duyet:trinh_ky")
    ResultEnclosure.objects.update(sha256="0" * 64)
    sign = p.open_step(dossier, "ky")
    with pytest.raises(EnclosureChanged):
        sign_result(sign, by=p.who(sign), now=p.now)
    assert set(Result.objects.filter(dossier=dossier).values_list("state", flat=True)) == {"draft"}


def test_each_paper_asks_for_its_own_authority(signing_province):
    p = signing_province
    dossier, _step, _by = ready(p, matter="mot_viec_khac", encloses=[])
    p.walk(dossier, "lap_ket_qua:trinh_duyet", "duyet:trinh_ky")
    sign = p.open_step(dossier, "ky")
    try:
        sign_result(sign, by=p.who(sign), now=p.now)
    except NoSigningAuthority:
        assert set(Result.objects.filter(dossier=dossier).values_list("state", flat=True)) == {"draft"}
    else:
        bases = dict(Result.objects.filter(dossier=dossier).values_list("key", "authority_basis"))
        assert set(bases) == {"", "thong_bao"}


def test_a_result_with_a_condition_is_for_those_who_meet_it(signing_province):
    p = signing_province
    published(p, when={"field": "von", "at_least": 100_000_000}, encloses=[])
    dossier = p.accepted()
    p.walk(dossier, *WAY, "lap_ket_qua:trinh_duyet", "duyet:trinh_ky", "ky", "phat_hanh")
    assert Result.objects.filter(dossier=dossier).count() == 1


@pytest.mark.parametrize(
    ("asked", "made"), [(2, 2), (0, 0), (None, 0), (-1, 0), (True, 0), ("2", 0), (10**9, MOST_COPIES)]
)
def test_as_many_copies_are_made_as_the_answers_ask_for(asked, made):
    parts = read_definition(definition(copies="so_lao_dong", encloses=[]))
    data = {"so_lao_dong": asked}
    assert copies_of(parts.further_results[0], data) == made
    assert len(results_for(parts, data)) == 1 + bool(made)


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ({"chu_ho": {"ho_ten": " Trần  Thị Mẫu "}, "ten_ho": "Bình Minh"}, ("Trần Thị Mẫu", "Bình Minh")),
        ({"chu_ho": {"ho_ten": "Bình Minh"}, "ten_ho": "Bình Minh"}, ("Bình Minh",)),
        ({"chu_ho": [{"ho_ten": "An"}, {"ho_ten": ""}, {"ho_ten": "Bình"}]}, ("An", "Bình")),
        ({"chu_ho": {"ho_ten": " "}}, ("Người Nộp",)),
        ({}, ("Người Nộp",)),
    ],
)
def test_a_result_is_for_whom_the_answers_name_or_who_filed(answers, named):
    parts = read_definition(definition(recipients=["chu_ho.ho_ten", "ten_ho"]))
    assert recipients_of(parts.further_results[0], answers, filer="Người Nộp") == named


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": ""}, "trùng mã"),
        ({"template": "khong_co"}, "Không có mẫu kết quả"),
        ({"notation": " "}, "ký hiệu của số"),
        ({"when": {"field": "khong_co", "is": 1}}, "không có trường"),
        ({"encloses": [{"key": "a", "name": "A"}, {"key": "a", "name": "B"}]}, "trùng mã"),
        ({"body": [{"kind": "paragraph", "text": "{khong_co}"}]}, "khong_co"),
        ({"fields": [{"name": "x", "label": "X", "kind": "first"}], "body": []}, "không có mục “x”"),
        ({"recipients": ["khong_co"]}, "dùng trường không có trong biểu mẫu: khong_co"),
        ({"encloses": [{"key": "a", "name": "A", "document": "khong_co"}]}, "không chỉ nhận PDF: khong_co"),
        (
            {"fields": [{"name": "x", "label": "X", "kind": "picture", "document": "khong_co"}], "body": []},
            "không nhận ảnh: khong_co",
        ),
        ({"copies": "khong_co", "encloses": []}, "dùng trường không có trong biểu mẫu: khong_co"),
        ({"copies": "ten_ho", "encloses": []}, "không phải là số nguyên"),
        ({"copies": "so_lao_dong", "encloses": []}, "không quá 10"),
        ({"copies": "so_lao_dong"}, "cấp nhiều bản nên không có bản kèm theo"),
    ],
)
def test_faults_of_a_further_result_are_named(change, said):
    parts = read_definition(definition(**change))
    assert said in " ".join(fault.sentence for fault in faults_of_definition(parts, template_fields))

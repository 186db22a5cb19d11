"""What stands on a result before anybody signs: kinds of fields, what is missing, opinions asked for."""

import datetime as dt

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.directory.rules.places import place_of
from dinh.foundation.files.public import open_content
from dinh.foundation.ui.public import check_definition, validate
from dinh.onestop.actions.batches import do_batch
from dinh.onestop.models import DossierPart, Result
from dinh.onestop.public import complete, draft_result, sign_result
from dinh.onestop.queries.result_drafts import content_from, read_draft, tidy_content
from dinh.onestop.rules.checks import NeedsOpinion
from dinh.onestop.rules.definition import ResultField, ResultTemplate
from dinh.onestop.rules.result_fields import ResultIncomplete, check_fields, chosen_of, form_of, joined
from tests.onestop.conftest import ANSWERS, NOW
from tests.onestop.drafting import whole_content
from tests.samples import shipped

CODE = "2.000488"
CHOICES = ("Không có án tích", "Có án tích: …")


def template(*fields: ResultField) -> ResultTemplate:
    return ResultTemplate(name="Giấy", template="composed", notation="G", matter="g", fields=fields)


def at_drafting(p):
    answers, agency = ANSWERS[CODE]
    dossier = p.accepted(code=CODE, agency=agency, answers=answers)
    p.walk(dossier, "cong_an", "tra_cuu")
    return dossier, p.open_step(dossier, "lap_phieu")


def words_of(file_id) -> str:
    with open_content(file_id) as stream:
        pdf = pypdfium2.PdfDocument(stream.read())
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


def filled_in(file_id) -> list[str]:
    """What stands in the fields that are filled after the signature: number, place and date."""
    with open_content(file_id) as stream, pikepdf.open(stream) as pdf:
        return [str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields]


@pytest.mark.parametrize("code", shipped())
def test_the_fields_of_every_shipped_result_are_a_form(code):
    for result in shipped()[code].results:
        assert check_definition(form_of(result, {})) == []


@given(st.sampled_from(CHOICES), st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40))
def test_a_choice_and_its_words_are_found_again_in_what_is_printed(choice, words):
    printed = joined(choice, words)
    found, further = chosen_of(ResultField("an_tich", "Án tích", kind="choice", choices=CHOICES), printed)
    assert found == choice
    assert further == (words if choice.endswith("…") else "")


def test_a_draft_is_kept_as_its_paper_prints_it():
    fields = (
        ResultField("ngay", "Ngày", kind="date"),
        ResultField("ngay_chu", "Bằng chữ", kind="date_words", of="ngay"),
        ResultField("tien", "Tiền", kind="money"),
        ResultField("an_tich", "Án tích", kind="choice", choices=CHOICES),
        ResultField("quyen", "Quyển số", kind="book"),
    )
    sent = {"field-ngay": "5.4.2026", "field-tien": "1500000", "field-an_tich": CHOICES[1],
            "field-an_tich__them": "02 năm tù", "field-quyen": "999", "field-khac": "x"}  # fmt: skip
    content = tidy_content(template(*fields), read_draft(template(*fields), sent, before="field-"), now=NOW)
    assert content == {
        "ngay": "05/04/2026",
        "ngay_chu": "Ngày năm tháng tư năm hai nghìn không trăm hai mươi sáu",
        "tien": "1.500.000",
        "an_tich": "Có án tích: 02 năm tù",
        "quyen": "01/2026-G",
    }
    odd = tidy_content(template(*fields), {"ngay": "ngày mai", "tien": "nhiều"}, now=NOW)
    assert (odd["ngay"], odd["ngay_chu"], odd["tien"]) == ("ngày mai", "", "nhiều")


def test_what_nobody_could_fill_is_a_fault_of_the_definition():
    bad = template(
        ResultField("a", "A", kind="choice", choices=("Một",)),
        ResultField("b", "B", kind="date_words", of="a"),
        ResultField("c", "C", area="xa"),
    )
    assert len(list(check_fields(bad, []))) == 3
    good = template(ResultField("c", "C", area="xa"))
    assert list(check_fields(good, ["xa"])) == []


LIMITS = (
    ResultField("he_so", "Hệ số", kind="number", minimum=1, maximum=3),
    ResultField("dat", "Đất", kind="number"),
    ResultField("nha", "Nhà", kind="number", not_above="dat"),
    ResultField("tang", "Số tầng", kind="whole", source="nha.tang"),
    ResultField("ten", "Họ tên", source="ten"),
    ResultField("thang", "Từ tháng", kind="month"),
)
ASKED = {
    "properties": {
        "ten": {"ui": {"written_as": "person_name"}},
        "nha": {"properties": {"tang": {"minimum": 1, "maximum": 20}}},
    }
}


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({}, ""),
        ({"he_so": 99}, "không được quá 3"),
        ({"he_so": 0.5}, "phải từ 1 trở lên"),
        ({"nha": 101}, "không được lớn hơn “Đất” (100)"),
        ({"tang": 21}, "không được quá 20"),
        ({"ten": "12345"}, "chỉ gồm chữ cái"),
        ({"thang": "13/2026"}, "không phải là tháng"),
    ],
)
def test_a_drafts_numbers_names_and_months_have_the_bounds_of_their_line_and_their_question(wrong, expected):
    form = form_of(template(*LIMITS), {}, before="a-", asked=ASKED)
    assert check_definition(form_of(template(*LIMITS), {}, asked=ASKED)) == []
    whole = {"he_so": 1.5, "dat": 100, "nha": 50, "tang": 2, "ten": "Nguyễn Thị Mẫu", "thang": "12/2026"}
    found = validate(form, {f"a-{name}": value for name, value in {**whole, **wrong}.items()})
    assert [error.path for error in found] == [f"a-{name}" for name in wrong]
    assert expected in "".join(error.sentence for error in found)


@pytest.mark.parametrize(
    "field",
    [
        ResultField("x", "X", kind="number", minimum=3, maximum=2),
        ResultField("x", "X", minimum=3),
        ResultField("x", "X", kind="number", not_above="khong_co"),
        ResultField("x", "X", kind="money", not_below="dat"),
    ],
)
def test_a_bound_that_no_draft_can_keep_is_a_fault_of_the_definition(field):
    assert len(list(check_fields(template(*LIMITS, field), []))) == 1
    assert list(check_fields(template(*LIMITS), [])) == []


def test_a_half_done_draft_is_kept_but_neither_sent_on_nor_signed(three_level_province):
    """A criminal record that does not say whether there is a record goes to nobody for signature."""
    p = three_level_province
    dossier, step = at_drafting(p)
    by = p.who(step)
    whole = whole_content(dossier)
    result = draft_result(step, content={**whole, "an_tich": ""}, by=by, now=p.now)
    assert result.file is not None
    with pytest.raises(ResultIncomplete) as refused:
        complete(step, outcome_key="trinh_duyet", note="", by=by, now=p.now)
    assert "Tình trạng án tích" in str(refused.value)
    for wrong in ({"an_tich": "Có án tích:"}, {"ngay_sinh": "hôm qua"}, {"so_dinh_danh": "12"}):
        draft_result(step, content={**whole, **wrong}, by=by, now=p.now)
        with pytest.raises(ResultIncomplete):
            complete(step, outcome_key="trinh_duyet", note="", by=by, now=p.now)
    draft_result(step, content=whole, by=by, now=p.now)
    complete(step, outcome_key="trinh_duyet", note="", by=by, now=p.now)


def test_what_became_incomplete_is_stopped_at_review_at_signing_and_in_a_batch(three_level_province):
    p = three_level_province
    dossier, step = at_drafting(p)
    whole = draft_result(step, content=whole_content(dossier), by=p.who(step), now=p.now).content
    p.walk(dossier, "lap_phieu:trinh_duyet")

    def put(content):
        Result.objects.filter(dossier=dossier).update(content=content)

    put({**whole, "an_tich": ""})
    with pytest.raises(ResultIncomplete):
        p.do(dossier, "duyet", "trinh_ky")
    put(whole)
    p.walk(dossier, "duyet:trinh_ky")
    put({**whole, "an_tich": ""})
    signing = p.open_step(dossier, "ky")
    by = p.who(signing)
    with pytest.raises(ResultIncomplete):
        sign_result(signing, by=by, now=p.now)
    (line,) = do_batch("sign", [signing.id], by=by, now=p.now)
    assert isinstance(line.refused, ResultIncomplete)
    put(whole)
    (line,) = do_batch("sign", [signing.id], by=by, now=p.now)
    assert line.refused is None
    p.walk(dossier, "phat_hanh")
    words = words_of(Result.objects.get(dossier=dossier).file_id)
    assert "PHIẾU LÝ LỊCH TƯ PHÁP SỐ 1" in words
    assert "Đình Sơn, ngày 16 tháng 11 năm 2026" in filled_in(Result.objects.get(dossier=dossier).file_id)


def test_who_is_asked_answers_with_words_or_a_file(three_level_province):
    p = three_level_province
    answers, agency = ANSWERS[CODE]
    dossier = p.accepted(code=CODE, agency=agency, answers=answers)
    asked = p.open_step(dossier, "cong_an")
    by = p.who(asked)
    with pytest.raises(NeedsOpinion):
        complete(asked, outcome_key="da_xac_minh", note="  ", by=by, now=p.now)
    (line,) = do_batch("forward", [asked.id], by=by, now=p.now)
    assert isinstance(line.refused, NeedsOpinion)
    file_id = DossierPart.objects.filter(dossier=dossier).exclude(file=None).first().file_id
    complete(asked, outcome_key="da_xac_minh", note="", opinion_file_id=file_id, by=by, now=p.now)


@pytest.mark.parametrize(
    ("committee", "place"),
    [
        ("Ủy ban nhân dân xã An Mẫu", "An Mẫu"),
        ("Ủy ban nhân dân huyện Sông Cái", "Sông Cái"),
        ("Ủy ban nhân dân thành phố Đình Sơn", "Đình Sơn"),
        ("Ủy ban nhân dân tỉnh Đình Sơn", "Đình Sơn"),
        ("Ủy ban nhân dân phường 9", "Phường 9"),
        ("Ủy ban nhân dân thị trấn Xã Đoài", "Xã Đoài"),
    ],
)
def test_the_place_before_a_date_is_the_name_of_the_area(committee, place):
    """NĐ 30/2020, appendix I, part II, 4.a."""
    assert place_of(committee) == place


def test_a_licence_holds_as_long_as_its_class_says():
    definition = shipped()["1.002809"]
    day = dt.date(2024, 2, 29)
    for stored, until in (("B2", "28/02/2034"), ("C", "28/02/2029"), ("A1", ""), ("B1", "")):
        content = content_from(definition, {"hang": stored}, today=day)
        assert (content["hang"], content["gia_tri_den"]) == (stored, until)

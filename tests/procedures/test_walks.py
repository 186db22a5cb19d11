"""Each shipped procedure is walked from a citizen's draft to a signed, sealed and valid result."""

import datetime as dt
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest
from django.utils import timezone

from dinh.foundation.files.public import open_content
from dinh.foundation.notify.models import Notice
from dinh.foundation.signing.public import validate_pdf
from dinh.onestop.models import FeeItem, Result, StepRun
from dinh.onestop.public import (
    access_result_file,
    ask_supplement,
    complete,
    dossier_card,
    own_papers,
    page_differences,
    problems_of,
    submit,
)
from dinh.onestop.queries.readiness import form_choices
from dinh.onestop.rules.checks import DossierIncomplete
from dinh.sso.models import Account
from dinh.sso.public import open_session
from tests.procedures.filling import fill
from tests.samples import agency_code, shipped

PROCEDURES = shipped()
# Printed as pages, within the title, after the words "được cấp để", as the subject.
SAID_OTHERWISE = ("ban_sao", "loai_phieu", "muc_dich", "viec")

# What is ordered beside the result.
ORDERED = {"1.000894": {"so_ban_sao": 2}}


def answers_to(walk, *, all_of_it=True):
    choices = form_choices(walk.province.unit(agency_code(walk.definition)).id)
    return fill(walk.definition.form, choices, all_of_it=all_of_it, today=walk.now.date())


def words_of(content: bytes) -> str:
    """The words of a paper in their order, without the breaks of its lines."""
    with pypdfium2.PdfDocument(content) as document:
        text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(text.split()).lower()


def open_keys(dossier) -> set[str]:
    return set(StepRun.objects.filter(dossier=dossier, state="open").values_list("key", flat=True))


@pytest.mark.parametrize("code", PROCEDURES)
def test_a_procedure_can_be_walked_to_a_valid_result(code, walk_of):
    definition = PROCEDURES[code]
    walk = walk_of(definition)
    dossier = walk.received(answers_to(walk) | ORDERED.get(code, {}))
    walk.to_the_end(dossier)

    dossier.refresh_from_db()
    assert dossier.state == "returned"
    result, *further = Result.objects.filter(dossier=dossier).order_by("key", "copy")
    assert result.number == f"01/{definition.result.notation}"
    on_behalf = definition.level != "province" and not definition.result.by_head
    assert result.signer_title.startswith("TM. ỦY BAN NHÂN DÂN") == on_behalf
    for one in (result, *further):
        with open_content(one.file_id) as stream:
            paper = stream.read()
        report = validate_pdf(paper, now=walk.now)
        assert [signature.verdict for signature in report.signatures] == ["valid", "valid"]
        check_said(one, paper)
    if code == "1.000894":
        check_ordered(walk, dossier, result, further)
    owed = FeeItem.objects.filter(dossier=dossier, due="result", amount__gt=0).exists()
    told = "dossier.result_owed_for" if owed else "dossier.result_issued"
    assert Notice.objects.filter(template=told).exists()
    taken = [definition.step(key).kind for key in walk.steps]
    assert [kind for kind in taken if kind in ("sign", "issue", "return")] == ["sign", "issue", "return"]


def check_said(result, paper) -> None:
    """Every line of the draft stands on the paper."""
    words = words_of(paper)
    lost = [
        name
        for name, value in result.content.items()
        for line in value.splitlines()
        if name not in SAID_OTHERWISE and " ".join(line.split()).lower() not in words
    ]
    assert lost == []


def check_ordered(walk, dossier, certificate, extracts) -> None:
    """The couple gets the extracts that they ordered and paid for, each numbered, each naming the entry."""
    assert FeeItem.objects.get(dossier=dossier, key="phi_trich_luc").amount == 2 * 8000
    assert [one.number for one in extracts] == ["01/TLKH-BS", "02/TLKH-BS"]
    for one in extracts:
        with open_content(one.file_id) as stream, pikepdf.open(stream) as pdf:
            filled = {str(field.get("/T")): str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields}
        assert filled["refers"] == f"{certificate.number}, ngày {certificate.issued_on:%d/%m/%Y}"
        assert filled["number"] == f"Số: {one.number}"
    citizen = walk.province.citizen
    kept = {row.number for row in own_papers(citizen, kind="result", now=walk.now).rows}
    assert kept == {certificate.number, *(one.number for one in extracts)}
    assert access_result_file(citizen, dossier.id, extracts[1].pk).id == extracts[1].file_id
    card = dossier_card(dossier, by=citizen, now=walk.now)
    assert [(one.key, one.copy) for one in card.results] == [("", 1), ("trich_luc", 1), ("trich_luc", 2)]


def test_the_pages_of_a_copy_are_those_of_the_file(walk_of):
    """Another number is not sent; when the file changes later, the certification follows it."""
    walk = walk_of(PROCEDURES["2.000815"])
    answers = answers_to(walk)
    draft = walk.draft({**answers, "so_trang": 3})
    draft.refresh_from_db()
    problems = problems_of(draft, now=walk.now)
    assert [one.place for one in problems] == ["so_trang"], problems
    problem = problems[0]
    assert "khai là 3" in problem.sentence and "có 1 trang" in problem.sentence
    with pytest.raises(DossierIncomplete):
        submit(draft, by=walk.province.citizen, now=walk.now)
    dossier = walk.received({**answers, "so_trang": 1})
    assert page_differences(dossier) == []
    dossier.data = {**dossier.data, "so_trang": 3}
    dossier.save()
    (differing,) = page_differences(dossier)
    assert (differing.declared, differing.counted) == (3, 1)
    walk.until(dossier, "doi_chieu")
    assert Result.objects.get(dossier=dossier).content["so_trang"] == "1"


def test_all_who_use_the_land_are_named_on_the_decision(walk_of):
    walk = walk_of(PROCEDURES["1.000798"])
    couple = [
        {"ho_ten": "Trần Thị Thử", "so_dinh_danh": "099200000002"},
        {"ho_ten": "Lê Văn Thử", "so_dinh_danh": "099200000003"},
    ]
    dossier = walk.received(answers_to(walk) | {"dong_su_dung": True, "nguoi_cung_dung": couple})
    walk.to_the_end(dossier)
    with open_content(Result.objects.get(dossier=dossier).file_id) as stream:
        words = words_of(stream.read())
    for number, one in enumerate(couple, start=1):
        assert f"{number}. ông/bà {one['ho_ten'].lower()}, {one['so_dinh_danh']}" in words
        assert f"- {one['ho_ten'].lower()};" in words


def test_residence_and_card_follow_the_birth_side_by_side(walk_of):
    """QĐ 296/QĐ-VPCP: the signed certificate goes to police and insurance at once; all come back together."""
    walk = walk_of(PROCEDURES["2.002621"])
    dossier = walk.received(answers_to(walk, all_of_it=False))
    walk.until(dossier, "ky")
    assert open_keys(dossier) == {"thuong_tru", "bao_hiem"}
    first = StepRun.objects.get(dossier=dossier, key="bao_hiem", state="open")
    assert first.unit.abbreviation == "BHXH"
    walk.take(first, walk.who(first))
    assert open_keys(dossier) == {"thuong_tru"}
    second = StepRun.objects.get(dossier=dossier, key="thuong_tru", state="open")
    assert second.unit.abbreviation == "CAT"
    walk.take(second, walk.who(second))
    assert open_keys(dossier) == {"phat_hanh"}


def test_change_of_land_use_waits_for_commune_and_department(walk_of):
    """Law: NĐ 61/2018 Điều 19 khoản 7
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    """
    walk = walk_of(PROCEDURES["1.000798"])
    dossier = walk.received(answers_to(walk))
    checking = StepRun.objects.get(dossier=dossier, state="open")
    walk.take(checking, walk.who(checking))
    assert open_keys(dossier) == {"y_kien_xa", "y_kien_so"}
    for key in ("y_kien_so", "y_kien_xa"):
        assert "tong_hop" not in open_keys(dossier)
        run = StepRun.objects.get(dossier=dossier, key=key, state="open")
        walk.take(run, walk.who(run))
    assert open_keys(dossier) == {"tong_hop"}


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (dt.time(8, 0), dt.date(2026, 11, 16)),
        (dt.time(14, 59), dt.date(2026, 11, 16)),
        (dt.time(15, 30), dt.date(2026, 11, 17)),
    ],
)
def test_certified_copies_are_due_the_same_day_or_the_next_after_three(received, due, walk_of):
    """NĐ 23/2015, Art. 7: the same day; taken in after 15:00, the next working day.

    Law: NĐ 61/2018 Điều 17 khoản 4
    Screen: /lam-viec/so-theo-doi/
    Law: NĐ 23/2015 Điều 7
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/
    """
    walk = walk_of(PROCEDURES["2.000815"])
    walk.now = dt.datetime.combine(walk.now.date(), received, tzinfo=walk.now.tzinfo)
    dossier = walk.received(answers_to(walk))
    dossier.refresh_from_db()
    assert dossier.due_at.astimezone(walk.now.tzinfo).date() == due


@pytest.mark.parametrize("code", PROCEDURES)
def test_every_paper_of_a_procedure_can_be_asked_for_again(code, walk_of, client):
    """The citizen opens the request and finds a place for each paper, whatever its conditions are."""
    definition = PROCEDURES[code]
    walk = walk_of(definition)
    dossier = walk.received(answers_to(walk))
    step = StepRun.objects.filter(dossier=dossier, state="open", kind="handle").first()
    uploads = [document for document in definition.documents if document.origin == "upload"]
    ask_supplement(
        dossier,
        items=[{"document": document.key, "text": "Hãy chụp lại cho rõ."} for document in uploads * 2],
        reason="Giấy tờ chưa đọc được.",
        contact="",
        by=walk.who(step),
        now=walk.now,
    )
    owner = Account.objects.get(person_id=walk.province.citizen.person_id)
    client.cookies["sessionid"], _ = open_session(owner, method="test", now=timezone.now())
    page = client.get(f"/ho-so-cua-toi/{dossier.id}/bo-sung/")
    assert page.status_code == 200
    assert all(page.content.decode().count(f'name="{one.key}"') == 1 for one in uploads)


def test_the_applicant_reads_what_police_and_insurance_answered(walk_of, client):
    """QĐ 296/QĐ-VPCP: the notice of residence and the card come back with the certificate."""
    walk = walk_of(PROCEDURES["2.002621"])
    dossier = walk.received(answers_to(walk, all_of_it=False))
    walk.until(dossier, "ky")
    police = StepRun.objects.get(dossier=dossier, key="thuong_tru", state="open")
    notice = walk.province.file(by=walk.who(police), name="Thông báo cư trú.jpg")
    complete(
        police,
        outcome_key="da_dang_ky",
        note="Đã đăng ký tại thôn 2.",
        by=walk.who(police),
        now=walk.now,
        opinion_file_id=notice,
    )
    owner = Account.objects.get(person_id=walk.province.citizen.person_id)
    client.cookies["sessionid"], _ = open_session(owner, method="test", now=timezone.now())
    page = client.get(f"/ho-so-cua-toi/{dossier.id}/").content.decode()
    assert "Đã đăng ký tại thôn 2." in page
    address = f"/ho-so-cua-toi/tra-loi/{police.id}/"
    assert address in page
    assert client.get(address).status_code == 200
    assert client.get(f"/ho-so-cua-toi/tra-loi/{uuid4()}/").status_code == 404
    client.cookies.clear()
    assert client.get(address).status_code == 302

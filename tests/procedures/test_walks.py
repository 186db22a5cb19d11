"""Each shipped procedure is walked from a citizen's draft to a signed, sealed and valid result."""

import datetime as dt
from uuid import uuid4

import pypdfium2
import pytest
from django.utils import timezone

from dinh.foundation.files.public import open_content
from dinh.foundation.signing.public import validate_pdf
from dinh.onestop.models import Result, StepRun
from dinh.onestop.public import ask_supplement, complete
from dinh.onestop.queries.readiness import form_choices
from dinh.sso.models import Account
from dinh.sso.public import open_session
from tests.procedures.filling import fill
from tests.samples import agency_code, shipped

PROCEDURES = shipped()
# Printed as pages, within the title, after the words "được cấp để".
SAID_OTHERWISE = ("ban_sao", "loai_phieu", "muc_dich")


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
    dossier = walk.received(answers_to(walk))
    walk.to_the_end(dossier)

    dossier.refresh_from_db()
    assert dossier.state == "returned"
    result = Result.objects.get(dossier=dossier)
    assert result.number == f"01/{definition.result.notation}"
    with open_content(result.file_id) as stream:
        paper = stream.read()
    report = validate_pdf(paper, now=walk.now)
    assert [signature.verdict for signature in report.signatures] == ["valid", "valid"]
    taken = [definition.step(key).kind for key in walk.steps]
    assert [kind for kind in taken if kind in ("sign", "issue", "return")] == ["sign", "issue", "return"]
    words = words_of(paper)
    lost = [
        name
        for name, value in result.content.items()
        if name not in SAID_OTHERWISE and " ".join(value.split()).lower() not in words
    ]
    assert lost == []


def test_residence_and_card_follow_the_birth_side_by_side(walk_of):
    """QĐ 296/QĐ-VPCP: the signed certificate goes to police and insurance at once; all come back together."""
    walk = walk_of(PROCEDURES["2.002621"])
    dossier = walk.received(answers_to(walk, all_of_it=False))
    while "ky" not in walk.steps:
        run = StepRun.objects.get(dossier=dossier, state="open")
        walk.steps.append(run.key)
        walk.take(run, walk.who(run))
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
    while "ky" not in walk.steps:
        run = StepRun.objects.get(dossier=dossier, state="open")
        walk.steps.append(run.key)
        walk.take(run, walk.who(run))
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

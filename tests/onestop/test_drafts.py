"""A citizen fills in a dossier, keeps it as they go, and sends it once."""

import pytest

from dinh.kernel.errors import NotFound
from dinh.onestop.models import Dossier, DraftFile, FeeItem, Involvement, Paper, WorkItem
from dinh.onestop.public import (
    AlreadySent,
    DossierIncomplete,
    access_draft,
    attach_paper,
    get_procedure,
    problems_of,
    remove_draft,
    remove_paper,
    save_answers,
    start_draft,
    submit,
    visible_drafts,
)
from dinh.onestop.rules.checks import AgencyMissing, AnswersMoved
from tests.onestop.conftest import ANSWERS, HOUSEHOLD_ANSWERS, check_whole


def started(p, agency="H99.31"):
    return start_draft(
        get_procedure("1.001612"),
        answers={"ten_ho": "Dở dang"},
        agency_id=p.unit(agency).id if agency else None,
        by=p.citizen,
        now=p.now,
    )


def test_what_is_typed_is_kept_valid_or_not(province):
    draft = started(province)
    save_answers(draft, answers={"von": "một triệu"}, agency_id=None, by=province.citizen, now=province.now)
    kept = access_draft(province.citizen, draft.id)
    assert kept.data == {"von": "một triệu"}
    assert kept.agency_id == province.unit("H99.31").id
    assert [one.id for one in visible_drafts(province.citizen)] == [draft.id]


def test_a_draft_is_found_by_its_owner_only(province):
    draft = started(province)
    for by in (province.actor("congdan2"), province.clerk, province.other_commune):
        assert not visible_drafts(by).exists()
        with pytest.raises(NotFound):
            access_draft(by, draft.id)


def test_papers_are_added_and_taken_away(province):
    draft = started(province)
    document = next(one for one in draft.version.parts.documents if one.origin == "upload")
    paper = attach_paper(
        draft, document_key=document.key, file_id=province.file(), by=province.citizen, now=province.now
    )
    remove_paper(draft, draft_file_id=paper.pk, by=province.citizen, now=province.now)
    assert not DraftFile.objects.exists()
    with pytest.raises(NotFound):
        attach_paper(
            draft, document_key="khong_co", file_id=province.file(), by=province.citizen, now=province.now
        )


def test_a_paper_of_another_draft_is_not_taken_away(province):
    mine, other = started(province), started(province)
    document = next(one for one in mine.version.parts.documents if one.origin == "upload")
    paper = attach_paper(
        other, document_key=document.key, file_id=province.file(), by=province.citizen, now=province.now
    )
    remove_paper(mine, draft_file_id=paper.pk, by=province.citizen, now=province.now)
    assert DraftFile.objects.filter(pk=paper.pk).exists()


def test_a_draft_is_thrown_away(province):
    draft = started(province)
    remove_draft(draft, by=province.citizen)
    with pytest.raises(NotFound):
        access_draft(province.citizen, draft.id)


def test_a_draft_with_papers_is_thrown_away_too(province):
    draft = province.draft()
    remove_draft(draft, by=province.citizen)
    assert not visible_drafts(province.citizen).exists()


def test_sending_makes_a_dossier_with_its_desk_its_fee_and_its_proof(province):
    dossier = province.submitted()
    assert (dossier.state, dossier.code, dossier.channel) == ("submitted", None, "online")
    assert dossier.reception_unit.code == "H99.31.00"
    assert dossier.applicant_name == province.citizen.name
    assert FeeItem.objects.filter(dossier=dossier).count() == len(dossier.version.parts.fees)
    assert WorkItem.objects.get(dossier=dossier).unit_id == dossier.reception_unit_id
    assert Involvement.objects.filter(dossier=dossier).count() == 2
    content = Paper.objects.get(dossier=dossier, form="proof").content
    assert all(len(part["sha256"]) == 64 and part["size"] > 0 for part in content["parts"])
    check_whole(dossier.id)


def test_each_procedure_can_be_sent(province):
    for code, (answers, agency) in ANSWERS.items():
        check_whole(province.submitted(code=code, agency=agency, answers=answers).id)


def test_sending_is_refused_with_every_place_to_mend(province):
    draft = started(province)
    with pytest.raises(DossierIncomplete) as refused:
        submit(draft, by=province.citizen, now=province.now)
    places = {problem.place for problem in refused.value.problems}
    assert {"xa", "von", "nganh_nghe", "cam_ket"} <= places
    assert any(place.startswith("paper:") for place in places)
    assert places == {problem.place for problem in problems_of(draft, now=province.now)}
    assert not Dossier.objects.exists()


def test_of_two_pages_that_are_saved_the_second_is_told(province):
    by, now = province.citizen, province.now
    draft = started(province)
    seen, mine = dict(draft.data), {"ten_ho": "Của trang thứ nhất"}
    save_answers(draft, answers=mine, agency_id=None, seen=seen, by=by, now=now)
    with pytest.raises(AnswersMoved):
        save_answers(draft, answers={"ten_ho": "Của trang kia"}, agency_id=None, seen=seen, by=by, now=now)
    assert access_draft(by, draft.pk).data == mine
    save_answers(draft, answers={**mine, "von": 1}, agency_id=None, seen=mine, by=by, now=now)
    assert access_draft(by, draft.pk).data == {**mine, "von": 1}


def test_sending_is_refused_without_an_agency(province):
    draft = started(province, agency="")
    save_answers(draft, answers=HOUSEHOLD_ANSWERS, agency_id=None, by=province.citizen, now=province.now)
    with pytest.raises(AgencyMissing):
        submit(draft, by=province.citizen, now=province.now)


def test_sending_is_refused_to_an_agency_that_is_not_competent(province):
    draft = province.draft(code="1.004873", agency="H99.31.011", answers=ANSWERS["1.004873"][0])
    save_answers(
        draft,
        answers=ANSWERS["1.004873"][0],
        agency_id=province.unit("H99.31").id,
        by=province.citizen,
        now=province.now,
    )
    with pytest.raises(AgencyMissing):
        submit(draft, by=province.citizen, now=province.now)
    assert not Dossier.objects.exists()


def test_a_sent_draft_neither_changes_nor_goes_again(province):
    draft = province.draft()
    submit(draft, by=province.citizen, now=province.now)
    p, now = province.citizen, province.now
    for verb in (
        lambda: submit(draft, by=p, now=now),
        lambda: save_answers(draft, answers={}, agency_id=None, by=p, now=now),
        lambda: attach_paper(draft, document_key="x", file_id=province.file(), by=p, now=now),
        lambda: remove_paper(draft, draft_file_id=0, by=p, now=now),
        lambda: remove_draft(draft, by=p),
    ):
        with pytest.raises(AlreadySent):
            verb()
    assert Dossier.objects.count() == 1

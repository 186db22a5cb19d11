"""A person's own store: what is in it, who sees it, how its papers are used again."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.directory.public import own_person
from dinh.foundation.files.models import File
from dinh.kernel.dates import add_months
from dinh.kernel.errors import NotAllowed, NotFound, Refused
from dinh.onestop.models import DossierPart, DraftFile, PaperSearch, Reuse, StepRun
from dinh.onestop.public import (
    Applicant,
    NewPart,
    PaperExpired,
    PresenceNeeded,
    access_found_file,
    access_search,
    dossier_card,
    draft_papers,
    found_by,
    get_procedure,
    get_version,
    offers_for,
    own_papers,
    receive_at_counter,
    remove_paper,
    reuse_paper,
    save_answers,
    search_papers,
    searches_about,
    start_draft,
    submit,
)
from tests.onestop.conftest import ANSWERS, HOUSEHOLD_ANSWERS


def who(province) -> tuple[str, str]:
    """The number and the name of the sample citizen."""
    person = own_person(province.citizen)
    return person.identity_number, person.full_name


def kept(province, by=None, **options):
    return own_papers(by or province.citizen, now=province.now, **options).rows


def fresh_draft(province):
    """A second dossier of the same procedure, with answers and without papers."""
    draft = start_draft(
        get_procedure("1.001612"),
        answers={},
        agency_id=province.unit("H99.31").id,
        by=province.citizen,
        now=province.now,
    )
    save_answers(draft, answers=HOUSEHOLD_ANSWERS, agency_id=None, by=province.citizen, now=province.now)
    return draft


def test_a_paper_is_in_the_store_once_its_dossier_was_accepted(province):
    """Law: NĐ 107/2021 Điều 1 khoản 6
    Screen: /giay-to-cua-toi/
    """
    province.submitted()
    assert not kept(province)
    dossier = province.accepted()
    [paper] = kept(province)
    assert (paper.kind, paper.dossier_code, paper.valid_until) == ("part", dossier.code, None)
    assert not kept(province, by=province.actor("congdan2"))
    assert not kept(province, by=province.clerk)


def test_a_reused_paper_is_the_same_file_and_says_where_it_came_from(province):
    """Law: NĐ 118/2025 Điều 4 khoản 2a
    Screen: /nop-ho-so/<uuid:draft_id>/giay-to/
    """
    before = province.accepted()
    [paper] = kept(province)
    draft = fresh_draft(province)
    files = File.objects.count()
    [offer, *_] = offers_for(draft, by=province.citizen, now=province.now)["giay_to_phap_ly"]
    assert offer.ref == paper.ref
    reuse_paper(draft, document_key="giay_to_phap_ly", ref=offer.ref, by=province.citizen, now=province.now)
    assert File.objects.count() == files
    assert [one.reused_from for one in draft_papers(draft)] == [before.code]
    dossier = submit(draft, by=province.citizen, now=province.now)
    part = DossierPart.objects.get(dossier=dossier)
    assert part.file_id == paper.file.id
    assert [one.reused_from for one in dossier_card(dossier, by=province.clerk, now=province.now).parts] == [
        before.code
    ]
    # The store holds it once: where it was given first.
    assert [one.ref for one in kept(province)] == [paper.ref]


def test_a_paper_used_twice_at_one_place_stands_there_once(province):
    province.accepted()
    [paper] = kept(province)
    draft = fresh_draft(province)
    for _ in range(2):
        attached = reuse_paper(
            draft, document_key="giay_to_phap_ly", ref=paper.ref, by=province.citizen, now=province.now
        )
    assert DraftFile.objects.filter(draft=draft).count() == 1
    remove_paper(draft, draft_file_id=attached.pk, by=province.citizen, now=province.now)
    assert not Reuse.objects.exists()


def test_nobody_uses_a_paper_of_another_person(province):
    dossier = province.accepted()
    [paper] = kept(province)
    other = province.actor("congdan2")
    draft = start_draft(
        get_procedure("1.001612"),
        answers={},
        agency_id=province.unit("H99.31").id,
        by=other,
        now=province.now,
    )
    with pytest.raises(NotFound):
        reuse_paper(draft, document_key="giay_to_phap_ly", ref=paper.ref, by=other, now=province.now)
    with pytest.raises(NotAllowed):
        reuse_paper(
            draft, document_key="giay_to_phap_ly", ref=paper.ref, by=province.citizen, now=province.now
        )
    mine = fresh_draft(province)
    for ref in ("", "part:", f"result:{paper.id}", f"part:{dossier.pk}", "x:y"):
        with pytest.raises(NotFound):
            reuse_paper(mine, document_key="giay_to_phap_ly", ref=ref, by=province.citizen, now=province.now)


def test_a_result_holds_as_long_as_the_law_says(three_level_province, run_jobs):
    """Law: NĐ 123/2015 Điều 23 khoản 1
    Screen: /giay-to-cua-toi/
    """
    province = three_level_province
    answers, agency = ANSWERS["1.004873"]
    dossier = province.accepted(code="1.004873", agency=agency, answers=answers)
    while dossier.state == "processing":
        step = StepRun.objects.filter(dossier=dossier, state="open").earliest("id")
        province.do(dossier, step.key)
    province.pay(dossier, "result")
    [result] = kept(province, kind="result")
    assert result.number
    assert result.dossier_code == dossier.code
    assert result.valid_until == add_months(result.given_on, 6)
    assert result.is_valid
    later = province.now + dt.timedelta(days=190)
    assert not own_papers(province.citizen, now=later, kind="result").rows[0].is_valid


@given(on=st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)), months=st.integers(0, 120))
def test_months_are_added_to_the_same_day_or_the_last_of_the_month(on, months):
    end = add_months(on, months)
    assert (end.year * 12 + end.month) - (on.year * 12 + on.month) == months
    assert end.day == on.day or (end + dt.timedelta(days=1)).day == 1


def test_an_expired_paper_is_refused_in_words(province, monkeypatch):
    from dinh.onestop.queries import own_papers as queries

    province.accepted()
    [paper] = kept(province)
    monkeypatch.setattr(queries, "valid_until", lambda on, months: on)
    draft = fresh_draft(province)
    later = province.now + dt.timedelta(days=1)
    assert not offers_for(draft, by=province.citizen, now=later)["giay_to_phap_ly"]
    with pytest.raises(PaperExpired) as refused:
        reuse_paper(draft, document_key="giay_to_phap_ly", ref=paper.ref, by=province.citizen, now=later)
    assert "tải lên bản mới" in refused.value.message


# ---- at the counter -----------------------------------------------------------------------------


def search(province, *, by=None, identity=None, name=None, is_present=True):
    number, full_name = who(province)
    return search_papers(
        (by or province.clerk).unit_id,
        identity=identity or number,
        name=name or full_name,
        is_present=is_present,
        by=by or province.clerk,
        now=province.now,
    )


def test_a_counter_finds_and_uses_earlier_papers_with_the_persons_word(province):
    before = province.accepted()
    found = search(province)
    assert found.found == 1
    version = get_version(get_procedure("1.001612"))
    [offer] = found_by(found, version.parts.documents, now=province.now)["giay_to_phap_ly"]
    number, name = who(province)
    dossier = receive_at_counter(
        province.clerk.unit_id,
        version=version,
        applicant=Applicant(name=name, identity=number),
        data=HOUSEHOLD_ANSWERS,
        parts=[NewPart(document_key="giay_to_phap_ly", file_id=None, source=offer.ref)],
        search=found,
        by=province.clerk,
        now=province.now,
    )
    part = DossierPart.objects.get(dossier=dossier)
    assert part.file_id == DossierPart.objects.get(dossier=before).file_id
    assert part.reuse.from_part_id == DossierPart.objects.get(dossier=before).pk
    # The person follows what was handed in over the counter, and reads who looked.
    assert dossier.owner_id == province.citizen.person_id
    [one] = searches_about(province.citizen)
    assert one.found == 1
    assert province.clerk.name in one.official
    entry = AuditEntry.objects.filter(verb="papers.searched").get()
    assert number not in str(entry.changes)


def test_a_search_needs_the_persons_presence_number_and_name(province):
    province.accepted()
    with pytest.raises(PresenceNeeded):
        search(province, is_present=False)
    with pytest.raises(Refused):
        search(province, identity="12")
    assert not PaperSearch.objects.exists()
    assert search(province, name="Người Khác Hẳn").found == 0
    assert search(province, identity="099000999999").found == 0
    # The person is told of the search with a wrong name, too.
    assert [one.found for one in searches_about(province.citizen)] == [0]


def test_only_the_desk_searches_and_only_who_searched_sees_for_a_while(province):
    province.accepted()
    for by in (province.specialist, province.citizen):
        with pytest.raises(NotAllowed):
            search_papers(
                province.clerk.unit_id,
                identity=who(province)[0],
                name=who(province)[1],
                is_present=True,
                by=by,
                now=province.now,
            )
    found = search(province)
    [paper] = kept(province)
    assert access_found_file(province.clerk, found.pk, paper.ref, now=province.now)
    for by in (province.specialist, province.citizen, province.other_commune):
        with pytest.raises(NotFound):
            access_search(by, found.pk, now=province.now)
        with pytest.raises(NotFound):
            access_found_file(by, found.pk, paper.ref, now=province.now)
    with pytest.raises(NotFound):
        access_found_file(province.clerk, found.pk, paper.ref, now=province.now + dt.timedelta(minutes=31))


def test_a_counter_uses_nothing_that_it_has_not_found(province):
    province.accepted()
    [paper] = kept(province)
    version = get_version(get_procedure("1.001612"))
    nobody = search(province, name="Người Khác Hẳn")
    for searched in (None, nobody):
        with pytest.raises(NotFound):
            receive_at_counter(
                province.clerk.unit_id,
                version=version,
                applicant=Applicant(name="Người Khác Hẳn"),
                data=HOUSEHOLD_ANSWERS,
                parts=[NewPart(document_key="giay_to_phap_ly", file_id=None, source=paper.ref)],
                search=searched,
                by=province.clerk,
                now=province.now,
            )


def test_a_slip_in_the_name_gives_the_dossier_to_nobody(province):
    number, _name = who(province)
    dossier = receive_at_counter(
        province.clerk.unit_id,
        version=get_version(get_procedure("1.001612")),
        applicant=Applicant(name="Người Khác Hẳn", identity=number),
        data=HOUSEHOLD_ANSWERS,
        parts=[NewPart(document_key="giay_to_phap_ly", file_id=None, is_original=True)],
        by=province.clerk,
        now=province.now,
    )
    assert dossier.owner_id is None


def test_a_page_of_the_store_takes_few_queries(province, django_assert_max_num_queries):
    for _ in range(3):
        province.accepted()
    with django_assert_max_num_queries(4):
        page = own_papers(province.citizen, now=province.now, size=2)
    assert len(page.rows) == 2
    rest = own_papers(province.citizen, now=province.now, size=2, after=page.after)
    assert len(rest.rows) == 1
    assert not rest.after
    assert not own_papers(province.citizen, now=province.now, after="gì đó").rows
    assert not own_papers(province.citizen, now=province.now, words="không có").rows
    assert len(own_papers(province.citizen, now=province.now, words="CCCD").rows) == 3

"""Filing for a business or a relative: whose name stands on it, who sees it, and the end of it."""

import datetime as dt
from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.directory.public import own_person
from dinh.foundation.notify.models import Notice
from dinh.foundation.ui.public import prefill
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.onestop.models import DossierPart, Paper, Representation
from dinh.onestop.public import (
    PartyWrong,
    RepresentationEnded,
    accept,
    access_dossier,
    access_proof,
    access_representation,
    answer_errors,
    attach_paper,
    begin_representation,
    dossier_card,
    end_representation,
    get_procedure,
    give_supplement,
    known_of,
    procedures_shipped,
    representations_of,
    save_answers,
    start_draft,
    submit,
    visible_dossiers,
    withdraw,
)
from dinh.onestop.rules.definition import read_definition
from dinh.onestop.rules.representation import is_tax_code
from tests.onestop.conftest import HOUSEHOLD_ANSWERS

BUSINESS = {
    "kind": "business",
    "relation": "legal",
    "name": "Công ty TNHH Mẫu Xanh",
    "identity": "9900000001",
    "phone": "",
    "email": "",
    "address": "Số 1, xã Bình Mẫu",
}


def shipped_of(code):
    path = next(path for path in procedures_shipped() if path.stem == code)
    return read_definition(yaml.safe_load(path.read_text()))


def begun(province, party=BUSINESS, *, by=None, until_on=None):
    by = by or province.citizen
    return begin_representation(
        party, proof_id=province.file(by, "giấy.jpg"), until_on=until_on, by=by, now=province.now
    )


def relative(province, who="congdan2", **changes):
    person = own_person(province.actor(who))
    party = {**BUSINESS, "kind": "relative", "relation": "family", "name": person.full_name}
    return {**party, "identity": person.identity_number, **changes}


def draft_for(province, row, by=None):
    by = by or province.citizen
    draft = start_draft(
        get_procedure("1.001612"),
        answers={},
        agency_id=province.unit("H99.31").id,
        representation_id=row.pk,
        by=by,
        now=province.now,
    )
    save_answers(draft, answers=HOUSEHOLD_ANSWERS, agency_id=None, by=by, now=province.now)
    attach_paper(draft, document_key="giay_to_phap_ly", file_id=province.file(by), by=by, now=province.now)
    return draft


def sent_for(province, row):
    return submit(draft_for(province, row), by=province.citizen, now=province.now)


def seen(by):
    return [one.pk for one in visible_dossiers(by)]


def test_a_business_is_the_applicant_and_its_representative_follows(province):
    """Law: NĐ 61/2018 Điều 16 ý 2
    Screen: /dai-dien/
    """
    row = begun(province)
    dossier = sent_for(province, row)
    assert (dossier.applicant_name, dossier.applicant_identity) == (BUSINESS["name"], BUSINESS["identity"])
    assert dossier.owner_id is None
    assert dossier.filed_by == f"{province.citizen.name}, người đại diện theo pháp luật"
    assert seen(province.citizen) == [dossier.pk]
    assert not seen(province.actor("congdan2"))
    proof = Paper.objects.get(dossier=dossier, form="proof").content
    assert (proof["name"], proof["filed_by"]) == (BUSINESS["name"], dossier.filed_by)
    # The paper that proves it goes with the dossier, so that the desk can compare it.
    assert DossierPart.objects.filter(dossier=dossier, file_id=row.proof_id).count() == 1
    accept(dossier, by=province.clerk, now=province.now)
    assert Paper.objects.get(dossier=dossier, form="receipt").content["name"] == BUSINESS["name"]
    assert Notice.objects.filter(person_id=province.citizen.person_id, template="dossier.accepted").exists()
    dossier.refresh_from_db()
    withdraw(dossier, reason="Đổi ý", by=province.citizen, now=province.now)


@pytest.mark.parametrize(("relation", "representative"), [("legal", True), ("staff", False)])
def test_what_is_known_of_the_business_is_filled_in_and_no_other_number_taken(
    province, relation, representative
):
    """Who files on a power of attorney is not called the legal representative."""
    row = begun(province, {**BUSINESS, "relation": relation})
    form = shipped_of("1.009397").form
    unit = prefill(form, known_of(province.citizen, stands_for=row))["don_vi"]
    own = province.citizen.name
    assert (unit["ten"], unit["ma_so"], unit["dia_chi"]) == (row.name, row.identity, row.address)
    assert unit.get("nguoi_dai_dien") == (own if representative else None)
    assert "ten" not in prefill(form, known_of(province.citizen))["don_vi"]

    def faults(number):
        data = {"don_vi": {**unit, "ma_so": number}}
        found = answer_errors(
            shipped_of("1.009397"), data, agency_id=None, page="don_vi", choices={}, stands_for=row
        )
        return {one.path: one.sentence for one in found}

    assert "don_vi.ma_so" not in faults(row.identity)
    assert row.name in faults("0100109106")["don_vi.ma_so"]


def test_a_relative_and_who_stands_for_them_both_see_the_dossier(province):
    row = begun(province, relative(province))
    other = province.actor("congdan2")
    assert Notice.objects.filter(person_id=other.person_id, template="representation.begun").exists()
    dossier = sent_for(province, row)
    assert seen(province.citizen) == seen(other) == [dossier.pk]
    assert dossier_card(access_dossier(other, dossier.pk), by=other, now=province.now)
    told = Notice.objects.filter(template="dossier.submitted").values_list("person_id", flat=True)
    assert set(told) == {province.citizen.person_id, other.person_id}


@pytest.mark.parametrize("ends", ["congdan", "congdan2"])
def test_an_ended_representation_no_longer_sees_or_acts(province, ends):
    row = begun(province, relative(province))
    dossier = sent_for(province, row)
    draft = draft_for(province, row)
    end_representation(row, by=province.actor(ends), now=province.now)
    assert not seen(province.citizen)
    assert seen(province.actor("congdan2")) == [dossier.pk]
    with pytest.raises(NotFound):
        access_dossier(province.citizen, dossier.pk)
    with pytest.raises(NotAllowed):
        withdraw(dossier, reason="", by=province.citizen, now=province.now)
    with pytest.raises(NotAllowed):
        give_supplement(dossier, parts=[], note="", by=province.citizen, now=province.now)
    with pytest.raises(RepresentationEnded):
        submit(draft, by=province.citizen, now=province.now)
    with pytest.raises(NotFound):
        draft_for(province, row)
    before = Representation.objects.get().ended_at
    end_representation(row, by=province.citizen, now=province.now + dt.timedelta(hours=1))
    assert Representation.objects.get().ended_at == before
    assert Notice.objects.filter(template="representation.ended").count() == 2


def test_a_representation_ends_with_its_paper(province):
    on = province.now.date()
    row = begun(province, until_on=on)
    draft = draft_for(province, row)
    Representation.objects.update(until_on=on - dt.timedelta(days=400))
    with pytest.raises(RepresentationEnded):
        submit(draft, by=province.citizen, now=province.now)
    [card] = representations_of(province.citizen, today=on)
    assert card.state == "expired"


def test_strangers_and_officials_find_and_end_nothing(province):
    row = begun(province)
    for by in (province.actor("congdan2"), province.clerk):
        assert not representations_of(by, today=province.now.date())
        with pytest.raises(NotFound):
            access_representation(by, row.pk)
        with pytest.raises(NotFound):
            access_proof(by, row.pk)
        with pytest.raises(NotAllowed):
            end_representation(row, by=by, now=province.now)
    with pytest.raises(NotAllowed):
        begun(province, by=province.clerk)
    with pytest.raises(NotFound):
        draft_for(province, row, by=province.actor("congdan2"))


def test_a_number_with_another_name_is_tied_to_nobody(province):
    row = begun(province, relative(province, name="Người Khác Hẳn"))
    assert row.principal_id is None
    sent_for(province, row)
    assert not seen(province.actor("congdan2"))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"kind": "lạ"}, "kind"),
        ({"relation": "parent"}, "relation"),
        ({"name": "  "}, "name"),
        ({"identity": "12"}, "identity"),
        ({"phone": "12"}, "phone"),
        ({"email": "sai"}, "email"),
        ({"address": "x" * 201}, "address"),
    ],
)
def test_each_fault_is_said_at_its_place(province, changes, place):
    with pytest.raises(PartyWrong) as refused:
        begun(province, {**BUSINESS, **changes})
    assert list(refused.value.errors) == [place]
    assert not Representation.objects.exists()


def test_nobody_stands_for_themselves_or_twice_for_one(province):
    with pytest.raises(PartyWrong):
        begun(province, relative(province, "congdan"))
    begun(province)
    with pytest.raises(PartyWrong):
        begun(province)
    with pytest.raises(PartyWrong):
        begun(province, {**BUSINESS, "identity": "9900000002"}, until_on=dt.date(2020, 1, 1))


def test_the_log_says_on_whose_behalf(province):
    row = begun(province)
    by = replace(province.citizen, on_behalf_of=row.name)
    submit(draft_for(province, row), by=by, now=province.now)
    assert AuditEntry.objects.get(verb="dossier.submitted").on_behalf_of == BUSINESS["name"]
    assert BUSINESS["identity"] not in str(AuditEntry.objects.get(verb="representation.begun").changes)


@given(st.text(max_size=16))
def test_only_ten_digits_or_ten_and_three_are_a_tax_code(text):
    plain = text.replace("-", "", 1) if len(text) == 14 and text[10:11] == "-" else text
    expected = plain.isascii() and plain.isdigit() and (len(text), len(plain)) in {(10, 10), (14, 13)}
    assert is_tax_code(text) is expected

"""Filing again from a dossier that has ended: filled from it, once, in the form in force, by its owner."""

import copy
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.public import system
from dinh.kernel.errors import Refused
from dinh.onestop.models import Dossier, Draft, DraftFile
from dinh.onestop.public import (
    begin_again,
    beginning_again,
    draft_version,
    get_procedure,
    publish_version,
    refuse,
    save_answers,
    submit,
    withdraw,
)
from dinh.onestop.rules.beginning_again import StillRunning, carry_again
from dinh.onestop.rules.states import DOSSIER
from tests.guards.refusing import assert_done, assert_refused
from tests.onestop.conftest import HOUSEHOLD_ANSWERS, NOW, Province

BY = system("test")
CODE = "1.001612"
PROMISE = {"cam_ket": HOUSEHOLD_ANSWERS["cam_ket"]}


def refused(p: Province) -> Dossier:
    dossier = p.submitted()
    return refuse(dossier, reason="Tên trùng.", by=p.clerk, now=p.now)


def republish(change: Any) -> None:
    definition = copy.deepcopy(get_procedure(CODE).current_version.definition)
    change(definition)
    publish_version(draft_version(definition, by=BY, now=NOW), by=BY, now=NOW)


@given(st.dictionaries(st.sampled_from("abc"), st.booleans()), st.sets(st.sampled_from("abc")))
def test_what_must_be_promised_is_promised_anew(answers: dict[str, bool], promises: set[str]) -> None:
    box = {"type": "boolean", "ui": {"label": "Ô"}}
    fields = {name: {**box, **({"const": True} if name in promises else {})} for name in "abc"}
    form = {"properties": {**fields, "nhom": {"type": "object", "properties": fields}}}
    kept = {name: value for name, value in answers.items() if name not in promises}
    carried = carry_again({**answers, "nhom": answers}, form, form)
    assert carried.answers == {**kept, "nhom": kept}
    assert carried.aside == ()


def test_a_refused_dossier_fills_the_next_one_and_only_once(province: Province) -> None:
    p = province
    running = p.submitted()
    with pytest.raises(StillRunning):
        begin_again(running, by=p.citizen, now=p.now)
    old = refused(p)
    for other in (p.actor("congdan2"), p.clerk):
        assert_refused("draft.begun_again", lambda by=other: begin_again(old, by=by, now=p.now))
    assert_done("draft.begun_again", lambda: begin_again(old, by=p.citizen, now=p.now))
    draft = Draft.objects.get(begun_from=old)
    assert begin_again(old, by=p.citizen, now=p.now) == draft
    assert draft.data == {name: value for name, value in HOUSEHOLD_ANSWERS.items() if name != "cam_ket"}
    assert draft.agency_id == old.agency_id
    assert draft.aside == []
    # No agency took these papers in: they go along as they are, and are no paper of the store.
    files = list(DraftFile.objects.filter(draft=draft))
    assert [one.file_id for one in files] == [part.file_id for part in old.parts.all()]
    assert not any(hasattr(one, "reuse") for one in files)
    found = beginning_again(old, by=p.citizen)
    assert (found.way, found.draft_id, found.sent) == ("again", draft.pk, [])

    save_answers(draft, answers={**draft.data, **PROMISE}, agency_id=None, by=p.citizen, now=p.now)
    new = submit(draft, by=p.citizen, now=p.now)
    told = [line.values.get("code") for line in new.timeline.all()]
    assert old.request_code in told
    assert [one.id for one in beginning_again(old, by=p.citizen).sent] == [new.pk]
    earlier = beginning_again(new, by=p.citizen).earlier
    assert earlier is not None and earlier.id == old.pk
    assert beginning_again(new, by=p.citizen).way == ""
    assert begin_again(old, by=p.citizen, now=p.now) != draft


def test_what_has_no_place_in_the_form_in_force_is_said(province: Province) -> None:
    """An accepted dossier that was taken back: its papers are of the store, and are used again as such."""
    p = province
    old = withdraw(p.accepted(), reason="", by=p.citizen, now=p.now)
    parts = list(old.parts.all())

    def change(definition: Any) -> None:
        form = definition["form"]
        form["properties"]["von"] = {**form["properties"]["von"], "type": "string", "ui": {"label": "Vốn"}}
        form["properties"]["von"].pop("minimum", None)
        form["properties"]["von"].pop("maximum", None)
        upload = next(one for one in definition["documents"] if one["key"] == parts[-1].document_key)
        upload["key"] = "giay_khac"

    republish(change)
    draft = begin_again(old, by=p.citizen, now=p.now)
    assert draft.version_id == get_procedure(CODE).current_version_id
    assert "von" not in draft.data
    labels = [one["label"] for one in draft.aside]
    assert labels[0] == "Vốn kinh doanh"
    gone = [part.document_name for part in parts if part.document_key == parts[-1].document_key]
    assert labels[1:] == gone
    kept = [part for part in parts if part.document_key != parts[-1].document_key]
    assert [one.reuse.from_part_id for one in draft.files.all()] == [part.pk for part in kept]


def test_a_procedure_that_takes_nothing_online_is_said_to(province: Province) -> None:
    p = province
    old = refused(p)
    republish(lambda definition: definition.update(channels=["counter"], service_class="information"))
    with pytest.raises(Refused, match="không nhận hồ sơ trực tuyến"):
        begin_again(old, by=p.citizen, now=p.now)


def test_every_end_leads_on_and_nothing_that_runs(province: Province) -> None:
    p = province
    old = p.accepted()
    ways = {
        **dict.fromkeys(("submitted", "supplement", "processing"), ""),
        **dict.fromkeys(("refused", "withdrawn", "stopped"), "again"),
        **dict.fromkeys(("done", "returned"), "alike"),
    }
    assert ways.keys() == {state for state, _ in DOSSIER.choices}
    for state, way in ways.items():
        Dossier.objects.filter(pk=old.pk).update(state=state)
        old.refresh_from_db()
        assert beginning_again(old, by=p.citizen).way == way
        if way:
            assert begin_again(old, by=p.citizen, now=p.now).begun_from_id == old.pk
        else:
            with pytest.raises(StillRunning):
                begin_again(old, by=p.citizen, now=p.now)


def test_a_paper_that_was_replaced_or_is_out_of_date_stays_away(province: Province) -> None:
    p = province
    old = refused(p)
    old.parts.update(replaced_at=p.now)
    draft = begin_again(old, by=p.citizen, now=p.now)
    assert (draft.files.count(), draft.aside) == (0, [])
    draft.delete()
    old.parts.update(replaced_at=None)

    def change(definition: Any) -> None:
        for document in definition["documents"]:
            document["valid_months"] = 1

    republish(change)
    draft = begin_again(old, by=p.citizen, now=p.now + dt.timedelta(days=40))
    assert not draft.files.exists()
    names = [part.document_name for part in old.parts.all()]
    assert [one["label"] for one in draft.aside] == names != []

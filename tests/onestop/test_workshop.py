"""Drafts at the door: what replaces them whole, what two people do at once, what running dossiers keep."""

import threading

import pytest
from django.db import connection

from dinh.foundation.actions.public import Actor
from dinh.foundation.ui.public import FieldSpec
from dinh.kernel.errors import Refused
from dinh.onestop.models import ProcedureRevision, ProcedureVersion
from dinh.onestop.public import (
    ChangedMeanwhile,
    begin_draft,
    copy_version,
    get_procedure,
    publish_version,
    put_draft_field,
    remove_draft_field,
    replace_draft,
    replace_draft_steps,
)
from dinh.onestop.rules.definition import DefinitionUnreadable
from tests.onestop.making import simple

EDITOR, OTHER, PUBLISHER = "soan.thutuc", "quantri", "congbo.thutuc"


def draft(province, **changes) -> ProcedureVersion:
    return begin_draft(simple(**changes), by=province.actor(EDITOR), now=province.now)


@pytest.mark.django_db
def test_an_uploaded_definition_takes_the_drafts_place_and_keeps_its_code(province):
    by = province.actor(EDITOR)
    version = draft(province)
    replace_draft(
        version, definition=simple(code="9.999999", name="Tên khác"), seen=1, by=by, now=province.now
    )
    version.refresh_from_db()
    assert version.definition["code"] == "9.000001"
    assert version.definition["name"] == "Tên khác"
    steps = [{**step, "hours": 2} for step in version.definition["steps"]]
    replace_draft_steps(version, steps=steps, seen=2, by=by, now=province.now)
    version.refresh_from_db()
    assert {step["hours"] for step in version.definition["steps"]} == {2}
    with pytest.raises(DefinitionUnreadable):
        replace_draft_steps(version, steps=[{"key": "x"}], seen=3, by=by, now=province.now)
    assert ProcedureRevision.objects.filter(version=version).count() == 3


@pytest.mark.django_db
def test_whoever_changed_a_draft_once_does_not_publish_it(province):
    version = draft(province)
    publisher = province.actor(PUBLISHER)
    ProcedureRevision.objects.create(
        version=version, number=2, source=2, definition=version.definition, said="x", at=province.now,
        by_id=publisher.account_id, by_name=publisher.name,
    )  # fmt: skip
    with pytest.raises(Refused, match="khác người soạn"):
        publish_version(version, by=publisher, now=province.now)


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_take_turns_and_the_second_is_told(province):
    version = draft(province)
    by: Actor = province.actor(EDITOR)
    start, told = threading.Barrier(4), []

    def save(number: int) -> None:
        try:
            start.wait()
            spec = FieldSpec(kind="text", label=f"Câu {number}")
            put_draft_field(version, spec=spec, page="mot", seen=1, by=by, now=province.now)
        except ChangedMeanwhile as refused:
            told.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    version.refresh_from_db()
    assert version.revision == 2
    assert len(told) == 3
    assert len(version.definition["form"]["properties"]) == 4
    assert list(ProcedureRevision.objects.values_list("number", flat=True)) == [2, 1]


@pytest.mark.django_db
def test_a_running_dossier_keeps_its_version_when_the_next_one_asks_other_things(province):
    dossier = province.accepted()
    old = dossier.version
    by = province.actor(EDITOR)
    version = copy_version(old, by=by, now=province.now)
    remove_draft_field(version, path="von", seen=1, by=by, now=province.now)
    version.refresh_from_db()
    data = {**version.definition}
    fields = [
        {**field, "source": ""} if field.get("source") == "von" else field
        for field in data["result"]["fields"]
    ]
    data["result"] = {**data["result"], "fields": fields}
    replace_draft(version, definition=data, seen=2, by=by, now=province.now)
    publish_version(version, by=province.actor(PUBLISHER), now=province.now)
    dossier.refresh_from_db()
    assert dossier.version_id == old.id
    assert "von" in dossier.version.parts.form["properties"]
    assert get_procedure("1.001612").current_version_id == version.id
    assert "von" not in get_procedure("1.001612").current_version.parts.form["properties"]

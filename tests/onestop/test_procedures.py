"""Procedures: drafted, published by a second person, kept by running dossiers."""

import pytest
from django.db import DatabaseError, transaction

from dinh.kernel.errors import NotFound
from dinh.onestop.actions.procedures import AlreadyPublished, DefinitionFaulty, SecondPersonNeeded
from dinh.onestop.models import ProcedureVersion
from dinh.onestop.public import draft_version, find_procedures, get_procedure, get_version, publish_version
from dinh.onestop.rules.definition import DefinitionUnreadable
from tests.onestop.making import simple


@pytest.fixture
def desk(province):
    class Desk:
        editor, publisher = province.actor("soan.thutuc"), province.actor("congbo.thutuc")
        now = province.now

        def draft(self, **changes):
            return draft_version(simple(**changes), by=self.editor, now=self.now)

        def publish(self, version, by=None):
            return publish_version(version, by=by or self.publisher, now=self.now)

    return Desk()


def test_a_draft_is_offered_only_once_a_second_person_has_published_it(desk):
    """Law: TT 01/2018 Điều 21
    Screen: /quan-tri/thu-tuc/<uuid:version_id>/
    """
    version = desk.draft()
    with pytest.raises(NotFound):
        get_procedure("9.000001")
    assert not [row for row in find_procedures("thu tuc thu") if row.code == "9.000001"]
    desk.publish(version)
    assert get_version(get_procedure("9.000001")).number == 1
    assert [row.code for row in find_procedures("thu tuc thu") if row.code == "9.000001"]


def test_publication_is_refused_to_whoever_drafted_it(desk, province):
    version = desk.draft()
    ProcedureVersion.objects.filter(pk=version.pk).update(created_by=desk.publisher.account_id)
    with pytest.raises(SecondPersonNeeded):
        desk.publish(version)


def test_a_version_is_published_once(desk):
    version = desk.publish(desk.draft())
    with pytest.raises(AlreadyPublished):
        desk.publish(version)


def test_a_faulty_definition_is_not_published_and_every_fault_is_said(desk):
    version = desk.draft(
        time_limit={"amount": 0, "unit": "working_days"}, fees=[{"key": "a", "name": "A", "amount": -1}]
    )
    with pytest.raises(DefinitionFaulty) as refused:
        desk.publish(version)
    assert "số tiền âm" in str(refused.value)
    assert "Thời hạn" in str(refused.value)
    with pytest.raises(NotFound):
        get_procedure("9.000001")


def test_unreadable_data_make_no_version(desk):
    with pytest.raises(DefinitionUnreadable):
        draft_version({"code": "9.000001"}, by=desk.editor, now=desk.now)
    assert not ProcedureVersion.objects.filter(procedure__code="9.000001").exists()


def test_a_published_version_never_changes(desk):
    version = desk.publish(desk.draft())
    with pytest.raises(DatabaseError), transaction.atomic():
        ProcedureVersion.objects.filter(pk=version.pk).update(definition={})


def test_running_dossiers_keep_the_version_under_which_they_came(desk, province):
    dossier = province.submitted()
    definition = dict(get_version(get_procedure("1.001612")).definition)
    desk.publish(draft_version({**definition, "short_name": "Tên mới"}, by=desk.editor, now=desk.now))
    dossier.refresh_from_db()
    assert dossier.version.number == 1
    assert dossier.version.parts.short_name != "Tên mới"
    assert province.submitted().version.parts.short_name == "Tên mới"

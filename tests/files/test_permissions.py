"""Who may do which verb of the files: what the system does at night nobody does by hand."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from dinh.foundation.actions.public import Actor, Grant, system, visitor
from dinh.foundation.files.actions.scanning import record_scan
from dinh.foundation.files.actions.upkeep import collect, report_fault
from dinh.foundation.files.models import File, StoreFault
from dinh.foundation.files.public import store_bytes
from tests.files.making import make_pdf
from tests.guards.refusing import assert_done, assert_refused

pytestmark = pytest.mark.django_db

BY = system("files.test")
MIGHTY = Actor(
    kind="official",
    name="Quản trị viên",
    grants=(Grant("directory.manage", "province", uuid.UUID(int=1)),),
)

NIGHTLY: dict[str, Callable[[File, Actor], Any]] = {
    "file.scanned": lambda file, by: record_scan(file, "clean", "", by=by),
    "file.collected": lambda file, by: collect(file, by=by),
    "file.damage_found": lambda file, by: report_fault(file.sha256, "changed", by=by, now=timezone.now()),
}


@pytest.mark.parametrize("verb", NIGHTLY)
def test_upkeep_is_the_systems_and_nobody_elses(give, official, verb):
    file, wish = give(make_pdf()), NIGHTLY[verb]
    for stranger in (official, MIGHTY, visitor()):
        assert_refused(verb, lambda by=stranger: wish(file, by))
    assert File.objects.get().scan_state == file.scan_state
    assert not StoreFault.objects.exists()
    assert_done(verb, lambda: wish(file, BY))


def test_a_visitor_leaves_nothing_in_the_store(official):
    assert_refused("file.stored", lambda: store_bytes(make_pdf(), name="a.pdf", by=visitor()))
    assert not File.objects.exists()
    assert_done("file.stored", lambda: store_bytes(make_pdf(), name="a.pdf", by=official))

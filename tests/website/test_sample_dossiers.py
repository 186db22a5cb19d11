"""Invented dossiers are like those that the verbs make: codes, clocks, work, and what follows goes on."""

import datetime as dt
import random
from collections import defaultdict
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from dinh.foundation.actions.public import Actor, system
from dinh.foundation.directory.models import Unit
from dinh.foundation.directory.public import acting, held_positions
from dinh.kernel.agencies import parse_dossier_code
from dinh.kernel.errors import NotAllowed
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions import bulk
from dinh.onestop.models import ClockRecord, Dossier, DossierCounter, Involvement, StepRun, WorkItem
from dinh.onestop.public import (
    WorkFilter,
    accept,
    checked_at_the_end,
    codes_taken,
    count_of_tab,
    dossier_card,
    load_dossiers,
    problems_of_answers,
    work_list,
)
from dinh.onestop.queries.clocks import dossier_reading, step_reading
from dinh.sso.models import Account
from dinh.website.sample.dossiers import load_share, shared_file, shares
from dinh.website.sample.load import Sample
from tests.website.conftest import NOW


def actor(username: str) -> Actor:
    account = Account.objects.get(username=username)
    held = held_positions(account.person_id, timezone.localdate())[0]
    return acting(account.person_id, held.position_id, account_id=account.pk, at=timezone.now())


def test_every_sample_account_finds_work(lived_in: Sample) -> None:
    for username in (
        "motcua.songcai",
        "chuyenvien.tckh.songcai",
        "truongphong.tckh.songcai",
        "phochutich.songcai",
        "vanthu.songcai",
        "congchuc.anmau.songcai",
    ):
        assert work_list(actor(username), WorkFilter(), now=NOW).page.rows, username
    assert work_list(actor("chutich.tinh"), WorkFilter(tab="all"), now=NOW).page.rows
    assert Dossier.objects.filter(owner=lived_in.citizens.people[0]).count() >= 4


def test_all_states_are_there_and_some_work_is_late(lived_in: Sample) -> None:
    states = set(Dossier.objects.values_list("state", flat=True).distinct())
    assert {"submitted", "processing", "supplement", "done", "returned", "refused"} <= states
    assert WorkItem.objects.filter(due_at__lt=NOW).exists()
    assert WorkItem.objects.filter(due_at__gte=NOW, due_at__lt=NOW + dt.timedelta(days=1)).exists()


def test_codes_have_neither_gap_nor_duplicate_and_go_on(lived_in: Sample) -> None:
    taken: dict[tuple[str, dt.date], list[int]] = defaultdict(list)
    for code in Dossier.objects.exclude(code=None).values_list("code", flat=True):
        parsed = parse_dossier_code(str(code))
        taken[parsed.agency, parsed.on].append(parsed.ordinal)
    for (agency, day), ordinals in taken.items():
        assert sorted(ordinals) == list(range(1, len(ordinals) + 1)), (agency, day)
        assert DossierCounter.objects.get(agency__code=agency, day=day).last == len(ordinals)
    clerk = actor("motcua.songcai")
    waiting = Dossier.objects.filter(state="submitted", reception_unit_id=clerk.unit_id).first()
    assert waiting is not None
    day = NOW.astimezone(VIETNAM).date()
    before = len(taken[waiting.agency.code, day])
    accepted = accept(waiting, by=clerk, now=NOW)
    assert parse_dossier_code(str(accepted.code)).ordinal == before + 1


def test_due_moments_are_those_that_the_clocks_give(lived_in: Sample) -> None:
    for dossier in Dossier.objects.filter(state__in=["processing", "supplement"]):
        assert dossier.due_at == dossier_reading(dossier, now=NOW).due_at
        for step in StepRun.objects.filter(dossier=dossier, state="open"):
            read = step_reading(step, now=NOW).due_at
            assert read is None or step.due_at == read


def test_nothing_has_happened_after_now(lived_in: Sample) -> None:
    assert not ClockRecord.objects.filter(at__gt=NOW).exists()
    assert not StepRun.objects.filter(done_at__gt=NOW).exists()


def test_what_came_over_the_counter_was_accepted(lived_in: Sample) -> None:
    assert not Dossier.objects.filter(channel="counter", accepted_at=None).exists()


def test_each_dossier_has_a_screen_and_answers_that_its_form_takes(lived_in: Sample) -> None:
    leader = actor("chutich.tinh")
    for dossier in Dossier.objects.select_related("version", "procedure", "agency", "reception_unit"):
        assert dossier_card(dossier, by=leader, now=NOW).steps
        problems = problems_of_answers(
            dossier.version.parts, dossier.data, agency_id=dossier.agency_id, now=dossier.submitted_at
        )
        assert problems == ()


def test_a_share_comes_whole_and_a_second_one_goes_on(lived_in: Sample) -> None:
    share = next(share for share in shares(400) if share.counts.keys() == {"1.001612"})
    before = codes_taken(share.agency)
    file_id = shared_file(by=system("test"))
    for _ in range(2):
        assert sum(load_share(share, file_id=file_id, by=system("test"), now=NOW)) == share.total
    assert before < codes_taken(share.agency) <= before + 2 * share.total


def test_shares_sum_up_to_what_was_asked_for(lived_in: Sample) -> None:
    for total in (1, 97, 1000):
        assert sum(share.total for share in shares(total)) == total


def test_only_the_system_loads_dossiers(lived_in: Sample) -> None:
    with pytest.raises(NotAllowed):
        load_dossiers([], file_id=None, dice=random.Random(1), by=actor("motcua.songcai"), now=NOW)


def test_the_counts_of_the_tabs_are_the_lists_they_count(lived_in: Sample, settings: Any) -> None:
    for username in ("motcua.songcai", "chutich.tinh", "quantri"):
        by = actor(username)
        counts = work_list(by, WorkFilter(), now=NOW).counts
        assert counts == {tab: count_of_tab(by, tab, now=NOW) for tab in counts}


def keys_and_indexes() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        # What this test's own rows have still to prove is proved now; a load begins with nothing pending.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) || convalidated FROM pg_constraint"
            " WHERE conrelid::regclass::text LIKE 'onestop%'"
            " UNION ALL SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) || indisvalid"
            " FROM pg_index WHERE indrelid::regclass::text LIKE 'onestop%'"
        )
        return set(cursor.fetchall())


def test_a_bulk_load_leaves_every_key_and_index_as_it_was(lived_in: Sample) -> None:
    before = keys_and_indexes()
    with checked_at_the_end():
        aside = before - keys_and_indexes()
        assert {name for name, _ in aside} >= {"dossier_search", "timeline_dossier"}
        assert any("FOREIGN KEY" in definition for _, definition in aside)
        assert not any("UNIQUE" in definition for _, definition in aside)
    assert keys_and_indexes() == before


def test_what_a_killed_load_put_aside_is_put_back_by_the_next(lived_in: Sample) -> None:
    before = keys_and_indexes()
    bulk._put_aside()
    assert keys_and_indexes() != before
    with checked_at_the_end():
        pass
    assert keys_and_indexes() == before


def test_a_row_that_points_nowhere_is_found_at_the_end(lived_in: Sample) -> None:
    unit_id = Unit.objects.get(code="H99").pk
    assert keys_and_indexes()
    with pytest.raises(IntegrityError, match="onestop_involvement"), transaction.atomic():
        bulk._put_aside()
        Involvement.objects.create(dossier_id=uuid4(), unit_id=unit_id)
        bulk.put_back()

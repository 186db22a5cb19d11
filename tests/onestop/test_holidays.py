"""A holiday announced tomorrow: open due moments are computed anew, each change explained, people told."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import system
from dinh.foundation.calendars.models import Calendar
from dinh.foundation.calendars.public import declare_day, open_calendar, publish_calendar, withdraw_day
from dinh.foundation.notify.models import Notice
from dinh.onestop.actions.clocks import CalendarCause, recompute
from dinh.onestop.models import ClockRecord, Dossier, StepRun, TimelineEntry, WorkItem
from dinh.onestop.public import ask_supplement, claim, refresh_open_clocks
from dinh.onestop.tasks import refresh_clocks
from dinh.sso.models import Account
from dinh.sso.public import open_session
from tests.guards.refusing import assert_done, assert_refused
from tests.onestop.conftest import ANSWERS, NOW, Province, check_whole

BY = system("test")
TOMORROW = NOW.date() + dt.timedelta(days=1)


def announce(calendar: Any = None, on: dt.date = TOMORROW) -> None:
    """A storm tomorrow: the day off is published, and the job that the calendar asked for runs."""
    calendar = calendar or Calendar.objects.get(unit=None)
    declare_day(calendar, on=on, kind="off", label="Nghỉ tránh bão", basis="Công điện 12", by=BY)
    publish_calendar(calendar, by=BY)
    run_jobs()


def run_jobs() -> None:
    asked = ProcrastinateJob.objects.filter(task_name="onestop.refresh_clocks").order_by("-id").first()
    refresh_clocks(**asked.args)


def last_line(dossier: Dossier) -> TimelineEntry:
    return TimelineEntry.objects.filter(dossier=dossier).latest("id")


def page_of(username: str, address: str) -> str:
    account = Account.objects.get(username=username)
    key, _ = open_session(account, position_id=None, method="password", now=timezone.now())
    client = Client()
    client.cookies["sessionid"] = key
    return str(client.get(address).content.decode())


def test_the_change_is_explained_on_the_page_with_the_day_and_its_reason(province: Province) -> None:
    p = province
    dossier = p.accepted()
    events = ClockRecord.objects.count()
    announce()
    dossier.refresh_from_db()
    assert dossier.due_at == NOW + dt.timedelta(days=4)
    line = last_line(dossier)
    assert line.is_public
    assert line.values["days"] == "17/11/2026 nghỉ: Nghỉ tránh bão"
    assert (line.values["before"], line.values["after"]) == ("08:00 19/11/2026", "08:00 20/11/2026")
    page = page_of("congdan", f"/ho-so-cua-toi/{dossier.pk}/")
    assert "17/11/2026 nghỉ: Nghỉ tránh bão" in page
    assert ClockRecord.objects.count() == events, "the clock's events stay; what is read from them changes"
    assert WorkItem.objects.get(dossier=dossier).dossier_due_at == dossier.due_at
    check_whole(dossier.pk)


def test_a_day_off_taken_back_moves_it_back(province: Province) -> None:
    p = province
    dossier = p.accepted()
    announce()
    withdraw_day(Calendar.objects.get(unit=None), on=TOMORROW, by=BY)
    publish_calendar(Calendar.objects.get(unit=None), by=BY)
    run_jobs()
    dossier.refresh_from_db()
    assert dossier.due_at == NOW + dt.timedelta(days=3)
    assert last_line(dossier).values["after"] == "08:00 19/11/2026"


def test_the_applicant_and_the_holder_are_told_once(province: Province) -> None:
    p = province
    dossiers = [p.accepted() for _ in range(3)]
    for dossier in dossiers:
        claim(p.open_step(dossier, "tham_dinh"), by=p.specialist, now=p.now)
    announce()
    run_jobs()
    told = Notice.objects.filter(template="dossier.due_moved", person_id=p.citizen.person_id)
    assert told.count() == 3
    assert all("20/11/2026" in one.body for one in told)
    (work,) = Notice.objects.filter(template="work.due_moved")
    assert work.person_id == p.specialist.person_id


def test_what_does_not_move_leaves_no_trace(province: Province) -> None:
    p = province
    p.accepted()
    entries, lines = AuditEntry.objects.count(), TimelineEntry.objects.count()
    assert refresh_open_clocks(None, by=BY, now=p.now) == 0
    assert (AuditEntry.objects.count(), TimelineEntry.objects.count()) == (entries, lines)


def test_a_districts_day_off_moves_its_communes_too_and_nobody_elses(province: Province) -> None:
    p = province
    answers, agency = ANSWERS["1.004873"]
    commune = p.accepted(code="1.004873", agency=agency, answers=answers)
    answers, agency = ANSWERS["2.000488"]
    department = p.accepted(code="2.000488", agency=agency, answers=answers)
    before = {one.pk: one.due_at for one in (commune, department)}
    announce(open_calendar(p.unit("H99.31").pk, by=BY))
    commune.refresh_from_db()
    department.refresh_from_db()
    assert commune.due_at == before[commune.pk] + dt.timedelta(days=1)
    assert department.due_at == before[department.pk]


def test_what_waits_for_the_applicant_keeps_waiting(province: Province) -> None:
    p = province
    dossier = p.accepted()
    ask_supplement(
        dossier, items=[{"document": "", "text": "Bản rõ"}], reason="Mờ", contact="", by=p.clerk, now=p.now
    )
    announce()
    dossier.refresh_from_db()
    assert dossier.due_at is None
    assert "Lịch làm việc" not in last_line(dossier).sentence


def test_a_worker_killed_in_between_goes_on_without_saying_it_twice(province: Province, monkeypatch) -> None:
    p = province
    dossiers = [p.accepted() for _ in range(3)]
    from dinh.onestop.actions import clocks

    plain, done = clocks.recompute, []

    def dies(dossier: Any, **options: Any) -> Any:
        if done:
            raise SystemExit
        done.append(dossier)
        return plain(dossier, **options)

    with monkeypatch.context() as patch:
        patch.setattr(clocks, "recompute", dies)
        with pytest.raises(SystemExit):
            announce()
    run_jobs()
    for dossier in dossiers:
        dossier.refresh_from_db()
        assert dossier.due_at == NOW + dt.timedelta(days=4)
        lines = TimelineEntry.objects.filter(dossier=dossier, sentence__startswith="Lịch làm việc")
        assert lines.count() == 1


def test_reading_anew_is_the_systems(province: Province) -> None:
    p = province
    dossier = p.accepted()
    cause = CalendarCause()
    assert_refused(
        "dossier.due_recomputed", lambda: recompute(dossier, by=p.actor("quantri"), now=p.now, cause=cause)
    )
    assert_done("dossier.due_recomputed", lambda: recompute(dossier, by=BY, now=p.now, cause=cause))
    assert StepRun.objects.filter(dossier=dossier, state="open").exists()

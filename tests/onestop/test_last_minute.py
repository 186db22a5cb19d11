"""A thousand people in the last minute, in small: everybody gets a proof, the moment of arrival counts."""

import datetime as dt
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.utils import timezone

from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, Draft, Paper
from dinh.onestop.public import accept, problems_of_answers
from dinh.sso.models import Account
from dinh.sso.public import open_session
from dinh.website.arrival import arrival_of
from tests.onestop.conftest import Province, check_whole
from tests.onestop.site import address_of_database, web
from tests.onestop.test_collisions import at_once, outcome
from tests.procedures.filling import fill
from tests.samples import shipped
from tests.waiting import wait_until_blocked

PEOPLE = 16


def session_of(username: str) -> str:
    account = Account.objects.get(username=username)
    return str(open_session(account, position_id=None, method="password", now=timezone.now())[0])


def send(address: str, draft: Draft, session: str, arrived: float) -> int:
    request = urllib.request.Request(
        f"{address}/nop-ho-so/{draft.pk}/nop/",
        data=b"csrfmiddlewaretoken=" + b"x" * 32,
        headers={
            "Cookie": f"sessionid={session}; csrftoken={'x' * 32}",
            "X-Request-Start": f"t={arrived:.3f}",
        },
    )

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: Any) -> None:
            return None

    try:
        return int(urllib.request.build_opener(Stay).open(request, timeout=300).status)
    except urllib.error.HTTPError as answer:
        return answer.code


@pytest.mark.django_db(transaction=True)
def test_everybody_who_sends_at_once_has_a_proof_a_code_and_their_own_moment(
    open_province: Province, tmp_path: Path
) -> None:
    p = open_province
    drafts, session = [p.draft() for _ in range(PEOPLE)], session_of("congdan")
    environment = {
        "DJANGO_SETTINGS_MODULE": "dinh.website.settings",
        "DATABASE_URL": address_of_database(),
        "DINH_DATA_DIR": str(tmp_path),
        "DINH_ARRIVAL_HEADER": "X-Request-Start",
    }
    with web(environment, log=tmp_path / "web.log", threads=2) as address:
        # What waits for a thread longest was sent first: the order of handling does not count.
        arrived = [time.time() - number / 10 for number in range(PEOPLE)]
        answers = at_once(
            [
                lambda one=one, at=at: send(address, one, session, at)
                for one, at in zip(drafts, arrived, strict=True)
            ]
        )
    assert answers == [302] * PEOPLE
    dossiers = [Draft.objects.get(pk=draft.pk).sent_as for draft in drafts]
    for dossier, at in zip(dossiers, arrived, strict=True):
        assert dossier is not None
        assert abs(dossier.submitted_at.timestamp() - at) < 0.002
    assert len({dossier.request_code for dossier in dossiers if dossier}) == PEOPLE
    assert Paper.objects.filter(form="proof").count() == PEOPLE
    clerk, now = p.clerk, timezone.now()
    answers = at_once([lambda one=one: accept(one, by=clerk, now=now) for one in dossiers])
    assert outcome(answers) == {"done": PEOPLE}
    day = f"H99.31-{timezone.localdate(now):%y%m%d}"
    codes = sorted(Dossier.objects.values_list("code", flat=True))
    assert codes == [f"{day}-{ordinal:04d}" for ordinal in range(1, PEOPLE + 1)]
    for dossier in dossiers:
        assert dossier is not None
        check_whole(dossier.pk)


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_others_has_filed_before_they_were_done(open_province: Province) -> None:
    """Somebody holds what the filing needs; the moment kept is before the wait, not after it."""
    p = open_province
    draft, session = p.draft(), session_of("congdan")
    answers: list[int] = []

    def press() -> None:
        client = Client()
        client.cookies["sessionid"] = session
        answers.append(client.post(f"/nop-ho-so/{draft.pk}/nop/").status_code)
        connection.close()

    pressing = threading.Thread(target=press)
    with transaction.atomic():
        list(Draft.objects.select_for_update().filter(pk=draft.pk))
        pressing.start()
        wait_until_blocked()
        released = timezone.now()
    pressing.join()
    assert answers == [302]
    dossier = Draft.objects.get(pk=draft.pk).sent_as
    assert dossier is not None
    assert dossier.submitted_at < released


@pytest.mark.parametrize(
    ("stamp", "ago"),
    [
        ("t={past}", 5),
        ("{past}", 5),
        ("t={past}.25", 4.75),
        ("", 0),
        ("hôm qua", 0),
        ("t={future}", 0),
        ("t={long_past}", 0),
        ("t={past}; t=1", 0),
    ],
)
def test_a_stamp_counts_only_when_it_can_be_true(
    settings: Any, monkeypatch: Any, stamp: str, ago: float
) -> None:
    settings.ARRIVAL_HEADER = "X-Request-Start"
    now = dt.datetime(2026, 11, 16, 16, 59, 59, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    second = int(now.timestamp())
    written = stamp.format(past=second - 5, future=second + 60, long_past=second - 3600)
    request = RequestFactory().get("/", headers={"X-Request-Start": written})
    assert arrival_of(request) == now - dt.timedelta(seconds=ago)
    settings.ARRIVAL_HEADER = ""
    assert arrival_of(request) == now, "who has no such proxy believes no header"


@pytest.mark.parametrize(
    ("day", "hour", "is_in_time"), [(16, 0, True), (16, 23, True), (17, 0, False), (18, 12, False)]
)
def test_what_was_in_time_when_it_came_is_in_time(day: int, hour: int, is_in_time: bool) -> None:
    """A licence that ran out is exchanged for three months, by the day on which the form came."""
    definition = shipped()["1.002809"]
    data = fill(definition.form, {"communes": []}, all_of_it=True, today=dt.date(2020, 5, 16))
    came = dt.datetime(2020, 8, day, hour, 59, tzinfo=VIETNAM)
    found = problems_of_answers(definition, data, agency_id=None, now=came)
    assert ("het_han" not in {one.place for one in found}) is is_in_time


def test_the_page_before_sending_says_which_moment_counts(province: Province) -> None:
    draft = province.draft()
    client = Client()
    client.cookies["sessionid"] = session_of("congdan")
    page = client.get(f"/nop-ho-so/{draft.pk}/kiem-tra/").content.decode()
    assert "Thời điểm nộp là lúc yêu cầu nộp của Ông/Bà đến hệ thống" in page

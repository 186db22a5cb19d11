"""The national portal: statuses that follow from state and steps, messages that arrive once and in order."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dinh.foundation.actions.models import OutboxMessage
from dinh.foundation.actions.public import Relay, system
from dinh.foundation.actions.rules import DELIVERY_DELAYS
from dinh.kernel.errors import NotAllowed, Refused
from dinh.onestop.adapters import national as adapter
from dinh.onestop.models import (
    Dossier,
    FeeItem,
    NationalChange,
    NationalDossier,
    NationalMessage,
    PaymentOrder,
    Representation,
)
from dinh.onestop.public import (
    accept,
    access_national_message,
    ask_supplement,
    claim,
    give_supplement,
    keep_lanes,
    national_fates,
    national_lines,
    national_summary,
    note_changes,
    refuse,
    replace_national_message,
    resend_national_message,
    synchronise_open,
    withdraw,
)
from dinh.onestop.queries.national import ho_so, read_record
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.national import (
    STATUS_MOVES,
    STATUSES,
    StatusFacts,
    applicant_kind,
    as_moment,
    digest_of,
    may_follow,
    read_moment,
    status_of,
)
from dinh.onestop.rules.states import DOSSIER
from tests.guards.refusing import assert_done, assert_refused
from tests.onestop.conftest import NOW, Province
from tests.onestop.portal import Portal
from tests.onestop.site import address_of_database, process
from tests.onestop.test_machine import VERBS, Dice, new_dossier, play
from tests.waiting import wait_until

BY = system("test")


# Statuses


@st.composite
def any_facts(draw: Any) -> StatusFacts:
    flags = {name: draw(st.booleans()) for name in ("was_supplemented", "is_taken", "awaits_payment")}
    state = draw(st.sampled_from([one.code for one in DOSSIER.states]))
    return StatusFacts(state=state, is_accepted=draw(st.booleans()), **flags)


@given(any_facts())
def test_every_state_has_a_status_from_1_to_10(facts: StatusFacts) -> None:
    assert status_of(facts) in STATUSES
    assert set(STATUSES) == set(STATUS_MOVES) == set(range(1, 11))


def test_each_status_is_that_of_some_dossier() -> None:
    states = [one.code for one in DOSSIER.states]
    flags = [(a, b, c) for a in (True, False) for b in (True, False) for c in (True, False)]
    found = {
        status_of(StatusFacts(state=state, is_accepted=a, is_taken=b, awaits_payment=c))
        for state in states
        for a, b, c in flags
    }
    assert found == set(STATUSES)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (StatusFacts(state="submitted", is_accepted=False), 1),
        (StatusFacts(state="submitted", is_accepted=False, was_supplemented=True), 5),
        (StatusFacts(state="refused", is_accepted=False), 3),
        (StatusFacts(state="refused", is_accepted=True), 8),
        (StatusFacts(state="processing", is_accepted=True), 2),
        (StatusFacts(state="processing", is_accepted=True, is_taken=True), 4),
        (StatusFacts(state="processing", is_accepted=True, is_taken=True, awaits_payment=True), 6),
    ],
)
def test_a_status_follows_from_state_and_steps(facts: StatusFacts, status: int) -> None:
    assert status_of(facts) == status


def test_ends_are_ends() -> None:
    assert {status for status, after in STATUS_MOVES.items() if not after} == {3, 7, 8, 10}
    assert may_follow(1, 10)
    assert not may_follow(10, 1)
    assert not may_follow(9, 4)


@given(st.datetimes(min_value=dt.datetime(1990, 1, 1), max_value=dt.datetime(2100, 1, 1)))
def test_a_moment_survives_being_written(at: dt.datetime) -> None:
    moment = at.replace(microsecond=0, tzinfo=dt.UTC)
    assert read_moment(as_moment(moment)) == moment


@pytest.mark.parametrize("text", ["2026", "20261341", "hôm nay", "2026-11-22", "٢٠٢٦١١٢٢"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_moment(text)


@given(data=st.data())
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_a_dossier_has_a_status_that_may_follow(province: Province, data: Any) -> None:
    """Through the door, in any order of verbs: never a status that the portal's table does not let follow."""
    dice = Dice(data)
    dossier = new_dossier(province, dice.pick(["1.001612", "2.000488"]))
    status = read_record(dossier.pk).status
    assert status == 1
    for verb in data.draw(st.lists(st.sampled_from(VERBS), min_size=3, max_size=10)):
        try:
            play(province, dossier, verb, dice)
        except Refused:
            continue
        dossier = Dossier.objects.get(pk=dossier.pk)
        after = read_record(dossier.pk).status
        assert after == status or may_follow(status, after), (verb, status, after)
        status = after


# Messages


@pytest.fixture
def portal(tmp_path: Path, settings: Any) -> Iterator[Portal]:
    adapter.forget_session()
    portal = Portal(tmp_path)
    portal.configure(settings)
    yield portal
    adapter.forget_session()


def tell(now: dt.datetime) -> None:
    note_changes(now=now)
    keep_lanes(by=BY, now=now)


def deliver() -> None:
    relay = Relay(name="test", threads=4)
    relay.drain()
    relay.stop()


def make_due() -> None:
    OutboxMessage.objects.update(next_attempt_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))


def messages(dossier: Dossier) -> list[tuple[int, str, int, str]]:
    rows = NationalMessage.objects.filter(dossier=dossier.pk).order_by("sequence")
    return list(rows.values_list("sequence", "service", "status", "state"))


def test_without_a_portal_nothing_is_kept_for_it(province: Province) -> None:
    province.accepted()
    assert NationalChange.objects.count() == 0


def test_a_verb_leaves_a_mark_and_only_the_worker_writes_messages(province, portal) -> None:
    dossier = province.submitted()
    assert set(NationalChange.objects.values_list("dossier_id", flat=True)) == {dossier.pk}
    assert NationalMessage.objects.count() == 0
    assert note_changes(now=province.now) == 1
    assert NationalChange.objects.count() == 0
    assert messages(dossier) == [(1, "DongBoHoSoMC", 1, "sending")]
    assert note_changes(now=province.now) == 0


def test_a_dossier_goes_in_the_portals_field_names(province, portal) -> None:
    p = province
    dossier = p.accepted()
    tell(p.now)
    (content,) = NationalMessage.objects.get(dossier=dossier.pk, service="DongBoHoSoMC").content
    dossier.refresh_from_db()
    assert content["MaHoSo"] == dossier.code == "H99.31-261116-0001"
    assert content["SoBienNhan"] == dossier.request_code
    assert (content["MaTTHC"], content["KenhThucHien"], content["TrangThaiHoSo"]) == ("1.001612", "2", "2")
    assert content["NgayTiepNhan"] == "20261116080000"
    assert content["NgayHenTra"] == as_moment(dossier.due_at)
    assert content["DinhDanhCHS"][0]["LoaiDinhDanh"] == "1"
    assert {part["DuongDanTaiTepTin"] for part in content["TaiLieuNop"]} == {""}
    assert len(content["TrichYeuHoSo"]) <= 1000
    assert all(isinstance(value, str | list) for value in content.values())


def test_nothing_is_said_twice(province, portal) -> None:
    dossier = province.accepted()
    tell(province.now)
    count = NationalMessage.objects.count()
    for _ in range(3):
        NationalChange.objects.create(dossier_id=dossier.pk)
        tell(province.now)
    assert NationalMessage.objects.count() == count


def test_one_message_of_a_dossier_is_on_its_way_at_a_time(province, portal) -> None:
    p = province
    dossier = p.accepted()
    tell(p.now)
    claim(p.open_step(dossier, "tham_dinh"), by=p.specialist, now=p.now)
    tell(p.now)
    states = [state for *_, state in messages(dossier)]
    assert states == ["sending"] + ["queued"] * (len(states) - 1)
    assert len(states) == 3
    assert OutboxMessage.objects.filter(channel="national").count() == 1


@pytest.mark.django_db(transaction=True)
def test_from_submission_to_refusal_the_portal_learns_each_status_in_order(open_province, portal) -> None:
    """To a portal that is a sample and says so: the national one's own field names and statuses.

    Law: TT 01/2018 Điều 16 khoản 2 ý 10
    Screen: /quan-tri/cong-quoc-gia/
    """
    p = open_province
    with portal.open():
        dossier = p.submitted()
        tell(p.now)
        ask_supplement(
            dossier,
            items=[{"document": "", "text": "Bản rõ"}],
            reason="Mờ",
            contact="",
            by=p.clerk,
            now=p.now,
        )
        tell(p.now)
        give_supplement(dossier, parts=[], note="", by=p.citizen, now=p.now)
        tell(p.now)
        accept(dossier, by=p.clerk, now=p.now)
        tell(p.now)
        claim(p.open_step(dossier, "tham_dinh"), by=p.specialist, now=p.now)
        tell(p.now)
        withdraw(dossier, reason="", by=p.citizen, now=p.now)
        tell(p.now)
        deliver()
        dossier.refresh_from_db()
        known = portal.known(dossier.code)
        distinct = [one for one, _ in groupby(known["trangThai"])]
        assert distinct == [1, 5, 2, 4, 7]
        assert known["hoSo"]["SoBienNhan"] == dossier.request_code
        assert [row["TrangThai"] for row in known["tienDo"]] == ["2"]
        assert {state for *_, state in messages(dossier)} == {"delivered"}


@pytest.mark.django_db(transaction=True)
def test_away_for_a_day_nothing_is_lost_and_the_order_is_right(open_province, portal, settings) -> None:
    """The portal is really down, every attempt of a day fails; then it comes back."""
    p = open_province
    dossiers = [p.submitted() for _ in range(3)]
    tell(p.now)
    for one in dossiers[:2]:
        accept(one, by=p.clerk, now=p.now)
    tell(p.now)
    for _ in range(len(DELIVERY_DELAYS)):
        make_due()
        deliver()
    assert not OutboxMessage.objects.filter(channel="national", state="delivered").exists()
    assert NationalMessage.objects.filter(state="dead").count() == 0, "a day's attempts do not give up"
    refuse(dossiers[2], reason="Không đúng nơi", by=p.clerk, now=p.now)
    tell(p.now)
    with portal.open():
        make_due()
        deliver()
        for one, last in zip(dossiers, (2, 2, 3), strict=True):
            one.refresh_from_db()
            known = portal.known(one.request_code)
            assert known["trangThai"][0] == 1
            assert known["trangThai"][-1] == last
            assert known["hoSo"]["MaHoSo"] == str(one)
    assert set(NationalMessage.objects.values_list("state", flat=True)) == {"delivered"}


@pytest.mark.django_db(transaction=True)
def test_given_up_after_a_day_it_waits_for_somebody_who_sends_it_again(open_province, portal) -> None:
    p = open_province
    dossier = p.submitted()
    tell(p.now)
    accept(dossier, by=p.clerk, now=p.now)
    tell(p.now)
    for _ in range(len(DELIVERY_DELAYS) + 1):
        make_due()
        deliver()
    assert [state for *_, state in messages(dossier)][:2] == ["dead", "queued"]
    admin = p.actor("quantri")
    summary = national_summary(admin)
    assert (summary.dossiers, summary.stuck, summary.synchronised) == (1, 1, 0)
    (line,), _ = national_lines(admin, kind="stuck")
    assert line.is_stuck
    assert line.error
    head = NationalMessage.objects.get(dossier=dossier.pk, sequence=1)
    with portal.open():
        resend_national_message(access_national_message(admin, head.pk), by=admin)
        deliver()
        assert portal.known(dossier.request_code)["trangThai"][-1] == 2
    assert national_summary(admin).synchronised == 1


@pytest.mark.django_db(transaction=True)
def test_a_repeated_message_and_a_late_one_change_nothing_there(open_province, portal) -> None:
    p = open_province
    with portal.open():
        dossier = p.submitted()
        tell(p.now)
        deliver()
        accept(dossier, by=p.clerk, now=p.now)
        tell(p.now)
        deliver()
        before = portal.known(dossier.request_code)
        for message in NationalMessage.objects.filter(dossier=dossier.pk, service="DongBoHoSoMC"):
            adapter.call_portal(
                message.service, message.content, message_id=str(message.pk), sequence=message.sequence,
                is_update=message.sequence > 1,
            )  # fmt: skip
        late = NationalMessage.objects.get(dossier=dossier.pk, sequence=1)
        adapter.call_portal(late.service, late.content, message_id="another", sequence=1, is_update=True)
        assert portal.known(dossier.request_code) == before
        assert portal.counts()["deliveries"] > portal.counts()["messages"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_sending_and_noting_loses_and_doubles_nothing(
    open_province, portal, tmp_path
) -> None:
    """Killed while the portal is away; another worker, with the portal back, ends the work."""
    p = open_province
    dossiers = [p.submitted() for _ in range(4)]
    environment = {
        **portal.environment,
        "DJANGO_SETTINGS_MODULE": "dinh.website.settings",
        "DATABASE_URL": address_of_database(),
        "DINH_DATA_DIR": str(tmp_path),
    }
    work = ("manage.py", "work", "--concurrency", "1")
    tell(p.now)
    with process(*work, environment=environment, log=tmp_path / "work.log") as killed:
        tried = OutboxMessage.objects.filter(channel="national", attempts__gt=0)
        wait_until(tried.exists)
        killed.kill()
        killed.wait()
    for one in dossiers:
        accept(one, by=p.clerk, now=p.now)
    tell(p.now)
    OutboxMessage.objects.update(claimed_until=None, claimed_by="")
    make_due()
    with portal.open(), process(*work, environment=environment, log=tmp_path / "work.log"):
        left = NationalMessage.objects.exclude(state="delivered")
        wait_until(lambda: not left.exists())
        for one in dossiers:
            one.refresh_from_db()
            known = portal.known(one.code)
            assert known["trangThai"] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_what_the_portal_refuses_is_dead_at_once_and_replaced_with_a_reason(open_province, portal) -> None:
    p = open_province
    admin = p.actor("quantri")
    with portal.open():
        dossier = p.submitted()
        tell(p.now)
        head = NationalMessage.objects.get(dossier=dossier.pk)
        NationalMessage.objects.filter(pk=head.pk).update(content=[{"MaHoSo": str(dossier)}])
        deliver()
        head.refresh_from_db()
        assert head.state == "dead"
        _, (fate,) = national_fates(admin, dossier.pk)
        assert "Thiếu SoBienNhan" in fate.error
        with pytest.raises(NeedsReason):
            replace_national_message(head, reason=" ", by=admin, now=p.now)
        assert_refused(
            "national.message_replaced",
            lambda: replace_national_message(head, reason="Sửa dữ liệu", by=p.clerk, now=p.now),
        )
        assert_done(
            "national.message_replaced",
            lambda: replace_national_message(head, reason="Sửa dữ liệu", by=admin, now=p.now),
        )
        tell(p.now)
        deliver()
        assert [state for *_, state in messages(dossier)] == ["dropped", "delivered"]


@pytest.mark.django_db(transaction=True)
def test_when_the_portal_answers_again_what_waits_for_hours_leaves_at_once(open_province, portal) -> None:
    p = open_province
    for _ in range(2):
        p.submitted()
    tell(p.now)
    for _ in range(11):
        make_due()
        deliver()
    now = dt.datetime.now(dt.UTC)
    assert not OutboxMessage.objects.filter(channel="national", next_attempt_at__lt=now).exists()
    with portal.open():
        one = OutboxMessage.objects.filter(channel="national").order_by("id").first()
        OutboxMessage.objects.filter(pk=one.pk).update(next_attempt_at=now)
        deliver()
        keep_lanes(by=BY, now=dt.datetime.now(dt.UTC))
        deliver()
        assert portal.counts()["dossiers"] == 2


def test_a_lane_whose_handler_was_cut_off_is_taken_up_again(province, portal) -> None:
    p = province
    dossier = p.accepted()
    tell(p.now)
    claim(p.open_step(dossier, "tham_dinh"), by=p.specialist, now=p.now)
    tell(p.now)
    OutboxMessage.objects.filter(channel="national").update(state="delivered")
    keep_lanes(by=BY, now=p.now)
    assert [state for *_, state in messages(dossier)][:2] == ["delivered", "sending"]
    NationalMessage.objects.filter(state="sending").update(state="delivered")
    keep_lanes(by=BY, now=p.now)
    assert [state for *_, state in messages(dossier)] == ["delivered", "delivered", "sending"]


def test_every_open_dossier_can_be_told_anew(province, portal, settings) -> None:
    p = province
    settings.NATIONAL_ADDRESS = ""
    dossiers = {p.submitted().pk for _ in range(2)}
    with pytest.raises(Refused):
        synchronise_open(None, by=p.actor("quantri"))
    portal.configure(settings)
    assert_refused("national.synchronised", lambda: synchronise_open(None, by=p.clerk))
    assert_done("national.synchronised", lambda: synchronise_open(None, by=p.actor("quantri")))
    tell(p.now)
    assert set(NationalDossier.objects.values_list("pk", flat=True)) == dossiers


def test_only_who_manages_the_connection_reads_its_lists(province, portal) -> None:
    for ask in (national_summary, national_lines):
        with pytest.raises(NotAllowed):
            ask(province.clerk)


def test_a_digest_tells_contents_apart() -> None:
    facts = StatusFacts(state="submitted", is_accepted=False)
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    assert status_of(facts) != status_of(replace(facts, state="returned", is_accepted=True))


def asked(p: Province, **fee: Any) -> Any:
    """An accepted dossier that owes a fee of ours alone."""
    dossier = p.accepted()
    FeeItem.objects.filter(dossier=dossier).update(amount=50_000, paid_at=None, voided_at=None, **fee)
    return dossier


@pytest.mark.parametrize(
    ("fee", "order", "status"),
    [
        ({"due": "any"}, None, 2),
        ({"due": "acceptance"}, None, 6),
        ({"due": "any"}, "open", 6),
        ({"due": "any"}, "expired", 4),
        ({"due": "acceptance", "paid_at": NOW}, None, 4),
        ({"due": "acceptance", "amount": 0}, None, 2),
        ({"due": "acceptance", "voided_at": NOW}, None, 4),
    ],
)
def test_status_6_is_for_who_was_asked_to_pay_and_has_not(
    province: Province, fee: dict[str, Any], order: str | None, status: int
) -> None:
    """Asked by an order, or by a fee that holds the steps up; once asked a dossier counts as handled."""
    p = province
    dossier = asked(p, due="any")
    FeeItem.objects.filter(dossier=dossier).update(**fee)
    if order:
        PaymentOrder.objects.create(
            dossier=dossier,
            code="X1",
            method="online",
            provider="sample",
            amount=50_000,
            content="X1",
            lines=[],
            state=order,
            asked_at=p.now,
            asked_by="x",
            expires_at=p.now + dt.timedelta(days=1),
        )
    assert read_record(dossier.pk).status == status
    assert status == 2 or may_follow(2, status)


@pytest.mark.parametrize(
    ("represented", "number", "kind"),
    [
        ("", "099190000001", "1"),
        ("", "", "1"),
        ("", "0100109106", "2"),
        ("", "0100109106-001", "2"),
        ("business", "0100109106", "2"),
        ("relative", "099190000001", "1"),
        ("relative", "", "1"),
    ],
)
def test_a_business_goes_to_the_portal_as_a_business(represented: str, number: str, kind: str) -> None:
    assert applicant_kind(represented, number) == kind


def test_a_dossier_filed_for_a_business_bears_its_kind_and_number(province: Province) -> None:
    p = province
    dossier = p.accepted()
    assert ho_so(read_record(dossier.id))["LoaiDoiTuong"] == "1"
    party = Representation.objects.create(
        person_id=p.citizen.person_id,
        kind="business",
        relation="legal",
        name="Công ty Mẫu",
        identity="0100109106",
        proof_id=p.file(),
        begun_at=p.now,
    )
    Dossier.objects.filter(pk=dossier.pk).update(representation=party, applicant_identity=party.identity)
    told = ho_so(read_record(dossier.id))
    assert (told["LoaiDoiTuong"], told["SoGiayToChuHoSo"]) == ("2", "0100109106")

"""Figures of closed periods go to the national control system once, and anew when they have changed."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.models import OutboxMessage
from dinh.foundation.actions.public import Relay, system
from dinh.foundation.actions.rules import DELIVERY_DELAYS
from dinh.kernel.errors import NotFound
from dinh.onestop.actions.national import PortalNotSet
from dinh.onestop.actions.national_figures import keep_figures
from dinh.onestop.adapters import national as adapter
from dinh.onestop.models import Dossier, SentFigures
from dinh.onestop.public import (
    access_figures,
    figures_card,
    figures_lines,
    figures_to_send,
    fold_figures,
    issue_report,
    period_of,
    result_report,
    send_closed_periods,
    send_figures_again,
)
from dinh.onestop.queries.counted import Counted, counted_dossiers
from dinh.onestop.queries.national_figures import present_figures
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.figures import Tally
from dinh.onestop.rules.national_figures import (
    FIGURE_FIELDS,
    FiguresUnchanged,
    closed_periods,
    differing,
    tally_row,
)
from tests.guards.refusing import assert_refused
from tests.onestop.conftest import Province
from tests.onestop.portal import Portal
from tests.onestop.test_agency_reports import signed
from tests.onestop.test_collisions import at_once

BY = system("test")
NOVEMBER = period_of("2026-11")
AFTER = dt.timedelta(days=20)
TODAY = dt.date(2026, 12, 6)
DISTRICT = "H99.31"


@pytest.fixture
def portal(tmp_path: Path, settings: Any) -> Iterator[Portal]:
    adapter.forget_session()
    portal = Portal(tmp_path)
    portal.configure(settings)
    yield portal
    adapter.forget_session()


def send(p: Province) -> int:
    return send_closed_periods(by=BY, now=p.now + AFTER)


def deliver() -> None:
    relay = Relay(name="test", threads=4)
    relay.drain()
    relay.stop()


def versions(p: Province, agency: str = DISTRICT, period: str = "2026-11") -> list[SentFigures]:
    rows = SentFigures.objects.filter(agency=p.unit(agency), period=period)
    return list(rows.order_by("version"))


def late_acceptance(p: Province) -> None:
    """One more dossier of November comes to light, as a recount finds it."""
    first = Dossier.objects.filter(agency=p.unit(DISTRICT)).first()
    other = p.submitted()
    Dossier.objects.filter(pk=other.pk).update(state="processing", accepted_at=first.accepted_at, code="X-1")


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_only_periods_that_are_over_are_sent(today: dt.date) -> None:
    found = closed_periods(today)
    assert all(one.until_on <= today for one in found)
    assert [one.code for one in closed_periods(TODAY)] == [
        "2026-11", "2026-10", "2026-09", "2026-Q3", "2026-Q2", "2025",
    ]  # fmt: skip


COUNT = st.integers(0, 50)
TALLY = st.builds(Tally, received=COUNT, online=COUNT, carried=COUNT, early=COUNT, late=COUNT)


@given(TALLY, TALLY)
def test_every_figure_that_differs_is_named_and_none_else(before: Tally, after: Tally) -> None:
    sent, now = ({"DanhSachLinhVuc": [], "TongCong": tally_row(one)} for one in (before, after))
    keys = [key for key in FIGURE_FIELDS if before.counted(key) != after.counted(key)]
    assert [one.key for one in differing(sent, now)] == keys


@pytest.mark.django_db(transaction=True)
def test_after_a_period_its_figures_go_out_once_and_corrections_anew(open_province, portal) -> None:
    """To a control system that is a sample and says so.

    Law: TT 01/2018 Điều 17 ý 6
    Screen: /lam-viec/bao-cao/gui-quoc-gia/
    """
    p = open_province
    for _ in range(2):
        p.accepted()
    fold_figures(by=BY)
    with portal.open():
        assert send_closed_periods(by=BY, now=p.now) == 0, "November is not over"
        assert send(p) == 1
        assert send(p) == 0
        deliver()
        (taken,) = portal.figures(DISTRICT, "2026-11")
        report = result_report(p.records, NOVEMBER, unit_id=p.unit(DISTRICT).pk, depth="alone", today=TODAY)
        assert taken["soLieu"]["TongCong"] == tally_row(report.total)
        assert taken["soLieu"]["TongCong"]["TongSo"] == "2"
        assert [line["TenLinhVuc"] for line in taken["soLieu"]["DanhSachLinhVuc"]] == [
            line.label for line in report.lines
        ]
        assert [one["So"] for one in taken["soLieu"]["ChiTieu"]] == [str(n) for n in range(1, 10)]
        late_acceptance(p)
        (line,) = figures_lines(p.records, NOVEMBER, today=TODAY)
        assert line.differences
        card = figures_card(p.records, line.sent, today=TODAY)
        total = next(one for one in card.differences if one.key == "tong" and not one.field)
        assert (total.sent, total.present) == ("2", "3")
        counted = counted_dossiers(p.records, Counted("tong", NOVEMBER), today=TODAY)
        assert counted.count() == 3
        assert send(p) == 1
        deliver()
        assert [one["soThuTu"] for one in portal.figures(DISTRICT, "2026-11")] == [1, 2]
    with portal.open():
        assert len(portal.figures(DISTRICT, "2026-11")) == 2, "it reads its journal again"
    assert [(row.version, row.why) for row in versions(p)] == [(1, "closed"), (2, "changed")]
    (line,) = figures_lines(p.records, NOVEMBER, today=TODAY)
    assert (line.differences, line.message.state) == (0, "delivered")


@pytest.mark.django_db(transaction=True)
def test_away_or_refused_it_shows_and_goes_on_and_an_overtaken_version_stays_home(
    open_province, portal
) -> None:
    p = open_province
    p.accepted()
    send(p)
    for _ in range(len(DELIVERY_DELAYS)):
        OutboxMessage.objects.update(next_attempt_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        deliver()
    (line,) = figures_lines(p.records, NOVEMBER, today=TODAY)
    assert (line.message.state, bool(line.message.last_error)) == ("waiting", True)
    late_acceptance(p)
    send(p)
    with portal.open():
        OutboxMessage.objects.update(next_attempt_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        deliver()
        assert [one["soThuTu"] for one in portal.figures(DISTRICT, "2026-11")] == [2]
        first, second = versions(p)
        assert figures_to_send(first.pk) is None
        assert figures_to_send(second.pk) == second
        portal.refuse_figures(yes=True)
        send_figures_again(second, reason="Hệ thống yêu cầu", by=p.records, now=p.now + AFTER)
        third = versions(p)[-1]
        deliver()
        card = figures_card(p.records, third, today=TODAY)
        assert card.message.state == "dead"
        assert "từ chối" in card.message.last_error
        assert [one.version for one, _ in card.versions] == [3, 2, 1]
        portal.refuse_figures(yes=False)
        adapter.call_portal(
            "GuiSoLieuBaoCao", [{**first.content, "PhienBan": "1"}], message_id="late", sequence=1
        )
        assert [one["soThuTu"] for one in portal.figures(DISTRICT, "2026-11")] == [2]


def test_a_sealed_report_goes_along_with_its_number_code_and_hash(signing_province, portal) -> None:
    p = signing_province
    p.accepted()
    send(p)
    report = signed(p)
    issue_report(report, by=p.records, now=p.now)
    report.refresh_from_db()
    assert send(p) == 1
    newest = versions(p)[-1]
    assert (newest.version, newest.why, newest.report_id) == (2, "signed", report.pk)
    assert newest.content["BaoCaoKySo"] == {
        "SoKyHieu": report.number,
        "NgayBanHanh": "20261116",
        "MaKiemTra": report.code,
        "SHA256": report.file.sha256,
    }


def test_sent_again_with_a_reason_by_who_may(province, portal, settings) -> None:
    p = province
    p.accepted()
    send(p)
    (row,) = versions(p)
    now = p.now + AFTER
    with pytest.raises(NeedsReason):
        send_figures_again(row, reason=" ", by=p.records, now=now)
    assert_refused("figures.sent_again", lambda: send_figures_again(row, reason="x", by=p.clerk, now=now))
    figures = present_figures(NOVEMBER, today=TODAY)[p.unit(DISTRICT).pk]
    options = {"period": NOVEMBER, "figures": figures, "why": "closed", "now": now}
    assert_refused("figures.sent", lambda: keep_figures(row.agency_id, by=p.records, **options))
    assert keep_figures(row.agency_id, by=BY, **options) == row
    send_figures_again(row, reason="Mất tin", by=p.records, now=now)
    newest = versions(p)[-1]
    assert (newest.why, newest.reason, newest.made_by) == ("again", "Mất tin", p.records.signed)
    with pytest.raises(FiguresUnchanged):
        send_figures_again(row, reason="x", by=p.records, now=p.now)
    settings.NATIONAL_ADDRESS = ""
    with pytest.raises(PortalNotSet):
        send_figures_again(row, reason="x", by=p.records, now=now)
    assert send(p) == 0


def test_others_see_nothing_of_it(province, portal) -> None:
    p = province
    p.accepted()
    send(p)
    (row,) = versions(p)
    for stranger in (p.other_commune, p.citizen):
        assert figures_lines(stranger, NOVEMBER, today=TODAY) == []
        with pytest.raises(NotFound):
            access_figures(stranger, row.pk)
    assert access_figures(p.actor("quantri"), row.pk) == row


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_version(open_province, portal) -> None:
    p = open_province
    p.accepted()
    at_once([lambda: send(p), lambda: send(p)])
    assert [row.version for row in versions(p)] == [1]

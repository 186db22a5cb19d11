"""Kept figures: the same numbers as the lists they count, at every moment, whatever is done to dossiers."""

import datetime as dt
import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.public import system, visitor
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.kernel.ids import uuid7
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, Figure, FigureDifference, FigureEntry, Procedure, Rating
from dinh.onestop.public import (
    COUNTS,
    Counted,
    FigureFilter,
    counted_by,
    figures_since,
    fold_figures,
    period_of,
    rate,
    recount_figures,
    result_report,
)
from dinh.onestop.queries.counted import counted_dossiers
from dinh.onestop.rules.periods import grains_between, months_of, period_on

TODAY = dt.date(2026, 11, 16)
SYSTEM = system("test")

days = st.dates(min_value=dt.date(2019, 1, 1), max_value=dt.date(2030, 12, 31))


@given(start=st.none() | days, end=days)
def test_grains_cover_every_day_once(start, end):
    if start is not None and start >= end:
        return
    covered = []
    for grain, first, until in grains_between(start, end):
        assert until.day == 1 or grain == "d"
        assert until.month == 1 or grain != "y"
        covered.append((first or dt.date(2018, 1, 1), until))
    covered.sort()
    assert covered[-1][1] == end
    assert covered[0][0] == (start or dt.date(2018, 1, 1))
    assert all(before[1] == after[0] for before, after in pairwise(covered))


@given(day=days, span=st.sampled_from(["year", "quarter", "month", "week", "day"]))
def test_a_period_is_found_again_by_its_code(day, span):
    period = period_on(day, span)
    assert period.from_on <= day < period.until_on
    assert period_of(period.code) == period
    months = months_of(period)
    assert months[0].from_on <= period.from_on
    assert months[-1].until_on >= period.until_on
    assert all(before.until_on == after.from_on for before, after in pairwise(months))


@pytest.mark.parametrize(
    "code", ["", "2026-13", "2026-02-30", "2026-05-02..2026-05-01", "0001", "2026-W60", "x"]
)
def test_what_is_no_period_is_none(code):
    assert period_of(code) is None


def moment(dice, first, last):
    return first + dt.timedelta(seconds=dice.randrange(int((last - first).total_seconds())))


class Lives:
    """Invented lives of dossiers, at two agencies and the procedures there."""

    FIRST = dt.datetime(2025, 8, 20, tzinfo=VIETNAM)
    NOW = dt.datetime(2026, 11, 16, 15, tzinfo=VIETNAM)

    def __init__(self, province, model):
        self.dice = random.Random(7)
        self.model = model
        self.places = [province.unit(code) for code in ("H99.31", "H99.31.011", "H99.02")]
        self.procedures = list(Procedure.objects.select_related("current_version")[:4])

    def dossier(self):
        dossier = Dossier.objects.get(pk=self.model.pk)
        dossier.pk, dossier._state.adding = uuid7(), True
        dossier.request_code = f"YC-{dossier.pk.hex[-12:]}"
        self.live(dossier)
        return dossier

    def live(self, dossier):
        dice = self.dice
        dossier.agency = dice.choice(self.places)
        dossier.procedure = dice.choice(self.procedures)
        dossier.channel = dice.choice(["online", "online", "counter", "post"])
        dossier.submitted_at = moment(dice, self.FIRST, self.NOW)
        dossier.accepted_at = dossier.due_at = dossier.finished_at = dossier.returned_at = None
        dossier.state = "submitted"
        if dice.random() < 0.1:
            if dice.random() < 0.5:
                dossier.state, dossier.finished_at = "refused", self.NOW
            return
        dossier.accepted_at = moment(dice, dossier.submitted_at, self.NOW + dt.timedelta(seconds=1))
        dossier.state = "processing"
        if dice.random() < 0.9:
            dossier.due_at = dossier.accepted_at + dt.timedelta(days=dice.choice([0, 1, 3, 10, 40]))
        if dice.random() < 0.7:
            ends = [dossier.accepted_at, dossier.due_at, moment(dice, dossier.accepted_at, self.NOW)]
            ended = dice.choice([one for one in ends if one])
            if ended <= self.NOW:
                dossier.state = dice.choice(["done", "returned", "refused", "withdrawn", "stopped"])
                dossier.finished_at = ended
                if dossier.state == "returned":
                    dossier.returned_at = moment(dice, ended, self.NOW + dt.timedelta(days=1))


def line_of(by, period, chosen=FigureFilter()):  # noqa: B008 - frozen
    """The figures of one period as one line."""
    ((_, line),) = figures_since(by, [period], chosen, today=TODAY)
    return line


def differing(by, periods, filters):
    """Figures that are not the number of rows behind them."""
    found = []
    for period in map(period_of, periods):
        for chosen in filters:
            tally = line_of(by, period, chosen)
            for key in COUNTS:
                rows = counted_dossiers(by, Counted(key, period), chosen, today=TODAY).count()
                if tally.counted(key) != rows:
                    found.append((period.code, key, chosen, tally.counted(key), rows))
    return found


@pytest.fixture
def lives(province):
    return Lives(province, province.submitted())


@pytest.mark.django_db
def test_every_figure_is_the_number_of_rows_of_its_list(province, lives):
    """Law: TT 02/2017 Điều 1
    Screen: /lam-viec/bao-cao/
    """
    leader, chairman = province.actor("chutich.dinhson"), province.actor("chutich.tinh")
    dossiers = [lives.dossier() for _ in range(250)]
    Dossier.objects.bulk_create(dossiers[:200])
    Rating.objects.bulk_create(
        Rating(dossier=one, overall=lives.dice.choice([1, 2, 3]), rated_at=one.finished_at)
        for one in dossiers[:200]
        if one.state == "returned"
    )
    fold_figures(by=SYSTEM)
    # What is not folded yet counts too: new ones, changed ones, ones that go to another agency.
    for dossier in dossiers[200:]:
        dossier.save(force_insert=True)
    for dossier in dossiers[:60]:
        lives.live(dossier)
        dossier.save()
    Dossier.objects.filter(pk__in=[one.pk for one in dossiers[60:80]]).update(agency=lives.places[1])
    assert FigureEntry.objects.exists()
    commune = province.unit("H99.31.011").id
    filters = [
        FigureFilter(),
        FigureFilter(unit_id=province.unit("H99.31").id),
        FigureFilter(unit_id=province.unit("H99.31").id, depth="alone"),
        FigureFilter(unit_id=commune, channels=("online",)),
        FigureFilter(field=lives.procedures[0].field_code, channels=("counter", "post")),
        FigureFilter(procedure=lives.procedures[1].code),
    ]
    periods = [
        *("2026", "2025", "2026-Q3", "2026-11", "2026-W47", "2026-11-16", "2027-01"),
        *("2025-09-03..2026-10-20", "2026-11-10..2026-12-20"),
    ]
    assert not differing(leader, periods, filters[:4])
    assert not differing(chairman, periods, filters)
    fold_figures(by=SYSTEM)
    assert not FigureEntry.objects.exists()
    assert not differing(chairman, periods, filters[:2])
    total = line_of(chairman, period_of("2026"))
    assert total.total == total.finished + total.pending + total.gone
    assert min(total.counted(key) for key in COUNTS) > 0, "the invented lives hold every case"


@pytest.mark.django_db
def test_several_periods_in_one_statement_are_the_same_figures(province, lives, django_assert_num_queries):
    Dossier.objects.bulk_create([lives.dossier() for _ in range(60)])
    chairman = province.actor("chutich.tinh")
    periods = [period_of(f"2026-W{number}") for number in range(40, 48)]
    with django_assert_num_queries(1):
        together = figures_since(chairman, periods, FigureFilter(), today=TODAY)
    assert [tally for _, tally in together] == [line_of(chairman, one) for one in periods]
    by_channel = counted_by(chairman, period_of("2026"), "channel", today=TODAY)
    assert sum(line.received for line in by_channel.values()) == line_of(chairman, period_of("2026")).received


@pytest.mark.django_db
def test_a_recount_finds_nothing_while_the_triggers_note_everything(province, lives):
    dossiers = [lives.dossier() for _ in range(40)]
    Dossier.objects.bulk_create(dossiers)
    fold_figures(by=SYSTEM)
    dossiers[0].delete()
    check = recount_figures(by=SYSTEM, now=province.now)
    assert (check.dossiers, check.differences) == (40, 0)
    with pytest.raises(NotAllowed):
        recount_figures(by=visitor(), now=province.now)


@pytest.mark.django_db
def test_a_recount_lists_what_was_wrong_and_puts_it_right(province, lives):
    Dossier.objects.bulk_create([lives.dossier() for _ in range(40)])
    fold_figures(by=SYSTEM)
    chairman = province.actor("chutich.tinh")
    right = line_of(chairman, period_of("2026"))
    kept = Figure.objects.filter(grain="d", received__gt=0, starts_on__year=2026).first()
    Figure.objects.filter(pk=kept.pk).update(received=kept.received + 5)
    Figure.objects.filter(grain="m").first().delete()
    check = recount_figures(by=SYSTEM, now=province.now)
    assert check.differences == 1
    found = FigureDifference.objects.get()
    assert (found.day, found.agency_id, found.received) == (kept.starts_on, kept.agency_id, -5)
    fold_figures(by=SYSTEM)
    assert line_of(chairman, period_of("2026")) == right
    assert recount_figures(by=SYSTEM, now=province.now).differences == 0


@pytest.mark.django_db
def test_the_verbs_move_the_figures_without_asking(province):
    """What the desk does is counted in the transaction that does it."""
    month = period_of("2026-11")
    chairman = province.actor("chutich.tinh")

    def shown():
        return line_of(chairman, month)

    dossier = province.submitted()
    assert shown().received == 0
    province.accepted()
    assert (shown().received, shown().online, shown().pending) == (1, 1, 1)
    Dossier.objects.filter(pk=dossier.pk).update(
        state="returned", accepted_at=province.now, finished_at=province.now
    )
    assert (shown().received, shown().finished, shown().on_time) == (2, 1, 1)
    dossier.refresh_from_db()
    rate(
        dossier,
        overall=3,
        ease=3,
        timeliness=3,
        attitude=3,
        comment="",
        by=province.citizen,
        now=province.now,
    )
    assert (shown().rated, shown().satisfied_share) == (1, 1.0)


@pytest.mark.django_db
def test_a_report_is_for_who_reaches_an_agency(province):
    month = period_of("2026-11")
    province.accepted()
    report = result_report(province.actor("chutich.dinhson"), month, unit_id=None, today=TODAY)
    assert report.unit_name == province.unit("H99.31").name
    assert report.total.received == 1
    with pytest.raises(NotAllowed):
        result_report(province.specialist, month, unit_id=None, today=TODAY)
    for by in (province.specialist, province.other_commune, province.actor("chutich.anmau.dinhson")):
        with pytest.raises(NotFound):
            result_report(by, month, unit_id=province.unit("H99.02").id, today=TODAY)
    assert line_of(province.citizen, month).is_empty
    assert replace(report.chosen, depth="alone") != report.chosen

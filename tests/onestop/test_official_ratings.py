"""Rating of single officials: thresholds of the law, scores from real dossiers, appeals, who sees it."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.notify.models import Notice
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.onestop.models import Dossier, Rating, RatingAppeal, StepRun, Supplement
from dinh.onestop.public import (
    CRITERIA,
    access_appeal,
    appeal_rating,
    decide_appeal,
    official_page,
    period_of,
    team_page,
    visible_appeals,
)
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.official_ratings import (
    AppealTwice,
    AppealUnexplained,
    NothingToAppeal,
    attitude_points,
    official_rating,
)
from tests.guards.refusing import assert_refused
from tests.onestop.test_collisions import at_once, outcome

NOVEMBER = period_of("2026-11")
TODAY = dt.date(2026, 11, 16)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("scores", "grade"),
    [
        ((2, 2, 2, 2, 2), "Hoàn thành 100% nhiệm vụ"),
        ((1, 1, 1, 1, 1), "Hoàn thành 100% nhiệm vụ"),
        ((1, 1, 1, 1, 0), "Hoàn thành từ 70% đến dưới 100% nhiệm vụ"),
        ((1, 1, 1, 0, 0), "Hoàn thành dưới 70% nhiệm vụ"),
        ((0, 0, 0, 0, 0), "Hoàn thành dưới 70% nhiệm vụ"),
        ((2, None, None, None, None), "Hoàn thành 100% nhiệm vụ"),
        ((None,) * 5, ""),
    ],
)
def test_the_five_indicators_give_the_class(scores, grade):
    """Law: TT 01/2018 Điều 14 ý 2
    Screen: /lam-viec/xep-muc/
    """
    points = {
        number: [] if score is None else [score] for number, score in zip(CRITERIA, scores, strict=True)
    }
    assert official_rating(points).grade == grade


@given(st.dictionaries(st.sampled_from(list(CRITERIA)), st.lists(st.integers(0, 2), min_size=1)))
def test_a_rating_lies_between_nought_and_ten(points):
    rating = official_rating(points)
    assert set(rating.scores) == set(CRITERIA)
    if not points:
        assert rating.of_ten is None
    else:
        assert Decimal(0) <= rating.of_ten <= Decimal(10)
        assert rating.total <= rating.most == 2 * len(points)


@pytest.mark.parametrize(
    ("timing", "attitude", "points"),
    [(2, None, 2), (2, 3, 2), (1, 2, 1), (1, None, 1), (0, None, None), (0, 3, None), (2, 1, 0), (0, 1, 0)],
)
def test_attitude_is_early_and_without_complaint_or_on_time_or_complained_of(timing, attitude, points):
    """Law: TT 01/2018 Điều 13 tiêu chí 7
    Screen: /lam-viec/xep-muc/
    """
    assert attitude_points(timing=timing, attitude=attitude) == points


def ended(p, days, *, attitude=None, supplements=0, step_days=1, channel="online"):
    """A dossier that the specialist handled, ended so many days before it was due."""
    row = p.accepted()
    step = p.open_step(row, "tham_dinh")
    StepRun.objects.filter(pk=step.pk).update(
        state="done",
        holder_id=p.specialist.position_id,
        done_by=p.specialist.name,
        done_at=p.now,
        due_at=p.now + step_days * DAY,
    )
    Dossier.objects.filter(pk=row.pk).update(
        state="returned", finished_at=p.now, due_at=p.now + days * DAY, channel=channel
    )
    for _ in range(supplements):
        Supplement.objects.create(
            dossier=row, items=[], reason="x", asked_at=p.now, asked_by="x", answered_at=p.now
        )
    if attitude:
        Rating.objects.create(dossier=row, overall=attitude, attitude=attitude, rated_at=p.now)
    return row


@pytest.fixture
def rated(province):
    """Early and praised, on time with a supplement at the counter, late and complained of."""
    p = province
    return p, [
        ended(p, 2, attitude=3),
        ended(p, 0, supplements=1, step_days=0, channel="counter"),
        ended(p, -1, attitude=1, supplements=2, step_days=-1),
    ]


def own(p, by=None):
    by = by or p.specialist
    return official_page(by, p.specialist.position_id, NOVEMBER, today=TODAY)


def test_scores_come_from_the_dossiers_that_the_official_handled(rated):
    """Law: TT 01/2018 Điều 14 ý 2
    Screen: /lam-viec/xep-muc/<uuid:position_id>/
    """
    p, rows = rated
    page = own(p)
    assert {row.dossier_id for row in page.dossiers} == {row.pk for row in rows}
    scores = page.rating.scores
    assert scores == {
        1: Decimal("1.0"),
        2: Decimal("1.0"),
        3: Decimal("1.0"),
        4: Decimal("1.7"),
        7: Decimal("1.0"),
    }
    assert page.rating.of_ten == Decimal("5.7")
    assert page.rating.cases[7] == 3
    for number in CRITERIA:
        assert page.rating.cases[number] == sum(len(row.points[number]) for row in page.dossiers)
    StepRun.objects.update(done_by="Ai đó làm thay")
    assert own(p).dossiers == []


def test_only_the_official_and_superiors_see_a_rating(rated):
    p, _rows = rated
    for by in (p.specialist, p.head, p.deputy, p.actor("chutich.dinhson")):
        assert own(p, by).rating.of_ten is not None
    names = ["motcua.dinhson", "chuyenvien.tp.dinhson", "truongphong.tp.dinhson", "vanthu.dinhson"]
    names += ["chutich.anmau.dinhson", "chutich.tinh", "giamdoc.stp", "congdan"]
    for name in names:
        with pytest.raises(NotFound):
            own(p, p.actor(name))


def test_a_superior_sees_the_officials_of_the_units_they_lead(rated):
    p, _rows = rated
    page = team_page(p.head, None, NOVEMBER)
    found = {held.position_id: rating for held, rating in page.rows}
    assert found[p.specialist.position_id] == own(p).rating
    assert p.head.position_id not in found
    desk = team_page(p.clerk, None, NOVEMBER)
    assert desk.unit_id == p.clerk.unit_id
    with pytest.raises(NotAllowed):
        team_page(p.specialist, None, NOVEMBER)
    with pytest.raises(NotFound):
        team_page(p.head, p.unit("H99.31.02").id, NOVEMBER)
    with CaptureQueriesContext(connection) as seen:
        team_page(p.head, None, NOVEMBER)
    assert len(seen) <= 10


def test_an_appeal_that_is_upheld_takes_the_score_out(rated):
    p, (_praised, _plain, late) = rated
    before = own(p).rating
    appeal = appeal_rating(
        p.specialist.position_id,
        dossier_id=late.pk,
        criterion=7,
        period=NOVEMBER,
        reason="Người dân nhầm bộ phận",
        by=p.specialist,
        now=p.now,
    )
    assert own(p).rating == before
    told = Notice.objects.filter(template="rating.appealed").values_list("person_id", flat=True)
    assert list(told) == [p.head.person_id]
    with pytest.raises(NeedsReason):
        decide_appeal(appeal, upheld=True, answer=" ", by=p.head, now=p.now)
    decide_appeal(appeal, upheld=True, answer="Đúng vậy", by=p.head, now=p.now)
    told = Notice.objects.filter(template="rating.appeal_decided").values_list("person_id", flat=True)
    assert list(told) == [p.specialist.person_id]
    after = own(p).rating
    assert (after.cases[7], after.scores[7]) == (2, Decimal("1.5"))
    assert after.scores[1] == before.scores[1]
    decide_appeal(appeal, upheld=False, answer="Xem lại rồi", by=p.head, now=p.now)
    assert own(p).rating == before


def test_an_appeal_is_about_a_score_of_ones_own_with_a_reason_once(rated):
    p, (first, *_others) = rated

    def ask(**changes):
        given = {"dossier_id": first.pk, "criterion": 1, "reason": "Lỗi hệ thống", **changes}
        return appeal_rating(p.specialist.position_id, period=NOVEMBER, by=p.specialist, now=p.now, **given)

    with pytest.raises(NothingToAppeal):
        ask(criterion=5)
    with pytest.raises(NothingToAppeal):
        ask(dossier_id=uuid4())
    with pytest.raises(AppealUnexplained):
        ask(reason="  ")
    ask()
    with pytest.raises(AppealTwice):
        ask()


def test_appeals_are_refused_to_others(rated):
    p, (first, *_others) = rated
    position = p.specialist.position_id

    def ask(by):
        return appeal_rating(
            position, dossier_id=first.pk, criterion=1, period=NOVEMBER, reason="x", by=by, now=p.now
        )

    for by in (p.head, p.clerk, p.citizen):
        assert_refused("rating.appealed", lambda by=by: ask(by))
    appeal = ask(p.specialist)
    for by in (p.specialist, p.clerk, p.actor("truongphong.tp.dinhson"), p.citizen, p.actor("chutich.tinh")):
        assert_refused(
            "rating.appeal_decided",
            lambda by=by: decide_appeal(appeal, upheld=True, answer="x", by=by, now=p.now),
        )
    assert access_appeal(p.head, appeal.pk) == access_appeal(p.specialist, appeal.pk) == appeal
    for by in (p.clerk, p.actor("truongphong.tp.dinhson"), p.actor("chutich.tinh"), p.citizen):
        assert not visible_appeals(by).exists()
        with pytest.raises(NotFound):
            access_appeal(by, appeal.pk)


def test_an_appeal_sent_twice_at_once_is_one(open_province):
    p = open_province
    row = ended(p, 1)
    specialist = p.specialist

    def ask():
        return appeal_rating(
            specialist.position_id,
            dossier_id=row.pk,
            criterion=1,
            period=NOVEMBER,
            reason="x",
            by=specialist,
            now=p.now,
        )

    assert outcome(at_once([ask, ask])) == {"done": 1, "refused": 1}
    assert RatingAppeal.objects.count() == 1

"""The nine indicators of TT 01/2018 and index 766: thresholds of the law, and scores from real dossiers."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.public import system, visitor
from dinh.kernel.errors import NotAllowed, NotFound
from dinh.kernel.sentences import say
from dinh.onestop.actions.indicators import count_month
from dinh.onestop.models import Dossier, IndicatorDifference, IndicatorSum, StepRun
from dinh.onestop.public import (
    agency_scores,
    ask_supplement,
    count_indicators,
    give_supplement,
    indicator_differences,
    period_of,
    recount_indicators,
    scores_by_month,
    scores_of,
)
from dinh.onestop.rules.index766 import Ratio, index_of, online_parts, part_of
from dinh.onestop.rules.indicators import Indicator, OnlineUse, mean_score, online_score, rated

SYSTEM = system("test")
TODAY = dt.date(2026, 11, 16)


def indicator(number, score):
    return Indicator(number, None if score is None else Decimal(score), say("x"))


@pytest.mark.parametrize(
    ("scores", "grade"),
    [
        (["1.7"] * 8 + ["1.4"], "Xuất sắc"),
        (["1.6"] * 9, "Tốt"),
        (["1.3"] * 8 + ["1.6"], "Tốt"),
        (["1.3"] * 9, "Khá"),
        (["1"] * 9, "Khá"),
        (["0.9"] * 9, "Trung bình"),
        (["0.6"] * 9, "Yếu"),
        (["0"] * 9, "Yếu"),
        (["2", "2", None, None, None, None, None, None, None], "Xuất sắc"),
    ],
)
def test_the_sum_gives_the_class(scores, grade):
    """Law: TT 01/2018 Điều 15 ý 1
    Screen: /lam-viec/bao-cao/danh-gia/
    """
    assert rated([indicator(number, score) for number, score in enumerate(scores, start=1)]).grade == grade


def test_without_data_there_is_no_class():
    assert rated([indicator(1, None)]).of_eighteen is None


@given(points=st.integers(0, 2000), scored=st.integers(1, 1000))
def test_a_mean_has_one_decimal(points, scored):
    """Law: TT 01/2018 Điều 14 ý 1
    Screen: /lam-viec/bao-cao/danh-gia/
    """
    score = mean_score(points, scored)
    assert abs(score - Decimal(points) / scored) <= Decimal("0.05")
    assert score == score.quantize(Decimal("0.1"))
    assert mean_score(points, 0) is None


@pytest.mark.parametrize(
    ("use", "score"),
    [
        (OnlineUse(10, 2, 100, 30, 0), 2),
        (OnlineUse(10, 1, 100, 30, 0), 1),
        (OnlineUse(10, 2, 100, 29, 0), 1),
        (OnlineUse(10, 2, 100, 15, 0), 1),
        (OnlineUse(10, 2, 100, 14, 0), 0),
        (OnlineUse(10, 2, 100, 90, 1), 0),
        (OnlineUse(10, 0, 100, 90, 0), 0),
        (OnlineUse(0, 0, 100, 90, 0), None),
        (OnlineUse(10, 2, 0, 0, 0), None),
    ],
)
def test_online_services_are_rated_by_the_thresholds(use, score):
    """Law: TT 01/2018 Điều 13 tiêu chí 9
    Screen: /lam-viec/bao-cao/danh-gia/
    """
    assert online_score(use) == score


def test_the_index_follows_its_formulas():
    progress = part_of("tien-do", "x", "20", Ratio(90, 100))
    satisfied = part_of("hai-long", "x", "6", Ratio(45, 100), full_at="0.9", empty="zero")
    reused = part_of("so-hoa", "x", "2", Ratio(90, 100), full_at="0.8")
    assert [part.points for part in (progress, satisfied, reused)] == [18, 3, 2]
    assert [part.points for part in online_parts(Ratio(8, 10), Ratio(4, 8), Ratio(10, 40))] == [2, 2, 3]
    assert part_of("hai-long", "x", "6", Ratio(0, 0), empty="full").points == 6
    missing = part_of("cong-khai", "x", "18", None)
    assert missing.points is None
    whole = index_of([progress, satisfied, missing])
    assert (whole.total, whole.most, whole.of_hundred, whole.grade) == (21, 26, Decimal("80.77"), "Tốt")
    assert index_of([missing]).of_hundred is None


@given(amount=st.integers(0, 100), of=st.integers(0, 100))
def test_no_part_has_more_than_its_most(amount, of):
    for empty in ("zero", "full", "skip"):
        points = part_of("x", "x", "10", Ratio(amount, of), full_at="0.8", empty=empty).points
        assert points is None or 0 <= points <= 10


@pytest.mark.django_db
def test_scores_come_from_the_dossiers(province, django_assert_num_queries):
    """Law: TT 01/2018 Điều 13 tiêu chí 1
    Screen: /lam-viec/bao-cao/danh-gia/
    Law: TT 01/2018 Điều 13 tiêu chí 2
    Screen: /lam-viec/bao-cao/danh-gia/
    Law: TT 01/2018 Điều 13 tiêu chí 3
    Screen: /lam-viec/bao-cao/danh-gia/
    Law: TT 01/2018 Điều 13 tiêu chí 4
    Screen: /lam-viec/bao-cao/danh-gia/
    """
    first, second = province.accepted(), province.accepted()
    ask_supplement(
        second, items=[{"text": "Chụp lại"}], reason="Mờ", contact="", by=province.clerk, now=province.now
    )
    second.refresh_from_db()
    give_supplement(second, parts=[], note="", by=province.citizen, now=province.now)
    day = dt.timedelta(days=1)
    Dossier.objects.filter(pk=first.pk).update(
        state="returned", due_at=province.now + day, finished_at=province.now
    )
    Dossier.objects.filter(pk=second.pk).update(
        state="returned", due_at=province.now - day, finished_at=province.now
    )
    StepRun.objects.filter(dossier=first, kind="handle").update(
        state="done", done_at=province.now, due_at=province.now
    )
    assert count_indicators(by=SYSTEM, now=province.now) >= 2
    agency = province.unit("H99.31").id
    month = period_of("2026-11")
    scores = scores_of(province.actor("chutich.dinhson"), month, agency, today=TODAY)
    by_number = {one.number: one.score for one in scores.rating.indicators}
    assert by_number[1] == 1
    assert by_number[2] == 1
    assert by_number[3] == Decimal("1.5")
    assert by_number[4] == 2
    assert by_number[9] == 2
    assert [by_number[number] for number in (5, 6, 7, 8)] == [1, 1, 2, 2]
    progress = next(part for part in scores.index.parts if part.group == "tien-do")
    assert progress.points == 10
    chairman = province.actor("chutich.tinh")
    with django_assert_num_queries(7):
        ranked = agency_scores(chairman, month, today=TODAY)
    assert [one.agency_id for one in ranked] == [agency]
    assert ranked[0].rating == scores.rating
    months = scores_by_month(province.actor("chutich.tinh"), period_of("2026"), agency, today=TODAY)
    assert len(months) == 11
    assert months[-1][1].rating == scores.rating
    counted = IndicatorSum.objects.count()
    count_indicators(by=SYSTEM, now=province.now)
    assert IndicatorSum.objects.count() == counted


@pytest.mark.django_db
def test_scores_are_for_who_reaches_the_agency_and_counted_by_the_system(province):
    month = period_of("2026-11")
    with pytest.raises(NotFound):
        scores_of(province.actor("chutich.dinhson"), month, province.unit("H99.02").id, today=TODAY)
    with pytest.raises(NotAllowed):
        agency_scores(province.specialist, month, today=TODAY)
    with pytest.raises(NotAllowed):
        count_month(month, by=visitor(), now=province.now)


@pytest.mark.django_db
def test_a_recount_finds_what_is_wrong_in_closed_months(province):
    dossier = province.accepted()
    day = dt.timedelta(days=1)
    Dossier.objects.filter(pk=dossier.pk).update(
        state="returned", due_at=province.now + day, finished_at=province.now
    )
    count_indicators(by=SYSTEM, now=province.now)
    right = set(IndicatorSum.objects.values_list("agency_id", "month", "measure", "points", "cases"))
    later = province.now + 70 * day
    with pytest.raises(NotAllowed):
        recount_indicators(by=visitor(), now=later)
    # Running months are behind by what has happened since: they are counted every hour, not compared.
    assert recount_indicators(by=SYSTEM, now=province.now).sums == 0
    check = recount_indicators(by=SYSTEM, now=later)
    assert (check.sums, check.differences) == (len(right), 0)
    wrong = IndicatorSum.objects.get(measure="supplements")
    IndicatorSum.objects.filter(pk=wrong.pk).update(points=wrong.points + 5, cases=wrong.cases + 2)
    IndicatorSum.objects.filter(measure="attitude").delete()
    IndicatorSum.objects.create(
        agency_id=province.unit("H99.02").id,
        month=wrong.month,
        measure="steps",
        points=1,
        cases=3,
        counted_at=later,
    )
    assert recount_indicators(by=SYSTEM, now=later).differences == 3
    found = {row.measure: (row.points, row.cases) for row in IndicatorDifference.objects.all()}
    assert found == {"supplements": (-5, -2), "attitude": (2, 1), "steps": (-1, -3)}
    assert set(IndicatorSum.objects.values_list("agency_id", "month", "measure", "points", "cases")) == right
    assert recount_indicators(by=SYSTEM, now=later).differences == 0
    assert len(indicator_differences(province.actor("chutich.tinh"))) == 3
    assert indicator_differences(province.other_commune) == []

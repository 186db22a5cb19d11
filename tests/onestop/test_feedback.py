"""Evaluation at the counter, on paper, by survey; what indicators take from it; what is published."""

import datetime as dt
from decimal import Decimal

import pytest

from dinh.foundation.actions.public import system, visitor
from dinh.kernel.errors import NotFound
from dinh.onestop.actions.rating_publications import publish_rating
from dinh.onestop.models import Dossier, Feedback, Rating, RatingAppeal, RatingPublication
from dinh.onestop.public import (
    DeviceLinkOver,
    FeedbackForm,
    FigureFilter,
    RatedAlready,
    SurveyOver,
    answer_survey,
    count_indicators,
    desk_feedback,
    desk_of_device,
    device_key,
    dossier_of_survey,
    enter_slip,
    figures_since,
    give_at_counter,
    note_petition,
    period_of,
    publish_ratings,
    published_rating,
    published_ratings,
    scores_of,
    survey_dossier,
    survey_key,
)
from dinh.onestop.rules.agency_reports import PetitionFacts
from dinh.onestop.rules.feedback import ScoreMissing
from dinh.onestop.rules.indicators import answers_score, one_stop_score
from dinh.onestop.rules.publications import WAIT_DAYS, periods_to_publish
from tests.guards.refusing import assert_refused
from tests.onestop.conftest import MARITAL_ANSWERS
from tests.onestop.test_collisions import at_once, outcome

SYSTEM = system("test")
TODAY = dt.date(2026, 11, 16)
NOVEMBER = period_of("2026-11")
DAY = dt.timedelta(days=1)
GOOD = FeedbackForm(3, attitude=3)


def done(p, days=1, **options):
    row = p.accepted(**options)
    Dossier.objects.filter(pk=row.pk).update(state="returned", finished_at=p.now, due_at=p.now + days * DAY)
    row.refresh_from_db()
    return row


def test_people_evaluate_on_a_device_on_paper_online_and_by_survey(province):
    """Law: NĐ 61/2018 Điều 29
    Screen: /danh-gia-tai-quay/<str:key>/
    """
    p = province
    key = device_key(p.clerk, now=p.now)
    assert desk_of_device(key, now=p.now).pk == p.clerk.unit_id
    given = give_at_counter(key, form=FeedbackForm(1, attitude=1, comment="Chờ lâu"), by=visitor(), now=p.now)
    assert (given.source, given.desk_id, given.comment) == ("device", p.clerk.unit_id, "Chờ lâu")
    slip = enter_slip(p.clerk.unit_id, code="", form=GOOD, by=p.clerk, now=p.now)
    assert slip.recorded_by.startswith(p.clerk.name)
    named = done(p)
    of_dossier = enter_slip(p.clerk.unit_id, code=named.code.lower(), form=GOOD, by=p.clerk, now=p.now)
    assert (of_dossier.dossier_id, of_dossier.source) == (named.pk, "paper")
    other = done(p)
    answered = answer_survey(
        survey_key(survey_dossier(p.clerk, other.code)), form=GOOD, by=visitor(), now=p.now
    )
    assert answered.source == "survey"
    # The kept figures count what became a dossier's rating, as those given online.
    assert figures_since(None, [NOVEMBER], FigureFilter(), today=TODAY)[0][1].rated == 2
    found = desk_feedback(p.clerk, NOVEMBER)
    assert found.by_answer == {3: 3, 2: 0, 1: 1}
    assert found.by_source == {"device": 1, "paper": 2, "survey": 1}
    assert found.total == len(found.rows) == 4


def test_links_end_and_dossiers_are_rated_once(province):
    p = province
    key = device_key(p.clerk, now=p.now)
    with pytest.raises(DeviceLinkOver):
        desk_of_device(key, now=p.now + DAY)
    for wrong in ("", "x", key[:-2], survey_key(Dossier())):
        with pytest.raises(DeviceLinkOver):
            give_at_counter(wrong, form=GOOD, by=visitor(), now=p.now)
    with pytest.raises(ScoreMissing):
        give_at_counter(key, form=FeedbackForm(0), by=visitor(), now=p.now)
    row = done(p)
    link = survey_key(row)
    with pytest.raises(SurveyOver):
        dossier_of_survey(key)
    answer_survey(link, form=GOOD, by=visitor(), now=p.now)
    with pytest.raises(RatedAlready):
        answer_survey(link, form=GOOD, by=visitor(), now=p.now)
    with pytest.raises(RatedAlready):
        enter_slip(p.clerk.unit_id, code=row.code, form=GOOD, by=p.clerk, now=p.now)
    with pytest.raises(NotFound):
        survey_dossier(p.clerk, p.accepted().code)
    with pytest.raises(NotFound):
        survey_dossier(p.actor("motcua.anmau.dinhson"), row.code)
    with pytest.raises(NotFound):
        device_key(p.specialist, now=p.now)
    with pytest.raises(NotFound):
        desk_feedback(p.specialist, NOVEMBER)
    assert Feedback.objects.count() == 0
    assert Rating.objects.count() == 1


def test_slips_are_entered_at_ones_own_desk_and_machines_say_nothing(province):
    p = province
    desk, key, link = p.clerk.unit_id, device_key(p.clerk, now=p.now), survey_key(done(p))
    for by in (p.specialist, p.actor("motcua.anmau.dinhson"), p.citizen):
        assert_refused(
            "feedback.entered", lambda by=by: enter_slip(desk, code="", form=GOOD, by=by, now=p.now)
        )
    assert_refused("feedback.given", lambda: give_at_counter(key, form=GOOD, by=SYSTEM, now=p.now))
    assert_refused("feedback.answered", lambda: answer_survey(link, form=GOOD, by=SYSTEM, now=p.now))
    assert_refused("rating.published", lambda: publish_rating(NOVEMBER, by=p.clerk, now=p.now))


def test_a_survey_answered_twice_at_once_is_one_rating(open_province):
    p = open_province
    link = survey_key(done(p))
    calls = [lambda: answer_survey(link, form=GOOD, by=visitor(), now=p.now)] * 3
    assert outcome(at_once(calls)) == {"done": 1, "refused": 2}
    assert Rating.objects.count() == 1


@pytest.mark.parametrize(
    ("level", "procedures", "both", "whole", "score"),
    [
        ("province", 5, 5, 1, 2),
        ("province", 6, 6, 1, 1),
        ("district", 4, 4, 2, 2),
        ("district", 4, 4, 1, 1),
        ("commune", 3, 3, 3, 2),
        ("commune", 3, 3, 2, 1),
        ("commune", 3, 2, 2, 0),
        ("commune", 0, 0, 0, None),
    ],
)
def test_the_share_of_procedures_at_the_desk_is_scored_by_level(level, procedures, both, whole, score):
    """Law: TT 01/2018 Điều 13 tiêu chí 5
    Screen: /lam-viec/bao-cao/danh-gia/<uuid:agency_id>/
    """
    found = one_stop_score(level, procedures=procedures, received_and_returned=both, whole=whole)
    assert found == (None if score is None else Decimal(score))


@pytest.mark.parametrize(
    ("asked", "in_time", "score"), [(0, 0, 2), (5, 5, 2), (10, 9, 1), (10, 8, 0), (1, 0, 0)]
)
def test_answers_to_petitions_are_scored_by_their_share_in_time(asked, in_time, score):
    """Law: TT 01/2018 Điều 13 tiêu chí 8
    Screen: /lam-viec/bao-cao/danh-gia/<uuid:agency_id>/
    """
    assert answers_score(asked, in_time) == score


def test_an_agencys_indicators_take_in_desk_attitude_and_petitions(province):
    """Law: TT 01/2018 Điều 13 tiêu chí 7
    Screen: /lam-viec/bao-cao/danh-gia/<uuid:agency_id>/
    """
    p = province
    agency = p.unit("H99.31").id
    done(p, 2)
    done(p, 0)
    late = done(p, -1)
    Rating.objects.create(dossier=late, overall=1, attitude=1, rated_at=p.now)
    give_at_counter(device_key(p.clerk, now=p.now), form=GOOD, by=visitor(), now=p.now)
    for number, answered in ((1, 1), (2, 40)):
        note_petition(
            PetitionFacts(
                petition_id=p.unit("H99").id if number == 1 else agency,
                code=f"PA-{number}",
                kind="question",
                agency_id=agency,
                received_at=p.now - 45 * DAY,
                due_at=p.now - 25 * DAY,
                answered_at=p.now - (45 - answered) * DAY,
            ),
            by=SYSTEM,
        )

    def by_number():
        count_indicators(by=SYSTEM, now=p.now)
        scores = scores_of(p.actor("chutich.dinhson"), NOVEMBER, agency, today=TODAY)
        return {one.number: one.score for one in scores.rating.indicators}

    found = by_number()
    assert found[5] == 1
    assert found[7] == Decimal("1.3")  # 2, 1 and 0 of dossiers, 2 of the device
    assert found[8] == 0
    RatingAppeal.objects.create(
        position_id=p.specialist.position_id,
        unit_id=p.specialist.unit_id,
        person_id=p.specialist.person_id,
        dossier=late,
        criterion=7,
        reason="x",
        state="upheld",
        sent_at=p.now,
    )
    assert by_number()[7] == Decimal("1.7")


def test_quarters_and_years_are_due_once_they_are_over():
    codes = [period.code for period in periods_to_publish(dt.date(2026, 11, 16))]
    assert codes == ["2026-Q3", "2025"]
    day = dt.date(2027, 1, 1) + dt.timedelta(days=WAIT_DAYS)
    assert [period.code for period in periods_to_publish(day)] == ["2026-Q4", "2026"]
    assert periods_to_publish(day - DAY)[0].code == "2026-Q3"


def test_a_job_publishes_the_ratings_of_a_quarter_and_a_year_once(province):
    """What was published stays as it was, whatever is found later.

    Law: TT 01/2018 Điều 15 ý 2
    Screen: /danh-gia-co-quan/
    """
    p = province
    done(p)
    done(p, -1, code="1.004873", agency="H99.31.011", answers=MARITAL_ANSWERS)
    then = dt.datetime(2027, 1, 15, 3, 30, tzinfo=p.now.tzinfo)
    count_indicators(by=SYSTEM, now=p.now)
    assert publish_ratings(by=SYSTEM, now=then) == ["2026-Q4", "2026"]
    assert publish_ratings(by=SYSTEM, now=then) == []
    assert [period.code for period in published_ratings()] == ["2026-Q4", "2026"]
    lines = published_rating("2026-Q4").lines
    assert [line["agency"] for line in lines] == [
        "Ủy ban nhân dân thành phố Đình Sơn",
        "Ủy ban nhân dân xã Bình Mẫu",
    ]
    assert all(line["grade"] and line["of_eighteen"] for line in lines)
    kept = RatingPublication.objects.get(pk="2026")
    kept.lines = []
    with pytest.raises(Exception, match="publication_stays"):
        kept.save()

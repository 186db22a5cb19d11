"""Adding up what the indicators read from steps, supplements and papers: a month at a time, by a job."""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from uuid import UUID

from django.db import connection

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action
from dinh.foundation.directory.public import agency_of, below_units
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.turns import take_turns
from dinh.onestop.models import Figure, FigureCheck, IndicatorDifference, IndicatorSum
from dinh.onestop.rules.periods import Period, period_on

__all__ = ["count_indicators", "recount_indicators"]

# Whoever counts or recounts has this turn until the commit.
_TURN = "onestop.indicators"
_NOTHING = (0, 0)

# Each gives (agency, unit, points, cases) of the month from %(from_at)s until before %(until_at)s. What a
# unit inside the competent agency does is the agency's, what another does is its own agency's.
_MEASURES = {
    "steps": """
        SELECT d.agency_id, s.unit_id,
            sum(CASE WHEN timezone('Asia/Ho_Chi_Minh', s.done_at)::date
                    < timezone('Asia/Ho_Chi_Minh', s.due_at)::date THEN 2
                WHEN timezone('Asia/Ho_Chi_Minh', s.done_at)::date
                    = timezone('Asia/Ho_Chi_Minh', s.due_at)::date THEN 1 ELSE 0 END), count(*)
        FROM onestop_steprun AS s JOIN onestop_dossier AS d ON d.id = s.dossier_id
        WHERE s.state = 'done' AND s.due_at IS NOT NULL AND s.kind NOT IN ('receive', 'return')
            AND s.done_at >= %(from_at)s AND s.done_at < %(until_at)s AND d.accepted_at IS NOT NULL
        GROUP BY 1, 2
    """,
    "supplements": """
        SELECT agency_id, agency_id, sum(CASE asked WHEN 0 THEN 2 WHEN 1 THEN 1 ELSE 0 END), count(*) FROM (
            SELECT d.agency_id,
                (SELECT count(*) FROM onestop_supplement AS s WHERE s.dossier_id = d.id) AS asked
            FROM onestop_dossier AS d
            WHERE d.state IN ('done', 'returned', 'refused') AND d.accepted_at IS NOT NULL
                AND d.finished_at >= %(from_at)s AND d.finished_at < %(until_at)s
        ) AS finished GROUP BY 1
    """,
    # The version was published here before it was applied: one; it hung at the desk as well: two.
    "publicity": """
        SELECT d.agency_id, d.agency_id, sum(
            (v.published_at IS NOT NULL AND v.published_at <= d.accepted_at)::int
            + (p.posted_on IS NOT NULL)::int), count(*)
        FROM onestop_dossier AS d JOIN onestop_procedureversion AS v ON v.id = d.version_id
        LEFT JOIN onestop_posting AS p ON p.agency_id = d.agency_id AND p.version_id = d.version_id
            AND p.posted_on <= timezone('Asia/Ho_Chi_Minh', d.accepted_at)::date
        WHERE d.accepted_at >= %(from_at)s AND d.accepted_at < %(until_at)s
        GROUP BY 1
    """,
    "attitude": """
        SELECT agency_id, agency_id, sum(CASE WHEN complained THEN 0 ELSE timing END), count(*) FROM (
            SELECT d.agency_id,
                CASE WHEN d.due_at IS NULL THEN 1
                    WHEN timezone('Asia/Ho_Chi_Minh', d.finished_at)::date
                        < timezone('Asia/Ho_Chi_Minh', d.due_at)::date THEN 2
                    WHEN timezone('Asia/Ho_Chi_Minh', d.finished_at)::date
                        = timezone('Asia/Ho_Chi_Minh', d.due_at)::date THEN 1 ELSE 0 END AS timing,
                coalesce(r.attitude = 1, false) AND NOT EXISTS (
                    SELECT FROM onestop_ratingappeal AS a
                    WHERE a.dossier_id = d.id AND a.criterion = 7 AND a.state = 'upheld') AS complained
            FROM onestop_dossier AS d LEFT JOIN onestop_rating AS r ON r.dossier_id = d.id
            WHERE d.state IN ('done', 'returned', 'refused') AND d.accepted_at IS NOT NULL
                AND d.finished_at >= %(from_at)s AND d.finished_at < %(until_at)s
        ) AS finished WHERE complained OR timing > 0 GROUP BY 1
    """,
    "papers": """
        SELECT d.agency_id, d.agency_id, count(part.file_id), count(*)
        FROM onestop_dossier AS d JOIN onestop_dossierpart AS part ON part.dossier_id = d.id
        WHERE part.replaced_at IS NULL AND d.accepted_at >= %(from_at)s AND d.accepted_at < %(until_at)s
        GROUP BY 1
    """,
    "results": """
        SELECT d.agency_id, d.agency_id, count(result.file_id), count(*)
        FROM onestop_dossier AS d LEFT JOIN onestop_result AS result
            ON result.dossier_id = d.id AND result.key = ''
        WHERE d.state IN ('done', 'returned') AND d.accepted_at IS NOT NULL
            AND d.finished_at >= %(from_at)s AND d.finished_at < %(until_at)s
        GROUP BY 1
    """,
    "reused": """
        SELECT d.agency_id, d.agency_id, count(reuse.id), count(*)
        FROM onestop_dossier AS d JOIN onestop_dossierpart AS part ON part.dossier_id = d.id
        LEFT JOIN onestop_reuse AS reuse ON reuse.part_id = part.id
        WHERE part.file_id IS NOT NULL AND d.accepted_at >= %(from_at)s AND d.accepted_at < %(until_at)s
        GROUP BY 1
    """,
}


def count_indicators(*, by: Actor, now: dt.datetime) -> int:
    """Count the running month and the one before anew, and every month that was never counted; how many."""
    today = now.astimezone(VIETNAM).date()
    running = period_on(today, "month")
    months = {running.from_on, period_on(running.before_on, "month").from_on}
    kept = (
        Figure.objects.filter(grain="m", starts_on__lte=today).order_by().values_list("starts_on", flat=True)
    )
    counted = IndicatorSum.objects.order_by().values_list("month", flat=True)
    months |= set(kept.distinct()) - set(counted.distinct())
    for month in sorted(months):
        count_month(period_on(month, "month"), by=by, now=now)
    return len(months)


@action("indicators.counted", permission=SYSTEM_ONLY)
def count_month(month: Period, *, by: Actor, now: dt.datetime) -> None:
    """Count one month anew for every agency."""
    take_turns(_TURN)
    _keep(month, _true_sums(month), now=now)


@action("indicators.recounted", permission=SYSTEM_ONLY)
def recount_indicators(*, by: Actor, now: dt.datetime) -> FigureCheck:
    """Count every closed month anew, list where the kept sums differ, and put them right.

    Closed are the months before the last: the running one and the last are counted whole every hour, so that
    what is kept of them is behind by what has happened since, and says so. A closed month differs when its
    sums were wrong, or when its dossiers have been completed since (an appeal upheld, a paper digitised).
    """
    began = time.monotonic()
    take_turns(_TURN)
    compared, differences = 0, 0
    for month in _closed_months(now):
        true = _true_sums(month)
        rows = IndicatorSum.objects.filter(month=month.from_on)
        kept = {(row.agency_id, row.measure): (row.points, row.cases) for row in rows}
        found = [
            IndicatorDifference(
                agency_id=key[0],
                month=month.from_on,
                measure=key[1],
                points=true.get(key, _NOTHING)[0] - kept.get(key, _NOTHING)[0],
                cases=true.get(key, _NOTHING)[1] - kept.get(key, _NOTHING)[1],
                found_at=now,
            )
            for key in sorted(true.keys() | kept.keys())
            if true.get(key, _NOTHING) != kept.get(key, _NOTHING)
        ]
        if found:
            IndicatorDifference.objects.bulk_create(found)
            _keep(month, true, now=now)
        compared += len(true.keys() | kept.keys())
        differences += len(found)
    return FigureCheck.objects.create(
        checked_at=now,
        dossiers=0,
        sums=compared,
        differences=differences,
        seconds=time.monotonic() - began,
    )


def _closed_months(now: dt.datetime) -> list[Period]:
    running = period_on(now.astimezone(VIETNAM).date(), "month")
    last = period_on(running.before_on, "month")
    months = IndicatorSum.objects.filter(month__lt=last.from_on).order_by("month")
    return [period_on(day, "month") for day in months.values_list("month", flat=True).distinct()]


def _true_sums(month: Period) -> dict[tuple[UUID, str], tuple[int, int]]:
    """Points and cases by agency and measure, from the dossiers themselves."""
    sums: dict[tuple[UUID, str], list[int]] = defaultdict(lambda: [0, 0])
    inside = cache(below_units)
    with connection.cursor() as cursor:
        for measure, statement in _MEASURES.items():
            cursor.execute(statement, {"from_at": month.from_at, "until_at": month.until_at})
            for agency, unit, points, cases in cursor.fetchall():
                whose = agency if unit == agency or unit in inside(agency) else agency_of(unit).pk
                sums[whose, measure][0] += points
                sums[whose, measure][1] += cases
    return {key: (points, cases) for key, (points, cases) in sums.items()}


def _keep(month: Period, sums: Mapping[tuple[UUID, str], tuple[int, int]], *, now: dt.datetime) -> None:
    IndicatorSum.objects.filter(month=month.from_on).delete()
    IndicatorSum.objects.bulk_create(
        IndicatorSum(
            agency_id=agency,
            month=month.from_on,
            measure=measure,
            points=points,
            cases=cases,
            counted_at=now,
        )
        for (agency, measure), (points, cases) in sums.items()
    )

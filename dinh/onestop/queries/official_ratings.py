"""Rating of single officials: what each dossier that they handled scores, for themselves and superiors."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import (
    HeldPosition,
    coverage,
    get_unit,
    heads_of,
    holders_of,
    people_of_unit,
    units_to_choose,
)
from dinh.kernel.errors import N_, NotAllowed, NotFound, existing
from dinh.onestop.models import RatingAppeal
from dinh.onestop.permissions import leads_unit
from dinh.onestop.rules.official_ratings import CRITERIA, OfficialRating, attitude_points, official_rating
from dinh.onestop.rules.periods import Period

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = [
    "AppealNews",
    "OfficialPage",
    "ScoredDossier",
    "TeamPage",
    "access_appeal",
    "appeal_news",
    "leads_somebody",
    "official_page",
    "scored_dossiers",
    "team_page",
    "visible_appeals",
]

# Units that a choice offers at most; an address may name any that the reader leads.
UNITS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ScoredDossier:
    """One dossier of an official: the points of each indicator, one a case; ``taken_out`` by an appeal."""

    dossier_id: UUID
    code: str
    name: str
    finished_at: dt.datetime
    points: Mapping[int, Sequence[int]]
    taken_out: frozenset[int]


@dataclass(frozen=True, slots=True)
class OfficialPage:
    """An official's rating in a period, with the dossiers that it is made of and the appeals."""

    held: HeldPosition
    period: Period
    rating: OfficialRating
    dossiers: Sequence[ScoredDossier]
    appeals: Sequence[RatingAppeal]
    is_own: bool


@dataclass(frozen=True, slots=True)
class AppealNews:
    """An appeal as those who are told of it need it: the dossier's code, who appeals, who decides."""

    appeal: RatingAppeal
    code: str
    superiors: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class TeamPage:
    """The ratings of a unit's officials, and the appeals of theirs that wait."""

    unit_id: UUID
    unit_name: str
    units: "Sequence[tuple[UUID, str]]"
    rows: Sequence[tuple[HeldPosition, OfficialRating]]
    appeals: Sequence[RatingAppeal]


_STATEMENT = """
    WITH part AS (
        SELECT s.holder_id, s.done_by, s.dossier_id,
            coalesce(array_agg(CASE
                WHEN timezone('Asia/Ho_Chi_Minh', s.done_at)::date
                    < timezone('Asia/Ho_Chi_Minh', s.due_at)::date THEN 2
                WHEN timezone('Asia/Ho_Chi_Minh', s.done_at)::date
                    = timezone('Asia/Ho_Chi_Minh', s.due_at)::date THEN 1 ELSE 0 END)
                FILTER (WHERE s.due_at IS NOT NULL), '{}') AS steps
        FROM onestop_steprun AS s JOIN onestop_dossier AS d ON d.id = s.dossier_id
        WHERE s.holder_id = ANY(%(positions)s) AND s.state = 'done'
            AND d.state IN ('done', 'returned', 'refused') AND d.accepted_at IS NOT NULL
            AND d.finished_at >= %(from_at)s AND d.finished_at < %(until_at)s
        GROUP BY 1, 2, 3
    )
    SELECT part.holder_id, part.done_by, d.id, d.code, p.short_name, d.finished_at,
        CASE WHEN d.due_at IS NULL THEN 1
            WHEN timezone('Asia/Ho_Chi_Minh', d.finished_at)::date
                < timezone('Asia/Ho_Chi_Minh', d.due_at)::date THEN 2
            WHEN timezone('Asia/Ho_Chi_Minh', d.finished_at)::date
                = timezone('Asia/Ho_Chi_Minh', d.due_at)::date THEN 1 ELSE 0 END,
        part.steps,
        (SELECT count(*) FROM onestop_supplement AS s WHERE s.dossier_id = d.id),
        d.channel, r.attitude
    FROM part JOIN onestop_dossier AS d ON d.id = part.dossier_id
        JOIN onestop_procedure AS p ON p.id = d.procedure_id
        LEFT JOIN onestop_rating AS r ON r.dossier_id = d.id
    ORDER BY d.finished_at DESC, d.id
"""


def scored_dossiers(people: Iterable[HeldPosition], period: Period) -> Mapping[UUID, Sequence[ScoredDossier]]:
    """Return by position the dossiers that ended in a period and had a step that its holder did.

    What a substitute did in somebody's place is not that person's. Two statements.
    """
    names = {one.position_id: one.person_name for one in people}
    taken: dict[tuple[UUID, UUID], set[int]] = defaultdict(set)
    upheld = RatingAppeal.objects.filter(position_id__in=list(names), state="upheld").order_by()
    for position_id, dossier_id, criterion in upheld.values_list("position_id", "dossier_id", "criterion"):
        taken[position_id, dossier_id].add(criterion)
    values: dict[str, Any] = {
        "positions": list(names),
        "from_at": period.from_at,
        "until_at": period.until_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, values)
        rows = cursor.fetchall()
    found: dict[UUID, list[ScoredDossier]] = defaultdict(list)
    for (
        position_id,
        done_by,
        dossier_id,
        code,
        name,
        finished_at,
        timing,
        steps,
        asked,
        channel,
        attitude,
    ) in rows:
        if done_by != names[position_id]:
            continue
        seventh = attitude_points(timing=timing, attitude=attitude)
        points: dict[int, Sequence[int]] = {
            1: [timing],
            2: steps,
            3: [max(0, 2 - asked)],
            4: [2 if channel == "online" else 1],
            7: [] if seventh is None else [seventh],
        }
        out = frozenset(taken.get((position_id, dossier_id), ()))
        found[position_id].append(ScoredDossier(dossier_id, code, name, finished_at, points, out))
    return found


def _rated(rows: Iterable[ScoredDossier]) -> OfficialRating:
    points: dict[int, list[int]] = {number: [] for number in CRITERIA}
    for row in rows:
        for number, given in row.points.items():
            if number not in row.taken_out:
                points[number].extend(given)
    return official_rating(points)


def leads_somebody(by: Actor) -> bool:
    """Whether the acting position is anybody's superior. Runs no query."""
    reach = [coverage(by, code) for code in ("step.assign", "desk.manage")]
    return by.kind == "official" and any(one.everything or one.unit_ids or one.root_ids for one in reach)


def official_page(by: Actor, position_id: UUID, period: Period, *, today: dt.date) -> OfficialPage:
    """Return the rating of an official: their own, or of somebody whom the reader leads.

    Raises ``NotFound`` for everybody else.
    """
    held = next(iter(holders_of(position_id, today)), None)
    is_own = by.kind == "official" and by.position_id == position_id
    if held is None or not (is_own or leads_unit(by, held.unit_id)):
        raise NotFound
    rows = scored_dossiers([held], period).get(position_id, [])
    appeals = RatingAppeal.objects.filter(position_id=position_id, person_id=held.person_id)
    return OfficialPage(held, period, _rated(rows), rows, list(appeals.select_related("dossier")), is_own)


def team_page(by: Actor, unit_id: UUID | None, period: Period) -> TeamPage:
    """Return the ratings of the officials of a unit that the reader leads (None: the first of these).

    Raises ``NotAllowed`` for whoever leads nobody, ``NotFound`` for a unit of others.
    """
    if not leads_somebody(by):
        raise NotAllowed(reason=N_("Xếp mức hoàn thành của cán bộ dành cho chính họ và người phụ trách."))
    units = _led_units(by)
    unit = get_unit(unit_id) if unit_id is not None else next(iter(units), None)
    if unit is None or not leads_unit(by, unit.pk):
        raise NotFound
    people = [one for one in people_of_unit(unit.pk) if one.position_id != by.position_id]
    found = scored_dossiers(people, period)
    waiting = visible_appeals(by).filter(unit_id=unit.pk, state="sent")
    return TeamPage(
        unit_id=unit.pk,
        unit_name=unit.name,
        units=[(one.pk, one.name) for one in units],
        rows=[(one, _rated(found.get(one.position_id, []))) for one in people],
        appeals=list(waiting.select_related("dossier")),
    )


def _led_units(by: Actor) -> "list[Unit]":
    led = [units_to_choose(by, code, limit=UNITS_SHOWN) for code in ("step.assign", "desk.manage")]
    return list({unit.pk: unit for units in led for unit in units}.values())


def visible_appeals(by: Actor) -> QuerySet[RatingAppeal]:
    """Appeals of one's own, and of those whom the reader leads."""
    if by.kind != "official":
        return RatingAppeal.objects.none()
    reach = coverage(by, "step.assign").q("unit_id") | coverage(by, "desk.manage").q("unit_id")
    own = Q(person_id=by.person_id)
    return RatingAppeal.objects.filter(reach & ~own | own & Q(position_id=by.position_id))


def access_appeal(by: Actor, appeal_id: UUID) -> RatingAppeal:
    """Return an appeal that the reader sees. Raises ``NotFound``."""
    return existing(visible_appeals(by).filter(pk=appeal_id).first())


def appeal_news(appeal_id: UUID) -> AppealNews:
    """Return what is told of an appeal. Those who decide are the nearest heads beside who appeals."""
    appeal = RatingAppeal.objects.select_related("dossier").get(pk=appeal_id)
    heads = heads_of(appeal.unit_id, beside=[appeal.position_id])
    people = [one.person_id for one in heads if one.person_id != appeal.person_id]
    return AppealNews(appeal, str(appeal.dossier), people)

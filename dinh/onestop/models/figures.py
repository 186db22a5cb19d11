"""Kept figures: what the database itself notes of every change of a dossier, and its sums.

Triggers write the difference that a change makes as rows that are only ever added (``FigureEntry``), in the
same transaction; no verb can forget it and no two writers wait for one row. A job folds them into sums of
days, months and years (``Figure``). Readers add both, so what they see is exact at every moment.
"""
# ruff: noqa: S608 - statements are put together from names of columns; values are parameters

import pgtrigger
from django.db import models

__all__ = [
    "CONTRIBUTIONS",
    "DOSSIER_TRIGGERS",
    "FIGURE_COLUMNS",
    "Figure",
    "FigureCheck",
    "FigureDifference",
    "FigureEntry",
    "RATING_TRIGGERS",
]

FIGURE_COLUMNS = (
    "received",
    "early",
    "on_time",
    "late",
    "gone",
    "gone_late",
    "fell_due",
    "returned",
    "refused",
    "rated",
    "satisfied",
)
_COLUMNS = ", ".join(FIGURE_COLUMNS)
_ZONE = "AT TIME ZONE 'Asia/Ho_Chi_Minh'"

# What dossiers give to the days on which something happened to them; {rows} is a relation of dossiers. The
# one definition: triggers, the recount and its comparison are all made of it.
CONTRIBUTIONS = f"""
    SELECT d.agency_id, d.procedure_id, d.channel, part.day,
        {", ".join(f"part.{name}" for name in FIGURE_COLUMNS)}
    FROM {{rows}} AS d
    LEFT JOIN onestop_rating AS r ON r.dossier_id = d.id
    CROSS JOIN LATERAL (
        SELECT d.accepted_at IS NOT NULL AS accepted,
            d.state IN ('done', 'returned', 'refused') AS finished,
            (d.accepted_at {_ZONE})::date AS accepted_on,
            (d.finished_at {_ZONE})::date AS ended_on,
            (d.due_at {_ZONE})::date AS due_on,
            (d.returned_at {_ZONE})::date AS returned_on,
            (r.rated_at {_ZONE})::date AS rated_on
    ) AS m
    CROSS JOIN LATERAL (VALUES
        (m.accepted_on, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (m.ended_on, 0,
            (m.accepted AND m.finished AND m.ended_on < m.due_on)::int,
            (m.accepted AND m.finished AND (m.due_on IS NULL OR m.ended_on = m.due_on))::int,
            (m.accepted AND m.finished AND m.ended_on > m.due_on)::int,
            (m.accepted AND NOT m.finished)::int,
            (m.accepted AND NOT m.finished AND m.ended_on > m.due_on)::int,
            0, 0, (d.state = 'refused')::int, 0, 0),
        (m.due_on + 1, 0, 0, 0, 0, 0, 0,
            (m.accepted AND (m.ended_on IS NULL OR m.ended_on > m.due_on))::int, 0, 0, 0, 0),
        (m.returned_on, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0),
        (m.rated_on, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (r.overall >= 2)::int)
    ) AS part (day, {_COLUMNS})
    WHERE part.day IS NOT NULL
"""
_NOT_NOTHING = " OR ".join(f"sum({name}) <> 0" for name in FIGURE_COLUMNS)
_SUMS = ", ".join(f"coalesce(sum({name}), 0)" for name in FIGURE_COLUMNS)
_ADD = f"""
    INSERT INTO onestop_figureentry (agency_id, procedure_id, channel, day, {_COLUMNS})
    SELECT agency_id, procedure_id, channel, day, {_SUMS}
    FROM ({{changes}}) AS changed
    GROUP BY agency_id, procedure_id, channel, day
    HAVING {_NOT_NOTHING};
    RETURN NULL;
"""


def _adding(rows: str) -> str:
    return _ADD.format(changes=CONTRIBUTIONS.format(rows=rows))


def _moving(old: str, new: str) -> str:
    """What the new rows give, less what the old ones gave."""
    less = ", ".join(f"-{name} AS {name}" for name in FIGURE_COLUMNS)
    before, after = CONTRIBUTIONS.format(rows=old), CONTRIBUTIONS.format(rows=new)
    taken = f"SELECT agency_id, procedure_id, channel, day, {less} FROM ({before}) AS o"
    return _ADD.format(changes=f"{taken} UNION ALL {after}")


# Of a rating only its own part moves; the dossier's other parts are the same before and after.
_OF_RATING = f"""
    SELECT d.agency_id, d.procedure_id, d.channel, (r.rated_at {_ZONE})::date AS day,
        {", ".join(f"0 AS {name}" for name in FIGURE_COLUMNS[:-2])}, 1 AS rated, (r.overall >= 2)::int AS satisfied
    FROM {{rows}} AS r JOIN onestop_dossier AS d ON d.id = r.dossier_id
"""  # noqa: E501 - the columns in their order


def _rated(old: str, new: str) -> str:
    less = ", ".join(f"-{name} AS {name}" for name in FIGURE_COLUMNS)
    before, after = _OF_RATING.format(rows=old), _OF_RATING.format(rows=new)
    taken = f"SELECT agency_id, procedure_id, channel, day, {less} FROM ({before}) AS o"
    return _ADD.format(changes=f"{taken} UNION ALL {after}")


_OLD, _NEW = "(SELECT OLD.*)", "(SELECT NEW.*)"
_WATCHED = (
    "agency_id",
    "procedure_id",
    "channel",
    "state",
    "accepted_at",
    "due_at",
    "finished_at",
    "returned_at",
)

_NEW_ROWS = pgtrigger.Referencing(new="new_rows")  # type: ignore[no-untyped-call]

DOSSIER_TRIGGERS = [
    # A load writes thousands of rows in one statement and adds a few sums.
    pgtrigger.Trigger(
        name="figures_of_new",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=_NEW_ROWS,
        func=_adding("new_rows"),
    ),
    pgtrigger.Trigger(
        name="figures_of_changed",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*_WATCHED),
        func=_moving(_OLD, _NEW),
    ),
    pgtrigger.Trigger(
        name="figures_of_deleted",
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        func=_moving(_OLD, "(SELECT * FROM onestop_dossier WHERE false)"),
    ),
]
RATING_TRIGGERS = [
    pgtrigger.Trigger(
        name="figures_of_ratings",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=_NEW_ROWS,
        func=_ADD.format(changes=_OF_RATING.format(rows="new_rows")),
    ),
    pgtrigger.Trigger(
        name="figures_of_rerated",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        func=_rated(_OLD, _NEW),
    ),
    pgtrigger.Trigger(
        name="figures_of_unrated",
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        func=_rated(_OLD, "(SELECT * FROM onestop_rating WHERE false)"),
    ),
]


class _Counted(models.Model):
    """The columns of a day: what happened on it, at one agency, in one procedure, by one channel.

    ``fell_due`` counts dossiers on the first day on which they are late, also days to come.
    """

    agency_id = models.UUIDField()
    procedure_id = models.UUIDField()
    channel = models.TextField()
    received = models.IntegerField(default=0)
    early = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    gone = models.IntegerField(default=0)
    gone_late = models.IntegerField(default=0)
    fell_due = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    rated = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)

    class Meta:
        abstract = True


class FigureEntry(_Counted):
    """What one change added to a day, or took from it. Added by triggers, folded away by a job."""

    day = models.DateField()

    class Meta:
        ordering = ["id"]


class Figure(_Counted):
    """The sums of a day, a month or a year (``grain``: d, m, y), which begins on ``starts_on``."""

    grain = models.CharField(max_length=1)
    starts_on = models.DateField()

    class Meta:
        ordering = ["grain", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "grain", "starts_on", "procedure_id", "channel"], name="one_figure"
            ),
        ]
        indexes = [models.Index(fields=["grain", "starts_on"], name="figure_of_days")]


class FigureDifference(_Counted):
    """What a recount found: the true figures of a day less the kept ones. The recount has put them right."""

    day = models.DateField()
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class FigureCheck(models.Model):
    """One recount: when, over how many dossiers, how many days differed, how long it took. One of the
    indicators compares ``sums`` of closed months instead.
    """

    checked_at = models.DateTimeField()
    dossiers = models.BigIntegerField()
    sums = models.IntegerField(default=0, db_default=0)
    differences = models.IntegerField()
    seconds = models.FloatField()

    class Meta:
        ordering = ["-id"]

"""Keeping the figures: what triggers noted is folded into sums; a recount compares them with dossiers."""
# ruff: noqa: S608 - statements are put together from names of columns; values are parameters

import datetime as dt
import time

from django.db import connection, transaction

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action
from dinh.onestop.actions.turns import take_turns
from dinh.onestop.models import Dossier, FigureCheck
from dinh.onestop.models.figures import CONTRIBUTIONS, FIGURE_COLUMNS

__all__ = ["fold_figures", "recount_figures"]

PORTION = 20_000
# Whoever folds or recounts has this turn until the commit; writers never wait for it.
_TURN = "onestop.figures"
_NAMES = ", ".join(FIGURE_COLUMNS)
_SUMS = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in FIGURE_COLUMNS)
_KEY = "agency_id, procedure_id, channel, day"
_ANY = " OR ".join(f"sum({name}) <> 0" for name in FIGURE_COLUMNS)

_FOLD = f"""
    WITH taken AS (
        DELETE FROM onestop_figureentry WHERE id IN (
            SELECT id FROM onestop_figureentry ORDER BY id LIMIT %s
        ) RETURNING {_KEY}, {_NAMES}
    ), added AS (
        INSERT INTO onestop_figure AS kept (agency_id, procedure_id, channel, grain, starts_on, {_NAMES})
        SELECT agency_id, procedure_id, channel, span.grain, date_trunc(span.unit, day)::date, {_SUMS}
        FROM taken CROSS JOIN (VALUES ('d', 'day'), ('m', 'month'), ('y', 'year')) AS span (grain, unit)
        GROUP BY 1, 2, 3, 4, 5
        HAVING {_ANY}
        ON CONFLICT (agency_id, grain, starts_on, procedure_id, channel) DO UPDATE SET
        {", ".join(f"{name} = kept.{name} + excluded.{name}" for name in FIGURE_COLUMNS)}
    )
    SELECT count(*) FROM taken
"""


def fold_figures(*, by: Actor) -> int:
    """Fold all that was noted into the sums, a portion a transaction; return how many notes there were.

    Interrupted anywhere, nothing is lost: notes go and sums grow in one statement.
    """
    folded = 0
    while portion := _fold(PORTION):
        folded += portion
    return folded


def _fold(most: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        take_turns(_TURN)
        cursor.execute(_FOLD, [most])
        return int(cursor.fetchone()[0])


_LESS = ", ".join(f"-{name} AS {name}" for name in FIGURE_COLUMNS)
_COMPARE = f"""
    WITH difference AS (
        SELECT {_KEY}, {_SUMS} FROM (
            {CONTRIBUTIONS.format(rows="onestop_dossier")}
            UNION ALL
            SELECT agency_id, procedure_id, channel, starts_on, {_LESS} FROM onestop_figure WHERE grain = 'd'
            UNION ALL
            SELECT {_KEY}, {_LESS} FROM onestop_figureentry
        ) AS both_sides
        GROUP BY {_KEY}
        HAVING {_ANY}
    ), corrected AS (
        INSERT INTO onestop_figureentry ({_KEY}, {_NAMES}) SELECT {_KEY}, {_NAMES} FROM difference
    ), listed AS (
        INSERT INTO onestop_figuredifference ({_KEY}, found_at, {_NAMES})
        SELECT {_KEY}, %s, {_NAMES} FROM difference
    )
    SELECT count(*) FROM difference
"""
# Months and years are sums of days: whichever is not, is written anew.
_REGRAIN = f"""
    WITH true_sum AS (
        SELECT agency_id, procedure_id, channel, span.grain,
            date_trunc(span.unit, starts_on)::date AS starts_on, {_SUMS}
        FROM onestop_figure CROSS JOIN (VALUES ('m', 'month'), ('y', 'year')) AS span (grain, unit)
        WHERE onestop_figure.grain = 'd'
        GROUP BY 1, 2, 3, 4, 5
    )
    INSERT INTO onestop_figure AS kept (agency_id, procedure_id, channel, grain, starts_on, {_NAMES})
    SELECT agency_id, procedure_id, channel, grain, starts_on, {_NAMES} FROM true_sum
    ON CONFLICT (agency_id, grain, starts_on, procedure_id, channel) DO UPDATE SET
    {", ".join(f"{name} = excluded.{name}" for name in FIGURE_COLUMNS)}
    WHERE ({", ".join(f"kept.{name}" for name in FIGURE_COLUMNS)})
        IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in FIGURE_COLUMNS)})
"""
_STALE_GRAINS = """
    DELETE FROM onestop_figure AS kept WHERE kept.grain <> 'd' AND NOT EXISTS (
        SELECT 1 FROM onestop_figure AS day
        WHERE day.grain = 'd' AND day.agency_id = kept.agency_id AND day.procedure_id = kept.procedure_id
            AND day.channel = kept.channel AND day.starts_on >= kept.starts_on
            AND day.starts_on < kept.starts_on
                + CASE kept.grain WHEN 'm' THEN interval '1 month' ELSE interval '1 year' END
    )
"""


@action("figures.recounted", permission=SYSTEM_ONLY)
def recount_figures(*, by: Actor, now: dt.datetime) -> FigureCheck:
    """Count all dossiers anew, list where the kept figures differ, and put them right.

    One statement sees dossiers, sums and notes at one moment, so verbs go on meanwhile and are not taken
    for differences. A correction is a note like any other.
    """
    began = time.monotonic()
    take_turns(_TURN)
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE, [now])
        differences = int(cursor.fetchone()[0])
        cursor.execute(_REGRAIN)
        cursor.execute(_STALE_GRAINS)
    return FigureCheck.objects.create(
        checked_at=now,
        dossiers=Dossier.objects.count(),
        differences=differences,
        seconds=time.monotonic() - began,
    )

"""A list of very many dossiers to XLSX, as the job makes it: its seconds, its bytes, its memory.

``python -m bench.exports`` runs inside the province, in a process that does nothing else, and prints JSON.
"""

import datetime as dt
import json
import resource
import time
from typing import Any

from bench.province import Province

__all__ = ["measure_export"]


def measure_export(province: Province) -> dict[str, Any]:
    """Return rows, seconds, bytes, the most memory (MB) of the process and what of it stood before."""
    found: dict[str, Any] = json.loads(province.ask("bench.exports").strip().splitlines()[-1])
    return found


def _export() -> dict[str, Any]:
    """Ask for the list of the agency with the most dossiers as the chairman of the province; make it."""
    from dinh.foundation.actions.public import system
    from dinh.onestop.public import DossierFilter, ask_export, drop_export, kept_filter, make_export

    now = dt.datetime.now(dt.UTC)
    by = _chairman(now)
    chosen = DossierFilter(within=_largest_agency(), today=now.date())
    export = ask_export(
        "dossiers", form="xlsx", title="bench", parameters=kept_filter(chosen), by=by, now=now
    )
    before, began = _peak(), time.monotonic()
    make_export(export.pk, by=system("bench"), now=now)
    seconds = time.monotonic() - began
    export.refresh_from_db()
    assert export.state == "ready", export.problem
    found = {
        "rows": export.rows_done,
        "seconds": seconds,
        "bytes": export.file.size,
        "memory": _peak(),
        "before": before,
    }
    drop_export(export, by=by, now=now)
    return found


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _chairman(now: dt.datetime) -> Any:
    from dinh.foundation.directory.public import acting, held_positions
    from dinh.sso.models import Account

    account = Account.objects.get(username="chutich.tinh")
    held = held_positions(account.person_id, now.date())
    return acting(account.person_id, held[0].position_id, account_id=account.pk, at=now)


def _largest_agency() -> Any:
    from django.db.models import Count

    from dinh.onestop.models import Dossier
    from dinh.onestop.queries.figures import FigureFilter

    counted = Dossier.objects.order_by().values("agency_id").annotate(rows=Count("pk"))
    largest = max(counted, key=lambda agency: agency["rows"])
    return FigureFilter(unit_id=largest["agency_id"], depth="alone")


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_export()))

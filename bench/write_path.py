"""The write path: cost of @action, outbox claims and deliveries, jobs, sealing and proving the audit log.

Run: DATABASE_URL=... python -m bench.write_path  (in a database of its own, which it fills and empties)
"""

import datetime as dt
import json
import os
import resource
import tempfile
import threading
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dinh.website.settings")

MESSAGES = 20_000
ENTRIES = 200_000


def seconds_of(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def fill_outbox(count: int) -> None:
    from dinh.foundation.actions.models import OutboxMessage

    OutboxMessage.objects.all().delete()
    for _ in range(count // 5000):
        OutboxMessage.objects.bulk_create(
            OutboxMessage(channel="bench", recipient="x", payload={"text": "y" * 200}) for _ in range(5000)
        )


def measure_verbs() -> dict[str, float]:
    """A verb that does nothing, a bare transaction with the same two queries, and neither."""
    from django.db import connection, transaction

    from dinh.foundation.actions.actions import write
    from dinh.foundation.actions.models import OutboxMessage
    from dinh.foundation.actions.public import SYSTEM_ONLY, action, system

    write._verbs.pop("bench.done", None)

    @action("bench.done", permission=SYSTEM_ONLY, on=OutboxMessage)
    def do(message, *, by) -> None:
        """Do nothing."""

    row = OutboxMessage.objects.create(channel="none", recipient="x", payload={})
    by, rounds = system("bench"), 3000

    def verbs() -> None:
        for _ in range(rounds):
            do(row, by=by)

    def bare() -> None:
        for _ in range(rounds):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT * FROM actions_outboxmessage WHERE id = %s FOR UPDATE", [row.pk])
                cursor.fetchone()
                cursor.execute(
                    "INSERT INTO actions_auditentry (verb, subject_type, subject_id, subject_label,"
                    " actor_kind, actor_id, actor_name, position_id, position_name, on_behalf_of,"
                    " request_id, changes) VALUES ('bench.bare', 'x', %s, 'x', 'system', '', 'bench',"
                    " '', '', '', '', '{}') RETURNING id",
                    [str(row.pk)],
                )

    verbs(), bare()
    return {
        "a verb, ms": seconds_of(verbs) / rounds * 1000,
        "the same two queries without it, ms": seconds_of(bare) / rounds * 1000,
    }


def measure_outbox() -> dict[str, float]:
    from django.db import connection

    from dinh.foundation.actions.actions import outbox
    from dinh.foundation.actions.public import Relay, channel

    lease = dt.timedelta(minutes=3)

    def claim_all(size: int, name: str = "bench") -> None:
        while outbox.claim("bench", by=name, limit=size, lease=lease):
            pass
        connection.close()

    found = {}
    for size in (1, 16, 500):
        count = 5000 if size == 1 else MESSAGES
        fill_outbox(count)
        found[f"claims a second, {size} at once"] = count / seconds_of(lambda size=size: claim_all(size))
    fill_outbox(MESSAGES)
    claimers = [threading.Thread(target=claim_all, args=(500, f"bench{n}")) for n in range(4)]

    def together() -> None:
        for claimer in claimers:
            claimer.start()
        for claimer in claimers:
            claimer.join()

    found["claims a second, 500 at once, 4 relays"] = MESSAGES / seconds_of(together)

    channel("bench")(lambda delivery: None)
    fill_outbox(MESSAGES)
    found["whole deliveries a second, receiver takes no time"] = MESSAGES / seconds_of(
        Relay(name="bench", threads=4).drain
    )
    channel("bench")(lambda delivery: time.sleep(0.02))
    fill_outbox(5000)
    found["whole deliveries a second, receiver takes 20 ms, 16 threads"] = 5000 / seconds_of(
        Relay(name="bench", threads=16).drain
    )
    fill_outbox(5000)
    outbox.OutboxMessage.objects.all().delete()
    return found


def measure_audit() -> dict[str, float]:
    from django.db import connection

    from dinh.foundation.actions.public import seal_entries, verify_audit

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE actions_auditentry, actions_auditseal")
        cursor.execute(
            "INSERT INTO actions_auditentry (verb, subject_type, subject_id, subject_label, actor_kind,"
            " actor_id, actor_name, position_id, position_name, on_behalf_of, request_id, changes)"
            " SELECT 'dossier.accepted', 'onestop.dossier', gen_random_uuid(), 'H99.12-261121-' || n,"
            " 'official', gen_random_uuid(), 'Trần Thị Mai', gen_random_uuid(), 'Công chức một cửa', '',"
            ' gen_random_uuid(), \'{"state": ["sent", "accepted"], "code": [null, "H99"],'
            ' "accepted_at": [null, "2026-11-21T08:00:00Z"], "clerk_id": [null, "x"]}\''
            " FROM generate_series(1, %s) AS n",
            [ENTRIES],
        )
    sealing = seconds_of(lambda: seal_entries(now=dt.datetime.now(dt.UTC)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    found = verify_audit()
    proving = time.perf_counter() - start
    assert (found.entries, found.faults) == (ENTRIES, [])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('actions_auditseal')::float"
            " / pg_total_relation_size('actions_auditentry')"
        )
        share = cursor.fetchone()[0]
        cursor.execute("TRUNCATE actions_auditentry, actions_auditseal")
    return {
        "entries sealed a second": ENTRIES / sealing,
        "entries proved a second": ENTRIES / proving,
        "memory that proving adds, MB": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
        "size of the seals over size of the log, %": share * 100,
    }


def main() -> None:
    django.setup()
    from django.conf import settings

    with tempfile.TemporaryDirectory() as folder:
        settings.KEY_DIR = Path(folder)
        found = {**measure_verbs(), **measure_outbox(), **measure_audit()}
    print(json.dumps({name: round(value, 3) for name, value in found.items()}, indent=2))


if __name__ == "__main__":
    main()

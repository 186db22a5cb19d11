"""Dossiers created a second over HTTP, and the same rows by a bare psycopg loop in the same run."""

import json
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.http import Measured, fire
from bench.province import Province

__all__ = ["clerks", "create_bare", "create_over_http"]

PERSON = {
    "applicant-name": "Nguyễn Thị Đo",
    "applicant-identity": "099190000001",
    "applicant-phone": "0900000001",
    "applicant-address": "Thôn 3",
}
HOUSEHOLD = {
    **PERSON,
    "ten_ho": "Tạp hóa Đo Đạc",
    "dia_chi": "Thôn 3, đường liên xã",
    "dien_thoai": "0900000001",
    "nganh_nghe.0.ten": "Bán lẻ tạp hóa",
    "nganh_nghe.0.ma": "4711",
    "von": "50000000",
    "so_lao_dong": "2",
    "chu_the": "ca_nhan",
    "chu_ho.ho_ten": "Nguyễn Thị Đo",
    "chu_ho.ngay_sinh": "02/03/1990",
    "chu_ho.gioi_tinh": "nu",
    "chu_ho.so_dinh_danh": "099190000001",
    "chu_ho.dia_chi": "Thôn 3",
    "cam_ket": "on",
    "given-giay_to_phap_ly": "1",
}
MARITAL = {
    **PERSON,
    "ho_ten": "Nguyễn Thị Đo",
    "ngay_sinh": "02/03/1990",
    "so_dinh_danh": "099190000001",
    "dia_chi": "Thôn 3",
    "tinh_trang": "chua_ket_hon",
    "muc_dich": "vay_von",
    "given-giay_to_tuy_than": "1",
}


def clerks(province: Province) -> list[dict[str, str]]:
    """Sessions of a clerk at each desk of a district or commune."""
    found: list[dict[str, str]] = json.loads(province.ask("bench.people", "clerks"))
    return found


def create_over_http(port: int, users: Sequence[Mapping[str, str]], *, seconds: float) -> Measured:
    """Each user takes in one dossier after the other at the counter: cookies, CSRF, form, answer 302."""
    return fire(port, [_posting(user) for user in users], seconds=seconds, expected=302)


def _posting(user: Mapping[str, str]) -> Callable[[], bytes]:
    is_commune = user["kind"] == "commune_committee"
    code, form = ("1.004873", MARITAL) if is_commune else ("1.001612", {**HOUSEHOLD, "xa": user["commune"]})
    body = urlencode({**form, "csrfmiddlewaretoken": user["csrf"]}).encode()
    head = (
        f"POST /lam-viec/tiep-nhan/{code}/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: sessionid={user['session']}; csrftoken={user['csrf']}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    request = head.encode() + body
    return lambda: request


# The bare loop: the newest dossier's rows are read once, and written again and again under new keys.

TABLES = {
    "onestop_dossier": "id",
    "onestop_dossierpart": "dossier_id",
    "onestop_feeitem": "dossier_id",
    "onestop_involvement": "dossier_id",
    "onestop_steprun": "dossier_id",
    "onestop_clockrecord": "dossier_id",
    "onestop_timelineentry": "dossier_id",
    "onestop_workitem": "dossier_id",
    "onestop_paper": "dossier_id",
    "actions_auditentry": "subject_id",
}


def create_bare(address: str, *, connections: int, seconds: float) -> float:
    """Return the dossiers a second that a loop without any checks writes over so many connections.

    A process a core, as the web has; each dossier is one transaction with one statement a row, a counter's
    row locked as the code is taken, and one queued job, prepared by psycopg as it sees fit.
    """
    processes = min(os.cpu_count() or 1, connections)
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes) as pool:
        shares = [
            connections // processes + (number < connections % processes) for number in range(processes)
        ]
        starts = list(range(0, 1000 * processes, 1000))
        tasks = [(address, share, seconds, start) for share, start in zip(shares, starts, strict=True)]
        return sum(pool.starmap(_bare_process, tasks))


def _bare_process(address: str, connections: int, seconds: float, start: int) -> float:
    done, lock = [0], threading.Lock()
    began = time.perf_counter()

    def run(number: int) -> None:
        made = _bare_loop(address, until=began + seconds, lane=start + number)
        with lock:
            done[0] += made

    threads = [threading.Thread(target=run, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done[0] / (time.perf_counter() - began)


def _bare_loop(address: str, *, until: float, lane: int) -> int:
    import psycopg

    from dinh.kernel.ids import uuid7

    with psycopg.connect(_conninfo(address)) as connection:
        rows = _newest_rows(connection)
        old_id = str(rows[0][2]["id"])
        step_id = next(str(row["id"]) for table, _, row in rows if table == "onestop_steprun")
        connection.execute("CREATE TEMPORARY TABLE lane (last int)")
        connection.execute("INSERT INTO lane VALUES (0)")
        connection.commit()
        for made in count():
            if time.perf_counter() > until:
                return made
            keys = {old_id: str(uuid7()), step_id: str(uuid7())}
            connection.execute("UPDATE lane SET last = last + 1 RETURNING last").fetchone()
            for table, statement, row in rows:
                connection.execute(statement, _renewed(table, row, keys, lane, made))
            connection.execute(_JOB)
            connection.commit()
    raise AssertionError


_JOB = (
    "SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW('bench', 'bench.nothing', 0, NULL, NULL, '{}',"
    " NULL)::procrastinate_job_to_defer_v1]))"
)


def _conninfo(address: str) -> str:
    return address if urlsplit(address).scheme else f"dbname={address}"


def _newest_rows(connection: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """Every row of the newest counter dossier with the statement that writes it."""
    from psycopg.rows import dict_row

    cursor = connection.cursor(row_factory=dict_row)
    newest = cursor.execute(
        "SELECT id FROM onestop_dossier WHERE channel = 'counter' AND state = 'processing'"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()["id"]
    found = []
    for table, key in TABLES.items():
        wanted = str(newest) if table == "actions_auditentry" else newest
        for row in cursor.execute(f"SELECT * FROM {table} WHERE {key} = %s", [wanted]).fetchall():
            if isinstance(row.get("id"), int):
                del row["id"]
            row.pop("txid", None)
            names = ", ".join(f'"{name}"' for name in row)
            places = ", ".join(f"%({name})s" for name in row)
            found.append((table, f"INSERT INTO {table} ({names}) VALUES ({places})", row))
    return found


def _renewed(
    table: str, row: dict[str, Any], keys: Mapping[str, str], lane: int, made: int
) -> dict[str, Any]:
    from psycopg.types.json import Jsonb

    from dinh.kernel.ids import uuid7

    fresh = {name: keys.get(str(value), value) for name, value in row.items()}
    for name, value in fresh.items():
        if isinstance(value, dict | list):
            fresh[name] = Jsonb(value)
    if table == "onestop_dossier":
        fresh["code"] = f"BENCH-{lane}-{made}"
        fresh["request_code"] = f"BENCH-{lane}-{made}"
    elif "id" in row and str(row["id"]) not in keys:
        fresh["id"] = str(uuid7())
    return fresh


if __name__ == "__main__":
    print(create_bare(os.environ["DATABASE_URL"], connections=int(sys.argv[1]), seconds=float(sys.argv[2])))

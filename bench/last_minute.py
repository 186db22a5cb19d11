"""A thousand people who file in the last minute: everybody at once, each with a draft that is ready.

``python -m bench.last_minute prepare N`` runs inside the province and prints sessions and drafts;
``file_at_once`` sends them all from here, and ``python -m bench.last_minute look`` says what became of them.
"""

import asyncio
import json
import secrets
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import django

__all__ = ["file_at_once"]

ANSWERS: dict[str, Any] = {
    "ho_ten": "Nguyễn Thị Đo",
    "ngay_sinh": "1990-03-02",
    "so_dinh_danh": "099190000001",
    "dia_chi": "Thôn 3",
    "tinh_trang": "chua_ket_hon",
    "muc_dich": "ket_hon",
}


def file_at_once(port: int, filings: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Send all filings at the same moment, each over a connection of its own; return how long answers took.

    Each bears the moment of its sending in the header in which a proxy would write it.
    """
    return asyncio.run(_file_all(port, filings))


async def _file_all(port: int, filings: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    doors = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", port) for _ in filings))
    began = time.time()
    answers = await asyncio.gather(
        *(_file(door, one) for door, one in zip(doors, filings, strict=True)), return_exceptions=True
    )
    took = sorted(answer[1] for answer in answers if not isinstance(answer, BaseException))
    good = sum(1 for answer in answers if not isinstance(answer, BaseException) and answer[0] == 302)
    return {
        "people": len(filings),
        "answered": good,
        "seconds": time.time() - began,
        "first": took[0] * 1000 if took else 0.0,
        "median": took[len(took) // 2] * 1000 if took else 0.0,
        "last": took[-1] * 1000 if took else 0.0,
    }


async def _file(
    door: tuple[asyncio.StreamReader, asyncio.StreamWriter], one: Mapping[str, str]
) -> tuple[int, float]:
    reader, writer = door
    body = f"csrfmiddlewaretoken={one['csrf']}"
    began = time.time()
    head = (
        f"POST /nop-ho-so/{one['draft']}/nop/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"X-Request-Start: t={began:.6f}\r\n"
        f"Cookie: sessionid={one['session']}; csrftoken={one['csrf']}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write((head + body).encode())
    await writer.drain()
    line = await reader.readline()
    await reader.read()
    writer.close()
    return int(line.split()[1]), time.time() - began


# Inside the province


def main(words: list[str]) -> None:
    """Prepare filings, or look at what became of them."""
    django.setup()
    print(json.dumps(_prepare(int(words[1])) if words[0] == "prepare" else _look()))


def _prepare(count: int) -> list[dict[str, str]]:
    from django.utils import timezone

    from dinh.foundation.actions.public import Actor
    from dinh.foundation.directory.public import unit_by_code
    from dinh.onestop.public import get_procedure
    from dinh.sso.models import Account
    from dinh.sso.public import open_session

    now = timezone.now()
    procedure, agency = get_procedure("1.004873"), unit_by_code("H99.32.012")
    accounts = list(Account.objects.filter(kind="citizen").select_related("person").order_by("username"))
    people = []
    for account in accounts:
        by = Actor(
            kind="citizen",
            name=account.person.full_name,
            account_id=account.pk,
            person_id=account.person_id,
        )
        key, _ = open_session(account, position_id=None, method="password", now=now)
        people.append((by, key, _paper(by)))
    found = []
    for number in range(count):
        by, key, file_id = people[number % len(people)]
        draft_id = _ready_draft(procedure, agency, file_id, by=by, now=now)
        found.append({"draft": draft_id, "session": key, "csrf": secrets.token_hex(16)})
    return found


def _paper(by: Any) -> Any:
    import io

    from PIL import Image

    from dinh.foundation.files.public import PAPERS, store

    content = io.BytesIO()
    Image.effect_noise((900, 600), 60).convert("RGB").save(content, "JPEG")
    content.seek(0)
    return store(content, name="CCCD.jpg", by=by, limits=PAPERS).id


def _ready_draft(procedure: Any, agency: Any, file_id: Any, *, by: Any, now: Any) -> str:
    from dinh.onestop.public import attach_paper, start_draft

    draft = start_draft(procedure, answers=ANSWERS, agency_id=agency.pk, by=by, now=now)
    attach_paper(draft, document_key="giay_to_tuy_than", file_id=file_id, by=by, now=now)
    return str(draft.pk)


def _look() -> dict[str, Any]:
    """What was written: dossiers, codes, proofs, and how far the kept moment lies before the writing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT request_code),"
            " (SELECT count(*) FROM onestop_paper p JOIN onestop_dossier d ON d.id = p.dossier_id"
            "   JOIN onestop_draft f ON f.sent_as_id = d.id WHERE p.form = 'proof'),"
            " max(a.at - d.submitted_at)"
            " FROM onestop_dossier d JOIN onestop_draft f ON f.sent_as_id = d.id"
            " JOIN actions_auditentry a ON a.subject_id = f.id::text AND a.verb = 'dossier.submitted'"
        )
        dossiers, codes, proofs, longest = cursor.fetchone()
    seconds = longest.total_seconds() if longest is not None else 0.0
    return {"dossiers": dossiers, "codes": codes, "proofs": proofs, "longest wait": seconds}


if __name__ == "__main__":
    main(sys.argv[1:])

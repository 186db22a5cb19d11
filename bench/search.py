"""Search in the dossiers that one may see: by code, telephone number, name, and by what very many bear.

``python -m bench.search`` runs inside the province and prints, for each reader, sessions and words to ask.
"""

import json
import random
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from bench.http import Measured, fire
from bench.province import Province

__all__ = ["measure_search"]

CONNECTIONS = 4
READERS = {"clerk": "motcua.songcai", "head": "truongphong.tckh.songcai", "leader": "chutich.tinh"}
WORDS = 200


def measure_search(province: Province, port: int, *, seconds: float) -> dict[str, Measured]:
    """Return what the first page of each search took, over four connections, each with words of its own."""
    found = {}
    for who, asked in json.loads(province.ask("bench.search")).items():
        for kind, words in asked["words"].items():
            makers = [_asking(asked["session"], words, lane) for lane in range(CONNECTIONS)]
            fire(port, makers, seconds=min(seconds, 1), expected=200)
            found[f"{who}, {kind}"] = fire(port, makers, seconds=seconds, expected=200)
    return found


def _asking(session: str, words: Sequence[str], lane: int) -> Callable[[], bytes]:
    """Requests of one connection: its own way through the words."""
    order = random.Random(lane)

    def next_request() -> bytes:
        path = f"/lam-viec/ho-so/?q={quote(order.choice(words))}"
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={session}\r\n\r\n".encode()

    return next_request


# Inside the province


def _prepare() -> dict[str, Any]:
    return {who: _reader(account) for who, account in READERS.items()}


def _reader(username: str) -> dict[str, Any]:
    """A session, and words of dossiers that the reader may see, drawn evenly over them."""
    from django.utils import timezone

    from dinh.foundation.directory.public import acting, held_positions
    from dinh.kernel.text import fold
    from dinh.onestop.queries.dossiers import visible_dossiers
    from dinh.sso.models import Account
    from dinh.sso.public import open_session

    now = timezone.now()
    account = Account.objects.get(username=username)
    held = held_positions(account.person_id, timezone.localdate(now))[0]
    session, _ = open_session(account, position_id=held.position_id, method="password", now=now)
    by = acting(account.person_id, held.position_id, account_id=account.pk, at=now)
    keys = list(visible_dossiers(by).filter(code__isnull=False).order_by().values_list("pk", flat=True))
    chosen = random.Random(1).sample(keys, min(WORDS, len(keys)))
    rows = list(
        visible_dossiers(by).filter(pk__in=chosen).values_list("code", "applicant_phone", "applicant_name")
    )
    return {
        "session": session,
        "words": {
            "a code": [code for code, _, _ in rows],
            "a telephone number": [phone for _, phone, _ in rows],
            "a name": [fold(name) for _, _, name in rows],
            "a common surname": ["nguyễn", "tran", "le"],
            "nothing that is there": ["khong co ai ten nay"],
        },
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_prepare()))

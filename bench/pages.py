"""The main pages and who reads them: for counting their statements and for looking at them on a slow line.

``python -m bench.pages`` runs inside the province: it prints the addresses with a session for each reader.
``python -m bench.pages count`` prints the statements of each.
"""

import json
import sys
from typing import Any

from bench.province import Province

__all__ = ["count_statements", "prepared_pages"]

CITIZEN, CLERK, CHAIRMAN = "congdan", "motcua.songcai", "chutich.tinh"
PROCEDURE = "1.001612"


def prepared_pages(province: Province) -> dict[str, dict[str, str]]:
    """Return path, and session ("" for a visitor), of each page by its name."""
    found: dict[str, dict[str, str]] = json.loads(province.ask("bench.pages").strip().splitlines()[-1])
    return found


def count_statements(province: Province) -> dict[str, dict[str, int]]:
    """Return the statements and the bytes of HTML of each page, asked for a second time in one process."""
    found: dict[str, dict[str, int]] = json.loads(
        province.ask("bench.pages", "count").strip().splitlines()[-1]
    )
    return found


# Inside the province


def _prepare() -> dict[str, dict[str, str]]:
    people = {username: _Reader(username) for username in (CITIZEN, CLERK, CHAIRMAN)}
    citizen, clerk = people[CITIZEN], people[CLERK]
    draft = f"/nop-ho-so/{citizen.draft()}/"
    pages = {
        "portal: home": ("/", ""),
        "portal: search": ("/thu-tuc/?q=ho+kinh+doanh", ""),
        "portal: a procedure": (f"/thu-tuc/{PROCEDURE}/", ""),
        "portal: statistics": ("/thong-ke/", ""),
        "portal: tracking by code": (f"/tra-cuu/?ma={clerk.dossier_code()}", ""),
        "citizen: what to do (draft)": (draft, CITIZEN),
        "citizen: a page of the form": (draft + "khai/ho_kinh_doanh/", CITIZEN),
        "citizen: my dossiers": ("/ho-so-cua-toi/", CITIZEN),
        "citizen: a dossier": (f"/ho-so-cua-toi/{citizen.dossier_id()}/", CITIZEN),
        "citizen: my papers": ("/giay-to-cua-toi/", CITIZEN),
        "clerk: work list": ("/lam-viec/", CLERK),
        "clerk: list of dossiers": ("/lam-viec/ho-so/", CLERK),
        "clerk: search": ("/lam-viec/ho-so/?q=nguyen", CLERK),
        "clerk: a dossier": (f"/lam-viec/ho-so/{clerk.dossier_id()}/", CLERK),
        "clerk: form at the counter": (f"/lam-viec/tiep-nhan/{PROCEDURE}/", CLERK),
        "clerk: register": ("/lam-viec/so-theo-doi/", CLERK),
        "chairman: all open work": ("/lam-viec/?viec=all", CHAIRMAN),
        "chairman: list of dossiers": ("/lam-viec/ho-so/", CHAIRMAN),
        "chairman: overview": ("/lam-viec/tong-quan/", CHAIRMAN),
        "chairman: report 06a": ("/lam-viec/bao-cao/", CHAIRMAN),
        "chairman: indicators": ("/lam-viec/bao-cao/danh-gia/", CHAIRMAN),
    }
    return {
        name: {"path": path, "session": people[who].session if who else ""}
        for name, (path, who) in pages.items()
    }


class _Reader:
    """Somebody signed in."""

    def __init__(self, username: str) -> None:
        from django.utils import timezone

        from dinh.foundation.actions.public import Actor
        from dinh.foundation.directory.public import acting, held_positions
        from dinh.sso.models import Account
        from dinh.sso.public import open_session

        self.now = timezone.now()
        account = Account.objects.select_related("person").get(username=username)
        held = held_positions(account.person_id, timezone.localdate())
        position_id = held[0].position_id if held else None
        self.session, _ = open_session(account, position_id=position_id, method="password", now=self.now)
        self.by = (
            acting(account.person_id, position_id, account_id=account.pk, at=self.now)
            if position_id
            else Actor(
                kind="citizen",
                name=account.person.full_name,
                account_id=account.pk,
                person_id=account.person_id,
            )
        )

    def _dossier(self) -> Any:
        from dinh.onestop.queries.dossiers import visible_dossiers

        return visible_dossiers(self.by).filter(code__isnull=False).order_by("-pk")[0]

    def dossier_id(self) -> str:
        return str(self._dossier().pk)

    def dossier_code(self) -> str:
        return str(self._dossier().code)

    def draft(self) -> str:
        from dinh.onestop.public import agencies_to_choose, get_procedure, start_draft

        procedure = get_procedure(PROCEDURE)
        agency_id = agencies_to_choose(procedure)[0][0]
        return str(start_draft(procedure, answers={}, agency_id=agency_id, by=self.by, now=self.now).pk)


def _count() -> dict[str, dict[str, int]]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment

    setup_test_environment()
    found = {}
    for name, page in _prepare().items():
        client = Client(SERVER_NAME="127.0.0.1")
        client.cookies["sessionid"] = page["session"]
        client.get(page["path"])
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(page["path"])
        assert answer.status_code == 200, (name, page["path"], answer.status_code)
        found[name] = {"statements": len(asked), "bytes": len(answer.content)}
    return found


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_count() if sys.argv[1:] == ["count"] else _prepare()))

"""Inside the province: who signs in for a measurement. Prints JSON; a process of its own.

``clerks``: a clerk of every commune's and district's desk, with what their procedure asks. ``names A B``:
the sessions of accounts by their names.
"""

import json
import secrets
import sys
from typing import Any

import django


def main(words: list[str]) -> None:
    """Open sessions and print them."""
    django.setup()
    from django.utils import timezone

    from dinh.sso.models import Account

    accounts = Account.objects.select_related("person")
    if words[0] == "clerks":
        wanted = accounts.filter(username__startswith="motcua.").order_by("username")
        print(json.dumps([one for account in wanted if (one := _clerk(account, timezone.now()))]))
        return
    found = {name: _session(accounts.get(username=name), timezone.now())[0] for name in words[1:]}
    print(json.dumps(found))


def _session(account: Any, now: Any) -> tuple[str, Any]:
    from django.utils import timezone

    from dinh.foundation.directory.public import held_positions
    from dinh.sso.public import open_session

    held = next(iter(held_positions(account.person_id, timezone.localdate(now))), None)
    position_id = held.position_id if held else None
    key, _ = open_session(account, position_id=position_id, method="password", now=now)
    return key, held


def _clerk(account: Any, now: Any) -> dict[str, Any] | None:
    """A clerk of a desk that takes in a commune's or a district's procedure."""
    from dinh.foundation.directory.public import children, get_unit

    key, held = _session(account, now)
    agency = get_unit(held.unit_id).agency
    if agency is None or agency.kind not in ("commune_committee", "district_committee"):
        return None
    communes = children(agency.id).filter(kind="commune_committee").values_list("code", flat=True)
    return {
        "session": key,
        "csrf": secrets.token_hex(16),
        "kind": agency.kind,
        "commune": next(iter(communes), ""),
    }


if __name__ == "__main__":
    main(sys.argv[1:])

"""Run as a program beside a server of its own: fills it before the test of a restart, looks after it.

python -m tests.onestop.restart fill 40     prints the sessions of clerks and the dossiers to accept
python -m tests.onestop.restart look        prints what became of each dossier; fails if one is not whole
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dinh.website.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from dinh.foundation.directory.public import held_positions  # noqa: E402
from dinh.onestop.models import Dossier  # noqa: E402
from dinh.sso.models import Account  # noqa: E402
from dinh.sso.public import open_session  # noqa: E402
from dinh.website.sample.load import load_sample  # noqa: E402
from tests.onestop.conftest import Province, check_whole  # noqa: E402
from tests.samples import SMALL  # noqa: E402


def fill(count: int) -> dict[str, list[str]]:
    now = timezone.now()
    load_sample(size=SMALL, citizens=2, keys_for=(), now=now)
    province = Province(now=now)
    dossiers = [str(province.submitted().id) for _ in range(count)]
    return {"dossiers": dossiers, "sessions": [session(number) for number in range(8)]}


def session(number: int) -> str:
    account = Account.objects.get(username="motcua.dinhson" if number % 2 else "motcua2.dinhson")
    held = held_positions(account.person_id, timezone.localdate())
    key, _ = open_session(account, position_id=held[0].position_id, method="password", now=timezone.now())
    return key


def look() -> dict[str, str | None]:
    for dossier in Dossier.objects.all():
        check_whole(dossier.id)
    return {str(dossier.id): dossier.code for dossier in Dossier.objects.all()}


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[2])) if sys.argv[1] == "fill" else look()))

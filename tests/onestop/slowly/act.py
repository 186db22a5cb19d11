"""One act in a process of its own, which may be killed in the middle of it.

python -m tests.onestop.slowly.act notice REFERENCE     takes the sample provider's notice
python -m tests.onestop.slowly.act sign|issue STEP      signs a result, or numbers and seals it
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.onestop.slowly.settings")
django.setup()

from dinh.foundation.actions.public import system  # noqa: E402
from dinh.onestop.models import StepRun  # noqa: E402
from dinh.onestop.public import issue_result, sample_notice, sign_result, take_notice  # noqa: E402
from tests.onestop.conftest import Province  # noqa: E402


def main(act: str, what: str) -> None:
    p = Province(keys=True)
    if act == "notice":
        body, signature = sample_notice(what)
        print(take_notice("sample", body, signature, by=system("test.bank"), now=p.now))
        return
    step = StepRun.objects.select_related("dossier").get(pk=what)
    verb = {"sign": sign_result, "issue": issue_result}[act]
    verb(step, by=p.who(step), now=p.now)


if __name__ == "__main__":
    main(*sys.argv[1:])

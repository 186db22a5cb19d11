"""PDF signatures a second: the encrypted store and a token (SoftHSM), whole path and its parts.

Run: DATABASE_URL=... python -m bench.signing  (a transaction that is rolled back; nothing is kept)
"""

import datetime as dt
import json
import os
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dinh.website.settings")
TEMPLATES = Path(__file__).resolve().parents[1] / "tests" / "signing" / "templates"
SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


def rate(work: Callable[[], object], *, seconds: float = 4.0) -> float:
    """Return how often a second ``work`` runs, after one run to warm up."""
    work()
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        work()
        count += 1
    return count / (time.perf_counter() - start)


def measure(folder: Path) -> dict[str, float]:
    """Return rates by name."""
    from django.conf import settings

    from dinh.foundation.actions.public import Actor, Grant, system
    from dinh.foundation.signing.actions.papers import use_key
    from dinh.foundation.signing.adapters import trust
    from dinh.foundation.signing.adapters.reading import read_report
    from dinh.foundation.signing.public import (
        AgencySeal,
        KeyOwner,
        NumberFields,
        PaperFields,
        draw_seal,
        fill_number,
        issue_sample_key,
        prepare_pdf,
        validate_pdf,
    )
    from dinh.foundation.ui.public import render_paper

    settings.KEY_DIR = folder
    settings.SIGNING_PKCS11_MODULE, settings.SIGNING_PKCS11_TOKEN = str(SOFTHSM), "bench"
    now, agency_id, setup = dt.datetime.now(dt.UTC), uuid.uuid4(), system("bench")
    by = Actor(kind="official", name="Văn thư", grants=(Grant("signing.use_agency_key", "unit", agency_id),))
    data = json.loads((Path(__file__).parent / "signing-paper.json").read_text())
    paper = render_paper(TEMPLATES / "decision.typ", data)
    place = paper.place("signature")
    fields = PaperFields(
        agency=place, numbers=NumberFields(number=paper.place("number"), date=paper.place("date"))
    )
    prepared = prepare_pdf(paper.content, fields=fields)
    found: dict[str, float] = {
        "typeset a page": rate(lambda: render_paper(TEMPLATES / "decision.typ", data)),
        "declare fields": rate(lambda: prepare_pdf(paper.content, fields=fields)),
        "fill number and date": rate(
            lambda: fill_number(prepared, number="Số: 15/QĐ-UBND", date="An Bình, ngày 05")
        ),
    }
    appearance = AgencySeal(image=draw_seal("Ủy ban nhân dân huyện An Bình", "Tỉnh Phú Thịnh"))
    stores = ["sealed", *(["pkcs11"] if SOFTHSM.exists() else [])]
    for store in stores:
        owner = KeyOwner(kind="agency", id=agency_id, name="UBND huyện An Bình", agency="UBND huyện An Bình")
        key = issue_sample_key(owner, by=setup, now=now, store=store)

        def sign(key: Any = key) -> Any:
            return use_key(key, pdf=prepared, appearance=appearance, reason="Phát hành", at=now, by=by)

        found[f"sign with seal, {store}"] = rate(sign)
        if store == "sealed":
            signed = sign().content
            believed = trust.current_trust(now=now)
            found["check in this process"] = rate(partial(read_report, signed, believed, now=now))
            found["check in a process of its own"] = rate(partial(validate_pdf, signed, now=now))

            def open_and_sign(key: Any = key) -> Any:
                trust.forget(key)
                return sign()

            found["sign, key opened each time, sealed"] = rate(open_and_sign)
        type(key).objects.filter(pk=key.pk).update(retired_at=now)
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tokens").mkdir()
        (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
        (folder / "pkcs11-pin").write_text("246810")
        os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
        if SOFTHSM.exists():
            label = ["--label", "bench", "--pin", "246810", "--so-pin", "135790"]
            command = ["softhsm2-util", "--init-token", "--free", *label]
            subprocess.run(command, check=True, capture_output=True)
        django.setup()
        from django.db import transaction

        with transaction.atomic():
            for what, per_second in measure(folder).items():
                print(f"{what:40} {per_second:8.1f}/s")
            transaction.set_rollback(True)


if __name__ == "__main__":
    main()

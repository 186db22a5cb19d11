"""Checking a PDF of unknown origin in a process of its own, bounded in size, time and memory."""

import datetime as dt
import json
import os
import subprocess
import sys

from dinh.foundation.signing.adapters.reading import Trust, report_from, trust_values
from dinh.foundation.signing.rules.signatures import BadPdf, PdfTooLarge, Report, unread

__all__ = ["SIZE_LIMIT", "check"]

SIZE_LIMIT = 64 * 1024 * 1024
SECONDS = 20
_PROGRAM = "dinh.foundation.signing.adapters.reading"


def check(pdf: bytes, trust: Trust, *, now: dt.datetime) -> Report:
    """Return the report of a PDF; what cannot be read or takes too long is told in its ``problem``."""
    if len(pdf) > SIZE_LIMIT:
        return unread(pdf, problem=str(PdfTooLarge(limit=SIZE_LIMIT // 1024 // 1024)), now=now)
    question = {"trust": trust_values(trust), "now": now.isoformat(), "seconds": SECONDS}
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            [sys.executable, "-m", _PROGRAM],
            input=json.dumps(question).encode() + b"\n" + pdf,
            capture_output=True,
            timeout=SECONDS * 2,
            check=False,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LC_ALL": "C.UTF-8"},
        )
        values = json.loads(done.stdout)["report"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return unread(pdf, problem=str(PdfTooLarge(limit=SIZE_LIMIT // 1024 // 1024)), now=now)
    if values is None:
        return unread(pdf, problem=str(BadPdf()), now=now)
    return report_from(values)

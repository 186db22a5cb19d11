"""Checking signatures, and keeping what was found with the content (TT 41/2017/TT-BTTTT)."""

import datetime as dt

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.signing.adapters.checking import check
from dinh.foundation.signing.adapters.reading import plain
from dinh.foundation.signing.adapters.trust import current_trust
from dinh.foundation.signing.models import ValidationReport
from dinh.foundation.signing.permissions import CHECK_SIGNATURES
from dinh.foundation.signing.rules.signatures import Report

__all__ = ["store_report", "validate_pdf"]


def validate_pdf(pdf: bytes, *, now: dt.datetime) -> Report:
    """Return what can be said of every signature of a PDF. Nothing is fetched and nothing is written.

    The file is read in a process of its own under limits (64 MB, 20 s, 1 GB); one that cannot be read
    gives a report with a ``problem``, never an exception.
    """
    return check(pdf, current_trust(now=now), now=now)


@action("signature.checked", permission=CHECK_SIGNATURES)
def store_report(report: Report, *, by: Actor) -> ValidationReport:
    """Keep a report with the content it is about, found again by the content's SHA-256."""
    return ValidationReport.objects.create(
        sha256=report.sha256,
        size=report.size,
        verdict=report.verdict,
        is_signed=report.is_signed,
        is_sample=report.is_sample,
        problem=report.problem,
        signatures=plain(report)["signatures"],
        checked_at=report.checked_at,
    )

"""Reports that agencies issue: the figures they take, who sees them, what their papers print."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import (
    NoSigningAuthority,
    agencies,
    ancestors,
    coverage,
    get_unit,
    heads_of,
    may_at,
    signing_authority,
)
from dinh.foundation.signing.public import digests_of_signed
from dinh.foundation.ui.public import qr_svg
from dinh.kernel.errors import existing
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import AgencyReport
from dinh.onestop.queries.causes import cause_lines
from dinh.onestop.queries.citizens import IssuedResult
from dinh.onestop.queries.dossiers import REQUEST_LETTERS
from dinh.onestop.queries.figures import FigureFilter
from dinh.onestop.queries.indicators import scores_of
from dinh.onestop.queries.petition_notes import petition_lines
from dinh.onestop.queries.report_papers import report_paper
from dinh.onestop.queries.reports import report_of
from dinh.onestop.rules.agency_reports import (
    AGENCY_REPORT,
    ISSUED_STATES,
    MATTER,
    PETITION_COUNTS,
    REPORT_KINDS,
)
from dinh.onestop.rules.figures import CAUSES, standing_on
from dinh.onestop.rules.periods import Period, period_of

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = [
    "ReportCard",
    "ReportNews",
    "access_agency_report",
    "agency_report_data",
    "find_issued_report",
    "report_news",
    "frozen_figures",
    "new_report_code",
    "preparing_agencies",
    "report_card",
    "report_superior",
    "visible_agency_reports",
]

REPORTS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ReportNews:
    """An issued report as those who are told of it need it."""

    report: AgencyReport
    agency: str
    number: str
    period: str
    link: str
    people: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class ReportCard:
    """A report with what the reader may do with it; ``moves`` are verbs of ``AGENCY_REPORT``."""

    report: AgencyReport
    kind: str
    period: Period
    state_label: str
    agency_name: str
    recipient_name: str
    moves: frozenset[str]


def report_superior(agency_id: UUID) -> "Unit | None":
    """Return the nearest agency above, to which reports go; None: none of the province."""
    above = [unit for unit in ancestors(agency_id) if unit.pk != agency_id and unit.is_agency]
    return above[-1] if above else None


def preparing_agencies(by: Actor) -> "list[Unit]":
    """Return the agencies for which the reader may prepare reports."""
    reach = coverage(by, "report.prepare")
    return list(agencies().filter(reach.q("pk"))) if by.kind == "official" else []


def frozen_figures(
    kind: str, agency: "Unit", period: Period, *, depth: str, group: str, today: dt.date, now: dt.datetime
) -> dict[str, Any]:
    """Return a report's figures of this moment as plain values, as its paper prints them.

    They are those of the agency's dossiers, whoever asks.
    """
    chosen = FigureFilter(unit_id=agency.pk, depth=depth)
    if kind == "06a":
        report = report_of(agency, period, depth=depth, group=group, by=None, today=today)
        return report_paper(report, note="", now=now)
    if kind == "danh-gia":
        return _own_evaluation(agency, period, today=today)
    lines = cause_lines(None, period, chosen, today=today)
    petitions = petition_lines(None, period, chosen, today=today)
    by_cause = [[line.total, *(line.by_cause[key] for key in CAUSES)] for line in lines]
    by_kind = [[line.counts[key] for key in PETITION_COUNTS] for line in petitions]
    return {
        "scope": "" if depth == "alone" else "và các cơ quan cấp dưới",  # data: papers are Vietnamese
        "period": str(period.words),
        "standing_on": f"{standing_on(period, today):%d/%m/%Y}",
        "causes": list(CAUSES.values()),
        "lines": [
            {"label": line.field_name, "cells": _cells(cells)}
            for line, cells in zip(lines, by_cause, strict=True)
        ],
        "total": _sums(by_cause, 1 + len(CAUSES)),
        "petition_columns": list(PETITION_COUNTS.values()),
        "petitions": [
            {"label": _PETITION_KINDS.get(line.kind, line.kind), "cells": _cells(cells)}
            for line, cells in zip(petitions, by_kind, strict=True)
        ],
        "petition_total": _sums(by_kind, len(PETITION_COUNTS)),
    }


def _own_evaluation(agency: "Unit", period: Period, *, today: dt.date) -> dict[str, Any]:
    """The nine indicators of one agency, each with what it comes from; always of the agency alone."""
    rating = scores_of(None, period, agency.pk, today=today).rating
    whole = "" if rating.of_eighteen is None else f"{rating.of_eighteen:.1f}".replace(".", ",")
    return {
        "scope": "",
        "period": str(period.words),
        "standing_on": f"{standing_on(period, today):%d/%m/%Y}",
        "lines": [
            {
                "label": f"{one.number}. {one.label}",
                "cells": ["–" if one.score is None else f"{one.score:.1f}".replace(".", ",")],
                "words": str(one.explanation),
            }
            for one in rating.indicators
        ],
        "total": [f"{rating.total:.1f}".replace(".", ",")],
        "most": str(rating.most),
        "whole": whole,
        "grade": rating.grade,
    }


# The kinds that the portal tells of, as papers name them.
_PETITION_KINDS = {
    "question": "Hỏi đáp",  # data: papers are Vietnamese
    "feedback": "Phản ánh",  # data: papers are Vietnamese
    "proposal": "Kiến nghị",  # data: papers are Vietnamese
}


def _cells(values: Sequence[int]) -> list[str]:
    return [f"{value:,}".replace(",", ".") for value in values]


def _sums(rows: Sequence[Sequence[int]], width: int) -> list[str]:
    return _cells([sum(row[place] for row in rows) for place in range(width)])


def visible_agency_reports(by: Actor) -> QuerySet[AgencyReport]:
    """Reports that the reader sees: at every stage those of their own agency, once issued those of agencies
    whose dossiers they read and those that came to such an agency.
    """
    rows = AgencyReport.objects.select_related("agency", "recipient", "file")
    if by.kind != "official":
        return rows.none()
    reach = coverage(by, "dossier.read")
    issued = Q(state__in=ISSUED_STATES)
    own = Q(agency_id=by.agency_id) & reach.q("agency_id") | coverage(by, "report.prepare").q("agency_id")
    return rows.filter(own | issued & (reach.q("agency_id") | reach.q("recipient_id")))


def access_agency_report(by: Actor, report_id: UUID) -> AgencyReport:
    """Return a report that the reader sees. Raises ``NotFound``."""
    return existing(visible_agency_reports(by).filter(pk=report_id).first())


def report_card(by: Actor, report: AgencyReport, *, now: dt.datetime) -> ReportCard:
    """Return a report as its page shows it to the reader."""
    period = period_of(report.period)
    assert period is not None, report.period
    return ReportCard(
        report=report,
        kind=REPORT_KINDS[report.kind],
        period=period,
        state_label=AGENCY_REPORT.label(report.state),
        agency_name=report.agency.name,
        recipient_name=report.recipient.name if report.recipient else "",
        moves=frozenset(verb for verb in AGENCY_REPORT.verbs if _may(by, report, verb, now=now)),
    )


def _may(by: Actor, report: AgencyReport, verb: str, *, now: dt.datetime) -> bool:
    if not AGENCY_REPORT.can(report.state, verb):
        return False
    is_writer = by.person_id == report.writer_id
    prepares = may_at(by, "report.prepare", report.agency_id)
    checks = may_at(by, "report.check", report.agency_id) and not is_writer
    match verb:
        case "retake" | "discard":
            return prepares
        case "check":
            return checks
        case "send_back":
            return checks or (not is_writer and _signs(by, report, now=now))
        case "sign":
            return not is_writer and _signs(by, report, now=now)
        case "issue":
            return may_at(by, "signing.use_agency_key", report.agency_id)
        case _:
            return report.recipient_id is not None and may_at(by, "report.prepare", report.recipient_id)


def _signs(by: Actor, report: AgencyReport, *, now: dt.datetime) -> bool:
    try:
        signing_authority(by, report.agency_id, now.astimezone(VIETNAM).date(), MATTER)
    except NoSigningAuthority:
        return False
    return True


def agency_report_data(report: AgencyReport, *, lines: Sequence[str], signer: str) -> dict[str, Any]:
    """What the paper of a report is filled with; number and date are left open for the agency."""
    agency = get_unit(report.agency_id)
    superior = get_unit(report.recipient_id).name if report.recipient_id else ""
    return {
        **report.figures,
        "kind": report.kind,
        "above": agency.parent.name if agency.parent else "",
        "agency": agency.name,
        "superior": superior,
        "remarks": report.note,
        "recipients": [*([superior] if superior else []), "Lưu: VT"],  # data: papers are Vietnamese
        "titles": list(lines),
        "signer": signer,
        "code": report.code,
        "qr": qr_svg(f"{settings.PUBLIC_ADDRESS}/kiem-tra-ket-qua/?ma={report.code}"),
        "note": settings.PAPER_NOTE,
    }


def find_issued_report(code: str) -> IssuedResult | None:
    """Return the issued report with exactly this code, for who checks a paper; None."""
    wanted = code.strip().upper()
    row = AgencyReport.objects.filter(code=wanted, state__in=ISSUED_STATES).select_related("file", "agency")
    found = row.first() if wanted else None
    if found is None or found.file is None or found.issued_on is None:
        return None
    hashes = digests_of_signed(found.file.pk, found.file.sha256)
    return IssuedResult(found.number, found.issued_on, found.agency.name, hashes)


def report_news(report_id: UUID) -> ReportNews:
    """Return what is told of an issued report, and to whom: the heads of the agency above."""
    report = AgencyReport.objects.select_related("agency").get(pk=report_id)
    period = period_of(report.period)
    heads = heads_of(report.recipient_id) if report.recipient_id else []
    return ReportNews(
        report=report,
        agency=report.agency.name,
        number=report.number,
        period=str(period.words) if period else report.period,
        link=f"/lam-viec/bao-cao/phat-hanh/{report.pk}/",
        people=list(dict.fromkeys(one.person_id for one in heads)),
    )


def new_report_code() -> str:
    """Return a code by which anybody checks the paper: not guessable, easy to read out."""
    letters = "".join(secrets.choice(REQUEST_LETTERS) for _ in range(10))
    return f"BC-{letters[:5]}-{letters[5:]}"

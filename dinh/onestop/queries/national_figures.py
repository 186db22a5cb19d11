"""Figures for the national control system: as they are now, as they were sent, and where they differ."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from dinh.foundation.actions.public import Actor, SentMessage, messages_of_rows
from dinh.foundation.directory.public import agencies, get_unit, reached_units
from dinh.kernel.errors import existing
from dinh.kernel.text import sort_key
from dinh.onestop.models import AgencyReport, Procedure, SentFigures
from dinh.onestop.permissions import SEND_FIGURES
from dinh.onestop.queries.figures import counted_by
from dinh.onestop.queries.indicators import every_agencys_scores
from dinh.onestop.rules.agency_reports import ISSUED_STATES
from dinh.onestop.rules.figures import Tally
from dinh.onestop.rules.national import digest_of
from dinh.onestop.rules.national_figures import (
    ChangedFigure,
    closed_periods,
    differing,
    indicator_rows,
    tally_row,
)
from dinh.onestop.rules.periods import Period, period_of

__all__ = [
    "FiguresCard",
    "FiguresLine",
    "PresentFigures",
    "access_figures",
    "figures_card",
    "figures_lines",
    "figures_to_send",
    "figures_message",
    "last_figures",
    "periods_to_choose",
    "present_figures",
]


@dataclass(frozen=True, slots=True)
class PresentFigures:
    """An agency's figures of a period as they would go out now; ``report`` is its newest sealed 06a."""

    content: Mapping[str, Any]
    digest: str
    report: AgencyReport | None


@dataclass(frozen=True, slots=True)
class FiguresLine:
    """What was sent last for an agency and a period, what became of it, what differs since."""

    sent: SentFigures
    agency: str
    message: SentMessage | None
    differences: int


@dataclass(frozen=True, slots=True)
class FiguresCard:
    """One version with its fate, those before it, and each figure that differs from today's."""

    sent: SentFigures
    agency: str
    period: Period
    message: SentMessage | None
    versions: Sequence[tuple[SentFigures, SentMessage | None]]
    differences: Sequence[ChangedFigure]
    may_send: bool


def present_figures(
    period: Period, *, agency_id: UUID | None = None, today: dt.date
) -> dict[UUID, PresentFigures]:
    """Return the figures of every agency (or one) that has any in the period; a dozen queries for all."""
    units = {unit.pk: unit for unit in agencies()}
    procedures = {str(row.pk): row for row in Procedure.objects.all()}
    fields: dict[UUID, dict[tuple[str, str], Tally]] = defaultdict(lambda: defaultdict(Tally))
    for key, line in counted_by(None, period, "agency-procedure", today=today).items():
        agency, _, procedure = key.partition(" ")
        row = procedures[procedure]
        if agency_id in (None, UUID(agency)):
            fields[UUID(agency)][row.field_code, row.field_name] += line
    scores = {one.agency_id: one.rating for one in every_agencys_scores(period, today=today)}
    signed = _signed(period)
    found = {}
    for pk, by_field in fields.items():
        report = signed.get(pk)
        # An agency that was closed since still has its figures of that time.
        unit = units.get(pk) or get_unit(pk)
        content = {
            "BieuMau": "II.06a/VPCP/KSTT",
            "MaDonVi": unit.code,
            "TenDonVi": unit.name,
            "KyBaoCao": period.code,
            "TuNgay": f"{period.from_on:%Y%m%d}",
            "DenNgay": f"{period.last_on:%Y%m%d}",
            "DanhSachLinhVuc": [
                {"MaLinhVuc": code, "TenLinhVuc": name, **tally_row(line)}
                for (code, name), line in sorted(by_field.items())
            ],
            "TongCong": tally_row(sum(by_field.values(), Tally())),
            "ChiTieu": indicator_rows(scores.get(pk)),
            "BaoCaoKySo": _paper(report),
        }
        found[pk] = PresentFigures(content, digest_of(content), report)
    return found


def _signed(period: Period) -> dict[UUID, AgencyReport]:
    rows = AgencyReport.objects.filter(kind="06a", period=period.code, state__in=ISSUED_STATES)
    return {row.agency_id: row for row in rows.select_related("file").order_by("id")}


def _paper(report: AgencyReport | None) -> dict[str, str]:
    """The sealed paper's number, the code by which anybody checks it, and the hash of its file."""
    if report is None or report.file is None or report.issued_on is None:
        return {}
    return {
        "SoKyHieu": report.number,
        "NgayBanHanh": f"{report.issued_on:%Y%m%d}",
        "MaKiemTra": report.code,
        "SHA256": report.file.sha256,
    }


def last_figures(period: str) -> dict[UUID, SentFigures]:
    """Return the newest version that was sent of each agency."""
    return {row.agency_id: row for row in SentFigures.objects.filter(period=period).order_by("version")}


def figures_to_send(figures_id: UUID) -> SentFigures | None:
    """Return a version that is still to go out; None when a newer one takes its place."""
    row = existing(SentFigures.objects.filter(pk=figures_id).first())
    newer = SentFigures.objects.filter(agency=row.agency_id, period=row.period, version__gt=row.version)
    return None if newer.exists() else row


def figures_message(row: SentFigures) -> Mapping[str, Any]:
    """Return what goes out: the figures, and what they are a version of."""
    return {**row.content, "PhienBan": str(row.version), "LyDoGui": row.why}


# Screens


def _visible(by: Actor) -> QuerySet[SentFigures]:
    """What was sent of agencies whose dossiers the reader reads; all for who keeps the connection."""
    rows = SentFigures.objects.select_related("agency", "report")
    if by.kind != "official":
        return rows.none()
    if by.holds("national.manage"):
        return rows
    reached = reached_units(by, "dossier.read")
    return rows if reached is None else rows.filter(agency_id__in=list(reached))


def access_figures(by: Actor, figures_id: UUID) -> SentFigures:
    """Return a version that the reader sees. Raises ``NotFound``."""
    return existing(_visible(by).filter(pk=figures_id).first())


def figures_lines(by: Actor, period: Period, *, today: dt.date) -> list[FiguresLine]:
    """Return the newest version of each agency in reach, by name, with how many figures differ since."""
    newest: dict[UUID, SentFigures] = {}
    for row in _visible(by).filter(period=period.code).order_by("version"):
        newest[row.agency_id] = row
    rows = list(newest.values())
    fates = messages_of_rows(rows)
    now = present_figures(period, today=today) if rows else {}
    lines = [
        FiguresLine(row, row.agency.name, fates.get(str(row.pk)), len(_since(row, now.get(row.agency_id))))
        for row in rows
    ]
    return sorted(lines, key=lambda line: sort_key(line.agency))


def _since(row: SentFigures, now: PresentFigures | None) -> list[ChangedFigure]:
    return differing(row.content, now.content if now is not None else {})


def figures_card(by: Actor, row: SentFigures, *, today: dt.date) -> FiguresCard:
    """Return a version as its page shows it; the newest is compared with the figures of this moment."""
    period = existing(period_of(row.period))
    versions = list(
        _visible(by).filter(agency=row.agency_id, period=row.period).order_by("-version").defer("content")
    )
    fates = messages_of_rows(versions)
    now = present_figures(period, agency_id=row.agency_id, today=today).get(row.agency_id)
    newest = versions[0].pk == row.pk
    return FiguresCard(
        sent=row,
        agency=row.agency.name,
        period=period,
        message=fates.get(str(row.pk)),
        versions=[(one, fates.get(str(one.pk))) for one in versions],
        differences=_since(row, now),
        may_send=newest and SEND_FIGURES.may(by, row),
    )


def periods_to_choose(today: dt.date) -> list[Period]:
    """Return the closed periods of which figures were sent, and those that are looked at each night."""
    codes = SentFigures.objects.order_by().values_list("period", flat=True).distinct()
    known = [found for code in codes if (found := period_of(code)) is not None]
    both = {one.code: one for one in [*closed_periods(today), *known]}
    return sorted(both.values(), key=lambda one: (one.until_on, one.from_on), reverse=True)

"""Reports of agencies: prepared from kept figures, checked, signed, numbered and sealed, sent, received.

The order of signing is that of results (NĐ 30/2020): the person signs, then number and date are given, then
the agency signs. Number and seal are one transaction: a seal that fails gives the number back.
"""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction

from dinh.documents.public import take_number
from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.public import get_unit, signing_authority
from dinh.foundation.files.public import store_bytes
from dinh.foundation.signing.public import preserve_file
from dinh.foundation.ui.public import render_paper
from dinh.kernel.errors import N_, NotAllowed
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.signatures import number_and_seal_file, sign_by_person
from dinh.onestop.events import ReportIssued
from dinh.onestop.models import AgencyReport
from dinh.onestop.permissions import (
    CHECK_REPORT,
    ISSUE_REPORT,
    PREPARE_REPORT,
    RECEIVE_REPORT,
    SEND_BACK_REPORT,
    SIGN_REPORT,
)
from dinh.onestop.queries.agency_reports import (
    agency_report_data,
    frozen_figures,
    new_report_code,
    report_superior,
)
from dinh.onestop.queries.definitions import TEMPLATES
from dinh.onestop.queries.reports import REPORT_GROUPS
from dinh.onestop.rules.agency_reports import (
    AGENCY_REPORT,
    MATTER,
    REPORT_KINDS,
    AlreadyPrepared,
    CheckedByWriter,
    PeriodAhead,
    ReportReasonMissing,
    UnknownReport,
    report_notation,
)
from dinh.onestop.rules.periods import Period, period_of

__all__ = [
    "check_report",
    "discard_report",
    "issue_report",
    "prepare_report",
    "receive_report",
    "retake_report",
    "send_back_report",
    "sign_report",
]

MOST_WORDS = 2000


@action("report.prepared", permission=PREPARE_REPORT, label=N_("Lập báo cáo"))
def prepare_report(
    agency_id: UUID,
    *,
    kind: str,
    period: Period,
    depth: str,
    group: str,
    note: str,
    by: Actor,
    now: dt.datetime,
) -> AgencyReport:
    """Prepare a report of an agency over a period: its figures are taken now and kept with it.

    ``kind`` is a key of ``REPORT_KINDS``, ``depth`` ``below`` or ``alone``, ``group`` a key of
    ``REPORT_GROUPS`` (06a). Raises ``UnknownReport``, ``PeriodAhead``, ``AlreadyPrepared``.
    """
    if kind not in REPORT_KINDS or depth not in ("below", "alone"):
        raise UnknownReport(field="kind")
    today = now.astimezone(VIETNAM).date()
    if period.from_on > today:
        raise PeriodAhead(field="period")
    if by.person_id is None:
        raise NotAllowed
    agency, superior = get_unit(agency_id), report_superior(agency_id)
    group = group if kind == "06a" and group in REPORT_GROUPS else "linh-vuc" if kind == "06a" else ""
    report = AgencyReport(
        code=new_report_code(),
        kind=kind,
        agency=agency,
        recipient=superior,
        period=period.code,
        depth=depth,
        group=group,
        state=AGENCY_REPORT.initial,
        figures=frozen_figures(kind, agency, period, depth=depth, group=group, today=today, now=now),
        counted_at=now,
        note=note.strip()[:MOST_WORDS],
        writer_id=by.person_id,
        writer=by.signed,
        prepared_at=now,
    )
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyPrepared(field="period") from error
    return report


@action("report.retaken", permission=PREPARE_REPORT, on=AgencyReport, label=N_("Lấy lại số liệu"))
def retake_report(report: AgencyReport, *, note: str, by: Actor, now: dt.datetime) -> AgencyReport:
    """Take the figures anew, as they stand now, and write the remarks anew."""
    report.state = AGENCY_REPORT.after(report.state, "retake")
    period = period_of(report.period)
    assert period is not None, report.period
    report.figures = frozen_figures(
        report.kind,
        report.agency,
        period,
        depth=report.depth,
        group=report.group,
        today=now.astimezone(VIETNAM).date(),
        now=now,
    )
    assert by.person_id is not None, "the permission asks for a position"
    report.counted_at, report.note, report.answer = now, note.strip()[:MOST_WORDS], ""
    report.writer_id, report.writer = by.person_id, by.signed
    report.save()
    return report


@action("report.checked", permission=CHECK_REPORT, on=AgencyReport, label=N_("Kiểm tra báo cáo"))
def check_report(report: AgencyReport, *, by: Actor, now: dt.datetime) -> AgencyReport:
    """Confirm the figures as another than who prepared them. Raises ``CheckedByWriter``."""
    report.state = AGENCY_REPORT.after(report.state, "check")
    _check_another(report, by)
    report.checker_id, report.checker, report.checked_at = by.person_id, by.signed, now
    report.save()
    return report


@action("report.sent_back", permission=SEND_BACK_REPORT, on=AgencyReport, label=N_("Trả lại báo cáo"))
def send_back_report(report: AgencyReport, *, reason: str, by: Actor, now: dt.datetime) -> AgencyReport:
    """Give a report back to who prepares it, with what is to be mended. Raises ``ReportReasonMissing``."""
    report.state = AGENCY_REPORT.after(report.state, "send_back")
    _check_another(report, by)
    if not reason.strip():
        raise ReportReasonMissing(field="reason")
    report.answer = f"{by.signed}: {reason.strip()[:MOST_WORDS]}"
    report.checker_id, report.checker, report.checked_at = None, "", None
    report.save()
    return report


@action("report.discarded", permission=PREPARE_REPORT, on=AgencyReport, label=N_("Bỏ báo cáo đang lập"))
def discard_report(report: AgencyReport, *, by: Actor) -> AgencyReport:
    """Drop a report that nobody has signed; that it was there stays on record."""
    report.state = AGENCY_REPORT.after(report.state, "discard")
    report.save(update_fields=["state"])
    return report


@action("report.signed", permission=SIGN_REPORT, on=AgencyReport, label=N_("Ký báo cáo"))
def sign_report(report: AgencyReport, *, by: Actor, now: dt.datetime) -> AgencyReport:
    """Sign with one's own key under an authority that is checked at this moment.

    From here on the figures stay. Raises ``NoSigningAuthority``, ``CheckedByWriter``, and what the key store
    raises.
    """
    report.state = AGENCY_REPORT.after(report.state, "sign")
    authority = signing_authority(by, report.agency_id, now.astimezone(VIETNAM).date(), MATTER)
    _check_another(report, by)
    report.signer_name = by.name
    report.signer_title = "\n".join(authority.lines)
    report.authority_basis = authority.basis
    report.signed_at = now
    data = agency_report_data(report, lines=authority.lines, signer=by.name)
    paper = render_paper(TEMPLATES / "agency_report.typ", data)
    signed = sign_by_person(paper, reason=" ".join([*authority.lines, authority.basis]), by=by, now=now)
    report.file = store_bytes(signed, name=_file_name(report), by=by)
    report.save()
    return report


@action("report.issued", permission=ISSUE_REPORT, on=AgencyReport, label=N_("Phát hành báo cáo"))
def issue_report(report: AgencyReport, *, by: Actor, now: dt.datetime) -> AgencyReport:
    """Give number and date, seal with the agency's key, send to the agency above."""
    report.state = AGENCY_REPORT.after(report.state, "issue")
    agency, on = get_unit(report.agency_id), now.astimezone(VIETNAM).date()
    report.number = take_number(
        agency_id=agency.pk, notation=report_notation(agency.abbreviation), bearer=report, on=on
    )
    report.issued_on, report.sealed_at = on, now
    assert report.file_id is not None, "signed before"
    sealed = number_and_seal_file(
        report.file_id,
        agency=agency,
        number=report.number,
        on=on,
        reason=f"Báo cáo {report.number}",  # data: papers are Vietnamese
        by=by,
        now=now,
    )
    report.file = store_bytes(sealed, name=_file_name(report), by=by)
    report.save()
    preserve_file(report.file.id, by=by)
    publish(ReportIssued(report_id=report.id))
    return report


@action("report.received", permission=RECEIVE_REPORT, on=AgencyReport, label=N_("Nhận báo cáo"))
def receive_report(report: AgencyReport, *, by: Actor, now: dt.datetime) -> AgencyReport:
    """Confirm at the agency above that the report has come."""
    report.state = AGENCY_REPORT.after(report.state, "receive")
    report.received_at, report.received_by = now, by.signed
    report.save()
    return report


def _check_another(report: AgencyReport, by: Actor) -> None:
    if by.person_id == report.writer_id:
        raise CheckedByWriter


def _file_name(report: AgencyReport) -> str:
    number = report.number.replace("/", "-")
    return f"Báo cáo {report.kind} {report.period} {number or report.code}.pdf"  # data: a file's name

"""Who may do what with registers, exports and reports."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import Actor, Permission
from dinh.foundation.directory.public import NoSigningAuthority, may_at, signing_authority
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.rules.agency_reports import MATTER

if TYPE_CHECKING:
    from dinh.onestop.models import (
        AgencyReport,
    )

__all__ = [
    "APPEAL_RATING",
    "CHECK_REPORT",
    "DECIDE_APPEAL",
    "EXPORT",
    "ISSUE_REPORT",
    "OWN_EXPORT",
    "PREPARE_REPORT",
    "PRINT_REGISTER",
    "RECEIVE_REPORT",
    "SEND_BACK_REPORT",
    "SIGN_REPORT",
    "leads_unit",
]


def _prepares(by: Actor, subject: "UUID | AgencyReport") -> bool:
    """Asked about an agency, or about a report of one."""
    agency_id = subject if isinstance(subject, UUID) else subject.agency_id
    return by.kind == "official" and may_at(by, "report.prepare", agency_id)


def _checks_report(by: Actor, report: "AgencyReport") -> bool:
    return by.kind == "official" and may_at(by, "report.check", report.agency_id)


def _signs_report(by: Actor, report: "AgencyReport") -> bool:
    if by.kind != "official":
        return False
    try:
        signing_authority(by, report.agency_id, timezone.now().astimezone(VIETNAM).date(), MATTER)
    except NoSigningAuthority:
        return False
    return True


def _receives_report(by: Actor, report: "AgencyReport") -> bool:
    """Who prepares the reports of the agency that it went to."""
    above = report.recipient_id
    return by.kind == "official" and above is not None and may_at(by, "report.prepare", above)


def leads_unit(by: Actor, unit_id: UUID) -> bool:
    """Whether the acting position leads a unit's officials: gives them work, or runs the desk."""
    return by.kind == "official" and (
        may_at(by, "step.assign", unit_id) or may_at(by, "desk.manage", unit_id)
    )


EXPORT = Permission(
    code="export.ask",
    label=N_("Xuất danh sách và báo cáo thành tệp"),
    may=lambda by, subject: by.kind == "official" and by.person_id is not None and by.holds("dossier.read"),
    held_by=N_("cán bộ xem được hồ sơ; tệp chỉ chứa những gì chức vụ của họ xem được"),
)
OWN_EXPORT = Permission(
    code="export.own",
    label=N_("Bỏ tệp đã xuất của mình"),
    may=lambda by, export: by.person_id is not None and by.person_id == export.person_id,
    held_by=N_("cán bộ đã yêu cầu xuất tệp"),
)
PRINT_REGISTER = Permission(
    code="register.print",
    label=N_("In sổ theo dõi hồ sơ"),
    may=lambda by, subject: by.kind == "official" and by.position_id is not None and by.holds("dossier.read"),
    held_by=N_("cán bộ xem được hồ sơ, theo phạm vi của chức vụ"),
)
PREPARE_REPORT = Permission(
    code="report.prepare",
    label=N_("Lập báo cáo của cơ quan"),
    may=_prepares,
    held_by=N_("văn thư, văn phòng của cơ quan"),
)
CHECK_REPORT = Permission(
    code="report.check",
    label=N_("Kiểm tra báo cáo của cơ quan"),
    may=_checks_report,
    held_by=N_("lãnh đạo cơ quan, không phải người lập báo cáo"),
)
SEND_BACK_REPORT = Permission(
    code="report.send_back",
    label=N_("Trả lại báo cáo để lập lại"),
    may=lambda by, report: _checks_report(by, report) or _signs_report(by, report),
    held_by=N_("người kiểm tra, người có thẩm quyền ký báo cáo"),
)
SIGN_REPORT = Permission(
    code="report.sign",
    label=N_("Ký báo cáo của cơ quan"),
    may=_signs_report,
    held_by=N_("người có thẩm quyền ký báo cáo của cơ quan"),
)
ISSUE_REPORT = Permission(
    code="report.issue",
    label=N_("Cấp số, đóng dấu và gửi báo cáo"),
    may=lambda by, report: by.kind == "official" and may_at(by, "signing.use_agency_key", report.agency_id),
    held_by=N_("văn thư được giao chữ ký số của cơ quan"),
)
RECEIVE_REPORT = Permission(
    code="report.receive",
    label=N_("Nhận báo cáo của cơ quan cấp dưới"),
    may=_receives_report,
    held_by=N_("văn thư, văn phòng của cơ quan nhận báo cáo"),
)
APPEAL_RATING = Permission(
    code="rating.appeal",
    label=N_("Kiến nghị về điểm xếp mức hoàn thành của mình"),
    may=lambda by, position_id: (
        by.kind == "official" and by.person_id is not None and by.position_id == position_id
    ),
    held_by=N_("cán bộ được xếp mức, về điểm của chính mình"),
)
DECIDE_APPEAL = Permission(
    code="rating.decide",
    label=N_("Trả lời kiến nghị về xếp mức hoàn thành"),
    may=lambda by, appeal: appeal.person_id != by.person_id and leads_unit(by, appeal.unit_id),
    held_by=N_("người giao việc trong đơn vị, phụ trách bộ phận; không phải người kiến nghị"),
)

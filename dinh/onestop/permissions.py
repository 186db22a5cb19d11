"""Who may do what in the one-stop shop. Stable codes; the directory says at which units they are held."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, Permission
from dinh.foundation.directory.public import NoSigningAuthority, coverage, may_at, signing_authority
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Representation
from dinh.onestop.rules.agency_reports import MATTER

if TYPE_CHECKING:
    from dinh.onestop.models import (
        AgencyReport,
        Dossier,
        Draft,
        Parcel,
        PaymentOrder,
        Refund,
        StepReturn,
        StepRun,
        Unmatched,
    )

__all__ = [
    "APPEAL_RATING",
    "DECIDE_APPEAL",
    "ENTER_SLIP",
    "GIVE_FEEDBACK",
    "leads_unit",
    "CHECK_REPORT",
    "ISSUE_REPORT",
    "PREPARE_REPORT",
    "RECEIVE_REPORT",
    "SEND_BACK_REPORT",
    "SIGN_REPORT",
    "CHOOSE_RETURN",
    "FOLLOW_PARCEL",
    "RECEIVE_BUNDLE",
    "RECORD_MEETING",
    "RETURN_RESULT",
    "APPROVE_REFUND",
    "ASK_REFUND",
    "CLOSE_CASH_BOOK",
    "KEEP_ACCOUNTS",
    "PAY_FEES",
    "PAY_AT_SAMPLE_BANK",
    "READ_PAYMENTS",
    "RECONCILE",
    "ANSWER_OFFER",
    "APPROVE_RETURN",
    "ASK_SUPPLEMENT",
    "ATTEND_VISIT",
    "BOOK_VISIT",
    "DRAW_NUMBER",
    "OWN_VISIT",
    "PLAN_VISITS",
    "POST_UP",
    "ASSIGN_STEP",
    "RECEIVE_AT_COUNTER",
    "EDIT_DRAFT",
    "EXPORT",
    "OWN_EXPORT",
    "EDIT_PROCEDURE",
    "END_REPRESENTATION",
    "FOLLOW_DOSSIER",
    "MAKE_SLIP",
    "PRINT_REGISTER",
    "NATIONAL",
    "RECEIVE_MIRRORS",
    "SETTLE_DIFFERENCE",
    "PROPOSE_APOLOGY",
    "PUBLISH_PROCEDURE",
    "READ_DOSSIER",
    "READ_WORK",
    "RECEIVE_DOSSIER",
    "SERVE_NUMBER",
    "SIGN_APOLOGY",
    "START_DRAFT",
    "SYSTEM_ONLY",
    "TALK",
    "UNDO",
    "WORK_ON_STEP",
    "WRITE_NOTE",
]


def _is_citizen(by: Actor, subject: object) -> bool:
    return by.kind == "citizen" and by.person_id is not None


def _owns_draft(by: Actor, draft: "Draft") -> bool:
    return by.kind == "citizen" and draft.owner_id == by.person_id


def _owns_dossier(by: Actor, dossier: "Dossier") -> bool:
    if by.kind != "citizen" or by.person_id is None:
        return False
    return dossier.owner_id == by.person_id or _stands_for(by, dossier.representation_id)


def _stands_for(by: Actor, representation_id: UUID | None) -> bool:
    """Whether the representation is the citizen's and holds today."""
    if representation_id is None or by.person_id is None:
        return False
    mine = Representation.objects.filter(pk=representation_id, person_id=by.person_id)
    return mine.standing(timezone.localdate()).exists()


def _is_a_side(by: Actor, representation: Representation) -> bool:
    sides = (representation.person_id, representation.principal_id)
    return by.kind == "citizen" and by.person_id is not None and by.person_id in sides


def _receives(by: Actor, dossier: "Dossier") -> bool:
    return may_at(by, "dossier.receive", dossier.reception_unit_id)


def _receives_at(by: Actor, desk_id: UUID) -> bool:
    return may_at(by, "dossier.receive", desk_id)


def _returns(by: Actor, dossier: "Dossier") -> bool:
    return may_at(by, "dossier.receive", dossier.return_desk_id)


def _chooses_return(by: Actor, dossier: "Dossier") -> bool:
    """The owner, or a desk to which the applicant says it: where it was received, where it is returned."""
    return _owns_dossier(by, dossier) or _receives(by, dossier) or _returns(by, dossier)


def _returns_parcel(by: Actor, parcel: "Parcel") -> bool:
    return _returns(by, parcel.dossier)


def _asks_supplement(by: Actor, dossier: "Dossier") -> bool:
    """The desk that received it, or whoever may work on one of its open handling steps."""
    if _receives(by, dossier):
        return True
    handling = dossier.steps.filter(state="open", kind="handle")
    return any(_works(by, step) for step in handling)


def _takes_part(by: Actor, dossier: "Dossier") -> bool:
    """The desk that received it, or whoever may work on one of its open steps."""
    return _receives(by, dossier) or any(_works(by, step) for step in dossier.steps.filter(state="open"))


def _talks(by: Actor, dossier: "Dossier") -> bool:
    return _owns_dossier(by, dossier) or (by.kind == "official" and _takes_part(by, dossier))


def _reads(by: Actor, dossier: "Dossier") -> bool:
    """An official who may see this dossier: a unit takes part that the right to read reaches."""
    if by.kind != "official":
        return False
    covered = coverage(by, "dossier.read")
    return covered.everything or dossier.involvements.filter(covered.q("unit_id")).exists()


def _signs(by: Actor, dossier: "Dossier") -> bool:
    """Whoever may sign the dossier's result today: the head of the agency and who signs for the head."""
    if by.kind != "official":
        return False
    today, matter = timezone.now().astimezone(VIETNAM).date(), dossier.version.parts.result.matter
    try:
        signing_authority(by, dossier.agency_id, today, matter)
    except NoSigningAuthority:
        return False
    return True


def _works(by: Actor, step: "StepRun") -> bool:
    """The step's role, held by the acting position at the step's unit, and nobody else has claimed it."""
    if step.role not in by.roles or not may_at(by, "step.work", step.unit_id):
        return False
    return step.holder_id is None or step.holder_id == by.position_id


def _assigns(by: Actor, step: "StepRun") -> bool:
    return by.kind == "official" and may_at(by, "step.assign", step.unit_id)


def _approves(by: Actor, row: "StepReturn") -> bool:
    """Somebody who leads the step's unit, and is not who asks."""
    leads = by.kind == "official" and may_at(by, "step.assign", row.step.unit_id)
    return leads and by.position_id != row.asked_position_id


def _acted(by: Actor, step: "StepRun") -> bool:
    """Coarse: an official who works on steps at its unit or leads it. That the last act is theirs is read
    from the log, on the locked step.
    """
    return by.kind == "official" and (
        may_at(by, "step.work", step.unit_id) or may_at(by, "step.assign", step.unit_id)
    )


def _pays(by: Actor, dossier: "Dossier") -> bool:
    """The owner, or a desk that shows the code to whoever stands before it."""
    return _owns_dossier(by, dossier) or _receives(by, dossier) or _returns(by, dossier)


def _asks_refund(by: Actor, dossier: "Dossier") -> bool:
    return _receives(by, dossier) or may_at(by, "refund.approve", dossier.agency_id)


def _approves_refund(by: Actor, refund: "Refund") -> bool:
    return may_at(by, "refund.approve", refund.agency_id)


def _reconciles(by: Actor, subject: "UUID | Unmatched") -> bool:
    """Asked about an agency, or about a difference of one."""
    agency_id = subject if isinstance(subject, UUID) else subject.agency_id
    return may_at(by, "payments.reconcile", agency_id)


def _pays_at_sample_bank(by: Actor, order: "PaymentOrder") -> bool:
    return settings.IS_SAMPLE and _pays(by, order.dossier)


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


EDIT_PROCEDURE = Permission(
    code="procedure.edit",
    label=N_("Soạn thủ tục hành chính"),
    may=lambda by, subject: by.kind == "system" or by.holds("procedure.edit"),
    held_by=N_("cán bộ kiểm soát thủ tục hành chính"),
)
PUBLISH_PROCEDURE = Permission(
    code="procedure.publish",
    label=N_("Công bố thủ tục hành chính"),
    may=lambda by, subject: by.kind == "system" or by.holds("procedure.publish"),
    held_by=N_("lãnh đạo phụ trách kiểm soát thủ tục hành chính"),
)
NATIONAL = Permission(
    code="national.manage",
    label=N_("Quản lý kết nối với Cổng Dịch vụ công quốc gia và hệ thống khác"),
    may=lambda by, subject: by.kind == "system" or by.holds("national.manage"),
    held_by=N_("quản trị hệ thống, cán bộ kiểm soát thủ tục hành chính"),
)
RECEIVE_MIRRORS = Permission(
    code="mirror.receive",
    label=N_("Nhận hồ sơ và danh sách của hệ thống khác"),
    may=lambda by, subject: by.kind == "system" or by.holds("national.manage"),
    held_by=N_("hệ thống khác bằng khóa kết nối của nó; người quản lý kết nối"),
)
SETTLE_DIFFERENCE = Permission(
    code="mirror.settle",
    label=N_("Xử lý chênh lệch với hệ thống khác"),
    may=lambda by, difference: (
        by.holds("national.manage") or may_at(by, "mirror.settle", difference.owner_id)
    ),
    held_by=N_("người quản lý kết nối; cán bộ của đơn vị có hồ sơ chênh lệch"),
)
START_DRAFT = Permission(
    code="draft.start",
    label=N_("Bắt đầu điền hồ sơ"),
    may=_is_citizen,
    held_by=N_("công dân đã đăng nhập"),
)
EDIT_DRAFT = Permission(
    code="draft.edit",
    label=N_("Điền và nộp hồ sơ của mình"),
    may=_owns_draft,
    held_by=N_("công dân là người lập hồ sơ"),
)
FOLLOW_DOSSIER = Permission(
    code="dossier.follow",
    label=N_("Theo dõi, bổ sung, đánh giá hồ sơ của mình"),
    may=_owns_dossier,
    held_by=N_("công dân là chủ hồ sơ, hoặc đang đại diện cho chủ hồ sơ"),
)
END_REPRESENTATION = Permission(
    code="representation.end",
    label=N_("Chấm dứt việc đại diện"),
    may=_is_a_side,
    held_by=N_("người đại diện và người được đại diện"),
)
READ_DOSSIER = Permission(
    code="dossier.read",
    label=N_("Xem hồ sơ"),
    may=lambda by, dossier: by.holds("dossier.read"),
    held_by=N_("cán bộ của các đơn vị tham gia hồ sơ, theo phạm vi của chức vụ"),
)
READ_WORK = Permission(
    code="work.read",
    label=N_("Xem việc của đơn vị"),
    may=lambda by, subject: by.holds("work.read"),
    held_by=N_("cán bộ và lãnh đạo, theo phạm vi của chức vụ"),
)
RECEIVE_DOSSIER = Permission(
    code="dossier.receive",
    label=N_("Tiếp nhận và trả kết quả"),
    may=_receives,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả nơi nhận hồ sơ"),
)
RECEIVE_AT_COUNTER = Permission(
    code="dossier.receive_at_counter",
    label=N_("Tiếp nhận hồ sơ nộp tại quầy"),
    may=_receives_at,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại quầy của mình"),
)
ANSWER_OFFER = Permission(
    code="form.answer",
    label=N_("Xác nhận tờ khai cán bộ nhập hộ"),
    may=lambda by, subject: by.kind != "system",
    held_by=N_("người có địa chỉ của tờ khai, trong nửa giờ"),
)
DRAW_NUMBER = Permission(
    code="queue.draw",
    label=N_("Lấy số thứ tự, bỏ số của mình"),
    may=lambda by, subject: by.kind != "system",
    held_by=N_("mọi người; bỏ số thì người có địa chỉ của số"),
)
SERVE_NUMBER = Permission(
    code="queue.serve",
    label=N_("Gọi lại, kết thúc lượt gọi số"),
    may=lambda by, number: may_at(by, "dossier.receive", number.desk_id),
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại quầy của mình"),
)
ASK_SUPPLEMENT = Permission(
    code="dossier.ask_supplement",
    label=N_("Yêu cầu bổ sung hồ sơ"),
    may=_asks_supplement,
    held_by=N_("cán bộ nơi nhận hồ sơ và người đang thẩm định"),
)
WORK_ON_STEP = Permission(
    code="step.work",
    label=N_("Xử lý bước được giao"),
    may=_works,
    held_by=N_("cán bộ có vai trò của bước, tại đơn vị của bước"),
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
ASSIGN_STEP = Permission(
    code="step.assign",
    label=N_("Giao việc, giao lại việc trong đơn vị"),
    may=_assigns,
    held_by=N_("trưởng đơn vị làm bước, lãnh đạo cơ quan"),
)
APPROVE_RETURN = Permission(
    code="step.approve_return",
    label=N_("Đồng ý cho trả lại hồ sơ lần nữa"),
    may=_approves,
    held_by=N_("người giao việc được trong đơn vị làm bước, khác người đề nghị"),
)
TALK = Permission(
    code="dossier.talk",
    label=N_("Nhắn tin về hồ sơ"),
    may=_talks,
    held_by=N_("chủ hồ sơ; cán bộ nơi nhận hồ sơ và người đang xử lý một bước của hồ sơ"),
)
WRITE_NOTE = Permission(
    code="dossier.note",
    label=N_("Ghi chú nội bộ về hồ sơ"),
    may=_reads,
    held_by=N_("cán bộ xem được hồ sơ"),
)
UNDO = Permission(
    code="step.undo",
    label=N_("Hoàn tác việc mình vừa làm"),
    may=_acted,
    held_by=N_("người vừa làm việc đó, khi chưa ai xử lý tiếp"),
)
PROPOSE_APOLOGY = Permission(
    code="apology.propose",
    label=N_("Đề nghị xin lỗi, hẹn lại ngày trả kết quả"),
    may=_takes_part,
    held_by=N_("cán bộ nơi nhận hồ sơ và người đang xử lý một bước của hồ sơ"),
)
SIGN_APOLOGY = Permission(
    code="apology.sign",
    label=N_("Ký thư xin lỗi, hẹn lại ngày trả kết quả"),
    may=_signs,
    held_by=N_("người có thẩm quyền ký kết quả của hồ sơ"),
)

BOOK_VISIT = Permission(
    code="visit.book",
    label=N_("Hẹn giờ đến làm việc"),
    may=_is_citizen,
    held_by=N_("công dân đã đăng nhập"),
)
OWN_VISIT = Permission(
    code="visit.own",
    label=N_("Đổi giờ, hủy lịch hẹn của mình"),
    may=lambda by, visit: by.kind == "system" or (by.kind == "citizen" and visit.person_id == by.person_id),
    held_by=N_("công dân đã hẹn; hệ thống khi bộ phận nghỉ"),
)
ATTEND_VISIT = Permission(
    code="visit.attend",
    label=N_("Ghi nhận người hẹn đã đến hoặc vắng"),
    may=lambda by, visit: by.kind == "system" or may_at(by, "dossier.receive", visit.desk_id),
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại quầy của mình"),
)
POST_UP = Permission(
    code="procedure.post_up",
    label=N_("Ghi nhận niêm yết thủ tục"),
    may=lambda by, desk_id: may_at(by, "dossier.receive", desk_id),
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại bộ phận của mình"),
)
PLAN_VISITS = Permission(
    code="desk.manage",
    label=N_("Đặt kế hoạch nhận hẹn của bộ phận"),
    may=lambda by, desk_id: may_at(by, "desk.manage", desk_id),
    held_by=N_("phụ trách Bộ phận Tiếp nhận và Trả kết quả, tại bộ phận của mình"),
)
MAKE_SLIP = Permission(
    code="slip.make",
    label=N_("Lập phiếu kiểm soát quá trình giải quyết hồ sơ"),
    may=_reads,
    held_by=N_("cán bộ của các đơn vị tham gia hồ sơ"),
)
PRINT_REGISTER = Permission(
    code="register.print",
    label=N_("In sổ theo dõi hồ sơ"),
    may=lambda by, subject: by.kind == "official" and by.position_id is not None and by.holds("dossier.read"),
    held_by=N_("cán bộ xem được hồ sơ, theo phạm vi của chức vụ"),
)
PAY_FEES = Permission(
    code="fee.pay",
    label=N_("Nộp phí, lệ phí của hồ sơ"),
    may=_pays,
    held_by=N_("công dân là chủ hồ sơ; cán bộ một cửa nơi nhận hồ sơ, khi đưa mã cho người nộp"),
)
PAY_AT_SAMPLE_BANK = Permission(
    code="sample_bank.pay",
    label=N_("Trả tiền ở bên thanh toán mẫu"),
    may=_pays_at_sample_bank,
    held_by=N_("người nộp hoặc cán bộ một cửa, chỉ ở tỉnh mẫu"),
)
ASK_REFUND = Permission(
    code="refund.ask",
    label=N_("Đề nghị hoàn tiền nộp thừa"),
    may=_asks_refund,
    held_by=N_("cán bộ một cửa nơi nhận hồ sơ và kế toán của cơ quan"),
)
APPROVE_REFUND = Permission(
    code="refund.approve",
    label=N_("Duyệt hoàn tiền nộp thừa"),
    may=_approves_refund,
    held_by=N_("kế toán của cơ quan, không phải người đề nghị"),
)
READ_PAYMENTS = Permission(
    code="payments.read",
    label=N_("Xem các khoản thu, hoàn phí, lệ phí"),
    may=lambda by, subject: by.holds("payments.read"),
    held_by=N_("kế toán, theo phạm vi của chức vụ"),
)
RECONCILE = Permission(
    code="payments.reconcile",
    label=N_("Đối soát với bên thanh toán"),
    may=_reconciles,
    held_by=N_("kế toán của cơ quan"),
)
KEEP_ACCOUNTS = Permission(
    code="payments.accounts",
    label=N_("Khai tài khoản thu phí của cơ quan"),
    may=lambda by, agency_id: by.kind == "system" or may_at(by, "payments.accounts", agency_id),
    held_by=N_("kế toán của cơ quan"),
)
CLOSE_CASH_BOOK = Permission(
    code="cashbook.close",
    label=N_("Khóa sổ quỹ trong ngày"),
    may=_receives_at,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại quầy của mình"),
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
GIVE_FEEDBACK = Permission(
    code="feedback.give",
    label=N_("Đánh giá tại quầy, trả lời khảo sát"),
    may=lambda by, subject: by.kind != "system",
    held_by=N_("người đứng trước thiết bị tại quầy; người có đường dẫn khảo sát"),
)
ENTER_SLIP = Permission(
    code="feedback.enter",
    label=N_("Nhập phiếu đánh giá, mở thiết bị đánh giá"),
    may=lambda by, desk_id: may_at(by, "dossier.receive", desk_id),
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả, tại quầy của mình"),
)
CHOOSE_RETURN = Permission(
    code="return.choose",
    label=N_("Chọn cách nhận kết quả"),
    may=_chooses_return,
    held_by=N_("công dân là chủ hồ sơ; cán bộ một cửa nơi nhận hồ sơ, nơi trả kết quả"),
)
RETURN_RESULT = Permission(
    code="return.post",
    label=N_("Giao kết quả cho bưu chính"),
    may=_returns,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả nơi trả kết quả"),
)
FOLLOW_PARCEL = Permission(
    code="return.follow_parcel",
    label=N_("Ghi nhận bưu gửi đã phát hoặc bị chuyển hoàn"),
    may=_returns_parcel,
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả nơi trả kết quả"),
)
RECEIVE_BUNDLE = Permission(
    code="papers.receive_bundle",
    label=N_("Nhận hồ sơ giấy theo phiếu bàn giao"),
    may=lambda by, bundle: may_at(by, "dossier.receive", bundle.to_desk_id),
    held_by=N_("cán bộ Bộ phận Tiếp nhận và Trả kết quả được bàn giao"),
)
RECORD_MEETING = Permission(
    code="meeting.record",
    label=N_("Ghi buổi làm việc với người dân"),
    may=lambda by, dossier: by.kind == "official" and _takes_part(by, dossier),
    held_by=N_("cán bộ nơi nhận hồ sơ và người đang xử lý một bước của hồ sơ"),
)

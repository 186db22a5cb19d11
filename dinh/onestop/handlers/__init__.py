"""What the one-stop shop does when something has happened: papers are drawn, people are told, clocks read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.events import MessageDelivered, MessageGivenUp
from dinh.foundation.actions.public import handles, system
from dinh.foundation.notify.public import message_template, notify
from dinh.foundation.signing.events import FilePreserved
from dinh.kernel.errors import N_
from dinh.onestop.events import (
    ApologyProposed,
    ApologySent,
    ContactCorrected,
    DossierAccepted,
    DossierRefused,
    DossierReturned,
    DossierSubmitted,
    DossierWithdrawn,
    ExportAsked,
    PaperAsked,
    RegisterAsked,
    RepresentationBegun,
    RepresentationOver,
    ResultIssued,
    StepClosed,
    StepTaken,
    SupplementAsked,
    SupplementGiven,
)
from dinh.onestop.handlers import absences as absences
from dinh.onestop.handlers import agency_reports as agency_reports
from dinh.onestop.handlers import catalogue as catalogue
from dinh.onestop.handlers import clocks as clocks
from dinh.onestop.handlers import invitations as invitations
from dinh.onestop.handlers import moves as moves
from dinh.onestop.handlers import national_filings as national_filings
from dinh.onestop.handlers import payments as payments
from dinh.onestop.handlers import postal as postal
from dinh.onestop.handlers import ratings as ratings
from dinh.onestop.handlers import remedies as remedies
from dinh.onestop.handlers import stopping as stopping
from dinh.onestop.handlers import talk as talk
from dinh.onestop.handlers import visits as visits
from dinh.onestop.handlers import watching as watching
from dinh.onestop.handlers import work as work
from dinh.onestop.handlers.telling import (
    applicant_template,
    tell_applicant,
    tell_contact,
    tell_last_moment,
)
from dinh.onestop.public import (
    DossierContact,
    clerks_of,
    contact_of,
    mark_changed,
    note_delivered,
    note_given_up,
    owes_for_result,
    people_to_sign,
    sides_of,
    take_preserved,
)
from dinh.onestop.tasks import draw_asked_paper, make_asked_export, make_asked_register

__all__ = [
    "ask_to_sign",
    "draw",
    "print_register",
    "make",
    "give_up_message",
    "mark",
    "pass_on_message",
    "take_over",
    "tell_accepted",
    "tell_apology",
    "tell_issued",
    "tell_over",
    "tell_refused",
    "tell_represented",
    "tell_returned",
    "tell_submitted",
    "tell_supplement",
]

SUBMITTED = applicant_template(
    "dossier.submitted",
    label=N_("Đã nhận hồ sơ trực tuyến"),
    subject="Đã nhận hồ sơ {dossier}",
    body="Kính gửi Ông/Bà {name}. Hệ thống đã nhận hồ sơ {dossier}."
    " Bộ phận một cửa trả lời trong {hours} giờ làm việc. Xem tại: {link}",
    sms="Da nhan ho so {dossier}. Bo phan mot cua tra loi trong {hours} gio lam viec. Theo doi: {follow}",
    fields={"hours"},
)
ACCEPTED = applicant_template(
    "dossier.accepted",
    label=N_("Đã tiếp nhận hồ sơ"),
    subject="Đã tiếp nhận hồ sơ {dossier}",
    body="Kính gửi Ông/Bà {name}. Hồ sơ {dossier} đã được tiếp nhận, hẹn trả kết quả lúc {due}."
    " Giấy tiếp nhận và hẹn trả xem tại: {link}",
    sms="Ho so {dossier} da duoc tiep nhan, hen tra ket qua {due}. Theo doi: {follow}",
    fields={"due"},
)
SUPPLEMENT = applicant_template(
    "dossier.supplement_asked",
    label=N_("Yêu cầu bổ sung hồ sơ"),
    subject="Hồ sơ {dossier} cần bổ sung",
    body="Kính gửi Ông/Bà {name}. Hồ sơ {dossier} cần bổ sung, chậm nhất {due}; thời hạn giải quyết không"
    " tính cho đến khi có bổ sung. Xem nội dung và nộp bổ sung tại: {link}",
    sms="Ho so {dossier} can bo sung, cham nhat {due}. Dang nhap Cong dich vu de xem va nop: {follow}",
    fields={"due"},
    is_required=True,
)
REFUSED = applicant_template(
    "dossier.refused",
    label=N_("Từ chối hồ sơ"),
    subject="Hồ sơ {dossier} không được tiếp nhận giải quyết",
    body="Kính gửi Ông/Bà {name}. Hồ sơ {dossier} không được tiếp nhận giải quyết."
    " Lý do ghi trong phiếu từ chối tại: {link}",
    sms="Ho so {dossier} khong duoc tiep nhan giai quyet. Ly do xem tren Cong dich vu: {follow}",
    is_required=True,
)
REJECTED = applicant_template(
    "dossier.rejected",
    label=N_("Từ chối hồ sơ sau thẩm định"),
    subject="Hồ sơ {dossier} không được giải quyết",
    body="Kính gửi Ông/Bà {name}. Cơ quan đã thẩm định và từ chối giải quyết hồ sơ {dossier}."
    " Lý do ghi trong thông báo từ chối tại: {link}",
    sms="Ho so {dossier} da duoc tham dinh va khong duoc giai quyet. Ly do xem tren Cong dich vu: {follow}",
    is_required=True,
)
ISSUED = applicant_template(
    "dossier.result_issued",
    label=N_("Đã có kết quả"),
    subject="Hồ sơ {dossier} đã có kết quả",
    body="Kính gửi Ông/Bà {name}. Hồ sơ {dossier} đã có kết quả, đã ký số. Tải về tại: {link}",
    sms="Ho so {dossier} da co ket qua. Tai ve tren Cong dich vu hoac nhan tai Bo phan mot cua: {follow}",
)
OWED_FOR = applicant_template(
    "dossier.result_owed_for",
    label=N_("Đã có kết quả, còn phí, lệ phí phải nộp"),
    subject="Hồ sơ {dossier} đã có kết quả, còn phí, lệ phí phải nộp",
    body="Kính gửi Ông/Bà {name}. Hồ sơ {dossier} đã có kết quả, đã ký số. Nộp phí, lệ phí rồi nhận kết quả"
    " tại: {link}",
    sms="Ho so {dossier} da co ket qua. Nop phi, le phi de nhan: {follow}",
)
RETURNED = applicant_template(
    "dossier.result_returned",
    label=N_("Đã trả kết quả, mời đánh giá"),
    subject="Mời Ông/Bà đánh giá việc giải quyết hồ sơ {dossier}",
    body="Kính gửi Ông/Bà {name}. Hồ sơ {dossier} đã trả kết quả. Mời Ông/Bà đánh giá tại: {link}",
)

REPRESENTED = message_template(
    "representation.begun",
    label=N_("Có người khai đại diện"),
    topic="dossier",
    subject="Có người khai đại diện cho Ông/Bà",
    body="Kính gửi Ông/Bà {name}. Có người đã khai là người đại diện nộp hồ sơ cho Ông/Bà."
    " Nếu không đúng, Ông/Bà chấm dứt việc đại diện này tại: {link}",
    more="Người khai đại diện: {representative}.",
    sms="Co nguoi khai dai dien nop ho so cho Ong/Ba. Neu khong dung, dang nhap Cong dich vu de cham dut.",
    fields={"representative"},
    is_required=True,
)
REPRESENTATION_OVER = message_template(
    "representation.ended",
    label=N_("Việc đại diện đã chấm dứt"),
    topic="dossier",
    subject="Một việc đại diện đã chấm dứt",
    body="Kính gửi Ông/Bà {name}. Một việc đại diện của Ông/Bà đã chấm dứt;"
    " người đại diện không còn xem được hồ sơ liên quan. Xem tại: {link}",
    more="Người đại diện: {representative}. Bên được đại diện: {party}.",
    fields={"representative", "party"},
    is_required=True,
)


APOLOGY_ASKED = message_template(
    "apology.proposed",
    label=N_("Thư xin lỗi chờ ký"),
    topic="work",
    subject="Hồ sơ {code}: thư xin lỗi chờ Ông/Bà ký",
    body="Kính gửi Ông/Bà {name}. Hồ sơ {code} có đề nghị xin lỗi, hẹn lại ngày trả kết quả, chờ Ông/Bà"
    " xem và ký tại: {link}",
    fields={"code"},
)
APOLOGISED = applicant_template(
    "apology.sent",
    label=N_("Xin lỗi, hẹn lại ngày trả kết quả"),
    subject="Xin lỗi và hẹn lại ngày trả kết quả hồ sơ {dossier}",
    body="Kính gửi Ông/Bà {name}. Cơ quan giải quyết xin lỗi vì không trả được kết quả hồ sơ {dossier} đúng"
    " hẹn; ngày hẹn mới là {due}. Thư xin lỗi có ký số và lý do xem tại: {link}",
    sms="Xin loi Ong/Ba: ho so {dossier} hen tra lai ngay {due}. Ly do xem tren Cong dich vu: {follow}",
    fields={"due"},
    is_required=True,
)
APOLOGISED_AT_DESK = message_template(
    "apology.sent_to_desk",
    label=N_("Báo Bộ phận một cửa: hồ sơ hẹn lại"),
    topic="work",
    subject="Hồ sơ {code} hẹn trả lại ngày {due}",
    body="Kính gửi Ông/Bà {name}. Cơ quan giải quyết đã gửi thư xin lỗi, hồ sơ {code} hẹn trả lại ngày {due}."
    " Xem hồ sơ tại: {link}",
    fields={"code", "due"},
)


@handles(PaperAsked)
def draw(event: PaperAsked) -> None:
    """Leave the drawing to a worker: typesetting and signing must not hold the dossier's lock."""
    draw_asked_paper.defer(paper_id=str(event.paper_id))


@handles(RegisterAsked)
def print_register(event: RegisterAsked) -> None:
    """Leave the print to a worker: a register may hold a hundred thousand lines."""
    make_asked_register.defer(print_id=str(event.print_id))


@handles(ExportAsked)
def make(event: ExportAsked) -> None:
    """A file of any length is made by a worker, part by part."""
    make_asked_export.defer(export_id=str(event.export_id))


@handles(FilePreserved)
def take_over(event: FilePreserved) -> None:
    """Results and papers go on with the file that has its time stamp and proofs."""
    by = system("onestop.take_preserved")
    take_preserved(event.file_id, event.preserved_file_id, by=by)


@handles(DossierSubmitted)
def tell_submitted(event: DossierSubmitted) -> None:
    contact = contact_of(event.dossier_id)
    tell_contact(contact, SUBMITTED.code, hours=_written(contact.dossier.version.parts.first_step.hours))


def _written(hours: float) -> str:
    return f"{hours:g}".replace(".", ",")


@handles(DossierAccepted)
def tell_accepted(event: DossierAccepted) -> None:
    contact = contact_of(event.dossier_id)
    tell_contact(contact, ACCEPTED.code, due=contact.due)


@handles(SupplementAsked)
def tell_supplement(event: SupplementAsked) -> None:
    tell_last_moment(event.dossier_id, SUPPLEMENT.code)


@handles(DossierRefused)
def tell_refused(event: DossierRefused) -> None:
    contact = contact_of(event.dossier_id)
    was_accepted = contact.dossier.accepted_at is not None
    tell_contact(contact, REJECTED.code if was_accepted else REFUSED.code)


@handles(ResultIssued)
def tell_issued(event: ResultIssued) -> None:
    tell_applicant(event.dossier_id, OWED_FOR.code if owes_for_result(event.dossier_id) else ISSUED.code)


@handles(DossierReturned)
def tell_returned(event: DossierReturned) -> None:
    tell_applicant(event.dossier_id, RETURNED.code)


@handles(ApologyProposed)
def ask_to_sign(event: ApologyProposed) -> None:
    contact, now = contact_of(event.dossier_id), timezone.now()
    _tell_officials(contact, people_to_sign(contact.dossier, now=now), APOLOGY_ASKED.code)


@handles(ApologySent)
def tell_apology(event: ApologySent) -> None:
    """NĐ 61/2018 Art. 19.9: the applicant and the one-stop desk learn the new date."""
    tell_applicant(event.dossier_id, APOLOGISED.code, due=event.new_due)
    contact = contact_of(event.dossier_id)
    _tell_officials(contact, clerks_of(contact.dossier), APOLOGISED_AT_DESK.code, due=event.new_due)


def _tell_officials(contact: DossierContact, people: Sequence[UUID], template: str, **values: str) -> None:
    link = f"/lam-viec/ho-so/{contact.dossier.pk}/xin-loi/"
    for person_id in people:
        notify(
            person_id,
            template,
            {"code": contact.code, "link": link, **values},
            about=contact.dossier,
            now=timezone.now(),
        )


@handles(RepresentationBegun)
def tell_represented(event: RepresentationBegun) -> None:
    """Who is stood for learns of it, so that nobody is represented without knowing."""
    sides = sides_of(event.representation_id)
    if sides.principal_id is not None:
        notify(
            sides.principal_id,
            REPRESENTED.code,
            {"representative": sides.person_name, "link": "/dai-dien/"},
            about=sides.representation,
            now=timezone.now(),
        )


@handles(RepresentationOver)
def tell_over(event: RepresentationOver) -> None:
    """Both sides learn that it has ended, whichever ended it."""
    sides = sides_of(event.representation_id)
    for person_id in filter(None, (sides.person_id, sides.principal_id)):
        notify(
            person_id,
            REPRESENTATION_OVER.code,
            {"representative": sides.person_name, "party": sides.name, "link": "/dai-dien/"},
            about=sides.representation,
            now=timezone.now(),
        )


# The national portal


def mark(event: Any) -> None:
    """Leave a mark that the national portal has something to learn."""
    mark_changed(event.dossier_id)


for _event in (
    ContactCorrected,
    DossierSubmitted,
    DossierAccepted,
    DossierRefused,
    DossierReturned,
    DossierWithdrawn,
    ResultIssued,
    StepClosed,
    StepTaken,
    SupplementAsked,
    SupplementGiven,
):
    handles(_event)(mark)


@handles(MessageDelivered)
def pass_on_message(event: MessageDelivered) -> None:
    """The national portal has taken a message: the next about that dossier leaves."""
    if event.channel == "national":
        note_delivered(UUID(event.subject_id), now=timezone.now())


@handles(MessageGivenUp)
def give_up_message(event: MessageGivenUp) -> None:
    """The national portal will not take a message: the dossier waits for somebody to look after it."""
    if event.channel == "national":
        note_given_up(UUID(event.subject_id), now=timezone.now())

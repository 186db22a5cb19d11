"""A calendar has changed: clocks are read anew, and those are told whose due moments moved."""

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.calendars.events import CalendarChanged
from dinh.foundation.directory.public import holders_of
from dinh.foundation.notify.public import message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.events import DueMoved, WorkDueMoved
from dinh.onestop.handlers.telling import applicant_template, tell_contact
from dinh.onestop.public import contact_of
from dinh.onestop.tasks import refresh_clocks

__all__ = ["refresh", "tell_due_moved", "tell_work_due_moved"]

DUE_MOVED = applicant_template(
    "dossier.due_moved",
    label=N_("Ngày hẹn trả thay đổi theo lịch làm việc"),
    subject="Hồ sơ {dossier} hẹn trả lúc {due}",
    body="Kính gửi Ông/Bà {name}. Lịch làm việc của cơ quan thay đổi nên hồ sơ {dossier} nay hẹn trả kết quả"
    " lúc {due}. Lý do và cách tính từng ngày xem tại: {link}",
    sms="Lich lam viec thay doi: ho so {dossier} nay hen tra luc {due}. Theo doi: {follow}",
    fields={"due"},
)
WORK_DUE_MOVED = message_template(
    "work.due_moved",
    label=N_("Hạn của việc đang giữ thay đổi theo lịch làm việc"),
    topic="work",
    subject="Hạn của việc đang giữ đã tính lại theo lịch làm việc mới",
    body="Kính gửi Ông/Bà {name}. Lịch làm việc thay đổi nên hạn của một số việc Ông/Bà đang giữ đã được"
    " tính lại. Xem tại: {link}",
)


@handles(CalendarChanged)
def refresh(event: CalendarChanged) -> None:
    """A day off announced tomorrow moves what is due: every open clock is read anew."""
    refresh_clocks.defer(
        unit_id=str(event.unit_id or ""),
        mark=f"{event.unit_id or ''}:{event.number}",
        days=[day.isoformat() for day in event.dates],
    )


@handles(DueMoved)
def tell_due_moved(event: DueMoved) -> None:
    """The applicant learns the new due moment."""
    contact = contact_of(event.dossier_id)
    tell_contact(contact, DUE_MOVED.code, due=contact.due)


@handles(WorkDueMoved)
def tell_work_due_moved(event: WorkDueMoved) -> None:
    """Who holds work whose due moments moved learns it once, however many they are."""
    for holder in holders_of(event.position_id, timezone.localdate()):
        notify(
            holder.person_id,
            WORK_DUE_MOVED.code,
            {"link": "/lam-viec/?viec=mine"},
            now=timezone.now(),
            once_key=f"work.due_moved:{event.mark}:{event.position_id}",
        )

"""Appointments: who booked, is expected tomorrow, or finds the desk closed is told."""

from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.notify.public import message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.events import VisitBooked, VisitCancelled, VisitHandedOn, VisitNear
from dinh.onestop.public import visit_contact

__all__ = ["tell_booked", "tell_closed", "tell_handed_on", "tell_near"]

BOOKED = message_template(
    "visit.booked",
    label=N_("Đã hẹn giờ làm việc"),
    topic="dossier",
    subject="Hẹn làm việc lúc {time}",
    body="Kính gửi Ông/Bà {name}. Ông/Bà có hẹn tại {place} lúc {time}. Đổi giờ hoặc hủy tại: {link}",
    sms="Ong/Ba co hen luc {time}. Doi gio hoac huy tren Cong dich vu.",
    fields={"time", "place"},
)
NEAR = message_template(
    "visit.near",
    label=N_("Nhắc lịch hẹn"),
    topic="dossier",
    subject="Nhắc hẹn: {time}",
    body="Kính gửi Ông/Bà {name}. Nhắc Ông/Bà có hẹn tại {place} lúc {time}, mang theo giấy tờ cần thiết."
    " Không đến được thì đổi giờ hoặc hủy để nhường người khác, tại: {link}",
    sms="Nhac Ong/Ba co hen luc {time}. Khong den duoc thi huy tren Cong dich vu.",
    fields={"time", "place"},
)
CLOSED = message_template(
    "visit.closed",
    label=N_("Bộ phận nghỉ, lịch hẹn bị hủy"),
    topic="dossier",
    subject="Lịch hẹn lúc {time} phải hủy vì bộ phận nghỉ",
    body="Kính gửi Ông/Bà {name}. {place} không làm việc vào lúc {time} nên lịch hẹn của Ông/Bà phải hủy."
    " Rất mong Ông/Bà thông cảm và hẹn giờ khác tại: {link}",
    sms="Lich hen luc {time} phai huy vi bo phan nghi. Vui long hen gio khac tren Cong dich vu.",
    fields={"time", "place"},
    is_required=True,
)


HANDED_ON = message_template(
    "visit.handed_on",
    label=N_("Lịch hẹn chuyển sang bộ phận mới do sắp xếp"),
    topic="dossier",
    subject="Lịch hẹn lúc {time} chuyển nơi tiếp",
    body="Kính gửi Ông/Bà {name}. Bộ phận nhận hẹn đã được sắp xếp lại: lịch hẹn lúc {time} giữ nguyên giờ,"
    " nay tại {place}. Không tiện đến nơi mới thì đổi giờ hoặc hủy tại: {link}",
    more="Nơi hẹn trước đây: {old}.",
    sms="Lich hen luc {time} giu nguyen gio, chuyen sang {place}.",
    fields={"time", "place", "old"},
    is_required=True,
)


@handles(VisitHandedOn)
def tell_handed_on(event: VisitHandedOn) -> None:
    """Whoever booked learns where to go; the hour is the same."""
    _tell(event.visit_id, HANDED_ON.code, old=event.old)


@handles(VisitBooked)
def tell_booked(event: VisitBooked) -> None:
    _tell(event.visit_id, BOOKED.code)


@handles(VisitNear)
def tell_near(event: VisitNear) -> None:
    _tell(event.visit_id, NEAR.code)


@handles(VisitCancelled)
def tell_closed(event: VisitCancelled) -> None:
    """Who cancelled knows it; who finds the desk closed must learn it."""
    if event.by_the_house:
        _tell(event.visit_id, CLOSED.code)


def _tell(visit_id: UUID, template: str, **values: str) -> None:
    visit = visit_contact(visit_id)
    place: str = visit.desk.name
    notify(
        visit.person_id,
        template,
        {"time": visit.starts_at, "place": place, "link": "/lich-hen/", **values},
        about=visit,
        now=timezone.now(),
    )

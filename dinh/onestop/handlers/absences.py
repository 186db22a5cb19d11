"""Who is told when somebody is away or has left a post, and what becomes of their open steps."""

import datetime as dt

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.directory.events import AbsenceMarked, AppointmentEnded
from dinh.foundation.directory.public import absence_card
from dinh.foundation.notify.public import message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.events import StepHandedBack
from dinh.onestop.public import step_news
from dinh.onestop.tasks import hand_back_of_position

__all__ = ["look_after_open_steps", "tell_handed_back", "tell_substitute"]

STANDING_IN = message_template(
    "absence.standing_in",
    label=N_("Được cử làm thay"),
    topic="work",
    subject="Ông/Bà làm thay từ ngày {time}",
    body="Kính gửi Ông/Bà {name}. Từ ngày {time}, Ông/Bà làm thay một người trong cơ quan vắng mặt. Xem tại:"
    " {link}",
    more="Người vắng mặt: {absent}. Đến hết ngày {until}.",
    fields={"time", "absent", "until"},
)
HANDED_BACK = message_template(
    "step.handed_back",
    label=N_("Việc trở về đơn vị vì chức vụ trống"),
    topic="work",
    subject="Hồ sơ {code}: bước “{step}” chưa có người xử lý",
    body="Người giữ bước “{step}” của hồ sơ {code} không còn giữ chức vụ; việc đã trở về đơn vị. Hãy giao"
    " người xử lý tại: {link}",
    fields={"code", "step"},
)


@handles(AbsenceMarked)
def tell_substitute(event: AbsenceMarked) -> None:
    """Tell who stands in, with the days."""
    card, now = absence_card(event.absence_id), timezone.now()
    values: dict[str, str | int | dt.date | dt.datetime] = {
        "time": card.from_on,
        "until": card.last_on,
        "absent": f"{card.name}, {card.title}",
        "link": "/lam-viec/vang-mat/",
    }
    for person_id in card.substitute_person_ids:
        notify(person_id, STANDING_IN.code, values, now=now, once_key=f"absence:{event.absence_id}")


@handles(AppointmentEnded)
def look_after_open_steps(event: AppointmentEnded) -> None:
    """Leave it to a job: many steps may be held, and the post may have another holder already."""
    hand_back_of_position.defer(position_id=str(event.position_id))


@handles(StepHandedBack)
def tell_handed_back(event: StepHandedBack) -> None:
    """Tell who leads the unit that a step wants a new owner."""
    news = step_news(event.step_id)
    for person_id in dict.fromkeys(news.heads):
        values = {"code": news.code, "step": news.step, "link": news.link}
        notify(person_id, HANDED_BACK.code, values, about=news.dossier, now=timezone.now())

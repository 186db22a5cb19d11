"""What the portal does when something has happened: people are told, clocks are read anew."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import handles, system
from dinh.foundation.calendars.events import CalendarChanged
from dinh.foundation.directory.public import people_with_role
from dinh.foundation.notify.public import ToAddress, message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.public import note_petition
from dinh.portal.events import (
    PetitionAnswered,
    PetitionAssigned,
    PetitionDeclined,
    PetitionRated,
    PetitionSent,
)
from dinh.portal.public import get_petition_row, petition_facts
from dinh.portal.tasks import recount_petitions

__all__ = ["count_petition", "recount", "tell_answered", "tell_assigned", "tell_declined", "tell_sent"]

# The role whose holders learn at once that a petition has come to their agency.
OFFICER = "petition_officer"

SENT = message_template(
    "petition.sent",
    label=N_("Đã nhận phản ánh, kiến nghị"),
    topic="dossier",
    subject="Đã nhận nội dung {code}",
    body="Kính gửi Ông/Bà {name}. Hệ thống đã nhận nội dung Ông/Bà gửi, mã {code}, trả lời chậm nhất {due}."
    " Theo dõi tại: {link}",
    sms="Da nhan noi dung {code}, tra loi cham nhat {due}.",
    fields={"code", "due"},
)
ANSWERED = message_template(
    "petition.answered",
    label=N_("Đã trả lời phản ánh, kiến nghị"),
    topic="dossier",
    subject="Nội dung {code} đã có trả lời",
    body="Kính gửi Ông/Bà {name}. Cơ quan có thẩm quyền đã trả lời nội dung {code}."
    " Xem và đánh giá tại: {link}",
    sms="Noi dung {code} da co tra loi. Xem tren Cong dich vu.",
    fields={"code"},
    is_required=True,
)
DECLINED = message_template(
    "petition.declined",
    label=N_("Phản ánh, kiến nghị không thuộc phạm vi"),
    topic="dossier",
    subject="Nội dung {code} không thuộc phạm vi tiếp nhận",
    body="Kính gửi Ông/Bà {name}. Nội dung {code} không thuộc phạm vi tiếp nhận;"
    " lý do và nơi có thể gửi đến xem tại: {link}",
    sms="Noi dung {code} khong thuoc pham vi tiep nhan. Ly do xem tren Cong dich vu.",
    fields={"code"},
    is_required=True,
)
ASSIGNED = message_template(
    "petition.assigned",
    label=N_("Có phản ánh, kiến nghị cần trả lời"),
    topic="work",
    subject="Cần trả lời nội dung {code} trước {due}",
    body="Kính gửi Ông/Bà {name}. Nội dung {code} vừa được chuyển đến cơ quan của Ông/Bà, trả lời chậm nhất"
    " {due}. Xem tại: {link}",
    fields={"code", "due"},
)


@handles(PetitionSent)
def tell_sent(event: PetitionSent) -> None:
    _tell(event.petition_id, SENT.code, due=event.due_at)


@handles(PetitionAnswered)
def tell_answered(event: PetitionAnswered) -> None:
    _tell(event.petition_id, ANSWERED.code)


@handles(PetitionDeclined)
def tell_declined(event: PetitionDeclined) -> None:
    _tell(event.petition_id, DECLINED.code)


@handles(PetitionAssigned)
def tell_assigned(event: PetitionAssigned) -> None:
    """Tell the agency's people who answer."""
    petition = get_petition_row(event.petition_id)
    values: dict[str, str | dt.datetime] = {
        "code": petition.code,
        "due": petition.due_at,
        "link": f"/lam-viec/phan-anh/{petition.pk}/",
    }
    for held in people_with_role(event.agency_id, OFFICER):
        notify(held.person_id, ASSIGNED.code, values, about=petition, now=timezone.now())


def count_petition(event: Any) -> None:
    """Tell the one-stop shop, whose reports and indicators count petitions."""
    note_petition(petition_facts(get_petition_row(event.petition_id)), by=system("portal.count_petition"))


for _kind in (PetitionSent, PetitionAssigned, PetitionAnswered, PetitionDeclined, PetitionRated):
    handles(_kind)(count_petition)


@handles(CalendarChanged)
def recount(event: CalendarChanged) -> None:
    """A day off announced tomorrow moves what is due."""
    recount_petitions.defer()


def _tell(petition_id: UUID, template: str, **values: dt.datetime) -> None:
    """Tell the sender: in their account when they have one, else at the address given."""
    petition = get_petition_row(petition_id)
    recipient = petition.owner_id or ToAddress(name=petition.name, email=petition.email, phone=petition.phone)
    link = (
        f"/phan-anh/cua-toi/{petition.code}/"
        if petition.owner_id
        else f"/phan-anh/theo-doi/?ma={petition.code}"
    )
    notify(
        recipient,
        template,
        {"code": petition.code, "link": link, "name": petition.name, **values},
        about=petition,
        now=timezone.now(),
    )

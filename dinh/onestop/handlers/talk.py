"""Who is told of a message about a dossier."""

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.notify.public import message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.events import MessageSent
from dinh.onestop.handlers.telling import applicant_template, tell_contact
from dinh.onestop.public import contact_of, handlers_of

__all__ = ["tell_message"]

TO_OFFICIAL = message_template(
    "message.from_applicant",
    label=N_("Tin nhắn của người nộp hồ sơ"),
    topic="work",
    subject="Hồ sơ {code}: người nộp nhắn tin",
    body="Người nộp hồ sơ {code} vừa nhắn tin cho cán bộ xử lý. Đọc và trả lời tại: {link}",
    fields={"code"},
)
TO_APPLICANT = applicant_template(
    "message.from_official",
    label=N_("Tin nhắn của cán bộ xử lý hồ sơ"),
    subject="Hồ sơ {dossier}: cán bộ xử lý nhắn tin",
    body="Kính gửi Ông/Bà {name}. Cán bộ xử lý hồ sơ {dossier} vừa nhắn tin cho Ông/Bà. Đọc tại: {link}",
    sms="Ho so {dossier} co tin nhan cua can bo xu ly. Dang nhap Cong dich vu de doc: {follow}",
)


@handles(MessageSent)
def tell_message(event: MessageSent) -> None:
    """Tell the other side; the words themselves stay in the house."""
    contact, now = contact_of(event.dossier_id), timezone.now()
    if event.from_applicant:
        link = f"/lam-viec/ho-so/{contact.dossier.pk}/?phan=trao-doi"
        for person_id in handlers_of(contact.dossier):
            values = {"code": contact.code, "link": link}
            notify(person_id, TO_OFFICIAL.code, values, about=contact.dossier, now=now)
    elif contact.person_id is not None or contact.representative_id is not None:
        tell_contact(contact, TO_APPLICANT.code, link=f"{contact.link}trao-doi/")

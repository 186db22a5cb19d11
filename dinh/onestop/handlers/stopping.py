"""The applicant is told when their dossier is stopped."""

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.notify.public import ToAddress, message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.events import DossierStopped
from dinh.onestop.public import contact_of

__all__ = ["tell_stopped"]

STOPPED = message_template(
    "dossier.stopped",
    label=N_("Dừng giải quyết hồ sơ"),
    topic="dossier",
    subject="Hồ sơ {code} dừng giải quyết",
    body="Kính gửi Ông/Bà {name}. Đã quá thời hạn bổ sung nên cơ quan dừng giải quyết hồ sơ {code}. Lý do xem"
    " tại: {link}. Ông/Bà có thể nộp hồ sơ mới bất cứ lúc nào.",
    sms="Ho so {code} dung giai quyet vi qua thoi han bo sung. Ly do xem tren Cong dich vu.",
    fields={"code"},
    is_required=True,
)


@handles(DossierStopped)
def tell_stopped(event: DossierStopped) -> None:
    contact = contact_of(event.dossier_id)
    to = contact.person_id or (
        ToAddress(name=contact.name, email=contact.email, phone=contact.phone)
        if contact.email or contact.phone
        else None
    )
    if to is not None:
        values = {"code": contact.code, "link": contact.link, "name": contact.name}
        notify(to, STOPPED.code, values, about=contact.dossier, now=timezone.now())

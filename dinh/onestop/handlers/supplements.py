"""Who is told that the applicant has completed a dossier: whoever has to go on with it."""

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.notify.public import message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.events import SupplementGiven
from dinh.onestop.public import contact_of, next_of

__all__ = ["tell_supplement_given"]

GIVEN = message_template(
    "dossier.supplement_given",
    label=N_("Người nộp đã bổ sung hồ sơ"),
    topic="work",
    subject="Hồ sơ {code}: người nộp đã bổ sung",
    body="Người nộp đã bổ sung hồ sơ {code}, hồ sơ được giải quyết tiếp. Xem nội dung bổ sung tại: {link}",
    fields={"code"},
)


@handles(SupplementGiven)
def tell_supplement_given(event: SupplementGiven) -> None:
    """Tell who holds its open steps, or all who could take them."""
    contact, now = contact_of(event.dossier_id), timezone.now()
    values = {"code": contact.code, "link": f"/lam-viec/ho-so/{contact.dossier.pk}/"}
    for person_id in next_of(contact.dossier):
        notify(person_id, GIVEN.code, values, about=contact.dossier, now=now)

"""The sample mailbox: where messages of a sample province end, for everybody to see, and said so."""

from uuid import UUID

from django.conf import settings
from django.utils import timezone

from dinh.foundation.notify.adapters.errors import NotSent
from dinh.foundation.notify.models import SampleMessage
from dinh.foundation.notify.rules.fates import ERRORS

__all__ = ["deliver"]

_KEPT = 2000


def deliver(*, channel: str, message_id: str, to: str, subject: str, body: str, link: str) -> None:
    """Put a message into the sample mailbox; the same message twice stays one.

    Raises ``NotSent`` in a province that is no sample: there a message never ends in a drawer.
    """
    if not settings.IS_SAMPLE:
        raise NotSent(ERRORS["no_mail" if channel == "email" else "no_sms"])
    SampleMessage.objects.get_or_create(
        id=UUID(message_id),
        defaults={
            "channel": channel,
            "recipient": to,
            "subject": subject,
            "body": body,
            "link": link,
            "at": timezone.now(),
        },
    )
    _forget_the_oldest()


def _forget_the_oldest() -> None:
    last = SampleMessage.objects.order_by("-id").values_list("id", flat=True)[_KEPT : _KEPT + 1].first()
    if last is not None:
        SampleMessage.objects.filter(id__lte=last).delete()

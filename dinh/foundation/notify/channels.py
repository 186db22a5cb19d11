"""The two ways out of the house."""

from django.conf import settings

from dinh.foundation.actions.public import Delivery, Undeliverable, channel
from dinh.foundation.notify.adapters import sample, sms, smtp
from dinh.foundation.notify.rules.fates import ERRORS
from dinh.kernel.contacts import is_email

__all__ = ["send_email", "send_sms"]


@channel("email")
def send_email(delivery: Delivery) -> None:
    """Deliver one e-mail: to the mail server, or to the sample mailbox where there is none."""
    payload = delivery.payload
    if not is_email(delivery.recipient):
        raise Undeliverable(ERRORS["address"])
    if not settings.EMAIL_ADDRESS:
        sample.deliver(
            channel="email",
            message_id=delivery.id,
            to=delivery.recipient,
            subject=payload["subject"],
            body=payload["body"],
            link=payload["link"],
        )
        return
    smtp.send(
        to=delivery.recipient,
        name=payload["name"],
        subject=payload["subject"],
        body=payload["body"],
        message_id=delivery.id,
    )


@channel("sms")
def send_sms(delivery: Delivery) -> None:
    """Deliver one short message through the gateway's port."""
    sms.send(to=delivery.recipient, body=delivery.payload["body"], message_id=delivery.id)

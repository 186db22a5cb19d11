"""The way to the national portal."""

from uuid import UUID

from dinh.foundation.actions.public import Delivery, Undeliverable, channel
from dinh.onestop.public import PortalRefuses, call_portal, message_to_send

__all__ = ["send_to_national_portal"]


@channel("national")
def send_to_national_portal(delivery: Delivery) -> None:
    """Give the national portal one message. What has arrived or was replaced meanwhile is not sent."""
    message = message_to_send(UUID(delivery.payload["message"]))
    if message is None:
        return
    is_update = message.sequence > 1 if message.service == "DongBoHoSoMC" else None
    try:
        call_portal(
            message.service,
            message.content,
            message_id=str(message.pk),
            sequence=message.sequence,
            is_update=is_update,
        )
    except PortalRefuses as refusal:
        raise Undeliverable(str(refusal)) from refusal

"""The way to the national portal."""

from uuid import UUID

from dinh.foundation.actions.public import Delivery, Undeliverable, channel
from dinh.onestop.public import (
    PortalRefuses,
    call_portal,
    figures_message,
    figures_to_send,
    filing_reply,
    message_to_send,
    reply_to_send,
)

__all__ = ["answer_national_portal", "report_figures", "send_to_national_portal"]


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


@channel("national-filing")
def answer_national_portal(delivery: Delivery) -> None:
    """Tell the national portal what became of one message about a dossier filed there."""
    message = reply_to_send(UUID(delivery.payload["message"]))
    try:
        call_portal("PhanHoiHoSoNop", [filing_reply(message)], message_id=delivery.id, sequence=1)
    except PortalRefuses as refusal:
        raise Undeliverable(str(refusal)) from refusal


@channel("national-figures")
def report_figures(delivery: Delivery) -> None:
    """Give the national control system one version of figures, unless a newer one has taken its place."""
    sent = figures_to_send(UUID(delivery.payload["figures"]))
    if sent is None:
        return
    try:
        call_portal(
            "GuiSoLieuBaoCao",
            [figures_message(sent)],
            message_id=str(sent.pk),
            sequence=sent.version,
            is_update=sent.version > 1,
        )
    except PortalRefuses as refusal:
        raise Undeliverable(str(refusal)) from refusal

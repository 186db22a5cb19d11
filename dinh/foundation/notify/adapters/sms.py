"""The port of an SMS gateway. A gateway is a function of number, text and message id that returns when the
message is taken, raises ``Undeliverable`` for a number that cannot receive, and ``NotSent`` otherwise.

No gateway can be reached from here, so only the sample one stands behind the port; a province's own is
added to ``GATEWAYS`` under the scheme of its address in ``SMS_GATEWAY``.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings

from dinh.foundation.actions.public import Undeliverable
from dinh.foundation.notify.adapters import sample
from dinh.foundation.notify.rules.contacts import mobile_number
from dinh.foundation.notify.rules.fates import ERRORS
from dinh.foundation.notify.rules.texts import plain_sms

__all__ = ["GATEWAYS", "send"]

Gateway = Callable[[str, str, str], None]


def _to_sample(number: str, text: str, message_id: str) -> None:
    link = text.partition(settings.PUBLIC_ADDRESS)[2].partition(" ")[0]
    sample.deliver(channel="sms", message_id=message_id, to=number, subject="", body=text, link=link)


GATEWAYS: dict[str, Gateway] = {"": _to_sample}


def send(*, to: str, body: str, message_id: str) -> None:
    """Give one short message to the gateway, in plain letters."""
    number = mobile_number(to)
    if not number:
        raise Undeliverable(ERRORS["number"])
    GATEWAYS[urlsplit(settings.SMS_GATEWAY).scheme](number, plain_sms(body), message_id)

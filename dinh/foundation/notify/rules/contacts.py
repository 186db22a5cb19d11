"""Addresses outside the house: what is one, and how it is shown without showing it."""

from dataclasses import dataclass

from dinh.kernel.contacts import national_number
from dinh.kernel.errors import N_

__all__ = ["CHANNELS", "ToAddress", "mask", "mobile_number"]

CHANNELS = {"email": N_("Thư điện tử"), "sms": N_("Tin nhắn SMS"), "notice": N_("Hộp thông báo")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAddress:
    """Somebody without an account: told by e-mail, SMS or both, as far as the addresses are given."""

    name: str
    email: str = ""
    phone: str = ""


def mobile_number(given: str) -> str:
    """Return a Vietnamese number as ``84`` and nine digits, or "" when no message can reach it."""
    number = national_number(given)
    return f"84{number[1:]}" if len(number) == 10 else ""


def mask(recipient: str) -> str:
    """Return an address so that its owner knows it and nobody learns it: ``n•••@mau.vn``, ``•••••• 123``."""
    name, at, host = recipient.rpartition("@")
    if at:
        return f"{name[:1]}•••@{host}"
    return f"•••••• {recipient[-3:]}" if len(recipient) > 6 else "••••••"

"""Addresses outside the house: what is one, and how it is shown without showing it."""

import re
from dataclasses import dataclass

from dinh.kernel.errors import N_

__all__ = ["CHANNELS", "ToAddress", "is_email", "is_phone", "mask", "mobile_number"]

CHANNELS = {"email": N_("Thư điện tử"), "sms": N_("Tin nhắn SMS"), "notice": N_("Hộp thông báo")}

# One mailbox, nothing else: no display name, no quoting, no comment, no line break.
_EMAIL = re.compile(r"^[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}$")
_PHONE = re.compile(r"^(?:\+?84|0)(\d{9})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAddress:
    """Somebody without an account: told by e-mail, SMS or both, as far as the addresses are given."""

    name: str
    email: str = ""
    phone: str = ""


def is_email(address: str) -> bool:
    """Whether this is one plain mailbox address; nothing else may reach a mail header."""
    return len(address) <= 254 and ".." not in address and _EMAIL.fullmatch(address) is not None


def mobile_number(given: str) -> str:
    """Return a Vietnamese number as ``84`` and nine digits, or "" when it is none."""
    found = _PHONE.fullmatch(re.sub(r"[ .\-()]", "", given))
    return f"84{found.group(1)}" if found else ""


def is_phone(given: str) -> bool:
    """Whether this is a Vietnamese telephone number, however it is grouped."""
    return mobile_number(given) != ""


def mask(recipient: str) -> str:
    """Return an address so that its owner knows it and nobody learns it: ``n•••@mau.vn``, ``•••••• 123``."""
    name, at, host = recipient.rpartition("@")
    if at:
        return f"{name[:1]}•••@{host}"
    return f"•••••• {recipient[-3:]}" if len(recipient) > 6 else "••••••"

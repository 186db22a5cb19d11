"""Codes that prove an address: whoever wants messages sent there has read one there."""

import datetime as dt
import re
import unicodedata

from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import say

__all__ = [
    "AGAIN_AFTER",
    "CODE_LASTS",
    "KINDS",
    "TRIES",
    "CodeEnded",
    "SameContact",
    "TooSoon",
    "WrongCode",
    "clean_code",
    "draw_code",
]

KINDS = {"phone": N_("Số điện thoại"), "email": N_("Thư điện tử")}
CODE_LASTS = dt.timedelta(minutes=10)
AGAIN_AFTER = dt.timedelta(seconds=60)
TRIES = 5


class WrongCode(Refused):
    message = N_("Mã không đúng. Hãy xem lại tin mới nhất và nhập đủ 6 chữ số.")


class CodeEnded(Refused):
    message = N_("Mã này đã dùng, đã quá 10 phút hoặc đã nhập sai 5 lần. Hãy bấm gửi lại mã.")


class TooSoon(Refused):
    message = N_("Mã vừa được gửi. Hãy chờ %(wait)s rồi gửi lại.")

    def __init__(self, wait: dt.timedelta) -> None:
        seconds = max(1, -(-int(wait.total_seconds() * 1000) // 1000))
        super().__init__(wait=say(N_("%(count)d giây"), count=seconds))


class SameContact(Refused):
    message = N_("Nơi nhận tin này đang dùng và đã được xác minh.")


def draw_code(number: int) -> str:
    """Return a drawn number below a million as six digits."""
    return f"{number:06d}"


def clean_code(typed: str) -> str:
    """Return the six digits of a code as people type it, with spaces or a hyphen; else empty."""
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))
    return digits if re.fullmatch(r"[0-9]{6}", digits) else ""

"""The QR code on a citizen's identity card, as a scanner types it.

Fields in one line between upright bars: personal identification number, number of the older card (may be
empty), full name, date of birth (ddmmyyyy), sex, residence, date of issue (ddmmyyyy). Cards of 2024 append
further fields, which are not read. The shape is known from the cards in use; no published text of it is at
hand, so whatever does not fit is refused rather than guessed.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from dinh.kernel.contacts import is_identity_number
from dinh.kernel.errors import N_, Refused

__all__ = ["CardGarbled", "CardUnreadable", "CitizenCard", "read_card"]

LONGEST = 1000
_SEXES: dict[str, Literal["nam", "nu"]] = {"nam": "nam", "nữ": "nu"}  # data: words on the card
_DAY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
# The fourth digit tells century and sex: 0 and 1 are 1900 to 1999, 2 and 3 the next (NĐ 137/2015/NĐ-CP).
_CENTURY = 1900


class CardUnreadable(Refused):
    message = N_(
        "Mã vừa quét không phải mã QR trên thẻ căn cước. Hãy quét lại mã ở mặt trước thẻ, hoặc nhập tay."
    )


class CardGarbled(Refused):
    message = N_(
        "Mã quét bị sai chữ, thường do bộ gõ tiếng Việt đang bật. Hãy tắt bộ gõ (về EN) rồi quét lại, hoặc"
        " nhập tay."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenCard:
    """What the card says of its holder."""

    identity_number: str
    full_name: str
    born_on: dt.date
    sex: Literal["nam", "nu"]
    address: str


def read_card(scanned: str) -> CitizenCard:
    """Return what a scanned code says. Raises ``CardUnreadable``, ``CardGarbled`` at the field ``card``."""
    text = unicodedata.normalize("NFC", scanned.strip())
    parts = [part.strip() for part in text.split("|")]
    if len(text) > LONGEST or len(parts) < 7 or not is_identity_number(parts[0]):
        raise CardUnreadable(field="card")
    number, _, name, born, sex, address, *_ = parts
    born_on, known_sex = _day(born), _SEXES.get(sex.lower())
    if born_on is None or known_sex is None or not name or any(sign.isdigit() for sign in name):
        raise CardGarbled(field="card")
    if not _agrees(number, born_on, known_sex):
        raise CardGarbled(field="card")
    return CitizenCard(
        identity_number=number, full_name=name[:200], born_on=born_on, sex=known_sex, address=address[:200]
    )


def _day(text: str) -> dt.date | None:
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    day, month, year = map(int, match.groups())
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _agrees(number: str, born_on: dt.date, sex: str) -> bool:
    """Whether the number is one of somebody of that sex, born in that year (NĐ 137/2015/NĐ-CP, Art. 13)."""
    century, female = divmod(int(number[3]), 2)
    year = _CENTURY + 100 * century + int(number[4:6])
    return year == born_on.year and female == (sex == "nu")

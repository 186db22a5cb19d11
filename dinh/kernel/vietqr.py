"""VietQR: the text behind a QR code that banking apps of Vietnam read as a transfer to an account.

The text is a row of tag, length and value (EMVCo QR Code Specification for Payment Systems, the mode in
which the merchant shows the code), with the account under tag 38 by the rules of NAPAS: AID ``A000000727``,
bank and account, service ``QRIBFTTA`` (transfer to an account). Its last field is a CRC-16 over everything
before.
"""

import re
import unicodedata
from binascii import crc_hqx
from collections.abc import Iterator

__all__ = ["VietQRInvalid", "crc16", "read_tlv", "transfer_content", "vietqr_text"]

NAPAS_AID = "A000000727"
TRANSFER_TO_ACCOUNT = "QRIBFTTA"
DONG = "704"  # ISO 4217
MOST_AMOUNT = 10**13 - 1  # the amount has 13 places at most
MOST_CONTENT = 25  # EMVCo: 08, purpose of transaction


class VietQRInvalid(ValueError):
    """The account, amount or content cannot stand in a VietQR code."""


def vietqr_text(*, bank_bin: str, account: str, amount: int, content: str) -> str:
    """Return the text of the code for one transfer.

    ``bank_bin``: the bank's six digits at NAPAS. ``account``: letters and digits, at most 19. ``amount``:
    whole đồng, above zero. ``content`` becomes ``transfer_content(content)``.

    Raises ``VietQRInvalid``.
    """
    if not re.fullmatch(r"[0-9]{6}", bank_bin):
        raise VietQRInvalid("a bank is named by six digits")
    if not re.fullmatch(r"[0-9A-Za-z]{1,19}", account):
        raise VietQRInvalid("an account has 1 to 19 letters and digits")
    if not 0 < amount <= MOST_AMOUNT:
        raise VietQRInvalid("an amount has 1 to 13 digits and is above zero")
    purpose = transfer_content(content)
    if not purpose:
        raise VietQRInvalid("the content is empty")
    bank = _field("00", bank_bin) + _field("01", account)
    merchant = _field("00", NAPAS_AID) + _field("01", bank) + _field("02", TRANSFER_TO_ACCOUNT)
    text = "".join(
        [
            _field("00", "01"),
            _field("01", "12"),  # made for one payment
            _field("38", merchant),
            _field("53", DONG),
            _field("54", str(amount)),
            _field("58", "VN"),
            _field("62", _field("08", purpose)),
            "6304",
        ]
    )
    return text + crc16(text)


def transfer_content(words: str) -> str:
    """Return words as a transfer's content may hold them: no diacritics, at most 25 characters."""
    plain = unicodedata.normalize("NFD", words.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(letter for letter in plain if letter.isascii() and (letter.isalnum() or letter in " .-"))
    return " ".join(kept.split())[:MOST_CONTENT].strip()


def crc16(text: str) -> str:
    """Return the CRC-16/CCITT-FALSE (polynomial 1021, beginning at FFFF) of the text in four hex digits."""
    return f"{crc_hqx(text.encode(), 0xFFFF):04X}"


def read_tlv(text: str) -> Iterator[tuple[str, str]]:
    """Yield tag and value of each field. Raises ``VietQRInvalid`` where the text ends too early."""
    rest = text
    while rest:
        tag, length = rest[:2], rest[2:4]
        if len(tag) < 2 or not length.isdigit() or len(rest) < 4 + int(length):
            raise VietQRInvalid("a field ends too early")
        yield tag, rest[4 : 4 + int(length)]
        rest = rest[4 + int(length) :]


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"

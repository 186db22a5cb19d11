"""Money and numbers: as figures, and in Vietnamese words as receipts and decisions write them."""

from decimal import Decimal
from typing import Literal

__all__ = ["amount_words", "format_dong", "format_number", "number_words"]

Zero = Literal["lẻ", "linh"]

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu")
_BILLION = 10**9
_SEPARATORS = str.maketrans(",.", ".,")


def format_number(number: int | Decimal) -> str:
    """Return a number as it is written in Vietnamese: dots between thousands, a comma before decimals."""
    return f"{number:,}".translate(_SEPARATORS)


def format_dong(amount: int) -> str:
    """Return an amount of đồng: ``100.000 đ``."""
    return f"{format_number(amount)} đ"


def amount_words(amount: int, *, zero: Zero = "lẻ") -> str:
    """Return an amount of đồng in words with a capital: ``Một trăm nghìn đồng``."""
    words = f"{number_words(amount, zero=zero)} đồng"
    return words[0].upper() + words[1:]


def number_words(number: int | Decimal, *, zero: Zero = "lẻ") -> str:
    """Return a number in words.

    ``zero`` is the word for an empty place of tens: *một trăm lẻ năm* in the South and in accounts,
    *một trăm linh năm* in the North. Beyond a thousand billions the words repeat *tỷ*: 10^18 is
    *một tỷ tỷ*. Decimals follow *phẩy*.
    """
    if number < 0:
        return f"âm {number_words(-number, zero=zero)}"
    whole = int(number)
    words = _whole_words(whole, zero)
    if isinstance(number, Decimal) and number != whole:
        _, _, decimals = f"{number.normalize():f}".partition(".")
        return f"{words} phẩy {_decimal_words(decimals, zero)}"
    return words


def _whole_words(number: int, zero: Zero) -> str:
    if number < _BILLION:
        return " ".join(_below_billion(number, zero, is_first=True)) or _DIGITS[0]
    billions, rest = divmod(number, _BILLION)
    return " ".join([_whole_words(billions, zero), "tỷ", *_below_billion(rest, zero, is_first=False)])


def _below_billion(number: int, zero: Zero, *, is_first: bool) -> list[str]:
    """Return the words of three groups. Only the first group read may leave its hundreds unsaid."""
    words: list[str] = []
    for place in (2, 1, 0):
        group = number // 1000**place % 1000
        if group == 0:
            continue
        words += _group_words(group, zero, is_first=is_first and not words)
        if _SCALES[place]:
            words.append(_SCALES[place])
    return words


def _group_words(group: int, zero: Zero, *, is_first: bool) -> list[str]:
    hundreds, rest = divmod(group, 100)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or not is_first else []
    if rest == 0:
        return words
    tens, unit = divmod(rest, 10)
    if tens == 0:
        return [*words, *([zero] if words else []), _DIGITS[unit]]
    return [*words, *_tens_words(tens, unit)]


def _tens_words(tens: int, unit: int) -> list[str]:
    words = ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if unit == 0:
        return words
    if unit == 5:
        return [*words, "lăm"]
    if unit == 1 and tens > 1:
        return [*words, "mốt"]
    if unit == 4 and tens > 1:
        return [*words, "tư"]
    return [*words, _DIGITS[unit]]


def _decimal_words(decimals: str, zero: Zero) -> str:
    zeros = len(decimals) - len(decimals.lstrip("0"))
    return " ".join([*[_DIGITS[0]] * zeros, _whole_words(int(decimals), zero)])

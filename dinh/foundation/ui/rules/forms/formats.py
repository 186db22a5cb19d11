"""Formats that JSON Schema does not know: how numbers of people, taxes and phones are written here."""

import datetime as dt
import re
from collections.abc import Callable

from stdnum.vn import mst

from dinh.kernel.contacts import is_email, is_identity_number, national_number

__all__ = ["FORMATS"]


def _is_phone(text: str) -> bool:
    """A number in the one form that is kept."""
    return text != "" and national_number(text) == text


def _is_tax_code(text: str) -> bool:
    """Ten digits with a check digit, thirteen for a branch, or the twelve of a person (TT 86/2024)."""
    return is_identity_number(text) or bool(mst.is_valid(text))


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is not None


def _is_time(text: str) -> bool:
    return re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) is not None


def _is_month(text: str) -> bool:
    return re.fullmatch(r"(0[1-9]|1[0-2])/(19|20)\d{2}", text, re.ASCII) is not None


FORMATS: dict[str, Callable[[str], bool]] = {
    "phone": _is_phone,
    "email": is_email,
    "identity_number": is_identity_number,
    "tax_code": _is_tax_code,
    "date": _is_date,
    "time": _is_time,
    "month": _is_month,
}

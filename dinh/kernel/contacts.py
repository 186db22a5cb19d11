"""How people are reached and told apart: mailboxes, telephone numbers, personal identification numbers."""

import re
from typing import NamedTuple

__all__ = [
    "born_of_number",
    "is_email",
    "is_identity_number",
    "is_possible_number",
    "national_number",
]

# One mailbox, nothing else: no display name, no quoting, no comment, no line break.
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
_NATIONAL = re.compile(r"(?:\+84|0084|84|0)([1-9][0-9]{8,9})")
_BETWEEN = re.compile(r"[\s.()\-]")
_LAST_PROVINCE = 99
# No province has 099, and nobody was born in 1900 and is counted up from one: numbers of a sample.
_COUNTED = "099000"
# Luật Căn cước 26/2023/QH15, Art. 12: a personal identification number has 12 digits.
_IDENTITY_NUMBER = re.compile(r"[0-9]{12}")


def is_email(address: str) -> bool:
    """Whether this is one plain mailbox address; nothing else may reach a mail header."""
    return len(address) <= 254 and ".." not in address and _EMAIL.fullmatch(address) is not None


def national_number(given: str) -> str:
    """Return a Vietnamese number as it is dialled here, or "" when it is none.

    However it is grouped, with 0, 84, +84 or 0084: 0 and nine digits of a mobile, or 0 and ten of a
    landline with its area code.
    """
    found = _NATIONAL.fullmatch(_BETWEEN.sub("", given))
    return f"0{found.group(1)}" if found else ""


def is_identity_number(text: str) -> bool:
    """Whether this has the form of a personal identification number."""
    return _IDENTITY_NUMBER.fullmatch(text) is not None


class BornOfNumber(NamedTuple):
    """What an identity number says of its holder: a woman or a man, born in which year."""

    is_woman: bool
    year: int


def born_of_number(number: str) -> BornOfNumber | None:
    """Return the sex and the year of birth that an identity number bears (NĐ 137/2015/NĐ-CP, Art. 13).

    Three digits of the province, one of century and sex (0, 1: a man, a woman of the twentieth century; 2, 3
    of the twenty-first, and so on), two of the year, six at random. None: it is no number, or one of those
    that a sample counts up and that say nothing of anybody.
    """
    if not is_identity_number(number) or number.startswith(_COUNTED):
        return None
    century, woman = divmod(int(number[3]), 2)
    return BornOfNumber(bool(woman), 1900 + 100 * century + int(number[4:6]))


def is_possible_number(number: str, *, this_year: int) -> bool:
    """Whether a person may have the number: its province is one of 001 to 096, and its year has begun.

    097 to 099 belong to no province: invented people of a sample have such numbers.
    """
    if not is_identity_number(number):
        return False
    born = born_of_number(number)
    return 1 <= int(number[:3]) <= _LAST_PROVINCE and (born is None or born.year <= this_year)

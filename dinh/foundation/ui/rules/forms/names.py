"""How names are written, and what in a typed one cannot be.

A person has a family name and a name, of letters: "không đặt tên bằng số, bằng một ký tự mà không phải là
chữ" (Bộ luật Dân sự 2015, Art. 26.1, 26.3). What joins two names joins two words: H'Hen, K'Brêu, Tôn-Nữ. A
business's own name is written in the letters of the Vietnamese alphabet and F, J, Z, W, to which digits and
signs may come (NĐ 01/2021/NĐ-CP, Art. 88.1; Luật Doanh nghiệp 2020, Art. 37.3).
"""

import re
import unicodedata

from dinh.kernel.errors import N_

__all__ = ["NAME_STYLES", "name_fault"]

# Each way of writing, in the words of the editor of a question.
NAME_STYLES: tuple[tuple[str, str], ...] = (
    ("person_name", N_("Họ và tên người: chữ cái, từ hai từ trở lên")),
    ("foreign_name", N_("Họ và tên người nước ngoài: chữ cái, một từ cũng được")),
    ("business_name", N_("Tên hộ kinh doanh, doanh nghiệp: chữ cái tiếng Việt, thêm được chữ số và ký hiệu")),
)
_JOINING = " '’‘ʼ-‐"
_ALSO_FOREIGN = ".,·"
_BASE = frozenset("abcdefghijklmnopqrstuvwxyzđ")  # data: letters without their marks
# What Vietnamese sets on its vowels: five tones, the circumflex, the breve, the horn.
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b")
_SIGNS = frozenset(" !\"#$%&'()*+,-./:;=?@_“”‘’–—")


def name_fault(style: str, text: str) -> tuple[str, str]:
    """Return what is wrong with a name and the first sign that it is wrong about; empty when nothing is.

    ``odd``: a sign that no such name has; ``letters``: no letter at all; ``one_word``: a person's family
    name or name is missing.
    """
    odd = next((sign for sign in text if not _may_have(style, sign)), "")
    if odd:
        return "odd", odd
    if not any(sign.isalpha() for sign in text):
        return "letters", ""
    words = [word for word in re.split(f"[{re.escape(_JOINING)}]+", text) if word]
    return ("one_word", "") if style == "person_name" and len(words) < 2 else ("", "")


def _may_have(style: str, sign: str) -> bool:
    if style == "business_name":
        return sign in _SIGNS or (sign.isascii() and sign.isdigit()) or _is_vietnamese(sign)
    signs = _JOINING + _ALSO_FOREIGN if style == "foreign_name" else _JOINING
    return sign in signs or unicodedata.category(sign)[0] in ("L", "M")


def _is_vietnamese(letter: str) -> bool:
    """Whether a letter is of the Vietnamese alphabet, or one of F, J, Z, W."""
    base, *marks = tuple(unicodedata.normalize("NFD", letter.lower()))
    return (base in _BASE or base in _TONES) and set(marks) <= _TONES

"""Vietnamese text: one normal form, search without diacritics, and the order of the alphabet."""

import re
import unicodedata

__all__ = ["clean", "fold", "name_sort_key", "nfc", "search_text", "search_tokens", "sort_key"]

_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"
# Tones in the order of dictionaries: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
# Letters that are letters of their own stand after the plain one: a ă â, d đ, e ê, o ô ơ, u ư.
_VARIANTS = {
    "a": ("", _BREVE, _CIRCUMFLEX),
    "e": ("", _CIRCUMFLEX),
    "o": ("", _CIRCUMFLEX, _HORN),
    "u": ("", _HORN),
}
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_NUMBER = re.compile(r"[0-9]+|[^\W\d_]+|[^\W_]")
_LONGEST_NUMBER = 99


def nfc(text: str) -> str:
    """Return the text in the one form that is stored: composed (NFC)."""
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """Return a line of text as people mean it: NFC, single spaces, no control or invisible characters."""
    visible = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)
    visible = "".join(char for char in visible if unicodedata.category(char) != "Cf")
    return " ".join(nfc(visible).split())


def fold(text: str) -> str:
    """Return the text as people type it without diacritics: "Hộ Kinh Đô" gives "ho kinh do"."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "d").casefold())
    return unicodedata.normalize("NFC", "".join(char for char in parts if not unicodedata.combining(char)))


def search_text(text: str) -> str:
    """Return the words of a text, folded, one space between: what is stored beside it to be searched."""
    return " ".join(_WORD.findall(fold(text)))


def search_tokens(text: str) -> list[str]:
    """Return the different folded words of a query in the order typed."""
    return list(dict.fromkeys(_WORD.findall(fold(text))))


def sort_key(text: str) -> str:
    """Return a text of ASCII whose binary order is the Vietnamese order; for a column with collation "C".

    Syllables are compared one after the other, by letters (a ă â b c d đ …) and then by tone (ngang,
    huyền, hỏi, ngã, sắc, nặng), wherever in the syllable the tone is written: hoà and hòa are equal.
    Numbers are compared as numbers (Tổ 2 before Tổ 10). Case and punctuation do not count.
    """
    lowered = unicodedata.normalize("NFC", text).lower()
    return "".join(_piece_key(piece) for piece in _WORD_OR_NUMBER.findall(lowered))


def name_sort_key(full_name: str) -> str:
    """Return the sort key of a person's name: the given name first, then family and middle names."""
    *others, given = full_name.split() or [""]
    return sort_key(" ".join([given, *others]))


def _piece_key(piece: str) -> str:
    if piece.isascii() and piece.isdigit():
        number = piece.lstrip("0")[:_LONGEST_NUMBER]
        return f"{len(number):02d}{number}"
    letters, tone = [], "0"
    for char in piece:
        base, *marks = list(unicodedata.normalize("NFD", char))
        tone = next((_TONES[mark] for mark in marks if mark in _TONES), tone)
        letters.append(_letter_key(base, marks))
    # A space is lower than every letter: "ba" in all its tones stands before "ban".
    return f"{''.join(letters)} {tone}"


def _letter_key(base: str, marks: list[str]) -> str:
    """Return the key of a letter; no key is the beginning of another, so keys can be joined."""
    if base in ("d", "đ"):
        return "d0" if base == "d" else "d1"
    variants = _VARIANTS.get(base)
    if variants is not None:
        shape = next((mark for mark in marks if mark in variants), "")
        return f"{base}{variants.index(shape)}"
    return base if base.isascii() else f"~{ord(base):06x}"

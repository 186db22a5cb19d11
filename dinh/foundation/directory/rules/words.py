"""Words to search and to sort by, computed once and stored."""

import re
import unicodedata

__all__ = ["fold", "person_sort_key", "sort_key", "tidy"]

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{number:02d}" for number, letter in enumerate(_ALPHABET, start=30)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def tidy(text: str) -> str:
    """Return the text in NFC, without control characters and with single spaces."""
    clean = "".join(" " if unicodedata.category(letter) in {"Cc", "Cf"} else letter for letter in text)
    return " ".join(unicodedata.normalize("NFC", clean).split())


def fold(text: str) -> str:
    """Return the text in lower case without diacritics: ``Đơn vị`` becomes ``don vi``."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def sort_key(text: str) -> str:
    """Return a key whose byte order is the order of Vietnamese dictionaries: letters first, then tones."""
    letters, tones = [], []
    for word in re.split(r"\W+", tidy(text).lower()):
        for letter in word:
            parts = unicodedata.normalize("NFD", letter)
            tone = "".join(_TONES.get(part, "") for part in parts)
            base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
            letters.append(_RANK.get(base, f"0{base}" if base.isdigit() else base))
            tones.append(tone or "0")
        letters.append(" ")
        tones.append(" ")
    return f"{''.join(letters).strip()}|{''.join(tones).strip()}"


def person_sort_key(full_name: str) -> str:
    """Return the key of a list of people: given name first, then surname and middle names."""
    words = tidy(full_name).split()
    return sort_key(" ".join([*words[-1:], *words[:-1]]))

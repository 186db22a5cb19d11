"""File names from outside: made safe to show, to save and to send, with every Vietnamese letter kept."""

import re
import unicodedata

__all__ = ["NAME_LIMIT", "clean_name", "extension", "same_name_with"]

NAME_LIMIT = 150  # letters; at three bytes each in UTF-8 still a valid name (255 bytes) with room to spare
_BYTE_LIMIT = 240
_EXTENSION_LIMIT = 12

_WINDOWS_PATH = re.compile(r"^(?:[A-Za-z]:\\|\\\\).*\\")
_NOT_FOR_NAMES = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)")
_NAMELESS = "tệp"  # data: a file of that name


def clean_name(given: str) -> str:
    """Return a name that is safe everywhere and still reads as it was given.

    NFC; no control, bidirectional or invisible characters (they make ``exe.fdp`` look like a PDF); no
    path: a Windows path keeps its last part, other slashes become hyphens ("29/QĐ-UBND.pdf" is a number,
    not a folder); none of the characters that Windows forbids; at most 150 letters and 240 bytes, the
    extension kept. Never empty. Cleaning a clean name changes nothing.
    """
    name = unicodedata.normalize("NFC", "".join(map(_visible, given)))
    name = _WINDOWS_PATH.sub("", name).replace("\\", "/")
    name = "-".join(part for part in name.split("/") if part.strip(" .") != "")
    name = _NOT_FOR_NAMES.sub("-", name)
    name = " ".join(name.split()).strip(" .")
    name = _RESERVED.sub(r"\1-", name, count=1) if _RESERVED.match(name) else name
    return _shorten(name) or _NAMELESS


def extension(name: str) -> str:
    """Return what follows the last dot, in small letters and without the dot; "" when there is none."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem else ""


def same_name_with(name: str, suffix: str) -> str:
    """Return the name with another extension: ``same_name_with("đơn.docx", "pdf")`` is ``đơn.pdf``."""
    stem = name.rpartition(".")[0] if extension(name) else name
    return clean_name(f"{stem}.{suffix}")


def _visible(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in {"Zs", "Zl", "Zp"} or letter in "\t\r\n":
        return " "
    return "" if category.startswith("C") else letter


def _shorten(name: str) -> str:
    if _fits(name):
        return name
    suffix = extension(name)
    ending = f".{suffix}" if 0 < len(suffix) <= _EXTENSION_LIMIT else ""
    stem = name[: -len(ending)] if ending else name
    while stem and not _fits(stem + ending):
        stem = stem[: min(NAME_LIMIT - len(ending), len(stem) - 1)]
    return unicodedata.normalize("NFC", stem).rstrip(" .") + ending


def _fits(name: str) -> bool:
    return len(name) <= NAME_LIMIT and len(name.encode()) <= _BYTE_LIMIT

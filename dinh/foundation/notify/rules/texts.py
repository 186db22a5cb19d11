"""Message texts: plain sentences with fields in braces. There is nothing to execute in them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from dinh.kernel.errors import N_, Refused

__all__ = [
    "OUTSIDE_FIELDS",
    "MissingValue",
    "TextRefused",
    "Texts",
    "check_texts",
    "fill",
    "one_line",
    "plain_sms",
    "sms_parts",
    "without_link",
]

_FIELD = re.compile(r"\{([a-z][a-z_]*)\}")
_BRACE = re.compile(r"[{}]")
_ADDRESS = re.compile(r"(?i)\b(https?:|www\.|mailto:)")
_VALUE_LIMIT = 300
_SUBJECT_LIMIT, _BODY_LIMIT, _SMS_LIMIT = 150, 5000, 480

# A message outside the house passes through others' hands and stays there: it says who is meant, which
# matter, what happened and where to look. Everything else is read inside the house, after signing in.
OUTSIDE_FIELDS = frozenset(
    {
        "name",
        "code",
        "dossier",
        "link",
        "follow",
        "hours",
        "title",
        "unit",
        "due",
        "time",
        "days",
        "count",
        "amount",
        "place",
        "step",
    }
)


@dataclass(frozen=True, slots=True)
class Texts:
    """One version of a template's texts. ``sms`` may be empty: then none is sent.

    ``more`` is added to the notice inside the house only, so it may speak of what stays inside.
    """

    subject: str
    body: str
    sms: str = ""
    more: str = ""


class TextRefused(Refused):
    """A template's text cannot be used."""


class MissingValue(Exception):
    """A verb gave no value for a field of its template: a mistake in the room, not of a person."""


_UNKNOWN = N_("Trường “{%(named)s}” không có trong mẫu này. Các trường dùng được: %(known)s.")
_PRIVATE = N_(
    "Trường “{%(named)s}” không được gửi ra ngoài hệ thống. Hãy chuyển câu này sang phần chỉ hiện trong "
    "hộp thông báo."
)
_STRAY = N_("Có dấu ngoặc nhọn thừa hoặc sai. Trường viết dưới dạng {code}, bằng chữ thường không dấu.")
_EMPTY = N_("Hãy nhập nội dung phần này.")
_LONG = N_("Phần này dài %(length)s chữ, chỉ được tối đa %(limit)s chữ. Hãy viết ngắn lại.")
_LINE = N_("Tiêu đề phải nằm trên một dòng.")
_LINK = N_("Không viết địa chỉ trang web vào mẫu; hãy dùng trường {link} để hệ thống điền đúng địa chỉ.")


def check_texts(texts: Texts, *, known: frozenset[str]) -> None:
    """Refuse texts that could not be filled, or would carry out what must stay inside.

    ``known`` are the fields that the room gives a value for. Raises ``TextRefused`` at its ``field``.
    """
    for part in ("subject", "body"):
        if not getattr(texts, part).strip():
            raise TextRefused(_EMPTY, field=part)
    if len(texts.subject.splitlines()) > 1:
        raise TextRefused(_LINE, field="subject")
    limits = {"subject": _SUBJECT_LIMIT, "body": _BODY_LIMIT, "sms": _SMS_LIMIT, "more": _BODY_LIMIT}
    for part, limit in limits.items():
        _check_part(part, getattr(texts, part), limit, known)


def _check_part(part: str, text: str, limit: int, known: frozenset[str]) -> None:
    if len(text) > limit:
        raise TextRefused(_LONG, field=part, length=len(text), limit=limit)
    if _ADDRESS.search(text):
        raise TextRefused(_LINK, field=part)
    if _BRACE.search(_FIELD.sub("", text)):
        raise TextRefused(_STRAY, field=part)
    for name in _FIELD.findall(text):
        if name not in known:
            shown = ", ".join(f"{{{one}}}" for one in sorted(known))
            raise TextRefused(_UNKNOWN, field=part, named=name, known=shown)
        if part != "more" and name not in OUTSIDE_FIELDS:
            raise TextRefused(_PRIVATE, field=part, named=name)


def fill(texts: Texts, values: Mapping[str, str]) -> Texts:
    """Return the texts with every field replaced, in one pass: what a value says is never a field.

    Raises ``MissingValue``.
    """

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in values:
            raise MissingValue(name)
        return one_line(values[name])

    return Texts(**{part.name: _FIELD.sub(value, getattr(texts, part.name)) for part in fields(texts)})


_LINK_SENTENCE = re.compile(r"[^.!?\n]*\{link\}[^.!?\n]*[.!?]?")


def without_link(text: str) -> str:
    """Return a text without the sentences that give the link: a notice inside the house is a link itself."""
    return _LINK_SENTENCE.sub("", text).strip()


def one_line(value: str) -> str:
    """Return a value fit for any place in a message: one line, no control or invisible characters."""
    return " ".join("".join(_visible(value[: _VALUE_LIMIT * 2])).split())[:_VALUE_LIMIT]


def _visible(value: str) -> Iterator[str]:
    for letter in unicodedata.normalize("NFC", value):
        category = unicodedata.category(letter)
        if category.startswith("Z") or letter in "\t\r\n\v\f\x1c\x1d\x1e\x85":
            yield " "
        elif not category.startswith("C"):
            yield letter


_MARKED = str.maketrans("đĐ", "dD")  # data: letters


def plain_sms(text: str) -> str:
    """Return the text as gateways take it: Vietnamese letters without marks, plain ASCII.

    A message with marks holds 70 letters instead of 160, and many gateways refuse it.
    """
    bare = unicodedata.normalize("NFD", text.translate(_MARKED))
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    plain = kept.replace("–", "-").replace("“", '"').replace("”", '"').replace("…", "...")
    return plain.encode("ascii", "replace").decode()


def sms_parts(text: str) -> int:
    """Return how many short messages a plain text takes (160 letters alone, 153 each when joined)."""
    return 1 if len(text) <= 160 else -(-len(text) // 153)

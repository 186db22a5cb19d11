"""What a use of files allows: kinds, size, pixels. Pure checks over what an inspection found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dinh.foundation.files.rules import refusals
from dinh.foundation.files.rules.kinds import KINDS, Kind, agrees
from dinh.foundation.files.rules.names import extension
from dinh.kernel.errors import N_
from dinh.kernel.sentences import say

__all__ = [
    "DOCUMENTS",
    "ENVELOPES",
    "Limits",
    "PAPERS",
    "PICTURES",
    "SHEETS",
    "check_kind",
    "check_problem",
    "size_in_words",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one use takes. ``kinds`` are codes of ``KINDS``; ``label`` lists them in words for people.

    ``size`` is the bound of one file in bytes; None takes the house's ``FILE_SIZE_LIMIT``.
    """

    kinds: frozenset[str]
    label: str
    size: int | None = None

    @property
    def accept(self) -> str:
        """The value of an input's ``accept`` attribute: ".pdf,.jpg,.jpeg,.png"."""
        return ",".join(
            f".{suffix}" for code, kind in KINDS.items() if code in self.kinds for suffix in kind.extensions
        )


PAPERS = Limits(frozenset({"pdf", "jpeg", "png"}), N_("PDF, ảnh JPEG, ảnh PNG"))
PICTURES = Limits(frozenset({"jpeg", "png", "webp"}), N_("ảnh JPEG, ảnh PNG, ảnh WEBP"))
DOCUMENTS = Limits(
    frozenset({"pdf", "jpeg", "png", "tiff", "docx", "xlsx", "pptx", "odt", "ods", "edxml", "text"}),
    N_("PDF, DOCX, XLSX, PPTX, ODT, ODS, ảnh JPEG, PNG, TIFF, văn bản thuần, edXML"),
)
SHEETS = Limits(frozenset({"xlsx", "text"}), N_("bảng tính XLSX, CSV"))
ENVELOPES = Limits(frozenset({"edxml"}), N_("gói văn bản edXML"), size=200 * 1024 * 1024)


def size_in_words(size: int) -> str:
    """Return a size for people, Vietnamese style: 25,3 MB."""
    if size < 1024:
        return f"{size} byte"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f}".replace(".", ",").removesuffix(",0") + " MB"


def check_kind(name: str, kind: Kind, limits: Limits) -> None:
    """Refuse a content that this use does not take, or whose name promises something else."""
    if kind.code == "ole_locked":
        raise refusals.PasswordProtected(name=name)
    if kind.code not in limits.kinds:
        raise _not_taken(name, kind, limits)
    if not agrees(name, kind):
        raise refusals.NameDisagrees(name=name, extension=extension(name), found=say(kind.label))


def _not_taken(name: str, kind: Kind, limits: Limits) -> refusals.FileRefused:
    promised = [code for code in limits.kinds if agrees(name, KINDS[code])]
    if promised and kind.code != "macros":
        return refusals.NameDisagrees(name=name, extension=extension(name), found=say(kind.label))
    special = {"heic": refusals.PhonePhoto, "ole": refusals.OldOffice, "macros": refusals.HasMacros}
    refusal = special.get(kind.code, refusals.TypeNotAllowed)
    return refusal(name=name, found=say(kind.label), allowed=say(limits.label))


_PROBLEMS: Mapping[str, type[refusals.FileRefused]] = {
    "password": refusals.PasswordProtected,
    "scripts": refusals.HasScripts,
    "macros": refusals.HasMacros,
    "broken": refusals.BrokenFile,
    "pixels": refusals.ImageTooLarge,
    "complex": refusals.TooComplex,
}


def check_problem(name: str, kind: Kind, problem: str | None, facts: Mapping[str, Any]) -> None:
    """Refuse a content in which the inspection found something; ``problem`` is its code or None."""
    if problem is not None:
        raise _PROBLEMS[problem](name=name, **{"found": say(kind.label), **facts})

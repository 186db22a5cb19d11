"""The two ways a verb can end without effect. Pure: edges translate and show them."""

from collections.abc import Callable
from typing import Any, TypeVar

from dinh.kernel.sentences import Sentence, say

__all__ = ["N_", "NotAllowed", "NotFound", "Refused", "existing"]

T = TypeVar("T")


def N_(text: str) -> str:
    """Mark a Vietnamese sentence for the catalogue without translating it here."""
    return text


class Refused(Exception):
    """A rule says no. The message is one Vietnamese sentence: what happened, why, what to do.

    ``message`` is a %-template and a key of the translation catalogue, ``params`` fill it, and
    ``field`` names the input at which the sentence is shown (None: the whole form or page).
    A subclass a rule, named for what is wrong: ``DeadlinePassed``.
    """

    message = N_("Không thực hiện được việc này. Hãy tải lại trang rồi thử lại.")

    def __init__(self, message: str | None = None, *, field: str | None = None, **params: Any) -> None:
        self.message = message or type(self).message
        self.params = params
        self.field = field
        super().__init__(str(self))

    def __str__(self) -> str:
        return str(Sentence(self.message, self.params))

    def said(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the reader's language; ``translate`` is usually ``gettext``."""
        return Sentence(self.message, self.params).said(translate)


class NotAllowed(Refused):
    """The person may not do this. ``reason`` says why, for the page and for the refused case in a test."""

    message = N_("Ông/Bà không có quyền thực hiện việc này: %(reason)s")

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason=say(reason))
        self.reason = reason


class NotFound(Refused):
    """There is no such thing, or the person may not know that there is: the two look alike."""

    message = N_("Không tìm thấy nội dung này, hoặc Ông/Bà không có quyền xem.")


def existing(row: T | None) -> T:
    """Return what a query found. Raises ``NotFound`` when it found nothing."""
    if row is None:
        raise NotFound
    return row

"""A sentence that is built in pure code and translated at the edge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Sentence", "say"]


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True)
class Sentence:
    """A %-template marked with ``N_`` and what fills it; a parameter may be a sentence itself.

    ``str(sentence)`` is Vietnamese. ``sentence.said(gettext)`` is the reader's language.
    """

    message: str
    params: Mapping[str, Any]

    def said(self, translate: Callable[[str], str] = _as_it_is) -> str:
        """Return the sentence in the language of ``translate`` (usually ``gettext``)."""
        filled = {
            name: value.said(translate) if isinstance(value, Sentence) else value
            for name, value in self.params.items()
        }
        text = translate(self.message) if self.message else ""
        return text % filled if filled else text

    def __str__(self) -> str:
        return self.said()

    def __hash__(self) -> int:
        return hash((self.message, tuple(sorted(self.params.items(), key=lambda item: item[0]))))


def say(message: str, **params: Any) -> Sentence:
    """Build a sentence: ``say(N_("Còn %(left)s."), left=…)``."""
    return Sentence(message, params)

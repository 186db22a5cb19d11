"""Conditions as sentences: “Loại hình” là “Cá nhân” và “Vốn” từ 1.000.000 trở lên."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say

__all__ = ["Asked", "condition_words"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a condition may ask: the field's label, and the words of its choices by stored value."""

    label: str
    choices: Mapping[Any, str] = field(default_factory=dict)


# What a comparison says, and what it says when it must not hold.
_COMPARED = {
    "is": (N_("“%(field)s” là “%(value)s”"), N_("“%(field)s” không phải là “%(value)s”")),
    "in": (N_("“%(field)s” là một trong: %(value)s"), N_("“%(field)s” không phải là một trong: %(value)s")),
    "at_least": (N_("“%(field)s” từ %(value)s trở lên"), N_("“%(field)s” dưới %(value)s")),
    "at_most": (N_("“%(field)s” không quá %(value)s"), N_("“%(field)s” trên %(value)s")),
}
_ANSWERED = (N_("“%(field)s” có trả lời"), N_("“%(field)s” không trả lời"))
_YES = (N_("“%(field)s” là “Có”"), N_("“%(field)s” là “Không”"))
_JOINED = {"all": N_("%(one)s và %(other)s"), "any": N_("%(one)s hoặc %(other)s")}
_OPPOSITE = {"all": "any", "any": "all"}


def condition_words(condition: Mapping[str, Any] | None, asked: Mapping[str, Asked]) -> Sentence:
    """Return a well-formed condition as a sentence; ``asked`` are the form's fields by dotted name."""
    return _words(condition, asked, holds=True) if condition else say(N_("luôn luôn"))


def _words(
    condition: Mapping[str, Any], asked: Mapping[str, Asked], *, holds: bool, inside: str = ""
) -> Sentence:
    """Say that a condition holds, or that it does not; ``inside``: how what stands around it is joined."""
    if "not" in condition:
        return _words(condition["not"], asked, holds=not holds, inside=inside)
    group = next((one for one in _JOINED if one in condition), None)
    if group is None:
        return _comparison(condition, asked, holds=holds)
    joined = group if holds else _OPPOSITE[group]
    first, *rest = [_words(part, asked, holds=holds, inside=joined) for part in condition[group]]
    for other in rest:
        first = say(_JOINED[joined], one=first, other=other)
    # “Và” binds closer than “hoặc”; only what would be read wrongly is bracketed.
    return say(N_("(%(inner)s)"), inner=first) if rest and (inside, joined) == ("all", "any") else first


def _comparison(condition: Mapping[str, Any], asked: Mapping[str, Asked], *, holds: bool) -> Sentence:
    name = condition["field"]
    about = asked.get(name, Asked(name))
    if "given" in condition:
        is_asked = condition["given"] is not holds
        return say(_ANSWERED[is_asked], field=about.label)
    kind = next(key for key in _COMPARED if key in condition)
    wanted = condition[kind]
    if isinstance(wanted, bool):
        return say(_YES[wanted is not holds], field=about.label)
    words = [about.choices.get(one, str(one)) for one in (wanted if isinstance(wanted, list) else [wanted])]
    return say(_COMPARED[kind][not holds], field=about.label, value="; ".join(words))

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


_COMPARED = {
    "is": N_("“%(field)s” là “%(value)s”"),
    "in": N_("“%(field)s” là một trong: %(value)s"),
    "at_least": N_("“%(field)s” từ %(value)s trở lên"),
    "at_most": N_("“%(field)s” không quá %(value)s"),
}


def condition_words(condition: Mapping[str, Any] | None, asked: Mapping[str, Asked]) -> Sentence:
    """Return a well-formed condition as a sentence; ``asked`` are the form's fields by dotted name."""
    if not condition:
        return say(N_("luôn luôn"))
    if "not" in condition:
        return say(N_("không phải (%(inner)s)"), inner=condition_words(condition["not"], asked))
    for group, joined in (("all", N_("%(one)s và %(other)s")), ("any", N_("%(one)s hoặc %(other)s"))):
        if group in condition:
            first, *rest = [condition_words(part, asked) for part in condition[group]]
            for other in rest:
                first = say(joined, one=first, other=other)
            return first
    return _comparison(condition, asked)


def _comparison(condition: Mapping[str, Any], asked: Mapping[str, Asked]) -> Sentence:
    name = condition["field"]
    about = asked.get(name, Asked(name))
    if "given" in condition:
        given = N_("“%(field)s” có trả lời") if condition["given"] else N_("“%(field)s” không trả lời")
        return say(given, field=about.label)
    kind = next(key for key in _COMPARED if key in condition)
    wanted = condition[kind]
    if isinstance(wanted, bool):
        yes = N_("“%(field)s” là “Có”") if wanted else N_("“%(field)s” là “Không”")
        return say(yes, field=about.label)
    words = [about.choices.get(one, str(one)) for one in (wanted if isinstance(wanted, list) else [wanted])]
    return say(_COMPARED[kind], field=about.label, value="; ".join(words))

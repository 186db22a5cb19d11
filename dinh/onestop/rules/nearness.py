"""What somebody meant who typed words that no procedure holds: a letter wrong, or words of another matter."""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise

__all__ = ["AROUND", "nearest_texts"]

# data: words that people type around what they mean, folded; they find nothing by themselves.
# fmt: off
AROUND = frozenset({
    "ai", "bi", "can", "cap", "cho", "co", "cua", "dang", "dau", "de", "den", "do", "duoc", "giay", "gi",
    "hay", "hoi", "ky", "la", "lai", "lam", "len", "minh", "moi", "muon", "nao", "nhu", "o", "ra", "tai",
    "the", "thi", "thu", "toi", "tuc", "va", "ve", "viec", "voi", "xin",
})
# fmt: on
# data: letters at the beginning that many say alike, and so write for each other: the one that both become.
_SAID_ALIKE = (("x", "s"), ("tr", "ch"), ("gi", "d"), ("r", "d"), ("z", "d"), ("qu", "q"))
# A shorter syllable with one letter changed is another one.
_SHORTEST = 3
_INSTEAD = 0.8


def nearest_texts(words: list[str], texts: Mapping[str, str]) -> dict[str, float]:
    """Return the keys of the texts that come near the words typed, each with how near it is.

    ``words`` and ``texts`` are folded (``search_text``), the words in the order typed. Half of the words
    that mean something must stand there, as typed or with one letter wrong. Of several, two that were
    typed beside each other must stand so: a syllable alone says little in Vietnamese ("thất nghiệp" is not
    whatever speaks of land and of farming). A text names what it is about first: of two alike, the earlier
    counts.
    """
    meant = [word for word in words if word not in AROUND and len(word) > 1]
    if not meant:
        return {}
    return {key: score for key, text in texts.items() if (score := _nearness(words, meant, text.split())) > 0}


def _nearness(words: list[str], meant: list[str], text: list[str]) -> float:
    syllables = set(text)
    held = sum(_held(word, syllables) for word in meant)
    if held < len(meant) / 2:
        return 0
    pairs = _pairs(words, meant, text)
    if len(meant) > 1 and not pairs:
        return 0
    first = next(at for at, one in enumerate(text, 2) if any(_alike(word, one) for word in meant))
    return held + pairs + 1 / first


def _held(word: str, syllables: Iterable[str]) -> float:
    if word in syllables:
        return 1
    return _INSTEAD if any(_alike(word, syllable) for syllable in syllables) else 0


def _pairs(words: list[str], meant: list[str], text: list[str]) -> int:
    """How many times two words typed beside each other stand so in the text, one of them as it was typed."""
    beside = set(pairwise(text))
    return sum(
        any(
            (one == first and _alike(other, second)) or (_alike(one, first) and other == second)
            for first, second in beside
        )
        for one, other in pairwise(words)
        if one in meant or other in meant
    )


@cache
def _alike(typed: str, syllable: str) -> bool:
    """Whether a syllable may be what was meant: the same, said alike, or one letter away."""
    if typed == syllable or _said(typed) == _said(syllable):
        return True
    if min(len(typed), len(syllable)) < _SHORTEST or abs(len(typed) - len(syllable)) > 1:
        return False
    return _one_letter_away(typed, syllable)


def _said(syllable: str) -> str:
    for written, said in _SAID_ALIKE:
        if syllable.startswith(written):
            syllable = said + syllable[len(written) :]
            break
    return syllable[:-1] + "i" if syllable.endswith("y") else syllable


def _one_letter_away(one: str, other: str) -> bool:
    """One letter left out, put in, changed, or two that changed places."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    return (
        rest[1:] == others
        or rest == others[1:]
        or rest[1:] == others[1:]
        or (rest[:2] == others[1::-1] and rest[2:] == others[2:])
    )

"""The order in which procedures found are shown, and the nearest when none holds every word."""

from functools import reduce
from operator import add
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, FloatField, QuerySet, TextField, Value, When
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThanOrEqual

from dinh.kernel.text import search_tokens
from dinh.onestop.models import Procedure
from dinh.onestop.queries.catalogue import find_procedures

__all__ = ["best_first", "nearest_procedures"]

# data: words that people type around what they mean, folded; they find nothing by themselves.
# fmt: off
AROUND = frozenset({
    "ai", "bi", "can", "cap", "cho", "co", "cua", "dang", "dau", "de", "den", "do", "duoc", "giay", "gi",
    "hay", "hoi", "ky", "la", "lai", "lam", "len", "minh", "moi", "muon", "nao", "nhu", "o", "ra", "tai",
    "the", "thi", "thu", "toi", "tuc", "va", "ve", "viec", "voi", "xin",
})
# fmt: on
# Words are told from parts of words by the spaces around them.
_SPACED = Concat(Value(" "), "search_text", Value(" "), output_field=TextField())
MOST_WORDS = 8
# How like a word of ours a mistyped one must be: "sih" is half of "sinh".
ALIKE = 0.45
# A syllable of so many letters begins too many others, and one of fewer is like too many.
SHORT = 3


def best_first(rows: Any, words: str) -> Any:
    """Order procedures by where the words stand: one phrase before scattered, in the name before elsewhere.

    A procedure's text for searching begins with its names, then field, keywords, life events.
    """
    tokens = search_tokens(words)[:MOST_WORDS]
    if not tokens:
        return rows
    phrase = StrIndex(F("spaced"), Value(" " + " ".join(tokens)))
    first = StrIndex(F("spaced"), Value(" " + tokens[0]))
    return (
        rows.annotate(spaced=_SPACED)
        .annotate(phrase_at=phrase, first_at=first)
        .annotate(
            far=Case(
                When(phrase_at__gt=0, then=F("phrase_at")),
                When(first_at__gt=0, then=F("first_at") + 1_000),
                default=Value(10_000),
            )
        )
        .order_by("far", "sort_key", "code")
    )


def nearest_procedures(words: str, *, most: int = 5) -> QuerySet[Procedure]:
    """Return the procedures that hold most of what is meant, also when a word is mistyped; the best first.

    Asked when ``find_procedures`` finds none. Half of the words that mean something must be there, or be
    alike; none may.
    """
    meant = [token for token in search_tokens(words) if token not in AROUND and len(token) > 1]
    tokens = meant[:MOST_WORDS]
    rows = find_procedures().annotate(spaced=_SPACED)
    if not tokens:
        return rows.none()
    score = reduce(add, (_held(token) for token in tokens))
    near = rows.annotate(near=score).filter(near__gte=max(ALIKE, len(tokens) / 2))
    return near.order_by("-near", "sort_key", "code")[:most]


def _held(token: str) -> Case:
    """1 for the word, or a long word that begins so; less for one that is only like it; 0 for none."""
    is_long = len(token) > SHORT
    holds = When(spaced__contains=f" {token}" if is_long else f" {token} ", then=Value(1.0))
    like = TrigramWordSimilarity(token, "search_text")
    alike = [When(GreaterThanOrEqual(like, ALIKE), then=like * Value(0.9))] if len(token) >= SHORT else []
    return Case(holds, *alike, default=Value(0.0), output_field=FloatField())

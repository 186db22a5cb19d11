"""The order in which procedures found are shown, and the nearest when none holds every word."""

import re
from functools import reduce
from itertools import pairwise
from operator import add, or_
from typing import Any

from django.db.models import Case, F, FloatField, Q, TextField, Value, When
from django.db.models.functions import Concat, StrIndex

from dinh.kernel.text import search_text, search_tokens
from dinh.onestop.models import Procedure
from dinh.onestop.queries.catalogue import find_procedures
from dinh.onestop.rules.nearness import nearest_texts

__all__ = ["best_first", "nearest_procedures"]

# Words are told from parts of words by the spaces around them.
_SPACED = Concat(Value(" "), "search_text", Value(" "), output_field=TextField())
MOST_WORDS = 8
# Syllables that are written with either letter, folded.
_EITHER = re.compile(r"\b([hklmstv]|qu)[iy]\b")
# A syllable of so many letters begins too many others.
SHORT = 3


def best_first(rows: Any, words: str) -> Any:
    """Keep of procedures those that mean the words, and order them: whole phrases before scattered words, in
    the name before elsewhere.

    A word is a whole one, or the beginning of a long one. Of several words two must stand beside each other:
    "tiền người già" does not mean whatever names money, people and paper somewhere. A procedure's text for
    searching begins with its names, then field, keywords, life events.
    """
    tokens = search_tokens(words)[:MOST_WORDS]
    if not tokens:
        return rows
    rows = rows.annotate(spaced=_SPACED, pairs=_pairs(tokens))
    for token in tokens:
        rows = rows.filter(_stands(token))
    if len(tokens) > 1:
        rows = rows.filter(pairs__gt=0)
    phrase = StrIndex(F("spaced"), Value(" " + " ".join(tokens)))
    first = StrIndex(F("spaced"), Value(" " + tokens[0]))
    return (
        rows.annotate(phrase_at=phrase, first_at=first)
        .annotate(
            far=Case(
                When(phrase_at__gt=0, then=F("phrase_at")),
                When(first_at__gt=0, then=F("first_at") + 1_000),
                default=Value(10_000),
            )
        )
        .order_by("-pairs", "far", "sort_key", "code")
    )


def nearest_procedures(words: str, *, most: int = 5) -> list[Procedure]:
    """Return the procedures that come nearest to what is meant, also when a word is mistyped; the best first.

    Asked when ``best_first`` keeps none: it reads the words of the whole catalogue. How near is told by
    ``rules.nearness``.
    """
    rows = find_procedures()
    near = nearest_texts(
        search_text(words).split()[:MOST_WORDS], dict(rows.values_list("code", "search_text"))
    )
    found = rows.filter(code__in=near)
    return sorted(found, key=lambda row: (-near[row.code], row.sort_key, row.code))[:most]


def _pairs(tokens: list[str]) -> Any:
    """How many times two words that were typed beside each other stand so in the procedure's text."""
    beside = [
        Case(When(_stands(f"{one} {other}"), then=Value(1.0)), default=Value(0.0), output_field=FloatField())
        for one, other in pairwise(tokens)
    ]
    return reduce(add, beside, Value(0.0, output_field=FloatField()))


def _stands(words: str) -> Q:
    """A word, or words beside each other, in one of their spellings; the last may go on when it is long."""
    end = "" if len(words.rpartition(" ")[2]) > SHORT else " "
    return reduce(or_, (Q(spaced__contains=f" {spelling}{end}") for spelling in _spellings(words)))


def _spellings(words: str) -> list[str]:
    """The words with i and y in either place where both are written: kí and ký, quí and quý, lí and lý."""
    kinds = [_EITHER.sub(r"\1" + letter, words) for letter in "iy"]
    return list(dict.fromkeys([words, *kinds]))

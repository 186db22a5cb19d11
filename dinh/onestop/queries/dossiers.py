"""Dossiers, as far as the reader may see them."""

import re
import secrets
from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Func, Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from dinh.foundation.actions.public import Actor, page_after
from dinh.foundation.directory.public import coverage
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.ids import read_uuid
from dinh.kernel.text import fold
from dinh.onestop.models import Dossier, Draft, Involvement, Representation, StepRun, WorkItem

__all__ = [
    "REQUEST_LETTERS",
    "access_dossier",
    "access_draft",
    "access_step",
    "involved_units",
    "new_request_code",
    "newest_found",
    "search_dossiers",
    "visible_dossiers",
    "visible_drafts",
    "visible_steps",
    "visible_work",
    "with_tokens",
]

M = TypeVar("M", bound=Model)

REQUEST_PREFIX = "YC"
REQUEST_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def visible_dossiers(by: Actor) -> QuerySet[Dossier]:
    """Dossiers that the actor may see, as one SQL condition.

    A citizen sees their own, and those filed under a representation of theirs
    that holds today. An official sees those in which a unit takes part that the acting
    position's ``dossier.read`` covers. Nobody else sees any.
    """
    rows = Dossier.objects.select_related("procedure", "version", "agency", "reception_unit")
    if by.kind == "citizen" and by.person_id is not None:
        return rows.filter(pk__in=_own_and_represented(by.person_id))
    if by.kind != "official":
        return rows.none()
    covered = coverage(by, "dossier.read")
    if covered.everything:
        return rows
    return rows.filter(pk__in=Involvement.objects.filter(covered.q("unit_id")).values("dossier_id"))


class _Few(Func):
    """A handful of keys that a subquery gathers first. The database expects ten rows of an array, where of
    the subquery itself it may expect half the table and read that table in its order to meet them.
    """

    template = "(SELECT unnest(%(expressions)s))"
    arity = 1


def _own_and_represented(person_id: UUID) -> _Few:
    """The keys of a citizen's dossiers: two indexed reads, where an OR of both columns would use none."""
    standing = Representation.objects.filter(person_id=person_id).standing(timezone.localdate())
    mine = Dossier.objects.filter(owner_id=person_id).order_by().values("pk")
    represented = Dossier.objects.filter(representation__in=standing.order_by().values("pk")).order_by()
    return _Few(ArraySubquery(mine.union(represented.values("pk"), all=True)))


def access_dossier(by: Actor, dossier_id: UUID) -> Dossier:
    """Return a dossier that the actor may see. Raises ``NotFound`` for all others alike."""
    return existing(visible_dossiers(by).filter(pk=dossier_id).first())


def involved_units(dossier: Dossier) -> list[tuple[UUID, str]]:
    """Return the units that take part in a dossier, and so may see it, in the order of the directory."""
    rows = Involvement.objects.filter(dossier=dossier).order_by("unit__code")
    return list(rows.values_list("unit_id", "unit__name"))


def visible_steps(by: Actor) -> QuerySet[StepRun]:
    """Steps of the dossiers that the actor may see."""
    return StepRun.objects.select_related("unit", "dossier").filter(
        dossier__in=visible_dossiers(by).values("pk")
    )


def access_step(by: Actor, step_id: UUID) -> StepRun:
    """Return a step of a dossier that the actor may see. Raises ``NotFound``."""
    return existing(visible_steps(by).filter(pk=step_id).first())


def visible_work(by: Actor) -> QuerySet[WorkItem]:
    """Open work of the units that the acting position's ``work.read`` covers."""
    if by.kind != "official":
        return WorkItem.objects.none()
    return WorkItem.objects.filter(coverage(by, "work.read").q("unit_id"))


def visible_drafts(by: Actor) -> QuerySet[Draft]:
    """A citizen's own drafts that were not sent yet."""
    if by.kind != "citizen" or by.person_id is None:
        return Draft.objects.none()
    rows = Draft.objects.select_related("version", "version__procedure", "agency", "representation")
    return rows.filter(owner_id=by.person_id, sent_as=None)


def access_draft(by: Actor, draft_id: UUID) -> Draft:
    """Return a citizen's own draft, sent or not. Raises ``NotFound``."""
    if by.kind == "citizen" and by.person_id is not None:
        rows = Draft.objects.select_related("version", "version__procedure", "agency", "representation")
        draft = rows.filter(owner_id=by.person_id, pk=draft_id).first()
        if draft is not None:
            return draft
    raise NotFound


# A search that finds no more in the whole province is answered from what it finds.
FEW_FOUND = 5000
# How many of the newest dossiers are looked through for a page, before the index of words is asked and after
# it has found many: of what one dossier in two hundred bears, the second holds a page of fifty.
NEWEST, NEWEST_OF_MANY = 1_000, 20_000
# The limit inside keeps the index of words out; plain letters are looked for before a text is taken apart.
_AMONG_NEWEST = """
    SELECT unnest(ARRAY(
        SELECT id FROM ({newest} LIMIT %s) AS newest
        WHERE search_text LIKE ALL (%s::text[])
            AND to_tsvector('simple', search_text) @@ to_tsquery('simple', %s)
    ))
"""
_OF_ALL = "SELECT id, search_text FROM onestop_dossier WHERE id < %s ORDER BY id DESC"
_OF_UNIT = """
    SELECT d.id, d.search_text FROM onestop_involvement AS i JOIN onestop_dossier AS d ON d.id = i.dossier_id
    WHERE i.dossier_id < %s AND i.unit_id = %s ORDER BY i.dossier_id DESC
"""
_PLAIN = re.compile(r"[a-z]+|[0-9]+")
_LAST = UUID(int=2**128 - 1)


def search_dossiers(rows: QuerySet[Dossier], words: str) -> QuerySet[Dossier]:
    """Narrow dossiers to those that hold every word of code, name or phone, without diacritics.

    How many rows hold words that begin so is more than the database can guess: of a telephone number it
    expects one dossier in two hundred, and would look for the newest fifty by reading back through all of
    them. So it is asked first, and what few words find is fetched by the index of words alone.
    """
    tokens = _tokens(words)
    if not tokens:
        return rows
    if (coded := _with_code(rows, words)).exists():
        return coded
    found = _few_found(rows, tokens)
    return with_tokens(rows, tokens) if found is None else found


def newest_found(
    by: Actor, rows: QuerySet[Dossier], words: str, *, after: str, size: int
) -> tuple[list[Dossier], str]:
    """Return the page of ``search_dossiers(rows, words)`` after a mark, and the mark that continues it.

    What very many bear fills a page among the newest that the reader sees, where the index of words would
    gather all that it holds before the first is known. A bounded number of these is looked through; only
    what does not fill a page there is fetched otherwise.
    """
    tokens = _tokens(words)
    if not tokens:
        return page_after(rows, after, size)
    if (coded := _with_code(rows, words)).exists():
        return page_after(coded, after, size)
    for newest in (NEWEST, NEWEST_OF_MANY):
        among = _among_newest(by, rows, tokens, after, newest)
        shown, mark = page_after(among, after, size) if among is not None else ([], "")
        if mark:
            return shown, mark
        if newest == NEWEST and (found := _few_found(rows, tokens)) is not None:
            return page_after(found, after, size)
    return page_after(with_tokens(rows, tokens), after, size)


def _few_found(rows: QuerySet[Dossier], tokens: Sequence[str]) -> QuerySet[Dossier] | None:
    """Narrow rows to what the index of words finds in the province; None when that is not few."""
    found = with_tokens(Dossier.objects.order_by(), tokens).values_list("pk", flat=True)[: FEW_FOUND + 1]
    keys = list(found)
    if len(keys) > FEW_FOUND:
        return None
    return rows.filter(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [keys]))


def _among_newest(
    by: Actor, rows: QuerySet[Dossier], tokens: Sequence[str], after: str, newest: int
) -> QuerySet[Dossier] | None:
    """Narrow rows to those with the words among so many of the newest that the reader sees.

    None for whoever sees the dossiers of several units: no index holds these in one order.
    """
    before, covered = read_uuid(after) if after else _LAST, coverage(by, "dossier.read")
    if before is None or by.kind != "official":
        return None
    units = list(covered.unit_ids)
    if covered.everything:
        statement, values = _OF_ALL, [before]
    elif len(units) == 1 and not covered.root_ids:
        statement, values = _OF_UNIT, [before, units[0]]
    else:
        return None
    parts = [f"%{token}%" for token in tokens if _PLAIN.fullmatch(token)]
    query = " & ".join(_beginning(token) for token in tokens)
    statement = _AMONG_NEWEST.format(newest=statement)
    # The statement is one of the two above; what was typed is a value.
    return rows.filter(pk__in=RawSQL(statement, [*values, newest, parts, query]))  # noqa: S611


def _tokens(words: str) -> list[str]:
    """The words to look for. Every dossier holds its request code (``set_search_text``), so the beginning of
    what all of these begin with narrows nothing and would cost a walk over all of them.
    """
    return [token for token in fold(words).split()[:8] if not REQUEST_PREFIX.lower().startswith(token)]


def _with_code(rows: QuerySet[Dossier], words: str) -> QuerySet[Dossier]:
    code = words.strip().upper()
    return rows.filter(Q(code=code) | Q(request_code=code))


def with_tokens(rows: QuerySet[M], tokens: Sequence[str]) -> QuerySet[M]:
    """Narrow rows to those whose ``search_text`` has a word that begins with each token; none: all rows."""
    query: Any = None
    for token in tokens:
        part = SearchQuery(_beginning(token), search_type="raw", config="simple")
        query = part if query is None else query & part
    if query is None:
        return rows
    worded: Any = rows.annotate(words=SearchVector("search_text", config="simple"))
    found: QuerySet[M] = worded.filter(words=query)
    return found


def _beginning(token: str) -> str:
    """A word that begins so, as the database writes a query."""
    plain = token.replace("\\", "").replace("'", "")
    return f"'{plain}':*"


def new_request_code() -> str:
    """Return a code for a dossier before its acceptance: not guessable, easy to read out."""
    letters = "".join(secrets.choice(REQUEST_LETTERS) for _ in range(10))
    return f"{REQUEST_PREFIX}-{letters[:5]}-{letters[5:]}"

"""Dossiers, as far as the reader may see them."""

import secrets
from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Func, Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import coverage
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.text import fold
from dinh.onestop.models import Dossier, Draft, Involvement, Representation, StepRun, WorkItem

__all__ = [
    "REQUEST_LETTERS",
    "access_dossier",
    "access_draft",
    "access_step",
    "involved_units",
    "new_request_code",
    "search_dossiers",
    "visible_dossiers",
    "visible_drafts",
    "visible_steps",
    "visible_work",
    "with_tokens",
]

M = TypeVar("M", bound=Model)

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


def search_dossiers(rows: QuerySet[Dossier], words: str) -> QuerySet[Dossier]:
    """Narrow dossiers to those that hold every word of code, name or phone, without diacritics.

    How many rows hold words that begin so is more than the database can guess: of a telephone number it
    expects one dossier in two hundred, and would look for the newest fifty by reading back through all of
    them. So it is asked first, and what few words find is fetched by the index of words alone.
    """
    tokens = fold(words).split()[:8]
    if not tokens:
        return rows
    code = words.strip().upper()
    if rows.filter(Q(code=code) | Q(request_code=code)).exists():
        return rows.filter(Q(code=code) | Q(request_code=code))
    found = with_tokens(Dossier.objects.order_by(), tokens).values_list("pk", flat=True)[: FEW_FOUND + 1]
    keys = list(found)
    if len(keys) > FEW_FOUND:
        return with_tokens(rows, tokens)
    return rows.filter(pk__in=RawSQL("SELECT unnest(%s::uuid[])", [keys]))


def with_tokens(rows: QuerySet[M], tokens: Sequence[str]) -> QuerySet[M]:
    """Narrow rows to those whose ``search_text`` has a word that begins with each token; none: all rows."""
    query: Any = None
    for token in tokens:
        part = SearchQuery(f"'{_quoted(token)}':*", search_type="raw", config="simple")
        query = part if query is None else query & part
    if query is None:
        return rows
    worded: Any = rows.annotate(words=SearchVector("search_text", config="simple"))
    found: QuerySet[M] = worded.filter(words=query)
    return found


def _quoted(token: str) -> str:
    return token.replace("\\", "").replace("'", "")


def new_request_code() -> str:
    """Return a code for a dossier before its acceptance: not guessable, easy to read out."""
    letters = "".join(secrets.choice(REQUEST_LETTERS) for _ in range(10))
    return f"YC-{letters[:5]}-{letters[5:]}"

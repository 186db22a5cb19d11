"""Reads shaped for the administrators' screens; each begins with what the actor manages."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from dinh.foundation.actions.public import Actor, all_permissions
from dinh.foundation.directory.models import (
    Appointment,
    ImportBatch,
    PlannedChange,
    Position,
    RightsNotice,
    Role,
    RoleHolding,
    SigningAuthority,
    Unit,
    UnitName,
    UnitPlacement,
    UnitSuccession,
)
from dinh.foundation.directory.permissions import (
    GRANT_ROLES,
    MANAGE_DIRECTORY,
    MANAGE_SIGNING,
    coverage,
    may_at,
)
from dinh.foundation.directory.queries.signing import plain_authority
from dinh.foundation.directory.rules.organisation import KINDS, LEVELS
from dinh.foundation.directory.rules.signing import lines_of
from dinh.kernel.errors import existing

T = TypeVar("T", bound=models.Model)

__all__ = [
    "AuthorityLine",
    "HistoryLine",
    "HoldingLine",
    "TreeRow",
    "appointments_of",
    "authorities_at",
    "get_appointment",
    "get_authority",
    "get_batch",
    "get_holding",
    "get_notice",
    "get_plan",
    "get_position",
    "get_role",
    "history_of",
    "holdings_of",
    "import_batches",
    "import_counts",
    "import_lines",
    "kind_choices",
    "level_choices",
    "notices_of",
    "plans",
    "permission_choices",
    "pick_unit",
    "roles",
    "search_units",
    "tree",
    "visible_unit",
    "visible_units",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeRow:
    """A unit in the tree, with what is open below it; ``path`` is the unit above, in a list of finds."""

    id: UUID
    code: str
    name: str
    kind: str
    has_children: bool
    valid_until: dt.date | None
    children: tuple["TreeRow", ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """Something that happened to a unit on a day; ``what`` is a code, ``name`` what it is about."""

    on: dt.date
    what: str
    name: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingLine:
    """A role that a position holds."""

    id: int
    role: str
    scope: str
    unit: str
    from_on: dt.date
    until_on: dt.date | None
    permissions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityLine:
    """An authority to sign, with the lines it puts above a signature."""

    id: UUID
    mark: str
    lines: tuple[str, ...]
    position_id: UUID
    position: str
    matters: tuple[str, ...]
    from_on: dt.date
    until_on: dt.date | None
    basis: str
    has_ended: bool


def visible_units(by: Actor) -> "QuerySet[Unit]":
    """Return the units that the actor manages, open or closed."""
    found: QuerySet[Unit] = Unit.objects.filter(coverage(by, MANAGE_DIRECTORY.code).q("pk"))
    return found


def visible_unit(by: Actor, unit_id: UUID) -> Unit:
    """Return a unit that the actor manages; raises ``NotFound``."""
    return existing(visible_units(by).select_related("parent", "agency", "heir").filter(pk=unit_id).first())


def tree(by: Actor, *, opened: UUID | None = None) -> list[TreeRow]:
    """Return the tree from the highest units that the actor manages, opened down to one unit."""
    reach = coverage(by, MANAGE_DIRECTORY.code)
    tops = visible_units(by).filter(Q(parent=None) | ~reach.q("parent_id")).filter(valid_until=None)
    open_ids = {pk for (pk,) in Unit.objects.filter(below__descendant_id=opened).values_list("pk")}
    top_rows = list(_with_children(tops))
    if len(top_rows) == 1:
        open_ids.add(top_rows[0].pk)
    children: dict[UUID | None, list[Any]] = {}
    for unit in _with_children(visible_units(by).filter(parent_id__in=open_ids, valid_until=None)):
        children.setdefault(unit.parent_id, []).append(unit)

    def rows(units: Sequence[Any]) -> tuple[TreeRow, ...]:
        return tuple(_tree_row(unit, children=rows(children.get(unit.pk, []))) for unit in units)

    return list(rows(top_rows))


def _with_children(units: "QuerySet[Unit]") -> "QuerySet[Any]":
    below = Unit.objects.filter(parent=OuterRef("pk"), valid_until=None)
    return units.annotate(has_children=Exists(below)).order_by("display_order", "sort_key", "pk")


def _tree_row(unit: Any, *, children: tuple[TreeRow, ...] = (), path: str = "") -> TreeRow:
    return TreeRow(
        id=unit.pk,
        code=unit.code,
        name=unit.name,
        kind=KINDS[unit.kind].label,
        has_children=unit.has_children,
        children=children,
        valid_until=unit.valid_until,
        path=path,
    )


def search_units(by: Actor, words: str, *, limit: int = 100) -> list[TreeRow]:
    """Return units that match, open ones first, each with what is above it."""
    found = _with_children(visible_units(by).filter(pk__in=Unit.objects.matching(words).values("pk")))
    ranked = found.select_related("parent").order_by(
        F("valid_until").desc(nulls_first=True), "sort_key", "pk"
    )
    return [_tree_row(unit, path=unit.parent.name if unit.parent else "") for unit in ranked[:limit]]


def pick_unit(words: str, *, limit: int = 8) -> list[Unit]:
    """Return the open units that a typed code or name means: one when it is plain, else candidates."""
    typed = words.strip()
    if not typed:
        return []
    standing = Unit.objects.open_on(timezone.localdate())
    exact = list(standing.filter(Q(code=typed.upper()) | Q(name__iexact=typed))[:2])
    return exact if len(exact) == 1 else list(standing.matching(typed)[:limit])


def history_of(unit_id: UUID) -> list[HistoryLine]:
    """Return what happened to a unit, newest first: names, places, successions."""
    lines = [
        HistoryLine(on=row.from_on, what="named", name=row.name, basis=row.basis)
        for row in UnitName.objects.filter(unit_id=unit_id)
    ]
    lines += [
        HistoryLine(
            on=row.from_on, what="placed", name=row.parent.name if row.parent else "", basis=row.basis
        )
        for row in UnitPlacement.objects.filter(unit_id=unit_id).select_related("parent")
    ]
    links = UnitSuccession.objects.filter(Q(predecessor_id=unit_id) | Q(successor_id=unit_id))
    for link in links.select_related("predecessor", "successor"):
        went = link.predecessor_id == unit_id
        lines.append(
            HistoryLine(
                on=link.on,
                what=f"{link.kind}_{'into' if went else 'from'}",
                name=link.successor.name if went else link.predecessor.name,
                basis=link.basis,
            )
        )
    return sorted(lines, key=lambda line: line.on, reverse=True)


def get_position(by: Actor, position_id: UUID) -> Position:
    """Return a position in a unit that the actor manages; raises ``NotFound``."""
    reach = coverage(by, MANAGE_DIRECTORY.code)
    return existing(
        Position.objects.filter(reach.q("unit_id")).select_related("unit").filter(pk=position_id).first()
    )


def appointments_of(position: Position) -> list[Appointment]:
    """Return who holds, held and will hold the position, newest first."""
    rows = Appointment.objects.filter(position=position).select_related("person").order_by("-from_on", "-pk")
    return list(rows[:50])


def get_appointment(by: Actor, appointment_id: int) -> Appointment:
    """Return an appointment to a position that the actor manages; raises ``NotFound``."""
    reach = coverage(by, MANAGE_DIRECTORY.code)
    rows: QuerySet[Appointment] = Appointment.objects.filter(reach.q("position__unit_id"))
    return existing(rows.filter(pk=appointment_id).first())


def holdings_of(position: Position) -> list[HoldingLine]:
    """Return the roles that the position holds now or later."""
    rows = RoleHolding.objects.filter(position=position).exclude(until_on__lte=timezone.localdate())
    return [
        HoldingLine(
            id=row.pk,
            role=row.role.name,
            scope=RoleHolding.Scope(row.scope).label,
            unit=row.unit.name,
            from_on=row.from_on,
            until_on=row.until_on,
            permissions=len(row.role.permissions),
        )
        for row in rows.select_related("role", "unit").order_by("role__name", "pk")
    ]


def get_holding(by: Actor, holding_id: int) -> RoleHolding:
    """Return a role holding of a position within reach of granting; raises ``NotFound``."""
    reach = coverage(by, GRANT_ROLES.code)
    rows: QuerySet[RoleHolding] = RoleHolding.objects.filter(reach.q("position__unit_id"))
    return existing(rows.filter(pk=holding_id).first())


def roles() -> "QuerySet[Role]":
    """Return all roles with how many positions hold each today."""
    return Role.objects.annotate(
        holders=Count(
            "holdings",
            filter=Q(holdings__until_on=None) | Q(holdings__until_on__gt=timezone.localdate()),
            distinct=True,
        )
    ).order_by("name", "code")


def get_role(role_id: UUID) -> Role:
    """Return a role; raises ``NotFound``."""
    return existing(Role.objects.all().filter(pk=role_id).first())


def permission_choices() -> list[tuple[str, str, str]]:
    """Return every declared permission that a role may hold: code, label, who usually holds it."""
    return [
        (one.code, one.label, one.held_by)
        for one in sorted(all_permissions().values(), key=lambda one: one.code)
        if "." in one.code
    ]


def authorities_at(by: Actor, unit_id: UUID) -> list[AuthorityLine]:
    """Return the authorities to sign at an agency, those in force first; empty out of reach."""
    if not may_at(by, MANAGE_SIGNING.code, unit_id):
        return []
    today = timezone.localdate()
    rows = SigningAuthority.objects.filter(unit_id=unit_id).select_related(
        "position__unit", "derived_from__position"
    )
    lines = [
        AuthorityLine(
            id=row.pk,
            mark=SigningAuthority.Mark(row.mark).label,
            lines=tuple(lines_of(plain_authority(row))),
            position_id=row.position_id,
            position=f"{row.position.title}, {row.position.unit.name}",
            matters=tuple(row.matters),
            from_on=row.from_on,
            until_on=row.until_on,
            basis=row.basis,
            has_ended=row.until_on is not None and row.until_on <= today,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.has_ended, line.from_on))


def get_authority(by: Actor, authority_id: UUID) -> SigningAuthority:
    """Return an authority at an agency within reach; raises ``NotFound``."""
    reach = coverage(by, MANAGE_SIGNING.code)
    rows: QuerySet[SigningAuthority] = SigningAuthority.objects.filter(reach.q("unit_id"))
    return existing(rows.filter(pk=authority_id).first())


def plans(by: Actor) -> list[PlannedChange]:
    """Return the planned changes of units that the actor manages, those to come first."""
    reach = coverage(by, MANAGE_DIRECTORY.code)
    rows = PlannedChange.objects.filter(reach.q("unit_id")).select_related("unit").order_by("-on", "-pk")
    return sorted(rows[:200], key=lambda plan: plan.state != "planned")


def get_plan(by: Actor, plan_id: UUID) -> PlannedChange:
    """Return a planned change within reach; raises ``NotFound``."""
    return existing(
        PlannedChange.objects.filter(coverage(by, MANAGE_DIRECTORY.code).q("unit_id"))
        .filter(pk=plan_id)
        .first()
    )


def import_batches(by: Actor) -> list[ImportBatch]:
    """Return the lists that the acting position has sent, newest first."""
    return list(ImportBatch.objects.filter(made_by_position=by.position_id)[:20])


def get_batch(by: Actor, batch_id: UUID) -> ImportBatch:
    """Return a list that the acting position has sent; raises ``NotFound``."""
    return existing(ImportBatch.objects.filter(made_by_position=by.position_id).filter(pk=batch_id).first())


def import_counts(batch: ImportBatch) -> dict[str, int]:
    """Return how many lines of a list have each outcome."""
    counted = batch.lines.order_by().values_list("outcome").annotate(Count("pk"))
    return dict(counted)


def import_lines(batch: ImportBatch, *, outcome: str = "", after: int = 0, limit: int = 100) -> list[Any]:
    """Return the next lines of a list, by number."""
    lines = batch.lines.filter(number__gt=after).order_by("number")
    return list((lines.filter(outcome=outcome) if outcome else lines)[:limit])


def notices_of(person_id: UUID) -> list[RightsNotice]:
    """Return the last changes of a person's rights, those not confirmed first."""
    rows = RightsNotice.objects.filter(person_id=person_id).select_related("position__unit")
    return sorted(rows.order_by("-changed_at")[:50], key=lambda one: one.confirmed_at is not None)


def get_notice(by: Actor, notice_id: UUID) -> RightsNotice:
    """Return a notice of the person's own; raises ``NotFound``."""
    return existing(RightsNotice.objects.filter(Q(person_id=by.person_id)).filter(pk=notice_id).first())


def level_choices() -> list[tuple[str, str]]:
    """Return the levels by code and word in the reader's language."""
    return [(code, gettext(label)) for code, label in LEVELS.items()]


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of units by code and word in the reader's language."""
    return [(kind.code, gettext(kind.label)) for kind in KINDS.values()]

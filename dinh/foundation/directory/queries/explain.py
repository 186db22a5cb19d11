"""Why can, or can't, this person see this: the chain from a position to a unit, link by link."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from dinh.foundation.actions.public import all_permissions
from dinh.foundation.directory.models import Appointment, Position, RoleHolding, Unit, UnitClosure
from dinh.foundation.directory.queries.rights import HeldPosition, holders_of
from dinh.foundation.directory.queries.units import ancestors, get_unit
from dinh.kernel.errors import N_, NotFound
from dinh.kernel.sentences import Sentence, say

__all__ = ["Explanation", "Link", "explain", "position_label", "who_can_grant"]


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain. ``path`` are the names of units from where the right is held to the target."""

    text: Sentence
    holds: bool
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Whether a position's permission reaches a unit, and why.

    ``links`` lead from the position to the unit; the first that does not hold is what is missing.
    ``granters`` can grant what is missing (empty when nothing is).
    """

    allowed: bool
    answer: Sentence
    links: tuple[Link, ...]
    granters: tuple[HeldPosition, ...]


def explain(by_position: UUID, code: str, unit_id: UUID, *, on: dt.date | None = None) -> Explanation:
    """Explain whether the position's permission ``code`` reaches the unit that day (today).

    The answer is the same as ``may_at`` gives for somebody acting in that position. Raises ``NotFound``
    when there is no such position, permission or unit.
    """
    day = on or timezone.localdate()
    position = Position.objects.select_related("unit").filter(pk=by_position).first()
    permission = all_permissions().get(code)
    if position is None or permission is None:
        raise NotFound
    unit = get_unit(unit_id)
    links = [_held(position, day)]
    if links[0].holds:
        links += _roles(position, code, unit, day)
    allowed = all(link.holds for link in links)
    words = {"title": position.title, "at": position.unit.name, "unit": unit.name}
    label = say(permission.label)
    return Explanation(
        allowed=allowed,
        answer=say(
            N_("Có: %(title)s, %(at)s có quyền “%(permission)s” tại %(unit)s.")
            if allowed
            else N_("Không: %(title)s, %(at)s không có quyền “%(permission)s” tại %(unit)s."),
            permission=label,
            **words,
        ),
        links=tuple(links),
        granters=() if allowed else tuple(who_can_grant(position, unit, on=day)),
    )


def _held(position: Position, day: dt.date) -> Link:
    holders = holders_of(position.pk, day)
    words = {"title": position.title, "unit": position.unit.name}
    if not holders:
        return Link(say(N_("Ngày này không ai giữ chức vụ %(title)s, %(unit)s."), **words), holds=False)
    names = ", ".join(holder.person_name for holder in holders)
    return Link(say(N_("%(names)s giữ chức vụ %(title)s, %(unit)s."), names=names, **words), holds=True)


def _roles(position: Position, code: str, unit: Unit, day: dt.date) -> list[Link]:
    """Return the links from the position's roles to the unit: the one that reaches, or all that fail."""
    standing = list(RoleHolding.objects.on(day).filter(position=position).select_related("role", "unit"))
    granting = [holding for holding in standing if code in holding.role.permissions]
    if not granting:
        return [_no_role(standing)]
    above = {one.pk: one for one in ancestors(unit.pk)}
    reaching = [holding for holding in granting if _reaches(holding, unit, above)]
    shown = reaching[:1] or granting
    links = []
    for holding in shown:
        links.append(
            Link(say(N_("Vai trò “%(role)s” của chức vụ có quyền này."), role=holding.role.name), holds=True)
        )
        links.append(_scope(holding, unit, above, holds=holding in reaching))
    return links


def _no_role(standing: Sequence[RoleHolding]) -> Link:
    names = ", ".join(sorted({holding.role.name for holding in standing}))
    if not names:
        return Link(say(N_("Chức vụ chưa được cấp vai trò nào.")), holds=False)
    return Link(say(N_("Không vai trò nào của chức vụ (%(roles)s) có quyền này."), roles=names), holds=False)


def _reaches(holding: RoleHolding, unit: Unit, above: dict[UUID, Unit]) -> bool:
    match holding.scope:
        case "province":
            return True
        case "subtree":
            return holding.unit_id in above
        case "unit":
            return holding.unit_id in (unit.pk, unit.heir_id)
        case _:
            return False


def _scope(holding: RoleHolding, unit: Unit, above: dict[UUID, Unit], *, holds: bool) -> Link:
    words = {"at": holding.unit.name, "unit": unit.name}
    if not holds:
        sentence = {
            "own": N_("Phạm vi chỉ là việc của chính mình tại %(at)s, không phải mọi việc của %(unit)s."),
            "unit": N_("Phạm vi chỉ trong %(at)s, không gồm %(unit)s."),
            "subtree": N_("Phạm vi là %(at)s và cấp dưới, nhưng %(unit)s không nằm dưới %(at)s."),
        }[holding.scope]
        return Link(say(sentence, **words), holds=False, path=tuple(one.name for one in above.values()))
    if holding.scope == "province":
        return Link(say(N_("Phạm vi là toàn tỉnh.")), holds=True)
    if holding.unit_id == unit.pk:
        return Link(say(N_("Phạm vi gồm chính %(unit)s."), **words), holds=True, path=(unit.name,))
    if holding.scope == "unit":
        sentence = N_("%(unit)s đã kết thúc hoạt động; %(at)s kế thừa hồ sơ của đơn vị này.")
        return Link(say(sentence, **words), holds=True, path=(holding.unit.name, unit.name))
    path = [one.name for one in above.values()]
    start = list(above).index(holding.unit_id)
    return Link(
        say(N_("Phạm vi là %(at)s và cấp dưới; %(unit)s nằm trong đó."), **words),
        holds=True,
        path=tuple(path[start:]),
    )


def who_can_grant(position: Position, unit: Unit, *, on: dt.date) -> list[HeldPosition]:
    """Return up to five holders of a position that may grant a role there, the nearest first."""
    reaching = _reaching_both(position.unit_id, unit.pk)
    holdings = (
        RoleHolding.objects.on(on)
        .filter(role__permissions__contains=["directory.grant"])
        .filter(reaching)
        .exclude(position=position)
    )
    nearest_first = sorted(holdings.values_list("scope", "position_id"), key=lambda one: one[0] == "province")
    found: list[HeldPosition] = []
    for _scope_code, position_id in nearest_first[:20]:
        known = {holder.position_id for holder in found}
        if position_id not in known:
            found += holders_of(position_id, on)
        if len(found) >= 5:
            break
    return found[:5]


def _reaching_both(position_unit_id: UUID, unit_id: UUID) -> Q:
    def above(one: UUID) -> Q:
        closure = UnitClosure.objects.filter(descendant_id=one).values("ancestor_id")
        return Q(scope="subtree", unit_id__in=closure)

    return Q(scope="province") | (above(position_unit_id) & above(unit_id))


def position_label(position_id: UUID) -> str:
    """Return how a position is named on a screen: its title, its unit, who holds it."""
    position = Position.objects.select_related("unit").get(pk=position_id)
    held = Appointment.objects.in_force(timezone.localdate()).filter(position=position)
    names = ", ".join(held.values_list("person__full_name", flat=True))
    return f"{names or '—'} · {position.title}, {position.unit.name}"

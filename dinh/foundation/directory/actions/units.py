"""Verbs of units: create, correct, rename, move, merge, split, separate, close. Dated; never deleted."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.actions.tree import attach, hang, one_at_a_time, refresh_agencies
from dinh.foundation.directory.events import (
    UnitClosed,
    UnitCreated,
    UnitMoved,
    UnitRenamed,
    UnitsMerged,
    UnitSplit,
)
from dinh.foundation.directory.models import (
    LevelScheme,
    Position,
    PositionPlacement,
    RoleHolding,
    SigningAuthority,
    Unit,
    UnitClosure,
    UnitName,
    UnitPlacement,
    UnitSuccession,
)
from dinh.foundation.directory.permissions import MANAGE_DIRECTORY, MANAGE_ROLES, may_at
from dinh.foundation.directory.queries.units import levels_on
from dinh.foundation.directory.rules.organisation import (
    LEVELS,
    check_code,
    check_old_code,
    check_place,
    kind_of,
)
from dinh.kernel.errors import N_, NotAllowed, Refused

__all__ = [
    "BadDate",
    "CodeTaken",
    "NotEmpty",
    "UnitDraft",
    "UnitIsClosed",
    "adopt_levels",
    "close_unit",
    "correct_unit",
    "create_unit",
    "merge_units",
    "move_unit",
    "rename_unit",
    "separate_unit",
    "split_unit",
]


class CodeTaken(Refused):
    message = N_(
        "Mã định danh %(code)s đã được dùng cho “%(name)s”. Mỗi mã chỉ cấp một lần; hãy chọn mã khác."
    )


class UnitIsClosed(Refused):
    message = N_("“%(name)s” đã kết thúc hoạt động ngày %(on)s nên không thay đổi được nữa.")


class BadDate(Refused):
    message = N_(
        "Ngày hiệu lực phải từ %(from_on)s đến hôm nay. Thay đổi có hiệu lực trong tương lai được lập ở mục"
        " Kế hoạch sắp xếp."
    )


class NotEmpty(Refused):
    message = N_(
        "“%(name)s” còn %(units)s đơn vị và %(positions)s chức vụ. Hãy chuyển hoặc kết thúc chúng trước, hoặc"
        " dùng chức năng sáp nhập."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDraft:
    """What a new unit is to be. ``is_agency`` None: as its kind usually is."""

    code: str
    name: str
    kind: str
    level: str
    old_code: str = ""
    short_name: str = ""
    abbreviation: str = ""
    is_agency: bool | None = None
    display_order: int = 100
    address: str = ""
    phone: str = ""
    email: str = ""


@one_at_a_time
@action("unit.created", permission=MANAGE_DIRECTORY)
def create_unit(parent: Unit | None, *, draft: UnitDraft, on: dt.date, basis: str = "", by: Actor) -> Unit:
    """Set up a unit under another from a day on; without a parent, the top of the tree.

    The day may be in the past (an organisation that already stands) but not before the parent's.
    Raises ``AgencyCodeWrong``, ``CodeTaken``, ``LevelNotInForce``, ``WrongPlace``, ``UnitIsClosed`` and
    ``BadDate``.
    """
    return _create(parent, draft, on=on, basis=basis)


def _create(parent: Unit | None, draft: UnitDraft, *, on: dt.date, basis: str) -> Unit:
    _check_draft(draft)
    _check_not_future(on, parent.valid_from if parent else dt.date.min)
    if parent is not None:
        _check_open(parent, on)
    check_place(
        kind=draft.kind,
        level=draft.level,
        parent_level=parent.level if parent else None,
        levels=levels_on(on),
        on=on,
    )
    is_agency = kind_of(draft.kind).is_agency if draft.is_agency is None else draft.is_agency
    unit = Unit(
        code=draft.code,
        old_code=draft.old_code,
        name=draft.name,
        short_name=draft.short_name,
        abbreviation=draft.abbreviation,
        kind=draft.kind,
        level=draft.level,
        is_agency=is_agency,
        parent=parent,
        valid_from=on,
        display_order=draft.display_order,
        address=draft.address,
        phone=draft.phone,
        email=draft.email,
    )
    unit.save()
    UnitPlacement.objects.create(unit=unit, parent=parent, from_on=on, basis=basis)
    _name_from(unit, on=on, basis=basis)
    attach(unit)
    refresh_agencies(unit.pk)
    unit.refresh_from_db(fields=["agency"])
    publish(UnitCreated(unit_id=unit.pk, parent_id=parent.pk if parent else None, on=on))
    return unit


@action("unit.corrected", permission=MANAGE_DIRECTORY, on=Unit)
def correct_unit(
    unit: Unit,
    *,
    old_code: str,
    abbreviation: str,
    display_order: int,
    address: str,
    phone: str,
    email: str,
    by: Actor,
) -> None:
    """Correct what a unit says of itself and what needs no legal basis: contacts, order, old code."""
    if old_code:
        check_old_code(old_code)
    unit.old_code, unit.abbreviation, unit.display_order = old_code, abbreviation, display_order
    unit.address, unit.phone, unit.email = address, phone, email
    unit.save()


@one_at_a_time
@action("unit.renamed", permission=MANAGE_DIRECTORY, on=Unit)
def rename_unit(
    unit: Unit, *, name: str, short_name: str = "", abbreviation: str = "", on: dt.date, basis: str, by: Actor
) -> None:
    """Give a unit another name from a day on; papers of before keep the old one."""
    _check_open(unit, on)
    running = UnitName.objects.get(unit=unit, until_on=None)
    _check_not_future(on, running.from_on)
    if not name.strip():
        raise Refused(N_("Hãy nhập tên đơn vị."), field="name")
    old_name = unit.name
    unit.name, unit.short_name = name, short_name
    unit.abbreviation = abbreviation or unit.abbreviation
    unit.save()
    if running.from_on == on:
        running.delete()
    else:
        running.until_on = on
        running.save(update_fields=["until_on"])
    _name_from(unit, on=on, basis=basis)
    publish(UnitRenamed(unit_id=unit.pk, old_name=old_name, new_name=unit.name, on=on))


@one_at_a_time
@action("unit.moved", permission=MANAGE_DIRECTORY, on=Unit)
def move_unit(unit: Unit, *, parent: Unit, on: dt.date, basis: str, by: Actor) -> None:
    """Put a unit, with all below it, under another from a day on.

    The permission must reach the old place and the new one. Raises ``Cycle``, ``WrongPlace``.
    """
    _check_above(unit, by)
    if not may_at(by, MANAGE_DIRECTORY.code, parent.pk):
        raise NotAllowed(reason=MANAGE_DIRECTORY.label)
    parent = Unit.objects.get(pk=parent.pk)
    _check_open(unit, on)
    _check_open(parent, on)
    _check_not_future(on, _placed_from(unit))
    if parent.pk == unit.parent_id:
        raise Refused(N_("Đơn vị đang trực thuộc đúng đơn vị này. Hãy chọn đơn vị khác."), field="parent")
    check_place(kind=unit.kind, level=unit.level, parent_level=parent.level, levels=levels_on(on), on=on)
    old_parent_id = unit.parent_id
    hang(unit, parent, on=on, basis=basis)
    publish(UnitMoved(unit_id=unit.pk, old_parent_id=old_parent_id, new_parent_id=parent.pk, on=on))


@one_at_a_time
@action("units.merged", permission=MANAGE_DIRECTORY, on=Unit)
def merge_units(into: Unit, *, units: Sequence[Unit], on: dt.date, basis: str, by: Actor) -> None:
    """Close units on a day; ``into`` takes their children, positions with their rights, and records.

    ``into`` is one of the standing units or one just created. People keep their positions, which move.
    Authority to sign at a closed agency ends: whoever heads the new one decides it anew.
    """
    gone = list(Unit.objects.select_for_update().filter(pk__in=[unit.pk for unit in units]).order_by("pk"))
    if not gone or any(unit.pk == into.pk for unit in gone):
        raise Refused(N_("Hãy chọn ít nhất một đơn vị khác với đơn vị nhận sáp nhập."), field="units")
    _check_open(into, on)
    for unit in gone:
        _check_above(unit, by)
        _check_may_end(unit, on)
        if UnitClosure.objects.filter(ancestor=unit, descendant=into).exists():
            raise Refused(
                N_(
                    "“%(into)s” đang nằm trong “%(unit)s”. Hãy chuyển “%(into)s” ra ngoài trước khi sáp nhập."
                ),
                field="units",
                into=into.name,
                unit=unit.name,
            )
    for unit in gone:
        _rehome_children(unit, {}, into, on=on, basis=basis)
        _rehome_positions(unit, {}, into, on=on)
        _end(unit, heir=into, kind=UnitSuccession.Kind.MERGED, on=on, basis=basis)
    into.refresh_from_db()
    publish(UnitsMerged(from_ids=tuple(unit.pk for unit in gone), into_id=into.pk, on=on))


@one_at_a_time
@action("unit.split", permission=MANAGE_DIRECTORY, on=Unit)
def split_unit(
    unit: Unit,
    *,
    into: Sequence[UnitDraft],
    heir: str,
    homes: Mapping[UUID, str],
    on: dt.date,
    basis: str,
    by: Actor,
) -> None:
    """Divide a unit into new ones and close it (chia).

    ``heir`` is the code of the new unit that keeps the records; ``homes`` says for each child unit and
    position (by identifier) the code of the new unit it goes to; what is not named goes to the heir.
    """
    if len(into) < 2:
        raise Refused(N_("Chia đơn vị cần ít nhất hai đơn vị mới."), field="into")
    _check_above(unit, by)
    _check_may_end(unit, on)
    made = _make_beside(unit, into, on=on, basis=basis)
    if heir not in made:
        raise Refused(N_("Hãy chọn một đơn vị mới tiếp nhận hồ sơ của đơn vị cũ."), field="heir")
    targets = _targets(homes, made)
    _rehome_children(unit, targets, made[heir], on=on, basis=basis)
    _rehome_positions(unit, targets, made[heir], on=on)
    _end(unit, heir=made[heir], kind=UnitSuccession.Kind.SPLIT, on=on, basis=basis)
    for other in made.values():
        if other.pk != made[heir].pk:
            _succeed(unit, other, UnitSuccession.Kind.SPLIT, on=on, basis=basis)
    publish(
        UnitSplit(
            from_id=unit.pk,
            into_ids=tuple(one.pk for one in made.values()),
            heir_id=made[heir].pk,
            is_closed=True,
            on=on,
        )
    )


@one_at_a_time
@action("unit.separated", permission=MANAGE_DIRECTORY, on=Unit)
def separate_unit(
    unit: Unit, *, into: UnitDraft, homes: Iterable[UUID], on: dt.date, basis: str, by: Actor
) -> Unit:
    """Make a new unit out of part of one that stays (tách): the children and positions named move."""
    _check_above(unit, by)
    _check_open(unit, on)
    made = _make_beside(unit, [into], on=on, basis=basis)
    new = made[into.code]
    targets = dict.fromkeys(homes, new)
    _rehome_children(unit, targets, None, on=on, basis=basis)
    _rehome_positions(unit, targets, None, on=on)
    _succeed(unit, new, UnitSuccession.Kind.SEPARATED, on=on, basis=basis)
    publish(UnitSplit(from_id=unit.pk, into_ids=(new.pk,), heir_id=unit.pk, is_closed=False, on=on))
    return new


@one_at_a_time
@action("unit.closed", permission=MANAGE_DIRECTORY, on=Unit)
def close_unit(unit: Unit, *, heir: Unit, on: dt.date, basis: str, by: Actor) -> None:
    """Close a unit that has nothing below it any more; ``heir`` keeps its records and open work."""
    _check_above(unit, by)
    _check_may_end(unit, on)
    heir = Unit.objects.get(pk=heir.pk)
    _check_open(heir, on)
    if heir.pk == unit.pk or not may_at(by, MANAGE_DIRECTORY.code, heir.pk):
        raise Refused(
            N_("Hãy chọn một đơn vị khác, trong phạm vi quản lý, để tiếp nhận hồ sơ."), field="heir"
        )
    open_units = Unit.objects.filter(parent=unit, valid_until=None).count()
    open_positions = Position.objects.filter(unit=unit, valid_until=None).count()
    if open_units or open_positions:
        raise NotEmpty(name=unit.name, units=open_units, positions=open_positions)
    _end(unit, heir=heir, kind=UnitSuccession.Kind.CLOSED, on=on, basis=basis)
    publish(UnitClosed(unit_id=unit.pk, heir_id=heir.pk, on=on))


@action("levels.adopted", permission=MANAGE_ROLES)
def adopt_levels(levels: Sequence[str], *, on: dt.date, basis: str, by: Actor) -> LevelScheme:
    """Adopt the levels of government that stand from a day on: four, or two tiers."""
    if len(levels) < 2 or any(level not in LEVELS for level in levels):
        raise Refused(N_("Hãy chọn ít nhất hai cấp chính quyền trong danh sách."), field="levels")
    LevelScheme.objects.filter(until_on=None, from_on__lt=on).update(until_on=on)
    LevelScheme.objects.filter(from_on__gte=on).delete()
    return LevelScheme.objects.create(
        levels=[level for level in LEVELS if level in levels], from_on=on, basis=basis
    )


def _check_draft(draft: UnitDraft) -> None:
    check_code(draft.code)
    if draft.old_code:
        check_old_code(draft.old_code)
    if not draft.name.strip():
        raise Refused(N_("Hãy nhập tên đơn vị."), field="name")
    taken = Unit.objects.filter(code=draft.code).first()
    if taken is not None:
        raise CodeTaken(field="code", code=draft.code, name=taken.name)


def _check_open(unit: Unit, on: dt.date) -> None:
    if unit.valid_until is not None:
        raise UnitIsClosed(name=unit.name, on=f"{unit.valid_until:%d/%m/%Y}")
    _check_not_future(on, unit.valid_from)


def _check_not_future(on: dt.date, earliest: dt.date) -> None:
    if not earliest <= on <= timezone.localdate():
        raise BadDate(field="on", from_on=f"{earliest:%d/%m/%Y}")


def _check_may_end(unit: Unit, on: dt.date) -> None:
    _check_open(unit, on)
    if on <= unit.valid_from or on < _placed_from(unit):
        raise BadDate(field="on", from_on=f"{unit.valid_from + dt.timedelta(days=1):%d/%m/%Y}")


def _check_above(unit: Unit, by: Actor) -> None:
    """Who changes where a unit stands must manage the unit above it, not only the unit itself."""
    if not may_at(by, MANAGE_DIRECTORY.code, unit.parent_id):
        raise NotAllowed(reason=MANAGE_DIRECTORY.label)


def _placed_from(unit: Unit) -> dt.date:
    return UnitPlacement.objects.get(unit=unit, until_on=None).from_on


def _name_from(unit: Unit, *, on: dt.date, basis: str) -> None:
    UnitName.objects.create(
        unit=unit,
        name=unit.name,
        short_name=unit.short_name,
        abbreviation=unit.abbreviation,
        from_on=on,
        basis=basis,
    )


def _make_beside(unit: Unit, drafts: Sequence[UnitDraft], *, on: dt.date, basis: str) -> dict[str, Unit]:
    parent = Unit.objects.get(pk=unit.parent_id) if unit.parent_id else None
    return {draft.code: _create(parent, draft, on=on, basis=basis) for draft in drafts}


def _targets(homes: Mapping[UUID, str], made: Mapping[str, Unit]) -> dict[UUID, Unit]:
    unknown = sorted({code for code in homes.values() if code not in made})
    if unknown:
        raise Refused(N_("Không có đơn vị mới mang mã %(code)s."), field="homes", code=unknown[0])
    return {row: made[code] for row, code in homes.items()}


def _rehome_children(
    unit: Unit, targets: Mapping[UUID, Unit], default: Unit | None, *, on: dt.date, basis: str
) -> None:
    """Move the standing children to their targets; ``default`` None: those not named stay."""
    for child in Unit.objects.filter(parent=unit, valid_until=None).order_by("pk"):
        target = targets.get(child.pk, default)
        if target is None or target.pk == child.pk:
            continue
        _check_not_future(on, _placed_from(child))
        hang(child, target, on=on, basis=basis)
        publish(UnitMoved(unit_id=child.pk, old_parent_id=unit.pk, new_parent_id=target.pk, on=on))


def _rehome_positions(unit: Unit, targets: Mapping[UUID, Unit], default: Unit | None, *, on: dt.date) -> None:
    for position in Position.objects.select_for_update().filter(unit=unit, valid_until=None).order_by("pk"):
        target = targets.get(position.pk, default)
        if target is None:
            continue
        place_position(position, target, on=on)
        RoleHolding.objects.filter(position=position, unit=unit).filter(_standing(on)).update(unit=target)


def place_position(position: Position, unit: Unit, *, on: dt.date) -> None:
    """Put a position into another unit from a day on; its holders and rights stay with it."""
    running = PositionPlacement.objects.get(position=position, until_on=None)
    if running.from_on >= on:
        running.unit = unit
        running.save(update_fields=["unit"])
    else:
        running.until_on = on
        running.save(update_fields=["until_on"])
        PositionPlacement.objects.create(position=position, unit=unit, from_on=on)
    position.unit = unit
    position.save(update_fields=["unit"])


def _standing(on: dt.date) -> Q:
    return Q(until_on=None) | Q(until_on__gt=on)


def _end(unit: Unit, *, heir: Unit, kind: UnitSuccession.Kind, on: dt.date, basis: str) -> None:
    """Close a unit: it stands under its heir from now on, who keeps its records and rights over it."""
    _take_over_rights(unit, heir, on=on)
    for authority in SigningAuthority.objects.filter(unit=unit).filter(_standing(on)):
        authority.until_on = max(authority.from_on, on)
        authority.save(update_fields=["until_on"])
    hang(unit, heir, on=on, basis=basis)
    UnitPlacement.objects.filter(unit=unit, until_on=None).delete()
    UnitName.objects.filter(unit=unit, until_on=None, from_on__lt=on).update(until_on=on)
    unit.valid_until = on
    unit.heir = heir
    unit.save()
    Unit.objects.filter(heir=unit).update(heir=heir)
    _succeed(unit, heir, kind, on=on, basis=basis)


def _take_over_rights(unit: Unit, heir: Unit, *, on: dt.date) -> None:
    """Rights that other positions hold at a closing unit are rights at its heir from now on."""
    for holding in RoleHolding.objects.filter(unit=unit).filter(_standing(on)):
        same = RoleHolding.objects.filter(
            position=holding.position_id, role=holding.role_id, scope=holding.scope, unit=heir
        )
        if same.filter(_standing(on)).exists():
            holding.until_on = max(holding.from_on, on)
        else:
            holding.unit = heir
        holding.save(update_fields=["unit", "until_on"])


def _succeed(old: Unit, new: Unit, kind: UnitSuccession.Kind, *, on: dt.date, basis: str) -> None:
    UnitSuccession.objects.create(predecessor=old, successor=new, kind=kind, on=on, basis=basis)

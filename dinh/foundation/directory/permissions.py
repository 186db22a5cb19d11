"""Who may do what in the directory, and the one condition by which every room finds its rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from dinh.foundation.actions.public import Actor, Permission
from dinh.foundation.directory.models import (
    Absence,
    Appointment,
    Person,
    PlannedChange,
    Position,
    RoleHolding,
    SigningAuthority,
    Unit,
    UnitClosure,
)
from dinh.foundation.directory.rules.signing import covers
from dinh.kernel.errors import N_

__all__ = [
    "CHANGE_OWN_CONTACT",
    "CONFIRM_RIGHTS",
    "Coverage",
    "GRANT_ROLES",
    "IMPORT_LISTS",
    "MANAGE_DIRECTORY",
    "MANAGE_PEOPLE",
    "MANAGE_ROLES",
    "MANAGE_SIGNING",
    "MARK_ABSENCE",
    "READ_DIRECTORY",
    "REGISTER_PEOPLE",
    "coverage",
    "may_at",
    "signs_at",
]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The units that one permission of one actor reaches: everything, some units, own work, or nothing.

    ``unit_ids`` are reached themselves, ``root_ids`` with all below them. Closed units whose records a
    unit inherited are reached with it: they stand below it in the tree, and ``acting`` names them among
    the units. ``own`` says that the actor's own work is reached.
    """

    everything: bool = False
    unit_ids: frozenset[UUID] = frozenset()
    root_ids: frozenset[UUID] = frozenset()
    own: bool = False
    position_id: UUID | None = None

    def q(self, unit_field: str, *, own_field: str = "") -> Q:
        """Return the one SQL condition over ``unit_field`` (a column holding a unit's id).

        ``own_field`` is the column that holds the position whose work the row is; give it where the
        scope "own" has a meaning. Use the same condition for list, count, search, export and detail.
        """
        if self.everything:
            return Q()
        reached = Q(pk__in=[])
        if self.root_ids:
            reached = Q(**{f"{unit_field}__in": self._below()})
        elif self.unit_ids:
            reached = Q(**{f"{unit_field}__in": list(self.unit_ids)})
        if self.own and own_field and self.position_id is not None:
            reached |= Q(**{own_field: self.position_id})
        return reached

    def _below(self) -> Any:
        """Return the identifiers of all units reached, as one subquery: an OR of two would use no index."""
        below = Q(ancestor_id__in=list(self.root_ids))
        if self.unit_ids:
            below |= Q(descendant_id__in=list(self.unit_ids), depth=0)
        return UnitClosure.objects.filter(below).values("descendant_id")


def coverage(by: Actor, code: str) -> Coverage:
    """Return what the permission ``code`` of the acting position reaches. Runs no query."""
    if by.kind == "system":
        return Coverage(everything=True)
    grants = [grant for grant in by.grants if grant.permission == code]
    return Coverage(
        everything=any(grant.scope == "province" for grant in grants),
        unit_ids=frozenset(grant.unit_id for grant in grants if grant.scope == "unit"),
        root_ids=frozenset(grant.unit_id for grant in grants if grant.scope == "subtree"),
        own=any(grant.scope == "own" for grant in grants),
        position_id=by.position_id,
    )


def may_at(by: Actor, code: str, unit_id: UUID | None) -> bool:
    """Whether the permission ``code`` of the acting position reaches the unit. At most one query.

    ``None`` (no unit at all) is reached only by the scope "province".
    """
    reach = coverage(by, code)
    if reach.everything or unit_id is None:
        return reach.everything
    if unit_id in reach.unit_ids or unit_id in reach.root_ids:
        return True
    if not reach.root_ids:
        return False
    return UnitClosure.objects.filter(ancestor_id__in=list(reach.root_ids), descendant_id=unit_id).exists()


def signs_at(by: Actor, agency_id: UUID, matters: Iterable[str]) -> bool:
    """Whether the acting position has authority to sign all these matters at the agency. Runs no query.

    Answers for the day on which the actor was read; ``signing_authority`` is asked again when signing.
    """
    own = [one.matters for one in by.signs if one.agency_id == agency_id]
    return all(any(covers(held, matter) for held in own) for matter in matters)


def _unit_of(subject: Any) -> UUID | None:
    """Return the unit that a verb of the directory is about; a child's verb asks at its parent."""
    match subject:
        case Unit():
            return subject.pk
        case Position():
            return subject.unit_id
        case Appointment() | RoleHolding():
            return subject.position.unit_id
        case SigningAuthority() | PlannedChange():
            return subject.unit_id
        case _:
            return None


def _may_manage(by: Actor, subject: Any) -> bool:
    return may_at(by, MANAGE_DIRECTORY.code, _unit_of(subject))


def _may_manage_person(by: Actor, subject: Any) -> bool:
    """An official is managed by whoever manages a unit where they hold a position today or will.

    Who has left is managed where they last were; a new one, not yet placed, by whoever manages any unit. A
    citizen by nobody: what a citizen says of themselves opens their dossiers and their account.
    """
    if by.kind == "system":
        return True
    if not isinstance(subject, Person):
        return by.holds(MANAGE_DIRECTORY.code)
    held = Appointment.objects.filter(person=subject)
    if not held.exists():
        return subject.staff_code is not None and by.holds(MANAGE_DIRECTORY.code)
    standing = held.filter(Q(until_on=None) | Q(until_on__gt=timezone.localdate()))
    last = held.order_by("-until_on", "-pk").values("pk")[:1]
    where = standing if standing.exists() else held.filter(pk__in=last)
    return where.filter(coverage(by, MANAGE_DIRECTORY.code).q("position__unit_id")).exists()


def _may_grant(by: Actor, subject: Any) -> bool:
    return may_at(by, GRANT_ROLES.code, _unit_of(subject))


def _may_register(by: Actor, subject: Any) -> bool:
    return by.kind == "system" or by.holds(REGISTER_PEOPLE.code) or by.holds(MANAGE_DIRECTORY.code)


def _may_confirm(by: Actor, subject: Any) -> bool:
    return subject is not None and by.person_id is not None and subject.person_id == by.person_id


def _may_mark_absence(by: Actor, subject: Any) -> bool:
    """One's own absence, or that of somebody in a unit that one leads."""
    position = subject.position if isinstance(subject, Absence) else subject
    if by.kind != "official" or position is None:
        return False
    return position.pk == by.position_id or may_at(by, "absence.mark", position.unit_id)


CHANGE_OWN_CONTACT = Permission(
    code="person.change_own_contact",
    label=N_("Đổi nơi nhận tin của chính mình"),
    may=lambda by, subject: by.kind == "citizen" and subject is not None and subject.pk == by.person_id,
    held_by=N_("người dân, cho chính mình"),
)
READ_DIRECTORY = Permission(
    code="directory.read",
    label=N_("Xem danh bạ đơn vị và cán bộ"),
    may=lambda by, subject: by.kind in ("official", "system"),
    held_by=N_("mọi cán bộ, công chức"),
)
MANAGE_DIRECTORY = Permission(
    code="directory.manage",
    label=N_("Quản lý đơn vị, chức vụ và cán bộ"),
    may=_may_manage,
    held_by=N_("quản trị danh bạ, trong phạm vi đơn vị được giao"),
)
MANAGE_PEOPLE = Permission(
    code="directory.manage_people",
    label=N_("Quản lý thông tin cán bộ"),
    may=_may_manage_person,
    held_by=N_("quản trị danh bạ của đơn vị nơi cán bộ giữ chức vụ"),
)
GRANT_ROLES = Permission(
    code="directory.grant",
    label=N_("Cấp và thu hồi vai trò"),
    may=_may_grant,
    held_by=N_("quản trị danh bạ, trong phạm vi đơn vị được giao, trừ chức vụ của chính mình"),
)
MANAGE_ROLES = Permission(
    code="directory.roles",
    label=N_("Định nghĩa vai trò"),
    may=lambda by, subject: coverage(by, "directory.roles").everything,
    held_by=N_("quản trị danh bạ toàn tỉnh"),
)
MANAGE_SIGNING = Permission(
    code="directory.signing",
    label=N_("Quản lý thẩm quyền ký"),
    may=lambda by, subject: may_at(by, "directory.signing", _unit_of(subject)),
    held_by=N_("văn thư, văn phòng của cơ quan, trong phạm vi đơn vị được giao"),
)
REGISTER_PEOPLE = Permission(
    code="directory.register",
    label=N_("Đăng ký người dân vào danh bạ"),
    may=_may_register,
    held_by=N_("hệ thống khi người dân mở tài khoản; cán bộ Bộ phận Tiếp nhận và Trả kết quả"),
)
IMPORT_LISTS = Permission(
    code="directory.import",
    label=N_("Nhập danh sách vào danh bạ"),
    may=lambda by, subject: by.kind == "system" or by.holds("directory.manage"),
    held_by=N_("quản trị danh bạ; từng dòng còn được kiểm tra theo phạm vi đơn vị được giao"),
)
CONFIRM_RIGHTS = Permission(
    code="directory.confirm",
    label=N_("Xác nhận đã biết thay đổi quyền"),
    may=_may_confirm,
    held_by=N_("người đang giữ chức vụ có quyền thay đổi"),
)
MARK_ABSENCE = Permission(
    code="absence.mark",
    label=N_("Ghi vắng mặt, cử người làm thay"),
    may=_may_mark_absence,
    held_by=N_("chính người giữ chức vụ; trưởng đơn vị, lãnh đạo cơ quan"),
)

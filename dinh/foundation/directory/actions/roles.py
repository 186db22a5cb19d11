"""Verbs of rights: define a role, grant it to a position, revoke it, confirm that one knows."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dinh.foundation.actions.public import Actor, action, all_permissions, publish
from dinh.foundation.directory.events import RightsChanged
from dinh.foundation.directory.models import Appointment, Position, RightsNotice, Role, RoleHolding, Unit
from dinh.foundation.directory.permissions import CONFIRM_RIGHTS, GRANT_ROLES, MANAGE_ROLES, coverage, may_at
from dinh.foundation.directory.rules.organisation import check_period
from dinh.kernel.errors import N_, NotAllowed, Refused

__all__ = ["AlreadyGranted", "OwnRights", "change_role", "confirm_rights", "create_role", "grant", "revoke"]


class OwnRights(Refused):
    message = N_(
        "Không ai tự cấp hoặc thu hồi quyền của chính chức vụ mình đang giữ. Hãy đề nghị quản trị viên khác."
    )


class AlreadyGranted(Refused):
    message = N_("Chức vụ này đã có vai trò đó tại đơn vị đã chọn, cùng phạm vi.")


@action("role.created", permission=MANAGE_ROLES)
def create_role(
    code: str, *, name: str, description: str = "", permissions: Iterable[str], by: Actor
) -> Role:
    """Define a role: a stable code and a set of permission codes."""
    code = code.strip()
    if not code or not code.replace("_", "").replace(".", "").isalnum() or not code.isascii():
        raise Refused(N_("Mã vai trò chỉ gồm chữ không dấu, chữ số, dấu chấm và gạch dưới."), field="code")
    if Role.objects.filter(code=code).exists():
        raise Refused(N_("Mã vai trò %(code)s đã được dùng. Hãy chọn mã khác."), field="code", code=code)
    if not name.strip():
        raise Refused(N_("Hãy nhập tên vai trò."), field="name")
    return Role.objects.create(
        code=code, name=name, description=description, permissions=_checked(permissions)
    )


@action("role.changed", permission=MANAGE_ROLES, on=Role)
def change_role(role: Role, *, name: str, description: str, permissions: Iterable[str], by: Actor) -> None:
    """Change what a role permits; everyone whose position holds it is told until they confirm."""
    if not name.strip():
        raise Refused(N_("Hãy nhập tên vai trò."), field="name")
    before = set(role.permissions)
    role.name, role.description, role.permissions = name, description, _checked(permissions)
    role.save()
    if before == set(role.permissions):
        return
    today = timezone.localdate()
    holding = RoleHolding.objects.on(today).filter(role=role).values_list("position_id", flat=True)
    what = N_("Nội dung vai trò “%(role)s” đã thay đổi.") % {"role": role.name}
    for position_id in sorted(set(holding)):
        _announce(position_id, RightsNotice.Kind.CHANGED, what, by)


@action("role.granted", permission=GRANT_ROLES, on=Position)
def grant(
    position: Position,
    *,
    role: Role,
    scope: str,
    unit: Unit,
    from_on: dt.date | None = None,
    until_on: dt.date | None = None,
    by: Actor,
) -> None:
    """Grant a role to a position at a unit, as far as the scope reaches, from today or a day on.

    Whoever grants must reach the position's unit and the unit of the grant; the scope "province" is
    given only by one who has it. Nobody grants to their own position. The holders are told.
    Raises ``OwnRights``, ``AlreadyGranted``, ``NotAllowed``.
    """
    _check_not_own(position, by)
    _check_within_reach(scope, unit, by)
    from_on = from_on or timezone.localdate()
    check_period(from_on, until_on)
    if scope not in RoleHolding.Scope.values:
        raise Refused(N_("Hãy chọn phạm vi trong danh sách."), field="scope")
    try:
        with transaction.atomic():
            RoleHolding.objects.create(
                position=position, role=role, scope=scope, unit=unit, from_on=from_on, until_on=until_on
            )
    except IntegrityError as error:
        raise AlreadyGranted(field="role") from error
    _announce(position.pk, RightsNotice.Kind.GRANTED, _described(role, scope, unit), by)


@action("role.revoked", permission=GRANT_ROLES, on=RoleHolding)
def revoke(holding: RoleHolding, *, by: Actor) -> None:
    """Take a role from a position, from now on. The holders are told."""
    _check_not_own(holding.position, by)
    _check_within_reach(holding.scope, holding.unit, by)
    today = timezone.localdate()
    if holding.until_on is not None and holding.until_on <= today:
        raise Refused(N_("Vai trò này đã được thu hồi."))
    holding.until_on = max(holding.from_on, today)
    holding.save(update_fields=["until_on"])
    what = _described(holding.role, holding.scope, holding.unit)
    _announce(holding.position_id, RightsNotice.Kind.REVOKED, what, by)


@action("rights.confirmed", permission=CONFIRM_RIGHTS, on=RightsNotice)
def confirm_rights(notice: RightsNotice, *, by: Actor) -> None:
    """Say that one knows of a change of one's rights."""
    if notice.confirmed_at is None:
        notice.confirmed_at = timezone.now()
        notice.save(update_fields=["confirmed_at"])


def _checked(permissions: Iterable[str]) -> list[str]:
    chosen = sorted(set(permissions))
    unknown = [code for code in chosen if code not in all_permissions()]
    if unknown:
        raise Refused(N_("Không có quyền mang mã %(code)s."), field="permissions", code=unknown[0][:60])
    return chosen


def _check_not_own(position: Position, by: Actor) -> None:
    if by.position_id == position.pk:
        raise OwnRights
    if by.person_id is not None and _holds_today(by.person_id, position.pk):
        raise OwnRights


def _holds_today(person_id: UUID, position_id: UUID) -> bool:
    held = Appointment.objects.in_force(timezone.localdate())
    return bool(held.filter(person_id=person_id, position_id=position_id).exists())


def _check_within_reach(scope: str, unit: Unit, by: Actor) -> None:
    reach = coverage(by, GRANT_ROLES.code)
    if scope == RoleHolding.Scope.PROVINCE and not reach.everything:
        raise NotAllowed(reason=GRANT_ROLES.label)
    if not may_at(by, GRANT_ROLES.code, unit.pk):
        raise NotAllowed(reason=GRANT_ROLES.label)


def _described(role: Role, scope: str, unit: Unit) -> str:
    label = RoleHolding.Scope(scope).label
    return f"{role.name} – {unit.name} ({label.lower()})"


def _announce(position_id: UUID, kind: RightsNotice.Kind, what: str, by: Actor) -> None:
    held = Appointment.objects.in_force(timezone.localdate()).filter(position_id=position_id)
    people = tuple(sorted(held.values_list("person_id", flat=True)))
    RightsNotice.objects.bulk_create(
        RightsNotice(position_id=position_id, person_id=person, kind=kind, what=what, changed_by=by.name)
        for person in people
    )
    publish(RightsChanged(position_id=position_id, person_ids=people, what=f"{kind.label}: {what}"))

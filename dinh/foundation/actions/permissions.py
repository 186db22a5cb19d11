"""Who acts, and what a permission is. Plain values; the directory fills them in."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from dinh.kernel.errors import N_

__all__ = [
    "Actor",
    "Grant",
    "Permission",
    "READ_AUDIT",
    "RESEND",
    "SYSTEM_ONLY",
    "Signing",
    "VERIFY_AUDIT",
    "all_permissions",
    "system",
    "visitor",
]

Scope = Literal["own", "unit", "subtree", "province"]
Kind = Literal["visitor", "citizen", "official", "system"]


@dataclass(frozen=True, slots=True)
class Grant:
    """One stable permission code held at one unit, as far as ``scope`` reaches."""

    permission: str
    scope: Scope
    unit_id: UUID


@dataclass(frozen=True, slots=True)
class Signing:
    """An authority to sign at one agency that holds today. ``matters`` are dotted codes, ``*`` is all."""

    agency_id: UUID
    matters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who performs a verb: a visitor, a citizen, an official in the position chosen, or the system.

    ``grants`` are those of the acting position only (rights belong to positions, people hold positions).
    ``roles`` are the stable role codes of that position; steps of procedures name them. ``stands_in_for``
    are positions whose holders are away and whose work the acting position does today. ``signs`` is what
    the acting position itself has authority to sign; a substitute never has the authority of who is away.
    """

    kind: Kind
    name: str
    account_id: UUID | None = None
    person_id: UUID | None = None
    position_id: UUID | None = None
    position: str = ""
    unit_id: UUID | None = None
    agency_id: UUID | None = None
    on_behalf_of: str = ""
    request_id: str = ""
    grants: tuple[Grant, ...] = ()
    roles: frozenset[str] = field(default_factory=frozenset)
    stands_in_for: tuple[UUID, ...] = ()
    signs: tuple[Signing, ...] = ()
    authenticated_at: dt.datetime | None = None

    def holds(self, code: str) -> bool:
        """Whether the acting position holds the permission anywhere at all."""
        return any(grant.permission == code for grant in self.grants)

    @property
    def signed(self) -> str:
        """Name and position, as a record names who did it."""
        return f"{self.name}, {self.position}" if self.position else self.name

    def with_request(self, request_id: str) -> "Actor":
        return replace(self, request_id=request_id)


def system(name: str, *, request_id: str = "") -> Actor:
    """Return the actor of a job or a handler; ``name`` says which, and stands in the audit log."""
    return Actor(kind="system", name=name, request_id=request_id)


def visitor(*, request_id: str = "") -> Actor:
    """Return the actor of somebody who has not signed in."""
    return Actor(kind="visitor", name=N_("Khách"), request_id=request_id)


_permissions: dict[str, "Permission"] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One predicate a permission. ``code`` is dotted and stable for ever; ``label`` is Vietnamese.

    ``may(by, subject)`` answers for one locked subject (None where a verb has no subject yet).
    ``held_by`` says in words who holds it, for the generated matrix.
    """

    code: str
    label: str
    may: Callable[[Actor, Any], bool]
    held_by: str

    def __post_init__(self) -> None:
        known = _permissions.setdefault(self.code, self)
        if known is not self:
            raise ValueError(f"permission {self.code} is declared twice")


def all_permissions() -> dict[str, Permission]:
    """Every declared permission by its code."""
    return dict(_permissions)


SYSTEM_ONLY = Permission(
    code="system",
    label=N_("Chỉ hệ thống"),
    may=lambda by, subject: by.kind == "system",
    held_by=N_("các việc chạy nền của hệ thống"),
)

RESEND = Permission(
    code="outbox.resend",
    label=N_("Gửi lại tin không gửi được"),
    may=lambda by, subject: by.kind == "system" or by.holds("outbox.resend"),
    held_by=N_("quản trị viên hệ thống"),
)

READ_AUDIT = Permission(
    code="audit.read",
    label=N_("Xem nhật ký hệ thống"),
    may=lambda by, subject: any(
        grant.permission == "audit.read" and grant.scope == "province" for grant in by.grants
    ),
    held_by=N_("quản trị viên an toàn thông tin, phạm vi toàn tỉnh"),
)

VERIFY_AUDIT = Permission(
    code="audit.verify",
    label=N_("Kiểm tra niêm phong nhật ký"),
    may=lambda by, subject: by.kind == "system" or READ_AUDIT.may(by, subject),
    held_by=N_("ai xem được nhật ký hệ thống; chính hệ thống, theo lịch"),
)

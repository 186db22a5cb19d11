"""Who may use which key, and who manages them. Authority to sign a matter is the directory's answer."""

from typing import Any

from dinh.foundation.actions.public import Actor, Permission
from dinh.foundation.directory.public import may_at
from dinh.foundation.signing.models import Key
from dinh.kernel.errors import N_

__all__ = ["CHECK_SIGNATURES", "MANAGE_KEYS", "PRESERVE_FILES", "USE_AGENCY_KEY", "USE_KEY"]

_AGENCY_KEY = "signing.use_agency_key"


def _manages(by: Actor, subject: Any) -> bool:
    return by.kind == "system" or by.holds("signing.manage_keys")


def _uses(by: Actor, key: Key) -> bool:
    """A person's key obeys that person alone; an agency's whoever holds it there; a desk's its officials."""
    if key.owner_kind == Key.Owner.PERSON:
        return by.person_id is not None and by.person_id == key.owner_id
    if by.kind == "system":
        return True
    if by.kind != "official":
        return False
    if key.owner_kind == Key.Owner.DESK and key.owner_id in {by.agency_id, by.unit_id}:
        return True
    return may_at(by, _AGENCY_KEY, key.owner_id)


def _holds_agency_key(by: Actor, subject: Any) -> bool:
    return by.kind == "system" or by.holds(_AGENCY_KEY)


def _works_here(by: Actor, subject: Any) -> bool:
    return by.kind in {"official", "system"}


def _anyone(by: Actor, subject: Any) -> bool:
    return True


MANAGE_KEYS = Permission(
    code="signing.manage_keys",
    label=N_("Quản lý chứng thư số"),
    may=_manages,
    held_by=N_("quản trị chữ ký số, và hệ thống khi thiết lập"),
)

USE_AGENCY_KEY = Permission(
    code=_AGENCY_KEY,
    label=N_("Ký số bằng chứng thư của cơ quan"),
    may=_holds_agency_key,
    held_by=N_("văn thư được giao quản lý con dấu, chữ ký số của cơ quan"),
)

USE_KEY = Permission(
    code="signing.use_key",
    label=N_("Ký số bằng chứng thư này"),
    may=_uses,
    held_by=N_(
        "chính chủ với chứng thư cá nhân; văn thư với chứng thư cơ quan; cán bộ một cửa với chứng thư bộ phận"
    ),
)

PRESERVE_FILES = Permission(
    code="signing.preserve_files",
    label=N_("Đóng dấu thời gian cho tệp đã ký"),
    may=_works_here,
    held_by=N_("cán bộ, và hệ thống"),
)

CHECK_SIGNATURES = Permission(
    code="signing.check",
    label=N_("Kiểm tra chữ ký số"),
    may=_anyone,
    held_by=N_("mọi người"),
)

"""Permissions of sign-in."""

from typing import Any

from dinh.foundation.actions.public import Actor, Permission
from dinh.foundation.directory.public import may_at
from dinh.kernel.errors import N_

__all__ = [
    "CHANGE_OWN_ACCOUNT",
    "END_OTHERS_SESSIONS",
    "LINK_IDENTITY",
    "MANAGE_ACCOUNTS",
    "REGISTER",
    "RESET_PASSWORD",
    "SIGN_IN",
]


def _everyone(by: Actor, subject: Any) -> bool:
    return True


def _owns(by: Actor, subject: Any) -> bool:
    """Whether the row (an account or a session) is the person's own."""
    owner = getattr(subject, "account_id", None) or getattr(subject, "pk", None)
    return by.account_id is not None and owner == by.account_id


def _manages(by: Actor, subject: Any) -> bool:
    return by.kind == "system" or by.holds("account.manage")


def _ends_sessions(by: Actor, subject: Any) -> bool:
    """Whether the session's acting position lies in the reach; a session without one, province only."""
    return may_at(by, "session.end_others", subject.position.unit_id if subject.position else None)


SIGN_IN = Permission(code="account.sign_in", label=N_("Đăng nhập"), may=_everyone, held_by=N_("mọi người"))
REGISTER = Permission(
    code="account.register",
    label=N_("Tự đăng ký tài khoản"),
    may=lambda by, subject: by.kind in ("visitor", "system"),
    held_by=N_("người chưa đăng nhập"),
)
CHANGE_OWN_ACCOUNT = Permission(
    code="account.change_own",
    label=N_("Quản lý tài khoản và phiên đăng nhập của mình"),
    may=_owns,
    held_by=N_("chủ tài khoản"),
)
RESET_PASSWORD = Permission(
    code="account.reset_password",
    label=N_("Đặt lại mật khẩu bằng liên kết được gửi"),
    may=lambda by, subject: by.kind == "visitor" or _owns(by, subject),
    held_by=N_("người nhận được liên kết, không đăng nhập bằng tài khoản khác"),
)
END_OTHERS_SESSIONS = Permission(
    code="session.end_others",
    label=N_("Kết thúc phiên đăng nhập của người khác"),
    may=_ends_sessions,
    held_by=N_("quản trị viên"),
)
MANAGE_ACCOUNTS = Permission(
    code="account.manage",
    label=N_("Quản lý tài khoản"),
    may=_manages,
    held_by=N_("quản trị viên"),
)
LINK_IDENTITY = Permission(
    code="account.link_identity",
    label=N_("Liên kết tài khoản với Cổng Dịch vụ công quốc gia"),
    may=lambda by, subject: by.kind == "system" or (by.kind == "citizen" and _owns(by, subject)),
    held_by=N_("người dân, cho tài khoản của mình; hệ thống, theo số định danh đã xác thực"),
)

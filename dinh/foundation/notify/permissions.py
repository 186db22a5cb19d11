"""Who may look after messages and templates. A notice and its preferences are their person's alone."""

from typing import Any

from dinh.foundation.actions.public import Actor, Permission
from dinh.kernel.errors import N_

__all__ = ["CHANGE_OWN_PREFERENCES", "MANAGE_TEMPLATES", "READ_MESSAGES"]


def _is_a_person(by: Actor, subject: Any) -> bool:
    return by.person_id is not None


CHANGE_OWN_PREFERENCES = Permission(
    code="notify.own",
    label=N_("Chọn cách nhận thông báo của mình"),
    may=_is_a_person,
    held_by=N_("mọi người đã đăng nhập"),
)

READ_MESSAGES = Permission(
    code="notify.read",
    label=N_("Xem tin gửi ra ngoài hệ thống"),
    may=lambda by, subject: by.holds("notify.read"),
    held_by=N_("quản trị viên hệ thống"),
)

MANAGE_TEMPLATES = Permission(
    code="notify.templates",
    label=N_("Soạn và ban hành mẫu tin"),
    may=lambda by, subject: by.holds("notify.templates"),
    held_by=N_("quản trị viên nội dung"),
)

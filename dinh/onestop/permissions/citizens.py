"""What people may do with their own."""

from typing import TYPE_CHECKING

from dinh.foundation.actions.public import Actor, Permission
from dinh.kernel.errors import N_
from dinh.onestop.models import Representation

if TYPE_CHECKING:
    from dinh.onestop.models import Dossier, Draft
from dinh.onestop.permissions.who import owns_dossier

__all__ = [
    "ANSWER_OFFER",
    "BEGIN_AGAIN",
    "BOOK_VISIT",
    "DRAW_NUMBER",
    "EDIT_DRAFT",
    "END_REPRESENTATION",
    "FOLLOW_DOSSIER",
    "OWN_VISIT",
    "START_DRAFT",
]


def _is_citizen(by: Actor, subject: object) -> bool:
    return by.kind == "citizen" and by.person_id is not None


def _follows(by: Actor, dossier: "Dossier") -> bool:
    """The owner; or the house, for who filed at the national portal and goes on there."""
    return owns_dossier(by, dossier) or (by.kind == "system" and bool(dossier.external_code))


def _owns_draft(by: Actor, draft: "Draft") -> bool:
    return by.kind == "citizen" and draft.owner_id == by.person_id


def _is_a_side(by: Actor, representation: Representation) -> bool:
    sides = (representation.person_id, representation.principal_id)
    return by.kind == "citizen" and by.person_id is not None and by.person_id in sides


START_DRAFT = Permission(
    code="draft.start",
    label=N_("Bắt đầu điền hồ sơ"),
    may=_is_citizen,
    held_by=N_("công dân đã đăng nhập"),
)
EDIT_DRAFT = Permission(
    code="draft.edit",
    label=N_("Điền và nộp hồ sơ của mình"),
    may=_owns_draft,
    held_by=N_("công dân là người lập hồ sơ"),
)
BEGIN_AGAIN = Permission(
    code="draft.begin_again",
    label=N_("Nộp lại từ hồ sơ của mình đã kết thúc"),
    may=owns_dossier,
    held_by=N_("công dân là chủ hồ sơ, hoặc đang đại diện cho chủ hồ sơ"),
)
FOLLOW_DOSSIER = Permission(
    code="dossier.follow",
    label=N_("Theo dõi, bổ sung, đánh giá hồ sơ của mình"),
    may=_follows,
    held_by=N_("công dân là chủ hồ sơ, hoặc đang đại diện cho chủ hồ sơ; Cổng quốc gia với hồ sơ nộp tại đó"),
)
END_REPRESENTATION = Permission(
    code="representation.end",
    label=N_("Chấm dứt việc đại diện"),
    may=_is_a_side,
    held_by=N_("người đại diện và người được đại diện"),
)
ANSWER_OFFER = Permission(
    code="form.answer",
    label=N_("Xác nhận tờ khai cán bộ nhập hộ"),
    may=lambda by, subject: by.kind != "system",
    held_by=N_("người có địa chỉ của tờ khai, trong nửa giờ"),
)
DRAW_NUMBER = Permission(
    code="queue.draw",
    label=N_("Lấy số thứ tự, bỏ số của mình"),
    may=lambda by, subject: by.kind != "system",
    held_by=N_("mọi người; bỏ số thì người có địa chỉ của số"),
)
BOOK_VISIT = Permission(
    code="visit.book",
    label=N_("Hẹn giờ đến làm việc"),
    may=_is_citizen,
    held_by=N_("công dân đã đăng nhập"),
)
OWN_VISIT = Permission(
    code="visit.own",
    label=N_("Đổi giờ, hủy lịch hẹn của mình"),
    may=lambda by, visit: by.kind == "system" or (by.kind == "citizen" and visit.person_id == by.person_id),
    held_by=N_("công dân đã hẹn; hệ thống khi bộ phận nghỉ"),
)

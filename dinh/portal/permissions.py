"""Who may do what in the portal as a public place."""

from typing import Any

from dinh.foundation.actions.public import Actor, Permission
from dinh.foundation.directory.public import coverage, may_at
from dinh.kernel.errors import N_

__all__ = [
    "ANSWER_PETITIONS",
    "APPROVE_PETITIONS",
    "EDIT_CONSULTATIONS",
    "EDIT_CONTENT",
    "OPEN_CONSULTATIONS",
    "PASS_ON_PETITIONS",
    "PUBLISH_CONTENT",
    "PUBLISH_PETITIONS",
    "RATE_PETITION",
    "SEND_COMMENT",
    "SEND_PETITION",
]


def _may_send(by: Actor, subject: Any) -> bool:
    return by.kind in ("citizen", "visitor", "system")


def _may_pass_on(by: Actor, subject: Any) -> bool:
    return coverage(by, "petition.pass_on").everything


def _may_answer(by: Actor, subject: Any) -> bool:
    return may_at(by, "petition.answer", subject.agency_id if subject is not None else None)


def _may_approve(by: Actor, subject: Any) -> bool:
    """At the agency, and somebody else than who wrote the answer."""
    if subject is None or not may_at(by, "petition.approve", subject.agency_id):
        return False
    return by.kind == "system" or subject.answerer_id != by.person_id


def _may_publish(by: Actor, subject: Any) -> bool:
    return coverage(by, "petition.publish").everything


def _is_sender(by: Actor, subject: Any) -> bool:
    """The citizen whose account sent it; what came without an account is opened by code and contact."""
    if subject is None:
        return False
    if subject.owner_id is None:
        return by.kind in ("visitor", "citizen", "system")
    return by.kind == "citizen" and by.person_id == subject.owner_id


def _may_edit_consultation(by: Actor, subject: Any) -> bool:
    """At the agency that drafts; asked of a comment, at its consultation's."""
    consultation = getattr(subject, "consultation", subject)
    return may_at(by, "consultation.edit", getattr(consultation, "agency_id", None))


SEND_PETITION = Permission(
    code="petition.send",
    label=N_("Gửi phản ánh, kiến nghị, câu hỏi"),
    may=_may_send,
    held_by=N_("người dân, doanh nghiệp, không cần tài khoản; cán bộ dùng tài khoản cá nhân của mình"),
)
PASS_ON_PETITIONS = Permission(
    code="petition.pass_on",
    label=N_("Tiếp nhận và chuyển phản ánh, kiến nghị"),
    may=_may_pass_on,
    held_by=N_("bộ phận tiếp nhận phản ánh, kiến nghị của tỉnh, phạm vi toàn tỉnh"),
)
ANSWER_PETITIONS = Permission(
    code="petition.answer",
    label=N_("Soạn trả lời phản ánh, kiến nghị"),
    may=_may_answer,
    held_by=N_("cán bộ trả lời của cơ quan được chuyển"),
)
APPROVE_PETITIONS = Permission(
    code="petition.approve",
    label=N_("Duyệt trả lời phản ánh, kiến nghị"),
    may=_may_approve,
    held_by=N_("lãnh đạo cơ quan được chuyển, không phải người soạn trả lời"),
)
PUBLISH_PETITIONS = Permission(
    code="petition.publish",
    label=N_("Công khai phản ánh, kiến nghị và trả lời"),
    may=_may_publish,
    held_by=N_("biên tập cổng, phạm vi toàn tỉnh"),
)
RATE_PETITION = Permission(
    code="petition.rate",
    label=N_("Đánh giá trả lời của phản ánh, kiến nghị"),
    may=_is_sender,
    held_by=N_("người đã gửi phản ánh, kiến nghị"),
)
EDIT_CONTENT = Permission(
    code="content.edit",
    label=N_("Soạn tin, trang, văn bản, thông báo, thực đơn của cổng"),
    may=lambda by, subject: coverage(by, "content.edit").everything,
    held_by=N_("biên tập cổng, phạm vi toàn tỉnh"),
)
PUBLISH_CONTENT = Permission(
    code="content.publish",
    label=N_("Duyệt công bố và gỡ nội dung của cổng"),
    may=lambda by, subject: coverage(by, "content.publish").everything,
    held_by=N_("trưởng ban biên tập cổng, không phải người soạn, phạm vi toàn tỉnh"),
)
SEND_COMMENT = Permission(
    code="comment.send",
    label=N_("Gửi ý kiến về dự thảo"),
    may=_may_send,
    held_by=N_("người dân, doanh nghiệp, không cần tài khoản; cán bộ dùng tài khoản cá nhân của mình"),
)
EDIT_CONSULTATIONS = Permission(
    code="consultation.edit",
    label=N_("Soạn dự thảo lấy ý kiến, xem xét và trả lời ý kiến"),
    may=_may_edit_consultation,
    held_by=N_("cơ quan soạn thảo, biên tập cổng, trong phạm vi được giao"),
)
OPEN_CONSULTATIONS = Permission(
    code="consultation.open",
    label=N_("Mở lấy ý kiến dự thảo và công bố tổng hợp"),
    may=lambda by, subject: coverage(by, "consultation.open").everything,
    held_by=N_("trưởng ban biên tập cổng, không phải người soạn, phạm vi toàn tỉnh"),
)

"""Correcting where the applicant of a dossier is reached: what may be written, and what is refused."""

from dataclasses import dataclass

from dinh.kernel.contacts import is_email, national_number
from dinh.kernel.errors import N_, Refused

__all__ = ["CORRECTABLE", "ContactEnded", "DossierContactChange", "check_correction"]

# States in which somebody is still told of the dossier.
CORRECTABLE = ("submitted", "supplement", "processing", "done")
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class DossierContactChange:
    """A dossier's telephone and e-mail as they shall be (empty: none), and why."""

    phone: str
    email: str
    reason: str


class PhoneNotRight(Refused):
    message = N_("Số điện thoại chưa đúng. Hãy nhập như 0912 345 678, hoặc để trống.")


class EmailNotRight(Refused):
    message = N_("Thư điện tử chưa đúng. Hãy nhập như ten@vidu.vn, hoặc để trống.")


class NoContactLeft(Refused):
    message = N_("Hãy để lại số điện thoại hoặc thư điện tử, để cơ quan còn báo được cho người nộp.")


class SameContact(Refused):
    message = N_("Số điện thoại và thư điện tử không khác với hồ sơ. Hãy sửa, hoặc quay lại hồ sơ.")


class ReasonMissing(Refused):
    message = N_("Hãy ghi lý do sửa, ví dụ “Nhập nhầm số khi tiếp nhận”.")


class ContactEnded(Refused):
    message = N_("Hồ sơ đã kết thúc nên không sửa thông tin liên lạc nữa.")


def check_correction(
    change: DossierContactChange, *, phone: str, email: str, has_account: bool
) -> DossierContactChange:
    """Return the change as it is kept. ``phone`` and ``email`` are the present ones; ``has_account``: the
    applicant is told in their account in any case, so both may be left out.

    Raises a refusal at its field.
    """
    number = national_number(change.phone.strip())
    if change.phone.strip() and not number:
        raise PhoneNotRight(field="phone")
    mailbox = change.email.strip()
    if mailbox and not is_email(mailbox):
        raise EmailNotRight(field="email")
    if not (number or mailbox or has_account):
        raise NoContactLeft(field="phone")
    if (number, mailbox) == (phone, email):
        raise SameContact(field="phone")
    reason = " ".join(change.reason.split())[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing(field="reason")
    return DossierContactChange(phone=number, email=mailbox, reason=reason)

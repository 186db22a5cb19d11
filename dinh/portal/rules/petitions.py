"""Petitions and questions: their states, their legal time, and what may be published of them."""

import re
from collections.abc import Iterable

from dinh.kernel.clocks import Limit
from dinh.kernel.contacts import is_email, national_number
from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import say
from dinh.kernel.states import State, StateMachine, Transition, moves
from dinh.kernel.text import clean, fold

__all__ = [
    "ANSWER_LIMIT",
    "CODE_LETTERS",
    "KINDS",
    "MOST_TEXT",
    "PETITION",
    "SCORES",
    "ContactUnknown",
    "PersonalDataLeft",
    "PetitionIncomplete",
    "check_contact",
    "check_required",
    "check_without_personal_data",
    "clean_lines",
    "without_personal_data",
]

KINDS = {
    "question": N_("Hỏi đáp"),
    "feedback": N_("Phản ánh"),
    "proposal": N_("Kiến nghị"),
}

# NĐ 43/2011/NĐ-CP, Điều 17: a question is answered within 15 working days. The province holds petitions to
# the same limit.
ANSWER_LIMIT = Limit.of(15, "working_days")

# TT 32/2017/TT-BTTTT, Điều 12: the three answers of every rating.
SCORES = {3: N_("Rất hài lòng"), 2: N_("Hài lòng"), 1: N_("Chưa hài lòng")}

# Letters and digits that nobody mistakes for one another.
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
MOST_TEXT = 5000

PETITION = StateMachine(
    subject=N_("phản ánh, kiến nghị"),
    initial="received",
    states=(
        State("received", N_("Đã tiếp nhận")),
        State("assigned", N_("Đã chuyển cơ quan trả lời")),
        State("drafted", N_("Chờ duyệt trả lời")),
        State("answered", N_("Đã trả lời")),
        State("published", N_("Đã trả lời và công khai")),
        State("declined", N_("Không thuộc phạm vi tiếp nhận")),
    ),
    verbs={
        "assign": N_("Chuyển cơ quan"),
        "decline": N_("Không tiếp nhận"),
        "draft": N_("Soạn trả lời"),
        "send_back": N_("Trả lại để soạn lại"),
        "approve": N_("Duyệt trả lời"),
        "publish": N_("Công khai"),
        "rate": N_("Đánh giá trả lời"),
    },
    transitions=(
        *moves(("received", "assigned"), "assign", "assigned"),
        *moves(("received", "assigned"), "decline", "declined"),
        *moves(("assigned", "drafted"), "draft", "drafted"),
        Transition("drafted", "send_back", "assigned"),
        Transition("drafted", "approve", "answered"),
        Transition("answered", "publish", "published"),
        Transition("answered", "rate", "answered"),
        Transition("published", "rate", "published"),
    ),
)


class PetitionIncomplete(Refused):
    message = N_("Hãy nhập %(what)s.")


class ContactUnknown(Refused):
    message = N_(
        "Hãy nhập số điện thoại hoặc địa chỉ thư điện tử, ví dụ 0900 000 123 hoặc an@example.vn,"
        " để cơ quan gửi trả lời."
    )


class PersonalDataLeft(Refused):
    message = N_(
        "Bản công khai còn “%(found)s” là thông tin cá nhân của người gửi. Hãy bỏ hoặc thay bằng dấu ••• rồi"
        " công khai."
    )


def clean_lines(text: str, *, most: int = MOST_TEXT) -> str:
    """Return a text of several lines as people mean it: each line clean, at most one empty line between."""
    lines = [clean(line) for line in text[: 2 * most].replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:most]


def check_required(value: str, field: str, what: str) -> str:
    """Return the value, cleaned before. Raises ``PetitionIncomplete`` at ``field`` when it is empty.

    ``what`` names the thing in the sentence and is marked for translation.
    """
    if not value:
        raise PetitionIncomplete(what=say(what), field=field)
    return value


def check_contact(phone: str, email: str) -> tuple[str, str]:
    """Return telephone and mailbox as they are kept; one of both is needed.

    Raises ``ContactUnknown`` at ``phone`` or ``email``.
    """
    number, mailbox = national_number(phone), email.strip().lower()
    if phone.strip() and not number:
        raise ContactUnknown(field="phone")
    if mailbox and not is_email(mailbox):
        raise ContactUnknown(field="email")
    if not number and not mailbox:
        raise ContactUnknown(field="phone")
    return number, mailbox


_HIDDEN = "•••"
_IDENTITY = re.compile(r"(?<!\d)\d{3}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}(?!\d)|(?<!\d)\d{9}(?!\d)")
_PHONE = re.compile(r"(?<![\d.])(?:\+84|84|0)(?:[ .\-]?\d){8,10}(?!\d)")
_MAILBOX = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+")


def without_personal_data(text: str, *, own: Iterable[str] = ()) -> str:
    """Return the text with what looks like a person's number or address hidden: a proposal for the editor.

    Hidden are personal identification numbers, telephone numbers, mailboxes, and every word of ``own``: the
    sender's name, address, telephone.
    """
    for pattern in (_MAILBOX, _IDENTITY, _PHONE):
        text = pattern.sub(_HIDDEN, text)
    for word in sorted(filter(None, (clean(one) for one in own)), key=len, reverse=True):
        text = re.sub(re.escape(word), _HIDDEN, text, flags=re.IGNORECASE)
    return text


def check_without_personal_data(text: str, *, field: str, own: Iterable[str]) -> str:
    """Return the text. Raises ``PersonalDataLeft`` for an identification number or a word of ``own`` in it.

    An agency's own telephone number or mailbox may stand in an answer; the sender's may not.
    """
    found = _IDENTITY.search(text)
    if found:
        raise PersonalDataLeft(found=found[0], field=field)
    folded, digits = fold(text), re.sub(r"[\s.\-()]", "", text)
    for word in filter(None, (clean(one) for one in own)):
        number = national_number(word)
        if fold(word) in folded or (number and number in digits):
            raise PersonalDataLeft(found=word, field=field)
    return text

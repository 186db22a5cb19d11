"""What editors write: kinds, the way to publication, addresses, menus, notices, differences."""

import datetime as dt
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import say
from dinh.kernel.states import State, StateMachine, Transition, moves
from dinh.kernel.text import clean, fold
from dinh.kernel.worktime import WorkCalendar

__all__ = [
    "DOCUMENT_TYPES",
    "KINDS",
    "MENUS",
    "TOPICS",
    "VERSION",
    "AltMissing",
    "ContentIncomplete",
    "Difference",
    "MenuLine",
    "MenuWrong",
    "NoticePeriodWrong",
    "NoticeTooLate",
    "SlugTaken",
    "check_notice",
    "differences",
    "menu_lines",
    "need",
    "slug_of",
]

Kind = Literal["news", "page", "document", "notice", "menu"]

KINDS = {
    "news": N_("Tin tức"),
    "page": N_("Trang"),
    "document": N_("Văn bản"),
    "notice": N_("Thông báo bảo trì"),
    "menu": N_("Thực đơn"),
}

TOPICS = {
    "reform": N_("Cải cách hành chính"),
    "service": N_("Dịch vụ công"),
    "digital": N_("Chuyển đổi số"),
    "life": N_("Đời sống"),
    "event": N_("Sự kiện"),
}

# NĐ 30/2020 Art. 7 and the Law on normative documents: those that a province publishes.
DOCUMENT_TYPES = {
    "nghi-quyet": N_("Nghị quyết"),
    "quyet-dinh": N_("Quyết định"),
    "chi-thi": N_("Chỉ thị"),
    "ke-hoach": N_("Kế hoạch"),
    "thong-bao": N_("Thông báo"),
    "cong-van": N_("Công văn"),
    "huong-dan": N_("Hướng dẫn"),
}

# The menus that there are: by their slug.
MENUS = {"thanh-chinh": N_("Thanh chính"), "chan-trang": N_("Chân trang")}

VERSION = StateMachine(
    subject=N_("bản nội dung"),
    initial="draft",
    states=(
        State("draft", N_("Bản thảo")),
        State("submitted", N_("Chờ duyệt")),
        State("returned", N_("Bị trả lại")),
        State("approved", N_("Đã duyệt")),
    ),
    verbs={
        "edit": N_("Sửa"),
        "submit": N_("Trình duyệt"),
        "return": N_("Trả lại"),
        "approve": N_("Duyệt"),
    },
    transitions=(
        *moves(("draft", "returned"), "edit", "draft"),
        Transition("draft", "submit", "submitted"),
        Transition("submitted", "return", "returned"),
        Transition("submitted", "approve", "approved"),
    ),
)


class ContentIncomplete(Refused):
    message = N_("Hãy nhập %(what)s.")


class SlugTaken(Refused):
    message = N_("Đã có nội dung khác ở địa chỉ “%(slug)s”. Hãy chọn địa chỉ khác.")


class AltMissing(Refused):
    message = N_("Hãy mô tả ảnh bằng một câu: người không nhìn thấy ảnh đọc câu này.")


class NoticePeriodWrong(Refused):
    message = N_(
        "Thông báo phải có giờ bắt đầu và giờ kết thúc, kết thúc sau bắt đầu, dạng 08:00 21/11/2026."
    )


class NoticeTooLate(Refused):
    message = N_(
        "Bảo trì phải được báo trước ít nhất một ngày làm việc, tức là chậm nhất %(by)s. Hãy lùi giờ bắt đầu,"
        " hoặc đánh dấu là sự cố đột xuất."
    )


class MenuWrong(Refused):
    message = N_(
        "Dòng %(line)s không đọc được: “%(text)s”. Mỗi dòng gồm: Nhãn | Nhãn tiếng Anh | địa chỉ bắt đầu"
        " bằng / hoặc https://."
    )


def need(value: str, field: str, what: str) -> str:
    """Return the value. Raises ``ContentIncomplete`` at the field when it is empty; ``what`` is marked."""
    if not value:
        raise ContentIncomplete(what=say(what), field=field)
    return value


def slug_of(text: str) -> str:
    """Return the piece of an address for a title: folded words with hyphens, at most 80 characters."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > 80:
            break
        slug = longer
    return slug or (words[0][:80] if words else "")


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One line of a menu: what it says in both languages (English may be empty), and where it leads."""

    label: str
    label_en: str
    address: str


_ADDRESS = re.compile(r"/(?!/)[\w\-./?=&%#]*|https://[\w\-.]+(?::\d+)?(?:/[\w\-./?=&%#~+,;:@!]*)?")


def menu_lines(text: str) -> list[MenuLine]:
    """Return the lines of a menu as typed, empty ones left out. Raises ``MenuWrong`` at ``body``.

    An address is a path of this portal or a full https address; anything else (a script, another scheme,
    a protocol-relative address) is refused.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [clean(part) for part in line.split("|")]
        if len(parts) == 2:
            parts.insert(1, "")
        if len(parts) != 3 or not parts[0] or not _ADDRESS.fullmatch(parts[2]):
            raise MenuWrong(line=number, text=clean(line)[:80], field="body")
        found.append(MenuLine(*parts))
    return found


def check_notice(
    shows_from: dt.datetime | None,
    shows_until: dt.datetime | None,
    *,
    is_urgent: bool,
    calendar: WorkCalendar,
    now: dt.datetime,
) -> None:
    """Check when a maintenance begins and ends, and that it is announced a working day before.

    TT 32/2017/TT-BTTTT: at least one working day before; a failure that nobody foresaw is announced at once.
    Raises ``NoticePeriodWrong`` or ``NoticeTooLate``.
    """
    if shows_from is None or shows_until is None or shows_until <= shows_from:
        raise NoticePeriodWrong(field="shows_from")
    if is_urgent:
        return
    latest = calendar.subtract_working_time(shows_from, calendar.working_day)
    if now > latest:
        raise NoticeTooLate(by=f"{latest:%H:%M %d/%m/%Y}", field="shows_from")


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of a comparison: ``sign`` is "added", "removed" or "same"."""

    sign: Literal["added", "removed", "same"]
    text: str


def differences(old: str, new: str) -> list[Difference]:
    """Compare two texts line by line; of what did not change, one line beside each change is kept."""
    return list(_differences(old.splitlines(), new.splitlines()))


def _differences(old: list[str], new: list[str]) -> Iterator[Difference]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(1):
        for what, old_from, old_to, new_from, new_to in group:
            if what == "equal":
                yield from (Difference("same", line) for line in old[old_from:old_to])
                continue
            yield from (Difference("removed", line) for line in old[old_from:old_to])
            yield from (Difference("added", line) for line in new[new_from:new_to])

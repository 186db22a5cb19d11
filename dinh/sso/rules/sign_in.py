"""Names, passwords, waiting after wrong guesses, safe addresses."""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from dinh.kernel.contacts import is_email, is_identity_number, is_possible_number, national_number
from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.text import clean

__all__ = [
    "ACCOUNT_ADDRESS_POLICY",
    "ACCOUNT_POLICY",
    "ADDRESS_POLICY",
    "DEVICE_POLICY",
    "Guesses",
    "InvalidContact",
    "InvalidIdentityNumber",
    "InvalidName",
    "InvalidUsername",
    "LOOKUP_POLICY",
    "REGISTER_POLICY",
    "RESET_NAME_POLICY",
    "SEND_POLICY",
    "TooManyAttempts",
    "TooManyCodes",
    "TooManyLookups",
    "TooManyResets",
    "TooManySent",
    "WaitPolicy",
    "WeakPassword",
    "begin_anew",
    "blocked_until",
    "check_password",
    "clean_contact",
    "clean_full_name",
    "clean_identity_number",
    "clean_password",
    "check_username",
    "clean_username",
    "describe_device",
    "delay_after",
    "fail",
    "pardon",
    "safe_next",
]

PASSWORD_LENGTH = (10, 256)


# --- Names and contacts ---------------------------------------------------------------------------


class InvalidUsername(Refused):
    message = N_(
        "Tên đăng nhập này không dùng được. Hãy dùng từ 3 đến 60 chữ cái không dấu, chữ số, "
        "dấu chấm, gạch dưới, gạch nối hoặc @."
    )


class InvalidContact(Refused):
    message = N_(
        "Đây không phải số điện thoại hay địa chỉ thư điện tử. "
        "Hãy nhập số di động 10 chữ số (ví dụ 0900 000 123) hoặc địa chỉ thư (ví dụ an@example.vn)."
    )


class InvalidName(Refused):
    message = N_("Hãy nhập đủ họ, chữ đệm (nếu có) và tên như trên thẻ căn cước.")


class InvalidIdentityNumber(Refused):
    message = N_("Số định danh cá nhân gồm đúng 12 chữ số. Hãy xem mặt trước thẻ căn cước và nhập lại.")


def clean_username(typed: str) -> str:
    """Return the stored form of a name as people type it: composed, without spaces around, lower case; a
    telephone number in its national form, however it is spaced.
    """
    text = unicodedata.normalize("NFKC", typed).strip().lower()
    return number if len(number := national_number(text)) == 10 else text


def check_username(username: str) -> None:
    """Raise ``InvalidUsername`` unless a new account may bear the (cleaned) name."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@+-]{2,59}", username):
        raise InvalidUsername(field="username")


def clean_contact(typed: str) -> tuple[str, str]:
    """Return ``("phone" | "email", value)`` of a contact; a phone in its national form 0xxxxxxxxx."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        raise InvalidContact(N_("Hãy nhập số điện thoại hoặc địa chỉ thư điện tử."), field="contact")
    number = national_number(text)
    if len(number) == 10:
        return "phone", number
    if len(text) <= 60 and is_email(text):
        return "email", text.lower()
    raise InvalidContact(field="contact")


def clean_full_name(typed: str) -> str:
    """Return a person's name, composed and with single spaces: two words at least, letters only."""
    name = clean(typed)
    letters = re.sub(r"[\s'’.-]", "", name)
    if len(name) > 120 or " " not in name or not letters.isalpha():
        raise InvalidName(field="full_name")
    return name


class ImpossibleIdentityNumber(InvalidIdentityNumber):
    message = N_(
        "Không có số định danh nào như vậy: ba số đầu là mã tỉnh, thành phố từ 001 đến 096; số thứ tư,"
        " thứ năm và thứ sáu chỉ giới tính và năm sinh. Hãy xem mặt trước thẻ căn cước và nhập lại."
    )


def clean_identity_number(typed: str, *, this_year: int | None = None) -> str:
    """Return the 12 digits of a personal identification number (Luật Căn cước 2023, Đ.12): the form of it,
    and with ``this_year`` also that somebody may have it.
    """
    digits = re.sub(r"[\s.]", "", unicodedata.normalize("NFKC", typed))
    if not digits:
        raise InvalidIdentityNumber(N_("Hãy nhập số định danh cá nhân."), field="identity_number")
    if not is_identity_number(digits):
        raise InvalidIdentityNumber(field="identity_number")
    if this_year is not None and not is_possible_number(digits, this_year=this_year):
        raise ImpossibleIdentityNumber(field="identity_number")
    return digits


# --- Passwords ------------------------------------------------------------------------------------


class WeakPassword(Refused):
    message = N_("Mật khẩu này dễ đoán. Hãy chọn mật khẩu khác.")


def clean_password(typed: str) -> str:
    """Return what is hashed: keyboards write the same Vietnamese letter in several ways (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", typed)


def check_password(password: str, *, common: Collection[str], about: Collection[str]) -> None:
    """Raise ``WeakPassword`` unless the password may be chosen.

    After NIST SP 800-63B: length, not on the list of ``common`` passwords (lower case), not built of
    the person's own words ``about`` (name, number, phone), no rule of composition.
    """
    shortest, longest = PASSWORD_LENGTH
    folded = password.lower()
    if len(password) < shortest:
        raise WeakPassword(
            N_(
                "Mật khẩu ngắn hơn %(shortest)d ký tự. "
                "Hãy dùng ít nhất %(shortest)d ký tự, ví dụ một câu ngắn."
            ),
            field="password",
            shortest=shortest,
        )
    if len(password) > longest:
        raise WeakPassword(
            N_("Mật khẩu dài quá %(longest)d ký tự. Hãy rút ngắn lại."), field="password", longest=longest
        )
    if folded in common or _plain_word(folded) in common or _is_monotonous(folded):
        raise WeakPassword(
            N_(
                "Mật khẩu này nằm trong số mật khẩu nhiều người dùng nên rất dễ đoán. Hãy chọn mật khẩu khác."
            ),
            field="password",
        )
    if any(len(word) >= 4 and word.lower() in folded and len(word) * 2 >= len(folded) for word in about):
        raise WeakPassword(
            N_(
                "Mật khẩu này gần giống tên, số định danh hoặc số điện thoại của Ông/Bà. "
                "Hãy chọn mật khẩu khác."
            ),
            field="password",
        )


def _plain_word(folded: str) -> str:
    """Take away digits and signs around a word: ``password2026!`` is ``password``."""
    return folded.strip("0123456789!@#$%^&*._- ")


def _is_monotonous(folded: str) -> bool:
    """Whether it is one or two characters repeated, or a run along the alphabet, digits or keyboard."""
    if len(set(folded)) <= 2:
        return True
    runs = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
    return any(folded in run or folded in run[::-1] for run in runs)


# --- Waiting after wrong guesses ------------------------------------------------------------------


class TooManyAttempts(Refused):
    message = N_("Đã có nhiều lần nhập sai liên tiếp. Hãy chờ %(wait)s rồi thử lại.")

    def __init__(self, until: dt.datetime, now: dt.datetime) -> None:
        self.seconds = max(1, -(-int((until - now).total_seconds() * 1000) // 1000))
        super().__init__(wait=_wait_in_words(self.seconds))


class TooManyLookups(TooManyAttempts):
    message = N_("Đã có nhiều lượt tra cứu từ mạng này. Hãy chờ %(wait)s rồi thử lại.")


class TooManyCodes(TooManyAttempts):
    message = N_("Đã gửi nhiều mã. Tin có thể đến chậm vài phút. Hãy chờ %(wait)s rồi gửi lại.")


class TooManySent(TooManyAttempts):
    message = N_(
        "Đã có nhiều nội dung gửi từ mạng này. Nội dung vẫn còn trên trang; hãy chờ %(wait)s rồi gửi lại."
    )


class TooManyResets(TooManyAttempts):
    message = N_(
        "Đã có nhiều lần yêu cầu đặt lại mật khẩu. Liên kết đã gửi có thể đến chậm vài phút. "
        "Hãy chờ %(wait)s rồi thử lại."
    )


def _wait_in_words(seconds: int) -> Sentence:
    if seconds < 60:
        return say(N_("%(count)d giây"), count=seconds)
    return say(N_("%(count)d phút"), count=-(-seconds // 60))


@dataclass(frozen=True, slots=True)
class WaitPolicy:
    """After ``free`` failures the wait is ``first`` and doubles up to ``longest``; one failure is
    forgotten every ``forget_one``, evenly.
    """

    free: int
    first: dt.timedelta
    longest: dt.timedelta
    forget_one: dt.timedelta


# One account guessed from one address. The usual case; strict.
ACCOUNT_ADDRESS_POLICY = WaitPolicy(
    free=5,
    first=dt.timedelta(seconds=5),
    longest=dt.timedelta(minutes=15),
    forget_one=dt.timedelta(minutes=10),
)
# One account guessed from anywhere. The longest wait is short, so that strangers can't keep a person
# out; still all of them together get fewer than 1,500 guesses a day.
ACCOUNT_POLICY = WaitPolicy(
    free=20,
    first=dt.timedelta(seconds=5),
    longest=dt.timedelta(minutes=1),
    forget_one=dt.timedelta(minutes=15),
)
# A browser in which the person has signed in before has its own count (OWASP: device cookies), so
# strangers' guesses don't touch it at all.
DEVICE_POLICY = ACCOUNT_ADDRESS_POLICY
# One address trying many accounts. An office behind one address makes many honest mistakes.
ADDRESS_POLICY = WaitPolicy(
    free=60,
    first=dt.timedelta(seconds=2),
    longest=dt.timedelta(minutes=5),
    forget_one=dt.timedelta(seconds=30),
)
# New accounts from one address: a commune's desk helps many people in a day.
REGISTER_POLICY = WaitPolicy(
    free=20,
    first=dt.timedelta(seconds=30),
    longest=dt.timedelta(minutes=30),
    forget_one=dt.timedelta(minutes=3),
)
# Links for one forgotten password: a stranger who asks over and over fills nobody's mailbox.
RESET_NAME_POLICY = WaitPolicy(
    free=3,
    first=dt.timedelta(minutes=1),
    longest=dt.timedelta(minutes=30),
    forget_one=dt.timedelta(minutes=30),
)
# Questions that anyone may ask by a code (tracking, results): a person asks a few, a program that tries
# codes one after the other gets about six a minute.
LOOKUP_POLICY = WaitPolicy(
    free=30,
    first=dt.timedelta(seconds=5),
    longest=dt.timedelta(minutes=1),
    forget_one=dt.timedelta(seconds=10),
)
# What anyone may send without an account (petitions, comments): a family sends a few, a program that
# floods an office with them gets one in a quarter of an hour.
SEND_POLICY = WaitPolicy(
    free=6,
    first=dt.timedelta(minutes=1),
    longest=dt.timedelta(minutes=15),
    forget_one=dt.timedelta(minutes=10),
)
# Failures beyond the free ones that are still counted; bounds how long forgetting takes.
_COUNTED_BEYOND = 12


@dataclass(frozen=True, slots=True)
class Guesses:
    """How many failures are remembered under one key, and until when the next guess must wait."""

    failures: float
    counted_at: dt.datetime
    blocked_until: dt.datetime


def delay_after(failures: float, policy: WaitPolicy) -> dt.timedelta:
    """Return how long to wait after so many failures: nothing, then growing, never beyond the longest."""
    whole = round(failures)
    if whole < policy.free:
        return dt.timedelta(0)
    doublings = min(whole - policy.free, _COUNTED_BEYOND)
    return min(policy.longest, policy.first * (1 << doublings))


def fail(guesses: Guesses, policy: WaitPolicy, *, now: dt.datetime) -> Guesses:
    """Count one more failure, after forgetting what time has forgotten."""
    forgotten = (now - guesses.counted_at) / policy.forget_one
    remembered = max(0.0, guesses.failures - max(0.0, forgotten))
    failures = min(remembered + 1, float(policy.free + _COUNTED_BEYOND))
    return Guesses(failures, now, now + delay_after(failures, policy))


def pardon(guesses: Guesses) -> Guesses:
    """Take back one failure that was counted in advance and turned out right."""
    return Guesses(max(0.0, guesses.failures - 1), guesses.counted_at, guesses.counted_at)


def begin_anew(guesses: Guesses) -> Guesses:
    """Forget all failures under a key that is the person's own."""
    return Guesses(0.0, guesses.counted_at, guesses.counted_at)


def blocked_until(guesses: Guesses, *, now: dt.datetime) -> dt.datetime | None:
    """Return until when the next guess must wait, or None.

    A wait that ends when it was counted is no wait, even to a request whose clock was read earlier.
    """
    return guesses.blocked_until if guesses.blocked_until > max(now, guesses.counted_at) else None


# --- Addresses and devices ------------------------------------------------------------------------


def safe_next(address: str, *, fallback: str) -> str:
    """Return a path of this site to go to after signing in, else ``fallback``.

    Only a path with query is taken: no scheme, host, backslash or control character, which browsers
    read as another site's address.
    """
    if not address.startswith("/") or address.startswith(("//", "/\\")) or "\\" in address:
        return fallback
    if len(address) > 2000 or any(unicodedata.category(letter)[0] == "C" for letter in address):
        return fallback
    parts = urlsplit(address)
    return fallback if parts.scheme or parts.netloc else address


def describe_device(user_agent: str) -> Sentence:
    """Return a browser and system in words people know: ``Chrome trên Windows``."""
    browsers = (
        ("Edg", "Edge"),
        ("coc_coc", "Cốc Cốc"),  # data: its name
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in user_agent), say(N_("Trình duyệt khác")))
    system = next((name for mark, name in systems if mark in user_agent), say(N_("thiết bị khác")))
    return say(N_("%(browser)s trên %(system)s"), browser=browser, system=system)

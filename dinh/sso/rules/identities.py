"""Identities of a provider: what its answers must hold, what is taken from them, when they are believed.

Everything that a provider says is outside data: it is checked before it is used, and what is malformed and
not needed is left out.
"""

import datetime as dt
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from dinh.kernel.contacts import is_email, is_identity_number, national_number
from dinh.kernel.errors import N_, Refused
from dinh.kernel.text import clean, fold
from dinh.sso.rules.sign_in import InvalidName, clean_full_name

__all__ = [
    "CLAIMS",
    "SKEW",
    "TRIP_LASTS",
    "AccountOfOther",
    "GivenIdentity",
    "LastWayIn",
    "NameDiffers",
    "NumberOfOther",
    "OfficialsElsewhere",
    "OrganisationAccount",
    "ProviderAway",
    "TakenApart",
    "TripEnded",
    "TripStopped",
    "WrongAnswer",
    "challenge_of",
    "check_id_token",
    "is_secure_address",
    "level_of",
    "read_identity",
    "same_person",
]

# A person at the provider looks for a telephone, waits for a code, types a password.
TRIP_LASTS = dt.timedelta(minutes=10)
# How far the clocks of two houses may be apart.
SKEW = dt.timedelta(seconds=60)
# An identity token older than this was not made for this trip.
TOKEN_LASTS = dt.timedelta(minutes=10)
LONGEST_KEY = 255

# Where a provider's userinfo holds what; a province sets other names in DINH_SIGN_IN_CLAIMS.
CLAIMS: Mapping[str, str] = {
    "key": "TechID",
    "identity_number": "identifier",
    "full_name": "full_name",
    "birth_date": "birth_date",
    "phone": "phone",
    "email": "email",
    "account_type": "account_type",
}
ORGANISATION = "2"


class ProviderAway(Refused):
    message = N_(
        "Cổng Dịch vụ công quốc gia chưa trả lời nên chưa đăng nhập được qua đó. Hãy thử lại sau ít phút, "
        "hoặc đăng nhập bằng mật khẩu."
    )


class WrongAnswer(Refused):
    """``reason`` is for the log: it says what was wrong and holds nothing of the answer."""

    message = N_(
        "Câu trả lời của Cổng Dịch vụ công quốc gia không dùng được nên chưa đăng nhập. Hãy thử lại; nếu vẫn "
        "vậy, hãy đăng nhập bằng mật khẩu."
    )

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__()


class TripEnded(Refused):
    message = N_(
        "Lượt đăng nhập này đã dùng, đã quá 10 phút, hoặc bắt đầu ở trình duyệt khác. Hãy bấm đăng nhập lại."
    )


class TripStopped(Refused):
    message = N_("Ông/Bà đã dừng ở Cổng Dịch vụ công quốc gia. Chưa có gì thay đổi.")


class OrganisationAccount(Refused):
    message = N_(
        "Đây là tài khoản tổ chức. Hãy dùng tài khoản cá nhân của Cổng Dịch vụ công quốc gia; nộp thay "
        "tổ chức thì chọn tổ chức khi nộp hồ sơ."
    )


class OfficialsElsewhere(Refused):
    message = N_(
        "Cán bộ đăng nhập bằng tên và mật khẩu do cơ quan cấp, không qua Cổng Dịch vụ công quốc gia."
    )


class NumberOfOther(Refused):
    message = N_(
        "Số định danh này đã liên kết với một tài khoản khác của Cổng Dịch vụ công quốc gia. Hãy dùng "
        "tài khoản đó, hoặc mang thẻ căn cước đến Bộ phận Một cửa."
    )


class NameDiffers(Refused):
    message = N_(
        "Họ tên hoặc ngày sinh ở Cổng Dịch vụ công quốc gia khác với thông tin tỉnh đang giữ cho số định "
        "danh này. Hãy mang thẻ căn cước đến Bộ phận Một cửa để sửa."
    )


class AccountOfOther(Refused):
    message = N_(
        "Tài khoản này của Cổng Dịch vụ công quốc gia đã liên kết với một tài khoản khác ở đây. Hãy đăng "
        "nhập bằng tài khoản đó và gỡ liên kết trước."
    )


class TakenApart(Refused):
    message = N_(
        "Ông/Bà đã gỡ liên kết với Cổng Dịch vụ công quốc gia. Hãy đăng nhập bằng mật khẩu, rồi liên kết "
        "lại ở trang Phiên đăng nhập."
    )


class LastWayIn(Refused):
    message = N_(
        "Tài khoản chưa có mật khẩu, gỡ liên kết thì không đăng nhập được nữa. Hãy đặt mật khẩu ở trang Quên "
        "mật khẩu trước."
    )


# --- The identity token -----------------------------------------------------------------------------


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a code verifier (RFC 7636, 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def check_id_token(
    claims: Mapping[str, Any],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    now: dt.datetime,
    authenticated_since: dt.datetime | None = None,
) -> str:
    """Return the subject of an identity token whose signature was verified (OpenID Connect Core, 3.1.3.7).

    With ``authenticated_since`` the person must have signed in at the provider since then. Raises
    ``WrongAnswer``.
    """
    if claims.get("iss") != issuer:
        raise WrongAnswer("another issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    # A token for several parties could be shown here by another of them.
    if audiences != [client_id]:
        raise WrongAnswer("another audience")
    if claims.get("azp", client_id) != client_id:
        raise WrongAnswer("another authorised party")
    if _moment(claims, "exp") <= now - SKEW:
        raise WrongAnswer("token expired")
    issued = _moment(claims, "iat")
    if not now - TOKEN_LASTS - SKEW <= issued <= now + SKEW:
        raise WrongAnswer("token issued at another time")
    if "nbf" in claims and _moment(claims, "nbf") > now + SKEW:
        raise WrongAnswer("token not valid yet")
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise WrongAnswer("another nonce")
    if authenticated_since is not None and _moment(claims, "auth_time") < authenticated_since - SKEW:
        raise WrongAnswer("the person was not asked anew")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_KEY:
        raise WrongAnswer("no subject")
    return subject


def _moment(claims: Mapping[str, Any], name: str) -> dt.datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10_000_000_000:
        raise WrongAnswer(f"no {name}")
    return dt.datetime.fromtimestamp(value, dt.UTC)


def is_secure_address(address: str, *, loopback: bool) -> bool:
    """Whether a provider's address is https; with ``loopback`` also http on this machine (a sample)."""
    if re.fullmatch(r"https://[A-Za-z0-9.-]{1,253}(:\d{1,5})?(/[!-~]*)?", address):
        return True
    local = r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?(/[!-~]*)?"
    return loopback and re.fullmatch(local, address) is not None


# --- The person -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenIdentity:
    """Who a provider says is there. ``key`` is what it calls them for good; ``level`` how sure it is,
    as it writes it ("LoA2"; empty: it did not say). What it did not say, or said wrongly, is empty.
    """

    key: str
    level: str = ""
    full_name: str = ""
    identity_number: str = ""
    birth_date: dt.date | None = None
    phone: str = ""
    email: str = ""


def level_of(text: str) -> int:
    """Return the height of an assurance level as providers write it: "LoA2" is 2; 0 for anything else."""
    found = re.fullmatch(r"(?i)(?:[!-~]{0,200}[:/])?loa([1-4])", text)
    return int(found[1]) if found else 0


def read_identity(
    said: Mapping[str, Any], *, level: str, names: Mapping[str, str], wanted: str
) -> GivenIdentity:
    """Return who the userinfo speaks of; ``names`` says where it holds what (see ``CLAIMS``).

    ``wanted`` is the level that was asked for: one that is named and lower is no answer to it. Raises
    ``WrongAnswer`` and ``OrganisationAccount``.
    """

    def text(field: str, longest: int = 200) -> str:
        value = said.get(names.get(field, ""))
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or len(value) > longest or not value.isprintable():
            return ""
        return clean(value)

    key = text("key", LONGEST_KEY)
    if not key:
        raise WrongAnswer("no key of the person")
    if text("account_type") == ORGANISATION:
        raise OrganisationAccount
    height = level_of(level)
    if 0 < height < level_of(wanted):
        raise WrongAnswer("a lower level of assurance")
    number, email = text("identity_number"), text("email").lower()
    return GivenIdentity(
        key=key,
        level=level if height else "",
        full_name=_name(text("full_name")),
        identity_number=number if is_identity_number(number) else "",
        birth_date=_date(text("birth_date")),
        phone=national_number(text("phone")),
        email=email if is_email(email) else "",
    )


def _name(text: str) -> str:
    # Registers write names in capitals.
    try:
        return clean_full_name(text.title() if text.isupper() else text)
    except InvalidName:
        return ""


def _date(text: str) -> dt.date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d"):
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return None


def same_person(given: GivenIdentity, *, full_name: str, birth_date: dt.date | None) -> bool:
    """Whether name (however accented) and birth date fit what we know; what one side lacks fits."""
    names_fit = not given.full_name or fold(given.full_name) == fold(full_name)
    return names_fit and (not given.birth_date or not birth_date or given.birth_date == birth_date)

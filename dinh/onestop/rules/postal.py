"""The post (bưu chính công ích): what came by it, where a result goes, and how far a parcel is.

NĐ 61/2018/NĐ-CP Art. 16: a dossier may be sent by the public postal service; TT 01/2018/TT-VPCP form 01
says where the result is to be received.
"""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass

from dinh.kernel.errors import N_, Refused
from dinh.kernel.states import State, StateMachine, Transition

__all__ = [
    "PARCEL",
    "RETURN_WAYS",
    "SHOWN",
    "AddressMissing",
    "AlreadyAtThePost",
    "CameByPost",
    "DayWrong",
    "NotByPost",
    "NumberTaken",
    "NumberWrong",
    "ParcelReason",
    "PostageWrong",
    "ReturnChoice",
    "ReturnFixed",
    "ShownMissing",
    "UNTIL_FETCHED",
    "check_came_by_post",
    "check_choice",
    "check_day",
    "check_number",
    "check_postage",
    "check_shown",
    "waits_for_recipient",
]

# How the applicant wishes to have the result. The electronic one is theirs in any case.
RETURN_WAYS = {
    "desk": N_("Nhận bản giấy tại Bộ phận Tiếp nhận và Trả kết quả"),
    "online": N_("Chỉ nhận bản điện tử"),
    "post": N_("Nhận bản giấy qua bưu chính công ích"),
}

# NĐ 61/2018 Art. 6: who fetches a result shows the receipt, or an authorisation. The receipt names the
# applicant; who lost it shows that they are that person.
SHOWN = {
    "receipt": N_("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    "identity": N_("Mất giấy hẹn: thẻ căn cước của chính người nộp, đã đối chiếu với hồ sơ"),
    "authorisation": N_("Giấy ủy quyền nhận thay"),
    "online": N_("Không đến quầy: đã nhận bản điện tử"),
}

PARCEL = StateMachine(
    subject=N_("bưu gửi"),
    initial="sent",
    states=(
        State("sent", N_("Bưu chính đang chuyển")),
        State("delivered", N_("Đã phát")),
        State("came_back", N_("Bị chuyển hoàn")),
    ),
    verbs={"deliver": N_("Đã phát"), "come_back": N_("Chuyển hoàn")},
    transitions=(Transition("sent", "deliver", "delivered"), Transition("sent", "come_back", "came_back")),
)

LONGEST = 200
# Two letters, eight digits, a check digit, the country (UPU S10); domestic numbers have other shapes.
_INTERNATIONAL = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_NUMBER = re.compile(r"[A-Z0-9]{5,30}")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_MOST_POSTAGE = 10_000_000
_OLDEST = dt.timedelta(days=365)


class NumberWrong(Refused):
    message = N_(
        "Số hiệu bưu gửi gồm 5 đến 30 chữ cái và chữ số, ghi trên phiếu gửi hoặc nhãn dán,"
        " ví dụ RR123456785VN."
    )


class NumberMistyped(Refused):
    message = N_("Số hiệu %(number)s không đúng chữ số kiểm tra. Hãy xem lại trên nhãn dán của bưu gửi.")


class NumberTaken(Refused):
    message = N_("Số hiệu %(number)s đã ghi cho hồ sơ khác. Hãy xem lại số hiệu trên phiếu gửi.")


class DayWrong(Refused):
    message = N_("Hãy ghi một ngày không sau hôm nay và không quá một năm trước, ví dụ 21/11/2026.")


class DaysCrossed(Refused):
    message = N_("Ngày đến không thể trước ngày dấu bưu điện. Hãy xem lại hai ngày.")


class AddressMissing(Refused):
    message = N_("Hãy ghi %(what)s để bưu chính phát được kết quả.")


class CommuneUnknown(Refused):
    message = N_("Hãy chọn xã, phường, thị trấn trong danh sách của tỉnh.")


class PhoneWrong(Refused):
    message = N_("Số điện thoại gồm 10 hoặc 11 chữ số, bắt đầu bằng 0, ví dụ 0900000001.")


class PostageWrong(Refused):
    message = N_(
        "Cước bưu chính là số tiền từ 1.000 đến 10.000.000 đồng; không thu của người nhận thì để trống."
    )


class WayUnknown(Refused):
    message = N_("Hãy chọn một cách nhận kết quả.")


class ReturnFixed(Refused):
    message = N_(
        "Không đổi được cách nhận kết quả nữa: kết quả đã giao cho bưu chính hoặc hồ sơ đã kết thúc."
        " Cần thay đổi thì liên hệ Bộ phận Tiếp nhận và Trả kết quả."
    )


class NotByPost(Refused):
    message = N_("Hồ sơ này không đăng ký nhận kết quả qua bưu chính. Hãy xem lại cách nhận kết quả.")


class AlreadyAtThePost(Refused):
    message = N_("Kết quả đã được giao cho bưu chính, số hiệu %(number)s. Hãy tải lại trang.")


class ParcelReason(Refused):
    message = N_("Hãy ghi lý do bưu chính chuyển hoàn, ví dụ: không có người nhận sau ba lần phát.")


class ShownMissing(Refused):
    message = N_("Hãy chọn giấy mà người nhận kết quả đã xuất trình.")


class FetcherMissing(Refused):
    message = N_("Hãy ghi họ tên người nhận thay và giấy ủy quyền đã xem.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CameByPost:
    """How a dossier came by post: the parcel's number, the day of its postmark if legible, its arrival."""

    number: str
    postmarked_on: dt.date | None
    arrived_on: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnChoice:
    """How the result is to be received; by post: by whom and where. ``commune`` is the code of a unit."""

    way: str = ""
    recipient: str = ""
    phone: str = ""
    street: str = ""
    commune: str = ""


def check_number(typed: str, *, field: str) -> str:
    """Return a parcel's number as it is kept: capitals without blanks. Raises ``NumberWrong``,
    ``NumberMistyped`` for one of the international shape whose check digit is another.
    """
    number = re.sub(r"[\s.\-]", "", typed).upper()
    if not _NUMBER.fullmatch(number):
        raise NumberWrong(field=field)
    shaped = _INTERNATIONAL.fullmatch(number)
    if shaped and _check_digit(shaped[1]) != int(shaped[2]):
        raise NumberMistyped(field=field, number=number)
    return number


def _check_digit(digits: str) -> int:
    """The check digit of an international number (UPU S10): weights, then eleven less the rest."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def check_day(on: dt.date | None, *, today: dt.date, field: str) -> dt.date:
    """Return a day of the past year, today included. Raises ``DayWrong``."""
    if on is None or not today - _OLDEST <= on <= today:
        raise DayWrong(field=field)
    return on


def check_came_by_post(came: CameByPost, *, today: dt.date) -> CameByPost:
    """Return how a dossier came, with its number tidied. Raises ``NumberWrong``, ``DayWrong``,
    ``DaysCrossed``, each at its field.
    """
    number = check_number(came.number, field="postal-number")
    arrived_on = check_day(came.arrived_on, today=today, field="postal-arrived")
    marked_on = came.postmarked_on
    if marked_on is not None:
        marked_on = check_day(marked_on, today=today, field="postal-marked")
        if arrived_on < marked_on:
            raise DaysCrossed(field="postal-arrived")
    return CameByPost(number=number, postmarked_on=marked_on, arrived_on=arrived_on)


def check_choice(choice: ReturnChoice, *, communes: Collection[str]) -> ReturnChoice:
    """Return a choice that can be carried out, tidied; an address is kept only for the post.

    ``communes``: the codes of the province's communes. Raises ``WayUnknown``, ``AddressMissing``,
    ``PhoneWrong``, ``CommuneUnknown``, each at its field.
    """
    if choice.way not in RETURN_WAYS:
        raise WayUnknown(field="return-way")
    if choice.way != "post":
        return ReturnChoice(way=choice.way)
    recipient, street = _tidy(choice.recipient), _tidy(choice.street)
    phone = re.sub(r"[\s.\-]", "", choice.phone)
    if not recipient:
        raise AddressMissing(field="return-recipient", what=N_("họ tên người nhận"))
    if not re.fullmatch(r"0[0-9]{9,10}", phone):
        raise PhoneWrong(field="return-phone")
    if choice.commune not in communes:
        raise CommuneUnknown(field="return-commune")
    if not street:
        raise AddressMissing(field="return-street", what=N_("số nhà, đường, thôn hoặc tổ dân phố"))
    return ReturnChoice(way="post", recipient=recipient, phone=phone, street=street, commune=choice.commune)


def check_postage(amount: int | None, *, field: str) -> int | None:
    """Return what the recipient pays the post, in đồng; None: nothing. Raises ``PostageWrong``."""
    if amount is not None and not 1000 <= amount <= _MOST_POSTAGE:
        raise PostageWrong(field=field)
    return amount


def check_shown(shown: str, name: str, paper: str) -> tuple[str, str, str]:
    """Return what who fetches a result has shown, their name and the authorisation, tidied.

    An authorised person is named, with the paper that was seen. Raises ``ShownMissing``,
    ``FetcherMissing``.
    """
    if shown not in SHOWN:
        raise ShownMissing(field="shown")
    name, paper = _tidy(name), _tidy(paper)
    if shown != "authorisation":
        return shown, "", ""
    if not name:
        raise FetcherMissing(field="fetched-by")
    if not paper:
        raise FetcherMissing(field="authorisation")
    return shown, name, paper


def _tidy(words: str) -> str:
    return " ".join(words.split())[:LONGEST]


# Why the clock of a step rests that waits for them.
UNTIL_FETCHED = N_("Kết quả đã sẵn sàng, chờ người nhận")


def waits_for_recipient(kind: str, way: str) -> bool:
    """Whether a step of this kind, where the result is received this way, is open only until the recipient
    comes: the result is ready and they were told (NĐ 61/2018 Art. 20), so its clock rests and nobody is
    late. A parcel is the desk's to send: there the clock runs.
    """
    return kind == "return" and way != "post"

"""Filling in a form for somebody who then confirms it on their own phone."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from dinh.kernel.errors import N_, Refused

__all__ = [
    "OFFER_HOLDS",
    "AnswersChanged",
    "CommentMissing",
    "NotConfirmed",
    "OfferExpired",
    "check_answerable",
    "check_same",
]

# As long as one person stands at the counter.
OFFER_HOLDS = dt.timedelta(minutes=30)


class OfferExpired(Refused):
    message = N_(
        "Tờ khai này đã hết hạn xem hoặc đã được trả lời. Nếu vẫn ở quầy, Ông/Bà hãy nhờ cán bộ tạo mã mới."
    )


class CommentMissing(Refused):
    message = N_("Hãy ghi chỗ nào chưa đúng để cán bộ sửa.")


class NotConfirmed(Refused):
    message = N_(
        "Người nộp chưa xác nhận tờ khai này. Hãy chờ họ bấm xác nhận, hoặc tiếp nhận không kèm xác nhận."
    )


class AnswersChanged(Refused):
    message = N_(
        "Tờ khai đã được sửa sau khi người nộp xác nhận. Hãy đưa mã mới để họ xác nhận lại, hoặc tiếp nhận"
        " không kèm xác nhận."
    )


def check_answerable(*, is_open: bool, expires_at: dt.datetime, now: dt.datetime) -> None:
    """Raise ``OfferExpired`` for what was answered or has run out."""
    if not is_open or now >= expires_at:
        raise OfferExpired


def check_same(confirmed: Mapping[str, Any], taken: Mapping[str, Any]) -> None:
    """Raise ``AnswersChanged`` unless the answers taken in are those that the person has confirmed."""
    if dict(confirmed) != dict(taken):
        raise AnswersChanged

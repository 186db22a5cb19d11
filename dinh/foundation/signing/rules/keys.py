"""Keys: in which state one is, when its owner is warned; what a picture of a signature or seal must be."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import say

__all__ = [
    "KEY_STATES",
    "PICTURE_BYTES",
    "SOON",
    "WARN_DAYS",
    "NotTransparent",
    "PictureFacts",
    "PictureMisshapen",
    "PictureUnreadable",
    "ReasonMissing",
    "StateWrong",
    "check_picture",
    "key_state",
    "warning_of",
]

SOON = dt.timedelta(days=60)
"""A certificate that ends within this time is shown as ending soon: a new one takes weeks to be had."""

WARN_DAYS = (60, 30, 7, 1)
"""So many days before the end its owner is told, and whoever manages keys."""

PICTURE_BYTES = 2 * 1024 * 1024

KEY_STATES: dict[str, tuple[str, str]] = {
    "in_use": (N_("Đang dùng"), "good"),
    "ending": (N_("Sắp hết hạn"), "warn"),
    "suspended": (N_("Tạm dừng"), "wait"),
    "ended": (N_("Hết hạn"), "bad"),
    "revoked": (N_("Đã thu hồi"), "bad"),
    "retired": (N_("Đã ngừng dùng"), "neutral"),
}
"""Each state: its word, and the tone in which it is shown."""


class _Times(Protocol):
    valid_from: dt.datetime
    valid_until: dt.datetime
    revoked_at: dt.datetime | None
    retired_at: dt.datetime | None
    suspended_at: dt.datetime | None


def key_state(key: _Times, at: dt.datetime) -> str:
    """Return the state of a key (``KEY_STATES``); the gravest reason not to use it comes first."""
    if key.revoked_at is not None:
        return "revoked"
    if key.retired_at is not None:
        return "retired"
    if key.valid_until <= at:
        return "ended"
    if key.suspended_at is not None:
        return "suspended"
    return "ending" if key.valid_until - at <= SOON else "in_use"


def warning_of(valid_until: dt.datetime, now: dt.datetime) -> int | None:
    """Return the last warning whose day has come (of ``WARN_DAYS``), or None: too early, or over."""
    left = valid_until - now
    if left <= dt.timedelta():
        return None
    return min((days for days in WARN_DAYS if left <= dt.timedelta(days=days)), default=None)


class ReasonMissing(Refused):
    message = N_("Hãy ghi lý do (ít nhất 5 ký tự): người ký sẽ đọc lý do này khi không ký được.")


class StateWrong(Refused):
    message = N_("Chứng thư này đã đổi trạng thái. Hãy tải lại trang để xem trạng thái mới.")


# ---- pictures ----------------------------------------------------------------------------------


class PictureUnreadable(Refused):
    message = N_("Tệp không phải ảnh PNG đọc được, hoặc lớn hơn 2 MB. Hãy lưu ảnh thành PNG rồi tải lại.")


class PictureMisshapen(Refused):
    message = N_("Ảnh %(width)s × %(height)s điểm không dùng được: %(wanted)s. Hãy cắt lại ảnh rồi tải lên.")


class NotTransparent(Refused):
    message = N_(
        "Ảnh không có nền trong suốt: khi in sẽ che chữ bên dưới. Hãy xóa nền trắng của ảnh rồi tải lại."
    )


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What counts of a picture: its sides in points, and the share of it (0–1) through which one sees."""

    width: int
    height: int
    clear: float


# data: the size of the paper's place (NĐ 30/2020 app. I) at 150 dots an inch, and what its shape allows.
_LEAST_SEAL, _LEAST_SIGNATURE, _MOST = 210, 270, 2000


def check_picture(facts: PictureFacts, *, is_seal: bool) -> None:
    """Check a picture of a seal (square) or of a signature (lying). Raises ``Refused``."""
    width, height = facts.width, facts.height
    least = _LEAST_SEAL if is_seal else _LEAST_SIGNATURE
    problem = ""
    if width < least:
        problem = N_("quá nhỏ, khi in sẽ vỡ nét; chiều ngang cần từ 270 điểm (con dấu: 210 điểm)")
    elif max(width, height) > _MOST:
        problem = N_("quá lớn; mỗi cạnh tối đa 2.000 điểm")
    elif is_seal and not 0.9 <= width / height <= 1.1:
        problem = N_("con dấu phải nằm vừa trong hình vuông")
    elif not is_seal and not 1.2 <= width / height <= 5:
        problem = N_("ảnh chữ ký phải nằm ngang, ngang gấp 1,2 đến 5 lần cao")
    if problem:
        raise PictureMisshapen(width=width, height=height, wanted=say(problem))
    if not 0.15 <= facts.clear <= 0.995:
        raise NotTransparent

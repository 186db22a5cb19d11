"""What became of a message, in words."""

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.notify.rules.contacts import CHANNELS, mask
from dinh.kernel.errors import N_

__all__ = ["ERRORS", "Fate", "STATES", "fate_of_message", "fate_of_notice", "words_of_error"]

STATES = {
    "waiting": (N_("Chờ gửi"), "wait"),
    "retrying": (N_("Đang thử lại"), "warn"),
    "delivered": (N_("Đã gửi"), "good"),
    "dead": (N_("Không gửi được"), "bad"),
    "unread": (N_("Chưa xem"), "neutral"),
    "read": (N_("Đã xem"), "good"),
}

# Why a message did not leave, as sentences for whoever looks; what a server said stays in its log, since it
# may repeat the address.
ERRORS = {
    "away": N_("Máy chủ thư không trả lời. Hệ thống sẽ tự gửi lại."),
    "busy": N_("Máy chủ thư tạm thời chưa nhận. Hệ thống sẽ tự gửi lại."),
    "login": N_(
        "Máy chủ thư không nhận tên và mật khẩu của hệ thống. Quản trị cần xem lại cấu hình gửi thư."
    ),
    "sender": N_("Máy chủ thư không nhận địa chỉ gửi của hệ thống. Quản trị cần xem lại cấu hình gửi thư."),
    "refused": N_("Hộp thư của người nhận không nhận thư này. Hãy kiểm tra lại địa chỉ với người nhận."),
    "address": N_("Địa chỉ thư điện tử không đúng. Hãy hỏi lại người nhận."),
    "number": N_("Số điện thoại không đúng. Hãy hỏi lại người nhận."),
    "no_mail": N_("Hệ thống chưa có máy chủ thư. Quản trị cần khai báo để thư được gửi đi."),
    "no_sms": N_("Hệ thống chưa nối với cổng tin nhắn. Quản trị cần khai báo để tin được gửi đi."),
}

_CLASS = re.compile(r"^[A-Za-z_.]*[A-Z][A-Za-z_]*: (?=\S)")
_ANY = N_("Chưa gửi được vì lỗi ngoài dự kiến. Hệ thống sẽ thử lại.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """One message and what became of it. ``recipient`` is masked; ``error`` is a sentence or empty.

    ``state_label``, ``channel_label`` and ``error`` are keys of the catalogue; ``tone`` is a tag's.
    """

    id: UUID
    channel: str
    channel_label: str
    recipient: str
    title: str
    state: str
    state_label: str
    tone: str
    attempts: int
    error: str
    created_at: dt.datetime
    next_attempt_at: dt.datetime | None
    done_at: dt.datetime | None


def fate_of_message(
    *,
    id: UUID,
    channel: str,
    recipient: str,
    title: str,
    state: str,
    attempts: int,
    last_error: str,
    created_at: dt.datetime,
    next_attempt_at: dt.datetime,
    delivered_at: dt.datetime | None,
) -> Fate:
    """Return the fate of an e-mail or SMS from its row in the outbox."""
    shown = "retrying" if state == "waiting" and attempts and last_error else state
    label, tone = STATES[shown]
    return Fate(
        id=id,
        channel=channel,
        channel_label=CHANNELS.get(channel, channel),
        recipient=mask(recipient),
        title=title,
        state=shown,
        state_label=label,
        tone=tone,
        attempts=attempts,
        error=words_of_error(last_error),
        created_at=created_at,
        next_attempt_at=next_attempt_at if state == "waiting" else None,
        done_at=delivered_at,
    )


def fate_of_notice(
    *, id: UUID, name: str, title: str, created_at: dt.datetime, read_at: dt.datetime | None
) -> Fate:
    """Return the fate of a notice: whether its person has opened it."""
    state = "read" if read_at else "unread"
    label, tone = STATES[state]
    return Fate(
        id=id,
        channel="notice",
        channel_label=CHANNELS["notice"],
        recipient=name,
        title=title,
        state=state,
        state_label=label,
        tone=tone,
        attempts=0,
        error="",
        created_at=created_at,
        next_attempt_at=None,
        done_at=read_at,
    )


def words_of_error(error: str) -> str:
    """Return an error as a sentence: our own are kept, a program's are replaced by a plain one."""
    bare = _CLASS.sub("", error)
    return bare if not bare or bare in ERRORS.values() else _ANY

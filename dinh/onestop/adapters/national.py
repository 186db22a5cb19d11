"""The adapter services of the national portal: a session, then services by POST with JSON.

Built from published descriptions; no adapter can be reached from here, so only the sample one
(``dinh.website.sample.national_portal``) has been spoken to. Addresses and account are settings.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from dinh.foundation.actions.public import Reply, ReplyTooLarge, Unreachable, exchange
from dinh.kernel.errors import N_

__all__ = [
    "FileGone",
    "PortalAway",
    "PortalRefuses",
    "ask_portal",
    "call_portal",
    "fetch_file",
    "forget_session",
]

_SECONDS = 15
# A file that trickles in for longer is let go; it is asked for again.
_SECONDS_A_FILE = 120
_LARGEST_ANSWER = 2 * 1024 * 1024
_SESSION_ENDED = frozenset({"401", "-401"})
_COME_AGAIN = frozenset({"408", "425", "429"})


class PortalAway(Exception):
    """The portal did not answer, or asks to come again: the message waits."""


class PortalRefuses(Exception):
    """The portal has read the message and does not take it: trying again is of no use."""


class FileGone(Exception):
    """The portal does not have, or does not give, a file of this address."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: Mapping[str, Any]

    @property
    def code(self) -> str:
        return str(self.body.get("error_code", ""))

    @property
    def is_good(self) -> bool:
        # Some versions of the adapter say "0", some "00".
        return self.status == 200 and self.code in ("0", "00")

    @property
    def wants_session(self) -> bool:
        return self.status == 401 or self.code in _SESSION_ENDED


_session = ""
_lock = threading.Lock()


def call_portal(
    service: str,
    data: Sequence[Mapping[str, Any]],
    *,
    message_id: str,
    sequence: int,
    is_update: bool | None = None,
) -> None:
    """Give the portal data by one service. It returns when the portal has taken them.

    ``message_id`` and ``sequence`` go along, so that a receiver that knows them recognises a repeated or
    a late message. Raises ``PortalAway`` and ``PortalRefuses``.
    """
    body: dict[str, Any] = {
        "service": service,
        "madonvi": settings.NATIONAL_UNIT,
        "maThongDiep": message_id,
        "soThuTu": sequence,
        "data": list(data),
    }
    if is_update is not None:
        body["isUpdating"] = "True" if is_update else "False"
    _check(_post_signed_in("integration", body))


def ask_portal(service: str, **fields: Any) -> Any:
    """Ask the portal's share endpoint for data; return what stands under ``result`` or ``data``.

    Raises ``PortalAway`` and ``PortalRefuses``.
    """
    answer = _post_signed_in("share", {"service": service, "madonvi": settings.NATIONAL_UNIT, **fields})
    _check(answer)
    return answer.body.get("result", answer.body.get("data"))


def fetch_file(path: str, *, limit: int) -> bytes:
    """Return a file of the portal by its path there (``rules.national_filings.check_file_address``).

    The request goes to the configured portal and nowhere else; redirections are not followed. Raises
    ``PortalAway``, and ``FileGone`` also for a file over ``limit`` bytes.
    """
    own = urlsplit(settings.NATIONAL_ADDRESS)
    address = f"{own.scheme}://{own.netloc}{path}"
    reply = _get(address, limit)
    if reply.status == 401:
        forget_session()
        reply = _get(address, limit)
    if reply.status == 401:
        raise PortalAway(N_("Cổng quốc gia không nhận phiên kết nối. Tin sẽ được gửi lại."))
    if reply.status >= 500 or str(reply.status) in _COME_AGAIN:
        raise PortalAway(N_("Cổng quốc gia đang bận hoặc bảo trì. Tin sẽ được gửi lại."))
    if reply.status != 200:
        raise FileGone(f"HTTP {reply.status}")
    return reply.content


def _get(address: str, limit: int) -> Reply:
    headers = {"Authorization": f"Bearer {_open_session()}"}
    try:
        return exchange("GET", address, None, headers, seconds=_SECONDS_A_FILE, limit=limit)
    except ReplyTooLarge as error:
        raise FileGone(f"> {limit // (1024 * 1024)} MB") from error
    except Unreachable as error:
        raise PortalAway(N_("Cổng quốc gia không trả lời. Tin sẽ được gửi lại.")) from error


def _post_signed_in(endpoint: str, body: Mapping[str, Any]) -> _Answer:
    answer = _post(endpoint, {**body, "session": _open_session()})
    if answer.wants_session:
        forget_session()
        answer = _post(endpoint, {**body, "session": _open_session()})
    return answer


def forget_session() -> None:
    """Sign in again before the next message."""
    global _session
    with _lock:
        _session = ""


def _open_session() -> str:
    global _session
    with _lock:
        if not _session:
            account = {
                "username": settings.NATIONAL_USER,
                "password": settings.NATIONAL_PASSWORD,
                "dstcode": settings.NATIONAL_TARGET,
            }
            answer = _post("auth", account)
            session = answer.body.get("session")
            if answer.wants_session or (answer.is_good and not isinstance(session, str)):
                # A wrong password is ours to mend; the messages wait for it.
                raise PortalAway(N_("Cổng quốc gia không nhận tài khoản kết nối. Hãy kiểm tra cấu hình."))
            _check(answer)
            _session = str(session)
        return _session


def _check(answer: _Answer) -> None:
    if answer.is_good:
        return
    if answer.status >= 500 or str(answer.status) in _COME_AGAIN or answer.code.startswith("5"):
        raise PortalAway(N_("Cổng quốc gia đang bận hoặc bảo trì. Tin sẽ được gửi lại."))
    if answer.wants_session:
        raise PortalAway(N_("Cổng quốc gia không nhận phiên kết nối. Tin sẽ được gửi lại."))
    said = str(answer.body.get("message", ""))[:200]
    raise PortalRefuses(said or f"HTTP {answer.status}")


def _post(endpoint: str, body: Mapping[str, Any]) -> _Answer:
    """POST JSON and read a bounded answer."""
    address = f"{settings.NATIONAL_ADDRESS.rstrip('/')}/{endpoint}"
    try:
        reply = exchange(
            "POST",
            address,
            json.dumps(body, ensure_ascii=False).encode(),
            {"Content-Type": "application/json; charset=utf-8"},
            seconds=_SECONDS,
            limit=_LARGEST_ANSWER,
        )
    except Unreachable as error:
        raise PortalAway(N_("Cổng quốc gia không trả lời. Tin sẽ được gửi lại.")) from error
    return _Answer(reply.status, _read(reply.content))


def _read(text: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}

"""The port to a payment provider: what it must be able to do, and the words exchanged with it.

A provider is asked for an address at which an order can be paid, tells us by a signed notice that it was,
answers when asked again, gives money back once for each key, and hands out a statement of a day. Notices
and answers say the same thing (``Transfer``), so it does not matter which of them arrives first, or how
often: a transfer is known by the provider's own reference.
"""

import csv
import datetime as dt
import hashlib
import hmac
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from dinh.kernel.errors import N_, Refused

__all__ = [
    "NewOrder",
    "NoticeForged",
    "NoticeUnreadable",
    "PaymentProvider",
    "StatementLine",
    "Transfer",
    "read_notice",
    "read_statement",
    "sign",
    "write_notice",
    "write_statement",
]

MOST_NOTICE = 10_000  # bytes; a notice is a few hundred
MOST_STATEMENT = 200_000  # lines of one account on one day
MOST_AMOUNT = 10**13 - 1


class NoticeForged(Refused):
    message = N_("Chữ ký của tin báo có không đúng.")


class NoticeUnreadable(Refused):
    message = N_("Không đọc được tin báo có.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """An order as the provider gets it. ``account``: the agency's code, whose account is paid."""

    code: str
    account: str
    amount: int
    content: str
    back_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Money that the provider has received for an order. ``reference`` is unique at the provider."""

    order_code: str
    reference: str
    amount: int
    paid_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One line of a statement: money in (``pay``) or given back (``refund``); amounts are above zero."""

    reference: str
    order_code: str
    kind: Literal["pay", "refund"]
    amount: int
    at: dt.datetime


class PaymentProvider(Protocol):
    """What a payment provider must be able to do. Calls may raise ``ProviderAway``."""

    code: str
    label: str
    is_sample: bool

    def address_to_pay(self, order: NewOrder) -> str:
        """Return the address at which whoever pays goes on; asked twice, it is the same order."""

    def query(self, order_code: str) -> Sequence[Transfer]:
        """Return all transfers received for the order, however often it was paid."""

    def refund(self, *, key: str, order_code: str, amount: int) -> str:
        """Give money back and return the provider's reference; with the same ``key`` only once."""

    def read_notice(self, body: bytes, signature: str) -> Transfer:
        """Return what a notice says. Raises ``NoticeForged``, ``NoticeUnreadable``."""

    def statement(self, account: str, day: dt.date) -> bytes:
        """Return the statement of an account (an agency's code) on a day of Vietnam, as CSV."""


def sign(key: bytes, body: bytes) -> str:
    """Return the HMAC-SHA256 of a body in hex."""
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def write_notice(transfer: Transfer, *, key: bytes) -> tuple[bytes, str]:
    """Return body and signature of a notice."""
    told = {
        "order": transfer.order_code,
        "reference": transfer.reference,
        "amount": transfer.amount,
        "paid_at": transfer.paid_at.isoformat(),
    }
    body = json.dumps(told, sort_keys=True).encode()
    return body, sign(key, body)


def read_notice(body: bytes, signature: str, *, key: bytes) -> Transfer:
    """Return what a notice says, once its signature has been compared in constant time.

    Raises ``NoticeForged``, ``NoticeUnreadable``.
    """
    if len(body) > MOST_NOTICE:
        raise NoticeUnreadable
    if not hmac.compare_digest(sign(key, body).encode(), signature.strip().lower().encode()):
        raise NoticeForged
    try:
        told = json.loads(body)
        return Transfer(
            order_code=_text(told["order"]),
            reference=_text(told["reference"]),
            amount=_amount(told["amount"]),
            paid_at=_moment(told["paid_at"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoticeUnreadable from error


def write_statement(lines: Iterable[StatementLine]) -> bytes:
    """Return lines as the CSV of a statement."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    for line in lines:
        writer.writerow([line.reference, line.order_code, line.kind, line.amount, line.at.isoformat()])
    return written.getvalue().encode()


def read_statement(content: bytes) -> list[StatementLine]:
    """Return the lines of a statement. Raises ``ValueError`` with the number of the faulty line."""
    try:
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        if tuple(next(rows, ())) != _COLUMNS:
            raise ValueError("dòng 1")
        return [_line(number, row) for number, row in enumerate(rows, start=2) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError("CSV") from error


_COLUMNS = ("reference", "order", "kind", "amount", "at")


def _line(number: int, row: list[str]) -> StatementLine:
    try:
        reference, order_code, kind, amount, at = row
        if kind not in ("pay", "refund") or number > MOST_STATEMENT:
            raise ValueError
        return StatementLine(
            reference=_text(reference),
            order_code=order_code[:100],
            kind="pay" if kind == "pay" else "refund",
            amount=_amount(int(amount)),
            at=_moment(at),
        )
    except ValueError as error:
        raise ValueError(f"dòng {number}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > 100 or not value.isprintable():
        raise ValueError
    return value


def _amount(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_AMOUNT:
        raise ValueError
    return value


def _moment(value: Any) -> dt.datetime:
    moment = dt.datetime.fromisoformat(value)
    if moment.tzinfo is None or not 2000 <= moment.year <= 2200:
        raise ValueError
    return moment

"""What a dossier costs: rules are data of the procedure's version, computed here and explained line by line.

Money is whole đồng. An exemption and a reduction never add up: the one that takes off most counts.
"""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dinh.kernel.conditions import holds, value_at
from dinh.kernel.errors import N_
from dinh.kernel.money import format_dong, format_number
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.definition import Definition, Document, Exemption, Fee, FeeReduction, FeeUnits

__all__ = [
    "DUE_WORDS",
    "FeeOwed",
    "check_fees",
    "exemption_of",
    "fee_notes",
    "fees_owed",
    "required_documents",
    "total",
]

# A number in a form beyond this is a slip of the finger, not a number of copies.
MOST_UNITS = 1_000_000

# What waits for the payment, as screens say it.
DUE_WORDS = {
    "filing": N_("nộp trước khi tiếp nhận hồ sơ"),
    "acceptance": N_("nộp ngay khi hồ sơ được tiếp nhận"),
    "result": N_("nộp trước khi nhận kết quả"),
    "any": N_("nộp tại Bộ phận một cửa hoặc trực tuyến"),
}


@dataclass(frozen=True, slots=True)
class FeeOwed:
    """One fee as these answers make it. ``amount`` is to be paid, ``full`` what it is without relief.

    ``lines`` explain it, one sentence a step of the reckoning.
    """

    key: str
    name: str
    kind: str
    amount: int
    full: int
    due: str
    lines: tuple[Sentence, ...]


def fees_owed(
    definition: Definition, data: Mapping[str, Any], *, channel: str = "counter", exemption: str = ""
) -> tuple[FeeOwed, ...]:
    """Return the fees owed for these answers, in the order of the definition.

    ``channel`` is how the dossier is filed; ``exemption`` the key of an exemption that the desk confirmed.
    """
    relief = exemption_of(definition, exemption)
    return tuple(_owed(fee, data, channel, relief) for fee in definition.fees if holds(fee.when, data))


def exemption_of(definition: Definition, key: str) -> Exemption | None:
    """Return the exemption of that key, or None."""
    return next((one for one in definition.exemptions if one.key == key), None)


def total(fees: Collection[FeeOwed]) -> int:
    """Return the sum in đồng."""
    return sum(fee.amount for fee in fees)


def fee_notes(fee: Fee) -> tuple[Sentence, ...]:
    """Return what a page says beside the amount of a fee before anybody has given an answer."""
    notes: list[Sentence] = []
    if fee.per is not None:
        per = fee.per
        notes.append(say(N_("tính cho một %(word)s"), word=per.word))
        if per.free:
            notes.append(
                say(N_("%(free)s %(word)s đầu không thu"), free=format_number(per.free), word=per.word)
            )
        if per.then_from is not None:
            price = format_dong(per.then)
            notes.append(
                say(
                    N_("từ %(word)s thứ %(start)s: %(price)s"),
                    word=per.word,
                    start=per.then_from,
                    price=price,
                )
            )
        if per.most is not None:
            notes.append(say(N_("không quá %(most)s"), most=format_dong(per.most)))
    if fee.copies:
        notes.append(say(N_("nhân với số bản")))
    for reduction in fee.reductions:
        less = f"{reduction.percent}%" if reduction.percent else format_dong(reduction.less)
        notes.append(say(N_("giảm %(less)s: %(name)s"), less=less, name=reduction.name))
    if fee.due != "any":
        notes.append(say(DUE_WORDS[fee.due]))
    return tuple(notes)


def _owed(fee: Fee, data: Mapping[str, Any], channel: str, exemption: Exemption | None) -> FeeOwed:
    full, lines = _full(fee, data)
    less, why = _relief(fee, full, data, channel, exemption)
    if why is not None:
        lines.append(why)
    return FeeOwed(fee.key, fee.name, fee.kind, full - less, full, fee.due, tuple(lines))


def _full(fee: Fee, data: Mapping[str, Any]) -> tuple[int, list[Sentence]]:
    """The fee before any relief, and how it comes about."""
    lines: list[Sentence] = []
    if fee.per is None:
        amount = fee.amount
        lines.append(say(N_("Mức thu %(amount)s."), amount=format_dong(amount)))
    else:
        amount, explained = _by_units(fee.amount, fee.per, _number(data, fee.per.field))
        lines += explained
    if fee.copies:
        copies = _number(data, fee.copies)
        amount *= copies
        lines.append(
            say(
                N_("Nhân với %(copies)s bản: %(amount)s."),
                copies=format_number(copies),
                amount=format_dong(amount),
            )
        )
    return amount, lines


def _by_units(price: int, per: FeeUnits, count: int) -> tuple[int, list[Sentence]]:
    charged = max(count - per.free, 0)
    last_of_first = count if per.then_from is None else min(count, per.then_from - 1)
    at_first = max(last_of_first - per.free, 0)
    later = charged - at_first
    amount = at_first * price + later * per.then
    lines = []
    if per.free:
        lines.append(say(N_("%(free)s %(word)s đầu không thu."), free=format_number(per.free), word=per.word))
    lines.append(
        say(
            N_("%(count)s %(word)s × %(price)s."),
            count=format_number(at_first),
            word=per.word,
            price=format_dong(price),
        )
    )
    if later:
        lines.append(
            say(
                N_("Từ %(word)s thứ %(start)s: %(count)s %(word)s × %(price)s."),
                word=per.word,
                start=per.then_from,
                count=format_number(later),
                price=format_dong(per.then),
            )
        )
    if per.most is not None and amount > per.most:
        amount = per.most
        lines.append(say(N_("Không quá %(most)s."), most=format_dong(per.most)))
    return amount, lines


def _number(data: Mapping[str, Any], field: str) -> int:
    """The number that a field holds, the rows of a group; one where nothing usable was given."""
    value = value_at(data, field)
    if isinstance(value, list):
        return len(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return 1
    return min(math.ceil(value), MOST_UNITS)


def _relief(
    fee: Fee, full: int, data: Mapping[str, Any], channel: str, exemption: Exemption | None
) -> tuple[int, Sentence | None]:
    """How much is taken off, and why: the exemption or reduction that takes off most."""
    found: list[tuple[int, Sentence]] = []
    if exemption is not None and (not exemption.fees or fee.key in exemption.fees):
        less = full * exemption.percent // 100
        words = N_("Miễn: %(name)s.") if exemption.percent == 100 else N_("Giảm %(less)s: %(name)s.")
        found.append((less, say(words, name=exemption.name, less=format_dong(less))))
    for reduction in fee.reductions:
        if _applies(reduction, data, channel):
            less = min(reduction.less or full * reduction.percent // 100, full)
            found.append(
                (less, say(N_("Giảm %(less)s: %(name)s."), less=format_dong(less), name=reduction.name))
            )
    less, why = max(found, key=lambda one: one[0], default=(0, None))
    return less, why


def _applies(reduction: FeeReduction, data: Mapping[str, Any], channel: str) -> bool:
    return reduction.channel in ("", channel) and holds(reduction.when, data)


def check_fees(definition: Definition, numbers: Collection[str]) -> Iterator[Sentence]:
    """Yield what is wrong with fees and exemptions; ``numbers``: fields that hold a number or rows."""
    for fee in definition.fees:
        if fee.amount < 0:
            yield say(N_("Khoản “%(fee)s” có số tiền âm."), fee=fee.name)
        counted = [fee.per.field] if fee.per is not None else []
        for name in [*counted, *([fee.copies] if fee.copies else [])]:
            if name not in numbers:
                yield say(
                    N_("Khoản “%(fee)s” nhân với trường không phải là số trong biểu mẫu: %(field)s."),
                    fee=fee.name,
                    field=name,
                )
        if fee.per is not None:
            yield from _check_units(fee, fee.per)
        for reduction in fee.reductions:
            yield from _check_reduction(definition, fee, reduction)
        if fee.due == "result" and not any(step.kind == "return" for step in definition.steps):
            yield say(
                N_("Khoản “%(fee)s” nộp trước khi trả kết quả, nhưng quy trình không có bước trả."),
                fee=fee.name,
            )
    yield from _check_exemptions(definition)


def _check_units(fee: Fee, per: FeeUnits) -> Iterator[Sentence]:
    has_negative = per.free < 0 or per.then < 0 or (per.most is not None and per.most < 0)
    if has_negative or (per.then_from is not None and per.then_from <= max(per.free, 1)):
        yield say(
            N_("Khoản “%(fee)s”: mức theo số lượng không hợp lệ; mức sau phải bắt đầu sau số được miễn."),
            fee=fee.name,
        )


def _check_reduction(definition: Definition, fee: Fee, reduction: FeeReduction) -> Iterator[Sentence]:
    if (
        (reduction.percent > 0) is (reduction.less > 0)
        or not 0 <= reduction.percent <= 100
        or reduction.less < 0
    ):
        yield say(
            N_("Khoản “%(fee)s”, mức giảm “%(name)s”: ghi hoặc phần trăm (1–100), hoặc số tiền."),
            fee=fee.name,
            name=reduction.name,
        )
    if reduction.channel and reduction.channel not in definition.channels:
        yield say(
            N_("Khoản “%(fee)s”, mức giảm “%(name)s”: thủ tục không nhận hồ sơ theo cách này."),
            fee=fee.name,
            name=reduction.name,
        )


def _check_exemptions(definition: Definition) -> Iterator[Sentence]:
    keys = [one.key for one in definition.exemptions]
    known = {fee.key for fee in definition.fees}
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield say(N_("Mã diện miễn, giảm “%(key)s” bị trùng."), key=key)
    for one in definition.exemptions:
        if not 1 <= one.percent <= 100:
            yield say(N_("Diện miễn, giảm “%(name)s”: mức giảm phải từ 1 đến 100 phần trăm."), name=one.name)
        if not one.proof.strip():
            yield say(N_("Diện miễn, giảm “%(name)s” chưa nêu giấy tờ chứng minh."), name=one.name)
        for key in sorted(set(one.fees) - known):
            yield say(
                N_("Diện miễn, giảm “%(name)s” nêu khoản thu không có: %(key)s."), name=one.name, key=key
            )


def required_documents(definition: Definition, data: Mapping[str, Any]) -> tuple[Document, ...]:
    """Return the papers that must be uploaded for these answers."""
    return tuple(
        document
        for document in definition.documents
        if document.origin == "upload" and not document.optional and holds(document.required_if, data)
    )

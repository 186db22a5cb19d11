"""How steps follow each other: which open next, when a join opens, and what is wrong with a graph."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from dinh.kernel.conditions import holds
from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.definition import Definition, Outcome, Step, TimeLimit

__all__ = [
    "OutcomeUnknown",
    "available_outcomes",
    "check_graph",
    "join_may_open",
    "onward",
    "outcome_of",
    "reachable",
    "steps_to_open",
    "working_hours_of",
]

# Steps that end a dossier: the result is handed over, or the refusal is announced.
ENDS = ("return", "refuse")
# Of a working day.
WORKING_HOURS = 8


class OutcomeUnknown(Refused):
    message = N_("Bước “%(step)s” không có hướng xử lý này. Hãy tải lại trang rồi chọn lại.")


def available_outcomes(step: Step, data: Mapping[str, Any]) -> tuple[Outcome, ...]:
    """Return the outcomes whose condition holds for the form's data, in their order."""
    return tuple(outcome for outcome in step.outcomes if holds(outcome.when, data))


def outcome_of(step: Step, key: str, data: Mapping[str, Any]) -> Outcome:
    """Return the chosen outcome. Raises ``OutcomeUnknown`` when the step does not offer it."""
    for outcome in available_outcomes(step, data):
        if outcome.key == key:
            return outcome
    raise OutcomeUnknown(step=step.name)


def onward(step: Step, data: Mapping[str, Any]) -> Outcome:
    """Return where a step goes by itself, without a choice: its first outcome forward that holds.

    Published definitions have one. Raises ``OutcomeUnknown`` when none holds.
    """
    for outcome in available_outcomes(step, data):
        if not outcome.back:
            return outcome
    raise OutcomeUnknown(step=step.name)


def reachable(definition: Definition, start: str) -> frozenset[str]:
    """Keys of all steps that can come after ``start``, going forward (returns do not count)."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for outcome in definition.step(waiting.pop()).outcomes:
            if outcome.back:
                continue
            fresh = [key for key in outcome.to if key not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
    return frozenset(seen)


def join_may_open(definition: Definition, join: str, open_steps: Collection[str]) -> bool:
    """Whether no other open step can still arrive at the join."""
    return not any(key != join and join in reachable(definition, key) for key in open_steps)


def steps_to_open(
    definition: Definition, arrived: Iterable[str], *, open_steps: Collection[str], waiting: Collection[str]
) -> tuple[str, ...]:
    """Return which steps open when ``arrived`` are reached while ``open_steps`` are open.

    ``waiting`` are joins that were reached before and have not opened since. A join opens as soon as no
    open step, and no other join that waits, can still arrive at it; so it also opens when the last branch
    ends elsewhere.
    """
    keys = list(dict.fromkeys([*arrived, *waiting]))
    opening = [key for key in keys if not definition.step(key).joins and key not in open_steps]
    joins = [key for key in keys if definition.step(key).joins and key not in open_steps]
    ahead = [*open_steps, *opening, *joins]
    return (*opening, *(key for key in joins if join_may_open(definition, key, ahead)))


def check_graph(definition: Definition) -> Iterator[Sentence]:
    """Yield every fault of the step graph as a sentence."""
    keys = [step.key for step in definition.steps]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield say(N_("Mã bước “%(key)s” bị trùng."), key=key)
    receiving = [step for step in definition.steps if step.kind == "receive"]
    if len(receiving) != 1:
        yield say(N_("Quy trình phải có đúng một bước tiếp nhận."))
        return
    missing = {to for step in definition.steps for outcome in step.outcomes for to in outcome.to} - set(keys)
    if missing:
        yield say(N_("Có hướng đi tới bước không tồn tại: %(keys)s."), keys=", ".join(sorted(missing)))
        return
    yield from _check_steps(definition)
    yield from _check_flow(definition, receiving[0].key)


def _check_steps(definition: Definition) -> Iterator[Sentence]:
    keys = {step.key for step in definition.steps}
    for step in definition.steps:
        if step.hours <= 0:
            yield say(N_("Bước “%(step)s” phải có số giờ lớn hơn 0."), step=step.name)
        if step.same_person and step.same_person not in keys:
            yield say(
                N_("Bước “%(step)s” giao cho người của bước không tồn tại: %(other)s."),
                step=step.name,
                other=step.same_person,
            )
        outcomes = [outcome.key for outcome in step.outcomes]
        if len(outcomes) != len(set(outcomes)):
            yield say(N_("Bước “%(step)s” có hai hướng xử lý trùng mã."), step=step.name)
        if step.kind not in ENDS and not step.outcomes:
            yield say(N_("Bước “%(step)s” là ngõ cụt: không có hướng xử lý nào."), step=step.name)
        if step.outcomes and all(outcome.when or outcome.back for outcome in step.outcomes):
            yield say(N_("Bước “%(step)s” có thể kẹt: mọi hướng đi tiếp đều có điều kiện."), step=step.name)


def _check_flow(definition: Definition, first: str) -> Iterator[Sentence]:
    after_first = reachable(definition, first) | {first}
    for step in definition.steps:
        if step.key not in after_first:
            yield say(N_("Không có đường nào tới bước “%(step)s”."), step=step.name)
        if step.key in reachable(definition, step.key):
            yield say(N_("Bước “%(step)s” nằm trong vòng lặp không đánh dấu là trả lại."), step=step.name)
        following = reachable(definition, step.key)
        if step.kind not in ENDS and not any(definition.step(key).kind in ENDS for key in following):
            yield say(N_("Từ bước “%(step)s” không tới được bước kết thúc hồ sơ."), step=step.name)
    if not any(definition.step(key).kind == "return" for key in after_first):
        yield say(N_("Quy trình không có bước trả kết quả."))
    yield from _check_hours(definition, first)


def _check_hours(definition: Definition, first: str) -> Iterator[Sentence]:
    """NĐ 61/2018: hours of the steps are set inside the legal limit and never extend it."""
    if any(key in reachable(definition, key) for key in {step.key for step in definition.steps}):
        return
    limit = working_hours_of(definition.time_limit)
    longest = _longest_hours(definition, first, {})
    if longest > limit:
        yield say(
            N_("Tổng giờ của các bước (%(longest)g giờ) vượt thời hạn giải quyết (%(limit)d giờ làm việc)."),
            longest=longest,
            limit=limit,
        )


def working_hours_of(limit: TimeLimit) -> int:
    """Return the working hours that a limit surely holds: the shorter one for online dossiers counts.

    Calendar days hold the fewest when counting begins behind the last hour of a Friday: five working days
    a week, and of the days beyond whole weeks a Saturday and a Sunday none. An end on a day off moves to
    the next working day (Civil Code 2015 Art. 148.5). Holidays are left to the margin of who plans.
    """
    amount = min(limit.amount, limit.online or limit.amount)
    if limit.unit == "same_day":
        return WORKING_HOURS
    if limit.unit == "calendar_days":
        weeks, beyond = divmod(amount, 7)
        last = 1 if beyond in (0, 1, 2) else beyond - 2
        return WORKING_HOURS * (weeks * 5 + (last if beyond else 0))
    return amount * WORKING_HOURS if limit.unit == "working_days" else amount


def _longest_hours(definition: Definition, key: str, known: dict[str, float]) -> float:
    """Hours on the longest way from a step to the end; the first answer, the return and what the applicant
    takes are outside of the limit (the clock runs from acceptance to the result, and pauses)."""
    if key not in known:
        step = definition.step(key)
        own = 0 if step.pauses or step.kind in ("receive", *ENDS) else step.hours
        following = [to for outcome in step.outcomes if not outcome.back for to in outcome.to]
        known[key] = own + max((_longest_hours(definition, to, known) for to in following), default=0)
    return known[key]

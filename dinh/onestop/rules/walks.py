"""Every way that dossiers can take through a procedure, walked before it is published.

A walk is what stands open, which joins wait, and how far the result is. From the first step on, each open
step is ended with each of its outcomes; what comes after is walked in turn, each situation once. So nothing
can stand without an owner later: a branch that ends for itself, a result returned before it was signed, or
a step still open when the dossier has ended are found here and not by a citizen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.definition import Definition, Outcome, Step
from dinh.onestop.rules.graph import steps_to_open

__all__ = ["check_walks"]

# Far beyond what published procedures need; more parallel branches than this cannot be understood either.
MOST_SITUATIONS = 2_000


@dataclass(frozen=True, slots=True)
class _Situation:
    """``handled``: somebody could draft; ``signed`` and ``issued``: the result is so far."""

    open: frozenset[str]
    waiting: frozenset[str] = frozenset()
    handled: bool = False
    signed: bool = False
    issued: bool = False


def check_walks(definition: Definition) -> Iterator[Sentence]:
    """Yield every fault met on some way, once each, as a sentence.

    For definitions whose graph has no other fault: one first step, no step unknown, no forward circle.
    """
    found: dict[Sentence, None] = {}
    begin = _Situation(frozenset({definition.first_step.key}))
    seen, waiting = {begin}, [begin]
    while waiting:
        if len(seen) > MOST_SITUATIONS:
            fault = say(N_("Quy trình có quá nhiều nhánh song song để kiểm tra hết. Hãy bớt nhánh."))
            found[fault] = None
            break
        situation = waiting.pop()
        for key in sorted(situation.open):
            step = definition.step(key)
            found.update(dict.fromkeys(_faults(step, situation)))
            for after in _afterwards(definition, step, situation, found):
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
    yield from found


def _faults(step: Step, situation: _Situation) -> Iterator[Sentence]:
    """What is wrong with a step's being open in this situation."""
    if step.kind == "sign" and not situation.handled:
        yield say(N_("Bước ký “%(step)s” có thể mở khi chưa bước xử lý nào lập dự thảo."), step=step.name)
    if step.kind == "sign" and situation.signed:
        yield say(
            N_("Bước ký “%(step)s” có thể mở khi kết quả đã ký; một kết quả chỉ ký một lần."), step=step.name
        )
    if step.kind == "issue" and not situation.signed:
        yield say(N_("Bước phát hành “%(step)s” có thể mở khi kết quả chưa ký."), step=step.name)
    if step.kind == "issue" and situation.issued:
        yield say(N_("Bước phát hành “%(step)s” có thể mở khi kết quả đã phát hành."), step=step.name)
    if step.kind == "return" and not situation.issued:
        yield say(N_("Bước trả kết quả “%(step)s” có thể mở khi kết quả chưa phát hành."), step=step.name)
    if step.kind == "refuse" and situation.issued:
        yield say(N_("Bước từ chối “%(step)s” có thể mở khi kết quả đã phát hành."), step=step.name)
    if situation.issued and step.kind not in ("issue", "return", "refuse"):
        yield say(N_("Bước “%(step)s” có thể còn mở khi kết quả đã phát hành."), step=step.name)
    if step.kind == "return" and len(situation.open) + len(situation.waiting) > 1:
        yield say(N_("Bước trả kết quả “%(step)s” có thể mở khi nhánh khác chưa xong."), step=step.name)


def _afterwards(
    definition: Definition, step: Step, situation: _Situation, found: dict[Sentence, None]
) -> Iterator[_Situation]:
    """The situations after the step has ended, one an outcome; none after a step that ends the dossier."""
    if step.kind in ("return", "refuse"):
        return
    for outcome in step.outcomes:
        after = _after(definition, step, outcome, situation)
        if not after.open:
            fault = say(
                N_("Sau bước “%(step)s”, hướng “%(outcome)s”, không còn bước nào mở mà hồ sơ chưa kết thúc."),
                step=step.name,
                outcome=outcome.label,
            )
            found[fault] = None
        else:
            yield after


def _after(definition: Definition, step: Step, outcome: Outcome, before: _Situation) -> _Situation:
    left = before.open - {step.key}
    opening = steps_to_open(definition, outcome.to, open_steps=left, waiting=before.waiting)
    reached = before.waiting | {key for key in outcome.to if definition.step(key).joins}
    return replace(
        before,
        open=left | set(opening),
        waiting=reached - set(opening),
        handled=before.handled or step.kind == "handle",
        signed=before.signed or (step.kind == "sign" and not outcome.back),
        issued=before.issued or step.kind == "issue",
    )

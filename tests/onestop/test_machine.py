"""Verbs in any order through the door: whatever happens, a dossier stays whole."""

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dinh.kernel.errors import Refused
from dinh.onestop.models import Dossier, Result, StepRun
from dinh.onestop.public import (
    NewPart,
    accept,
    ask_supplement,
    claim,
    collect_fees,
    give_supplement,
    rate,
    refuse,
    release,
    withdraw,
)
from tests.onestop.conftest import ANSWERS, Province, check_whole

VERBS = [
    "accept", "accept_again", "refuse", "ask", "give", "withdraw", "claim", "release", "fee", "rate",
    "step", "step", "step", "step", "step", "step",
]  # fmt: skip


class Dice:
    """Answers the questions that a verb leaves open."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def pick(self, of: Any) -> Any:
        return self.data.draw(st.sampled_from(list(of)))


def play(p: Province, dossier: Dossier, verb: str, dice: Dice) -> None:
    """Try one verb, whether it fits or not; a refusal is an answer."""
    clerk = p.actor("motcua.dinhson") if dossier.agency.code == "H99.31" else None
    steps = list(StepRun.objects.filter(dossier=dossier))
    step = dice.pick(steps)
    if clerk is None:
        clerk = p.who(next(one for one in steps if one.role == "onestop_clerk"))
    if verb.startswith("accept"):
        accept(dossier, by=clerk, now=p.now)
    elif verb == "refuse":
        refuse(dossier, reason=dice.pick(["", "Không đúng nơi."]), by=clerk, now=p.now)
    elif verb == "ask":
        ask_supplement(
            dossier,
            items=[{"document": "", "text": dice.pick(["", "Bản rõ hơn"])}],
            reason="Ảnh mờ",
            contact="",
            by=clerk,
            now=p.now,
        )
    elif verb == "give":
        key = dossier.version.parts.documents[-1].key
        parts = dice.pick([[], [NewPart(document_key=key, file_id=None, is_original=True)]])
        give_supplement(dossier, parts=parts, note="", by=p.citizen, now=p.now)
    elif verb == "withdraw":
        withdraw(dossier, reason="", by=p.citizen, now=p.now)
    elif verb == "claim":
        claim(step, by=p.who(step), now=p.now)
    elif verb == "release":
        release(step, by=p.who(step), now=p.now)
    elif verb == "fee":
        collect_fees(dossier, by=clerk, now=p.now)
    elif verb == "rate":
        rate(
            dossier, overall=3, ease=None, timeliness=None, attitude=None, comment="", by=p.citizen, now=p.now
        )
    else:
        play_step(p, dossier, step, dice)


def play_step(p: Province, dossier: Dossier, step: StepRun, dice: Dice) -> None:
    if step.state != "open":
        steps = [one for one in StepRun.objects.filter(dossier=dossier) if one.state == "open"]
        step = steps[0] if steps else step
    outcomes = [one.key for one in dossier.version.parts.step(step.key).outcomes]
    # Signing needs keys, which this province has not: the result is put where a signature would.
    if step.kind == "sign" and step.state == "open":
        outcomes = [one.key for one in dossier.version.parts.step(step.key).outcomes if one.back]
    if step.kind in ("issue", "receive"):
        return
    if step.state != "open":
        raise Refused
    p.do(dossier, step.key, dice.pick(outcomes or [""]) if step.kind not in ("return", "refuse") else "")


@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_dossier_stays_whole_whatever_is_done_to_it(province, data):
    dice = Dice(data)
    code = dice.pick(["1.001612", "2.000488", "1.004873"])
    dossier = new_dossier(province, code)
    check_whole(dossier.id)
    for verb in data.draw(st.lists(st.sampled_from(VERBS), min_size=4, max_size=14)):
        province.now += dt.timedelta(minutes=dice.pick([1, 90, 1440]))
        before = (dossier.state, dossier.code, StepRun.objects.filter(dossier=dossier).count())
        try:
            play(province, dossier, verb, dice)
        except Refused:
            dossier = Dossier.objects.get(pk=dossier.pk)
            after = (dossier.state, dossier.code, StepRun.objects.filter(dossier=dossier).count())
            assert after == before, f"{verb} was refused and left something"
        dossier = Dossier.objects.get(pk=dossier.pk)
        check_whole(dossier.id)
        assert Result.objects.filter(dossier=dossier).count() <= 1
    province.now = dt.datetime(2026, 11, 16, 8, 0, tzinfo=province.now.tzinfo)


def new_dossier(p: Province, code: str) -> Dossier:
    answers, agency = ANSWERS[code]
    return p.submitted(code=code, agency=agency, answers=answers)

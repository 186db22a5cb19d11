"""State machines as tables."""

import pytest

from dinh.kernel.errors import N_
from dinh.kernel.states import NotInThisState, State, StateMachine, Transition, moves

STATES = (State("draft", N_("Dự thảo")), State("sent", N_("Đã gửi")), State("closed", N_("Đã đóng")))
VERBS = {"send": N_("gửi"), "close": N_("đóng")}


def machine(*transitions: Transition, states: tuple[State, ...] = STATES) -> StateMachine:
    return StateMachine(N_("hồ sơ"), "draft", states, VERBS, transitions)


SOUND = machine(*moves("draft", "send", "sent"), *moves(("draft", "sent"), "close", "closed"))


def test_a_verb_leads_to_its_state() -> None:
    assert SOUND.after("draft", "send") == "sent"
    assert SOUND.verbs_in("draft") == ("send", "close")
    assert SOUND.states_with("close") == ("draft", "sent")
    assert SOUND.choices[0] == ("draft", "Dự thảo")


def test_a_verb_in_the_wrong_state_is_refused_in_words() -> None:
    with pytest.raises(NotInThisState) as refused:
        SOUND.check("sent", "send")
    assert str(refused.value).startswith("Không thể “gửi” khi hồ sơ đang ở trạng thái “Đã gửi”.")
    english = {"gửi": "send", "hồ sơ": "the dossier", "Đã gửi": "Sent"}
    assert "send" in refused.value.said(lambda text: english.get(text, text))
    assert not SOUND.can("sent", "send")


def test_ends_and_ways_are_known() -> None:
    assert SOUND.final == {"closed"}
    assert SOUND.reachable("sent") == {"sent", "closed"}
    assert SOUND.dead_ends == frozenset()


@pytest.mark.parametrize(
    "transitions",
    [
        moves("draft", "send", "sent"),  # "closed" is never reached
        (*moves("draft", "send", "sent"), *moves("draft", "send", "closed")),  # two targets
        (*moves("draft", "send", "sent"), *moves("sent", "close", "gone")),  # no such state
        (*moves("draft", "send", "sent"), *moves("sent", "burn", "closed")),  # no such verb
    ],
)
def test_a_table_that_contradicts_itself_is_refused_when_made(transitions: tuple[Transition, ...]) -> None:
    with pytest.raises(ValueError):
        machine(*transitions)


def test_the_diagram_has_every_state_and_move() -> None:
    drawn = SOUND.mermaid()
    assert drawn.startswith("stateDiagram-v2\n")
    assert 'state "Dự thảo" as draft' in drawn
    assert "draft --> sent: gửi" in drawn
    assert "closed --> [*]" in drawn

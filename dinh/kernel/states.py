"""State machines as tables: they drive the code, the buttons, the diagrams and the property tests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import say

__all__ = ["NotInThisState", "State", "StateMachine", "Transition", "moves"]


class NotInThisState(Refused):
    message = N_(
        "Không thể “%(verb)s” khi %(subject)s đang ở trạng thái “%(state)s”. "
        "Hãy tải lại trang để xem việc nào làm được."
    )


@dataclass(frozen=True, slots=True)
class State:
    """A state: its stable code, and its word on screens (marked with ``N_``)."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed move: in ``source``, the verb leads to ``target``."""

    source: str
    verb: str
    target: str


def moves(sources: str | Iterable[str], verb: str, target: str) -> tuple[Transition, ...]:
    """Return one transition for each source."""
    return tuple(
        Transition(source, verb, target) for source in ([sources] if isinstance(sources, str) else sources)
    )


@dataclass(frozen=True)
class StateMachine:
    """A table of states and moves, checked when it is made.

    ``subject`` is what moves, in words ("hồ sơ"); ``verbs`` gives each verb its word on buttons. All
    words are marked with ``N_``. Raises ``ValueError`` for a table that contradicts itself: a state or
    verb that is not declared, two targets for one verb in one state, a state that is never reached.
    """

    subject: str
    initial: str
    states: Sequence[State]
    verbs: Mapping[str, str]
    transitions: Sequence[Transition]
    _table: Mapping[tuple[str, str], str] = field(init=False, repr=False, compare=False)
    _labels: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_labels", {state.code: state.label for state in self.states})
        object.__setattr__(
            self, "_table", {(move.source, move.verb): move.target for move in self.transitions}
        )
        if len(self._labels) != len(self.states) or len(self._table) != len(self.transitions):
            raise ValueError("a state, or a verb in a state, is declared twice")
        for move in self.transitions:
            if not {move.source, move.target} <= self._labels.keys() or move.verb not in self.verbs:
                raise ValueError(f"{move} names a state or a verb that is not declared")
        unreached = self._labels.keys() - self.reachable(self.initial)
        if unreached or self.initial not in self._labels:
            raise ValueError(f"never reached: {sorted(unreached)}")

    def after(self, state: str, verb: str) -> str:
        """Return the state to which the verb leads. Raises ``NotInThisState``."""
        target = self._table.get((state, verb))
        if target is None:
            raise NotInThisState(
                verb=say(self.verbs[verb]), subject=say(self.subject), state=say(self._labels[state])
            )
        return target

    def check(self, state: str, verb: str) -> None:
        """Check that the verb is allowed in the state. Raises ``NotInThisState``."""
        self.after(state, verb)

    def can(self, state: str, verb: str) -> bool:
        """Whether the verb is allowed in the state."""
        return (state, verb) in self._table

    def verbs_in(self, state: str) -> tuple[str, ...]:
        """Return the verbs allowed in the state, in the table's order: the buttons."""
        return tuple(move.verb for move in self.transitions if move.source == state)

    def states_with(self, verb: str) -> tuple[str, ...]:
        """Return the states in which the verb is allowed."""
        return tuple(move.source for move in self.transitions if move.verb == verb)

    def label(self, state: str) -> str:
        """Return the word of a state, to be translated."""
        return self._labels[state]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Codes and words, for a model's field."""
        return [(state.code, state.label) for state in self.states]

    @property
    def final(self) -> frozenset[str]:
        """The states that nothing leaves."""
        return frozenset(self._labels.keys() - {move.source for move in self.transitions})

    def reachable(self, state: str) -> frozenset[str]:
        """Return every state that can follow, the state itself included."""
        seen, waiting = {state}, [state]
        while waiting:
            source = waiting.pop()
            following = {move.target for move in self.transitions if move.source == source} - seen
            seen |= following
            waiting.extend(following)
        return frozenset(seen)

    @property
    def dead_ends(self) -> frozenset[str]:
        """The states from which no final state can be reached: empty in a sound table with an end."""
        return frozenset(code for code in self._labels if not self.reachable(code) & self.final)

    def mermaid(self) -> str:
        """Return the machine as a Mermaid state diagram with its Vietnamese words."""
        lines = ["stateDiagram-v2"]
        lines += [f'    state "{state.label}" as {_node(state.code)}' for state in self.states]
        lines.append(f"    [*] --> {_node(self.initial)}")
        lines += [
            f"    {_node(move.source)} --> {_node(move.target)}: {self.verbs[move.verb]}"
            for move in self.transitions
        ]
        lines += [f"    {_node(state.code)} --> [*]" for state in self.states if state.code in self.final]
        return "\n".join(lines) + "\n"


def _node(code: str) -> str:
    return code.replace(".", "_").replace("-", "_")

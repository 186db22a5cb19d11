"""The verbs excused from a refusal are those that refuse nobody, and no others."""

import pytest

from dinh.foundation.actions.public import Actor, all_verbs, system, visitor
from tests.guards.verbs import OPEN_TO_EVERYBODY

EVERYBODY = (visitor(), system("test"), *(Actor(kind=kind, name="–") for kind in ("citizen", "official")))


@pytest.mark.parametrize("verb", OPEN_TO_EVERYBODY)
def test_a_verb_named_as_open_lets_everybody_in(verb: str) -> None:
    permission = all_verbs()[verb].permission
    assert all(permission.may(by, None) for by in EVERYBODY)

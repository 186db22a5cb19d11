from dinh.foundation.actions.public import Actor, job, periodic
from dinh.kernel.errors import Refused
from tests.actions.sampleroom import effects


@job()
def note(text: str, *, by: Actor) -> None:
    """Note a text and who noted it."""
    effects.write(f"{text} by {by.kind} {by.name}")


@job()
def ponder(text: str, *, by: Actor) -> None:
    """Hold over a text."""
    effects.write(f"began {text}")
    effects.hold()
    effects.write(f"ended {text}")


@job(retries=2)
def fail(*, by: Actor) -> None:
    """Fail."""
    effects.write("failing")
    raise RuntimeError("always")


@job()
def refuse(*, by: Actor) -> None:
    """Be refused."""
    raise Refused


@periodic("* * * * * */2")
@job()
def tick(*, by: Actor) -> None:
    """Tick every other second."""
    effects.write("tick")

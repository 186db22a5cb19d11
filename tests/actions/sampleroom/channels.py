from dinh.foundation.actions.public import Delivery, Undeliverable, channel
from tests.actions.sampleroom import effects


@channel("sample")
def deliver(delivery: Delivery) -> None:
    """Do what the payload says: hold once so many are sent, fail, refuse for ever, or just deliver."""
    effects.write(f"sending {delivery.id}")
    hold_after = delivery.payload.get("hold_after")
    if hold_after is not None and sum(line.startswith("sent ") for line in effects.lines()) >= hold_after:
        effects.hold()
    if delivery.payload.get("fail"):
        raise ConnectionError("nobody answers")
    if delivery.payload.get("impossible"):
        raise Undeliverable("no such address")
    effects.write(f"sent {delivery.id}")

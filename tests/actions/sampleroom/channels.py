import time

from dinh.foundation.actions.public import Delivery, Undeliverable, channel
from tests.actions.sampleroom import effects


@channel("sample")
def deliver(delivery: Delivery) -> None:
    """Do what the payload says: take a while, fail, refuse for ever, or just deliver."""
    effects.write(f"sending {delivery.id}")
    time.sleep(delivery.payload.get("seconds", 0))
    if delivery.payload.get("fail"):
        raise ConnectionError("nobody answers")
    if delivery.payload.get("impossible"):
        raise Undeliverable("no such address")
    effects.write(f"sent {delivery.id}")


@channel("sample_slow")
def deliver_slowly(delivery: Delivery) -> None:
    """Hang for a moment."""
    time.sleep(2)

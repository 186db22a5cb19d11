"""Messages that a relay claims and settles a second, in batches, and claims alone.

Runs inside the province; prints JSON. What it wrote is taken away again.
"""

import datetime as dt
import json
import time

import django

MESSAGES, BATCH = 20_000, 500
CHANNEL = "bench"


def main() -> None:
    """Fill the outbox, empty it, and print rates."""
    django.setup()
    from dinh.foundation.actions.actions.outbox import Outcome, claim, settle
    from dinh.foundation.actions.models import OutboxMessage

    OutboxMessage.objects.bulk_create(
        (OutboxMessage(channel=CHANNEL, recipient=f"r{number}") for number in range(MESSAGES)),
        batch_size=2000,
    )
    claiming = settling = 0.0
    count = 0
    while True:
        began = time.perf_counter()
        messages = claim(CHANNEL, by="bench", limit=BATCH, lease=dt.timedelta(minutes=3))
        claiming += time.perf_counter() - began
        if not messages:
            break
        began = time.perf_counter()
        settle([Outcome(message, "", is_final=False, milliseconds=1) for message in messages], by="bench")
        settling += time.perf_counter() - began
        count += len(messages)
    OutboxMessage.objects.filter(channel=CHANNEL).delete()
    print(json.dumps({"claims": count / claiming, "claimed and settled": count / (claiming + settling)}))


if __name__ == "__main__":
    main()

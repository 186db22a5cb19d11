"""Effects that outlive a killed process: lines in a file."""

import os
import time
from pathlib import Path

GO_ON = "go on"


def hold() -> None:
    """Wait until the test says to go on, however long that takes it."""
    while GO_ON not in lines():
        time.sleep(0.02)


def lines() -> list[str]:
    """What has been written so far."""
    place = Path(os.environ["SAMPLEROOM_EFFECTS"])
    return place.read_text().splitlines() if place.exists() else []


def write(line: str) -> None:
    """Append one line at once, whoever else writes."""
    with Path(os.environ["SAMPLEROOM_EFFECTS"]).open("a") as effects:
        effects.write(line + "\n")
        effects.flush()
        os.fsync(effects.fileno())

"""Effects that outlive a killed process: lines in a file."""

import os
from pathlib import Path


def write(line: str) -> None:
    """Append one line at once, whoever else writes."""
    with Path(os.environ["SAMPLEROOM_EFFECTS"]).open("a") as effects:
        effects.write(line + "\n")
        effects.flush()
        os.fsync(effects.fileno())

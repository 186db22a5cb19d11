"""An app that lets the first process pause in the middle of something, to be killed there.

SLOWLY_AT says where (a key of ``PLACES``; drawing a paper by default), SLOWLY_MARK is the file that appears
when it has come so far.
"""

import importlib
import os
import time
from pathlib import Path
from typing import Any

from django.apps import AppConfig

# Module, name that it calls, and at which call the pause comes: right after the call has been made.
PLACES = {
    "draw": ("dinh.onestop.actions.papers", "seal_by_desk", 1),
    "notice": ("dinh.onestop.actions.payments", "settle", 1),
    "export": ("dinh.onestop.actions.exports", "pack_rows", 2),
    "join": ("dinh.onestop.actions.exports", "write_workbook", 1),
    "sign": ("dinh.onestop.actions.results", "sign_by_person", 1),
    "issue": ("dinh.onestop.actions.results", "number_and_seal", 1),
}
PART_ROWS = 3


class SlowlyConfig(AppConfig):
    name = "tests.onestop.slowly"

    def ready(self) -> None:
        place = os.environ.get("SLOWLY_AT", "draw")
        _pause_after(*PLACES[place], mark=Path(os.environ["SLOWLY_MARK"]))
        exports: Any = importlib.import_module("dinh.onestop.actions.exports")
        exports.PART_ROWS = PART_ROWS


def _pause_after(module: str, name: str, at_call: int, *, mark: Path) -> None:
    place: Any = importlib.import_module(module)
    plain, calls = getattr(place, name), [0]

    def slow(*arguments: Any, **options: Any) -> Any:
        done = plain(*arguments, **options)
        calls[0] += 1
        if calls[0] == at_call and not mark.exists():
            mark.write_text("in the middle")
            time.sleep(600)
        return done

    setattr(place, name, slow)

import os
import time
from pathlib import Path
from typing import Any

from django.apps import AppConfig


class SlowlyConfig(AppConfig):
    name = "tests.onestop.slowly"

    def ready(self) -> None:
        from dinh.onestop.actions import papers

        seal = papers.seal_by_desk
        mark = Path(os.environ["SLOWLY_MARK"])

        def seal_slowly(*arguments: Any, **options: Any) -> bytes:
            sealed = seal(*arguments, **options)
            if not mark.exists():
                mark.write_text("in the middle")
                time.sleep(120)
            return sealed

        papers.seal_by_desk = seal_slowly

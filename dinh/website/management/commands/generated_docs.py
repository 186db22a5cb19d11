"""``manage.py generated_docs``: write docs/generated, or with ``--check`` say what is out of date."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dinh.website.management.generated import PAGES, faults


class Command(BaseCommand):
    help = "Writes the documents that are made from the code."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when one is old")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.ROOT / "docs" / "generated"
        made = {folder / name: page() for name, page in PAGES.items()}
        old = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
        wrong = faults()
        for line in wrong:
            self.stdout.write(line)
        if options["check"]:
            for path in old:
                self.stdout.write(f"{path.relative_to(settings.ROOT)} is out of date: run `make docs`")
            sys.exit(1 if old or wrong else 0)
        folder.mkdir(parents=True, exist_ok=True)
        for path in old:
            path.write_text(made[path])
            self.stdout.write(str(path.relative_to(settings.ROOT)))
        sys.exit(1 if wrong else 0)

"""``manage.py catalogue``: bring the English catalogue up to date, check it, or compile it."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dinh.website.management.catalogue import compile_catalogue, problems, update


class Command(BaseCommand):
    help = "Gathers marked sentences into locale/en/LC_MESSAGES/django.po."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--check", action="store_true", help="only say what is missing or wrong")
        way.add_argument("--compile", action="store_true", help="only compile it, when it has changed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["compile"]:
            compile_catalogue()
            return
        if options["check"]:
            found = list(problems())
            for line in found:
                self.stdout.write(line)
            sys.exit(1 if found else 0)
        missing = update()
        compile_catalogue()
        self.stdout.write(f"{missing} sentences want English words")

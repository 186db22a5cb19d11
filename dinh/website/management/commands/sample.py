"""``manage.py sample``: load the sample province into an empty database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dinh.foundation.directory.public import unit_by_code
from dinh.website.sample.load import accounts_text, load_sample, write_accounts


class Command(BaseCommand):
    help = "Loads the sample province (invented, code H99) unless it is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="only print the sample accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self.stdout.write(accounts_text())
            return
        if unit_by_code("H99") is not None:
            raise CommandError("Tỉnh mẫu đã có trong cơ sở dữ liệu này.")
        load_sample(tell=lambda line: self.stdout.write(f"  {line}"))
        write_accounts()

"""``manage.py sample``: load the sample province into an empty database, or fill it with dossiers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dinh.foundation.directory.public import unit_by_code
from dinh.website.sample.fill import fill
from dinh.website.sample.load import accounts_text, load_sample, write_accounts

# What a new province's lists hold.
A_FEW = 300


class Command(BaseCommand):
    help = "Loads the sample province (invented, code H99) unless it is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="only print the sample accounts")
        parser.add_argument("--dossiers", type=int, help="fill the province with so many dossiers more")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self.stdout.write(accounts_text())
            return
        wanted = options["dossiers"]
        is_there = unit_by_code("H99") is not None
        if is_there and wanted is None:
            raise CommandError("Tỉnh mẫu đã có trong cơ sở dữ liệu này.")
        if not is_there:
            load_sample(dossiers=A_FEW, content=True, tell=self._tell)
            write_accounts()
        if wanted:
            fill(wanted, now=timezone.now(), tell=self._tell)

    def _tell(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()

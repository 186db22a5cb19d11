"""``manage.py verify_audit``: prove that the audit log is what was sealed, or name where it is not."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Fault, read_anchors, seal_anchor_path, verify_audit


class Command(BaseCommand):
    help = "Checks every entry of the audit log against its seal, and every seal against its chain."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            type=Path,
            action="append",
            default=[],
            help="a file with lines of seals noted earlier (besides the one in the key folder)",
        )
        parser.add_argument("--write-anchor", type=Path, help="note the last seal at the end of this file")

    def handle(self, *args: Any, **options: Any) -> None:
        noted = [path for path in [seal_anchor_path(), *options["anchor"]] if path.exists()]
        lines = [line for path in noted for line in path.read_text().splitlines()]
        found = verify_audit(anchors=read_anchors(lines))
        checked = {"entries": found.entries, "seals": found.seals, "unsealed": found.unsealed}
        self.stdout.write(
            _(
                "Đã kiểm tra %(entries)d dòng nhật ký và %(seals)d con dấu; "
                "%(unsealed)d dòng mới chưa đóng dấu."
            )
            % checked
        )
        for fault in found.faults:
            self.stdout.write("  ✗ " + _sentence(fault))
        if found.faults:
            self.stdout.write(_("NHẬT KÝ ĐÃ BỊ THAY ĐỔI. Chỗ đầu tiên: %s") % _sentence(found.faults[0]))
            sys.exit(1)
        if options["write_anchor"] is not None:
            with options["write_anchor"].open("a") as file:
                file.write(found.last_anchor + "\n")
        self.stdout.write(_("Nhật ký nguyên vẹn."))


def _sentence(fault: Fault) -> str:
    places = []
    if fault.entry:
        places.append(_("dòng %d") % fault.entry)
    if fault.seal:
        places.append(_("con dấu %d") % fault.seal)
    return f"{_(fault.message)} ({', '.join(places)})"

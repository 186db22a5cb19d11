"""``manage.py renew_audit_key``: a new signing key for the audit seals to come."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import renew_seal_key


class Command(BaseCommand):
    help = "Makes a new key for the audit seals; old seals keep theirs, whose public half stays."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(_("Khoá niêm phong mới: %s. Hãy sao lưu thư mục khoá.") % renew_seal_key())

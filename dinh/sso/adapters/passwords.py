"""Password hashing: argon2id with the parameters of docs/decisions/0060, a few at a time."""

import threading
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

__all__ = ["Argon2"]

# Each computation holds its memory for its whole time: a flood of guesses waits here instead of
# filling the machine.
_at_once = threading.BoundedSemaphore(settings.PASSWORD_HASHES_AT_ONCE)


class Argon2(Argon2PasswordHasher):
    """Argon2id: two passes over 46 MiB in one lane (twice the minimum that OWASP names)."""

    time_cost = 2
    memory_cost = 47_104
    parallelism = 1

    def encode(self, *arguments: Any, **keywords: Any) -> str:
        with _at_once:
            return super().encode(*arguments, **keywords)

    def verify(self, *arguments: Any, **keywords: Any) -> bool:
        with _at_once:
            return super().verify(*arguments, **keywords)

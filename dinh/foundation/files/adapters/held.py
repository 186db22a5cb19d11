"""Files that a form carries: stored, and bound by nothing yet.

A browser cannot show a chosen file again when a form comes back. The form carries a signed word for it
instead; who sends the form again sends the file with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core import signing

__all__ = ["Held", "held", "hold"]

_SALT = "dinh.files.held"
# Less than the day that a file stays which nothing binds.
_SECONDS = 20 * 3600
_MOST = 60


@dataclass(frozen=True, slots=True)
class Held:
    """A file for a paper (``key``), and the word for it that the form carries."""

    key: str
    file_id: UUID
    token: str


def hold(place: str, key: str, file_id: UUID) -> Held:
    """Return the file as a form carries it; ``place`` says which form, and whose it is."""
    return Held(key, file_id, signing.dumps([place, key, str(file_id)], salt=_SALT))


def held(place: str, tokens: Iterable[str]) -> list[Held]:
    """Return the files that a form carries, each once; what was not signed for this place is dropped."""
    found = []
    for token in list(dict.fromkeys(tokens))[:_MOST]:
        try:
            at, key, file_id = signing.loads(token, salt=_SALT, max_age=_SECONDS)
        except signing.BadSignature:
            continue
        if at == place:
            found.append(Held(key, UUID(file_id), token))
    return found

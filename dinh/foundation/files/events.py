"""What the files announce."""

from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.events import Event

__all__ = ["ContentDamaged", "FileFoundInfected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFoundInfected(Event):
    """A file that was kept before it could be scanned turned out to be infected; nobody can open it now."""

    file_id: UUID
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentDamaged(Event):
    """The integrity check found a kept content missing or changed."""

    sha256: str
    kind: str

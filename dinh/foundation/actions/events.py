"""Facts that rooms announce: frozen dataclasses in the past tense, all derived from ``Event``."""

from dataclasses import dataclass

__all__ = ["Event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact that has happened in the running transaction."""

"""How a way out says that a message did not leave."""

__all__ = ["NotSent"]


class NotSent(Exception):
    """Not this time; the outbox tries again. Its text is one of ``rules.fates.ERRORS``."""

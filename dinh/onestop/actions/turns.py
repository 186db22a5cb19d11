"""Verbs that must not run beside each other though they lock no common row take turns by a name."""

from django.db import connection

__all__ = ["take_turns"]


def take_turns(matter: str, whose: object = "") -> None:
    """Wait for whoever holds the turn of this matter (and of this one it concerns), and hold it until the
    commit. Two names that PostgreSQL folds to one number wait for each other, which does no harm. Asks to be
    called in a transaction, before what it guards is read.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [matter, str(whose)])

"""Taking numbers."""

import datetime as dt
from uuid import UUID

from django.db import connection, models

from dinh.documents.models import NumberBook, NumberTaken
from dinh.documents.rules import format_number

__all__ = ["take_number"]


def take_number(*, agency_id: UUID, notation: str, bearer: models.Model, on: dt.date) -> str:
    """Take the next number of the agency's series for ``bearer``, inside the verb that numbers it.

    The book's row is locked until the commit and a rollback gives the number back, so the series has
    neither gap nor duplicate. Called again for the same bearer, it returns the number it bears.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken inside the verb that uses it")
    mark = (bearer._meta.label_lower, str(bearer.pk))
    known = NumberTaken.objects.filter(bearer_type=mark[0], bearer_id=mark[1]).first()
    if known is not None:
        return format_number(known.number, notation)
    NumberBook.objects.bulk_create(
        [NumberBook(agency_id=agency_id, year=on.year, notation=notation)], ignore_conflicts=True
    )
    book = NumberBook.objects.select_for_update().get(agency_id=agency_id, year=on.year, notation=notation)
    book.last += 1
    book.save(update_fields=["last"])
    NumberTaken.objects.create(
        book=book, number=book.last, bearer_type=mark[0], bearer_id=mark[1], taken_on=on
    )
    return format_number(book.last, notation)

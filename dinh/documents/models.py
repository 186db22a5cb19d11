"""Number books and the numbers taken from them."""

import pgtrigger
from django.db import models


class NumberBook(models.Model):
    """One series of numbers of an agency in a year: from 1 on 1 January (NĐ 30/2020 Art. 15).

    ``notation`` is what follows the number: ``GCN-HKD`` in ``15/GCN-HKD``.
    """

    agency = models.ForeignKey("directory.Unit", on_delete=models.PROTECT, related_name="+")
    year = models.IntegerField()
    notation = models.TextField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "year", "notation"], name="one_book_a_year")]


class NumberTaken(models.Model):
    """A number, and what bears it. Append-only: a number is never given back."""

    book = models.ForeignKey(NumberBook, on_delete=models.PROTECT, related_name="numbers")
    number = models.IntegerField()
    bearer_type = models.TextField()
    bearer_id = models.TextField()
    taken_on = models.DateField()

    class Meta:
        ordering = ["book", "number"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="number_once"),
            models.UniqueConstraint(fields=["bearer_type", "bearer_id"], name="one_number_a_bearer"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.number)

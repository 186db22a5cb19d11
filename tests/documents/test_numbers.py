"""Number books: one series a year, an agency and a notation, with neither gap nor duplicate."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from dinh.documents.models import NumberBook, NumberTaken
from dinh.documents.public import take_number
from dinh.documents.rules import format_number
from dinh.foundation.directory.models import Unit
from tests.onestop.conftest import Province, open_province, province  # noqa: F401
from tests.onestop.test_collisions import at_once

ON = dt.date(2026, 11, 16)


def bearers(count: int) -> list[Unit]:
    return list(Unit.objects.order_by("code")[:count])


def take(p: Province, bearer: Unit, *, notation: str = "QĐ-UBND", on: dt.date = ON) -> str:
    with transaction.atomic():
        return take_number(agency_id=p.unit("H99.31").id, notation=notation, bearer=bearer, on=on)


@pytest.mark.parametrize(("number", "text"), [(1, "01/QĐ"), (9, "09/QĐ"), (10, "10/QĐ"), (1234, "1234/QĐ")])
def test_numbers_below_ten_get_a_zero(number, text):
    """NĐ 30/2020/NĐ-CP, appendix I."""
    assert format_number(number, "QĐ") == text


def test_each_series_counts_for_itself_and_begins_anew_each_year(province):  # noqa: F811
    one, two, three, four = bearers(4)
    assert take(province, one) == "01/QĐ-UBND"
    assert take(province, two) == "02/QĐ-UBND"
    assert take(province, three, notation="GCN-HKD") == "01/GCN-HKD"
    assert take(province, four, on=dt.date(2027, 1, 1)) == "01/QĐ-UBND"
    assert NumberBook.objects.count() == 3


def test_asked_again_a_bearer_keeps_its_number(province):  # noqa: F811
    bearer = bearers(1)[0]
    assert take(province, bearer) == take(province, bearer) == "01/QĐ-UBND"
    assert NumberBook.objects.get().last == 1


def test_a_number_is_never_changed_or_given_back(province):  # noqa: F811
    take(province, bearers(1)[0])
    with pytest.raises(DatabaseError), transaction.atomic():
        NumberTaken.objects.update(number=2)
    with pytest.raises(DatabaseError), transaction.atomic():
        NumberTaken.objects.all().delete()


def test_outside_of_a_verb_no_number_is_taken(open_province):  # noqa: F811
    with pytest.raises(RuntimeError):
        take_number(agency_id=open_province.unit("H99.31").id, notation="QĐ", bearer=bearers(1)[0], on=ON)


def test_numbers_taken_at_once_have_neither_gap_nor_duplicate(open_province):  # noqa: F811
    p = open_province
    many = bearers(16)

    def fail_after_taking(bearer: Unit) -> str:
        with transaction.atomic():
            number = take(p, bearer)
            raise ConnectionError(number)

    calls = [
        (lambda one=one: fail_after_taking(one)) if place % 5 == 4 else (lambda one=one: take(p, one))
        for place, one in enumerate(many)
    ]
    answers = at_once(calls)
    taken = sorted(answer for answer in answers if isinstance(answer, str))
    assert taken == [f"{number:02d}/QĐ-UBND" for number in range(1, 14)]
    assert NumberBook.objects.get().last == NumberTaken.objects.count() == 13
    assert len(set(NumberTaken.objects.values_list("number", flat=True))) == 13

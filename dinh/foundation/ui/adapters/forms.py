"""Forms as data in the reader's language, on the province's day."""

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from typing import Any

from django.utils.translation import gettext

from dinh.foundation.ui.rules.forms import checking, publishing, showing
from dinh.foundation.ui.rules.forms.checking import Choices, FieldError
from dinh.foundation.ui.rules.forms.limits import Calendar
from dinh.foundation.ui.rules.forms.showing import FormView, SummaryPage
from dinh.kernel.worktime import VIETNAM

__all__ = ["check_definition", "layout", "summary", "validate"]


def check_definition(definition: Any) -> list[str]:
    """Say what is wrong with a definition, a sentence a fault; an empty list when it can be published."""
    return publishing.check_definition(definition, say=gettext)


def validate(
    definition: Mapping[str, Any],
    data: Mapping[str, Any],
    *,
    page: str | None = None,
    choices: Choices | None = None,
    today: dt.date | None = None,
    calendar: Calendar | None = None,
    spared: Set[str] = frozenset(),
    for_paper: bool = False,
) -> list[FieldError]:
    """Return ``FieldError(path, sentence)`` in the order of the fields, at most one each; empty: all is well.

    ``choices`` gives the lists that ``ui.source`` names: ``{"communes": [(value, label), …]}``. With ``page``
    only that page's fields are asked. ``today`` is the province's day unless given; ``calendar``
    gives the working calendar that rules over working days count by (None: the usual week), and is called
    only when one asks. Fields of the ``spared`` widgets need no answer. ``for_paper``: sentences for a
    letter to who holds a paper.
    """
    day = today or dt.datetime.now(VIETNAM).date()
    return checking.validate(
        definition,
        data,
        today=day,
        page=page,
        choices=choices,
        calendar=calendar,
        say=gettext,
        spared=spared,
        for_paper=for_paper,
    )


def layout(
    definition: Mapping[str, Any],
    data: Mapping[str, Any],
    errors: Sequence[tuple[str, str]] = (),
    *,
    page: str | None = None,
    choices: Choices | None = None,
    notes: Mapping[str, str] | None = None,
    spared: Set[str] = frozenset(),
) -> FormView:
    """Return what ``ui.form_fields(view)`` draws, each error at its field, ``notes`` with a field's help;
    fields of the ``spared`` widgets need no answer, as in ``validate``.
    """
    return showing.layout(
        definition, data, errors, page=page, choices=choices, say=gettext, notes=notes, spared=spared
    )


def summary(
    definition: Mapping[str, Any], data: Mapping[str, Any], *, choices: Choices | None = None
) -> list[SummaryPage]:
    """Return ``SummaryPage(key, label, rows of Row(label, value, path))``, for ``ui.form_summary(pages)``."""
    return showing.summary(definition, data, choices=choices, say=gettext)

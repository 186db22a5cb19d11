"""What still stands in the way of sending a draft, place by place, in words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext

from dinh.foundation.calendars.public import calendar_for
from dinh.foundation.directory.public import names_inside
from dinh.foundation.ui.public import Choices, FieldError, outline, validate
from dinh.kernel.conditions import value_at
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Draft, Representation
from dinh.onestop.queries.page_counts import differing_pages
from dinh.onestop.rules.checks import NEEDLESS_AT_DESK, Problem
from dinh.onestop.rules.definition import Definition
from dinh.onestop.rules.fees import required_documents
from dinh.onestop.rules.result_fields import scanned_documents

__all__ = [
    "answer_errors",
    "form_choices",
    "missing_papers",
    "problems_at_counter",
    "problems_of",
    "problems_of_answers",
]

MISSING_NAME = N_("Hãy ghi họ và tên người nộp.")
OTHER_PAGES = N_(
    "Số trang khai là %(declared)s, nhưng tệp “%(name)s” có %(counted)s trang. Hãy ghi số trang là"
    " %(counted)s, hoặc bỏ tệp này rồi tải lại đúng tệp."
)
OTHER_PAGES_ON_PAPER = (
    "Số trang khai là %(declared)s, nhưng “%(name)s” có %(counted)s trang"  # data: papers are Vietnamese
)
NOT_SCANNED = N_("Hãy quét “%(name)s”: kết quả được in cùng bản quét này, nên không chỉ nhận bản giấy.")
MISSING_PAPER = N_("Còn thiếu “%(name)s”. Hãy tải lên ảnh chụp hoặc bản quét của giấy tờ này.")

NOT_THEIRS = N_(
    "Hồ sơ này nộp thay cho “%(name)s”, mã số thuế %(number)s, nên chỉ nhận mã số đó. Nộp cho nơi khác thì bỏ"
    " hồ sơ này và chọn nơi được nộp thay khi bắt đầu."
)


class GivenPart(Protocol):
    """A paper that was handed over."""

    @property
    def document_key(self) -> str: ...
    @property
    def file_id(self) -> UUID | None: ...


def form_choices(agency_id: UUID | None) -> dict[str, list[tuple[str, str]]]:
    """Options of the form's fields that come from the directory: the communes of the chosen agency."""
    if agency_id is None:
        return {"communes": []}
    return {"communes": names_inside(agency_id, "commune_committee")}


def answer_errors(
    definition: Definition,
    data: Mapping[str, Any],
    *,
    agency_id: UUID | None,
    page: str | None = None,
    choices: Choices | None = None,
    stands_for: Representation | None = None,
    today: dt.date | None = None,
    at_desk: bool = False,
    for_paper: bool = False,
) -> list[FieldError]:
    """Return what is wrong with the form's answers, or those of one page, in the order of the fields.

    Rules over working days count by the calendar of the agency, before one is chosen by the province's.
    ``choices`` are those of ``form_choices``, given by who has read them already; ``today`` is the day of
    filing, the present one unless given. ``stands_for``: for whom the dossier is filed; of a business its own
    tax code is taken and no other. ``at_desk``: they are taken in at a desk, where nobody needs a telephone.
    ``for_paper``: in words for a letter.
    """
    errors = validate(
        definition.form,
        data,
        page=page,
        choices=form_choices(agency_id) if choices is None else choices,
        today=today,
        calendar=partial(calendar_for, agency_id),
        spared=NEEDLESS_AT_DESK if at_desk else frozenset(),
        for_paper=for_paper,
    )
    if stands_for is None or stands_for.kind != "business":
        return errors
    return _of_business(definition, data, errors, stands_for, page)


def _of_business(
    definition: Definition,
    data: Mapping[str, Any],
    errors: list[FieldError],
    business: Representation,
    page: str | None,
) -> list[FieldError]:
    """The errors, and at the business's tax code that it is another's; what was declared at Nộp thay, with
    the paper that proves it, is not doubted here.
    """
    lines = [line for one in outline(definition.form) if page in (None, one.key) for line in one.fields]
    codes = [line.path for line in lines if line.spec.prefill == "party.tax_code"]
    given = {path: value_at(data, path) for path in codes}
    own = {path for path, value in given.items() if value == business.identity}
    others = {path for path, value in given.items() if value} - own
    found = [error for error in errors if error.path not in own | others]
    sentence = gettext(NOT_THEIRS) % {"name": business.name, "number": business.identity}
    places = {line.path: number for number, line in enumerate(lines)}
    found += [FieldError(path, sentence) for path in others]
    return sorted(found, key=lambda error: places.get(_unnumbered(error.path), len(places)))


def _unnumbered(path: str) -> str:
    return ".".join(step for step in path.split(".") if not step.isdigit())


def problems_of_answers(
    definition: Definition,
    data: Mapping[str, Any],
    *,
    agency_id: UUID | None,
    now: dt.datetime,
    at_desk: bool = False,
    for_paper: bool = False,
    stands_for: Representation | None = None,
) -> tuple[Problem, ...]:
    """Faults of the form's answers alone, filed ``now``; ``place`` is the field's dotted name."""
    errors = answer_errors(
        definition,
        data,
        agency_id=agency_id,
        stands_for=stands_for,
        today=now.astimezone(VIETNAM).date(),
        at_desk=at_desk,
        for_paper=for_paper,
    )
    return tuple(Problem(place=error.path, sentence=error.sentence) for error in errors)


def problems_at_counter(
    definition: Definition,
    applicant_name: str,
    data: Mapping[str, Any],
    parts: Sequence[GivenPart],
    *,
    agency_id: UUID | None,
    now: dt.datetime,
    for_paper: bool = False,
) -> tuple[Problem, ...]:
    """Every fault of what a clerk takes in ``now`` at the counter; ``applicant-name`` is a name's place.
    ``for_paper``: what the person has to mend, in words for a letter.
    """
    unnamed = [] if applicant_name else [Problem(place="applicant-name", sentence=gettext(MISSING_NAME))]
    given = {part.document_key for part in parts}
    return (
        *unnamed,
        *problems_of_answers(
            definition, data, agency_id=agency_id, now=now, at_desk=True, for_paper=for_paper
        ),
        *missing_papers(definition, data, given),
        *(() if for_paper else _not_scanned(definition, parts)),
        *_other_pages(
            definition, data, [(part.document_key, part.file_id) for part in parts], for_paper=for_paper
        ),
    )


def _not_scanned(definition: Definition, parts: Sequence[GivenPart]) -> list[Problem]:
    """Papers that came without the scan that a result is printed with; to scan them is the desk's work."""
    there = {part.document_key for part in parts if part.file_id or getattr(part, "source", None)}
    bare = {part.document_key for part in parts} - there
    return [
        Problem(place=f"paper:{document.key}", sentence=gettext(NOT_SCANNED) % {"name": document.name})
        for document in scanned_documents(definition)
        if document.key in bare
    ]


def _other_pages(
    definition: Definition,
    data: Mapping[str, Any],
    given: Sequence[tuple[str, UUID | None]],
    *,
    for_paper: bool = False,
) -> list[Problem]:
    """Numbers of pages that are not those of the files; the place is where the number is written."""
    return [
        Problem(
            place=one.document.pages,
            sentence=(OTHER_PAGES_ON_PAPER if for_paper else gettext(OTHER_PAGES))
            % {"declared": one.declared, "counted": one.counted, "name": one.document.name},
        )
        for one in differing_pages(definition, data, given)
    ]


def missing_papers(definition: Definition, data: Mapping[str, Any], given: set[str]) -> list[Problem]:
    """Papers that these answers make necessary and that are not among the keys ``given``."""
    return [
        Problem(place=f"paper:{document.key}", sentence=gettext(MISSING_PAPER) % {"name": document.name})
        for document in required_documents(definition, data)
        if document.key not in given
    ]


def problems_of(draft: Draft, *, now: dt.datetime) -> tuple[Problem, ...]:
    """Every fault of a draft: answers first, then papers (``place`` is ``paper:<key>``)."""
    definition = draft.version.parts
    files = list(draft.files.values_list("document_key", "file_id"))
    return (
        *problems_of_answers(
            definition, draft.data, agency_id=draft.agency_id, now=now, stands_for=draft.representation
        ),
        *missing_papers(definition, draft.data, {key for key, _file_id in files}),
        *_other_pages(definition, draft.data, files),
    )

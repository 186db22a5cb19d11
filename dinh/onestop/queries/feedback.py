"""Evaluations that people give at a desk, by device, slip and survey; the links by which they do."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core import signing
from django.db.models import Count, Q, QuerySet

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import get_unit, may_at
from dinh.kernel.errors import NotFound
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, Feedback, Rating
from dinh.onestop.queries.dossiers import visible_dossiers
from dinh.onestop.rules.feedback import DeviceLinkOver, SurveyOver
from dinh.onestop.rules.periods import Period

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = [
    "DeskFeedback",
    "attitude_by_agency",
    "desk_feedback",
    "desk_of_device",
    "device_key",
    "dossier_of_survey",
    "survey_dossier",
    "survey_key",
]

_DEVICE, _SURVEY = "dinh.feedback.device", "dinh.feedback.survey"
SURVEY_DAYS = 30
SHOWN = 50


@dataclass(frozen=True, slots=True)
class DeskFeedback:
    """A desk's evaluations of a period: how many by overall answer, by source, and the last ones."""

    desk_id: UUID
    desk_name: str
    by_answer: Mapping[int, int]
    by_source: Mapping[str, int]
    rows: Sequence[Feedback | Rating]

    @property
    def total(self) -> int:
        return sum(self.by_answer.values())


def device_key(by: Actor, *, now: dt.datetime) -> str:
    """Return what a device at the acting position's desk opens its page with, until the end of today.

    Raises ``NotFound`` for whoever receives nothing there.
    """
    if by.unit_id is None or not may_at(by, "dossier.receive", by.unit_id):
        raise NotFound
    return signing.dumps([str(by.unit_id), f"{now.astimezone(VIETNAM):%Y-%m-%d}"], salt=_DEVICE)


def desk_of_device(key: str, *, now: dt.datetime) -> "Unit":
    """Return the desk whose device holds a key. Raises ``DeviceLinkOver``."""
    try:
        desk_id, day = signing.loads(key[:300], salt=_DEVICE)
    except (signing.BadSignature, ValueError) as error:
        raise DeviceLinkOver from error
    if day != f"{now.astimezone(VIETNAM):%Y-%m-%d}":
        raise DeviceLinkOver
    return get_unit(UUID(desk_id))


def survey_dossier(by: Actor, code: str) -> Dossier:
    """Return the ended dossier of a code that the reader may send a survey about. Raises ``NotFound``."""
    rows = visible_dossiers(by).filter(state__in=("done", "returned", "refused"))
    found = rows.filter(code=code.strip().upper()[:60]).first()
    if found is None or not may_at(by, "dossier.receive", found.reception_unit_id):
        raise NotFound
    return found


def survey_key(dossier: Dossier) -> str:
    """Return the key of a survey about one dossier."""
    return signing.dumps(str(dossier.pk), salt=_SURVEY)


def dossier_of_survey(key: str) -> Dossier:
    """Return the dossier that a survey's key names. Raises ``SurveyOver``."""
    try:
        dossier_id = signing.loads(key[:300], salt=_SURVEY, max_age=dt.timedelta(days=SURVEY_DAYS))
    except signing.BadSignature as error:
        raise SurveyOver from error
    found = Dossier.objects.select_related("procedure", "agency").filter(pk=dossier_id).first()
    if found is None:
        raise SurveyOver
    return found


def desk_feedback(by: Actor, period: Period) -> DeskFeedback:
    """Return what people said of the acting position's desk in a period. Raises ``NotFound``."""
    if by.unit_id is None or not may_at(by, "dossier.receive", by.unit_id):
        raise NotFound
    desk = get_unit(by.unit_id)
    given = Feedback.objects.filter(
        desk_id=desk.pk, given_at__gte=period.from_at, given_at__lt=period.until_at
    )
    rated = Rating.objects.filter(
        dossier__reception_unit_id=desk.pk, rated_at__gte=period.from_at, rated_at__lt=period.until_at
    )
    by_answer = dict.fromkeys((3, 2, 1), 0)
    by_source: dict[str, int] = {}
    for rows in (given, rated):
        for answer, source, count in _counted(rows):
            by_answer[answer] += count
            by_source[source] = by_source.get(source, 0) + count
    newest: list[Any] = [*given[:SHOWN], *rated.select_related("dossier").order_by("-rated_at")[:SHOWN]]
    newest.sort(key=lambda row: row.given_at if isinstance(row, Feedback) else row.rated_at, reverse=True)
    return DeskFeedback(desk.pk, desk.name, by_answer, by_source, newest[:SHOWN])


def _counted(rows: "QuerySet[Feedback] | QuerySet[Rating]") -> list[tuple[int, str, int]]:
    found = rows.order_by().values_list("overall", "source").annotate(count=Count("pk"))
    return [(int(overall), str(source), int(count)) for overall, source, count in found]


def attitude_by_agency(period: Period) -> Mapping[UUID, tuple[int, int, int]]:
    """Return for each agency how many said at its desk, without a dossier, how satisfied they are with the
    officials' attitude: very, satisfied, not.
    """
    given = Feedback.objects.filter(given_at__gte=period.from_at, given_at__lt=period.until_at)
    rows: Any = (
        given.exclude(attitude=None)
        .order_by()
        .values("desk__agency_id")
        .annotate(**{f"said_{answer}": Count("pk", filter=Q(attitude=answer)) for answer in (3, 2, 1)})
    )
    return {row["desk__agency_id"]: (row["said_3"], row["said_2"], row["said_1"]) for row in rows}

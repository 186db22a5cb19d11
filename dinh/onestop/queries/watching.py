"""What the watchdog looks for, and what it has found."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from dinh.foundation.actions.public import Actor
from dinh.foundation.calendars.public import calendar_for
from dinh.foundation.directory.public import coverage, heads_of, people_with_role, standing_unit
from dinh.kernel.errors import existing
from dinh.onestop.models import Dossier, FilingMessage, Finding, Paper, StepReturn, Supplement, WorkItem
from dinh.onestop.queries.assigning import may_sign
from dinh.onestop.queries.returns import superiors_for
from dinh.onestop.queries.work import near_work, overdue_work
from dinh.onestop.rules.watching import ESCALATE_AFTER, PAPER_MAY_TAKE, REMIND_BEFORE

__all__ = [
    "FindingCard",
    "FindingNews",
    "Trouble",
    "finding_news",
    "findings",
    "findings_to_escalate",
    "supplements_to_remind",
    "troubles",
    "work_to_warn",
]

# What one run looks at, at most; the next run goes on.
AT_ONCE = 5000
_LIVING = ("submitted", "processing", "supplement", "done")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that stands: its key, where, and the unit whose head has to act."""

    key: str
    kind: str
    dossier_id: UUID | None
    step_id: UUID | None
    unit_id: UUID
    owner_unit_id: UUID
    filing_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FindingCard:
    """One finding as the screen shows it. ``owners``: who leads the unit that has to act now."""

    id: UUID
    kind: str
    dossier_id: UUID | None
    filing_id: UUID | None
    code: str
    step: str
    unit: str
    owners: str
    owner_unit: str
    level: int
    found_at: dt.datetime
    escalated_at: dt.datetime | None


def troubles(now: dt.datetime) -> Iterator[Trouble]:
    """Yield everything that stands without somebody to move it at this moment."""
    today = timezone.localdate(now)
    yield from _dossiers_without_step()
    closed = WorkItem.objects.filter(unit__valid_until__lte=today)
    for step_id, dossier_id, unit_id in closed.values_list("step_id", "dossier_id", "unit_id")[:AT_ONCE]:
        owner = standing_unit(unit_id).pk
        yield Trouble(f"unit_closed:{step_id}", "unit_closed", dossier_id, step_id, unit_id, owner)
    yield from _steps_nobody_can_do(today)
    yield from _filings_not_answered(now)
    yield from _returns_nobody_decides()
    late = WorkItem.objects.filter(overdue_work(now)).order_by("due_at")
    unclaimed = late.filter(holder=None).exclude(kind="consult")
    for step_id, dossier_id, unit_id in unclaimed.values_list("step_id", "dossier_id", "unit_id")[:AT_ONCE]:
        yield Trouble(f"unclaimed:{step_id}", "unclaimed", dossier_id, step_id, unit_id, unit_id)
    # NĐ 61/2018 Art. 19.5: no answer in time is told to the head of the one-stop desk.
    asked = late.filter(kind="consult").values_list(
        "step_id", "dossier_id", "unit_id", "dossier__reception_unit_id"
    )
    for step_id, dossier_id, unit_id, desk_id in asked[:AT_ONCE]:
        yield Trouble(f"opinion_late:{step_id}", "opinion_late", dossier_id, step_id, unit_id, desk_id)
    waits = Supplement.objects.filter(answered_at=None, answer_by__lt=now, dossier__state="supplement")
    for dossier_id, desk_id in waits.values_list("dossier_id", "dossier__reception_unit_id")[:AT_ONCE]:
        yield Trouble(f"supplement_over:{dossier_id}", "supplement_over", dossier_id, None, desk_id, desk_id)
    papers = Paper.objects.filter(state=Paper.State.PREPARING, asked_at__lt=now - PAPER_MAY_TAKE)
    for paper_id, dossier_id, desk_id in papers.values_list("pk", "dossier_id", "dossier__reception_unit_id")[
        :AT_ONCE
    ]:
        yield Trouble(f"paper_stuck:{paper_id}", "paper_stuck", dossier_id, None, desk_id, desk_id)


def _filings_not_answered(now: dt.datetime) -> Iterator[Trouble]:
    """NĐ 45/2020: what was filed online is answered within 8 working hours; this is no dossier yet."""
    late = FilingMessage.objects.filter(state__in=("waiting", "held"), due_at__lt=now)
    for filing_id, owner_id in late.values_list("pk", "owner_id")[:AT_ONCE]:
        owner = standing_unit(owner_id).pk
        yield Trouble(f"filing_late:{filing_id}", "filing_late", None, None, owner_id, owner, filing_id)


def _dossiers_without_step() -> Iterator[Trouble]:
    living = Dossier.objects.filter(state__in=_LIVING)
    rows = living.filter(~Exists(WorkItem.objects.filter(dossier_id=OuterRef("pk"))))
    for dossier_id, agency_id in rows.values_list("pk", "agency_id")[:AT_ONCE]:
        yield Trouble(f"no_step:{dossier_id}", "no_step", dossier_id, None, agency_id, agency_id)


def _steps_nobody_can_do(today: dt.date) -> Iterator[Trouble]:
    """Steps whose role nobody holds at their unit, or that nobody who holds it has authority to sign."""
    rows = WorkItem.objects.order_by()
    places = list(rows.values_list("unit_id", "role", "agency_id", "matters").distinct())
    holders = {
        (unit_id, role): {one.position_id for one in people_with_role(unit_id, role, on=today)}
        for unit_id, role in {place[:2] for place in places}
    }
    for unit_id, role, agency_id, matters in places:
        able = set(holders[unit_id, role])
        if matters:
            able &= may_sign(agency_id, matters.split(","), on=today)
        if able:
            continue
        rows = WorkItem.objects.filter(unit_id=unit_id, role=role, agency_id=agency_id, matters=matters)
        for step_id, dossier_id in rows.values_list("step_id", "dossier_id")[:AT_ONCE]:
            yield Trouble(f"nobody_can:{step_id}", "nobody_can", dossier_id, step_id, unit_id, unit_id)


def _returns_nobody_decides() -> Iterator[Trouble]:
    """Returns that were asked for and whose superiors have all left meanwhile; the agency above owns them."""
    asked = StepReturn.objects.filter(state=StepReturn.State.ASKED, step__state="open")
    for row in asked.select_related("step__unit")[:AT_ONCE]:
        unit = row.step.unit
        if not superiors_for(unit.pk, row.asked_position_id):
            owner = unit.parent_id or unit.pk
            yield Trouble(
                f"return_stands:{row.pk}", "return_stands", row.dossier_id, row.step_id, unit.pk, owner
            )


def findings_to_escalate(now: dt.datetime) -> list[Finding]:
    """Return open findings that stood for a working day since they were found, or last went up."""
    found = []
    for row in Finding.objects.filter(settled_at=None).select_related("owner_unit")[:AT_ONCE]:
        since = row.escalated_at or row.found_at
        calendar = calendar_for(row.owner_unit_id)
        if (
            row.owner_unit.parent_id is not None
            and calendar.working_time_between(since, now) >= ESCALATE_AFTER
        ):
            found.append(row)
    return found


def work_to_warn(now: dt.datetime) -> Iterator[tuple[WorkItem, str]]:
    """Yield open work of which somebody must be told now: ``near`` its due moment, or ``late``; once each."""
    late = WorkItem.objects.filter(overdue_work(now)).order_by("due_at")
    late = late.exclude(late_told_for__isnull=False, late_told_for=F("due_at"))
    for item in late[:AT_ONCE]:
        yield item, "late"
    near = WorkItem.objects.filter(near_work(now)).order_by("due_at")
    near = near.exclude(near_told_for__isnull=False, near_told_for=F("due_at"))
    for item in near[:AT_ONCE]:
        yield item, "near"


def supplements_to_remind(now: dt.datetime) -> list[Supplement]:
    """Return open requests whose last day is near and of which the applicant was not reminded yet."""
    rows = Supplement.objects.filter(
        answered_at=None, reminded_at=None, answer_by__gte=now, answer_by__lt=now + REMIND_BEFORE
    )
    return list(rows.filter(dossier__state="supplement")[:AT_ONCE])


def findings(by: Actor, *, kind: str = "") -> list[FindingCard]:
    """Return open findings of the units whose work the reader reads, the oldest first; at most 200."""
    if by.kind != "official":
        return []
    reach = coverage(by, "work.read")
    rows = Finding.objects.filter(settled_at=None).filter(reach.q("unit_id") | reach.q("owner_unit_id"))
    if kind:
        rows = rows.filter(kind=kind)
    found = list(
        rows.select_related("dossier", "filing__filing", "step", "unit", "owner_unit").order_by("found_at")[
            :200
        ]
    )
    heads = {unit_id: heads_of(unit_id) for unit_id in {row.owner_unit_id for row in found}}
    return [
        FindingCard(
            row.pk,
            row.kind,
            row.dossier_id,
            row.filing_id,
            _code_of(row),
            row.step.name if row.step else "",
            row.unit.name,
            ", ".join(f"{one.person_name}, {one.title}" for one in heads[row.owner_unit_id]),
            row.owner_unit.name,
            row.level,
            row.found_at,
            row.escalated_at,
        )
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class FindingNews:
    """A finding as a message speaks of it, and who has to act now."""

    finding: Finding
    code: str
    about: Dossier | FilingMessage
    people: tuple[UUID, ...]


def _code_of(row: Finding) -> str:
    """By what people know what stands: the dossier's code, or its number at the national portal."""
    if row.filing is not None:
        return row.filing.filing.number
    return str(row.dossier)


def finding_news(finding_id: UUID) -> FindingNews:
    """Return whom to tell of a finding: who leads the unit that has to act now."""
    row = Finding.objects.select_related("dossier", "filing__filing").get(pk=finding_id)
    people = dict.fromkeys(one.person_id for one in heads_of(row.owner_unit_id))
    about = row.filing if row.filing is not None else existing(row.dossier)
    return FindingNews(row, _code_of(row), about, tuple(people))

"""Reads of petitions: what the public sees, what its sender sees, what each desk sees."""

import datetime as dt
import hmac
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from dinh.foundation.actions.public import Actor
from dinh.foundation.calendars.public import calendar_for
from dinh.foundation.directory.public import coverage
from dinh.kernel.clocks import ClockEvent, ClockPolicy, ClockReading, read_clock
from dinh.kernel.contacts import national_number
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.text import search_tokens
from dinh.kernel.worktime import WorkCalendar
from dinh.onestop.public import PetitionFacts, petitions_noted
from dinh.portal.models import Petition
from dinh.portal.rules.petitions import ANSWER_LIMIT

__all__ = [
    "access_petition",
    "desk_counts",
    "desk_petitions",
    "find_published",
    "get_petition_row",
    "own_petition",
    "own_petitions",
    "petition_by_code",
    "petition_by_contact",
    "petition_facts",
    "petitions_to_tell",
    "petition_reading",
    "petition_readings",
    "published_petition",
    "published_petitions",
    "sees_petitions",
    "visible_petitions",
    "waiting_petitions",
]

# The tabs of the desk: the states that each holds.
TABS = {
    "to_pass_on": ("received",),
    "to_answer": ("assigned",),
    "to_approve": ("drafted",),
    "to_publish": ("answered",),
    "ended": ("published", "declined"),
}


def published_petitions() -> QuerySet[Petition]:
    """What everybody sees, newest first."""
    found: QuerySet[Petition] = Petition.objects.filter(state="published")
    return found.select_related("agency").order_by("-published_at", "-id")


def find_published(words: str = "", *, kind: str = "", agency_code: str = "") -> QuerySet[Petition]:
    """Published petitions that hold every word, with or without diacritics."""
    found = published_petitions()
    for token in search_tokens(words)[:8]:
        found = found.filter(search_text__contains=token)
    if kind:
        found = found.filter(kind=kind)
    if agency_code:
        found = found.filter(agency__code=agency_code)
    return found


def published_petition(code: str) -> Petition:
    """Return a published petition by its code. Raises ``NotFound``."""
    return existing(published_petitions().filter(code=code).first())


def own_petitions(by: Actor) -> QuerySet[Petition]:
    """What the citizen sent with their account, newest first."""
    found: QuerySet[Petition] = Petition.objects.select_related("agency")
    return found.filter(owner_id=by.person_id) if by.kind == "citizen" else found.none()


def own_petition(by: Actor, code: str) -> Petition:
    """Return a petition of one's own by its code. Raises ``NotFound``."""
    return existing(own_petitions(by).filter(code=code).first())


def petition_by_code(code: str) -> Petition:
    """Return any petition by its code, to show how far it is and nothing else. Raises ``NotFound``."""
    return existing(Petition.objects.select_related("agency").filter(code=code).first())


def petition_by_contact(code: str, contact: str) -> Petition:
    """Return a petition that was sent without an account, to whoever knows its code and its contact.

    ``contact`` is the telephone number or mailbox given when it was sent. Raises ``NotFound``.
    """
    found = existing(Petition.objects.select_related("agency").filter(code=code, owner=None).first())
    typed = (national_number(contact), contact.strip().lower())
    kept = (found.phone, found.email)
    if not any(
        one and other and hmac.compare_digest(one, other) for one, other in zip(typed, kept, strict=True)
    ):
        raise NotFound
    return found


def visible_petitions(by: Actor) -> QuerySet[Petition]:
    """What an official sees: the desk and the editors all, an agency's people those passed on to it."""
    found: QuerySet[Petition] = Petition.objects.select_related("agency")
    if by.kind != "official":
        return found.none()
    if any(coverage(by, code).everything for code in ("petition.pass_on", "petition.publish")):
        return found
    reached = [coverage(by, code) for code in ("petition.answer", "petition.approve")]
    if not any(reach.everything for reach in reached):
        found = found.filter(reached[0].q("agency_id") | reached[1].q("agency_id"))
    return found.filter(agency__isnull=False)


def sees_petitions(by: Actor) -> bool:
    """Whether the acting position has anything to do with petitions. Runs no query."""
    codes = ("petition.pass_on", "petition.answer", "petition.approve", "petition.publish")
    return any(by.holds(code) for code in codes)


def access_petition(by: Actor, petition_id: UUID) -> Petition:
    """Return a petition that the official sees. Raises ``NotFound``."""
    return existing(visible_petitions(by).filter(pk=petition_id).first())


def desk_petitions(
    by: Actor, tab: str, *, words: str = "", kind: str = "", overdue_at: dt.datetime | None = None
) -> QuerySet[Petition]:
    """Petitions of a tab, those due first on top; ``overdue_at``: only those overdue at that moment."""
    found = visible_petitions(by)
    if tab in TABS:
        found = found.filter(state__in=TABS[tab])
    for token in search_tokens(words)[:8]:
        found = found.filter(search_text__contains=token)
    if kind:
        found = found.filter(kind=kind)
    if overdue_at is not None:
        found = found.filter(_is_late(overdue_at), state__in=["received", "assigned", "drafted"])
    ended = tab in ("ended", "to_publish", "")
    return found.order_by("-id") if ended else found.order_by("due_at", "id")


def desk_counts(by: Actor, *, now: dt.datetime) -> dict[str, int]:
    """How many petitions each tab holds, and how many are ``overdue``. One query."""
    wanted = {tab: Count("pk", filter=Q(state__in=states)) for tab, states in TABS.items()}
    open_ = Q(state__in=["received", "assigned", "drafted"])
    rows = visible_petitions(by).order_by()
    return rows.aggregate(**wanted, overdue=Count("pk", filter=open_ & _is_late(now)))


def _is_late(at: dt.datetime) -> Q:
    """By dates, as everywhere: what is answered on its due date is on time."""
    return Q(due_at__lt=timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0))


def waiting_petitions() -> QuerySet[Petition]:
    """Petitions whose legal time runs, for jobs."""
    found: QuerySet[Petition] = Petition.objects.waiting()
    return found


def get_petition_row(petition_id: UUID) -> Petition:
    """Return a petition by its id, for handlers and jobs. Raises ``NotFound``."""
    return existing(Petition.objects.select_related("agency").filter(pk=petition_id).first())


def petition_facts(petition: Petition) -> PetitionFacts:
    """Return what reports count of a petition: no words of it, no names."""
    return PetitionFacts(
        petition_id=petition.pk,
        code=petition.code,
        kind=petition.kind,
        agency_id=petition.agency_id,
        received_at=petition.received_at,
        due_at=petition.due_at,
        answered_at=petition.answered_at,
        declined_at=petition.declined_at or (petition.received_at if petition.state == "declined" else None),
        score=petition.score,
    )


def petitions_to_tell() -> list[Petition]:
    """Return petitions of which the one-stop shop counts something else, or nothing yet."""
    noted = petitions_noted()
    return [row for row in Petition.objects.iterator() if noted.get(row.pk) != petition_facts(row)]


def petition_reading(petition: Petition, *, now: dt.datetime) -> ClockReading:
    """Read the clock of a petition: from its receipt, over the calendar of who has it, to its answer."""
    return _read(petition, calendar_for(petition.agency_id), now)


def petition_readings(petitions: Sequence[Petition], *, now: dt.datetime) -> list[ClockReading]:
    """Read the clocks of several petitions; each agency's calendar is asked for once."""
    units = {petition.agency_id for petition in petitions}
    calendars = {unit_id: calendar_for(unit_id) for unit_id in units}
    return [_read(petition, calendars[petition.agency_id], now) for petition in petitions]


def _read(petition: Petition, calendar: WorkCalendar, now: dt.datetime) -> ClockReading:
    events = [ClockEvent(kind="started", at=petition.received_at, reason="")]
    if petition.answered_at is not None:
        events.append(ClockEvent(kind="stopped", at=petition.answered_at, reason=""))
    return read_clock(
        events,
        limit=ANSWER_LIMIT,
        calendar=calendar,
        policy=ClockPolicy(first_day="not_counted"),
        now=now,
    )

"""Asking the national registries: written down first, asked outside every transaction, the answer kept.

A question is a row before it leaves the house, so that nobody asks unseen, whatever happens then. No lock is
held while a registry takes its time; one that is away is left alone for a while, and work goes on by hand.
"""

import datetime as dt
import logging
import time
from dataclasses import asdict
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, insert_rows, system
from dinh.foundation.directory.public import get_unit, own_person
from dinh.kernel.contacts import is_identity_number
from dinh.kernel.errors import N_, NotFound
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.record import line
from dinh.onestop.actions.turns import take_turns
from dinh.onestop.adapters.registries import (
    AnswerGarbled,
    Question,
    RegistryAway,
    RegistryRefuses,
    ask_registry,
)
from dinh.onestop.models import Dossier, RegistryCheck
from dinh.onestop.permissions import CHECK_DOSSIER, LOOK_UP_AT_DESK, START_DRAFT
from dinh.onestop.queries.registries import claimed_number, latest_check, seems_away, used_of
from dinh.onestop.rules.registries import (
    CHECK_HOLDS,
    MOST_AN_HOUR,
    MOST_MISSES_AN_HOUR,
    PURPOSES,
    RECORD_KEPT,
    CheckAsked,
    EnterpriseRecord,
    NoNumberToCheck,
    RegistryName,
    Told,
    TooManyChecks,
    check_askable,
    compare,
    compare_representative,
    record_from,
    registry_for,
    state_of,
)

__all__ = [
    "bind_check",
    "bind_own_check",
    "check_dossier",
    "forget_records",
    "look_up_at_desk",
    "look_up_own",
    "look_up_party",
]

log = logging.getLogger(__name__)

_ANSWERING = system("registries")
_PAUSE = dt.timedelta(minutes=1)
# What the dossier's timeline says, by registry.
_ASKED = {
    "population": N_("Đối chiếu người nộp với cơ sở dữ liệu quốc gia về dân cư"),
    "enterprise": N_("Đối chiếu người nộp với cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp"),
}


def look_up_at_desk(
    desk_id: UUID, *, registry: RegistryName, told: Told, by: Actor, now: dt.datetime
) -> RegistryCheck:
    """Look up who stands at the desk, or for whom they stand, by what they have said.

    Returns the check with its answer. Raises ``NotAllowed``, ``TooManyChecks``, and ``Refused`` at ``number``
    or ``name`` when too little is known to ask.
    """
    return _ask(_note_at_desk(desk_id, registry=registry, told=told, by=by, now=now), now=now)


@action("registry.asked_at_desk", permission=LOOK_UP_AT_DESK)
def _note_at_desk(
    desk_id: UUID, *, registry: RegistryName, told: Told, by: Actor, now: dt.datetime
) -> RegistryCheck:
    """Write down that an official asks a registry about somebody at the desk."""
    return _note(registry, told, "desk", unit_id=desk_id, dossier=None, by=by, now=now)


def check_dossier(dossier: Dossier, *, by: Actor, now: dt.datetime) -> RegistryCheck:
    """Compare a dossier's applicant with the registry that knows their number; again, if asked again.

    Raises ``NotAllowed``, ``NoNumberToCheck``, ``CheckAsked`` within a minute, ``TooManyChecks``.
    """
    return _ask(_note_for_dossier(dossier, by=by, now=now), now=now)


@action("registry.asked_for_dossier", permission=CHECK_DOSSIER, on=Dossier)
def _note_for_dossier(dossier: Dossier, *, by: Actor, now: dt.datetime) -> RegistryCheck:
    """Write down that an official asks a registry about a dossier's applicant."""
    told = told_of(dossier)
    registry = registry_for(told.number)
    if registry is None:
        raise NoNumberToCheck
    last = latest_check(dossier)
    if last is not None and last.asked_at > now - _PAUSE:
        raise CheckAsked(at=f"{last.asked_at.astimezone(VIETNAM):%H:%M}")
    insert_rows(line(dossier, _ASKED[registry], by=by, now=now))
    return _note(registry, told, "dossier", unit_id=by.unit_id, dossier=dossier, by=by, now=now)


def told_of(dossier: Dossier) -> Told:
    """What a dossier says of its applicant; the number as they claim it, where none is known for sure."""
    number = dossier.applicant_identity or claimed_number(dossier)
    return Told(number=number, name=dossier.applicant_name, address=dossier.applicant_address)


def look_up_own(*, by: Actor, now: dt.datetime) -> RegistryCheck:
    """Ask the population database for the citizen's own data, at their wish.

    Their number must be known for sure, not only claimed. Raises ``NoNumberToCheck``, ``TooManyChecks``.
    """
    return _ask(_note_own(by=by, now=now), now=now)


@action("registry.asked_own", permission=START_DRAFT, label=N_("Lấy thông tin của mình từ CSDL dân cư"))
def _note_own(*, by: Actor, now: dt.datetime) -> RegistryCheck:
    """Write down that a citizen asks for their own data."""
    person = own_person(by)
    if not is_identity_number(person.identity_number):
        raise NoNumberToCheck
    told = Told(number=person.identity_number, name=person.full_name, born_on=person.birth_date)
    return _note("population", told, "own", unit_id=None, dossier=None, by=by, now=now)


def look_up_party(number: str, name: str, *, by: Actor, now: dt.datetime) -> RegistryCheck:
    """Ask about an enterprise that the citizen says they represent by law.

    Raises ``NoNumberToCheck`` when the citizen's own number is not known for sure, ``TooManyChecks``.
    """
    return _ask(_note_party(Told(number=number, name=name), by=by, now=now), now=now)


@action("registry.asked_party", permission=START_DRAFT, label=N_("Đối chiếu người đại diện theo pháp luật"))
def _note_party(told: Told, *, by: Actor, now: dt.datetime) -> RegistryCheck:
    """Write down that a citizen asks whether they represent an enterprise."""
    if not is_identity_number(own_person(by).identity_number):
        raise NoNumberToCheck
    return _note("enterprise", told, "representation", unit_id=None, dossier=None, by=by, now=now)


def _note(
    registry: RegistryName,
    told: Told,
    purpose: str,
    *,
    unit_id: UUID | None,
    dossier: Dossier | None,
    by: Actor,
    now: dt.datetime,
) -> RegistryCheck:
    if by.position_id is None and by.person_id is None:
        raise NotFound
    check_askable(registry, told)
    is_official = by.kind == "official"
    _check_rate(by, now=now)
    return RegistryCheck.objects.create(
        registry=registry,
        purpose=purpose,
        number=told.number,
        name=told.name[:200],
        born_on=told.born_on,
        address=told.address[:500],
        asker=by.signed,
        position_id=by.position_id if is_official else None,
        unit_id=unit_id if is_official else None,
        person_id=None if is_official else by.person_id,
        dossier=dossier,
        asked_at=now,
    )


def _check_rate(by: Actor, *, now: dt.datetime) -> None:
    """Raise ``TooManyChecks``. Questions of one asker take turns, so that two at once are counted as two."""
    take_turns("onestop.registries", by.position_id or by.person_id)
    asked, missed = used_of(by, since=now - dt.timedelta(hours=1))
    if asked >= MOST_AN_HOUR or missed >= MOST_MISSES_AN_HOUR:
        raise TooManyChecks(count=asked)


def _ask(check: RegistryCheck, *, now: dt.datetime) -> RegistryCheck:
    """Ask, and keep what came; called outside of every transaction of a verb."""
    told = Told(number=check.number, name=check.name, born_on=check.born_on, address=check.address)
    registry = cast("RegistryName", check.registry)
    unit = get_unit(check.unit_id).code if check.unit_id else ""
    question = Question(
        id=check.pk, told=told, purpose=PURPOSES[check.purpose], asked_by=check.asker, unit=unit or ""
    )
    if seems_away(registry, now=now):
        # It is not asked, and so this says nothing about when it will be back.
        return _note_answer(check, record={}, state="away", at=None, by=_ANSWERING)
    record, state = None, "unknown"
    begun = time.monotonic()
    try:
        record = ask_registry(registry, question)
    except RegistryAway as error:
        log.info("registry %s is away: %s", registry, error)
        state = "away"
    except RegistryRefuses as error:
        log.warning("registry %s refuses: %s", registry, error)
        state = "refused"
    except AnswerGarbled as error:
        log.warning("registry %s answers nonsense: %s", registry, error)
        state = "garbled"
    kept: dict[str, Any] = asdict(record) if record is not None else {}
    if "born_on" in kept:
        kept["born_on"] = kept["born_on"].isoformat()
    at = now + dt.timedelta(seconds=time.monotonic() - begun)
    return _note_answer(check, record=kept, state=state, at=at, by=_ANSWERING)


@action(
    "registry.answered", permission=SYSTEM_ONLY, on=RegistryCheck, label=N_("Ghi trả lời của CSDL quốc gia")
)
def _note_answer(
    check: RegistryCheck, *, record: dict[str, Any], state: str, at: dt.datetime | None, by: Actor
) -> RegistryCheck:
    """Keep what a registry answered, and how it compares with what was said; ``at`` None: not asked."""
    check.record, check.state, check.answered_at = record, state, at
    _compare(check)
    if "representative_number" in record:
        # What is registered of an enterprise is public; the number of a person is not: compared, not kept.
        check.record = {**record, "representative_number": ""}
    check.save(update_fields=["record", "state", "differences", "answered_at"])
    return check


def _compare(check: RegistryCheck) -> None:
    record = record_from(check.registry, check.record)
    if record is None:
        return
    told = Told(number=check.number, name=check.name, born_on=check.born_on, address=check.address)
    if (
        check.purpose == "representation"
        and check.person is not None
        and isinstance(record, EnterpriseRecord)
    ):
        number, name = check.person.identity_number, check.person.full_name
        differences = compare_representative(record, number=number, name=name)
    else:
        differences = compare(told, record)
    check.differences = [asdict(one) for one in differences]
    check.state = state_of(differences)


def bind_check(dossier: Dossier, check_id: UUID | None, *, by: Actor, now: dt.datetime) -> None:
    """Make a look-up at the desk part of the dossier that came of it; part of the verb that takes it in.

    What the dossier says of its applicant is compared anew with what the registry answered. A look-up of
    another number, of another official, or of half an hour ago is not of this dossier: nothing happens.
    """
    if check_id is None or by.position_id is None:
        return
    rows = RegistryCheck.objects.filter(position_id=by.position_id, purpose="desk")
    _bind(rows.filter(pk=check_id, asked_at__gt=now - CHECK_HOLDS), dossier, by=by, now=now)


def bind_own_check(dossier: Dossier, check_id: UUID | None, *, by: Actor, now: dt.datetime) -> None:
    """The same of a citizen's own look-up, with which they began what they now send."""
    if check_id is None or by.person_id is None:
        return
    rows = RegistryCheck.objects.filter(person_id=by.person_id, purpose="own")
    _bind(rows.filter(pk=check_id), dossier, by=by, now=now)


def _bind(rows: QuerySet[RegistryCheck], dossier: Dossier, *, by: Actor, now: dt.datetime) -> None:
    mine = rows.filter(dossier=None, number=dossier.applicant_identity).select_for_update()
    check = mine.first()
    if check is None:
        return
    check.dossier = dossier
    check.name, check.address = dossier.applicant_name[:200], dossier.applicant_address[:500]
    _compare(check)
    check.save(update_fields=["dossier", "name", "address", "state", "differences"])
    insert_rows(line(dossier, _ASKED[check.registry], by=by, now=now))


@action(
    "registry.forgotten", permission=SYSTEM_ONLY, label=N_("Xóa trả lời của CSDL quốc gia không còn dùng")
)
def forget_records(*, by: Actor, now: dt.datetime) -> int:
    """Forget what registries answered for purposes that came to nothing; that it was asked stays."""
    old = RegistryCheck.objects.filter(dossier=None, asked_at__lt=now - RECORD_KEPT).exclude(record={})
    return old.update(record={}, differences=[], name="", born_on=None, address="")

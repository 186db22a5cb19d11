"""Reads about questions to the national registries: a dossier's, one's own, those that somebody oversees."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from dinh.foundation.actions.public import Actor, page_after
from dinh.foundation.directory.public import coverage, own_person
from dinh.foundation.ui.public import FieldSpec, format_date, outline
from dinh.kernel.conditions import value_at
from dinh.kernel.contacts import is_identity_number
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.text import fold
from dinh.onestop.models import Dossier, RegistryCheck
from dinh.onestop.permissions import CHECK_DOSSIER
from dinh.onestop.rules.registries import (
    BEGIN_ANEW,
    CHECK_HOLDS,
    CHECK_STATES,
    PURPOSES,
    REGISTRIES,
    Difference,
    EnterpriseRecord,
    PersonRecord,
    Told,
    read_differences,
    record_from,
    registry_for,
)

__all__ = [
    "CheckCard",
    "CheckPage",
    "DeclaredOtherwise",
    "DossierCheck",
    "access_desk_check",
    "check_card",
    "checks_about",
    "checks_page",
    "claimed_number",
    "confirms",
    "desk_check_of",
    "dossier_check",
    "latest_check",
    "registered_known",
    "registered_person",
    "registered_values",
    "own_check",
    "seems_away",
    "used_of",
    "visible_checks",
]

PAGE_SIZE = 50
# So many in a row without an answer, and a registry is taken for away.
_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class CheckCard:
    """One question as screens show it. Labels are keys of the catalogue; ``dossier`` is a code or empty."""

    id: UUID
    registry: str
    registry_label: str
    purpose: str
    purpose_label: str
    state: str
    state_label: str
    told: Told
    asker: str
    unit: str
    dossier_id: UUID | None
    dossier: str
    record: PersonRecord | EnterpriseRecord | None
    differences: tuple[Difference, ...]
    asked_at: dt.datetime
    answered_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class DeclaredOtherwise:
    """What the form says of the applicant and the registry does not: the question, both answers."""

    label: str
    declared: str
    registered: str


@dataclass(frozen=True, slots=True)
class DossierCheck:
    """What is known of a dossier's applicant from a registry. ``last`` None: nobody has asked.

    ``represented_at``: when the enterprise registry named who filed it as legal representative. ``declared``:
    where the form speaks of the same number and says otherwise. ``others``: whom the form names by their
    numbers, where the applicant is none of them; the answer then says nothing of them. ``claimed``: the
    number is only what the applicant declares of themselves; empty: it is known.
    """

    registry_label: str
    last: CheckCard | None
    may_ask: bool
    represented_at: dt.datetime | None
    declared: Sequence[DeclaredOtherwise]
    others: Sequence[str]
    claimed: str = ""


@dataclass(frozen=True, slots=True)
class CheckPage:
    """A page of questions, the newest first. ``after`` continues it; empty: this is the last page."""

    rows: Sequence[CheckCard]
    after: str


def used_of(by: Actor, *, since: dt.datetime) -> tuple[int, int]:
    """Return how often the asker has asked since a moment, and how often nobody was found."""
    mine = Q(position_id=by.position_id) if by.kind == "official" else Q(person_id=by.person_id)
    counted = RegistryCheck.objects.filter(mine, asked_at__gt=since).aggregate(
        asked=Count("pk"), missed=Count("pk", filter=Q(state="unknown"))
    )
    return counted["asked"], counted["missed"]


def seems_away(registry: str, *, now: dt.datetime) -> bool:
    """Whether the last answers of a registry, a moment ago, were none: it is not asked again at once."""
    lately = RegistryCheck.objects.filter(registry=registry, asked_at__gt=now - BEGIN_ANEW)
    answered = lately.exclude(answered_at=None).order_by("-asked_at")
    states = list(answered.values_list("state", flat=True)[:_IN_A_ROW])
    return states == ["away"] * _IN_A_ROW


def latest_check(dossier: Dossier) -> RegistryCheck | None:
    """Return the last question about a dossier's applicant, or None."""
    return RegistryCheck.objects.filter(dossier=dossier).select_related("unit").first()


def check_card(row: RegistryCheck) -> CheckCard:
    """Return a question as screens show it."""
    return CheckCard(
        id=row.pk,
        registry=row.registry,
        registry_label=REGISTRIES[row.registry],
        purpose=row.purpose,
        purpose_label=PURPOSES[row.purpose],
        state=row.state,
        state_label=CHECK_STATES[row.state],
        told=Told(number=row.number, name=row.name, born_on=row.born_on, address=row.address),
        asker=row.asker,
        unit=row.unit.name if row.unit is not None else "",
        dossier_id=row.dossier_id,
        dossier=str(row.dossier) if row.dossier is not None else "",
        record=record_from(row.registry, row.record),
        differences=read_differences(row.differences),
        asked_at=row.asked_at,
        answered_at=row.answered_at,
    )


def claimed_number(dossier: Dossier) -> str:
    """Return the identity number that the applicant declares in the form as their own, where none is known
    for sure; else "". An account that its owner opened proves no number.
    """
    if dossier.applicant_identity:
        return ""
    for page in outline(dossier.version.parts.form):
        for line in page.fields:
            if line.spec.prefill == "applicant.identity_number":
                number = value_at(dossier.data, line.path)
                if isinstance(number, str) and is_identity_number(number):
                    return number
    return ""


def dossier_check(dossier: Dossier, *, by: Actor) -> DossierCheck | None:
    """Return how the applicant of a dossier that the reader sees stands in a registry; None: in none."""
    claimed = claimed_number(dossier)
    registry = registry_for(dossier.applicant_identity or claimed)
    last = latest_check(dossier)
    if registry is None and last is None:
        return None
    may_ask = registry is not None and CHECK_DOSSIER.may(by, dossier)
    label = REGISTRIES[registry or "population"]
    confirmed = dossier.representation.registry_check if dossier.representation is not None else None
    card = check_card(last) if last is not None else None
    record = card.record if card is not None else None
    return DossierCheck(
        label,
        card,
        may_ask,
        confirmed.asked_at if confirmed is not None else None,
        _declared_otherwise(dossier, record) if record is not None else [],
        _named_instead(dossier) if registry == "population" else [],
        claimed,
    )


def _declared_otherwise(dossier: Dossier, record: PersonRecord | EnterpriseRecord) -> list[DeclaredOtherwise]:
    """Compare the answers that stand beside the registered number in the form: name and birth day of a
    person, name and representative of an organisation.
    """
    kind = "identity_number" if isinstance(record, PersonRecord) else "tax_code"
    registered = (
        {"party.name": record.name, "party.representative": record.representative}
        if isinstance(record, EnterpriseRecord)
        else {}
    )
    lines = [line for page in outline(dossier.version.parts.form) for line in page.fields]
    groups = {
        line.path.rpartition(".")[0]
        for line in lines
        if line.spec.kind == kind and value_at(dossier.data, line.path) == record.number
    }
    said = []
    for line in lines:
        answer = value_at(dossier.data, line.path)
        if line.path.rpartition(".")[0] not in groups or not isinstance(answer, str):
            continue
        if isinstance(record, PersonRecord):
            name = record.name if _asks_name(line.spec) else ""
        else:
            name = registered.get(line.spec.prefill, "")
        if name and fold(answer) != fold(name):
            said.append(DeclaredOtherwise(line.spec.label, answer, name))
        if (
            isinstance(record, PersonRecord)
            and _asks_birth(line.spec)
            and answer != record.born_on.isoformat()
        ):
            said.append(DeclaredOtherwise(line.spec.label, format_date(answer), format_date(record.born_on)))
    return said


def _asks_name(spec: FieldSpec) -> bool:
    styles = ("person_name", "foreign_name")
    return spec.prefill == "applicant.full_name" or spec.rules.get("written_as") in styles


def _asks_birth(spec: FieldSpec) -> bool:
    ages = {"least_age", "under_age", "older_than"}
    return spec.kind == "date" and (spec.prefill == "applicant.birth_date" or bool(ages & set(spec.rules)))


def _named_instead(dossier: Dossier) -> list[str]:
    """Return whom the form names beside a personal number, when none of the numbers is the applicant's."""
    lines = [line for page in outline(dossier.version.parts.form) for line in page.fields]
    numbers = {
        line.path.rpartition(".")[0]: value_at(dossier.data, line.path)
        for line in lines
        if line.spec.kind == "identity_number"
    }
    if (dossier.applicant_identity or claimed_number(dossier)) in numbers.values():
        return []
    named = [line for line in lines if _asks_name(line.spec) and numbers.get(line.path.rpartition(".")[0])]
    names = [str(value_at(dossier.data, line.path) or "") for line in named]
    return list(dict.fromkeys(name for name in names if name))


def access_desk_check(by: Actor, check_id: UUID, *, now: dt.datetime) -> CheckCard:
    """Return a look-up that the acting position made at its desk while it holds. Raises ``NotFound``."""
    return check_card(existing(_at_desk(by, now=now).filter(pk=check_id).first()))


def desk_check_of(by: Actor, number: str, *, now: dt.datetime) -> CheckCard | None:
    """Return the acting position's last look-up of a number at its desk, while it holds."""
    row = _at_desk(by, now=now).filter(number=number).first()
    return check_card(row) if row is not None else None


def _at_desk(by: Actor, *, now: dt.datetime) -> "QuerySet[RegistryCheck]":
    if by.kind != "official" or by.position_id is None:
        return RegistryCheck.objects.none()
    rows = RegistryCheck.objects.filter(position_id=by.position_id, purpose="desk", dossier=None)
    return rows.filter(asked_at__gt=now - CHECK_HOLDS).select_related("unit")


def confirms(check: RegistryCheck, *, by: Actor) -> bool:
    """Whether a registry's answer says that the citizen represents the enterprise that was asked about."""
    is_theirs = by.person_id is not None and check.person_id == by.person_id
    return is_theirs and check.purpose == "representation" and check.state == "matched"


def own_check(by: Actor, check_id: UUID) -> RegistryCheck:
    """Return a question that the citizen asked for themselves. Raises ``NotFound``."""
    if by.kind != "citizen" or by.person_id is None:
        raise NotFound
    return existing(RegistryCheck.objects.filter(pk=check_id, person_id=by.person_id).first())


def checks_about(by: Actor, *, limit: int = 50) -> list[CheckCard]:
    """Return who asked the population database about the citizen, the latest first.

    By their own number, once it is known for sure: what is only claimed shows nothing of anybody.
    """
    if by.kind != "citizen" or by.person_id is None:
        return []
    number = own_person(by).identity_number
    if not number:
        return []
    rows = RegistryCheck.objects.filter(registry="population", number=number)
    return [check_card(row) for row in rows.select_related("unit", "dossier").defer("dossier__data")[:limit]]


def visible_checks(by: Actor) -> "QuerySet[RegistryCheck]":
    """Questions of officials of the units that the reader oversees; of citizens, where it is the province."""
    if by.kind != "official":
        return RegistryCheck.objects.none()
    return RegistryCheck.objects.filter(coverage(by, "registry.oversee").q("unit_id"))


def checks_page(
    by: Actor, *, words: str = "", purpose: str = "", state: str = "", after: str = "", size: int = PAGE_SIZE
) -> CheckPage:
    """Return a page of the questions that the reader oversees.

    ``words``: a whole number, or a part of who asked.
    """
    rows = visible_checks(by).select_related("unit", "dossier").defer("dossier__data")
    if purpose:
        rows = rows.filter(purpose=purpose)
    if state:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(Q(number=words) | Q(asker__icontains=words))
    found: tuple[list[Any], str] = page_after(rows, after, size)
    return CheckPage([check_card(row) for row in found[0]], found[1])


def registered_values(card: CheckCard) -> dict[str, str]:
    """What a registry says of somebody, by the names that forms use for the applicant."""
    record = card.record
    if record is None:
        return {}
    found = {"full_name": record.name, "identity_number": record.number, "address": record.address}
    if isinstance(record, PersonRecord):
        found["birth_date"] = record.born_on.isoformat()
    return found


def registered_known(card: CheckCard) -> dict[str, dict[str, str]]:
    """The same for ``ui.prefill``: of the person whom a form asks about, and of the organisation."""
    known = {"applicant": registered_person(card)}
    record = card.record
    if isinstance(record, EnterpriseRecord):
        known["party"] = {
            "owner": record.name,
            "name": record.name,
            "tax_code": record.number,
            "address": record.address,
            "representative": record.representative,
        }
    elif record is not None:
        known["party"] = {"owner": record.name}
    return known


def registered_person(card: CheckCard) -> dict[str, str]:
    """The same of the person whom a form asks about: of an organisation, who represents it, by name alone."""
    record = card.record
    if isinstance(record, EnterpriseRecord):
        return {"full_name": record.representative}
    return registered_values(card)

"""Facts of the directory. Rooms above re-home their work when units merge, split, move or close."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.events import Event

__all__ = [
    "AbsenceEnded",
    "AbsenceMarked",
    "AppointmentEnded",
    "AppointmentStarted",
    "ContactChanged",
    "ImportConfirmed",
    "ImportUploaded",
    "PersonRegistered",
    "RightsChanged",
    "SigningAuthorityGranted",
    "SigningAuthorityRevoked",
    "UnitClosed",
    "UnitCreated",
    "UnitMoved",
    "UnitRenamed",
    "UnitSplit",
    "UnitsMerged",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCreated(Event):
    """A unit has been set up."""

    unit_id: UUID
    parent_id: UUID | None
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRenamed(Event):
    """A unit bears another name from that day."""

    unit_id: UUID
    old_name: str
    new_name: str
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMoved(Event):
    """A unit stands under another one from that day."""

    unit_id: UUID
    old_parent_id: UUID | None
    new_parent_id: UUID | None
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsMerged(Event):
    """Units have closed and another took over all they had: children, positions, records, open work."""

    from_ids: tuple[UUID, ...]
    into_id: UUID
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSplit(Event):
    """Units were made out of one. ``heir_id`` keeps the records and whatever has no other home.

    ``is_closed`` tells a division (the old unit is gone) from a separation (it stands, and is the heir).
    """

    from_id: UUID
    into_ids: tuple[UUID, ...]
    heir_id: UUID
    is_closed: bool
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitClosed(Event):
    """A unit has closed; ``heir_id`` keeps its records and takes its open work."""

    unit_id: UUID
    heir_id: UUID
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUploaded(Event):
    """A list too long to be checked while its sender waits has been read."""

    batch_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportConfirmed(Event):
    """A list too long to be written while its sender waits has been confirmed."""

    batch_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRegistered(Event):
    """A person is known."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentStarted(Event):
    """A person holds a position from a day."""

    person_id: UUID
    position_id: UUID
    unit_id: UUID
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentEnded(Event):
    """A person no longer holds a position from that day; their open work wants a new owner."""

    person_id: UUID
    position_id: UUID
    unit_id: UUID
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsChanged(Event):
    """The rights of a position have changed; ``person_ids`` hold it and are to be told until they confirm.

    ``what`` is the Vietnamese sentence to tell them.
    """

    position_id: UUID
    person_ids: tuple[UUID, ...]
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningAuthorityGranted(Event):
    """A position may sign at an agency."""

    authority_id: UUID
    position_id: UUID
    unit_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningAuthorityRevoked(Event):
    """A position may no longer sign at an agency from that day."""

    authority_id: UUID
    position_id: UUID
    unit_id: UUID
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceMarked(Event):
    """Somebody will be away, and another does their work meanwhile."""

    absence_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceEnded(Event):
    """Somebody is back before the day that was marked."""

    absence_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged(Event):
    """A person is reached elsewhere from now on. The former addresses are empty where there was none."""

    person_id: UUID
    full_name: str
    former_phone: str
    former_email: str

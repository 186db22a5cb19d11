"""Tables of the directory. Rows here are closed with a date, never deleted."""

from dinh.foundation.directory.models.changes import ImportBatch, ImportRow, PlannedChange
from dinh.foundation.directory.models.people import Absence, Appointment, Person, Position, PositionPlacement
from dinh.foundation.directory.models.rights import RightsNotice, Role, RoleHolding, SigningAuthority
from dinh.foundation.directory.models.units import (
    LevelScheme,
    Unit,
    UnitClosure,
    UnitName,
    UnitPlacement,
    UnitSuccession,
)

__all__ = [
    "Absence",
    "Appointment",
    "ImportBatch",
    "ImportRow",
    "LevelScheme",
    "Person",
    "PlannedChange",
    "Position",
    "PositionPlacement",
    "Role",
    "RoleHolding",
    "RightsNotice",
    "SigningAuthority",
    "Unit",
    "UnitClosure",
    "UnitName",
    "UnitPlacement",
    "UnitSuccession",
]

"""The door of the directory."""

from dinh.foundation.directory.actions.absences import AlreadyAway, end_absence, mark_absence
from dinh.foundation.directory.actions.imports import (
    check_import,
    confirm_import,
    drop_import,
    preview_import,
    write_import,
)
from dinh.foundation.directory.actions.own_details import change_own_contact
from dinh.foundation.directory.actions.people import AlreadyKnown, correct_person, register_person
from dinh.foundation.directory.actions.plans import cancel_plan, carry_out_due, plan_change
from dinh.foundation.directory.actions.positions import (
    PositionTaken,
    appoint,
    change_position,
    close_position,
    create_position,
    end_appointment,
)
from dinh.foundation.directory.actions.roles import change_role, confirm_rights, create_role, grant, revoke
from dinh.foundation.directory.actions.samples import (
    AuthoritySeed,
    Loaded,
    PersonSeed,
    PositionSeed,
    RoleSeed,
    UnitSeed,
    load_organisation,
    load_people,
)
from dinh.foundation.directory.actions.signing import grant_authority, revoke_authority
from dinh.foundation.directory.actions.units import (
    UnitDraft,
    adopt_levels,
    close_unit,
    correct_unit,
    create_unit,
    merge_units,
    move_unit,
    rename_unit,
    separate_unit,
    split_unit,
)
from dinh.foundation.directory.adapters.spreadsheets import FORMULA, read_book
from dinh.foundation.directory.permissions import (
    GRANT_ROLES,
    MANAGE_DIRECTORY,
    MANAGE_ROLES,
    MANAGE_SIGNING,
    MARK_ABSENCE,
    READ_DIRECTORY,
    Coverage,
    coverage,
    may_at,
)
from dinh.foundation.directory.queries.absences import (
    AbsenceCard,
    absence_card,
    access_absence,
    access_position,
    away,
    in_place_of,
    people_of_unit,
    substitutes_for,
    vacant_among,
    visible_absences,
)
from dinh.foundation.directory.queries.explain import Explanation, Link, explain
from dinh.foundation.directory.queries.naming import (
    Named,
    agency_kinds,
    divisions_named,
    province_agencies,
    role_names,
)
from dinh.foundation.directory.queries.people import (
    find_person,
    own_person,
    positions_of_people,
    unconfirmed_rights,
)
from dinh.foundation.directory.queries.places import area_words, document_place
from dinh.foundation.directory.queries.rights import (
    HeldPosition,
    NotAppointed,
    acting,
    heads_of,
    held_positions,
    holders_of,
    people_with_permission,
    people_with_role,
)
from dinh.foundation.directory.queries.signing import (
    Authority,
    NoSigningAuthority,
    signers_of,
    signing_authority,
)
from dinh.foundation.directory.queries.units import (
    agencies,
    agency_of,
    ancestors,
    below_units,
    children,
    get_unit,
    levels_on,
    name_on,
    names_inside,
    names_of,
    reached_units,
    standing_unit,
    unit_by_code,
    unit_inside,
    units_of_kind,
    units_to_choose,
)

__all__ = [
    # spreadsheets
    "FORMULA",
    "read_book",
    # who is away, and who stands in
    "AbsenceCard",
    "AlreadyAway",
    "MARK_ABSENCE",
    "absence_card",
    "access_absence",
    "access_position",
    "away",
    "end_absence",
    "in_place_of",
    "mark_absence",
    "people_of_unit",
    "substitutes_for",
    "vacant_among",
    "visible_absences",
    # who acts, and what they reach
    "acting",
    "heads_of",
    "held_positions",
    "holders_of",
    "people_with_permission",
    "people_with_role",
    "positions_of_people",
    "HeldPosition",
    "NotAppointed",
    "Coverage",
    "coverage",
    "may_at",
    # why somebody can, or can't
    "Explanation",
    "Link",
    "explain",
    # places as papers name them
    "area_words",
    "document_place",
    # units
    "agencies",
    "agency_of",
    "ancestors",
    "below_units",
    "children",
    "get_unit",
    "levels_on",
    "name_on",
    "names_inside",
    "names_of",
    "reached_units",
    "standing_unit",
    "unit_by_code",
    "unit_inside",
    "units_of_kind",
    "units_to_choose",
    "UnitDraft",
    "adopt_levels",
    "close_unit",
    "correct_unit",
    "create_unit",
    "merge_units",
    "move_unit",
    "rename_unit",
    "separate_unit",
    "split_unit",
    # what rules may name
    "Named",
    "agency_kinds",
    "divisions_named",
    "province_agencies",
    "role_names",
    # people and positions
    "AlreadyKnown",
    "PositionTaken",
    "appoint",
    "change_position",
    "close_position",
    "change_own_contact",
    "correct_person",
    "create_position",
    "end_appointment",
    "find_person",
    "own_person",
    "register_person",
    # rights
    "change_role",
    "confirm_rights",
    "create_role",
    "grant",
    "revoke",
    "unconfirmed_rights",
    # signing authority
    "Authority",
    "NoSigningAuthority",
    "grant_authority",
    "revoke_authority",
    "signers_of",
    "signing_authority",
    # changes to come, lists, whole organisations
    "cancel_plan",
    "carry_out_due",
    "plan_change",
    "check_import",
    "confirm_import",
    "drop_import",
    "preview_import",
    "write_import",
    "AuthoritySeed",
    "Loaded",
    "PersonSeed",
    "PositionSeed",
    "RoleSeed",
    "UnitSeed",
    "load_organisation",
    "load_people",
    # permissions
    "GRANT_ROLES",
    "MANAGE_DIRECTORY",
    "MANAGE_ROLES",
    "MANAGE_SIGNING",
    "READ_DIRECTORY",
]

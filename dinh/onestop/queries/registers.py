"""The register (Sổ theo dõi hồ sơ): the accepted dossiers of a period, in the order of their acceptance."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from dinh.foundation.actions.public import Actor
from dinh.kernel.agencies import parse_dossier_code
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.profiles import Form, get_profile
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, Procedure, RegisterPrint
from dinh.onestop.queries.dossiers import visible_dossiers
from dinh.onestop.rules.registers import RegisterFilter
from dinh.onestop.rules.states import state_label

__all__ = [
    "RegisterPage",
    "RegisterRow",
    "access_print",
    "get_print",
    "own_prints",
    "register_fields",
    "register_form",
    "register_lines",
    "register_page",
    "register_size",
]

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One line, with the columns that the form draws. ``ordinal`` is the one on the receipt. ``received_at``
    is the desk that received it where that is not the deciding agency's; empty: it is.
    """

    id: UUID
    ordinal: str
    code: str
    procedure_name: str
    sets: int
    applicant_name: str
    address: str
    phone: str
    agency_name: str
    accepted_at: dt.datetime
    due_at: dt.datetime | None
    returned_at: dt.datetime | None
    has_account: bool
    state_label: str
    is_late: bool
    return_way: str
    received_at: str


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A page of lines. ``after`` continues it; empty: this is the last page."""

    rows: Sequence[RegisterRow]
    after: str


def register_page(
    by: Actor, chosen: RegisterFilter, *, now: dt.datetime, after: str = "", size: int = PAGE_SIZE
) -> RegisterPage:
    """Return one page of the dossiers that the actor may see, the first accepted first."""
    rows = _after(_wanted(by, chosen), after)
    found = list(rows[: size + 1])
    shown = [_row(dossier, now) for dossier in found[:size]]
    return RegisterPage(shown, _key(found[size - 1]) if len(found) > size else "")


def register_lines(by: Actor, chosen: RegisterFilter, *, now: dt.datetime) -> Iterator[RegisterRow]:
    """Yield every line, read in portions."""
    return (_row(dossier, now) for dossier in _wanted(by, chosen).iterator(chunk_size=1000))


def register_size(by: Actor, chosen: RegisterFilter, *, most: int) -> int:
    """Count the lines, up to one more than ``most``."""
    return _wanted(by, chosen).order_by()[: most + 1].count()


def _wanted(by: Actor, chosen: RegisterFilter) -> QuerySet[Dossier]:
    begins = dt.datetime.combine(chosen.from_on, dt.time(), VIETNAM)
    ends = dt.datetime.combine(chosen.until_on + dt.timedelta(days=1), dt.time(), VIETNAM)
    rows = visible_dossiers(by).select_related("intake_desk").defer("data", "version__definition")
    rows = rows.filter(accepted_at__gte=begins, accepted_at__lt=ends)
    if chosen.field_code:
        rows = rows.filter(procedure__field_code=chosen.field_code)
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.unit_id:
        rows = rows.filter(agency__above__ancestor_id=chosen.unit_id)
    return rows.order_by("accepted_at", "pk")


def _key(dossier: Dossier) -> str:
    assert dossier.accepted_at is not None
    return f"{dossier.accepted_at.astimezone(dt.UTC).isoformat()}_{dossier.pk}"


def _after(rows: QuerySet[Dossier], after: str) -> QuerySet[Dossier]:
    if not after:
        return rows
    moment, _, last = after.partition("_")
    try:
        at, pk = dt.datetime.fromisoformat(moment), UUID(last)
    except ValueError:
        return rows.none()
    if at.tzinfo is None:
        return rows.none()
    return rows.filter(Q(accepted_at__gt=at) | Q(accepted_at=at, pk__gt=pk))


def _row(dossier: Dossier, now: dt.datetime) -> RegisterRow:
    assert dossier.accepted_at is not None
    due_on = dossier.due_at.astimezone(VIETNAM).date() if dossier.due_at else None
    done_on = (dossier.finished_at or now).astimezone(VIETNAM).date()
    return RegisterRow(
        id=dossier.pk,
        ordinal=_ordinal(dossier),
        code=str(dossier),
        procedure_name=dossier.procedure.short_name,
        sets=dossier.version.parts.copies,
        applicant_name=dossier.applicant_name,
        address=dossier.applicant_address,
        phone=dossier.applicant_phone,
        agency_name=dossier.agency.name,
        accepted_at=dossier.accepted_at,
        due_at=dossier.due_at,
        returned_at=dossier.returned_at,
        has_account=dossier.owner_id is not None,
        state_label=state_label(dossier.state, is_accepted=dossier.accepted_at is not None),
        is_late=due_on is not None and dossier.state not in ("withdrawn", "supplement") and done_on > due_on,
        return_way=dossier.return_way,
        received_at=_other_desk(dossier),
    )


def _other_desk(dossier: Dossier) -> str:
    desk = dossier.intake_desk or dossier.reception_unit
    return "" if desk.agency_id == dossier.agency_id else desk.name


def _ordinal(dossier: Dossier) -> str:
    return f"{parse_dossier_code(dossier.code or '').ordinal:04d}"


def register_fields() -> list[tuple[str, str]]:
    """Return the fields that have procedures, as (code, name)."""
    rows = Procedure.objects.exclude(current_version=None).order_by("field_name")
    return list(rows.values_list("field_code", "field_name").distinct())


def register_form(profile: str, on: dt.date) -> Form:
    """Return the register's form as the law of a day numbers it. Raises ``NoSuchForm``."""
    return get_profile(profile).form("register", on=on)


def own_prints(by: Actor, *, most: int = 50) -> list[RegisterPrint]:
    """Return the prints that the actor has asked for, the newest first."""
    if by.kind != "official" or by.person_id is None:
        return []
    return list(RegisterPrint.objects.filter(person_id=by.person_id).select_related("file")[:most])


def access_print(by: Actor, print_id: UUID) -> RegisterPrint:
    """Return a finished print of the actor's own. Raises ``NotFound`` for all others alike."""
    rows = RegisterPrint.objects.select_related("file").filter(pk=print_id, state="ready")
    found = rows.filter(person_id=by.person_id).first() if by.kind == "official" and by.person_id else None
    if found is None:
        raise NotFound
    return found


def get_print(print_id: UUID) -> RegisterPrint:
    """Return a print for the job that makes it. Raises ``NotFound``."""
    return existing(RegisterPrint.objects.filter(pk=print_id).first())

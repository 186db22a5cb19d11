"""Reads about signing authority."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.models import Appointment, SigningAuthority
from dinh.foundation.directory.queries.rights import HeldPosition, held_positions_of
from dinh.foundation.directory.queries.units import get_unit
from dinh.foundation.directory.rules.signing import AuthorityGrant, choose, lines_of
from dinh.kernel.errors import N_, Refused

__all__ = ["Authority", "NoSigningAuthority", "plain_authority", "signers_of", "signing_authority"]


class NoSigningAuthority(Refused):
    message = N_(
        "Ông/Bà không có thẩm quyền ký loại văn bản này tại %(unit)s ngày %(on)s. Hãy trình người có thẩm"
        " quyền, hoặc đề nghị cơ quan cập nhật thẩm quyền ký."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The authority under which somebody signs: the mark, the lines above the signature, the words of
    its basis, and the names to print below."""

    id: UUID
    mark: str
    lines: list[str]
    signer: str
    title: str
    unit_id: UUID
    basis: str
    until_on: dt.date | None


def signing_authority(
    by: Actor, unit_id: UUID, on: dt.date, matter: str, *, by_head: bool = False
) -> Authority:
    """Return the authority under which the acting position signs a matter at a unit's agency that day.

    ``by_head``: the act is that of the agency's head, so its lines name no collective.
    Raises ``NoSigningAuthority``: no such authority, it has ended, it does not cover the matter, or the
    person no longer holds the position.
    """
    unit = get_unit(unit_id)
    agency = unit.agency or unit
    chosen = None
    if by.position_id is not None and _holds(by, on):
        rows = SigningAuthority.objects.on(on).filter(position_id=by.position_id, unit_id=agency.pk)
        rows = rows.select_related(
            "position", "derived_from__position", "derived_from__derived_from__position"
        )
        chosen = choose(map(plain_authority, rows), on=on, matter=matter)
    if chosen is None or chosen.id is None:
        raise NoSigningAuthority(unit=agency.name, on=f"{on:%d/%m/%Y}")
    return Authority(
        id=chosen.id,
        mark=chosen.mark,
        lines=lines_of(chosen, by_head=by_head),
        signer=by.name,
        title=chosen.title,
        unit_id=agency.pk,
        basis=chosen.basis,
        until_on=chosen.until_on,
    )


def _holds(by: Actor, on: dt.date) -> bool:
    held = Appointment.objects.in_force(on).filter(person_id=by.person_id, position_id=by.position_id)
    return bool(held.exists())


def signers_of(unit_id: UUID, on: dt.date, matter: str) -> list[HeldPosition]:
    """Return who may sign the matter at a unit's agency that day, each once."""
    unit = get_unit(unit_id)
    agency_id = unit.agency_id or unit.pk
    rows = SigningAuthority.objects.on(on).filter(unit_id=agency_id)
    rows = rows.select_related("position", "derived_from__position", "derived_from__derived_from__position")
    positions = {
        row.position_id for row in rows if choose([plain_authority(row)], on=on, matter=matter) is not None
    }
    return held_positions_of(Q(position_id__in=positions), on)


def plain_authority(row: SigningAuthority) -> AuthorityGrant:
    """Return a stored authority, with those that it stands on, as plain values."""
    return AuthorityGrant(
        id=row.pk,
        position_id=row.position_id,
        unit_id=row.unit_id,
        mark=row.mark,
        collective=row.collective,
        on_behalf_of=row.on_behalf_of,
        title=row.position.title,
        matters=tuple(row.matters),
        from_on=row.from_on,
        until_on=row.until_on,
        basis=row.basis,
        source=plain_authority(row.derived_from) if row.derived_from is not None else None,
    )

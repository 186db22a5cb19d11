"""Verbs of signing authority: grant, revoke."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.events import SigningAuthorityGranted, SigningAuthorityRevoked
from dinh.foundation.directory.models import Position, SigningAuthority, Unit
from dinh.foundation.directory.permissions import MANAGE_SIGNING
from dinh.foundation.directory.queries.signing import plain_authority
from dinh.foundation.directory.rules.organisation import check_period
from dinh.foundation.directory.rules.signing import check_authority
from dinh.kernel.errors import N_, Refused

__all__ = ["grant_authority", "revoke_authority"]


@action("authority.granted", permission=MANAGE_SIGNING)
def grant_authority(
    unit: Unit,
    *,
    position: Position,
    mark: str,
    matters: Sequence[str],
    from_on: dt.date,
    until_on: dt.date | None = None,
    collective: str = "",
    on_behalf_of: str = "",
    basis: str = "",
    derived_from: SigningAuthority | None = None,
    by: Actor,
) -> SigningAuthority:
    """Let a position sign at an agency under a mark, for matters, for a time, on a written basis.

    Raises ``BadAuthority`` (NĐ 30/2020/NĐ-CP, Art. 13): among others, TUQ. is never passed on.
    """
    check_period(from_on, until_on)
    if not unit.is_agency:
        raise Refused(N_("Chỉ cơ quan có con dấu mới có thẩm quyền ký. Hãy chọn cơ quan."), field="unit")
    if unit.valid_until is not None:
        raise Refused(N_("Cơ quan này đã kết thúc hoạt động. Hãy chọn cơ quan kế thừa."), field="unit")
    if derived_from is not None and derived_from.unit_id != unit.pk:
        raise Refused(N_("Thẩm quyền gốc thuộc cơ quan khác. Hãy chọn lại."), field="derived_from")
    authority = SigningAuthority(
        unit=unit,
        position=position,
        mark=mark,
        collective=collective.strip(),
        on_behalf_of=on_behalf_of.strip(),
        matters=sorted({matter.strip() for matter in matters if matter.strip()}),
        from_on=from_on,
        until_on=until_on,
        basis=basis.strip(),
        derived_from=derived_from,
    )
    check_authority(plain_authority(authority))
    authority.save()
    publish(SigningAuthorityGranted(authority_id=authority.pk, position_id=position.pk, unit_id=unit.pk))
    return authority


@action("authority.revoked", permission=MANAGE_SIGNING, on=SigningAuthority)
def revoke_authority(authority: SigningAuthority, *, on: dt.date | None = None, by: Actor) -> None:
    """End an authority today or on a later day; what was passed on from it falls with it."""
    day = max(on or timezone.localdate(), authority.from_on)
    if authority.until_on is not None and authority.until_on <= day:
        raise Refused(N_("Thẩm quyền này đã hết hiệu lực."), field="on")
    authority.until_on = day
    authority.save(update_fields=["until_on"])
    publish(
        SigningAuthorityRevoked(
            authority_id=authority.pk, position_id=authority.position_id, unit_id=authority.unit_id, on=day
        )
    )

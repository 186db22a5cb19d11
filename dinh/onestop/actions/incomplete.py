"""A dossier that came incomplete: registered and answered with form 02, and completed later at the desk."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dinh.foundation.actions.public import Actor, action, insert_rows
from dinh.foundation.directory.public import get_unit
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.desk import (
    Applicant,
    NewPart,
    check_complete,
    dossier_handed_in,
    keep_supplement,
    part_rows,
    replace_parts,
    request_supplement,
)
from dinh.onestop.actions.fees import assessed_fees, reassess
from dinh.onestop.actions.flow import open_steps
from dinh.onestop.actions.postal import filing_row, return_rows
from dinh.onestop.actions.record import involvements, tell
from dinh.onestop.models import Arrival, Dossier, ExemptionClaim, ProcedureVersion
from dinh.onestop.permissions import RECEIVE_AT_COUNTER, RECEIVE_DOSSIER
from dinh.onestop.queries.readiness import problems_at_counter
from dinh.onestop.queries.reception import reception_at
from dinh.onestop.rules.checks import AgencyMissing, DossierIncomplete
from dinh.onestop.rules.incomplete import NotWaitingForMore, WhereToTell, items_asked
from dinh.onestop.rules.postal import CameByPost, ReturnChoice, check_came_by_post

__all__ = ["complete_at_desk", "register_incomplete"]


@action(
    "dossier.registered_incomplete",
    permission=RECEIVE_AT_COUNTER,
    label=N_("Đăng ký hồ sơ chưa đủ, yêu cầu bổ sung"),
)
def register_incomplete(
    desk_id: UUID,
    *,
    version: ProcedureVersion,
    applicant: Applicant,
    data: Mapping[str, Any],
    parts: Sequence[NewPart],
    missing: str = "",
    reason: str,
    contact: str = "",
    agency_id: UUID | None = None,
    came: CameByPost | None = None,
    choice: ReturnChoice | None = None,
    by: Actor,
    now: dt.datetime,
) -> Dossier:
    """Keep a dossier that came to the desk or by post and is not complete, and ask its sender to complete it
    (NĐ 61/2018 Art. 17.1): form 02 is signed and everybody concerned told; no clock runs, no code is taken.

    Form 02 names what the procedure's checks miss, and each line of ``missing``. Raises ``NothingMissing``,
    ``WhereToTell``, ``NeedsReason``, ``AgencyMissing``, and what the checks of the post and of the way back
    raise.
    """
    desk = get_unit(desk_id)
    reception = reception_at(version, desk, agency_id)
    if reception is None or reception.way == "elsewhere":
        raise AgencyMissing(field="agency")
    if not (applicant.phone or applicant.email or applicant.address):
        raise WhereToTell(field="applicant-address")
    agency = reception.agency
    problems = problems_at_counter(version.parts, applicant.name, data, parts, agency_id=agency.pk, now=now)
    if not applicant.name:
        raise DossierIncomplete(problems[:1])
    items = items_asked(problems, missing)
    if came is not None:
        came = check_came_by_post(came, today=now.astimezone(VIETNAM).date())
    dossier = dossier_handed_in(
        version, agency=agency, desk=desk, applicant=applicant, data=data, came=came, now=now
    )
    filing = [filing_row(dossier, came)] if came is not None else []
    back = return_rows(dossier, choice, by=by, now=now) if choice is not None else ()
    insert_rows(
        dossier,
        *part_rows(dossier, parts, now=now),
        *assessed_fees(dossier, now=now),
        *filing,
        *back,
        *involvements(dossier, [agency.pk, desk_id]),
    )
    said = N_("Hồ sơ chưa đủ được đăng ký, mã yêu cầu %(code)s")
    tell(dossier, said, by=by, now=now, code=dossier.request_code)
    open_steps(dossier, [version.parts.first_step.key], now=now)
    request_supplement(dossier, items=items, reason=reason, contact=contact, by=by, now=now)
    return dossier


@action(
    "dossier.completed_at_desk",
    permission=RECEIVE_DOSSIER,
    on=Dossier,
    label=N_("Nhận bổ sung tại quầy, qua bưu chính"),
)
def complete_at_desk(
    dossier: Dossier,
    *,
    data: Mapping[str, Any] | None = None,
    parts: Sequence[NewPart],
    note: str = "",
    came: CameByPost | None = None,
    by: Actor,
    now: dt.datetime,
) -> Dossier:
    """Take in what completes a dossier, brought to the desk or sent by post.

    ``data`` are the answers of a form on paper, of a dossier that was not filed online and not accepted yet;
    its fees are assessed anew. Such a dossier must now be complete; the desk then accepts it. An accepted one
    goes on. Raises ``NotWaitingForMore``, ``DossierIncomplete``, and what the checks of the post raise.
    """
    is_open = dossier.accepted_at is None
    if dossier.state != "supplement" and not (is_open and dossier.state == "submitted"):
        raise NotWaitingForMore
    if came is not None:
        _note_arrival(dossier, came, by=by, now=now)
    if is_open and dossier.channel != "online":
        check_complete(dossier, data=data, parts=parts, now=now)
        dossier.data = dict(dossier.data if data is None else data)
        dossier.save(update_fields=["data"])
        claim = ExemptionClaim.objects.filter(dossier=dossier, is_confirmed=True).first()
        reassess(dossier, exemption=claim.key if claim else "", now=now)
    if dossier.state == "supplement":
        return keep_supplement(dossier, parts=parts, note=note, by=by, now=now)
    replace_parts(dossier, parts, now=now)
    tell(dossier, N_("Đã bổ sung hồ sơ. %(note)s"), by=by, now=now, note=note.strip())
    return dossier


def _note_arrival(dossier: Dossier, came: CameByPost, *, by: Actor, now: dt.datetime) -> None:
    came = check_came_by_post(came, today=now.astimezone(VIETNAM).date())
    assert came.arrived_on is not None
    Arrival.objects.get_or_create(
        dossier=dossier,
        number=came.number,
        defaults={
            "postmarked_on": came.postmarked_on,
            "arrived_on": came.arrived_on,
            "noted_at": now,
            "noted_by": by.name,
        },
    )
    said = N_("Phần bổ sung đến qua bưu chính ngày %(on)s, số hiệu bưu gửi %(number)s")
    tell(dossier, said, by=by, now=now, number=came.number, on=f"{came.arrived_on:%d/%m/%Y}")

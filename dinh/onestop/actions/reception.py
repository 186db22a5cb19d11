"""Reception for another place: a dossier taken in for the competent agency, its papers sent after it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from dinh.foundation.actions.public import Actor, action, insert_rows, publish
from dinh.foundation.directory.public import get_unit
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.desk import Applicant, NewPart, dossier_handed_in, part_rows
from dinh.onestop.actions.exemptions import SeenProof, keep_seen_exemption
from dinh.onestop.actions.fees import assessed_fees
from dinh.onestop.actions.flow import open_steps
from dinh.onestop.actions.postal import filing_row, return_rows
from dinh.onestop.actions.record import ask_paper, involvements, tell
from dinh.onestop.actions.registries import bind_check
from dinh.onestop.actions.reuse import reuses_of, take_found
from dinh.onestop.events import DossierSubmitted
from dinh.onestop.models import BundleLine, Dossier, PaperBundle, PaperSearch, ProcedureVersion
from dinh.onestop.permissions import RECEIVE_AT_COUNTER, RECEIVE_BUNDLE
from dinh.onestop.queries.papers import proof_content
from dinh.onestop.queries.readiness import problems_at_counter
from dinh.onestop.queries.reception import paper_to_hand_over, reception_at
from dinh.onestop.queries.units import desk_of
from dinh.onestop.rules.checks import DossierIncomplete
from dinh.onestop.rules.postal import CameByPost, ReturnChoice, check_came_by_post
from dinh.onestop.rules.reception import (
    AlreadyBundled,
    AlreadyReceived,
    NotFromElsewhere,
    NothingToHandOver,
    ScanMissing,
    SeveralDesks,
)

__all__ = ["hand_papers_over", "receive_bundle", "take_in_for"]


@action(
    "dossier.taken_in", permission=RECEIVE_AT_COUNTER, label=N_("Nhận hộ hồ sơ cho cơ quan có thẩm quyền")
)
def take_in_for(
    desk_id: UUID,
    *,
    agency_id: UUID,
    version: ProcedureVersion,
    applicant: Applicant,
    data: Mapping[str, Any],
    parts: Sequence[NewPart],
    search: PaperSearch | None = None,
    exemption: SeenProof | None = None,
    came: CameByPost | None = None,
    choice: ReturnChoice | None = None,
    check_id: UUID | None = None,
    by: Actor,
    now: dt.datetime,
) -> Dossier:
    """Take a dossier in at the desk ``desk_id`` for the agency ``agency_id``, which has it at once.

    It waits at that agency's own desk, whose acceptance gives the code, starts the clock and makes the
    receipt (NĐ 118/2025 Art. 17.3); until then a proof with the request code is in hand. The desk that took
    it in follows it and returns its result. Nothing is collected here: fees are paid by a code or online;
    ``exemption`` is one whose proof the clerk has seen, and counts as at the agency's own desk.
    ``check_id`` is the desk's look-up of the applicant in a registry.

    Raises ``NotFromElsewhere``, ``DossierIncomplete``, ``ScanMissing`` (files go at once, originals after
    them), ``NoDesk``, ``ExemptionUnknown``, ``NeedsReason``, and what the checks of the
    post and of the way back raise.
    """
    desk = get_unit(desk_id)
    reception = reception_at(version, desk, agency_id)
    if reception is None or reception.way != "elsewhere":
        raise NotFromElsewhere
    agency = reception.agency
    problems = problems_at_counter(version.parts, applicant.name, data, parts, agency_id=agency.pk, now=now)
    if problems:
        raise DossierIncomplete(problems)
    names = {document.key: document.name for document in version.parts.documents}
    for part in parts:
        if part.file_id is None and not part.source:
            raise ScanMissing(field=f"paper-{part.document_key}", name=names[part.document_key])
    if came is not None:
        came = check_came_by_post(came, today=now.astimezone(VIETNAM).date())
    parts = take_found(parts, search, now=now)
    dossier = dossier_handed_in(
        version, agency=agency, desk=desk_of(agency.pk), applicant=applicant, data=data, came=came, now=now
    )
    dossier.intake_desk = desk
    papers = part_rows(dossier, parts, now=now)
    fees = assessed_fees(dossier, exemption=exemption.key if exemption else "", now=now)
    reused = reuses_of(papers, [part.source for part in parts], now=now)
    back = return_rows(dossier, choice, by=by, now=now) if choice is not None else ()
    filing = [filing_row(dossier, came)] if came is not None else []
    units = [dossier.agency_id, dossier.reception_unit_id, desk_id]
    insert_rows(dossier, *papers, *fees, *reused, *filing, *back, *involvements(dossier, units))
    said = N_("%(desk)s nhận hộ hồ sơ và chuyển ngay bản điện tử tới %(agency)s, mã yêu cầu %(code)s")
    tell(dossier, said, by=by, now=now, desk=desk.name, agency=agency.name, code=dossier.request_code)
    if exemption is not None:
        keep_seen_exemption(dossier, exemption, by=by, now=now)
    open_steps(dossier, [version.parts.first_step.key], now=now)
    ask_paper(dossier, "proof", content=proof_content(dossier, now=now), now=now)
    bind_check(dossier, check_id, by=by, now=now)
    publish(DossierSubmitted(dossier_id=dossier.id))
    return dossier


@action("papers.handed_over", permission=RECEIVE_AT_COUNTER, label=N_("Bàn giao hồ sơ giấy"))
def hand_papers_over(
    desk_id: UUID, *, dossier_ids: Sequence[UUID], by: Actor, now: dt.datetime
) -> PaperBundle:
    """Make the slip with which originals go to a competent desk; all of the chosen go to one desk.

    Raises ``NothingToHandOver``, ``SeveralDesks``, ``AlreadyBundled`` when a colleague was faster.
    """
    chosen = Dossier.objects.filter(pk__in=list(dossier_ids), intake_desk_id=desk_id)
    found = list(chosen.select_for_update(of=("self",)).order_by("pk").only("pk", "reception_unit_id"))
    if not found:
        raise NothingToHandOver
    waiting = set(paper_to_hand_over(chosen).values_list("pk", flat=True))
    if {one.pk for one in found} - waiting:
        raise AlreadyBundled
    by_desk: dict[UUID, list[Dossier]] = defaultdict(list)
    for one in found:
        by_desk[one.reception_unit_id].append(one)
    if len(by_desk) > 1:
        raise SeveralDesks
    (to_desk_id, going), *_rest = by_desk.items()
    bundle = PaperBundle.objects.create(
        from_desk_id=desk_id, to_desk_id=to_desk_id, made_at=now, made_by=by.name, position=by.position
    )
    try:
        with transaction.atomic():
            BundleLine.objects.bulk_create(BundleLine(bundle=bundle, dossier=one) for one in going)
    except IntegrityError as error:
        raise AlreadyBundled from error
    to_desk = get_unit(to_desk_id).name
    for one in going:
        tell(one, N_("Bản giấy được chuyển tới %(desk)s theo phiếu bàn giao"), by=by, now=now, desk=to_desk)
    return bundle


@action("papers.bundle_received", permission=RECEIVE_BUNDLE, on=PaperBundle, label=N_("Nhận hồ sơ giấy"))
def receive_bundle(bundle: PaperBundle, *, note: str, by: Actor, now: dt.datetime) -> PaperBundle:
    """Confirm that the originals of a slip are here; ``note`` says what was missing or wrong.

    Raises ``AlreadyReceived``.
    """
    if bundle.received_at is not None:
        raise AlreadyReceived
    bundle.received_at, bundle.received_by = now, by.name
    bundle.note = " ".join(note.split())[:1000]
    bundle.save(update_fields=["received_at", "received_by", "note"])
    for line in BundleLine.objects.filter(bundle=bundle).select_related("dossier"):
        tell(line.dossier, N_("Đã nhận bản giấy theo phiếu bàn giao"), by=by, now=now)
    return bundle

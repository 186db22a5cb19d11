"""Apologies for lateness: proposed by who handles the dossier, signed and sent by the agency's leader."""

import datetime as dt

from django.conf import settings

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.public import Authority, signing_authority
from dinh.foundation.files.public import store_bytes
from dinh.foundation.ui.public import qr_svg, render_paper
from dinh.kernel.clocks import extension_until
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.record import ask_paper, refresh_due, tell
from dinh.onestop.actions.signatures import sign_by_person
from dinh.onestop.events import ApologyDeclined, ApologyProposed, ApologySent
from dinh.onestop.models import Apology, ClockRecord, Dossier, Paper
from dinh.onestop.permissions import PROPOSE_APOLOGY, SIGN_APOLOGY
from dinh.onestop.queries.clocks import dossier_reading
from dinh.onestop.queries.definitions import TEMPLATES
from dinh.onestop.queries.papers import apology_content
from dinh.onestop.rules.apologies import ApologyNotProposed, NotBeingHandled, apology_kind, new_due_moment
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.states import APOLOGY

__all__ = ["decline_apology", "propose_apology", "send_apology"]


@action("apology.proposed", permission=PROPOSE_APOLOGY, on=Dossier)
def propose_apology(
    dossier: Dossier, *, reason: str, new_due_on: dt.date | None, by: Actor, now: dt.datetime
) -> Apology:
    """Propose to the agency's leader a letter of apology with a new date; an open proposal is written anew.

    Raises what ``send_apology`` raises, so that nothing is proposed that could not be sent.
    """
    apology = _promise(dossier, reason=reason, new_due_on=new_due_on, now=now)
    apology.state = APOLOGY.after(apology.state, "propose")
    apology.proposed_at = now
    apology.proposed_by = by.name
    apology.save()
    tell(
        dossier,
        N_("Đề nghị xin lỗi, hẹn trả lại ngày %(on)s: %(reason)s"),
        by=by,
        now=now,
        to="officials",
        on=_day(apology.new_due_at),
        reason=apology.reason,
    )
    publish(ApologyProposed(dossier_id=dossier.id))
    return apology


@action("apology.declined", permission=SIGN_APOLOGY, on=Dossier)
def decline_apology(dossier: Dossier, *, answer: str, by: Actor, now: dt.datetime) -> Apology:
    """Decline an open proposal with the reason: the date stays.

    Raises ``ApologyNotProposed``, ``NeedsReason``.
    """
    apology = Apology.objects.filter(dossier=dossier, state="proposed").first()
    if apology is None:
        raise ApologyNotProposed
    if not answer.strip():
        raise NeedsReason(field="answer")
    apology.state = APOLOGY.after(apology.state, "decline")
    apology.answer = answer.strip()
    apology.ended_at = now
    apology.ended_by = by.name
    apology.save()
    sentence = N_("Không đồng ý hẹn lại: %(answer)s")
    tell(dossier, sentence, by=by, now=now, to="officials", answer=apology.answer)
    publish(ApologyDeclined(dossier_id=dossier.id))
    return apology


@action("apology.sent", permission=SIGN_APOLOGY, on=Dossier)
def send_apology(
    dossier: Dossier, *, reason: str, new_due_on: dt.date | None, by: Actor, now: dt.datetime
) -> Apology:
    """Sign the letter of apology (form 04), give it number and seal, and tell the applicant.

    At least a day before the due date it puts the due moment off, once (NĐ 61/2018 Art. 19.9). When the
    dossier is late already, the letter only promises: the dossier stays late.

    Raises ``NeedsReason``, ``NotBeingHandled``, ``NewDateMissing``, ``NewDateWrong``, ``AlreadyExtended``,
    ``TooLateToExtend``, ``AlreadyApologised``, ``NoSigningAuthority``, and what the key store raises.
    """
    apology = _promise(dossier, reason=reason, new_due_on=new_due_on, now=now)
    authority = signing_authority(
        by, dossier.agency_id, now.astimezone(VIETNAM).date(), dossier.version.parts.result.matter
    )
    apology.state = APOLOGY.after(apology.state, "send")
    apology.ended_at = now
    apology.ended_by = by.name
    apology.paper = _letter(dossier, apology, authority, by=by, now=now)
    apology.save()
    if apology.kind == Apology.Kind.EXTENSION:
        _extend(dossier, apology, now=now)
    tell(
        dossier,
        N_("Xin lỗi và hẹn lại ngày trả kết quả: %(on)s. Lý do: %(reason)s"),
        by=by,
        now=now,
        on=_day(apology.new_due_at),
        reason=apology.reason,
    )
    publish(ApologySent(dossier_id=dossier.id, new_due=_day(apology.new_due_at)))
    return apology


def _promise(dossier: Dossier, *, reason: str, new_due_on: dt.date | None, now: dt.datetime) -> Apology:
    """The letter that may be sent now, over the open proposal where there is one; not saved."""
    if dossier.state != "processing":
        raise NotBeingHandled
    reading = dossier_reading(dossier, now=now)
    if reading.due_at is None:
        raise NotBeingHandled
    sent = Apology.objects.filter(dossier=dossier, state="sent").values_list("new_due_at", flat=True)
    kind = apology_kind(reading, list(sent))
    if not reason.strip():
        raise NeedsReason(field="reason")
    new_due_at = new_due_moment(reading, new_due_on)
    apology = Apology.objects.filter(dossier=dossier, state="proposed").first()
    apology = apology or Apology(dossier=dossier, state=APOLOGY.initial)
    apology.kind = kind
    apology.reason = reason.strip()
    apology.old_due_at = reading.due_at
    apology.new_due_at = new_due_at
    return apology


def _extend(dossier: Dossier, apology: Apology, *, now: dt.datetime) -> None:
    amount = extension_until(dossier_reading(dossier, now=now), apology.new_due_at)
    ClockRecord.objects.create(
        dossier=dossier,
        kind="extended",
        at=now,
        reason=apology.reason,
        amount=amount.amount,
        unit=amount.unit,
    )
    refresh_due(dossier, now=now)


def _letter(
    dossier: Dossier, apology: Apology, authority: Authority, *, by: Actor, now: dt.datetime
) -> Paper:
    """The letter, signed by the person; a job gives it number and date and the desk's seal (NĐ 30/2020)."""
    content = apology_content(
        dossier,
        reason=apology.reason,
        old_due_at=apology.old_due_at,
        new_due_at=apology.new_due_at,
        lines=authority.lines,
        signer=by.name,
        by=by,
        now=now,
    )
    filling = {**content, "qr": qr_svg(content["follow"]), "note": settings.PAPER_NOTE}
    rendered = render_paper(TEMPLATES / "apology.typ", filling)
    signed = sign_by_person(rendered, reason=" ".join([*authority.lines, authority.basis]), by=by, now=now)
    file = store_bytes(signed, name=f"Thư xin lỗi {dossier.code}.pdf", by=by)  # data: papers are Vietnamese
    return ask_paper(dossier, "apology", content=content, now=now, notation="PXL", signed_file_id=file.id)


def _day(at: dt.datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}"

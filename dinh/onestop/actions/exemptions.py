"""Exemptions from fees: claimed by the applicant with a proof, confirmed or denied by the desk."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.errors import N_
from dinh.onestop.actions.fees import reassess
from dinh.onestop.actions.record import tell
from dinh.onestop.models import Dossier, Draft, ExemptionClaim
from dinh.onestop.permissions import EDIT_DRAFT, RECEIVE_DOSSIER
from dinh.onestop.rules.checks import AlreadySent, NeedsReason
from dinh.onestop.rules.definition import Definition, Exemption
from dinh.onestop.rules.fees import exemption_of
from dinh.onestop.rules.payments import ExemptionUnknown, FeesAreFixed, ProofMissing

__all__ = [
    "SeenProof",
    "claim_exemption",
    "decide_exemption",
    "drop_exemption",
    "hand_over_claim",
    "keep_seen_exemption",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenProof:
    """An exemption whose proof the clerk has seen at the counter; ``reason`` says what was seen."""

    key: str
    reason: str


@action("exemption.claimed", permission=EDIT_DRAFT, on=Draft)
def claim_exemption(
    draft: Draft, *, key: str, file_id: UUID | None, by: Actor, now: dt.datetime
) -> ExemptionClaim:
    """Claim an exemption for what is being filed, with its proof; a second claim takes the first's place.

    ``file_id`` None keeps the proof of an earlier claim. Raises ``AlreadySent``, ``ExemptionUnknown``,
    ``ProofMissing``.
    """
    if draft.sent_as_id is not None:
        raise AlreadySent
    exemption = _known(draft.version.parts, key)
    claim = ExemptionClaim.objects.filter(draft=draft).first() or ExemptionClaim(draft=draft)
    if file_id is None and (claim.file_id is None or claim.key != key):
        raise ProofMissing(proof=exemption.proof, field="proof")
    claim.key, claim.name, claim.proof = exemption.key, exemption.name, exemption.proof
    claim.file_id = file_id or claim.file_id
    claim.claimed_at = now
    claim.save()
    return claim


@action("exemption.dropped", permission=EDIT_DRAFT, on=Draft)
def drop_exemption(draft: Draft, *, by: Actor, now: dt.datetime) -> None:
    """Claim no exemption after all. Raises ``AlreadySent``."""
    if draft.sent_as_id is not None:
        raise AlreadySent
    ExemptionClaim.objects.filter(draft=draft).delete()


@action("exemption.decided", permission=RECEIVE_DOSSIER, on=Dossier)
def decide_exemption(
    dossier: Dossier, *, is_confirmed: bool, reason: str, by: Actor, now: dt.datetime
) -> ExemptionClaim:
    """Confirm or deny what the applicant claims, with a reason; a confirmed one lowers the fees at once.

    Raises ``NeedsReason``, ``FeesAreFixed`` once the dossier is accepted or the claim decided.
    """
    claim = ExemptionClaim.objects.filter(dossier=dossier, is_confirmed=None).first()
    if claim is None or dossier.accepted_at is not None:
        raise FeesAreFixed
    if not reason.strip():
        raise NeedsReason(field="exemption-reason")
    claim.is_confirmed, claim.reason = is_confirmed, reason.strip()
    claim.decided_at, claim.decided_by = now, by.name
    claim.save()
    if is_confirmed:
        reassess(dossier, exemption=claim.key, now=now)
        tell(dossier, N_("Xác nhận miễn, giảm phí: %(name)s"), by=by, now=now, name=claim.name)
    else:
        sentence = N_("Không xác nhận miễn, giảm phí (%(name)s): %(reason)s")
        tell(dossier, sentence, by=by, now=now, name=claim.name, reason=claim.reason)
    return claim


def hand_over_claim(draft: Draft, dossier: Dossier) -> None:
    """The claim of a draft goes on with the dossier that the draft has become."""
    if draft.version.parts.exemptions:
        ExemptionClaim.objects.filter(draft=draft).update(dossier=dossier)


def keep_seen_exemption(dossier: Dossier, seen: SeenProof, *, by: Actor, now: dt.datetime) -> None:
    """Keep an exemption whose proof was shown at the counter.

    Raises ``ExemptionUnknown``, ``NeedsReason``.
    """
    exemption = _known(dossier.version.parts, seen.key)
    if not seen.reason.strip():
        raise NeedsReason(field="exemption-reason")
    ExemptionClaim.objects.create(
        dossier=dossier,
        key=exemption.key,
        name=exemption.name,
        proof=exemption.proof,
        claimed_at=now,
        is_confirmed=True,
        decided_at=now,
        decided_by=by.name,
        reason=seen.reason.strip(),
    )
    tell(dossier, N_("Xác nhận miễn, giảm phí: %(name)s"), by=by, now=now, name=exemption.name)


def _known(definition: Definition, key: str) -> Exemption:
    exemption = exemption_of(definition, key)
    if exemption is None:
        raise ExemptionUnknown(field="exemption")
    return exemption

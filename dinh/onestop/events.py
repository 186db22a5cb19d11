"""What the one-stop shop announces."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from dinh.foundation.actions.events import Event

__all__ = [
    "ApplicantInvited",
    "ParcelCameBack",
    "ParcelSent",
    "ApologyDeclined",
    "ApologyProposed",
    "ApologySent",
    "ContactCorrected",
    "DossierAccepted",
    "DossierMoved",
    "DossierRefused",
    "DossierReturned",
    "DossierStopped",
    "RemedyAsked",
    "DossierSubmitted",
    "DossierWithdrawn",
    "FilingReleased",
    "FilingWaits",
    "FindingRaised",
    "MessageSent",
    "DossiersMoved",
    "ExportAsked",
    "DueMoved",
    "PaperAsked",
    "PaymentReceived",
    "RefundApproved",
    "RefundPaid",
    "SampleBankPaid",
    "ProcedurePublished",
    "RegisterAsked",
    "AppealDecided",
    "RatingAppealed",
    "ReportIssued",
    "RepresentationBegun",
    "RepresentationOver",
    "ResultIssued",
    "ReturnAsked",
    "ReturnDecided",
    "StepAssigned",
    "StepClosed",
    "StepHandedBack",
    "StepOpened",
    "StepTaken",
    "StepWentBack",
    "SupplementAsked",
    "SupplementGiven",
    "VisitBooked",
    "VisitCancelled",
    "VisitHandedOn",
    "VisitNear",
    "SupplementNearlyOver",
    "WorkWarned",
    "WorkDueMoved",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedurePublished(Event):
    """A version of a procedure is in force from now on; new dossiers use it."""

    procedure_id: UUID
    version_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSubmitted(Event):
    """A dossier has come in and waits for the desk."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierAccepted(Event):
    """A dossier was accepted: it has its code, and its clock runs."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRefused(Event):
    """A dossier was refused, with a reason (form 03)."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementAsked(Event):
    """The applicant was asked to complete the dossier (form 02)."""

    dossier_id: UUID
    supplement_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementGiven(Event):
    """The applicant has completed the dossier."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOpened(Event):
    """A step waits for somebody of a unit."""

    dossier_id: UUID
    step_id: UUID
    unit_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantInvited(Event):
    """The applicant is asked to be there at a step; also when the moment was changed."""

    dossier_id: UUID
    invitation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyAsked(Event):
    """An appraisal was not passed; the applicant may mend what it found, and is appraised again."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierStopped(Event):
    """Handling was stopped: the applicant did not complete the dossier in time."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRaised(Event):
    """The watchdog has found trouble, or given it to the next leader above (``level`` above 0)."""

    finding_id: UUID
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkWarned(Event):
    """A step is ``near`` its due moment, or ``late``."""

    step_id: UUID
    kind: str
    due_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementNearlyOver(Event):
    """The time in which an applicant may complete a dossier is nearly over."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Event):
    """The applicant or an official has written to the other side."""

    message_id: UUID
    dossier_id: UUID
    from_applicant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAsked(Event):
    """An official asks a superior to let a step go back once more."""

    return_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDecided(Event):
    """A superior has said yes or no to a return."""

    return_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWentBack(Event):
    """A step was sent back to an earlier one, which is open again."""

    return_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAssigned(Event):
    """A leader has given a step to an official of the division."""

    dossier_id: UUID
    step_id: UUID
    position_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StepHandedBack(Event):
    """A step has gone back to its unit, because the post of its holder is vacant."""

    dossier_id: UUID
    step_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierWithdrawn(Event):
    """The applicant has taken the dossier back."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DossiersMoved(Event):
    """What was open at a unit went to its heir; those concerned are to be told."""

    move_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierMoved(Event):
    """The applicant of a dossier is to learn that ``old`` has become part of ``new``."""

    dossier_id: UUID
    move_id: UUID
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMoved(Event):
    """A calendar has changed, and a dossier is due at another moment."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDueMoved(Event):
    """Work that a position holds is due at another moment; ``mark`` is the same for one change."""

    position_id: UUID
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken(Event):
    """An official has taken a step, or given it back."""

    dossier_id: UUID
    step_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StepClosed(Event):
    """A step has ended with an outcome."""

    dossier_id: UUID
    step_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAsked(Event):
    """A paper must be drawn and signed."""

    paper_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCorrected(Event):
    """The desk has corrected where the applicant of a dossier is reached."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultIssued(Event):
    """The result is signed, numbered and sealed; the applicant can have it."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierReturned(Event):
    """The result was handed over; the dossier is at its end."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueUploaded(Event):
    """A file of the national catalogue was taken in and has to be read."""

    batch_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueConfirmed(Event):
    """A long file of the national catalogue is to be written."""

    batch_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAsked(Event):
    """Somebody wants a list or a report as a file."""

    export_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentationBegun(Event):
    """Somebody has declared that they stand for a business or a relative."""

    representation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentationOver(Event):
    """A representation was ended by one of its sides."""

    representation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologyProposed(Event):
    """A letter of apology waits for the signature of the agency's leader."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologyDeclined(Event):
    """The agency's leader does not put the date off."""

    dossier_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologySent(Event):
    """A letter of apology is signed: the applicant and the desk are told the new date."""

    dossier_id: UUID
    new_due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitBooked(Event):
    """Somebody comes to a desk at a moment; also when the moment was changed."""

    visit_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCancelled(Event):
    """A visit does not take place: its person's wish, or the desk has closed (``by_the_house``)."""

    visit_id: UUID
    by_the_house: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitHandedOn(Event):
    """A visit goes on at another desk because its own (``old``: the name) was merged; the hour stays."""

    visit_id: UUID
    old: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitNear(Event):
    """A visit is a day away: its person is reminded."""

    visit_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAsked(Event):
    """A print of the register must be made."""

    print_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceived(Event):
    """Money for a dossier came in: in cash, by a transfer, online. Told once for each payment."""

    dossier_id: UUID
    payment_id: UUID
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundApproved(Event):
    """Money is to be given back; a provider is told by a job, cash is handed out at the desk."""

    dossier_id: UUID
    refund_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPaid(Event):
    """Money was given back."""

    dossier_id: UUID
    refund_id: UUID
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBankPaid(Event):
    """Somebody has paid at the sample provider, which now sends its notices (none, one or several)."""

    reference: str
    notices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIssued(Event):
    """A report of an agency was numbered and sealed, and is on its way to the agency above."""

    report_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelSent(Event):
    """A result was handed over to the post."""

    dossier_id: UUID
    parcel_id: UUID
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelCameBack(Event):
    """The post brought a result back to the desk."""

    dossier_id: UUID
    parcel_id: UUID
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingAppealed(Event):
    """An official asks that a score of theirs not be counted."""

    appeal_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecided(Event):
    """A superior has said whether a score stays."""

    appeal_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingWaits(Event):
    """What somebody filed at the national portal could not be taken in by itself; its owner has to act."""

    message_id: UUID
    owner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingReleased(Event):
    """Somebody wants a message of the national portal tried again, or taken in by hand."""

    message_id: UUID

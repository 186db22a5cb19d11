"""Tables of the one-stop shop, by subject."""

from dinh.onestop.models.agency_reports import AgencyReport, PetitionNote
from dinh.onestop.models.apologies import Apology
from dinh.onestop.models.arrivals import Arrival
from dinh.onestop.models.assisted import AssistedForm
from dinh.onestop.models.blanks import BlankForm
from dinh.onestop.models.catalogue import Procedure, ProcedureVersion
from dinh.onestop.models.dossiers import (
    Dossier,
    DossierCounter,
    DossierPart,
    Draft,
    DraftFile,
    FeeItem,
    Involvement,
    Rating,
    Supplement,
    TimelineEntry,
)
from dinh.onestop.models.exports import Export, ExportPart
from dinh.onestop.models.figures import Figure, FigureCheck, FigureDifference, FigureEntry
from dinh.onestop.models.indicators import IndicatorDifference, IndicatorSum
from dinh.onestop.models.invitations import Invitation
from dinh.onestop.models.meetings import Meeting
from dinh.onestop.models.mirrors import (
    MirrorDifference,
    MirroredDossier,
    MirrorList,
    MirrorSource,
)
from dinh.onestop.models.moves import MovedDossier, UnitMove
from dinh.onestop.models.national import NationalChange, NationalDossier, NationalMessage
from dinh.onestop.models.national_catalogue import (
    CatalogueEntry,
    CatalogueImport,
    CatalogueLine,
    CatalogueUpload,
)
from dinh.onestop.models.national_figures import SentFigures
from dinh.onestop.models.national_filings import FilingMessage, NationalFiling, NationalInbox
from dinh.onestop.models.papers import Paper, Result, ResultEnclosure
from dinh.onestop.models.payments import (
    CollectionAccount,
    DayClosing,
    ExemptionClaim,
    Payment,
    PaymentOrder,
    Reconciliation,
    Refund,
    SampleBankEntry,
    Surplus,
    Unmatched,
)
from dinh.onestop.models.postal import Handover, Parcel, PostalFiling, ReturnAddress
from dinh.onestop.models.postings import Posting
from dinh.onestop.models.queue import QueueCounter, QueueNumber
from dinh.onestop.models.ratings import Feedback, RatingAppeal, RatingPublication
from dinh.onestop.models.reception import BundleLine, PaperBundle
from dinh.onestop.models.registers import RegisterPrint
from dinh.onestop.models.registries import RegistryCheck
from dinh.onestop.models.representation import Representation
from dinh.onestop.models.returns import StepReturn
from dinh.onestop.models.reuse import PaperSearch, Reuse
from dinh.onestop.models.revisions import ProcedureRevision
from dinh.onestop.models.talk import Message, Note
from dinh.onestop.models.visits import Visit, VisitPlan, VisitSlot
from dinh.onestop.models.watch import Finding, StepTime
from dinh.onestop.models.work import ClockRecord, StepRun, WorkItem

__all__ = [
    "Arrival",
    "Invitation",
    "Meeting",
    "BundleLine",
    "PaperBundle",
    "Feedback",
    "RatingAppeal",
    "RatingPublication",
    "AgencyReport",
    "PetitionNote",
    "Handover",
    "Parcel",
    "PostalFiling",
    "ReturnAddress",
    "CollectionAccount",
    "DayClosing",
    "Unmatched",
    "ExemptionClaim",
    "Payment",
    "PaymentOrder",
    "Reconciliation",
    "Refund",
    "SampleBankEntry",
    "Surplus",
    "BlankForm",
    "CatalogueEntry",
    "CatalogueImport",
    "CatalogueLine",
    "CatalogueUpload",
    "AssistedForm",
    "Apology",
    "ClockRecord",
    "Dossier",
    "DossierCounter",
    "DossierPart",
    "Draft",
    "DraftFile",
    "Export",
    "ExportPart",
    "FeeItem",
    "FilingMessage",
    "Finding",
    "Figure",
    "FigureCheck",
    "FigureDifference",
    "FigureEntry",
    "IndicatorDifference",
    "IndicatorSum",
    "Involvement",
    "MirrorDifference",
    "MirrorList",
    "MirrorSource",
    "MirroredDossier",
    "MovedDossier",
    "NationalChange",
    "NationalDossier",
    "NationalFiling",
    "NationalInbox",
    "NationalMessage",
    "Message",
    "Note",
    "Paper",
    "PaperSearch",
    "Posting",
    "Procedure",
    "ProcedureRevision",
    "ProcedureVersion",
    "QueueCounter",
    "QueueNumber",
    "Rating",
    "RegisterPrint",
    "RegistryCheck",
    "Representation",
    "Result",
    "ResultEnclosure",
    "SentFigures",
    "StepReturn",
    "Reuse",
    "StepRun",
    "StepTime",
    "Supplement",
    "TimelineEntry",
    "Visit",
    "VisitPlan",
    "VisitSlot",
    "UnitMove",
    "WorkItem",
]

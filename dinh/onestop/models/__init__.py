"""Tables of the one-stop shop, by subject."""

from dinh.onestop.models.apologies import Apology
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
from dinh.onestop.models.figures import Figure, FigureCheck, FigureDifference, FigureEntry
from dinh.onestop.models.national import NationalChange, NationalDossier, NationalMessage
from dinh.onestop.models.papers import Paper, Result
from dinh.onestop.models.payments import (
    CollectionAccount,
    DayClosing,
    Difference,
    ExemptionClaim,
    Payment,
    PaymentOrder,
    Reconciliation,
    Refund,
    SampleBankEntry,
    Surplus,
)
from dinh.onestop.models.queue import QueueCounter, QueueNumber
from dinh.onestop.models.returns import StepReturn
from dinh.onestop.models.reuse import PaperSearch, Reuse
from dinh.onestop.models.work import ClockRecord, StepRun, WorkItem

__all__ = [
    "CollectionAccount",
    "DayClosing",
    "Difference",
    "ExemptionClaim",
    "Payment",
    "PaymentOrder",
    "Reconciliation",
    "Refund",
    "SampleBankEntry",
    "Surplus",
    "Apology",
    "ClockRecord",
    "Dossier",
    "DossierCounter",
    "DossierPart",
    "Draft",
    "DraftFile",
    "FeeItem",
    "Figure",
    "FigureCheck",
    "FigureDifference",
    "FigureEntry",
    "Involvement",
    "NationalChange",
    "NationalDossier",
    "NationalMessage",
    "Paper",
    "PaperSearch",
    "Procedure",
    "ProcedureVersion",
    "QueueCounter",
    "QueueNumber",
    "Rating",
    "Result",
    "StepReturn",
    "Reuse",
    "StepRun",
    "Supplement",
    "TimelineEntry",
    "WorkItem",
]

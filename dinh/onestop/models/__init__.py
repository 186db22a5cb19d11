"""Tables of the one-stop shop, by subject."""

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
from dinh.onestop.models.work import ClockRecord, StepRun, WorkItem

__all__ = [
    "ClockRecord",
    "CollectionAccount",
    "DayClosing",
    "Difference",
    "Dossier",
    "DossierCounter",
    "DossierPart",
    "Draft",
    "DraftFile",
    "ExemptionClaim",
    "FeeItem",
    "Involvement",
    "Paper",
    "Payment",
    "PaymentOrder",
    "Procedure",
    "ProcedureVersion",
    "Rating",
    "Reconciliation",
    "Refund",
    "Result",
    "SampleBankEntry",
    "StepRun",
    "Supplement",
    "Surplus",
    "TimelineEntry",
    "WorkItem",
]

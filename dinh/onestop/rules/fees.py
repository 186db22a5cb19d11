"""What a dossier costs: rules are data of the procedure's version."""

from collections.abc import Mapping
from typing import Any

from dinh.kernel.conditions import holds
from dinh.onestop.rules.definition import Definition, Document, Fee

__all__ = ["fees_owed", "required_documents", "total"]


def fees_owed(definition: Definition, data: Mapping[str, Any]) -> tuple[Fee, ...]:
    """Return the fees owed for these answers, in the order of the definition."""
    return tuple(fee for fee in definition.fees if holds(fee.when, data))


def total(fees: tuple[Fee, ...]) -> int:
    """Return the sum in đồng."""
    return sum(fee.amount for fee in fees)


def required_documents(definition: Definition, data: Mapping[str, Any]) -> tuple[Document, ...]:
    """Return the papers that must be uploaded for these answers."""
    return tuple(
        document
        for document in definition.documents
        if document.origin == "upload" and not document.optional and holds(document.required_if, data)
    )

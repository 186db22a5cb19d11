"""The applicant's address as their form gives it."""

from collections.abc import Mapping
from typing import Any

from dinh.foundation.ui.public import outline
from dinh.kernel.conditions import value_at
from dinh.onestop.rules.definition import Definition

__all__ = ["address_in"]

KNOWN_AS = "applicant.address"


def address_in(definition: Definition, data: Mapping[str, Any]) -> str:
    """Return what was answered where the form asks for the applicant's address; empty when it does not.

    Whoever has no address on record has written it there, and the papers of the dossier name it.
    """
    asked = (line.path for page in outline(definition.form) for line in page.fields
             if line.spec.prefill == KNOWN_AS)  # fmt: skip
    return next((str(answer) for path in asked if (answer := value_at(data, path))), "")

"""What stands beside the sign button: every paper that the click signs, and the capacity in which."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import signing_authority
from dinh.foundation.files.public import pages_of
from dinh.kernel.errors import Refused
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.public import DossierCard, StepCard, copies_of, results_for

__all__ = ["PaperToSign", "papers_to_sign"]


@dataclass(frozen=True, slots=True)
class PaperToSign:
    """A result that waits for a signature: in how many copies, of how many pages each, for whom.

    ``capacity`` are the lines that will stand above the name; empty: the reader has no authority for it.
    """

    name: str
    copies: int
    pages: int | None
    recipients: Sequence[str]
    enclosures: Sequence[str]
    capacity: Sequence[str]


def papers_to_sign(card: DossierCard, step: StepCard, *, by: Actor, now: dt.datetime) -> list[PaperToSign]:
    """Return all that one click of "Ký số" at this step signs; nothing where the reader does not sign."""
    if step.kind != "sign" or not step.may_work:
        return []
    drafted = {one.key: one for one in card.results if one.copy == 1}
    capacities: dict[tuple[str, bool], Sequence[str]] = {}
    found = []
    for template in results_for(card.definition, card.dossier.data):
        asked = (template.matter, template.by_head)
        if asked not in capacities:
            capacities[asked] = _capacity(card, *asked, by=by, now=now)
        known = drafted.get(template.key)
        found.append(
            PaperToSign(
                name=template.name,
                copies=copies_of(template, card.dossier.data),
                pages=pages_of(known.file.id) if known and known.file else None,
                recipients=known.recipients if known else (),
                enclosures=[one.name for one in known.enclosures] if known else [],
                capacity=capacities[asked],
            )
        )
    return found


def _capacity(card: DossierCard, matter: str, by_head: bool, *, by: Actor, now: dt.datetime) -> Sequence[str]:
    on = now.astimezone(VIETNAM).date()
    try:
        return signing_authority(by, card.dossier.agency_id, on, matter, by_head=by_head).lines
    except Refused:
        return ()

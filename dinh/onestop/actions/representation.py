"""A citizen declares that they stand for a business or a relative, and either side ends it."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.public import find_person
from dinh.kernel.contacts import national_number
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.kernel.text import clean, fold
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.events import RepresentationBegun, RepresentationOver
from dinh.onestop.models import RegistryCheck, Representation
from dinh.onestop.permissions import END_REPRESENTATION, START_DRAFT
from dinh.onestop.queries.registries import confirms
from dinh.onestop.rules.registries import CHECK_HOLDS, WORD_HOLDS
from dinh.onestop.rules.representation import PROOF_MISSING, check_party

__all__ = ["begin_representation", "end_representation"]

# More is the work of an agent, who has no account as a citizen.
MOST_STANDING = 20


class PartyWrong(Refused):
    """What is told of the party is not right; ``errors`` says what, by field."""

    message = N_("Hãy sửa các chỗ được đánh dấu.")

    def __init__(self, errors: Mapping[str, Refused]) -> None:
        super().__init__()
        self.errors = errors


@action("representation.begun", permission=START_DRAFT, label=N_("Khai việc đại diện"))
def begin_representation(
    party: Mapping[str, str],
    *,
    proof_id: UUID | None,
    until_on: dt.date | None,
    check_id: UUID | None = None,
    by: Actor,
    now: dt.datetime,
) -> Representation:
    """Declare that the citizen stands for a party: ``kind``, ``relation``, ``name``, ``identity``, ``phone``,
    ``email``, ``address``; with the file that proves it. For a business that one represents by law,
    ``check_id`` is a question to the enterprise registry that confirms it: then no file is needed, the
    registered name stands, and it holds for 180 days at most.

    The represented person, when the directory knows number and name, sees it and is told. Raises
    ``PartyWrong`` with what is wrong by field.
    """
    if by.person_id is None:
        raise NotFound
    today = now.astimezone(VIETNAM).date()
    errors = check_party(party, until_on=until_on, today=today)
    principal = find_person(party.get("identity", "")) if party.get("kind") == "relative" else None
    if principal is not None and principal.pk == by.person_id:
        errors["identity"] = Refused(
            N_("Đây là số định danh của chính Ông/Bà; hồ sơ của mình thì nộp thẳng.")
        )
    mine = Representation.objects.filter(person_id=by.person_id, ended_at=None)
    if mine.filter(kind=party.get("kind"), identity=party.get("identity")).exists():
        errors["identity"] = Refused(
            N_("Ông/Bà đã khai đại diện cho người hoặc tổ chức này. Muốn khai lại thì chấm dứt lần trước đã.")
        )
    elif mine.count() >= MOST_STANDING:
        errors["name"] = Refused(N_("Ông/Bà đang đại diện cho 20 bên, là số nhiều nhất. Hãy chấm dứt bớt."))
    word = _confirming(party, check_id, by=by, now=now)
    if proof_id is None and word is None:
        errors["proof"] = Refused(PROOF_MISSING)
    if errors:
        raise PartyWrong(errors)
    name, address = clean(party["name"]), clean(party.get("address", ""))
    if word is not None:
        name, address = word.record["name"], address or word.record["address"][:200]
        if proof_id is None:
            until_on = min(until_on or dt.date.max, today + WORD_HOLDS)
    is_known = principal is not None and fold(principal.full_name) == fold(clean(party["name"]))
    row = Representation.objects.create(
        person_id=by.person_id,
        kind=party["kind"],
        relation=party["relation"],
        principal=principal if is_known else None,
        name=name,
        identity=party["identity"],
        phone=national_number(party.get("phone", "")),
        email=party.get("email", ""),
        address=address,
        proof_id=proof_id,
        registry_check=word,
        until_on=until_on,
        begun_at=now,
    )
    publish(RepresentationBegun(representation_id=row.pk))
    return row


def _confirming(
    party: Mapping[str, str], check_id: UUID | None, *, by: Actor, now: dt.datetime
) -> RegistryCheck | None:
    """The citizen's own question whose answer, half an hour old at most, confirms the party."""
    if (
        by.person_id is None
        or check_id is None
        or (party.get("kind"), party.get("relation")) != ("business", "legal")
    ):
        return None
    rows = RegistryCheck.objects.filter(person_id=by.person_id, purpose="representation")
    check = rows.filter(pk=check_id, number=party.get("identity"), asked_at__gt=now - CHECK_HOLDS).first()
    return check if check is not None and confirms(check, by=by) else None


@action(
    "representation.ended",
    permission=END_REPRESENTATION,
    on=Representation,
    label=N_("Chấm dứt việc đại diện"),
)
def end_representation(representation: Representation, *, by: Actor, now: dt.datetime) -> Representation:
    """End it, at the wish of either side: from now on the representative sees none of its dossiers.

    One that has ended stays as it is.
    """
    if representation.ended_at is None:
        representation.ended_at = now
        representation.ended_by = by.name
        representation.save(update_fields=["ended_at", "ended_by"])
        publish(RepresentationOver(representation_id=representation.pk))
    return representation

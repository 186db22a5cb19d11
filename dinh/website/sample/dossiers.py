"""Invented dossiers: how they spread over procedures, agencies, days and states. Always the same ones.

A light load makes lists and searches of a new province look lived in; a bulk load fills it for measuring.
"""

import datetime as dt
import heapq
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import PersonSeed, children, unit_by_code
from dinh.foundation.files.public import store_bytes
from dinh.foundation.ui.public import render_pdf
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.public import (
    Applicant,
    DossierSeed,
    StepSeed,
    SupplementSeed,
    codes_taken,
    competent_agencies,
    get_procedure,
    get_version,
    load_dossiers,
)
from dinh.website.sample.answers import ANSWERS
from dinh.website.sample.names import identity_number, people_names, phone_number
from dinh.website.sample.walks import Stay, Walk, WorkingMinutes, walk, walk_to

if TYPE_CHECKING:
    from dinh.onestop.public import Definition

__all__ = ["AgencyShare", "Story", "load_light", "load_share", "shared_file", "shares"]

YEARS_BACK = 2
BATCH = 4000
# How many of a hundred dossiers come in where, are open still, are late, are filed online.
_LEVELS = {"commune": 55, "district": 35, "province": 10}
_OPEN = 0.04
_LATE = 0.08
_ONLINE = 0.55
_REFUSED_AT_THE_DESK, _WITHDRAWN = 0.02, 0.015
_REASONS = (
    "Bản chụp căn cước công dân bị mờ, không đọc được số. Đề nghị chụp lại cả hai mặt.",
    "Giấy tờ tùy thân đã hết hạn. Đề nghị nộp giấy tờ còn hạn.",
    "Còn thiếu trang thứ hai. Đề nghị nộp đủ các trang.",
)
_REFUSAL = "Hồ sơ không thuộc thẩm quyền giải quyết của cơ quan; đã hướng dẫn nơi nộp."
_WITHDRAWAL = "Tôi muốn làm lại hồ sơ với thông tin khác."

Person = tuple[UUID, PersonSeed]


@dataclass(frozen=True, slots=True)
class AgencyShare:
    """How many dossiers of each procedure an agency gets."""

    agency: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def shares(total: int) -> list[AgencyShare]:
    """Spread a number of dossiers over the agencies competent for the procedures, the largest first."""
    weights: dict[tuple[str, str], float] = {}
    by_level: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for code in ANSWERS:
        procedure = get_procedure(code)
        agencies = list(competent_agencies(procedure).values_list("code", flat=True))
        by_level[procedure.level].append((code, agencies))
    dice = random.Random(total)  # noqa: S311 - sample data, no secrets
    for level, procedures in by_level.items():
        for code, agencies in procedures:
            sizes = {agency: dice.uniform(0.6, 1.6) for agency in agencies}
            for agency, size in sizes.items():
                weights[agency, code] = _LEVELS[level] / len(procedures) * size / sum(sizes.values())
    counts = _rounded(weights, total)
    by_agency: dict[str, dict[str, int]] = defaultdict(dict)
    for (agency, code), count in counts.items():
        by_agency[agency][code] = count
    found = [AgencyShare(agency, its) for agency, its in by_agency.items()]
    return sorted(found, key=lambda share: (-share.total, share.agency))


def _rounded(weights: Mapping[tuple[str, str], float], total: int) -> dict[tuple[str, str], int]:
    """Whole numbers in proportion to the weights, with exactly that sum."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole for key, weight in weights.items()}
    counts = {key: int(value) for key, value in exact.items()}
    missing = total - sum(counts.values())
    for key in sorted(exact, key=lambda key: counts[key] - exact[key])[:missing]:
        counts[key] += 1
    return counts


def shared_file(*, by: Actor) -> UUID:
    """Return the one small PDF that stands for every paper of the invented dossiers."""
    content = render_pdf(Path(__file__).parent / "shared.typ", {})
    return store_bytes(content, name="Tệp mẫu dùng chung.pdf", by=by).id


def load_share(share: AgencyShare, *, file_id: UUID, by: Actor, now: dt.datetime) -> Iterator[int]:
    """Load an agency's share, in batches of a transaction each; yield how many were loaded each time."""
    dice = random.Random(f"{share.agency} {share.total} {codes_taken(share.agency)}")  # noqa: S311
    making = _Making(dice, now=now)
    seeds = _in_order_of_acceptance(making.dossiers(share))
    while batch := list(islice(seeds, BATCH)):
        yield load_dossiers(batch, file_id=file_id, dice=dice, by=by, now=now)


def _in_order_of_acceptance(seeds: Iterable[DossierSeed]) -> Iterator[DossierSeed]:
    """Put right the order of seeds that come in the order of their submission."""
    waiting: list[tuple[dt.datetime, int, DossierSeed]] = []
    for number, seed in enumerate(seeds):
        heapq.heappush(waiting, (seed.accepted_at or seed.submitted_at, number, seed))
        while waiting[0][0] < seed.submitted_at:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


class _Making:
    """Makes seeds; ``line`` is working time up to now."""

    def __init__(
        self,
        dice: random.Random,
        *,
        now: dt.datetime,
        days_back: int = YEARS_BACK * 365,
        open_share: float = _OPEN,
        owners: Sequence[Person] = (),
    ) -> None:
        local = now.astimezone(VIETNAM)
        self.dice = dice
        self.owners = owners
        self.open_share = open_share
        self.line = WorkingMinutes(local - dt.timedelta(days=days_back), local)
        self.present = self.line.minute_of(local)
        self.names = people_names(seed=dice.getrandbits(32))
        self._definitions: dict[str, Definition] = {}
        self._agencies: dict[str, tuple[str, list[str]]] = {}

    def dossiers(self, share: AgencyShare) -> Iterator[DossierSeed]:
        """Yield the dossiers of an agency in the order of their submission."""
        plans = [
            self._plan(procedure) for procedure, count in sorted(share.counts.items()) for _ in range(count)
        ]
        plans.sort(key=lambda plan: plan.sent)
        for plan in plans:
            yield self.seed(plan, share.agency)

    def _plan(self, procedure: str) -> "_Plan":
        if self.dice.random() < self.open_share:
            return self.open_plan(procedure)
        return _Plan(procedure, int(self.present * self.dice.random() ** 0.85), None)

    def open_plan(self, procedure: str) -> "_Plan":
        """A dossier that stands somewhere on its way now."""
        whole = self._walk(procedure)
        stood = self.dice.randrange(whole.end or 1)
        return _Plan(procedure, max(self.present - stood, 0), whole.until(stood))

    def plan_at(self, procedure: str, step: str) -> "_Plan":
        """A dossier that stands at this step now."""
        slowness = 2.4 if self.dice.random() < 0.3 else 1.0
        found = walk_to(self.definition(procedure), step, self.dice, slowness=slowness)
        stay = next(stay for stay in reversed(found.stays) if stay.key == step and stay.ends is None)
        inside = self.dice.randrange(int(self.definition(procedure).step(step).hours * 60 * slowness))
        return _Plan(procedure, max(self.present - stay.opens - inside, 0), found)

    def seed(
        self, plan: "_Plan", agency: str, *, owner: Person | None = None, commune: str = ""
    ) -> DossierSeed:
        """Turn a plan into a seed: who, what, by which channel, and everything as moments.

        ``commune`` is the one asked where a procedure asks one; empty: any of the agency's.
        """
        dice = self.dice
        stands = plan.stands or self._walk(plan.procedure)
        # What the desk has not accepted yet can only have come online.
        is_online = owner is not None or len(stands.stays) == 1 or dice.random() < _ONLINE
        if plan.stands is None:
            plan = replace(plan, sent=min(plan.sent, max(self.present - (stands.end or 0), 0)))
        if not is_online:
            stands = _from_the_desk_on(stands)
        ended, stands = self._ending(plan, stands, is_online=is_online)
        if is_online and owner is None and self.owners:
            owner = dice.choice(self.owners)
        applicant = self._applicant(agency, owner)
        communes = [commune] if commune else self._agency(agency)[1]
        answers = ANSWERS[plan.procedure](
            dice, applicant.name, applicant.identity, applicant.address, communes
        )
        return self._seed(
            plan, stands, ended, agency, applicant, answers, owner[0] if owner else None, is_online=is_online
        )

    def _ending(self, plan: "_Plan", stands: Walk, *, is_online: bool) -> tuple[str, Walk]:
        """How the dossier ends apart from its steps: refused at the desk or withdrawn, now and then."""
        if plan.stands is not None or stands.end is None:
            return "", stands
        chance = self.dice.random()
        receiving = stands.stays[0]
        if is_online and chance < _REFUSED_AT_THE_DESK:
            return "refused", stands.until(max((receiving.ends or 1) - 1, 0))
        issued = stands.ended("issue")
        if issued is not None and chance > 1 - _WITHDRAWN:
            return "withdrawn", stands.until(self.dice.randint(1, max((issued.ends or 2) - 1, 1)))
        return "", stands

    def _seed(
        self,
        plan: "_Plan",
        stands: Walk,
        ended: str,
        agency: str,
        applicant: Applicant,
        answers: Mapping[str, object],
        owner_id: UUID | None,
        *,
        is_online: bool,
    ) -> DossierSeed:
        def at(minute: int) -> dt.datetime:
            return self.line.at(plan.sent + minute)

        first = stands.stays[0]
        accepted = (first.ends if is_online or first.kind == "receive" else 0) if stands.stays else 0
        is_waiting = accepted is not None and stands.end is None and not ended and self._is_waiting(stands)
        issued, returned, refused = (stands.ended(kind) for kind in ("issue", "return", "refuse"))
        last = max(stay.opens for stay in stands.stays)
        cut = at(last + 5) if ended else None
        end = issued or refused
        return DossierSeed(
            procedure=plan.procedure,
            agency=agency,
            state=ended or _state(accepted, issued, returned, refused, is_waiting=is_waiting),
            channel="online" if is_online else "counter",
            applicant=applicant,
            data=answers,
            steps=[self._step(stay, at, cut) for stay in stands.stays],
            submitted_at=at(0),
            accepted_at=at(accepted) if accepted is not None else None,
            ended_at=cut or (at(end.ends or 0) if end else None),
            returned_at=at(returned.ends or 0) if returned else None,
            owner_id=owner_id,
            supplement=SupplementSeed(asked_at=at(last + 1), reason=self.dice.choice(_REASONS))
            if is_waiting
            else None,
            reason=_WITHDRAWAL if ended == "withdrawn" else _REFUSAL,
            rating=self._rating() if returned and self.dice.random() < 0.35 else None,
        )

    def _is_waiting(self, stands: Walk) -> bool:
        """Some of what is being examined waits for the applicant."""
        kinds = {stay.kind for stay in stands.stays if stay.ends is None}
        return kinds == {"handle"} and self.dice.random() < 0.15

    def _step(self, stay: Stay, at: Callable[[int], dt.datetime], cut: dt.datetime | None) -> StepSeed:
        return StepSeed(
            key=stay.key,
            opened_at=at(stay.opens),
            done_at=at(stay.ends) if stay.ends is not None else cut,
            outcome=stay.outcome if stay.ends is not None else "",
            is_cut=stay.ends is None and cut is not None,
            is_held=stay.kind == "handle" and self.dice.random() < 0.5,
        )

    def _rating(self) -> int:
        return self.dice.choices((3, 2, 1), (70, 24, 6))[0]

    def _walk(self, procedure: str) -> Walk:
        dice = self.dice
        slowness = dice.uniform(1.7, 3.5) if dice.random() < _LATE else dice.uniform(0.6, 1.1)
        return walk(self.definition(procedure), dice, slowness=slowness)

    def definition(self, procedure: str) -> "Definition":
        """The definition in force."""
        if procedure not in self._definitions:
            self._definitions[procedure] = get_version(get_procedure(procedure)).parts
        return self._definitions[procedure]

    def _applicant(self, agency: str, owner: Person | None) -> Applicant:
        if owner is not None:
            person = owner[1]
            return Applicant(
                name=person.full_name,
                identity=person.identity_number,
                phone=person.phone,
                email=person.email,
                address=person.address,
            )
        number = self.dice.randrange(600_000_000, 999_999_999)
        return Applicant(
            name=next(self.names),
            identity=identity_number(600_000 + number % 400_000),
            phone=phone_number(number),
            address=f"Thôn {1 + number % 12}, {self._agency(agency)[0]}",
        )

    def _agency(self, agency: str) -> tuple[str, list[str]]:
        if agency not in self._agencies:
            unit = unit_by_code(agency)
            if unit is None:
                raise LookupError(agency)
            communes = children(unit.id).filter(kind="commune_committee").values_list("code", flat=True)
            self._agencies[agency] = (unit.short_name or unit.name, list(communes))
        return self._agencies[agency]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A dossier to be, sent at a minute of the line; ``stands`` is as far as it has come (or None)."""

    procedure: str
    sent: int
    stands: Walk | None


def _from_the_desk_on(stands: Walk) -> Walk:
    """A dossier taken in at the counter: accepted when handed over, without a step of receiving."""
    waited = stands.stays[0].ends or 0
    return Walk(
        tuple(
            replace(stay, opens=stay.opens - waited, ends=None if stay.ends is None else stay.ends - waited)
            for stay in stands.stays[1:]
        )
    )


def _state(
    accepted: int | None,
    issued: Stay | None,
    returned: Stay | None,
    refused: Stay | None,
    *,
    is_waiting: bool,
) -> str:
    if accepted is None:
        return "submitted"
    if refused is not None:
        return "refused"
    if returned is not None:
        return "returned"
    if issued is not None:
        return "done"
    return "supplement" if is_waiting else "processing"


@dataclass(frozen=True, slots=True)
class Story:
    """The agencies where the sample accounts work: by procedure, and the commune that is asked."""

    agencies: Mapping[str, str]
    commune: str


def load_light(count: int, *, story: Story, owners: Sequence[Person], by: Actor, now: dt.datetime) -> int:
    """Load a few hundred dossiers of the last months, so that nobody's lists are empty.

    The first of ``owners`` gets dossiers at several stages; open work stands at every step of the story.
    """
    dice = random.Random(20_261)  # noqa: S311 - sample data, no secrets
    making = _Making(dice, now=now, days_back=150, open_share=0.3, owners=owners[1:])
    seeds = [*_at_every_step(making, story), *_of_one_owner(making, story, owners[0])]
    for procedure, agency in story.agencies.items():
        share = AgencyShare(agency, {procedure: max(count - len(seeds), 0) // len(story.agencies)})
        seeds += making.dossiers(share)
    seeds.sort(key=lambda seed: seed.accepted_at or seed.submitted_at)
    return load_dossiers(seeds, file_id=shared_file(by=by), dice=dice, by=by, now=now)


def _at_every_step(making: _Making, story: Story) -> Iterator[DossierSeed]:
    for procedure, agency in story.agencies.items():
        for step in making.definition(procedure).steps:
            for _ in range(3):
                yield making.seed(making.plan_at(procedure, step.key), agency, commune=story.commune)


def _of_one_owner(making: _Making, story: Story, owner: Person) -> Iterator[DossierSeed]:
    for procedure, agency in story.agencies.items():
        yield making.seed(making.open_plan(procedure), agency, owner=owner, commune=story.commune)
        past = _Plan(procedure, making.present // 2, None)
        yield making.seed(past, agency, owner=owner, commune=story.commune)

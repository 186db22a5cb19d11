"""The verb of many dossiers at once: for sample data and for measuring. No events, no jobs, no notices.

What a seed says is spread over the same rows that the verbs would have written, by COPY: parts, fees,
steps with their clocks, involvements, timeline, open work, papers, results, ratings.
"""

import datetime as dt
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action
from dinh.kernel.agencies import format_dossier_code
from dinh.kernel.clocks import ClockEvent, ClockPolicy, Limit, read_clock
from dinh.kernel.errors import N_
from dinh.kernel.profiles import get_profile
from dinh.kernel.text import fold
from dinh.kernel.worktime import VIETNAM, WorkCalendar
from dinh.onestop.actions.desk import Applicant
from dinh.onestop.models import (
    ClockRecord,
    Dossier,
    DossierPart,
    FeeItem,
    Involvement,
    Paper,
    Payment,
    Rating,
    Result,
    StepRun,
    Supplement,
    TimelineEntry,
    WorkItem,
)
from dinh.onestop.queries.dossiers import REQUEST_LETTERS
from dinh.onestop.queries.samples import NOBODY, Official, Place, Places
from dinh.onestop.rules.definition import Definition, Outcome, Step
from dinh.onestop.rules.fees import fees_owed, required_documents, total
from dinh.onestop.rules.postal import UNTIL_FETCHED, waits_for_recipient
from dinh.onestop.rules.results import signed_matters

__all__ = ["DossierSeed", "StepSeed", "SupplementSeed", "load_dossiers", "loaded_tables"]

# Marks the numbers of sample results: they come from no number book and can meet none of its numbers.
_NUMBER_MARK = "MAU"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSeed:
    """One step that was opened, and when and how it ended (``done_at`` None: it is open).

    ``is_cut``: it ended without an outcome because its dossier did. ``is_held``: somebody has claimed it.
    """

    key: str
    opened_at: dt.datetime
    done_at: dt.datetime | None = None
    outcome: str = ""
    is_cut: bool = False
    is_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementSeed:
    """A request to complete the dossier that waits for its answer."""

    asked_at: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSeed:
    """A dossier as far as it has come. Moments are timezone-aware; those after ``state`` are None.

    ``agency`` is the competent agency's code; it is received at that agency's desk. ``ended_at`` is when
    the result was there, or the dossier was refused or withdrawn. ``rating`` is 1 to 3.
    """

    procedure: str
    agency: str
    state: str
    channel: str
    applicant: Applicant
    data: Mapping[str, Any]
    steps: Sequence[StepSeed]
    submitted_at: dt.datetime
    accepted_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    returned_at: dt.datetime | None = None
    owner_id: UUID | None = None
    supplement: SupplementSeed | None = None
    reason: str = ""
    rating: int | None = None


def loaded_tables() -> tuple[str, ...]:
    """Return the names of the tables that a load fills, those that others point to first."""
    return tuple(model._meta.db_table for model in _COLUMNS)


@action("dossier.samples_loaded", permission=SYSTEM_ONLY)
def load_dossiers(
    seeds: Iterable[DossierSeed], *, file_id: UUID | None, dice: random.Random, by: Actor, now: dt.datetime
) -> int:
    """Write the dossiers of the seeds and return how many; 10,000 or so at a time, in one transaction.

    Codes go on from each agency's counter of the day in the order of the seeds, so an agency's seeds
    come in the order of their acceptance. ``file_id`` stands for every paper and result (None: papers on
    paper only). The same ``dice`` and counters give the same rows.
    """
    chosen = list(seeds)
    places = Places()
    load = _Load(places, file_id=file_id, dice=dice, now=now)
    for seed, code in zip(chosen, _codes(chosen, places), strict=True):
        load.add(seed, code)
    load.write()
    return len(chosen)


def _codes(seeds: Sequence[DossierSeed], places: Places) -> list[str | None]:
    """Take the ordinals of every agency and day in one statement, under the lock of their counters."""
    days = [
        (places.unit(seed.agency), seed.accepted_at.astimezone(VIETNAM).date()) if seed.accepted_at else None
        for seed in seeds
    ]
    wanted: dict[tuple[UUID, dt.date], int] = defaultdict(int)
    for key in days:
        if key is not None:
            wanted[key] += 1
    last = _take_ordinals(wanted)
    given: dict[tuple[UUID, dt.date], int] = defaultdict(int)
    codes: list[str | None] = []
    for seed, key in zip(seeds, days, strict=True):
        if key is None:
            codes.append(None)
            continue
        given[key] += 1
        codes.append(format_dossier_code(seed.agency, key[1], last[key] - wanted[key] + given[key]))
    return codes


def _take_ordinals(wanted: Mapping[tuple[UUID, dt.date], int]) -> dict[tuple[UUID, dt.date], int]:
    keys = sorted(wanted)
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO onestop_dossiercounter AS counter (agency_id, day, last)"
            " SELECT * FROM unnest(%s::uuid[], %s::date[], %s::int[])"
            " ON CONFLICT (agency_id, day) DO UPDATE SET last = counter.last + excluded.last"
            " RETURNING agency_id, day, last",
            [[agency for agency, _ in keys], [day for _, day in keys], [wanted[key] for key in keys]],
        )
        return {(agency, day): ordinal for agency, day, ordinal in cursor.fetchall()}


Line = tuple[dt.datetime, str, Mapping[str, str], Official, bool]


class _Load:
    """Rows of one load, a list a table, written by COPY at the end."""

    def __init__(
        self, places: Places, *, file_id: UUID | None, dice: random.Random, now: dt.datetime
    ) -> None:
        self.places = places
        self.file_id = file_id
        self.dice = dice
        self.now = now
        self.rows: dict[type[models.Model], list[tuple[Any, ...]]] = {model: [] for model in _COLUMNS}

    def write(self) -> None:
        with connection.cursor() as cursor:
            for model, rows in self.rows.items():
                columns = ", ".join(f'"{name}"' for name in _COLUMNS[model])
                with cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)

    def add(self, seed: DossierSeed, code: str | None) -> None:
        place = self.places.of(seed.procedure, seed.agency)
        row_id, request_code = self._id(seed.submitted_at), self._request_code()
        due_at = _dossier_due(seed, place, self.places.calendar(place.agency_id), now=self.now)
        who, name = seed.applicant, place.definition.short_name
        words = (code or "", request_code, who.name, who.phone, who.identity, name)
        self.rows[Dossier].append(
            (
                row_id, request_code, code, place.version.procedure_id, place.version.pk,
                settings.LEGAL_PROFILE, place.agency_id, place.desk_id, seed.channel, seed.state,
                seed.owner_id, who.name, who.identity, who.phone, who.email, who.address,
                place.definition.name, _json(seed.data), seed.submitted_at, seed.accepted_at, due_at,
                seed.ended_at, seed.returned_at, fold(" ".join(words)),
            )
        )  # fmt: skip
        self._add_parts(seed, place, row_id)
        self._add_steps(seed, place, row_id, code or request_code, due_at)
        self._add_timeline(seed, place, row_id, code or "", request_code)
        self._add_papers(seed, row_id, code or request_code)
        self._add_result(seed, place, row_id, code or request_code)

    def _add_parts(self, seed: DossierSeed, place: Place, row_id: UUID) -> None:
        at, is_original = seed.submitted_at, seed.channel == "counter"
        file_id = None if is_original else self.file_id
        required = required_documents(place.definition, seed.data)
        self.rows[DossierPart].extend(
            (self._id(at), row_id, part.key, part.name, file_id, is_original, at) for part in required
        )
        self._add_fees(seed, place, row_id)
        if seed.supplement is not None:
            asked = seed.supplement
            items = [{"document": required[0].key if required else "", "text": asked.reason}]
            self.rows[Supplement].append(
                (self._id(asked.asked_at), row_id, _json(items), asked.reason, "", asked.asked_at,
                 place.clerk.name)
            )  # fmt: skip
        if seed.rating is not None and seed.ended_at is not None:
            self.rows[Rating].append((row_id, *[seed.rating] * 4, "", seed.returned_at or seed.ended_at))

    def _add_fees(self, seed: DossierSeed, place: Place, row_id: UUID) -> None:
        """Fees are paid in cash at acceptance, on a receipt of paper; some open dossiers are still unpaid."""
        owed = fees_owed(place.definition, seed.data, channel=seed.channel)
        is_unpaid = seed.state == "processing" and row_id.int % 3 == 0
        paid_at = None if is_unpaid else seed.accepted_at
        self.rows[FeeItem].extend(
            (row_id, fee.key, fee.name, fee.kind, fee.amount, fee.full, fee.due,
             _json([[line.message, dict(line.params)] for line in fee.lines]),
             paid_at if fee.amount else seed.submitted_at)
            for fee in owed
        )  # fmt: skip
        paid = total(owed)
        if paid and paid_at is not None:
            self.rows[Payment].append(
                (
                    self._id(paid_at), row_id, place.agency_id, place.desk_id, "cash", "", "", paid, paid, 0,
                    paid_at, paid_at, place.clerk.name, place.clerk.position,
                )
            )  # fmt: skip

    def _add_steps(
        self, seed: DossierSeed, place: Place, row_id: UUID, code: str, due_at: dt.datetime | None
    ) -> None:
        units = dict.fromkeys((place.agency_id, place.desk_id))
        for step_seed in seed.steps:
            step = place.definition.step(step_seed.key)
            unit_id = place.unit_of(step, seed.data)
            units[unit_id] = None
            holder = place.official(step, seed.data) if step_seed.is_held or step_seed.done_at else NOBODY
            self._add_step(seed, step_seed, step, unit_id, holder, place, row_id, code, due_at)
        self.rows[Involvement].extend((row_id, unit_id) for unit_id in units)
        self.rows[ClockRecord].extend(
            (row_id, None, event.kind, event.at, event.reason, "") for event in _dossier_events(seed)
        )

    def _add_step(
        self,
        seed: DossierSeed,
        step_seed: StepSeed,
        step: Step,
        unit_id: UUID,
        holder: Official,
        place: Place,
        row_id: UUID,
        code: str,
        dossier_due_at: dt.datetime | None,
    ) -> None:
        run_id, opened_at, done_at = self._id(step_seed.opened_at), step_seed.opened_at, step_seed.done_at
        outcome = _outcome_of(step, step_seed)
        rests = waits_for_recipient(step.kind, "")
        events = _step_events(seed, step_seed, rests=rests)
        calendar = self.places.calendar(unit_id)
        due_at = calendar.add_working_time(opened_at, dt.timedelta(hours=step.hours))
        doer = holder if done_at and not step_seed.is_cut else NOBODY
        holder = NOBODY if step_seed.is_cut else holder
        state = "open" if done_at is None else "cancelled" if step_seed.is_cut else "done"
        self.rows[StepRun].append(
            (
                run_id, row_id, step.key, step.name, step.kind, step.role, unit_id, state,
                holder.position_id, holder.name, step.hours, opened_at, None if rests else due_at, done_at,
                outcome.key if outcome else "", outcome.label if outcome else "", "", doer.name,
                doer.position,
            )
        )  # fmt: skip
        self.rows[ClockRecord].extend(
            (row_id, run_id, event.kind, event.at, event.reason, "") for event in events
        )
        if done_at is None:
            self.rows[WorkItem].append(
                (
                    run_id, row_id, code, place.definition.short_name, seed.applicant.name, step.name,
                    step.kind, step.role, unit_id, place.agency_id, holder.position_id, holder.name,
                    rests or seed.state == "supplement", opened_at, due_at,
                    _step_near(step, calendar, events[0]), dossier_due_at,
                    _matters(place.definition, seed.data) if step.kind == "sign" else "",
                )
            )  # fmt: skip

    def _add_timeline(
        self, seed: DossierSeed, place: Place, row_id: UUID, code: str, request_code: str
    ) -> None:
        lines = [
            *_first_lines(seed, place.clerk, code, request_code),
            *_step_lines(seed, place),
            *_last_lines(seed, place.clerk),
        ]
        lines.sort(key=itemgetter(0))
        self.rows[TimelineEntry].extend(
            (row_id, at, sentence, _said(tuple(values.items())), who.name, who.position, is_public)
            for at, sentence, values, who, is_public in lines
        )

    def _add_papers(self, seed: DossierSeed, row_id: UUID, code: str) -> None:
        if self.file_id is None:
            return
        asked = (
            ("proof", seed.submitted_at if seed.channel == "online" else None),
            ("receipt", seed.accepted_at),
            ("supplement", seed.supplement.asked_at if seed.supplement else None),
            (
                "rejection" if seed.accepted_at is not None else "refusal",
                seed.ended_at if seed.state == "refused" else None,
            ),
        )
        self.rows[Paper].extend(
            (self._id(at), row_id, form, 1, "", _json({"form": form, "code": code}), "ready", self.file_id,
             at, at)
            for form, at in asked
            if at is not None
        )  # fmt: skip

    def _add_result(self, seed: DossierSeed, place: Place, row_id: UUID, code: str) -> None:
        by_kind = {place.definition.step(step.key).kind: step for step in seed.steps if step.outcome}
        drafted = next((step for step in seed.steps if _makes_draft(place.definition, step)), None)
        if drafted is None or drafted.done_at is None:
            return
        signed_at = by_kind["sign"].done_at if "sign" in by_kind else None
        issued_at = by_kind["issue"].done_at if "issue" in by_kind else None
        drafter = place.official(place.definition.step(drafted.key), seed.data)
        signer = (
            place.official(place.definition.step(by_kind["sign"].key), seed.data) if signed_at else NOBODY
        )
        number = f"{code[-11:].replace('-', '')}/{_NUMBER_MARK}-{place.definition.result.notation}"
        self.rows[Result].append(
            (
                self._id(drafted.done_at), row_id,
                "issued" if issued_at else "signed" if signed_at else "draft",
                _json(place.result_content(seed.data)), self.file_id, drafter.name, drafted.done_at,
                signer.name, signer.title, "", signed_at, number if issued_at else "",
                issued_at.astimezone(VIETNAM).date() if issued_at else None, issued_at,
            )
        )  # fmt: skip

    def _id(self, moment: dt.datetime) -> UUID:
        """A version 7 UUID of that moment, by the dice."""
        bits = self.dice.getrandbits(74)
        value = int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | (bits >> 62) << 64
        return UUID(int=value | 0b10 << 62 | bits & (1 << 62) - 1)

    def _request_code(self) -> str:
        letters = "".join(self.dice.choices(REQUEST_LETTERS, k=10))
        return f"YC-{letters[:5]}-{letters[5:]}"


def _json(value: Any) -> str:
    return _encode(value) if value else "{}" if value == {} else "[]"


@lru_cache(maxsize=10_000)
def _said(values: tuple[tuple[str, str], ...]) -> str:
    """The values of a line of the timeline; most lines say what many others say."""
    return _json(dict(values))


# One encoder for all rows: ``json.dumps`` makes a new one at each call.
_encode = json.JSONEncoder(ensure_ascii=False).encode


_COLUMNS: Mapping[type[models.Model], tuple[str, ...]] = {
    Dossier: (
        "id", "request_code", "code", "procedure_id", "version_id", "profile", "agency_id",
        "reception_unit_id", "channel", "state", "owner_id", "applicant_name", "applicant_identity",
        "applicant_phone", "applicant_email", "applicant_address", "subject", "data", "submitted_at",
        "accepted_at", "due_at", "finished_at", "returned_at", "search_text",
    ),
    DossierPart: (
        "id", "dossier_id", "document_key", "document_name", "file_id", "is_original", "added_at",
    ),
    FeeItem: (
        "dossier_id", "key", "name", "kind", "amount", "full_amount", "due", "lines", "paid_at",
    ),
    Payment: (
        "id", "dossier_id", "agency_id", "desk_id", "method", "provider", "provider_reference", "amount",
        "applied", "surplus", "paid_at", "recorded_at", "collected_by", "position",
    ),
    Involvement: ("dossier_id", "unit_id"),
    StepRun: (
        "id", "dossier_id", "key", "name", "kind", "role", "unit_id", "state", "holder_id", "holder_name",
        "hours", "opened_at", "due_at", "done_at", "outcome", "outcome_label", "note", "done_by",
        "done_position",
    ),
    ClockRecord: ("dossier_id", "step_id", "kind", "at", "reason", "unit"),
    Supplement: (
        "id", "dossier_id", "items", "reason", "contact", "asked_at", "asked_by",
    ),
    TimelineEntry: ("dossier_id", "at", "sentence", "values", "actor", "position", "is_public"),
    WorkItem: (
        "step_id", "dossier_id", "code", "procedure_name", "applicant_name", "step_name", "kind", "role",
        "unit_id", "agency_id", "holder_id", "holder_name", "is_waiting", "opened_at", "due_at",
        "near_at", "dossier_due_at", "matters",
    ),
    Paper: (
        "id", "dossier_id", "form", "sequence", "number", "content", "state", "file_id", "asked_at",
        "ready_at",
    ),
    Result: (
        "id", "dossier_id", "state", "content", "file_id", "drafted_by", "drafted_at", "signer_name",
        "signer_title", "authority_basis", "signed_at", "number", "issued_on", "sealed_at",
    ),
    Rating: ("dossier_id", "overall", "ease", "timeliness", "attitude", "comment", "rated_at"),
}  # fmt: skip


def _matters(definition: Definition, data: Mapping[str, Any]) -> str:
    return ",".join(signed_matters(definition, data))


def _outcome_of(step: Step, seed: StepSeed) -> Outcome | None:
    return next((outcome for outcome in step.outcomes if outcome.key == seed.outcome), None)


def _makes_draft(definition: Definition, seed: StepSeed) -> bool:
    outcome = _outcome_of(definition.step(seed.key), seed)
    return outcome is not None and "draft" in outcome.needs


def _dossier_events(seed: DossierSeed) -> list[ClockEvent]:
    if seed.accepted_at is None:
        return []
    events = [ClockEvent(kind="started", at=seed.accepted_at, reason=N_("Tiếp nhận hồ sơ"))]
    if seed.supplement is not None:
        events.append(ClockEvent(kind="paused", at=seed.supplement.asked_at, reason=WAITING))
    if seed.ended_at is not None:
        events.append(ClockEvent(kind="stopped", at=seed.ended_at, reason=_END_REASONS[seed.state]))
    return events


def _step_events(seed: DossierSeed, step: StepSeed, *, rests: bool) -> list[ClockEvent]:
    events = [ClockEvent(kind="started", at=step.opened_at)]
    if rests:
        events.append(ClockEvent(kind="paused", at=step.opened_at, reason=UNTIL_FETCHED))
    if step.done_at is not None:
        events.append(ClockEvent(kind="stopped", at=step.done_at))
    elif seed.supplement is not None and not rests:
        events.append(ClockEvent(kind="paused", at=seed.supplement.asked_at, reason=WAITING))
    return events


WAITING = N_("Chờ bổ sung hồ sơ")
_END_REASONS = {
    "done": N_("Đã có kết quả"),
    "returned": N_("Đã có kết quả"),
    "refused": N_("Từ chối"),
    "withdrawn": N_("Công dân rút hồ sơ"),
}


def _dossier_due(
    seed: DossierSeed, place: Place, calendar: WorkCalendar, *, now: dt.datetime
) -> dt.datetime | None:
    if seed.accepted_at is None:
        return None
    limit = place.definition.time_limit
    amount = limit.online if seed.channel == "online" and limit.online else limit.amount
    counted = Limit.of(amount, limit.unit)
    return read_clock(
        [event for event in _dossier_events(seed) if event.kind != "stopped"],
        limit=counted,
        calendar=calendar,
        policy=get_profile(settings.LEGAL_PROFILE).one_stop.clock_policy(counted.unit),
        now=now,
    ).due_at


def _step_near(step: Step, calendar: WorkCalendar, started: ClockEvent) -> dt.datetime | None:
    """From when the step is near due, as its clock says while it runs."""
    limit, policy = Limit.of(str(step.hours), "hours"), ClockPolicy(on_supplement="pause")
    return read_clock([started], limit=limit, calendar=calendar, policy=policy, now=started.at).near_at


def _first_lines(seed: DossierSeed, clerk: Official, code: str, request_code: str) -> Iterator[Line]:
    at = seed.submitted_at
    if seed.channel == "online":
        sentence = N_("Đã nộp hồ sơ trực tuyến, mã yêu cầu %(code)s")
        yield at, sentence, {"code": request_code}, _applicant(seed), True
    else:
        yield at, N_("Đã nộp hồ sơ tại quầy"), {}, clerk, True
    if seed.accepted_at is not None:
        sentence = N_("Đã tiếp nhận hồ sơ, mã hồ sơ %(code)s")
        yield seed.accepted_at, sentence, {"code": code}, clerk, True
    if seed.supplement is not None:
        words = {"reason": seed.supplement.reason}
        yield seed.supplement.asked_at, N_("Yêu cầu bổ sung: %(reason)s"), words, clerk, True


def _step_lines(seed: DossierSeed, place: Place) -> Iterator[Line]:
    for step_seed in seed.steps:
        step = place.definition.step(step_seed.key)
        outcome = _outcome_of(step, step_seed)
        if step_seed.done_at is None or outcome is None or step.kind in ("receive", "issue", "refuse"):
            continue
        words = {"step": step.name, "outcome": outcome.label, "note": ""}
        sentence = N_("%(step)s: %(outcome)s. %(note)s")
        yield step_seed.done_at, sentence, words, place.official(step, seed.data), False


def _last_lines(seed: DossierSeed, clerk: Official) -> Iterator[Line]:
    if seed.ended_at is None:
        return
    if seed.state == "refused":
        yield seed.ended_at, N_("Từ chối hồ sơ: %(reason)s"), {"reason": seed.reason}, clerk, True
    elif seed.state == "withdrawn":
        words = {"reason": seed.reason}
        yield seed.ended_at, N_("Công dân rút hồ sơ. %(reason)s"), words, _applicant(seed), True
    else:
        yield seed.ended_at, _END_REASONS["done"], {}, clerk, True
    if seed.returned_at is not None:
        yield seed.returned_at, N_("Đã trả kết quả"), {}, clerk, True


def _applicant(seed: DossierSeed) -> Official:
    return Official(seed.applicant.name, "", "", None)

"""The catalogue in the national shape as it is read: what stands, what a file would change, what goes out."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import unit_by_code
from dinh.foundation.ui.public import name_for
from dinh.kernel.errors import N_, NotFound, existing
from dinh.kernel.sentences import Sentence, say
from dinh.kernel.text import search_tokens
from dinh.onestop.models import (
    CatalogueEntry,
    CatalogueImport,
    CatalogueLine,
    Procedure,
    ProcedureVersion,
)
from dinh.onestop.queries.versions import check_keeps
from dinh.onestop.rules.definition import read_definition
from dinh.onestop.rules.national_mapping import (
    LABELS,
    changed_definition,
    changes_between,
    columns_of_record,
    needed_of_record,
    record_of_definition,
)
from dinh.onestop.rules.national_records import MOST_RECORDS, ReadRecord, Record, blank_record

__all__ = [
    "EntryRow",
    "FaultRow",
    "ImportLine",
    "Standing",
    "access_entry",
    "access_import",
    "catalogue_imports",
    "columns_of_entry",
    "compare_records",
    "draft_of_record",
    "entries_waiting",
    "entry_changes",
    "fields_of_catalogue",
    "gone_lines",
    "import_counts",
    "import_lines",
    "listed_record",
    "records_published",
    "standing_of",
]

LINES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """How a procedure stands before a file is compared: with what waits for its publication.

    ``version``: its newest version, a draft where one is newer than what is in force. ``seen``: its states.
    """

    procedure: Procedure | None
    version: ProcedureVersion | None
    entry: CatalogueEntry | None
    record: Record

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said of it yet: neither a version nor a record."""
        entry = self.entry
        return self.version is None and (entry is None or (entry.content is None and entry.draft is None))

    @property
    def seen(self) -> dict[str, Any]:
        version, entry = self.version, self.entry
        return {
            "version": str(version.pk) if version else "",
            "revision": version.revision if version else 0,
            "entry": entry.revision if entry else 0,
        }


def standing_of(codes: Iterable[str]) -> dict[str, Standing]:
    """Return how each of these procedures stands that there is, by code."""
    newest = ProcedureVersion.objects.filter(procedure=OuterRef("pk")).order_by("-number").values("pk")[:1]
    procedures = list(
        Procedure.objects.filter(code__in=list(codes)).annotate(newest=Subquery(newest)).order_by("code")
    )
    versions = ProcedureVersion.objects.in_bulk([row.newest for row in procedures if row.newest])
    entries = {row.procedure_id: row for row in CatalogueEntry.objects.filter(procedure__in=procedures)}
    found = {}
    for row in procedures:
        version = versions.get(row.newest)
        entry = entries.get(row.pk)
        found[row.code] = Standing(row, version, entry, _record(version, entry, draft=True))
    return found


def _record(version: ProcedureVersion | None, entry: CatalogueEntry | None, *, draft: bool) -> Record:
    beside = None
    if entry is not None:
        beside = entry.draft if draft and entry.draft is not None else entry.content
    kept = {**blank_record(), **beside} if beside is not None else None
    if version is None:
        return kept or blank_record()
    return record_of_definition(version.parts, kept)


def draft_of_record(standing: Standing, record: Record) -> tuple[dict[str, Any] | None, bool]:
    """Return the definition that a record asks for (None: no other than what stands), and whether the record
    says something beside it that the entry has to keep."""
    version = standing.version
    if version is None:
        return None, record != standing.record
    changed = changed_definition(version.definition, standing.record, record, name_for=name_for)
    is_other = changed != version.definition
    entry = standing.entry
    beside = (entry.draft if entry.draft is not None else entry.content) if entry else None
    would = record_of_definition(
        read_definition(changed), {**blank_record(), **beside} if beside is not None else None
    )
    held = {one.name for one in changes_between(standing.record, record, has_process=True) if one.held}
    keeps = any(would[name] != record[name] for name in record if name not in held)
    return (changed if is_other else None), keeps


def compare_records(
    reads: Sequence[ReadRecord], batch: CatalogueImport, *, first: int = 1, above: Collection[str] = ()
) -> list[CatalogueLine]:
    """Return a line for each record, not kept yet: what it is, what it changes, what is wrong with it.

    ``reads`` may be a part of the file: ``first`` is the number of its first line, ``above`` are the codes
    before it.
    """
    standings = standing_of(read.code for read in reads)
    seen = set(above)
    lines = []
    for number, read in enumerate(reads, start=first):
        lines.append(_line(read, number, batch, standings.get(read.code), is_again=read.code in seen))
        seen.add(read.code)
    return lines


def gone_lines(batch: CatalogueImport, codes: Collection[str], *, first: int) -> list[CatalogueLine]:
    """Return a line, not kept yet, for each procedure that the catalogue shows and a whole file lacks."""
    rows = Procedure.objects.shown().exclude(code__in=codes).select_related("entry")
    lines: list[CatalogueLine] = []
    for row in rows.order_by("sort_key", "code"):
        entry = getattr(row, "entry", None)
        if entry is not None and entry.withdraws:
            continue
        lines.append(
            CatalogueLine(
                batch=batch,
                number=first + len(lines),
                code=row.code,
                name=row.name,
                outcome=CatalogueLine.Outcome.GONE,
                has_process=row.current_version_id is not None,
                seen={"version": "", "revision": 0, "entry": entry.revision if entry else 0},
            )
        )
    return lines


def _line(
    read: ReadRecord, number: int, batch: CatalogueImport, standing: Standing | None, *, is_again: bool
) -> CatalogueLine:
    _check_record(read, is_again=is_again)
    line = CatalogueLine(
        batch=batch,
        number=number,
        code=read.code[:50],
        name=read.record["TENTTHC"][:500],
        record=read.record,
        outcome=CatalogueLine.Outcome.REFUSED,
        reasons=[
            [fault.sheet, fault.row, fault.column[:200], fault.problem.message, _plain(fault.problem)]
            for fault in read.faults
        ],
    )
    if read.faults:
        line.record = None
        return line
    if standing is None or standing.is_empty:
        line.seen = standing.seen if standing else {}
        line.outcome = CatalogueLine.Outcome.NEW
        return line
    line.seen = standing.seen
    line.has_process = standing.version is not None
    changes = changes_between(standing.record, read.record, has_process=line.has_process)
    line.changes = [[one.name, one.before, one.after, one.held] for one in changes]
    changed, keeps = draft_of_record(standing, read.record)
    is_other = changed is not None or keeps
    line.outcome = CatalogueLine.Outcome.CHANGED if is_other else CatalogueLine.Outcome.SAME
    if not is_other:
        line.record = None
    return line


def _plain(problem: Sentence) -> dict[str, Any]:
    """What fills a sentence, as data: a sentence in it by its words."""
    return {
        name: value.message if isinstance(value, Sentence) else value
        for name, value in problem.params.items()
    }


def _check_record(read: ReadRecord, *, is_again: bool) -> None:
    """What a catalogue cannot do without: a code, once, and the fields that the law names first."""
    sheet = "TTHC" if any(fault.sheet for fault in read.faults) else ""
    if not read.code:
        read.fault("MATTHC", say(N_("chưa có mã thủ tục; hãy ghi mã")), sheet=sheet)
    elif len(read.code) > 40 or not all(char.isalnum() or char in ".-" for char in read.code):
        read.fault(
            "MATTHC", say(N_("mã chỉ gồm chữ, số, dấu chấm và dấu gạch, tối đa 40 ký tự")), sheet=sheet
        )
    if is_again and read.code:
        read.fault("MATTHC", say(N_("mã này đã có ở dòng trên; hãy bỏ dòng trùng hoặc sửa mã")), sheet=sheet)
    if read.faults:
        return
    for name in needed_of_record(read.record):
        read.fault(name, say(N_("chưa ghi %(what)s"), what=say(LABELS[name])), sheet=sheet)


def columns_of_entry(record: Record, known: dict[str, Any] | None = None) -> dict[str, Any]:
    """The columns of a procedure without a version: from its record, with the agency of the directory.

    ``known`` keeps units by code between the records of one file.
    """
    known = {} if known is None else known
    columns = columns_of_record(record)
    kind = {"district": "district_committee", "commune": "commune_committee"}.get(columns["level"], "")
    abbreviation = ""
    for row in [*record["COQUANTHUCHIEN"], *record["COQUANCOTHAMQUYEN"]][:4]:
        code = row["MADONVI"]
        if code and code not in known:
            known[code] = unit_by_code(code)
        unit = known.get(code)
        if unit is not None:
            kind = unit.kind
            abbreviation = unit.abbreviation if unit.level == "province" else ""
            break
    return {**columns, "agency_kind": kind, "agency_abbreviation": abbreviation}


# --- reading for screens ------------------------------------------------------------------------------------


def records_published(
    by: Actor, *, words: str = "", field: str = "", level: str = "", lacks_process: bool = False
) -> list[Record]:
    """Return what the catalogue says in public, as national records, in the order of the names.

    Raises ``NotAllowed`` for whoever keeps no procedures.
    """
    check_keeps(by)
    rows = Procedure.objects.shown().select_related("current_version", "entry")
    for token in search_tokens(words)[:8]:
        rows = rows.filter(search_text__contains=token)
    if field:
        rows = rows.filter(field_code=field)
    if level:
        rows = rows.filter(level=level)
    if lacks_process:
        rows = rows.filter(current_version=None)
    return [
        _record(row.current_version, getattr(row, "entry", None), draft=False)
        for row in rows.order_by("sort_key", "code")[:MOST_RECORDS]
    ]


def fields_of_catalogue() -> list[tuple[str, str]]:
    """Return the fields of what the catalogue shows: ``(code, name)``, by name."""
    rows = Procedure.objects.shown().order_by("field_name").values_list("field_code", "field_name").distinct()
    return list(dict(rows).items())


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry that waits for its publication. ``is_own``: the reader took it in and may not publish it."""

    id: UUID
    code: str
    name: str
    is_new: bool
    withdraws: bool
    has_process: bool
    drafted_at: dt.datetime | None
    drafted_by: str
    is_own: bool


def entries_waiting(by: Actor, *, after: str = "") -> Sequence[EntryRow]:
    """Return the entries that wait for a second person, by code, a page from ``after`` on."""
    check_keeps(by)
    rows = CatalogueEntry.objects.filter(Q(draft__isnull=False) | Q(withdraws=True)).select_related(
        "procedure"
    )
    rows = rows.defer("draft", "content").annotate(is_new=Q(content__isnull=True))
    if after:
        rows = rows.filter(procedure__code__gt=after)
    return [_entry_row(row, by) for row in rows.order_by("procedure__code")[: LINES_SHOWN + 1]]


def _entry_row(row: CatalogueEntry, by: Actor) -> EntryRow:
    return EntryRow(
        id=row.pk,
        code=row.procedure.code,
        name=row.procedure.name,
        is_new=row.is_new,  # type: ignore[attr-defined]
        withdraws=row.withdraws,
        has_process=row.procedure.current_version_id is not None,
        drafted_at=row.drafted_at,
        drafted_by=row.drafted_by_name,
        is_own=row.drafted_by is not None and row.drafted_by == by.account_id,
    )


def access_entry(by: Actor, entry_id: UUID) -> CatalogueEntry:
    """Return an entry for whoever keeps procedures. Raises ``NotAllowed``, ``NotFound``."""
    check_keeps(by)
    return existing(CatalogueEntry.objects.select_related("procedure").filter(pk=entry_id).first())


def entry_changes(entry: CatalogueEntry) -> list[tuple[str, str, str]]:
    """Return what would change with the publication of an entry: ``(field in words, before, after)``."""
    before = {**blank_record(), **(entry.content or {})}
    after = {**blank_record(), **(entry.draft or {})} if entry.draft is not None else before
    return [
        (gettext(LABELS[one.name]), one.before, one.after)
        for one in changes_between(before, after, has_process=False)
    ]


def catalogue_imports(by: Actor) -> Sequence[CatalogueImport]:
    """Return the newest twenty files that were taken in."""
    check_keeps(by)
    return list(CatalogueImport.objects.annotate(count=Count("lines"))[:20])


def access_import(by: Actor, batch_id: UUID) -> CatalogueImport:
    """Return one file that was taken in. Raises ``NotAllowed``, ``NotFound``."""
    check_keeps(by)
    return existing(CatalogueImport.objects.filter(pk=batch_id).first())


def import_counts(batch: CatalogueImport) -> Mapping[str, int]:
    """Return how many lines there are of each outcome."""
    return dict(batch.lines.order_by().values_list("outcome").annotate(Count("id")))


@dataclass(frozen=True, slots=True)
class FaultRow:
    """What is wrong, for a reader: the place in the file and the sentence."""

    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One line of a preview. ``changes``: (field in words, before, after, whether the workshop holds it)."""

    number: int
    code: str
    name: str
    outcome: str
    has_process: bool
    changes: Sequence[tuple[str, str, str, bool]]
    faults: Sequence[FaultRow]
    is_written: bool
    said: str


def import_lines(batch: CatalogueImport, *, outcome: str = "", after: int = 0) -> Sequence[ImportLine]:
    """Return a page of a file's lines in their order, those of one outcome where it is given."""
    rows = batch.lines.defer("record").filter(number__gt=after)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return [_import_line(row) for row in rows.order_by("number")[: LINES_SHOWN + 1]]


def _import_line(row: CatalogueLine) -> ImportLine:
    return ImportLine(
        number=row.number,
        code=row.code,
        name=row.name,
        outcome=row.outcome,
        has_process=row.has_process,
        changes=[
            (gettext(LABELS.get(name, name)), before, after, held)
            for name, before, after, held in row.changes
        ],
        faults=[_fault_row(*reason) for reason in row.reasons],
        is_written=row.is_written,
        said=gettext(row.said) if row.said else "",
    )


def _fault_row(sheet: str, row: int, column: str, message: str, params: Mapping[str, Any]) -> FaultRow:
    where = (
        gettext("trang %(sheet)s, dòng %(row)s, cột %(column)s")
        if sheet
        else gettext("thủ tục thứ %(row)s, trường %(column)s")
    )
    said = {name: gettext(str(value)) if name == "what" else value for name, value in params.items()}
    label = LABELS.get(column.partition("[")[0])
    named = f"{column} ({gettext(label)})" if label else column or "–"
    return FaultRow(
        where % {"sheet": sheet, "row": row, "column": named},
        Sentence(message, said).said(gettext),
    )


def listed_record(procedure: Procedure) -> Record:
    """Return the published record of a procedure that has no process here. Raises ``NotFound``."""
    entry = CatalogueEntry.objects.filter(procedure=procedure, content__isnull=False).first()
    if entry is None or not procedure.is_listed:
        raise NotFound
    return {**blank_record(), **(entry.content or {})}

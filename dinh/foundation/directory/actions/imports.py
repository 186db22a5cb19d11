"""Verbs of lists: read one with a preview, confirm it, write it, drop it.

A preview tries every line with the very verbs that will write it, inside a transaction that is rolled
back: what it says is what will happen. The write tries again, for the directory may have changed.
"""

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Mapping
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.actions.people import correct_person, register_person
from dinh.foundation.directory.actions.positions import appoint, change_position, create_position
from dinh.foundation.directory.actions.units import UnitDraft, correct_unit, create_unit
from dinh.foundation.directory.adapters.spreadsheets import BadSheet, read_rows
from dinh.foundation.directory.events import ImportConfirmed, ImportUploaded
from dinh.foundation.directory.models import Appointment, ImportBatch, ImportRow, Person, Position, Unit
from dinh.foundation.directory.permissions import IMPORT_LISTS
from dinh.foundation.directory.queries.rights import acting
from dinh.foundation.directory.rules.importing import columns_of, read_line, yes
from dinh.kernel.dates import read_date
from dinh.kernel.errors import N_, NotAllowed, Refused
from dinh.kernel.sentences import say

__all__ = ["check_import", "confirm_import", "drop_import", "preview_import", "write_import"]

_AT_ONCE = 300
_BATCH = 200
Outcome = ImportRow.Outcome


class _Undo(Exception):
    """Carries an outcome out of the transaction that is rolled back."""


@action("import.previewed", permission=IMPORT_LISTS)
def preview_import(kind: str, *, stream: IO[bytes], name: str, by: Actor) -> ImportBatch:
    """Read a list and say for each line what would happen; nothing of it is in the directory yet.

    ``kind`` is ``units``, ``positions`` or ``people``. Raises ``BadSheet`` and ``MissingColumn``; a line
    that is wrong is refused by itself, with its reasons.
    """
    if kind not in ImportBatch.Kind.values:
        raise Refused(N_("Hãy chọn loại danh sách."), field="kind")
    content = stream.read()
    batch = ImportBatch.objects.create(
        kind=kind,
        file_name=name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        made_by=by.name,
        made_by_account=str(by.account_id or ""),
        made_by_position=by.position_id,
        made_by_person=by.person_id,
    )
    lines = _lines(batch, io.BytesIO(content))
    if not lines:
        raise BadSheet(N_("Tệp chỉ có dòng tiêu đề. Hãy nhập ít nhất một dòng."), field="file")
    if len(lines) > _AT_ONCE:
        ImportRow.objects.bulk_create(lines, batch_size=1000)
        publish(ImportUploaded(batch_id=batch.pk))
        return batch
    _try_all(lines, _writer(kind), by)
    ImportRow.objects.bulk_create(lines, batch_size=1000)
    batch.state = ImportBatch.State.PREVIEW
    batch.save(update_fields=["state"])
    return batch


def check_import(batch_id: str, *, by: Actor) -> None:
    """Try every line of a long list that has been read, with the rights of who sent it."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state != ImportBatch.State.READING:
            return
        lines = list(batch.lines.order_by("number"))
        _try_all(lines, _writer(batch.kind), _sender(batch))
        ImportRow.objects.bulk_update(lines, ["outcome", "reasons"], batch_size=1000)
        batch.state = ImportBatch.State.PREVIEW
        batch.save(update_fields=["state"])


@action("import.confirmed", permission=IMPORT_LISTS, on=ImportBatch)
def confirm_import(batch: ImportBatch, *, by: Actor) -> None:
    """Let the lines that were not refused be written. Only who made the preview confirms it.

    A short list is written at once; of a long one ``write_import`` writes the rest, by a job.
    """
    _check_own(batch, by)
    if batch.state != ImportBatch.State.PREVIEW:
        raise Refused(N_("Danh sách này đã được xác nhận hoặc đã bỏ."))
    if batch.lines.count() <= _AT_ONCE:
        _write_next(batch, by, most=_AT_ONCE)
        batch.state = ImportBatch.State.DONE
    else:
        batch.state = ImportBatch.State.RUNNING
        publish(ImportConfirmed(batch_id=batch.pk))
    batch.save(update_fields=["state"])


@action("import.dropped", permission=IMPORT_LISTS, on=ImportBatch)
def drop_import(batch: ImportBatch, *, by: Actor) -> None:
    """Drop a preview."""
    _check_own(batch, by)
    if batch.state != ImportBatch.State.PREVIEW:
        raise Refused(N_("Danh sách này đã được xác nhận hoặc đã bỏ."))
    batch.state = ImportBatch.State.DROPPED
    batch.save(update_fields=["state"])
    batch.lines.all().delete()


def write_import(batch_id: str, *, by: Actor) -> None:
    """Write what is left of a confirmed list, some lines a transaction; run again, it goes on.

    The lines are written with the rights that the person who confirmed holds now, in the position in
    which they confirmed.
    """
    while _write_some(batch_id):
        pass


def _write_some(batch_id: str) -> bool:
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state != ImportBatch.State.RUNNING:
            return False
        if _write_next(batch, _sender(batch), most=_BATCH):
            return True
        batch.state = ImportBatch.State.DONE
        batch.save(update_fields=["state"])
        return False


def _sender(batch: ImportBatch) -> Actor:
    if batch.made_by_person is None or batch.made_by_position is None:
        raise NotAllowed(reason=IMPORT_LISTS.label)
    return acting(batch.made_by_person, batch.made_by_position, account_id=None, at=timezone.now())


def _check_own(batch: ImportBatch, by: Actor) -> None:
    if by.kind != "system" and batch.made_by_position != by.position_id:
        raise NotAllowed(reason=IMPORT_LISTS.label)


def _lines(batch: ImportBatch, stream: IO[bytes]) -> list[ImportRow]:
    rows = read_rows(stream)
    columns = columns_of(batch.kind, next(rows, []))
    lines, seen = [], set()
    key = "staff_code" if batch.kind == "people" else "code"
    for number, cells in enumerate(rows, start=2):
        if not any(cells):
            continue
        values, reasons = read_line(batch.kind, columns, cells)
        again = (values[key], values.get("position", ""))
        if again in seen:
            reasons.append(say(N_("Mã này đã có ở dòng trên")))
        seen.add(again)
        outcome = Outcome.REFUSED if reasons else Outcome.SAME
        said = [reason.said(gettext) for reason in reasons]
        lines.append(ImportRow(batch=batch, number=number, values=values, reasons=said, outcome=outcome))
    return lines


def _try_all(lines: list[ImportRow], write: "Writer", by: Actor) -> None:
    """Try all lines in order in one transaction that is rolled back; later lines see earlier ones."""
    try:
        with transaction.atomic():
            for line in lines:
                _write_line(line, write, by)
            raise _Undo
    except _Undo:
        return


def _write_next(batch: ImportBatch, by: Actor, *, most: int) -> int:
    """Write the next lines; return how many."""
    waiting = batch.lines.filter(applied_at=None).exclude(outcome=Outcome.REFUSED).order_by("number")
    lines = list(waiting[:most])
    write = _writer(batch.kind)
    for line in lines:
        _write_line(line, write, by)
        line.applied_at = timezone.now()
    ImportRow.objects.bulk_update(lines, ["outcome", "reasons", "applied_at"])
    return len(lines)


def _write_line(line: ImportRow, write: "Writer", by: Actor) -> None:
    if line.outcome == Outcome.REFUSED:
        return
    try:
        with transaction.atomic():
            line.outcome = write(line.values, by)
    except Refused as refused:
        line.outcome, line.reasons = Outcome.REFUSED, [refused.said(gettext)]


Writer = Callable[[Mapping[str, str], Actor], Outcome]


def _writer(kind: str) -> Writer:
    return {"units": _write_unit, "positions": _write_position, "people": _write_person}[kind]


def _write_unit(values: Mapping[str, str], by: Actor) -> Outcome:
    unit = Unit.objects.filter(code=values["code"]).first()
    if unit is None:
        draft = UnitDraft(
            code=values["code"],
            name=values["name"],
            kind=values["kind"],
            level=values["level"],
            old_code=values["old_code"],
            short_name=values["short_name"],
            abbreviation=values["abbreviation"],
            display_order=int(values["display_order"] or 100),
            address=values["address"],
            phone=values["phone"],
            email=values["email"],
        )
        create_unit(_unit(values["parent"]), draft=draft, on=_day(values["from_on"]), by=by)
        return Outcome.CREATE
    _check_unmoved(unit, values)
    wanted: dict[str, Any] = {
        key: values[key] or getattr(unit, key)
        for key in ("old_code", "abbreviation", "address", "phone", "email")
    }
    wanted["display_order"] = int(values["display_order"] or unit.display_order)
    if all(getattr(unit, key) == value for key, value in wanted.items()):
        return Outcome.SAME
    correct_unit(unit, **wanted, by=by)
    return Outcome.CHANGE


def _check_unmoved(unit: Unit, values: Mapping[str, str]) -> None:
    """A list corrects; what needs a date and a basis is done on the unit's own page."""
    parent_code = unit.parent.code if unit.parent else ""
    same = values["name"] == unit.name and (not values["parent"] or values["parent"] == parent_code)
    if not same or (values["kind"], values["level"]) != (unit.kind, unit.level):
        raise Refused(
            N_(
                "Đơn vị đã có với tên, loại, cấp hoặc đơn vị cấp trên khác. Đổi tên và chuyển đơn vị cần ngày"
                " hiệu lực và căn cứ: hãy làm ở trang của đơn vị."
            )
        )


def _write_position(values: Mapping[str, str], by: Actor) -> Outcome:
    position = Position.objects.select_related("unit").filter(code=values["code"]).first()
    flags = {"is_head": yes(values["is_head"]), "is_single": yes(values["is_single"])}
    if position is None:
        unit = _unit(values["unit"])
        if unit is None:
            raise Refused(N_("Chưa có mã đơn vị."))
        create_position(
            unit,
            code=values["code"],
            title=values["title"],
            rank=int(values["rank"] or 50),
            on=_day(values["from_on"], unit.valid_from),
            by=by,
            **flags,
        )
        return Outcome.CREATE
    if position.unit.code != values["unit"]:
        raise Refused(N_("Chức vụ này thuộc đơn vị khác (%(code)s)."), code=position.unit.code)
    wanted: dict[str, Any] = {"title": values["title"], "rank": int(values["rank"] or position.rank), **flags}
    if all(getattr(position, key) == value for key, value in wanted.items()):
        return Outcome.SAME
    change_position(position, **wanted, by=by)
    return Outcome.CHANGE


def _write_person(values: Mapping[str, str], by: Actor) -> Outcome:
    person = Person.objects.filter(staff_code=values["staff_code"]).first()
    facts = {key: values[key] for key in ("full_name", "identity_number", "phone", "email", "address")}
    born = read_date(values["birth_date"])
    if person is None:
        person = register_person(
            facts.pop("full_name"), staff_code=values["staff_code"], birth_date=born, **facts, by=by
        )
        _appoint(person, values, by)
        return Outcome.CREATE
    wanted = {key: value or getattr(person, key) for key, value in facts.items()}
    changed = any(getattr(person, key) != value for key, value in wanted.items())
    changed = changed or (born is not None and born != person.birth_date)
    if changed:
        correct_person(person, **wanted, birth_date=born or person.birth_date, by=by)
    appointed = _appoint(person, values, by)
    return Outcome.CHANGE if changed or appointed else Outcome.SAME


def _appoint(person: Person, values: Mapping[str, str], by: Actor) -> bool:
    """Appoint the person as the line says, unless they hold that position; whether it was needed."""
    if not values["position"]:
        return False
    position = Position.objects.filter(code=values["position"]).first()
    if position is None:
        raise Refused(N_("Không có chức vụ mang mã %(code)s."), code=values["position"])
    today = timezone.localdate()
    if Appointment.objects.on(today).filter(person=person, position=position).exists():
        return False
    appoint(position, person=person, from_on=_day(values["from_on"]), basis=values["basis"], by=by)
    return True


def _unit(code: str) -> Unit | None:
    if not code:
        return None
    unit: Unit | None = Unit.objects.filter(code=code).first()
    if unit is None:
        raise Refused(N_("Không có đơn vị mang mã %(code)s."), code=code)
    return unit


def _day(word: str, earliest: dt.date | None = None) -> dt.date:
    return read_date(word) or earliest or timezone.localdate()

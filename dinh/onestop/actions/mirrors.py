"""Mirrors: other systems are let in, tell what they handle, are compared daily; differences are settled."""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.directory.public import ancestors, get_unit, standing_unit, unit_by_code
from dinh.kernel.errors import N_, Refused
from dinh.kernel.secrets import hash_key
from dinh.kernel.sentences import say
from dinh.kernel.text import fold
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import MirrorDifference, MirroredDossier, MirrorList, MirrorSource
from dinh.onestop.permissions import NATIONAL, RECEIVE_MIRRORS, SETTLE_DIFFERENCE
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.mirrors import (
    ListRow,
    MirrorRow,
    RowFault,
    RowsFaulty,
    compare,
)
from dinh.onestop.rules.national import read_moment

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = [
    "close_source",
    "compare_all",
    "compare_source",
    "keep_mirror_list",
    "open_source",
    "receive_mirrors",
    "renew_source_key",
    "settle_difference",
]


class SourceUnnamed(Refused):
    message = N_("Hãy ghi mã (chữ thường, số, gạch nối) và tên của hệ thống.")


class SourceKnown(Refused):
    message = N_("Đã có hệ thống mang mã “%(code)s”. Hãy chọn mã khác.")


class SourceClosed(Refused):
    message = N_("Kết nối với hệ thống này đã đóng.")


class AlreadySettled(Refused):
    message = N_("Chênh lệch này đã được xử lý hoặc đã hết. Hãy tải lại trang.")


def _new_key() -> str:
    return f"dinh_{secrets.token_urlsafe(32)}"


# The keys are shown once, to whoever opens a source; they go by a list because a verb returns its subject.


@action("mirror.source_opened", permission=NATIONAL, label=N_("Mở kết nối với hệ thống khác"))
def open_source(
    code: str, *, name: str, keeper_id: UUID, shown: list[str], by: Actor, now: dt.datetime
) -> MirrorSource:
    """Let another system tell of dossiers of ``keeper_id`` and below; its key is appended to ``shown``.

    Raises ``SourceUnnamed``, ``SourceKnown``.
    """
    code = code.strip()
    if not name.strip() or not code.replace("-", "").isalnum() or code != code.lower() or not code.isascii():
        raise SourceUnnamed(field="code")
    if MirrorSource.objects.filter(code=code).exists():
        raise SourceKnown(code=code, field="code")
    key = _new_key()
    shown.append(key)
    return MirrorSource.objects.create(
        code=code[:40],
        name=name.strip()[:200],
        keeper=get_unit(keeper_id),
        key_hash=hash_key(key),
        opened_at=now,
    )


@action("mirror.key_renewed", permission=NATIONAL, on=MirrorSource, label=N_("Cấp khóa kết nối mới"))
def renew_source_key(source: MirrorSource, *, shown: list[str], by: Actor) -> MirrorSource:
    """Give a source a new key; the old one opens nothing any more. Raises ``SourceClosed``."""
    if source.closed_at is not None:
        raise SourceClosed
    key = _new_key()
    shown.append(key)
    source.key_hash = hash_key(key)
    source.save(update_fields=["key_hash"])
    return source


@action("mirror.source_closed", permission=NATIONAL, on=MirrorSource, label=N_("Đóng kết nối"))
def close_source(source: MirrorSource, *, by: Actor, now: dt.datetime) -> MirrorSource:
    """Hear a source no longer; what it told stays. Raises ``SourceClosed``."""
    if source.closed_at is not None:
        raise SourceClosed
    source.closed_at = now
    source.save(update_fields=["closed_at"])
    return source


@action(
    "mirror.received",
    permission=RECEIVE_MIRRORS,
    on=MirrorSource,
    label=N_("Nhận hồ sơ của hệ thống khác"),
)
def receive_mirrors(
    source: MirrorSource, *, rows: Sequence[MirrorRow], by: Actor, now: dt.datetime
) -> dict[str, int]:
    """Keep what a source tells of its dossiers, all or nothing; return how many are new, changed, the same.

    Raises ``SourceClosed``, and ``RowsFaulty`` for an agency outside the source's reach.
    """
    if source.closed_at is not None:
        raise SourceClosed
    agencies = _agencies(source, rows)
    known = {one.code: one for one in source.dossiers.filter(code__in=[row.MaHoSo for row in rows])}
    counts = {"new": 0, "changed": 0, "same": 0}
    for row, agency in zip(rows, agencies, strict=True):
        one = known.get(row.MaHoSo)
        kind = "new" if one is None else "changed"
        one = one or MirroredDossier(source=source, code=row.MaHoSo)
        before = _values(one) if one.pk and kind == "changed" else None
        _take(one, row, agency)
        if before == _values(one):
            counts["same"] += 1
            continue
        one.changed_at = now
        one.save()
        counts[kind] += 1
    source.heard_at = now
    source.save(update_fields=["heard_at"])
    return counts


def _agencies(source: MirrorSource, rows: Sequence[MirrorRow]) -> "list[Unit]":
    """The agency of each row: the one whose code it bears, else the source's keeper; none out of reach."""
    found: dict[str, Unit | None] = {"": source.keeper}
    faults: list[RowFault] = []
    for number, row in enumerate(rows, start=1):
        code = row.MaDonVi
        if code not in found:
            unit = unit_by_code(code)
            unit = standing_unit(unit.pk) if unit is not None else None
            reached = unit is not None and source.keeper_id in {above.pk for above in ancestors(unit.pk)}
            found[code] = unit if reached else None
        if found[code] is None:
            sentence = N_("MaDonVi %(code)s không thuộc phạm vi của kết nối này")
            faults.append(RowFault(number, say(sentence, code=code)))
    if faults:
        raise RowsFaulty(faults[:100])
    return [unit for row in rows if (unit := found[row.MaDonVi]) is not None]


def _take(one: MirroredDossier, row: MirrorRow, agency: "Unit") -> None:
    one.procedure_code, one.procedure_name = row.MaTTHC, row.TenTTHC
    one.applicant_name, one.agency, one.status = row.ChuHoSo, agency, row.status
    one.submitted_at = read_moment(row.NgayNopHoSo) or one.submitted_at
    one.accepted_at = read_moment(row.NgayTiepNhan)
    one.due_at = read_moment(row.NgayHenTra)
    one.finished_at = read_moment(row.NgayKetThucXuLy)
    one.note = row.GhiChu
    one.search_text = fold(" ".join([row.MaHoSo, row.TenTTHC, row.ChuHoSo]))


def _values(one: MirroredDossier) -> tuple[object, ...]:
    return (
        one.procedure_code, one.procedure_name, one.applicant_name, one.agency_id, one.status,
        one.submitted_at, one.accepted_at, one.due_at, one.finished_at, one.note,
    )  # fmt: skip


@action(
    "mirror.listed",
    permission=RECEIVE_MIRRORS,
    on=MirrorSource,
    label=N_("Nhận danh sách đối chiếu trong ngày"),
)
def keep_mirror_list(
    source: MirrorSource, *, rows: Sequence[ListRow], by: Actor, now: dt.datetime
) -> MirrorSource:
    """Keep the list of what a source holds today, in the place of an earlier one of the day."""
    if source.closed_at is not None:
        raise SourceClosed
    MirrorList.objects.update_or_create(
        source=source,
        day=now.astimezone(VIETNAM).date(),
        defaults={"rows": {row.MaHoSo: int(row.TrangThaiHoSo) for row in rows}, "received_at": now},
    )
    source.heard_at = now
    source.save(update_fields=["heard_at"])
    return source


def compare_all(*, by: Actor, now: dt.datetime) -> int:
    """Compare every open source; return how many there are."""
    sources = list(MirrorSource.objects.filter(closed_at=None))
    for source in sources:
        compare_source(source, by=by, now=now)
    return len(sources)


@action("mirror.compared", permission=NATIONAL, on=MirrorSource, label=N_("Đối chiếu với hệ thống khác"))
def compare_source(source: MirrorSource, *, by: Actor, now: dt.datetime) -> int:
    """Compare our mirrors with the source's list of today or yesterday; return how many differences are open.

    What differs no more is noted as gone. Without such a list that itself is the difference, and the
    others stay as they were found. What was settled with a reason stays settled while it is the same.
    """
    today = now.astimezone(VIETNAM).date()
    listed = source.lists.filter(day__gte=today - dt.timedelta(days=1)).first()
    still_open = MirrorDifference.objects.filter(source=source, gone_on=None, settled_at=None)
    if listed is None:
        _note(source, "", "no_list", None, None, today)
        return still_open.count()
    ours = dict(source.dossiers.order_by().values_list("code", "status"))
    found = compare(ours, listed.rows)
    for one in found:
        _note(source, one.code, one.kind, one.ours, one.theirs, today)
    differing = {(one.code, one.kind) for one in found}
    gone = [row.pk for row in still_open if (row.code, row.kind) not in differing]
    MirrorDifference.objects.filter(pk__in=gone).update(gone_on=today)
    return still_open.all().count()


def _note(
    source: MirrorSource, code: str, kind: str, ours: int | None, theirs: int | None, today: dt.date
) -> None:
    same = MirrorDifference.objects.filter(source=source, code=code, kind=kind, gone_on=None)
    if same.filter(settled_at=None).update(ours=ours, theirs=theirs, seen_on=today):
        return
    settled = same.filter(settled_at__isnull=False, ours=ours, theirs=theirs)
    if kind != "no_list" and settled.update(seen_on=today):
        return
    agency_id = source.dossiers.filter(code=code).values_list("agency_id", flat=True).first()
    MirrorDifference.objects.create(
        source=source,
        code=code,
        kind=kind,
        ours=ours,
        theirs=theirs,
        owner_id=agency_id or source.keeper_id,
        found_on=today,
        seen_on=today,
    )


@action(
    "mirror.difference_settled",
    permission=SETTLE_DIFFERENCE,
    on=MirrorDifference,
    label=N_("Xử lý chênh lệch với hệ thống khác"),
)
def settle_difference(
    difference: MirrorDifference, *, reason: str, by: Actor, now: dt.datetime
) -> MirrorDifference:
    """Settle a difference with a reason; the same one is not listed again. Raises ``NeedsReason``."""
    if difference.settled_at is not None or difference.gone_on is not None:
        raise AlreadySettled
    if not reason.strip():
        raise NeedsReason(field="reason")
    difference.settled_at = now
    difference.settled_by = by.name
    difference.reason = reason.strip()[:1000]
    difference.save(update_fields=["settled_at", "settled_by", "reason"])
    return difference

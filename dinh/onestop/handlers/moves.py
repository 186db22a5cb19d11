"""What happens to open dossiers when units merge, split or close, and who is told."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.directory.events import UnitClosed, UnitsMerged, UnitSplit
from dinh.foundation.directory.public import holders_of
from dinh.foundation.notify.public import message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.events import DossierMoved, DossiersMoved
from dinh.onestop.handlers.telling import applicant_template, tell_applicant
from dinh.onestop.public import ask_for_move, get_move, holders_moved
from dinh.onestop.tasks import move_dossiers, tell_of_move

__all__ = ["follow_closing", "follow_merger", "follow_split", "tell_holders", "tell_moved"]

MOVED = applicant_template(
    "dossier.moved",
    label=N_("Hồ sơ chuyển sang đơn vị mới do sắp xếp"),
    subject="Hồ sơ {dossier} chuyển sang đơn vị mới do sắp xếp tổ chức",
    body="Kính gửi Ông/Bà {name}. Cơ quan giải quyết hồ sơ {dossier} đã được sắp xếp lại; {unit} tiếp tục"
    " giải quyết. Mã hồ sơ và ngày hẹn trả giữ nguyên, Ông/Bà không phải làm gì thêm. Xem tại: {link}",
    more="{old} nay thuộc {unit}.",
    sms="Ho so {dossier} do {unit} tiep tuc giai quyet sau sap xep; ma va ngay hen giu nguyen."
    " Theo doi: {follow}",
    fields={"old", "unit"},
)
WORK_MOVED = message_template(
    "work.moved",
    label=N_("Việc chuyển sang đơn vị mới do sắp xếp"),
    topic="work",
    subject="Việc đang giữ chuyển sang đơn vị mới do sắp xếp tổ chức",
    body="Kính gửi Ông/Bà {name}. Các việc Ông/Bà đang giữ đã chuyển sang {unit}; hạn giữ nguyên."
    " Xem tại: {link}",
    more="{old} nay thuộc {unit}: {count} việc.",
    fields={"count", "old", "unit"},
)


@handles(UnitsMerged)
def follow_merger(event: UnitsMerged) -> None:
    """What is open at the units that closed goes to the one that took them over."""
    for unit_id in event.from_ids:
        _ask(unit_id, event.into_id, event.on)


@handles(UnitSplit)
def follow_split(event: UnitSplit) -> None:
    """What is open at a unit that was divided goes to the one that keeps its records."""
    if event.is_closed:
        _ask(event.from_id, event.heir_id, event.on)


@handles(UnitClosed)
def follow_closing(event: UnitClosed) -> None:
    """What is open at a unit that closed goes to its heir."""
    _ask(event.unit_id, event.heir_id, event.on)


def _ask(unit_id: UUID, heir_id: UUID, on: dt.date) -> None:
    move_id = ask_for_move(unit_id, heir_id, on=on, now=timezone.now())
    move_dossiers.defer(move_id=str(move_id))


@handles(DossiersMoved)
def tell_holders(event: DossiersMoved) -> None:
    """Who holds open steps of moved dossiers learns it at once; applicants are told by a job."""
    move = get_move(event.move_id)
    now = timezone.now()
    for held in holders_moved(move):
        for holder in holders_of(held.position_id, timezone.localdate()):
            notify(
                holder.person_id,
                WORK_MOVED.code,
                {
                    "count": held.count,
                    "old": move.from_unit.name,
                    "unit": move.to_unit.name,
                    "link": "/lam-viec/?viec=mine",
                },
                about=move,
                now=now,
                once_key=f"work.moved:{move.pk}:{held.position_id}",
            )
    tell_of_move.defer(move_id=str(event.move_id))


@handles(DossierMoved)
def tell_moved(event: DossierMoved) -> None:
    """The applicant learns who goes on with the dossier."""
    tell_applicant(event.dossier_id, MOVED.code, old=event.old, unit=event.new)

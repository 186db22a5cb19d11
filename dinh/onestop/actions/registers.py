"""Prints of the register: asked for at the screen, made by a job, sealed with the desk's key."""

import datetime as dt
from typing import Any

from django.conf import settings

from dinh.foundation.actions.public import Actor, action, publish
from dinh.foundation.directory.public import acting, get_unit
from dinh.foundation.files.public import store_bytes
from dinh.foundation.signing.public import KeyNotUsable, NoKey, preserve_file
from dinh.foundation.ui.public import format_date, format_moment, render_paper
from dinh.kernel.dates import written_moment
from dinh.kernel.errors import N_, Refused
from dinh.onestop.actions.signatures import seal_sheet
from dinh.onestop.adapters.sheets import write_sheet
from dinh.onestop.events import RegisterAsked
from dinh.onestop.models import RegisterPrint
from dinh.onestop.permissions import PRINT_REGISTER, SYSTEM_ONLY
from dinh.onestop.queries.definitions import TEMPLATES
from dinh.onestop.queries.registers import (
    RegisterRow,
    register_fields,
    register_form,
    register_lines,
    register_size,
)
from dinh.onestop.queries.units import NoDesk, desk_of
from dinh.onestop.rules.registers import MOST_LINES, RegisterFilter, RegisterTooLong, UnknownSheet

__all__ = ["ask_register", "make_register"]


@action("register.asked", permission=PRINT_REGISTER, label=N_("Yêu cầu in sổ theo dõi hồ sơ"))
def ask_register(chosen: RegisterFilter, *, kind: str, by: Actor, now: dt.datetime) -> RegisterPrint:
    """Ask for a print of the register; a job makes it with the rights of the asking position.

    Raises ``UnknownSheet``, ``RegisterTooLong``.
    """
    if kind not in MOST_LINES:
        raise UnknownSheet
    if register_size(by, chosen, most=MOST_LINES[kind]) > MOST_LINES[kind]:
        raise RegisterTooLong(most=MOST_LINES[kind])
    assert by.person_id is not None and by.position_id is not None, "the permission asks for a position"
    row = RegisterPrint.objects.create(
        person_id=by.person_id, position_id=by.position_id, kind=kind, chosen=chosen.plain(), asked_at=now
    )
    publish(RegisterAsked(print_id=row.id))
    return row


@action("register.made", permission=SYSTEM_ONLY, on=RegisterPrint, label=N_("Lập bản in sổ theo dõi hồ sơ"))
def make_register(row: RegisterPrint, *, by: Actor, now: dt.datetime) -> RegisterPrint:
    """Make a print that was asked for, once; what a rule refuses is said on the screen of prints."""
    if row.state != RegisterPrint.State.ASKED:
        return row
    try:
        reader = acting(row.person_id, row.position_id, account_id=None, at=now)
    except Refused as refused:
        row.state, row.fault, row.ready_at = RegisterPrint.State.FAILED, str(refused), now
        row.save(update_fields=["state", "fault", "ready_at"])
        return row
    chosen = RegisterFilter.of(row.chosen)
    rows = list(register_lines(reader, chosen, now=now))
    title = register_form(settings.LEGAL_PROFILE, chosen.until_on).title
    if row.kind == "xlsx":
        columns = list(zip(_HEADING, _WIDTHS, strict=True))
        content = write_sheet(f"{title} {_period(chosen)}", columns, map(_sheet_row, rows))
    else:
        content, row.is_sealed = _paper(rows, chosen, reader, by=by, now=now)
    row.file = store_bytes(content, name=f"{title} {_period(chosen, '-')}.{row.kind}", by=by)
    row.lines = len(rows)
    row.state = RegisterPrint.State.READY
    row.ready_at = now
    row.save()
    if row.is_sealed:
        preserve_file(row.file.id, by=by)
    return row


def _paper(
    rows: list[RegisterRow], chosen: RegisterFilter, reader: Actor, *, by: Actor, now: dt.datetime
) -> tuple[bytes, bool]:
    """The typeset register, sealed with the desk's key where the reader's agency has a desk with one."""
    unit = get_unit(reader.unit_id)  # type: ignore[arg-type]
    agency = unit.agency or unit
    form = register_form(settings.LEGAL_PROFILE, chosen.until_on)
    try:
        desk = unit if unit.kind == "one_stop_desk" else desk_of(agency.pk)
    except NoDesk:
        desk = None
    data: dict[str, Any] = {
        "title": form.title,
        "above": agency.parent.name if agency.parent_id and agency.parent else "",
        "agency": agency.name,
        "desk": desk.name if desk else unit.name,
        "period": _period(chosen),
        "field": dict(register_fields()).get(chosen.field_code, ""),
        "book": str(chosen.from_on.year),
        "rows": [[str(value) for value in _sheet_row(row)] for row in rows],
        "made": f"{format_moment(now)}, {reader.name}",
        "note": settings.PAPER_NOTE,
    }
    rendered = render_paper(TEMPLATES / "register.typ", {**data, "sealed": desk is not None})
    if desk is not None:
        try:
            reason = f"{form.title} {_period(chosen)}"
            return seal_sheet(rendered, desk=desk, agency=agency, reason=reason, by=by, now=now), True
        except (NoKey, KeyNotUsable):
            rendered = render_paper(TEMPLATES / "register.typ", {**data, "sealed": False})
    return rendered.content, False


def _period(chosen: RegisterFilter, between: str = " đến ") -> str:  # data: papers are Vietnamese
    if between == "-":
        return f"{chosen.from_on:%d.%m.%Y}-{chosen.until_on:%d.%m.%Y}"
    return f"từ {format_date(chosen.from_on)}{between}{format_date(chosen.until_on)}"  # data: papers


# Columns of the form, as it draws them.
_HEADING = (
    "TT",  # data: papers are Vietnamese
    "Mã hồ sơ",  # data: papers are Vietnamese
    "Tên thủ tục hành chính",  # data: papers are Vietnamese
    "Số lượng hồ sơ (bộ)",  # data: papers are Vietnamese
    "Tên cá nhân, tổ chức",  # data: papers are Vietnamese
    "Địa chỉ, số điện thoại",  # data: papers are Vietnamese
    "Cơ quan chủ trì giải quyết",  # data: papers are Vietnamese
    "Nhận hồ sơ",  # data: papers are Vietnamese
    "Hẹn trả kết quả",  # data: papers are Vietnamese
    "Trả kết quả",  # data: papers are Vietnamese
    "Phương thức nhận kết quả",  # data: papers are Vietnamese
    "Ký nhận",  # data: papers are Vietnamese
    "Ghi chú",  # data: papers are Vietnamese
)
_WIDTHS = (8, 24, 40, 10, 28, 36, 34, 17, 17, 17, 22, 12, 22)


_WAYS = {
    "desk": "Tại nơi tiếp nhận",  # data: papers are Vietnamese
    "online": "Trực tuyến",  # data: papers are Vietnamese
    "post": "Qua bưu chính công ích",  # data: papers are Vietnamese
}


def _sheet_row(row: RegisterRow) -> list[str | int]:
    way = _WAYS.get(row.return_way, _WAYS["desk"])
    ways = f"{way}, trực tuyến" if row.has_account and row.return_way != "online" else way  # data: papers
    desk = f"; nhận tại {row.received_at}" if row.received_at else ""  # data: papers are Vietnamese
    late = "; trễ hạn" if row.is_late else ""  # data: papers are Vietnamese
    return [
        row.ordinal,
        row.code,
        row.procedure_name,
        row.sets,
        row.applicant_name,
        ", ".join(part for part in (row.address, row.phone) if part),
        row.agency_name,
        written_moment(row.accepted_at),
        written_moment(row.due_at),
        written_moment(row.returned_at),
        ways,
        "",
        row.state_label + late + desk,
    ]

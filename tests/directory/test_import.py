"""Lists of units, positions and people: preview, confirm, and what is refused."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import Workbook

from dinh.foundation.actions.public import Actor, system
from dinh.foundation.directory.actions import imports
from dinh.foundation.directory.adapters.spreadsheets import BadSheet, read_rows
from dinh.foundation.directory.models import Appointment, ImportBatch, Person, Position, Unit
from dinh.foundation.directory.public import (
    acting,
    appoint,
    check_import,
    confirm_import,
    create_position,
    create_role,
    drop_import,
    grant,
    preview_import,
    register_person,
    write_import,
)
from dinh.foundation.directory.rules.importing import MissingColumn
from dinh.kernel.errors import NotAllowed, Refused
from tests.directory.conftest import START, Province

BY = system("test")
UNITS = "Mã định danh,Tên đơn vị,Loại,Cấp,Mã đơn vị cấp trên,Điện thoại\n"
NEW = "H99.31.41,Ủy ban nhân dân xã Nam Hòa,Ủy ban nhân dân xã,Xã,H99.31,0900000001\n"


def preview(kind: str, text: str | bytes, by: Actor = BY) -> ImportBatch:
    content = text.encode() if isinstance(text, str) else text
    return preview_import(kind, stream=io.BytesIO(content), name="danh sách.csv", by=by)


def outcomes(batch: ImportBatch) -> list[str]:
    return list(batch.lines.values_list("outcome", flat=True))


def reasons(batch: ImportBatch) -> str:
    return " | ".join(reason for line in batch.lines.all() for reason in line.reasons)


def test_nothing_is_written_before_it_is_confirmed(province: Province) -> None:
    text = UNITS + NEW + "H99.31.41.1,Thôn Một,division,commune,H99.31.41,\n"
    batch = preview("units", text)
    assert outcomes(batch) == ["create", "create"]
    assert not Unit.objects.filter(code="H99.31.41").exists()
    confirm_import(batch, by=BY)
    made = Unit.objects.get(code="H99.31.41")
    assert (made.parent.code, made.phone, made.level) == ("H99.31", "0900000001", "commune")
    assert outcomes(preview("units", text)) == ["same", "same"]
    with pytest.raises(Refused):
        confirm_import(batch, by=BY)


def test_each_wrong_line_says_why_and_the_others_go_on(province: Province) -> None:
    lines = [
        NEW,
        NEW,
        "H99.31.42,,Ủy ban nhân dân xã,Xã,H99.31,\n",
        "sai mã,Xã A,Ủy ban nhân dân xã,Xã,H99.31,\n",
        "H99.31.43,Xã B,Ủy ban nhân dân xã,Xã,H99.77,\n",
        "H99.31.44,Xã C,Lâu đài,Xã,H99.31,\n",
        "H99.31,Ủy ban nhân dân huyện Khác,Ủy ban nhân dân huyện,Huyện,H99,\n",
        "H99.32,Ủy ban nhân dân huyện Nam Sông,uy ban nhan dan huyen,huyen,H99,0900000002\n",
    ]
    batch = preview("units", UNITS + "".join(lines))
    assert outcomes(batch) == ["create", *["refused"] * 6, "change"]
    said = reasons(batch)
    for part in ("đã có ở dòng trên", "còn trống", "sai mã", "H99.77", "Lâu đài", "Đổi tên"):
        assert part in said


def test_a_list_changes_only_what_its_sender_manages(
    province: Province, admin_at: Callable[..., Actor]
) -> None:
    text = UNITS + NEW + "H99.32.41,Xã Kia,Ủy ban nhân dân xã,Xã,H99.32,\n"
    by = admin_at(province.north)
    batch = preview("units", text, by=by)
    assert outcomes(batch) == ["create", "refused"]
    with pytest.raises(NotAllowed):
        preview("units", text, by=admin_at(province.north, "directory.read"))
    drop_import(batch, by=by)
    assert batch.lines.count() == 0


def test_only_the_sender_confirms(province: Province, post: Callable[..., Any]) -> None:
    sender, other = post(province.north), post(province.north)
    batch = preview("units", UNITS + NEW, by=sender)
    with pytest.raises(NotAllowed):
        confirm_import(batch, by=other)
    confirm_import(batch, by=sender)


@pytest.fixture
def post(province: Province) -> Callable[..., Actor]:
    """Return a maker of somebody who manages the directory of a unit."""
    role = create_role("manager", name="Quản trị", permissions=["directory.manage"], by=BY)

    def make(unit: Any) -> Actor:
        position = create_position(unit, code="", title="Quản trị viên", on=START, by=BY)
        person = register_person("Trần Thị Bình", by=BY)
        appoint(position, person=person, from_on=START, by=BY)
        grant(position, role=role, scope="subtree", unit=unit, by=BY)
        return acting(person.pk, position.pk, account_id=None, at=timezone.now())

    return make


def test_a_long_list_is_checked_and_written_by_jobs_and_goes_on_after_a_crash(
    province: Province, post: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    by = post(province.north)
    monkeypatch.setattr(imports, "_AT_ONCE", 2)
    monkeypatch.setattr(imports, "_BATCH", 2)
    rows = [f"H99.31.5{n},Xã {n},Ủy ban nhân dân xã,Xã,H99.31,\n" for n in range(5)]
    batch = preview("units", UNITS + "".join(rows), by=by)
    assert batch.state == "reading"
    check_import(str(batch.pk), by=BY)
    batch.refresh_from_db()
    assert batch.state == "preview" and outcomes(batch) == ["create"] * 5
    confirm_import(batch, by=by)
    assert imports._write_some(str(batch.pk))
    assert Unit.objects.filter(code__startswith="H99.31.5").count() == 2
    write_import(str(batch.pk), by=BY)
    write_import(str(batch.pk), by=BY)
    assert Unit.objects.filter(code__startswith="H99.31.5").count() == 5
    batch.refresh_from_db()
    assert batch.state == "done"


def test_positions_and_people_come_with_their_appointments(province: Province) -> None:
    text = "Mã chức vụ,Mã đơn vị,Chức vụ,Thứ bậc,Chỉ một người\nCV1,H99.31,Chủ tịch,1,x\n"
    confirm_import(preview("positions", text), by=BY)
    assert Position.objects.get(code="CV1").is_single
    people = (
        "ma can bo;ho va ten;ngay sinh;ma chuc vu;tu ngay\n"
        "CB1;Nguyễn Văn An;05/09/1980;CV1;01/01/2024\n"
        "CB2;Lê Thị Bích;1981-02-03;CV1;01/01/2024\n"
        "CB3;Đỗ Cường;31/02/1990;;\n"
    )
    batch = preview("people", people)
    assert outcomes(batch) == ["create", "refused", "refused"]
    assert "đã có người giữ" in reasons(batch) and "không phải ngày" in reasons(batch)
    confirm_import(batch, by=BY)
    assert Person.objects.get(staff_code="CB1").birth_date.isoformat() == "1980-09-05"
    assert Appointment.objects.count() == 1
    assert not Person.objects.filter(staff_code="CB2").exists()
    assert outcomes(preview("people", people)) == ["same", "refused", "refused"]


def xlsx(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD = ["Mã định danh", "Tên đơn vị", "Loại", "Cấp", "Mã đơn vị cấp trên"]


def test_a_workbook_is_read_and_its_formulas_are_not_evaluated(province: Province) -> None:
    content = xlsx(
        [
            HEAD,
            ["H99.31.41", "Xã A", "Ủy ban nhân dân xã", "Xã", "H99.31"],
            ["H99.31.42", '=HYPERLINK("http://example.com")', "Ủy ban nhân dân xã", "Xã", "H99.31"],
        ]
    )
    batch = preview("units", content)
    assert outcomes(batch) == ["create", "refused"]
    assert "công thức" in reasons(batch)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are_can_be_read(encoding: str) -> None:
    decomposed = "Mã\tTên\nH99\tUỷ ban Đông Hòa\n"
    assert list(read_rows(io.BytesIO(decomposed.encode(encoding))))[1] == ["H99", "Uỷ ban Đông Hòa"]


def repacked(name: str, content: bytes) -> bytes:
    """Return a workbook with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx([HEAD]))) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.infolist():
            new.writestr(part.filename, content if part.filename == name else old.read(part))
    return out.getvalue()


BOMB = b"0" * (120 * 1024 * 1024)
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst>&x;</sst>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n" * 20_000,
        "Mã,Tên\nH99,Sở".encode("utf-16-le"),
        "Mã,Tên\nH99,Ủy ban".encode("cp1258", errors="replace"),
        b'a,"b\n',
        b"\xd0\xcf\x11\xe0old",
        b"PK\x03\x04broken",
        (",".join(["a"] * 99)).encode(),
        repacked("xl/worksheets/sheet1.xml", b"<not xml"),
        repacked("xl/worksheets/sheet1.xml", ENTITY),
        repacked("xl/styles.xml", BOMB),
        b"x" * (11 * 1024 * 1024),
    ],
    ids=["empty", "long", "utf16", "cp1258", "quote", "xls", "zip", "wide", "xml", "entity", "bomb", "big"],
)
def test_a_hostile_or_broken_file_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(BadSheet) as refused:
        list(read_rows(io.BytesIO(content)))
    assert str(refused.value).endswith(".")


def test_a_list_without_its_columns_is_refused(province: Province) -> None:
    with pytest.raises(MissingColumn):
        preview("units", "Tên,Cấp\nA,Xã\n")
    with pytest.raises(BadSheet):
        preview("units", UNITS)
    assert ImportBatch.objects.count() == 0

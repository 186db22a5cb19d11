"""Files made off the request: the rows of the list, resumed where a worker died, with today's rights."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from dinh.foundation.actions.public import system, visitor
from dinh.foundation.directory.models import RoleHolding
from dinh.foundation.files.models import File
from dinh.foundation.files.public import open_content
from dinh.kernel.errors import NotAllowed
from dinh.onestop.actions import exports as making
from dinh.onestop.models import Dossier, Export, ExportPart
from dinh.onestop.public import (
    DossierFilter,
    ask_export,
    drop_export,
    kept_filter,
    make_export,
    remove_old_exports,
)
from tests.workspace.conftest import accepted, rows_of, source, words

pytestmark = pytest.mark.django_db

PAGE = "/lam-viec/tep-xuat/"
SYSTEM = system("test")


def asked(province, by=None):
    by = by or province.clerk
    kept = kept_filter(DossierFilter(today=province.now.date()))
    return ask_export("dossiers", form="xlsx", title="Danh sách", parameters=kept, by=by, now=province.now)


def made(export, province):
    make_export(export.id, by=SYSTEM, now=province.now)
    export.refresh_from_db()
    return export


def sheet_of(export):
    with open_content(export.file_id) as stream:
        sheet = load_workbook(io.BytesIO(stream.read()), read_only=True).active
        return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_sheet_holds_the_rows_of_the_list(province, seat):
    dossiers = [accepted(province) for _ in range(3)]
    province.submitted()
    Dossier.objects.filter(pk=dossiers[0].pk).update(applicant_name='=1+1 <b> & "\x07"')
    client = seat("chutich.dinhson")
    client.post("/lam-viec/ho-so/xuat/?ky=2026-11&dem=moi")
    export = made(Export.objects.get(), province)
    title, heads, *rows = sheet_of(export)
    assert title[0] == "Tiếp nhận trong kỳ, tháng 11 năm 2026"
    assert heads[0] == "Mã hồ sơ"
    assert len(rows) == len(rows_of(client, "/lam-viec/ho-so/?ky=2026-11&dem=moi")) == 3
    assert [row[0] for row in rows] == [one.code for one in reversed(dossiers)]
    assert rows[-1][3] == '=1+1 <b> & ""'
    assert rows[0][8] == dt.datetime(2026, 11, 16, 8, 0)
    assert client.get(f"{PAGE}{export.id}/").status_code == 200
    assert "Đã xong" in words(client.get(PAGE))


def test_a_killed_worker_is_followed_by_one_that_goes_on(province, monkeypatch):
    codes = [accepted(province).code for _ in range(7)]
    monkeypatch.setattr(making, "PART_ROWS", 3)
    export, packed = asked(province), making.pack_rows
    calls = []

    def dying(rows):
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("killed")
        return packed(rows)

    monkeypatch.setattr(making, "pack_rows", dying)
    with pytest.raises(RuntimeError):
        make_export(export.id, by=SYSTEM, now=province.now)
    export.refresh_from_db()
    assert (export.state, export.rows_done, export.rows_total) == ("running", 6, 7)
    assert ExportPart.objects.count() == 2
    made(export, province)
    assert len(calls) == 4, "the parts that were written are not written again"
    assert [row[0] for row in sheet_of(export)[2:]] == codes[::-1]
    assert not ExportPart.objects.exists()
    made(export, province)
    assert File.objects.filter(name__endswith=".xlsx").count() == 1


def test_rights_are_those_of_the_moment_in_which_it_is_made(province, monkeypatch):
    for _ in range(4):
        accepted(province)
    monkeypatch.setattr(making, "PART_ROWS", 2)
    export = asked(province)
    by = making.acting(export.person_id, export.position_id, account_id=None, at=province.now)
    making.write_part(export, reader=by, by=SYSTEM)
    RoleHolding.objects.filter(position_id=export.position_id).update(until_on=province.now.date())
    made(export, province)
    assert export.state == "refused"
    assert "không còn quyền" in export.problem
    assert export.file_id is None
    assert not ExportPart.objects.exists()


def test_a_file_is_for_the_person_who_asked(province, seat):
    accepted(province)
    export = made(asked(province), province)
    for username in ("vanthu.dinhson", "chutich.tinh", "chutich.dinhson"):
        assert seat(username).get(f"{PAGE}{export.id}/").status_code == 404
        assert seat(username).post(f"{PAGE}{export.id}/bo/").status_code == 404
    with pytest.raises(NotAllowed):
        drop_export(export, by=province.specialist, now=province.now)
    assert seat("soan.thutuc").get(PAGE).status_code == 403
    seat("motcua.dinhson").post(f"{PAGE}{export.id}/bo/")
    assert seat("motcua.dinhson").get(f"{PAGE}{export.id}/").status_code == 404


def test_only_who_reads_dossiers_exports_them_and_few_at_a_time(province, seat):
    for by in (visitor(), province.citizen):
        with pytest.raises(NotAllowed):
            asked(province, by)
    for _ in range(5):
        asked(province)
    page = seat("motcua.dinhson").post("/lam-viec/ho-so/xuat/", follow=True)
    assert "đang có 5 tệp chờ lập" in words(page)
    assert "Xem lại tiến độ" in words(page)


def test_files_go_after_a_week(province):
    accepted(province)
    export = made(asked(province), province)
    assert remove_old_exports(by=SYSTEM, now=province.now + dt.timedelta(days=6)) == 0
    assert remove_old_exports(by=SYSTEM, now=province.now + dt.timedelta(days=8)) == 1
    export.refresh_from_db()
    assert (export.state, export.file_id) == ("gone", None)


@pytest.mark.parametrize(
    ("verb", "needs"),
    [
        ("write_part", ("reader",)),
        ("finish_sheet", ("now",)),
        ("finish_paper", ("reader", "now")),
        ("refuse_export", ("problem", "now")),
        ("expire_export", ()),
    ],
)
def test_only_the_system_makes_files(province, verb, needs):
    given = {"reader": province.clerk, "now": province.now, "problem": ""}
    with pytest.raises(NotAllowed):
        getattr(making, verb)(asked(province), **{name: given[name] for name in needs}, by=province.clerk)


def test_the_report_is_printed_and_written_as_a_sheet(province, seat):
    accepted(province)
    client = seat("chutich.dinhson")
    for form in ("xlsx", "pdf"):
        page = client.post("/lam-viec/bao-cao/xuat/?ky=2026-11", {"dang": form}, follow=True)
        assert "Đã nhận yêu cầu" in words(page)
    for export in Export.objects.all():
        made(export, province)
    paper, sheet = Export.objects.order_by("form")
    with open_content(paper.file_id) as stream:
        assert stream.read(5) == b"%PDF-"
    rows = sheet_of(sheet)
    assert rows[0][0].startswith("Báo cáo 06a, Ủy ban nhân dân thành phố Đình Sơn")
    assert rows[-1][1] == "Tổng số"
    assert rows[-1][2:6] == [1, 1, 0, 0]
    assert "Chưa có tệp nào" in words(seat("motcua.dinhson").get(PAGE))
    assert source(client.get(PAGE)).count("data-label") >= 2

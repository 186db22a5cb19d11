"""The catalogue in the national shape: written out, read in with a preview, published by a second person."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connections

from dinh.foundation.actions.public import system
from dinh.foundation.directory.models import RoleHolding
from dinh.kernel.errors import NotAllowed
from dinh.onestop.actions import catalogue_reading as reading
from dinh.onestop.actions import national_catalogue as writing
from dinh.onestop.actions.catalogue_reading import (
    TooManyFiles,
    compare_part,
    note_opened,
    read_upload,
    refuse_upload,
    upload_catalogue,
)
from dinh.onestop.actions.national_catalogue import (
    AlreadyEnded,
    NothingWaits,
    apply_catalogue,
    discard_entry,
    drop_catalogue,
    publish_entry,
    write_confirmed,
    write_part,
)
from dinh.onestop.actions.procedures import SecondPersonNeeded
from dinh.onestop.models import (
    CatalogueEntry,
    CatalogueImport,
    CatalogueUpload,
    Dossier,
    Procedure,
    ProcedureVersion,
)
from dinh.onestop.public import publish_version
from dinh.onestop.rules.national_records import blank_record
from tests.workspace.conftest import source, statements, words

pytestmark = pytest.mark.django_db

PAGE = "/quan-tri/thu-tuc/danh-muc/"
SYSTEM = system("test")
NEW = {
    **blank_record(),
    "MATTHC": "1.555001",
    "TENTTHC": "Cấp giấy phép xây mộ mẫu",
    "MOTA": "Người dân xin phép xây mộ trong nghĩa trang.",
    "TUKHOA": "nghĩa trang",
    "LINHVUCTHUCHIEN": [{"MALINHVUC": "H99-NT", "TENLINHVUC": "Nghĩa trang"}],
    "CAPTHUCHIEN": [{"CAPTHUCHIEN": "4", "TENCAP": "Cấp Xã"}],
    "DOITUONGTHUCHIEN": [{"MADOITUONG": "", "TENDOITUONG": "Công dân Việt Nam"}],
    "THANHPHANHOSO": [{"TRUONGHOP": "", "GIAYTO": [{"TENGIAYTO": "Đơn đề nghị", "SOBANCHINH": "1"}]}],
    "KETQUATHUCHIEN": [{"TENKETQUA": "Giấy phép xây mộ"}],
    "COQUANTHUCHIEN": [{"MADONVI": "", "TENDONVI": "Ủy ban nhân dân cấp xã"}],
}


def both(province):
    """Whoever writes and publishes: their own account, both rights."""
    return replace(publisher(province), account_id=editor(province).account_id)


def previewed(content, **more):
    """Take a file in and let the job read it."""
    batch = upload_catalogue(content, **more)
    read_upload(batch.pk, by=SYSTEM)
    batch.refresh_from_db()
    return batch


def file_of(*records):
    return json.dumps({"error_code": "0", "data": list(records)}).encode()


def editor(province):
    return province.actor("soan.thutuc")


def publisher(province):
    return province.actor("congbo.thutuc")


def taken_in(province, *records, whole=False, **options):
    batch = previewed(file_of(*records), name="a.json", is_whole=whole, by=editor(province), now=province.now)
    return apply_catalogue(batch, by=editor(province), now=province.now, **options)


def exported(client, **asked):
    return json.loads(client.get(f"{PAGE}xuat/", {"dang": "json", **asked}).content)["data"]


def waiting(code):
    return CatalogueEntry.objects.get(procedure__code=code)


def test_what_is_written_out_and_read_in_again_changes_nothing(province, seat):
    """Law: NĐ 61/2018 Điều 25 ý 2
    Screen: /quan-tri/thu-tuc/danh-muc/
    """
    client = seat("soan.thutuc")
    for kind in ("xlsx", "json"):
        content = client.get(f"{PAGE}xuat/", {"dang": kind}).content
        batch = previewed(content, name=f"a.{kind}", is_whole=True, by=editor(province), now=province.now)
        assert set(batch.lines.values_list("outcome", flat=True)) == {"same"}
        assert batch.lines.count() == 13
        assert not batch.unused


def test_a_part_of_the_catalogue_is_written_out_by_field_and_level(province, seat):
    client = seat("congbo.thutuc")
    whole = exported(client)
    assert {row["MATTHC"] for row in whole} == set(Procedure.objects.values_list("code", flat=True))
    communes = exported(client, cap="commune")
    assert {row["CAPTHUCHIEN"][0]["TENCAP"] for row in communes} == {"Cấp Xã"}
    field = whole[0]["LINHVUCTHUCHIEN"][0]["MALINHVUC"]
    assert {row["LINHVUCTHUCHIEN"][0]["MALINHVUC"] for row in exported(client, linh_vuc=field)} == {field}
    assert exported(client, chua_truc_tuyen="1") == []
    assert client.get(f"{PAGE}xuat/", {"dang": "exe"}).status_code == 404


def test_a_new_procedure_is_seen_by_citizens_once_a_second_person_has_published_it(province, seat, client):
    """What the catalogue lists and nobody built here yet is described, and says where it is filed."""
    upload = io.BytesIO(file_of(NEW))
    upload.name = "danh-muc.json"
    sent = seat("soan.thutuc").post(f"{PAGE}nhap/", {"danh_muc": upload})
    preview = sent.headers["Location"]
    assert "Tệp đang chờ đến lượt đọc" in words(seat("soan.thutuc").get(preview))
    read_upload(CatalogueImport.objects.get().pk, by=SYSTEM)
    shown = words(seat("soan.thutuc").get(preview))
    assert "Cấp giấy phép xây mộ mẫu" in shown
    assert "Chưa ghi gì vào danh mục" in shown
    assert not Procedure.objects.filter(code="1.555001").exists()
    assert seat("soan.thutuc").post(f"{preview}ghi/").status_code == 302
    assert client.get("/thu-tuc/1.555001/").status_code == 404
    entry = waiting("1.555001")
    assert "người khác phải công bố" in words(seat("soan.thutuc").get(f"{PAGE}muc/{entry.pk}/"))
    assert seat("soan.thutuc").post(f"{PAGE}cong-bo/", {"muc": entry.pk}).status_code == 403
    assert seat("congbo.thutuc").post(f"{PAGE}cong-bo/", {"muc": entry.pk}).status_code == 302
    page = words(client.get("/thu-tuc/1.555001/"))
    for said in (
        "chưa nộp trực tuyến được trên cổng này", "Đơn đề nghị", "Ủy ban nhân dân cấp xã", "Giấy phép xây mộ",
        "Cung cấp thông tin",
    ):  # fmt: skip
        assert said in page
    assert "Nộp hồ sơ" not in source(client.get("/thu-tuc/1.555001/"))
    for asked in (
        {"q": "xay mo"}, {"q": "xây mộ"}, {"linh_vuc": "H99-NT"}, {"cap": "commune", "q": "mo mau"},
        {"co_quan": "commune_committee:", "q": "xay mo"}, {"q": "nghia trang"},
    ):  # fmt: skip
        assert "Cấp giấy phép xây mộ mẫu" in words(client.get("/thu-tuc/", asked)), asked
    assert client.get("/thu-tuc/1.555001/nop/").status_code in (302, 404)
    assert "1.555001" not in words(seat("motcua.dinhson").get("/lam-viec/tiep-nhan/"))


def test_a_change_to_a_procedure_with_a_process_becomes_a_draft_of_the_workshop(province, seat):
    running = province.accepted()
    current = Procedure.objects.get(code="1.001612").current_version
    (record,) = [row for row in exported(seat("soan.thutuc")) if row["MATTHC"] == "1.001612"]
    record["TENTTHC"] = "Đăng ký thành lập hộ kinh doanh (sửa)"
    record["QUYETDINH"] = "12/QĐ-UBND"
    record["CACHTHUCTHUCHIEN"][0]["THOIGIAN"][0]["PHILEPHI"] = []
    record["THANHPHANHOSO"][0]["GIAYTO"].append({"TENGIAYTO": "Hợp đồng thuê nhà", "SOBANSAO": "1"})
    batch = taken_in(province, record)
    (line,) = batch.lines.all()
    assert {change[0] for change in line.changes if change[3]} == {"CACHTHUCTHUCHIEN"}
    draft = ProcedureVersion.objects.get(procedure__code="1.001612", state="draft")
    assert draft.parts.name == "Đăng ký thành lập hộ kinh doanh (sửa)"
    assert draft.parts.documents[-1].name == "Hợp đồng thuê nhà"
    assert draft.parts.fees == current.parts.fees
    assert Procedure.objects.get(code="1.001612").current_version == current
    assert Procedure.objects.get(code="1.001612").name == current.parts.name
    assert Dossier.objects.get(pk=running.pk).version_id == current.pk
    with pytest.raises(SecondPersonNeeded):
        publish_version(draft, by=both(province), now=province.now)
    publish_version(draft, by=publisher(province), now=province.now)
    publish_entry(waiting("1.001612"), by=publisher(province), now=province.now)
    (after,) = [row for row in exported(seat("soan.thutuc")) if row["MATTHC"] == "1.001612"]
    assert (after["TENTTHC"], after["QUYETDINH"]) == (record["TENTTHC"], "12/QĐ-UBND")
    assert after["CACHTHUCTHUCHIEN"][0]["THOIGIAN"][0]["PHILEPHI"]


def test_a_draft_that_waits_takes_the_change_in_and_can_take_it_back(province, seat):
    (record,) = [row for row in exported(seat("soan.thutuc")) if row["MATTHC"] == "1.001612"]
    taken_in(province, {**record, "TENTTHC": "Tên một"})
    taken_in(province, {**record, "TENTTHC": "Tên hai"})
    draft = ProcedureVersion.objects.get(procedure__code="1.001612", state="draft")
    assert draft.parts.name == "Tên hai"
    assert draft.revisions.count() == 3
    again = previewed(
        file_of({**record, "TENTTHC": "Tên hai"}),
        name="a",
        is_whole=False,
        by=editor(province),
        now=province.now,
    )
    assert [line.outcome for line in again.lines.all()] == ["same"]


def test_what_a_whole_file_lacks_is_shown_and_withdrawn_only_by_a_second_person(province, seat, client):
    taken_in(province, NEW)
    publish_entry(waiting("1.555001"), by=publisher(province), now=province.now)
    rest = [row for row in exported(seat("soan.thutuc")) if row["MATTHC"] not in ("1.555001", "1.001612")]
    batch = taken_in(province, *rest, whole=True)
    gone = {line.code: (line.is_written, line.said) for line in batch.lines.filter(outcome="gone")}
    assert set(gone) == {"1.555001", "1.001612"}
    assert not gone["1.001612"][0]
    assert "đang cung cấp trực tuyến" in gone["1.001612"][1]
    assert client.get("/thu-tuc/1.555001/").status_code == 200
    with pytest.raises(SecondPersonNeeded):
        publish_entry(waiting("1.555001"), by=both(province), now=province.now)
    publish_entry(waiting("1.555001"), by=publisher(province), now=province.now)
    assert client.get("/thu-tuc/1.555001/").status_code == 404


def test_faults_keep_their_line_out_and_no_other(province, seat):
    batch = taken_in(
        province, {**NEW, "CAPTHUCHIEN": []}, {**NEW, "MATTHC": "1.555002"}, {"MATTHC": "1.555002"}
    )
    assert [line.outcome for line in batch.lines.all()] == ["refused", "new", "refused"]
    assert set(CatalogueEntry.objects.values_list("procedure__code", flat=True)) == {"1.555002"}
    page = words(seat("soan.thutuc").get(f"{PAGE}nhap/{batch.pk}/?ket-qua=refused"))
    assert "thủ tục thứ 1, trường CAPTHUCHIEN (Cấp thực hiện): chưa ghi Cấp thực hiện" in page
    assert "mã này đã có ở dòng trên" in page


def test_a_line_can_be_left_out_and_a_file_is_written_or_dropped_once(province):
    first = taken_in(province, NEW, left_out=["1.555001"])
    assert not CatalogueEntry.objects.exists()
    with pytest.raises(AlreadyEnded):
        apply_catalogue(first, by=editor(province), now=province.now)
    other = previewed(file_of(NEW), name="b", is_whole=False, by=editor(province), now=province.now)
    drop_catalogue(other, by=editor(province), now=province.now)
    with pytest.raises(AlreadyEnded):
        drop_catalogue(other, by=editor(province), now=province.now)


def test_what_waits_can_be_taken_back(province):
    taken_in(province, NEW)
    entry = discard_entry(waiting("1.555001"), by=editor(province), now=province.now)
    assert not Procedure.objects.get(code="1.555001").is_listed
    for verb in (discard_entry, publish_entry):
        with pytest.raises(NothingWaits):
            verb(
                entry, by=editor(province) if verb is discard_entry else publisher(province), now=province.now
            )
    again = previewed(file_of(NEW), name="b", is_whole=False, by=editor(province), now=province.now)
    assert [line.outcome for line in again.lines.all()] == ["new"]


@pytest.mark.parametrize("who", ["congbo.thutuc", "motcua.dinhson", "congdan"])
def test_only_who_writes_procedures_reads_files_in(province, who):
    by, now = province.actor(who), province.now
    batch = previewed(file_of(NEW), name="b", is_whole=False, by=editor(province), now=now)
    applied = taken_in(province, NEW)
    assert applied.state == "done"
    for verb in (
        lambda: previewed(file_of(NEW), name="b", is_whole=False, by=by, now=now),
        lambda: apply_catalogue(batch, by=by, now=now),
        lambda: drop_catalogue(batch, by=by, now=now),
        lambda: discard_entry(waiting("1.555001"), by=by, now=now),
    ):
        with pytest.raises(NotAllowed):
            verb()
    if who != "congbo.thutuc":
        with pytest.raises(NotAllowed):
            publish_entry(waiting("1.555001"), by=by, now=now)


def test_nobody_else_sees_the_catalogues_pages(province, seat):
    batch = taken_in(province, NEW)
    entry = waiting("1.555001")
    for page in (PAGE, f"{PAGE}xuat/", f"{PAGE}nhap/{batch.pk}/", f"{PAGE}muc/{entry.pk}/"):
        assert seat("soan.thutuc").get(page).status_code == 200, page
        for who in ("motcua.dinhson", "chutich.tinh", "congdan"):
            assert seat(who).get(page).status_code == 403, (page, who)


def test_the_pages_ask_a_bounded_number_of_times(province, seat):
    client = seat("soan.thutuc")
    many = [{**NEW, "MATTHC": f"1.{number}"} for number in range(555001, 555031)]
    batch = taken_in(province, *many[:2])
    few = len(statements(client, PAGE)), len(statements(client, f"{PAGE}nhap/{batch.pk}/?ket-qua=new"))
    batch = taken_in(province, *many)
    full = len(statements(client, PAGE)), len(statements(client, f"{PAGE}nhap/{batch.pk}/?ket-qua=new"))
    assert full == few
    assert len(statements(client, f"{PAGE}xuat/?dang=json")) < 10


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"<!DOCTYPE a>", b" ", b"[" * (20 * 1024 * 1024 + 1)])
def test_what_is_no_catalogue_at_first_sight_is_told_at_its_place(province, seat, content):
    upload = io.BytesIO(content)
    upload.name = "a.xlsx"
    page = seat("soan.thutuc").post(f"{PAGE}nhap/", {"danh_muc": upload, "toan_bo": "1"})
    assert page.status_code == 422
    assert 'id="e-danh_muc"' in source(page)
    assert not CatalogueImport.objects.exists()
    assert seat("soan.thutuc").post(f"{PAGE}nhap/").status_code == 422


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04", "Không đọc được tệp này"),
        (b"[]", "Không đọc được tệp danh mục"),
        (b'{"MATTHC": ', "Không đọc được tệp danh mục"),
        (b"[" * 5000, "Không đọc được tệp danh mục"),
    ],
)
def test_a_broken_file_is_told_on_its_page(province, seat, content, said):
    batch = previewed(content, name="a.xlsx", is_whole=True, by=editor(province), now=province.now)
    assert batch.state == "unreadable"
    assert not batch.lines.exists()
    assert not CatalogueUpload.objects.exists()
    page = seat("soan.thutuc").get(f"{PAGE}nhap/{batch.pk}/")
    assert said in words(page)
    assert "chưa ghi gì" in words(page)
    for verb in (apply_catalogue, drop_catalogue):
        with pytest.raises(AlreadyEnded):
            verb(batch, by=editor(province), now=province.now)


def many(count):
    return [{**NEW, "MATTHC": f"1.{number}"} for number in range(555001, 555001 + count)]


def test_a_killed_reader_is_followed_by_one_that_goes_on(province, seat, monkeypatch):
    monkeypatch.setattr(reading, "PART_LINES", 3)
    records = [*many(7), {**NEW, "MATTHC": "1.555001"}]
    by, now, compared = editor(province), province.now, reading.compare_records
    batch = upload_catalogue(file_of(*records), name="a.json", is_whole=True, by=by, now=now)
    firsts = []

    def dying(part, *args, first, **more):
        firsts.append(first)
        if firsts == [1, 4]:
            raise RuntimeError("killed")
        return compared(part, *args, first=first, **more)

    monkeypatch.setattr(reading, "compare_records", dying)
    with pytest.raises(RuntimeError):
        read_upload(batch.pk, by=SYSTEM)
    batch.refresh_from_db()
    assert (batch.state, batch.compared, batch.to_compare) == ("reading", 3, 8)
    shown = words(seat("soan.thutuc").get(f"{PAGE}nhap/{batch.pk}/"))
    assert "Đã so sánh 3 trong 8 thủ tục" in shown
    assert "Ghi" not in shown.split("Đang đọc tệp")[1].split("Bỏ tệp")[0].replace("ghi", "")
    with pytest.raises(AlreadyEnded):
        apply_catalogue(batch, by=by, now=now)
    read_upload(batch.pk, by=SYSTEM)
    batch.refresh_from_db()
    assert firsts == [1, 4, 4, 7], "what was kept is not compared again"
    outcomes = list(batch.lines.values_list("outcome", flat=True))
    assert outcomes == ["new"] * 7 + ["refused"] + ["gone"] * 13
    assert batch.state == "preview"
    assert not CatalogueUpload.objects.exists()
    read_upload(batch.pk, by=SYSTEM)
    assert batch.lines.count() == 21


def test_a_long_file_is_written_by_a_job_that_goes_on_where_it_died(province, seat, monkeypatch):
    monkeypatch.setattr(writing, "WRITTEN_AT_ONCE", 3)
    by, now = editor(province), province.now
    batch = previewed(file_of(*many(8)), name="a", is_whole=False, by=by, now=now)
    assert apply_catalogue(batch, left_out=["1.555002"], by=by, now=now).state == "writing"
    assert not CatalogueEntry.objects.exists()
    write_part(batch, by=SYSTEM, now=now)
    assert CatalogueEntry.objects.count() == 3
    shown = words(seat("soan.thutuc").get(f"{PAGE}nhap/{batch.pk}/"))
    assert "Đã ghi 3 trong 7 thủ tục" in shown
    with pytest.raises(AlreadyEnded):
        drop_catalogue(batch, by=by, now=now)
    write_confirmed(batch.pk, by=SYSTEM, now=now)
    batch.refresh_from_db()
    assert (batch.state, batch.written) == ("done", 7)
    assert set(CatalogueEntry.objects.values_list("drafted_by", flat=True)) == {by.account_id}
    assert not Procedure.objects.filter(code="1.555002").exists()
    again = seat("soan.thutuc").get(
        f"{PAGE}nhap/{batch.pk}/", headers={"HX-Request": "true", "HX-Target": "dang-lam"}
    )
    assert again["HX-Refresh"] == "true"


def test_who_lost_the_right_writes_nothing_more(province, monkeypatch):
    monkeypatch.setattr(writing, "WRITTEN_AT_ONCE", 3)
    by, now = editor(province), province.now
    batch = previewed(file_of(*many(8)), name="a", is_whole=False, by=by, now=now)
    apply_catalogue(batch, by=by, now=now)
    write_part(batch, by=SYSTEM, now=now)
    RoleHolding.objects.filter(position_id=by.position_id).delete()
    write_confirmed(batch.pk, by=SYSTEM, now=now)
    batch.refresh_from_db()
    assert batch.state == "done"
    assert CatalogueEntry.objects.count() == 3
    assert batch.lines.filter(said__contains="không còn quyền").count() == 5


def test_a_file_that_is_read_can_be_dropped_and_the_reading_ends(province, monkeypatch):
    monkeypatch.setattr(reading, "TOLD_EVERY", 0)
    by, now = editor(province), province.now
    batch = upload_catalogue(file_of(*many(250)), name="a", is_whole=False, by=by, now=now)
    noted = reading.note_opened

    def dropped(batch, **more):
        noted(batch, **more)
        assert CatalogueImport.objects.get().opened == 200
        drop_catalogue(CatalogueImport.objects.get(), by=by, now=now)
        return noted(batch, **more)

    monkeypatch.setattr(reading, "note_opened", dropped)
    read_upload(batch.pk, by=SYSTEM)
    batch.refresh_from_db()
    assert batch.state == "dropped"
    assert not batch.lines.exists()


def test_one_person_has_few_files_waiting(province):
    by, now = editor(province), province.now
    for _ in range(3):
        upload_catalogue(file_of(NEW), name="a", is_whole=False, by=by, now=now)
    with pytest.raises(TooManyFiles):
        upload_catalogue(file_of(NEW), name="a", is_whole=False, by=by, now=now)


def test_only_the_job_moves_a_file_on(province):
    by, now = editor(province), province.now
    batch = upload_catalogue(file_of(NEW), name="a", is_whole=False, by=by, now=now)
    for verb in (
        lambda: note_opened(batch, opened=1, rows=2, by=by),
        lambda: compare_part(batch, reads=[], by=by),
        lambda: refuse_upload(batch, problem="x", by=by),
        lambda: write_part(batch, by=by, now=now),
    ):
        with pytest.raises(NotAllowed):
            verb()


@pytest.mark.django_db(transaction=True)
def test_two_files_at_once_never_overwrite_each_other(province):
    """Both were compared with one state: each procedure is written by one of them, the other says why."""
    records = [{**NEW, "MATTHC": f"1.55500{number}"} for number in range(4)]
    by, now = editor(province), province.now
    batches = [
        previewed(file_of(*rows), name="b", is_whole=False, by=by, now=now)
        for rows in (records, [{**row, "MOTA": "Khác"} for row in reversed(records)])
    ]

    def write(batch):
        try:
            return apply_catalogue(batch, by=by, now=now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, batches))
    for record in records:
        lines = [batch.lines.get(code=record["MATTHC"]) for batch in batches]
        assert sorted(line.is_written for line in lines) == [False, True]
        (left,) = [line for line in lines if not line.is_written]
        assert "đã thay đổi sau khi xem trước" in left.said
        assert waiting(record["MATTHC"]).revision == 1

"""The screens of other systems' dossiers: connections, files by hand, lists, differences."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dinh.foundation.actions.public import system
from dinh.onestop.models import MirrorDifference, MirroredDossier, MirrorSource
from dinh.onestop.public import compare_source, open_source, read_rows, receive_mirrors
from tests.onestop.test_mirrors import ROW, row
from tests.workspace.conftest import source as html_of
from tests.workspace.conftest import words

pytestmark = pytest.mark.django_db

PAGE = "/quan-tri/he-thong-khac/"
BY = system("test")


@pytest.fixture
def told(province):
    """A system that has told of two dossiers of the district."""
    keeper = province.unit("H99.31").pk
    source = open_source(
        "ho-tich", name="Hộ tịch điện tử", keeper_id=keeper, shown=[], by=BY, now=province.now
    )
    rows = read_rows([ROW, row(MaHoSo="HT-2", MaDonVi="")])
    receive_mirrors(source, rows=rows, by=BY, now=province.now)
    return source


def upload(client, source, kind, rows):
    file = SimpleUploadedFile("a.json", json.dumps(rows).encode(), content_type="application/json")
    return client.post(
        f"{PAGE}{source.pk}/tai-len/", {"kind": kind, kind if kind == "list" else "dossiers": file}
    )


def test_a_connection_is_opened_and_its_key_shown_once(province, seat):
    client = seat("quantri")
    assert "Chưa có hệ thống nào" in words(client.get(PAGE))
    keeper = str(province.unit("H99.31").pk)
    answer = client.post(f"{PAGE}mo/", {"code": "ho-tich", "name": "Hộ tịch", "keeper": keeper})
    assert "dinh_" in html_of(answer)
    assert "no-store" in answer["Cache-Control"]
    source = MirrorSource.objects.get()
    assert "dinh_" not in html_of(client.get(f"{PAGE}{source.pk}/"))
    assert "dinh_" in html_of(client.post(f"{PAGE}{source.pk}/khoa/"))
    assert client.post(f"{PAGE}{source.pk}/dong/", follow=True).status_code == 200
    assert client.post(f"{PAGE}{source.pk}/dong/").status_code == 409


@pytest.mark.parametrize(
    "typed",
    [{}, {"code": "Hộ", "name": "x", "keeper": "KEEPER"}, {"code": "a", "name": "x", "keeper": "x"}],
)
def test_what_was_typed_is_kept_when_it_is_wrong(province, seat, typed):
    typed = {name: value.replace("KEEPER", str(province.unit("H99").pk)) for name, value in typed.items()}
    answer = seat("quantri").post(f"{PAGE}mo/", typed)
    assert answer.status_code in (409, 422)
    assert typed.get("code", "") in html_of(answer)
    assert not MirrorSource.objects.exists()


def test_files_by_hand_are_taken_whole_or_not_at_all(province, told, seat):
    client = seat("quantri")
    answer = upload(client, told, "dossiers", [row(MaHoSo="HT-9"), row(MaHoSo="HT-8", TrangThaiHoSo="77")])
    assert answer.status_code == 422
    assert "Dòng 2" in words(answer)
    assert MirroredDossier.objects.count() == 2
    assert upload(client, told, "dossiers", [row(MaHoSo="HT-9")]).status_code == 302
    assert MirroredDossier.objects.count() == 3
    assert upload(client, told, "list", [{"MaHoSo": "HT-9", "TrangThaiHoSo": "4"}]).status_code == 302
    assert client.post(f"{PAGE}{told.pk}/tai-len/", {"kind": "list"}).status_code == 422
    assert "2 chênh lệch" in words(client.post(f"{PAGE}{told.pk}/doi-chieu/", follow=True))


@pytest.mark.parametrize("username", ["motcua.dinhson", "chutich.tinh"])
def test_connections_are_for_who_manages_them(told, seat, username):
    client = seat(username)
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}{told.pk}/").status_code == 403
    for way in ("tai-len", "khoa", "dong", "doi-chieu"):
        assert client.post(f"{PAGE}{told.pk}/{way}/").status_code == 403
    assert client.post(f"{PAGE}mo/", {}).status_code == 403


def test_lists_search_and_figures_mark_them_as_such(told, seat):
    leader = seat("chutich.tinh")
    page = words(leader.get("/lam-viec/ho-so-he-thong-khac/"))
    assert "HT-2026-0001" in page
    assert "Hộ tịch điện tử" in page
    assert "HT-2026-0001" not in words(leader.get("/lam-viec/ho-so/"))
    assert "2 hồ sơ khớp do hệ thống khác" in words(leader.get("/lam-viec/ho-so/", {"q": "khai sinh"}))
    assert "Đang mở ở hệ thống khác" in words(leader.get("/lam-viec/tong-quan/"))
    mirror = MirroredDossier.objects.get(code="HT-2026-0001")
    address = f"/lam-viec/ho-so-he-thong-khac/{mirror.pk}/"
    assert "Muốn xử lý, hãy vào hệ thống đó" in words(leader.get(address))
    assert seat("congchuc.anmau.dinhson").get(address).status_code == 404
    assert leader.get("/lam-viec/ho-so-he-thong-khac/", {"sau": "x", "loai": "dang-mo"}).status_code == 200


def test_a_difference_is_settled_by_the_unit_that_answers_for_it(province, told, seat):
    compare_source(told, by=BY, now=province.now)
    difference = MirrorDifference.objects.get()
    MirrorDifference.objects.filter(pk=difference.pk).update(owner=province.unit("H99.31.00"))
    address = f"{PAGE}chenh-lech/"
    clerk, stranger = seat("motcua.dinhson"), seat("motcua.anmau.dinhson")
    assert "Chưa nhận danh sách" in words(clerk.get(address))
    assert "Chưa nhận danh sách" not in words(stranger.get(address))
    assert stranger.post(f"{address}{difference.pk}/").status_code == 404
    assert seat("chutich.tinh").get(address).status_code == 404
    answer = clerk.post(f"{address}{difference.pk}/", {f"reason-{difference.pk}": ""})
    assert answer.status_code == 409
    assert "Hãy ghi lý do" in words(answer)
    answer = clerk.post(f"{address}{difference.pk}/", {f"reason-{difference.pk}": "Mất điện"}, follow=True)
    assert answer.status_code == 200
    assert "Mất điện" in words(clerk.get(address, {"loai": "da-xong"}))

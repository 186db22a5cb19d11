"""Dossiers of other systems: taken whole or not at all, seen like our own, compared daily, settled."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.public import system
from dinh.kernel.errors import NotFound, Refused
from dinh.onestop.models import MirrorDifference, MirroredDossier
from dinh.onestop.public import (
    RowsFaulty,
    access_difference,
    access_mirror,
    close_source,
    compare_all,
    compare_source,
    count_mirrors,
    difference_lines,
    keep_mirror_list,
    mirror_lines,
    open_source,
    read_list,
    read_rows,
    receive_mirrors,
    renew_source_key,
    rows_of_file,
    settle_difference,
    source_lines,
    source_of_key,
)
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.mirrors import MOST_ROWS, FileUnreadable, compare
from tests.guards.refusing import assert_done, assert_refused
from tests.onestop.conftest import NOW

BY = system("test")
ROW = {
    "MaHoSo": "HT-2026-0001",
    "MaTTHC": "1.001193",
    "TenTTHC": "Đăng ký khai sinh",
    "ChuHoSo": "Nguyễn Thị Mẫu",
    "TrangThaiHoSo": "4",
    "NgayNopHoSo": "20261110083000",
    "NgayHenTra": "20261120",
    "MaDonVi": "H99.31.011",
}


def row(**changes: str) -> dict[str, str]:
    return {**ROW, **changes}


@pytest.fixture
def source(province: Any) -> Any:
    """A system that tells of one district's dossiers; its key stands at ``source.key``."""
    shown: list[str] = []
    made = open_source(
        "ho-tich", name="Hộ tịch điện tử", keeper_id=province.unit("H99.31").pk, shown=shown, by=BY, now=NOW
    )
    made.key = shown[0]
    return made


def take(source: Any, *rows: dict[str, str], now: dt.datetime = NOW) -> dict[str, int]:
    return receive_mirrors(source, rows=read_rows(list(rows)), by=BY, now=now)


def listed(source: Any, now: dt.datetime = NOW, **statuses: str) -> None:
    rows = [{"MaHoSo": code.replace("_", "-"), "TrangThaiHoSo": status} for code, status in statuses.items()]
    keep_mirror_list(source, rows=read_list(rows), by=BY, now=now)


# Reading


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"TrangThaiHoSo": "11"}, "1 đến 10"),
        ({"TrangThaiHoSo": "²"}, "1 đến 10"),
        ({"NgayNopHoSo": "hôm qua"}, "yyyyMMdd"),
        ({"NgayNopHoSo": ""}, "còn trống"),
        ({"MaHoSo": "<script>"}, "MaHoSo"),
        ({"ChuHoSo": "x" * 301}, "ChuHoSo"),
        ({"LaLung": "1"}, "LaLung"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_read(changes: dict[str, str], words: str) -> None:
    with pytest.raises(RowsFaulty) as caught:
        read_rows([ROW, row(MaHoSo="HT-2", **changes) if "MaHoSo" not in changes else row(**changes)])
    (fault,) = caught.value.faults
    assert fault.number == 2
    assert words in str(fault.sentence)


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text(),
            st.integers(),
            st.dictionaries(st.text(max_size=5), st.text(max_size=5)),
            st.dictionaries(st.sampled_from(sorted(ROW)), st.one_of(st.text(max_size=20), st.integers())),
        ),
        max_size=5,
    )
)
def test_whatever_comes_is_read_or_refused(rows: list[Any]) -> None:
    try:
        assert len(read_rows(rows)) == len(rows)
    except Refused as refused:
        assert str(refused)


def test_a_code_twice_and_too_many_rows_are_refused() -> None:
    with pytest.raises(RowsFaulty):
        read_rows([ROW, ROW])
    with pytest.raises(Refused):
        read_rows([row(MaHoSo=f"HT-{number}") for number in range(MOST_ROWS + 1)])


def test_json_and_csv_files_say_the_same() -> None:
    heading, values = ";".join(ROW), ";".join(ROW.values())
    for content in (
        json.dumps([ROW]).encode(),
        json.dumps({"data": [ROW]}).encode(),
        f"\ufeff{heading}\n{values}\n".encode(),
        f"{heading}\n{values}\n".replace(";", ",").encode(),
    ):
        assert rows_of_file(content) == [ROW]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b'{"data": 1}', b"a,b\n1,2,3\n", b"x" * 6_000_000],
)
def test_a_file_that_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        rows_of_file(content)


@given(
    st.dictionaries(st.text("AB1", min_size=1, max_size=2), st.integers(1, 10)),
    st.dictionaries(st.text("AB1", min_size=1, max_size=2), st.integers(1, 10)),
)
def test_comparing_finds_what_differs_and_only_that(ours: dict[str, int], theirs: dict[str, int]) -> None:
    found = {one.code: one for one in compare(ours, theirs)}
    assert set(found) == {code for code in ours.keys() | theirs.keys() if ours.get(code) != theirs.get(code)}
    assert compare(ours, ours) == []


# Taking


def test_rows_are_new_changed_or_the_same(source) -> None:
    assert take(source, ROW) == {"new": 1, "changed": 0, "same": 0}
    assert take(source, ROW) == {"new": 0, "changed": 0, "same": 1}
    assert take(source, row(TrangThaiHoSo="9"), row(MaHoSo="HT-2")) == {"new": 1, "changed": 1, "same": 0}
    assert MirroredDossier.objects.get(code=ROW["MaHoSo"]).status == 9


def test_a_source_speaks_only_of_its_own_units(source, province) -> None:
    with pytest.raises(RowsFaulty) as caught:
        take(source, ROW, row(MaHoSo="HT-2", MaDonVi="H99.02"))
    assert "H99.02" in str(caught.value.faults[0].sentence)
    assert not MirroredDossier.objects.exists()


def test_verbs_of_connections_are_for_who_manages_them(source, province) -> None:
    p, admin = province, province.actor("quantri")
    keeper = p.unit("H99.31").pk
    rows = read_rows([ROW])

    def opening(by: Any) -> Any:
        return lambda: open_source("dat-dai", name="Đất đai", keeper_id=keeper, shown=[], by=by, now=NOW)

    asks = {
        "mirror.source_opened": opening,
        "mirror.key_renewed": lambda by: lambda: renew_source_key(source, shown=[], by=by),
        "mirror.received": lambda by: lambda: receive_mirrors(source, rows=rows, by=by, now=NOW),
        "mirror.listed": lambda by: lambda: keep_mirror_list(source, rows=[], by=by, now=NOW),
        "mirror.compared": lambda by: lambda: compare_source(source, by=by, now=NOW),
        "mirror.source_closed": lambda by: lambda: close_source(source, by=by, now=NOW),
    }
    for verb, ask in asks.items():
        assert_refused(verb, ask(p.clerk))
        assert_done(verb, ask(admin))
    for verb in ("mirror.received", "mirror.listed", "mirror.source_closed", "mirror.key_renewed"):
        with pytest.raises(Refused):
            asks[verb](admin)()


@pytest.mark.parametrize("code", ["", "Hộ tịch", "HO-TICH", "ho tich", "ho-tich"])
def test_a_source_without_a_fit_code_is_refused(source, province, code) -> None:
    with pytest.raises(Refused):
        open_source(code, name="Hệ thống", keeper_id=province.unit("H99").pk, shown=[], by=BY, now=NOW)


def test_a_key_opens_only_its_source_until_renewed_or_closed(source) -> None:
    assert source_of_key(source.key).pk == source.pk
    shown: list[str] = []
    renew_source_key(source, shown=shown, by=BY)
    for wrong in (source.key, "", source.key_hash):
        with pytest.raises(NotFound):
            source_of_key(wrong)
    close_source(source, by=BY, now=NOW)
    with pytest.raises(NotFound):
        source_of_key(shown[0])


# Seeing


def test_mirrors_are_seen_where_their_agency_is_seen(source, province) -> None:
    p = province
    take(source, ROW, row(MaHoSo="HT-2", MaDonVi=""))
    assert [line.code for line in mirror_lines(p.commune)[0]] == ["HT-2026-0001"]
    assert [line.code for line in mirror_lines(p.actor("chutich.tinh"))[0]] == ["HT-2", "HT-2026-0001"]
    assert mirror_lines(p.citizen) == ([], "")
    assert mirror_lines(p.other_commune) == ([], "")
    mirror = MirroredDossier.objects.get(code="HT-2026-0001")
    with pytest.raises(NotFound):
        access_mirror(p.other_commune, mirror.pk)


def test_mirrors_are_found_without_diacritics_and_counted(source, province) -> None:
    by = province.commune
    take(source, ROW)
    for words in ("nguyen thi mau", "khai sinh", "HT-2026-0001"):
        assert count_mirrors(by, words=words) == 1, words
    assert count_mirrors(by, words="nguyen'); -- khong") == 0
    take(source, row(TrangThaiHoSo="10"))
    assert count_mirrors(by, only_open=True) == 0


# Comparing and settling


def test_each_day_differences_are_found_kept_and_gone(source, province) -> None:
    take(source, ROW, row(MaHoSo="HT-2"), row(MaHoSo="HT-3"))
    listed(source, HT_2026_0001="4", HT_2="9", HT_4="1")
    assert compare_source(source, by=BY, now=NOW) == 3
    admin = province.actor("quantri")
    assert {(one.code, one.kind) for one in difference_lines(admin)} == {
        ("HT-2", "status"), ("HT-3", "missing_there"), ("HT-4", "missing_here"),
    }  # fmt: skip
    owners = {one.code: one.owner for one in difference_lines(admin)}
    assert owners["HT-2"] == province.unit("H99.31.011").name
    assert owners["HT-4"] == province.unit("H99.31").name
    assert compare_source(source, by=BY, now=NOW) == 3, "the same differences are not listed twice"
    take(source, row(MaHoSo="HT-2", TrangThaiHoSo="9"), row(MaHoSo="HT-4", TrangThaiHoSo="1"))
    tomorrow = NOW + dt.timedelta(days=1)
    assert compare_all(by=BY, now=tomorrow) == 1
    assert [one.code for one in difference_lines(admin)] == ["HT-3"]
    assert {one.code for one in difference_lines(admin, only_open=False)} == {"HT-2", "HT-4"}


def test_a_list_that_did_not_come_is_a_difference_until_it_comes(source, province) -> None:
    admin = province.actor("quantri")
    assert compare_source(source, by=BY, now=NOW) == 1
    assert [one.kind for one in difference_lines(admin)] == ["no_list"]
    take(source, ROW)
    listed(source, HT_2026_0001="4")
    assert compare_source(source, by=BY, now=NOW) == 0


def test_a_settled_difference_stays_settled_while_it_is_the_same(source, province) -> None:
    p = province
    take(source, ROW)
    listed(source, HT_2026_0001="9")
    compare_source(source, by=BY, now=NOW)
    difference = MirrorDifference.objects.get()
    with pytest.raises(NeedsReason):
        settle_difference(difference, reason=" ", by=p.actor("quantri"), now=NOW)
    foreign = p.actor("motcua.anmau.dinhson")
    assert_refused(
        "mirror.difference_settled", lambda: settle_difference(difference, reason="x", by=foreign, now=NOW)
    )
    with pytest.raises(NotFound):
        access_difference(foreign, difference.pk)
    clerk = p.actor("quantri")
    assert_done(
        "mirror.difference_settled",
        lambda: settle_difference(difference, reason="Bên kia nhập muộn", by=clerk, now=NOW),
    )
    with pytest.raises(Refused):
        settle_difference(difference, reason="x", by=clerk, now=NOW)
    assert compare_source(source, by=BY, now=NOW) == 0
    listed(source, HT_2026_0001="10")
    assert compare_source(source, by=BY, now=NOW) == 1, "it differs in another way now"


def test_sources_are_listed_with_few_questions(source, province, django_assert_max_num_queries) -> None:
    take(source, ROW)
    admin = province.actor("quantri")
    with django_assert_max_num_queries(4):
        (line,) = source_lines(admin)
    assert (line.dossiers, line.is_open) == (1, True)


# The endpoint


def post(path: str, body: Any, key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(enforce_csrf_checks=True).post(
        path, content, content_type="application/json", headers=headers
    )


def test_another_system_tells_of_its_dossiers_over_http(source) -> None:
    answer = post("/lien-thong/ho-so/", {"data": [ROW]}, source.key)
    assert (answer.status_code, answer.json()["error_code"]) == (200, "0")
    assert answer.json()["result"] == {"new": 1, "changed": 0, "same": 0}
    answer = post("/lien-thong/danh-sach/", [{"MaHoSo": "HT-2026-0001", "TrangThaiHoSo": "4"}], source.key)
    assert answer.json()["result"] == {"count": 1}
    assert compare_source(source, by=BY, now=dt.datetime.now(dt.UTC)) == 0


@pytest.mark.parametrize("path", ["/lien-thong/ho-so/", "/lien-thong/danh-sach/"])
def test_without_the_right_key_nothing_is_taken(source, path) -> None:
    for key in ("", "x", source.key_hash, source.key + "x"):
        answer = post(path, [ROW], key)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
    assert Client().get(path).status_code == 405
    assert not MirroredDossier.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b"1", b"[" * 50_000, b'["x' + b"x" * 1_100_000 + b'"]']
)
def test_what_is_no_json_list_is_refused(source, body) -> None:
    answer = post("/lien-thong/ho-so/", body, source.key)
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "400"


def test_wrong_rows_are_named_to_the_caller(source) -> None:
    answer = post("/lien-thong/ho-so/", [ROW, row(MaHoSo="HT-2", TrangThaiHoSo="0")], source.key)
    assert answer.status_code == 422
    assert answer.json()["result"][0]["dong"] == 2
    assert not MirroredDossier.objects.exists()


def test_a_closed_source_is_not_heard(source) -> None:
    close_source(source, by=BY, now=NOW)
    assert post("/lien-thong/ho-so/", [ROW], source.key).status_code == 401

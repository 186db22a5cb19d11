"""The list of the sample province's accounts: found by agency and title, absent from a real province."""

from typing import Any

from django.test import Client


def _listed(client: Client, words: str) -> str:
    answer = client.get("/tai-khoan-mau/", {"q": words})
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_account_is_found_by_title_and_agency_without_diacritics(
    client: Client, clerk: Any, deputy: Any
) -> None:
    page = _listed(client, "chuyen vien bac song")
    assert "an.nv" in page
    assert "Nguyễn Văn An" in page
    assert "binh.tv" not in page


def test_all_words_stand_on_one_side_and_a_whole_phrase_comes_first(client: Client, house: Any) -> None:
    south = house.units["south"]
    house.official("nguyen.k", "Nguyễn Thị Tài", house.position(south, "Kế toán"))
    house.official("khac.k", "Lê Văn Chuyên", house.position(south, "Kế toán"))
    house.official("ke.d", "Trần Thị Đào", house.position(south, "Nhân viên kế toán"))
    house.official("toan.e", "Lê Thị Ê", house.position(south, "Toán viên kế"))
    # "Tài" is a given name and "kế toán" a title: no one side has both.
    assert "nguyen.k" not in _listed(client, "tai ke toan")
    assert "nguyen.k" in _listed(client, "nguyen thi ta")
    assert "Hãy bớt từ" in _listed(client, "mot cua an mau")
    found = _listed(client, "ke toan")
    assert "khac.k" in found
    assert found.index("ke.d") < found.index("toan.e")


def test_who_holds_two_positions_stands_twice_and_a_citizen_once(
    client: Client, deputy: Any, house: Any
) -> None:
    house.citizen("congdan2", "Trần Thị Bình")
    page = _listed(client, "")
    assert page.count("<strong>binh.tv</strong>") == 2
    assert page.count("<strong>congdan2</strong>") == 1


def test_who_opened_an_account_by_themselves_is_not_listed(client: Client, house: Any) -> None:
    house.citizen("0900000001", "Trần Thị Bình")
    page = _listed(client, "")
    assert "0900000001" not in page
    assert "Trần Thị Bình" not in page


def test_the_list_costs_as_many_queries_for_two_accounts_as_for_twelve(
    client: Client, house: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        house.official(f"cb{number}", "Lê Văn Cừ", house.position(house.units["south"], "Chuyên viên"))
    with django_assert_max_num_queries(4):
        _listed(client, "nam song")


def test_nothing_found_says_what_to_do(client: Client, clerk: Any) -> None:
    assert "Hãy bớt từ" in _listed(client, "khong co ai")


def test_a_real_province_has_no_such_page(client: Client, clerk: Any, settings: Any) -> None:
    settings.IS_SAMPLE = False
    assert client.get("/tai-khoan-mau/").status_code == 404

"""Numbers at a desk on their screens: drawn, waited with, called, shown in the hall."""

import pytest
from django.test import Client

from dinh.onestop.models import QueueNumber
from tests.workspace.conftest import source, words

pytestmark = pytest.mark.django_db

DESK = "H99.31.00"


def desk_code(seat):
    page = source(seat("motcua.dinhson").get("/lam-viec/goi-so/"))
    return page.split('href="/lay-so/')[1].split("/")[0]


def test_a_number_is_drawn_called_and_finished(province, seat):
    clerk, guest = seat("motcua.dinhson"), Client()
    code = desk_code(seat)
    assert "Chưa có ai chờ" in words(guest.get(f"/lay-so/{code}/"))
    drawn = guest.post(f"/lay-so/{code}/", {"wish": "file"})
    assert drawn.status_code == 302
    mine = drawn["Location"]
    assert "Ông/Bà là người tiếp theo" in words(guest.get(mine))
    assert "Nộp hồ sơ" in words(clerk.get("/lam-viec/goi-so/"))
    assert clerk.post("/lam-viec/goi-so/tiep/", {"window": "3"}).status_code == 302
    assert "Mời Ông/Bà đến quầy 3" in words(guest.get(mine))
    board = words(guest.get(f"/lay-so/{code}/bang-goi/"))
    assert "001" in board
    number = QueueNumber.objects.get()
    assert "Đang phục vụ số 001" in words(clerk.get("/lam-viec/goi-so/"))
    clerk.post(f"/lam-viec/goi-so/{number.pk}/vang/", {"window": "3"})
    assert "Đã gọi mà không thấy" in words(guest.get(mine))
    clerk.post(f"/lam-viec/goi-so/{number.pk}/goi-lai/", {"window": "3"})
    clerk.post(f"/lam-viec/goi-so/{number.pk}/xong/", {"window": "3"})
    assert "Đã phục vụ xong" in words(guest.get(mine))
    assert "Không còn ai chờ" in words(clerk.post("/lam-viec/goi-so/tiep/", {"window": "3"}, follow=True))


def test_a_counter_without_a_number_is_asked_for_it(province, seat):
    code = desk_code(seat)
    Client().post(f"/lay-so/{code}/", {"wish": "ask"})
    answer = seat("motcua.dinhson").post("/lam-viec/goi-so/tiep/", {"window": ""})
    assert answer.status_code == 422
    assert "Hãy ghi số quầy" in words(answer)


def test_desks_are_found_without_diacritics_and_unknown_ones_are_not(province, seat):
    code = desk_code(seat)
    page = source(Client().get("/lay-so/?q=dinh son"))
    assert f"/lay-so/{code}/" in page
    assert "Không có bộ phận nào" in words(Client().get("/lay-so/?q=zzz"))
    assert Client().get("/lay-so/H99.31/").status_code == 404
    assert Client().get("/lay-so/khong-co/bang-goi/").status_code == 404


def test_a_number_is_given_up_once(province, seat):
    guest = Client()
    mine = guest.post(f"/lay-so/{desk_code(seat)}/", {"wish": "collect"})["Location"]
    assert guest.post(f"{mine}bo/").status_code == 302
    assert "Đã bỏ số" in words(guest.get(mine))
    assert guest.post(f"{mine}bo/").status_code == 409


def test_another_desks_number_is_not_there(province, seat):
    Client().post(f"/lay-so/{desk_code(seat)}/", {"wish": "file"})
    number = QueueNumber.objects.get()
    answer = seat("congchuc.anmau.dinhson").post(f"/lam-viec/goi-so/{number.pk}/xong/")
    assert answer.status_code in (403, 404)


def test_the_board_costs_few_queries(province, seat, django_assert_max_num_queries):
    code = desk_code(seat)
    guest = Client()
    for _ in range(8):
        guest.post(f"/lay-so/{code}/", {"wish": "file"})
    with django_assert_max_num_queries(4):
        guest.get(f"/lay-so/{code}/bang-goi/")

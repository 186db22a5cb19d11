"""A desk's board for today: every figure of every board is the length of the list that it opens."""

import datetime as dt

import pytest
from django.test import Client

from dinh.foundation.actions.public import visitor
from dinh.onestop.models import Dossier, Payment, QueueNumber, WorkItem
from dinh.onestop.public import ask_supplement, call_next, collect_fees, desks, draw_number, end_call, refuse
from tests.onestop.conftest import MARITAL_ANSWERS
from tests.workspace.boards import all_figures, assert_figures_are_lists, length_of
from tests.workspace.conftest import accepted, source, statements, words

pytestmark = pytest.mark.django_db

PAGE = "/lam-viec/hom-nay/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def busy(province):
    """A morning at the desk of the district: dossiers in every state and at every distance from due."""
    p, now = province, province.now
    p.submitted()
    for days in (-20, -8, -7, -1, 0, 1, 3, 4, 7, 8, 30):
        row = accepted(p)
        Dossier.objects.filter(pk=row.pk).update(due_at=now + days * DAY, accepted_at=now - 2 * DAY)
    for state, field, days in (
        ("done", "finished_at", 0),
        ("returned", "returned_at", 0),
        ("returned", "returned_at", 1),
    ):
        row = accepted(p)
        WorkItem.objects.filter(dossier=row).delete()
        Dossier.objects.filter(pk=row.pk).update(state=state, **{field: now - days * DAY})
    # Taken in at another desk: followed here, its result is returned there.
    elsewhere = accepted(p)
    Dossier.objects.filter(pk=elsewhere.pk).update(state="done", intake_desk_id=p.unit("H99.31.011.00").pk)
    asked = accepted(p)
    ask_supplement(
        asked,
        items=[{"document": "", "field": "", "text": "Bản sao hợp đồng"}],
        reason="Còn thiếu",
        contact="",
        by=p.clerk,
        now=now,
    )
    refuse(p.submitted(), reason="Không đúng nơi nhận", by=p.clerk, now=now)
    old = accepted(p)
    Dossier.objects.filter(pk=old.pk).update(submitted_at=now - DAY, accepted_at=now - DAY, due_at=None)
    collect_fees(accepted(p), by=p.clerk, now=now)
    # Another desk's dossier is in none of these figures.
    p.submitted(answers=MARITAL_ANSWERS, code="1.004873", agency="H99.31.011")
    desk = p.clerk.unit_id
    for _ in range(5):
        draw_number(desk, wish="file", by=visitor(), now=now)
    for verb in ("finish", "miss", ""):
        called = call_next(desk, window="2", by=p.clerk, now=now)
        if verb:
            end_call(called, verb=verb, by=p.clerk, now=now)
    return p


def figures_of(client: Client) -> dict[str, int]:
    found = all_figures(client.get(PAGE).content.decode())
    return {address.partition("dem=")[2].partition("&")[0]: number for address, number in found}


def test_every_figure_of_a_desks_board_is_the_length_of_its_list(busy, seat):
    """The figures, the columns of both charts, the bars and the queue's columns, one after another."""
    assert_figures_are_lists(seat("motcua.dinhson"), PAGE, least=25)


@pytest.mark.parametrize("username", ["chutich.dinhson", "chutich.tinh"])
def test_every_figure_of_the_boards_of_agency_and_province_is_the_length_of_its_list(busy, seat, username):
    """The overview of an agency and of the province; and the desk's board as their leaders see it."""
    client = seat(username)
    assert_figures_are_lists(client, "/lam-viec/tong-quan/", least=8)
    desk = busy.clerk.unit_id
    assert_figures_are_lists(client, f"{PAGE}?ban={desk}", least=25)


def test_the_board_counts_the_morning_as_it_was(busy, seat):
    shown = figures_of(seat("motcua.dinhson"))
    assert shown["quay-cho-nhan"] == 1
    assert shown["quay-cho-tra"] == 1
    assert shown["quay-tra"] == 1
    assert shown["quay-bo-sung"] == 1
    assert shown["quay-den-han"] == 1
    assert shown["quay-qua-han"] == 4
    assert (shown["quay-tre-nhieu"], shown["quay-tre"]) == (2, 2)
    assert (shown["quay-con-3"], shown["quay-con-7"]) == (3, 2)
    assert shown["quay-con-nua"] == 3


def test_fees_and_numbers_of_the_day_are_listed(busy, seat):
    client = seat("motcua.dinhson")
    taken = Payment.objects.filter(desk_id=busy.clerk.unit_id)
    assert taken.exists()
    assert length_of(client, f"{PAGE}thu/") == taken.count()
    assert length_of(client, f"{PAGE}so/") == QueueNumber.objects.count() == 5
    assert length_of(client, f"{PAGE}so/?trang-thai=missed") == 1
    assert length_of(client, f"{PAGE}so/?trang-thai=nonsense") == 5


def test_another_desks_board_is_not_found(busy, seat):
    theirs = busy.unit("H99.31.011").pk
    clerk = seat("motcua.dinhson")
    other = next(unit.pk for unit in desks() if unit.agency_id == theirs)
    for tail in ("", "so/", "thu/"):
        assert clerk.get(f"{PAGE}{tail}?ban={other}").status_code == 404
        assert clerk.get(f"{PAGE}{tail}?ban={busy.unit('H99.31').pk}").status_code == 404
        assert seat("chutich.anmau.dinhson").get(f"{PAGE}{tail}?ban={busy.clerk.unit_id}").status_code == 404
    address = f"/lam-viec/ho-so/?ky=2026-11-16&dem=quay-nop&don-vi={other}"
    assert length_of(clerk, address) == 0


def test_the_board_is_for_desks_and_leaders(busy, seat):
    for username in ("chuyenvien.tckh.dinhson", "truongphong.tckh.dinhson"):
        for tail in ("", "so/", "thu/"):
            assert seat(username).get(PAGE + tail).status_code == 403, username
    assert f'"{PAGE}"' not in source(seat("chuyenvien.tckh.dinhson").get("/lam-viec/"))
    assert f'"{PAGE}"' in source(seat("motcua.dinhson").get("/lam-viec/"))
    assert seat("congdan").get(PAGE).status_code == 403


def test_an_empty_day_says_what_will_come(province, seat):
    shown = words(seat("motcua.dinhson").get(PAGE))
    assert "Hôm nay chưa ai lấy số" in shown
    assert "Không có hồ sơ nào đang giải quyết" in shown
    assert "Hôm nay chưa thu khoản nào" in words(seat("motcua.dinhson").get(PAGE + "thu/"))


def test_the_board_costs_a_bounded_number_of_statements(busy, seat):
    asked = statements(seat("motcua.dinhson"), PAGE)
    assert len(asked) <= 20, "\n".join(asked)

"""Appointments through the screens, of the citizen and of the desk."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from dinh.onestop.models import Visit
from dinh.onestop.public import plan_visits
from tests.onestop.test_rights import browser
from tests.portal.conftest import sentences, words

pytestmark = pytest.mark.django_db
MINE, DESK, PLAN = "/lich-hen/", "/lam-viec/lich-hen/", "/lam-viec/lich-hen/ke-hoach/"
BOOK = "/lich-hen/dat/H99.31.00/"
PLANNED = {
    "is_open": "1",
    "minutes": "20",
    "places": "1",
    "weekdays": ["1", "2", "3", "4", "5", "6", "7"],
    "days_ahead": "10",
    "note": "Mang theo thẻ căn cước.",
}


@pytest.fixture
def planned(province):
    plan_visits(
        province.clerk.unit_id,
        is_open=True,
        minutes=30,
        places=1,
        weekdays=[1, 2, 3, 4, 5],
        days_ahead=10,
        note="",
        by=province.clerk,
    )


def offered(client, address=BOOK) -> list[str]:
    return re.findall(r'name="at"[^>]*value="([^"]+)"', client.get(address).content.decode())


def test_the_desks_head_decides_and_a_citizen_books_moves_and_cancels(citizen, province):
    assert "Chưa có bộ phận nào nhận hẹn trước" in words(citizen.get("/lich-hen/dat/"))
    head = browser("motcua.dinhson")
    assert head.get(PLAN).status_code == 200
    assert head.post(PLAN, PLANNED)["Location"] == DESK
    assert BOOK in citizen.get("/lich-hen/dat/").content.decode()
    page = citizen.get(BOOK)
    assert "Mang theo thẻ căn cước." in words(page)
    first, second, *_ = offered(citizen)
    assert citizen.post(BOOK, {"at": first, "wish": "file", "note": "Hộ kinh doanh"})["Location"] == MINE
    visit = Visit.objects.get()
    assert "Nộp hồ sơ: Hộ kinh doanh" in words(citizen.get(MINE))
    assert first not in offered(citizen)
    assert citizen.post(f"{MINE}{visit.pk}/doi/", {"at": second}).status_code == 302
    assert first in offered(citizen)
    day = visit.starts_at.astimezone(timezone.get_default_timezone()).date()
    listed = words(head.get(DESK, {"ngay": f"{day:%d/%m/%Y}"}))
    assert province.citizen.name in listed
    assert citizen.post(f"{MINE}{visit.pk}/huy/").status_code == 302
    assert "Đã hủy" in words(citizen.get(MINE))


def test_what_is_missing_or_gone_is_said_at_its_place(citizen, stranger, province, planned):
    answer = citizen.post(BOOK, {"note": "Cần người hỗ trợ"})
    assert answer.status_code == 422
    assert len(sentences(answer)) == 2
    assert "Cần người hỗ trợ" in answer.content.decode()
    first = offered(citizen)[0]
    citizen.post(BOOK, {"at": first, "wish": "ask"})
    late = stranger.post(BOOK, {"at": first, "wish": "ask"})
    assert late.status_code == 422
    assert "vừa có người khác hẹn hết" in words(late)
    assert stranger.post(BOOK, {"at": "lạ", "wish": "ask"}).status_code == 422


def test_a_visit_is_its_persons_and_its_desks(citizen, stranger, visitor, province, planned):
    citizen.post(BOOK, {"at": offered(citizen)[0], "wish": "ask"})
    visit = Visit.objects.get()
    for address in (f"{MINE}{visit.pk}/doi/", f"{MINE}{visit.pk}/huy/"):
        assert stranger.post(address).status_code == 404
        assert visitor.post(address).status_code == 302
    other = browser("motcua.anmau.dinhson")
    assert other.post(f"{DESK}{visit.pk}/den/").status_code == 404
    assert province.citizen.name not in words(other.get(DESK))
    assert browser("motcua2.dinhson").get(PLAN).status_code == 403
    assert browser("motcua2.dinhson").post(PLAN, PLANNED).status_code == 403


def test_the_desk_notes_who_came_today(province, planned):
    now = timezone.now()
    visit = Visit.objects.create(
        desk_id=province.clerk.unit_id, person_id=province.citizen.person_id, wish="ask", starts_at=now,
        ends_at=now + dt.timedelta(minutes=20), state="booked", booked_at=now,
    )  # fmt: skip
    clerk = browser("motcua2.dinhson")
    assert f"{DESK}{visit.pk}/den/" in clerk.get(DESK).content.decode()
    assert clerk.post(f"{DESK}{visit.pk}/lạ/").status_code == 404
    assert clerk.post(f"{DESK}{visit.pk}/den/").status_code == 302
    assert "Đã đến" in words(clerk.get(DESK))
    assert clerk.post(f"{DESK}{visit.pk}/vang/").status_code == 302
    visit.refresh_from_db()
    assert visit.state == "came"


def test_a_wrong_plan_keeps_what_was_typed(province):
    head = browser("motcua.dinhson")
    answer = head.post(PLAN, {**PLANNED, "places": "nhiều"})
    assert answer.status_code == 422
    assert "từ 1 đến 50" in words(answer)
    assert 'value="nhiều"' in answer.content.decode()

"""Sessions: who acts, for how long, seen and ended; positions; what a request costs."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import Actor, visitor
from dinh.foundation.directory.models import Appointment
from dinh.kernel.errors import NotAllowed
from dinh.sso.actions.sessions import (
    choose_position,
    confirm_again,
    end_others,
    end_session,
    end_session_of_other,
    purge,
    sign_out,
)
from dinh.sso.models import Account, KeptForm, Session, Throttle
from dinh.sso.queries.accounts import actor_of_account
from tests.guards.refusing import assert_done, assert_refused
from tests.sso.conftest import House, SignIn


def _age(session: Session, **ago: Any) -> None:
    """Let time pass for a session: everything about it was so long ago."""
    passed = dt.timedelta(**ago)
    row = Session.objects.get(pk=session.pk)
    Session.objects.filter(pk=session.pk).update(
        signed_in_at=row.signed_in_at - passed,  # type: ignore[operator]
        authenticated_at=row.authenticated_at - passed,  # type: ignore[operator]
        last_seen_at=row.last_seen_at - passed,  # type: ignore[operator]
        expires_at=row.expires_at - passed,
    )


# --- What a request costs ---------------------------------------------------------------------------


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_visitor_costs_no_query(client: Client, db: None) -> None:
    assert _queries(client, "/") == 0


def test_a_citizen_costs_one_query(client: Client, house: House, enter: Any) -> None:
    enter(client, house.citizen())
    assert _queries(client, "/") == 1


def test_an_official_costs_two_queries(client: Client, clerk: Any, type_in: SignIn) -> None:
    type_in(client, "an.nv")
    client.get("/lam-viec/")
    assert _queries(client, "/lam-viec/") == 2


def test_last_seen_is_written_only_every_few_minutes(client: Client, house: House, enter: Any) -> None:
    session = enter(client, house.citizen())
    seen = Session.objects.get().last_seen_at
    client.get("/")
    assert Session.objects.get().last_seen_at == seen
    _age(session, minutes=6)
    assert _queries(client, "/") == 2
    assert Session.objects.get().last_seen_at > seen - dt.timedelta(seconds=1)  # type: ignore[operator]
    assert _queries(client, "/") == 1


def test_every_answer_names_its_request_and_the_audit_log_has_the_same(
    client: Client, clerk: Any, type_in: SignIn
) -> None:
    response = type_in(client, "an.nv")
    entry = AuditEntry.objects.get(verb="sign_in.succeeded")
    assert entry.request_id == response.headers["X-Request-ID"]


# --- How long ---------------------------------------------------------------------------------------


def test_a_session_ends_when_it_was_idle_too_long_and_says_so(
    client: Client, house: House, enter: Any
) -> None:
    session = enter(client, house.citizen())
    _age(session, minutes=59)
    assert client.get("/").content.startswith(b"citizen")
    _age(session, minutes=61)
    assert client.get("/").content.startswith(b"visitor")
    assert "lâu không dùng" in client.get("/dang-nhap/").content.decode()


def test_a_session_ends_after_its_lifetime_however_busy(client: Client, house: House, enter: Any) -> None:
    session = enter(client, house.citizen())
    for _ in range(14):
        _age(session, minutes=55)
        client.get("/")
    assert client.get("/").content.startswith(b"visitor")
    assert "hết hạn trong ngày" in client.get("/dang-nhap/").content.decode()


def test_a_locked_account_is_out_at_once(client: Client, house: House, enter: Any) -> None:
    enter(client, house.citizen())
    Account.objects.update(is_active=False)
    assert client.get("/").content.startswith(b"visitor")


def test_signing_out_ends_the_session_and_takes_the_cookie(client: Client, house: House, enter: Any) -> None:
    enter(client, house.citizen())
    key = client.cookies["sessionid"].value
    response = client.post("/dang-xuat/")
    assert response.headers["Location"] == "/dang-nhap/"
    client.cookies["sessionid"] = key
    assert client.get("/").content.startswith(b"visitor")
    assert Session.objects.get(account__isnull=False).ended_why == "signed_out"


def test_signing_out_by_a_link_is_not_possible(client: Client, house: House, enter: Any) -> None:
    enter(client, house.citizen())
    assert client.get("/dang-xuat/").status_code == 405
    assert client.get("/").content.startswith(b"citizen")


# --- Seen and ended ---------------------------------------------------------------------------------

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"


def test_a_person_sees_where_they_are_signed_in(house: House, type_in: SignIn) -> None:
    house.citizen()
    desk, phone = Client(HTTP_USER_AGENT=CHROME), Client(HTTP_USER_AGENT=PHONE)
    type_in(desk, "0900000001", REMOTE_ADDR="192.0.2.1")
    type_in(phone, "0900000001", REMOTE_ADDR="192.0.2.2")
    type_in(Client(HTTP_USER_AGENT=PHONE), "0900000001", "sai mật khẩu")
    page = desk.get("/phien-dang-nhap/").content.decode()
    for words in ("Chrome trên Windows", "Safari trên iPhone", "192.0.2.1", "192.0.2.2", "Phiên này"):
        assert words in page
    assert "Sai tên hoặc mật khẩu" in page


def test_ending_another_session_works_at_once_and_says_why(house: House, enter: Any) -> None:
    account = house.citizen()
    here, there = Client(), Client()
    enter(here, account)
    other = enter(there, account)
    here.post(f"/phien-dang-nhap/{other.pk}/ket-thuc/")
    assert there.get("/").content.startswith(b"visitor")
    assert "từ một thiết bị khác" in there.get("/dang-nhap/").content.decode()
    assert here.get("/").content.startswith(b"citizen")
    assert AuditEntry.objects.filter(verb="session.ended", subject_id=str(other.pk)).exists()


def test_ending_all_others_keeps_this_one(house: House, enter: Any) -> None:
    account = house.citizen()
    here, others = Client(), [Client() for _ in range(3)]
    enter(here, account)
    for other in others:
        enter(other, account)
    here.post("/phien-dang-nhap/ket-thuc-het/")
    assert all(other.get("/").content.startswith(b"visitor") for other in others)
    assert here.get("/").content.startswith(b"citizen")


def test_nobody_ends_or_sees_a_session_of_another_person(client: Client, house: House, enter: Any) -> None:
    enter(client, house.citizen())
    victim = enter(Client(), house.citizen("0900000002", "Phạm Văn Cường"))
    assert client.post(f"/phien-dang-nhap/{victim.pk}/ket-thuc/").status_code == 404
    assert str(victim.pk) not in client.get("/phien-dang-nhap/").content.decode()
    assert Session.objects.get(pk=victim.pk).ended_at is None


OWN_SESSION: dict[str, Callable[[Session, Actor], object]] = {
    "session.ended": lambda session, by: end_session(session, by=by, now=timezone.now()),
    "session.signed_out": lambda session, by: sign_out(session, by=by, now=timezone.now()),
    "session.confirmed": lambda session, by: confirm_again(session, by=by, now=timezone.now()),
    "session.position_chosen": lambda session, by: choose_position(session, None, by=by),
    "session.others_ended": lambda session, by: end_others(
        session.account, keep=session.pk, by=by, now=timezone.now()
    ),
}


@pytest.mark.parametrize("verb", OWN_SESSION)
def test_what_is_done_to_a_session_its_owner_does(house: House, clerk: Any, enter: Any, verb: str) -> None:
    wish, session = OWN_SESSION[verb], enter(Client(), clerk)
    before = Session.objects.values().get(pk=session.pk)
    house.administrator("admin", house.root, scope="province")
    strangers = (house.citizen(), Account.objects.get(username="admin"))
    for by in (visitor(), *(actor_of_account(account, request_id="") for account in strangers)):
        assert_refused(verb, lambda by=by: wish(session, by))
    assert Session.objects.values().get(pk=session.pk) == before
    assert_done(verb, lambda: wish(session, actor_of_account(clerk, request_id="")))


def test_an_administrator_ends_sessions_in_their_reach_only(
    house: House, clerk: Any, type_in: SignIn
) -> None:
    house.administrator("admin.bac", house.units["north"])
    house.administrator("admin.nam", house.units["south"])
    official, near, far = Client(), Client(), Client()
    type_in(official, "an.nv")
    type_in(near, "admin.bac")
    type_in(far, "admin.nam")
    session = Session.objects.get(account=clerk)
    address = f"/quan-tri/phien-dang-nhap/{session.pk}/ket-thuc/"
    assert "Nguyễn Văn An" not in far.get("/quan-tri/phien-dang-nhap/").content.decode()
    assert far.post(address).status_code == 404
    assert official.get("/lam-viec/").status_code == 200
    assert "Nguyễn Văn An" in near.get("/quan-tri/phien-dang-nhap/?q=nguyen+an").content.decode()
    assert "Nguyễn Văn An" not in near.get("/quan-tri/phien-dang-nhap/?q=khong+ai").content.decode()
    near.post(address)
    assert official.get("/lam-viec/").status_code == 302
    assert "Quản trị viên đã kết thúc" in official.get("/dang-nhap/").content.decode()
    entry = AuditEntry.objects.get(verb="session.ended_by_administrator")
    assert entry.actor_name == "Lê Quản Trị" and "Quản trị viên" in entry.position_name


def test_the_administrators_screen_is_closed_to_others(
    house: House, clerk: Any, enter: Any, type_in: SignIn
) -> None:
    official, citizen = Client(), Client()
    type_in(official, "an.nv")
    enter(citizen, house.citizen())
    victim = Session.objects.get(account=clerk)
    for client in (official, citizen):
        assert client.get("/quan-tri/phien-dang-nhap/").status_code == 403
        assert client.post(f"/quan-tri/phien-dang-nhap/{victim.pk}/ket-thuc/").status_code == 403
    by = actor_of_account(Account.objects.get(kind="citizen"), request_id="")
    with pytest.raises(NotAllowed):
        end_session_of_other(victim, by=by, now=timezone.now())


def test_audiences_and_permissions_are_held(house: House, clerk: Any, enter: Any, type_in: SignIn) -> None:
    official, citizen, administrator = Client(), Client(), Client()
    type_in(official, "an.nv")
    enter(citizen, house.citizen())
    house.administrator("admin", house.root, scope="province")
    type_in(administrator, "admin")
    assert citizen.get("/chi-nguoi-dan/").status_code == 200
    assert administrator.get("/chi-quan-tri/").status_code == 200
    for client, address in (
        (official, "/chi-nguoi-dan/"),
        (official, "/chi-quan-tri/"),
        (citizen, "/lam-viec/"),
    ):
        assert client.get(address).status_code == 403
    assert Client().get("/chi-quan-tri/").headers["Location"].startswith("/dang-nhap/")


# --- Positions --------------------------------------------------------------------------------------


def test_an_official_with_several_positions_chooses_and_switches(
    client: Client, deputy: Any, type_in: SignIn
) -> None:
    answer = type_in(client, "binh.tv", next="/lam-viec/?q=1")
    assert answer.headers["Location"] == "/chon-chuc-vu/?next=%2Flam-viec%2F%3Fq%3D1"
    assert client.get("/lam-viec/?q=1").headers["Location"] == "/chon-chuc-vu/?next=%2Flam-viec%2F%3Fq%3D1"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Phó Chủ tịch" in page and "Trưởng ban" in page
    held = {
        one.position.title: str(one.position_id) for one in Appointment.objects.select_related("position")
    }
    for title in ("Phó Chủ tịch", "Trưởng ban"):
        chosen = client.post("/chon-chuc-vu/", {"position": held[title], "next": "/lam-viec/?q=1"})
        assert chosen.headers["Location"] == "/lam-viec/?q=1"
        assert title in client.get("/lam-viec/").content.decode()
    changes = AuditEntry.objects.filter(verb="session.position_chosen").order_by("id").last()
    assert changes is not None and changes.changes["position_id"] == [
        held["Phó Chủ tịch"],
        held["Trưởng ban"],
    ]


@pytest.mark.parametrize("wrong", ["", "không phải mã", "00000000-0000-7000-8000-000000000000"])
def test_a_position_that_is_not_ones_own_is_refused(
    client: Client, deputy: Any, type_in: SignIn, wrong: str
) -> None:
    type_in(client, "binh.tv")
    answer = client.post("/chon-chuc-vu/", {"position": wrong})
    assert answer.status_code == 422 and "Hãy chọn một chức vụ" in answer.content.decode()
    assert client.get("/lam-viec/").status_code == 302


def test_the_position_of_somebody_else_is_refused(
    client: Client, clerk: Any, deputy: Any, type_in: SignIn
) -> None:
    type_in(client, "binh.tv")
    foreign = Appointment.objects.get(person_id=clerk.person_id).position_id
    assert client.post("/chon-chuc-vu/", {"position": str(foreign)}).status_code == 422


def test_a_position_that_expires_while_signed_in_must_be_chosen_anew(
    client: Client, deputy: Any, type_in: SignIn
) -> None:
    type_in(client, "binh.tv")
    first = Appointment.objects.select_related("position").get(position__title="Phó Chủ tịch")
    client.post("/chon-chuc-vu/", {"position": str(first.position_id)})
    assert client.get("/lam-viec/").status_code == 200
    Appointment.objects.filter(pk=first.pk).update(until_on=timezone.localdate())
    assert client.get("/lam-viec/").headers["Location"] == "/chon-chuc-vu/?next=%2Flam-viec%2F"
    page = client.get("/chon-chuc-vu/").content.decode()
    assert "không còn giữ chức vụ đang dùng" in page
    assert "Phó Chủ tịch" not in page and "Trưởng ban" in page


def test_an_official_without_position_is_told_what_to_do(
    client: Client, house: House, type_in: SignIn
) -> None:
    house.official("moi.vao", "Đỗ Mới Vào")
    answer = type_in(client, "moi.vao")
    assert "chưa vào nơi làm việc được" in client.get(answer.headers["Location"]).content.decode()


def test_back_after_the_session_ended_one_acts_in_the_same_position(
    client: Client, deputy: Any, type_in: SignIn
) -> None:
    type_in(client, "binh.tv")
    second = Appointment.objects.get(position__title="Trưởng ban")
    client.post("/chon-chuc-vu/", {"position": str(second.position_id)})
    _age(Session.objects.get(account=deputy), hours=2)
    assert type_in(client, "binh.tv").headers["Location"] == "/lam-viec/"
    assert "Trưởng ban" in client.get("/lam-viec/").content.decode()


# --- Old rows ---------------------------------------------------------------------------------------


def test_old_rows_are_removed_and_present_ones_stay(client: Client, house: House, type_in: SignIn) -> None:
    house.citizen()
    type_in(client, "0900000001", "sai mật khẩu")
    type_in(client, "0900000001")
    session = Session.objects.get()
    purge(now=timezone.now())
    assert Session.objects.exists() and Throttle.objects.exists()
    _age(session, days=40)
    Throttle.objects.update(counted_at=timezone.now() - dt.timedelta(days=3))
    purge(now=timezone.now())
    assert not Session.objects.exists() and not Throttle.objects.exists() and not KeptForm.objects.exists()


def test_the_menu_offers_the_positions_on_every_page_without_a_query_of_its_own(
    client: Client, deputy: Any, type_in: SignIn
) -> None:
    type_in(client, "binh.tv")
    first = Appointment.objects.get(position__title="Phó Chủ tịch")
    client.post("/chon-chuc-vu/", {"position": str(first.position_id)})
    page = client.get("/doi-mat-khau/").content.decode()
    assert "Trưởng ban" in page and f'value="{first.position_id}" aria-current="true"' in page
    # Session, position with rights; the unread notices that the bell counts; announcements of maintenance.
    assert _queries(client, "/doi-mat-khau/") == 4

"""The work list: what is due first, what each tab holds, the panel beside it."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from dinh.onestop.models import WorkItem
from dinh.onestop.public import WORK_TABS, WorkFilter, ask_supplement, claim, work_list
from tests.workspace.conftest import accepted, rows_of, source, statements, words

pytestmark = pytest.mark.django_db

LIST = "/lam-viec/"


def test_a_page_of_work_costs_nine_statements_at_most(province, seat):
    for _ in range(3):
        province.submitted()
    for username in ("motcua.dinhson", "chutich.dinhson", "chutich.tinh"):
        asked = statements(seat(username), f"{LIST}?viec=all")
        assert len(asked) <= 9, "\n".join(asked)


def test_every_tab_counts_the_rows_that_it_lists(province, seat, hour):
    waiting, late, fresh = accepted(province), accepted(province), province.submitted()
    ask_supplement(
        waiting,
        items=[{"document": "", "text": "Nộp lại"}],
        reason="Ảnh mờ",
        contact="",
        by=province.specialist,
        now=province.now,
    )
    claim(province.open_step(late, "tham_dinh"), by=province.specialist, now=province.now)
    WorkItem.objects.filter(dossier=late).update(due_at=province.now - dt.timedelta(hours=1))
    WorkItem.objects.filter(dossier=fresh).update(due_at=province.now + dt.timedelta(hours=3))
    for by in (province.clerk, province.specialist, province.deputy, province.actor("chutich.tinh")):
        username = next(name for name, actor in province._actors.items() if actor is by)
        counts = work_list(by, WorkFilter(), now=timezone.now()).counts
        client = seat(username)
        assert counts == {tab: len(rows_of(client, f"{LIST}?viec={tab}")) for tab in WORK_TABS}, username
    assert work_list(province.specialist, WorkFilter(), now=timezone.now()).counts == {
        "todo": 1,
        "mine": 1,
        "overdue": 1,
        "near": 0,
        "waiting": 1,
        "all": 2,
    }


def test_pages_continue_each_other_without_gap_or_repeat(province):
    dossiers = [province.submitted() for _ in range(5)]
    page = work_list(province.clerk, WorkFilter(), now=province.now, size=2).page
    seen = [row.dossier_id for row in page.rows]
    while page.after:
        page = work_list(province.clerk, WorkFilter(), after=page.after, now=province.now, size=2).page
        seen += [row.dossier_id for row in page.rows]
    assert sorted(seen) == sorted(dossier.id for dossier in dossiers)


def test_the_list_is_narrowed_by_procedure_name_and_age(province, seat, hour):
    province.submitted()
    client = seat("motcua.dinhson")
    assert len(rows_of(client, f"{LIST}?q=nguyen")) == len(rows_of(client, f"{LIST}?q=nguyễn"))
    assert len(rows_of(client, f"{LIST}?thu-tuc=Thành lập hộ kinh doanh")) == 1
    assert rows_of(client, f"{LIST}?thu-tuc=Khác") == []
    assert len(rows_of(client, f"{LIST}?tuoi=moi")) == 1
    hour.pass_days(2)
    client = seat("motcua.dinhson")
    assert rows_of(client, f"{LIST}?tuoi=moi") == []
    assert len(rows_of(client, f"{LIST}?tuoi=1-3")) == 1


def test_a_row_says_the_working_time_that_is_left(province, seat, hour):
    province.submitted()
    assert "còn 1 ngày làm việc" in words(seat("motcua.dinhson").get(LIST))
    hour.pass_days(2)
    late = words(seat("motcua.dinhson").get(LIST))
    assert "Quá hạn" in late
    assert "quá hạn 1 ngày làm việc" in late


def test_an_empty_list_says_what_to_do_first(province, seat):
    page = source(seat("motcua.dinhson").get(LIST))
    assert "Ông/Bà đã làm hết việc của mình" in page
    assert 'href="/lam-viec/tiep-nhan/"' in page
    page = source(seat("motcua.dinhson").get(f"{LIST}?q=khongco"))
    assert "Bỏ lọc" in page


def test_marks_and_filters_that_nobody_can_read_are_left_aside(province, seat):
    province.submitted()
    client = seat("motcua.dinhson")
    assert len(rows_of(client, f"{LIST}?sau=xyz&don-vi=1&nguoi=abc&tuoi=?&viec=khac")) == 1


def test_the_panel_shows_the_row_and_its_action(province, seat):
    dossier = province.submitted()
    client = seat("motcua.dinhson")
    address = re.search(r'hx-get="([^"]+)"', source(client.get(LIST)))[1]
    panel = client.get(address, HTTP_HX_REQUEST="true")
    shown = source(panel)
    assert "<html" not in shown
    assert dossier.request_code in shown
    assert "Tiếp nhận hồ sơ" in shown
    assert client.get(address)["Location"] == f"/lam-viec/ho-so/{dossier.id}/"


def test_the_panels_action_comes_back_to_the_list(province, seat):
    dossier = province.submitted()
    client = seat("motcua.dinhson")
    answer = client.post(f"/lam-viec/ho-so/{dossier.id}/tiep-nhan/", {"tro-lai": "/lam-viec/?viec=todo"})
    assert answer["Location"] == "/lam-viec/?viec=todo"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/quan-tri/"])
def test_a_verb_leads_to_no_other_place(province, seat, elsewhere):
    dossier = province.submitted()
    answer = seat("motcua.dinhson").post(f"/lam-viec/ho-so/{dossier.id}/tiep-nhan/", {"tro-lai": elsewhere})
    assert answer["Location"] == f"/lam-viec/ho-so/{dossier.id}/"


def test_the_panel_of_anothers_work_is_not_found(province, seat):
    step = province.open_step(province.submitted(), "tiep_nhan")
    answer = seat("congchuc.anmau.dinhson").get(f"/lam-viec/viec/{step.id}/", HTTP_HX_REQUEST="true")
    assert answer.status_code == 404


def test_who_has_no_work_list_is_led_to_what_they_have(province, seat):
    assert seat("soan.thutuc").get(LIST)["Location"] == "/quan-tri/thu-tuc/"
    assert seat("quantri").get(LIST)["Location"].startswith("/quan-tri/")
    assert seat("congdan").get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("username", "begins_at"),
    [
        ("motcua.dinhson", "/lam-viec/"),
        ("ketoan.dinhson", "/lam-viec/hoan-phi/"),
        ("bientap.cong", "/lam-viec/phan-anh/"),
        ("soan.thutuc", "/quan-tri/thu-tuc/"),
        ("quantri", "/quan-tri/don-vi/"),
    ],
)
def test_everybody_begins_where_their_work_is(province, seat, username, begins_at):
    answer = seat(username).get("/lam-viec/", follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == begins_at

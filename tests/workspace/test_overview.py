"""The overview: every figure counts the list behind it; a unit out of reach is not found."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest

from dinh.onestop.models import Dossier, WorkItem
from dinh.onestop.public import claim, refuse
from tests.workspace.conftest import accepted, rows_of, source, statements, words

pytestmark = pytest.mark.django_db

PAGE = "/lam-viec/tong-quan/"


def figures(page):
    """(label, value, address) of the key figures."""
    found = re.findall(r'figure[^>]*"><a href="([^"]+)"><strong>([^<]*)</strong><span>([^<]*)</span>', page)
    return [(label, value, address) for address, value, label in found]


@pytest.fixture
def busy(province):
    """Work of several ages at two units, one dossier refused, one finished late."""
    first, second = accepted(province), accepted(province)
    claim(province.open_step(first, "tham_dinh"), by=province.specialist, now=province.now)
    refuse(province.submitted(), reason="Không đúng nơi nhận", by=province.clerk, now=province.now)
    for days in (1, -1):
        ended = accepted(province)
        WorkItem.objects.filter(dossier=ended).delete()
        due_at = province.now + dt.timedelta(days=days)
        Dossier.objects.filter(pk=ended.pk).update(state="done", finished_at=province.now, due_at=due_at)
    WorkItem.objects.filter(dossier=first).update(near_at=province.now)
    WorkItem.objects.filter(dossier=second).update(due_at=province.now.replace(hour=7))
    province.submitted()
    return province


@pytest.mark.parametrize("username", ["chutich.dinhson", "chutich.tinh"])
def test_every_figure_counts_the_rows_of_its_list(busy, seat, username):
    client = seat(username)
    page = source(client.get(PAGE))
    shown = figures(page)
    assert [value for _label, value, _address in shown] == ["3", "1", "1", "0", "2", "50%"]
    for label, value, address in shown:
        count = len(rows_of(client, address))
        assert count == (1 if value == "50%" else int(value)), label


@pytest.mark.parametrize("username", ["chutich.dinhson", "chutich.tinh"])
def test_charts_and_units_lead_to_the_lists_that_they_count(busy, seat, username):
    client = seat(username)
    page = source(client.get(PAGE))
    marks = re.findall(r'<a href="([^"]+)" aria-label="[^":]+: (\d+)">', page)
    marks += re.findall(r'<a href="([^"]+)" aria-label="(\d+) việc', page)
    people = re.findall(r'<th scope="row"><a href="([^"]+)">[^<]+</a></th>.*?<td class="right">(\d+)', page)
    assert len(people) == 1
    assert len(marks) >= 7
    for address, value in marks + people:
        assert len(rows_of(client, address)) == int(value), address


def test_a_week_leads_to_its_finished_dossiers(busy, seat):
    client = seat("chutich.dinhson")
    weeks = re.findall(
        r'<tr><td><a href="([^"]+)">16/11</a></td><td class="right">([^<]+)<', source(client.get(PAGE))
    )
    assert weeks[0][1] == "50%"
    assert len(rows_of(client, weeks[0][0])) == 2


def test_the_overview_narrows_to_a_unit_below(busy, seat):
    client = seat("chutich.tinh")
    below = re.search(r'<tr data-row="([^"]+)"', source(client.get(PAGE)))[1]
    assert "Ủy ban nhân dân thành phố Đình Sơn và các đơn vị bên dưới" in words(client.get(below))
    shown = figures(source(client.get(below)))
    assert shown[0][1] == "3"


def test_the_overview_is_for_who_oversees_units(busy, seat):
    for username in ("motcua.dinhson", "chuyenvien.tckh.dinhson", "congchuc.anmau.dinhson"):
        assert seat(username).get(PAGE).status_code == 403, username
        assert PAGE not in source(seat(username).get("/lam-viec/")), username
    assert seat("soan.thutuc").get(PAGE).status_code == 403
    assert PAGE in source(seat("chutich.dinhson").get("/lam-viec/"))


def test_a_unit_out_of_reach_is_not_found(busy, seat):
    department = busy.unit("H99.02")
    assert seat("chutich.dinhson").get(f"{PAGE}?don-vi={department.id}").status_code == 404
    assert seat("chutich.tinh").get(f"{PAGE}?don-vi={department.id}").status_code == 200


def test_a_leader_of_a_commune_counts_only_the_commune(busy, seat):
    shown = figures(source(seat("chutich.anmau.dinhson").get(PAGE)))
    assert [value for _label, value, _address in shown] == ["0", "0", "0", "0", "0", "–"]


def test_the_overview_costs_a_bounded_number_of_statements(busy, seat):
    asked = statements(seat("chutich.dinhson"), PAGE)
    assert len(asked) <= 22, "\n".join(asked)


def test_the_address_of_a_figure_stays_on_this_server(busy, seat):
    for _label, _value, address in figures(source(seat("chutich.tinh").get(PAGE))):
        assert urlsplit(address).netloc == ""

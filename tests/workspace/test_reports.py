"""Report II.06a on screen: every number opens the list that it counts; a unit out of reach is not found."""

import datetime as dt
import re

import pytest

from dinh.foundation.actions.public import system
from dinh.onestop.models import Dossier, IndicatorSum, StepRun, StepTime
from dinh.onestop.public import recount_figures, recount_indicators, refuse
from tests.workspace.conftest import accepted, rows_of, source, statements, words

pytestmark = pytest.mark.django_db

PAGE = "/lam-viec/bao-cao/"


@pytest.fixture
def handled(province):
    """Dossiers in every column of the form."""
    day = dt.timedelta(days=1)
    for days in (-40, -1, 0, 2):
        ended = accepted(province)
        Dossier.objects.filter(pk=ended.pk).update(
            state="returned",
            accepted_at=province.now - 30 * day,
            due_at=province.now + days * day,
            finished_at=province.now,
        )
    late = accepted(province)
    Dossier.objects.filter(pk=late.pk).update(channel="counter", due_at=province.now - day)
    gone = accepted(province)
    Dossier.objects.filter(pk=gone.pk).update(state="withdrawn", finished_at=province.now)
    refuse(province.submitted(), reason="Không đúng nơi nhận", by=province.clerk, now=province.now)
    return province


def counts(page):
    """(address, number) of every figure of a page."""
    return [
        (address, int(number)) for address, number in re.findall(r'href="([^"]+)" data-count="(\d+)"', page)
    ]


@pytest.mark.parametrize("username", ["chutich.dinhson", "chutich.tinh"])
def test_every_number_of_the_report_opens_its_list(handled, seat, username):
    client = seat(username)
    for query in ("", "?theo=thu-tuc", "?ky=2026&theo=co-quan", "?tu=2026-10-01&den=2026-11-20"):
        found = counts(source(client.get(PAGE + query)))
        assert len(found) >= 11
        for address, number in found:
            assert len(rows_of(client, address)) == number, address


def test_the_columns_add_up_as_the_form_says(handled, seat):
    page = source(seat("chutich.dinhson").get(PAGE + "?ky=2026-11"))
    foot = re.search(r"<tfoot>(.*?)</tfoot>", page, re.DOTALL)[1]
    total, online, direct, carried, done, early, on_time, late, open_, in_time, overdue = [
        int(number) for number in re.findall(r'data-count="(\d+)"', foot)
    ]
    assert total == online + direct + carried == 6
    assert done == early + on_time + late == 4
    assert open_ == in_time + overdue == 1
    assert (early, on_time, late, overdue) == (1, 1, 2, 1)
    assert "1 hồ sơ công dân rút hoặc dừng giải quyết" in words(
        seat("chutich.dinhson").get(PAGE + "?ky=2026-11")
    )


def test_the_report_is_for_who_reaches_an_agency(handled, seat):
    for username in ("motcua.dinhson", "chuyenvien.tckh.dinhson"):
        assert seat(username).get(PAGE).status_code == 403, username
    assert seat("soan.thutuc").get(PAGE).status_code == 403
    department = handled.unit("H99.02")
    assert seat("chutich.dinhson").get(f"{PAGE}?don-vi={department.id}").status_code == 404
    assert seat("chutich.tinh").get(f"{PAGE}?don-vi={department.id}").status_code == 200


def test_a_period_without_dossiers_says_what_to_do(handled, seat):
    assert "Không có hồ sơ nào trong kỳ này" in words(seat("chutich.dinhson").get(PAGE + "?ky=2020"))
    assert seat("chutich.dinhson").get(PAGE + "?ky=nonsense&tu=x&den=y&theo=z").status_code == 200


def test_the_report_costs_a_bounded_number_of_statements(handled, seat):
    asked = statements(seat("chutich.tinh"), PAGE)
    assert len(asked) <= 16, "\n".join(asked)


def test_the_recounts_are_listed(handled, seat):
    recount_figures(by=system("test"), now=handled.now)
    IndicatorSum.objects.create(
        agency_id=handled.unit("H99.31").id,
        month=dt.date(2026, 3, 1),
        measure="attitude",
        points=7,
        cases=4,
        counted_at=handled.now,
    )
    recount_indicators(by=system("test"), now=handled.now)
    page = words(seat("chutich.tinh").get(PAGE + "doi-soat/"))
    assert "khớp" in page
    assert "1 tổng của chỉ số" in page
    assert "03/2026 Ủy ban nhân dân thành phố Đình Sơn thái độ -7 -4" in page


def test_agencies_are_rated_and_each_part_is_explained(handled, seat):
    client = seat("chutich.tinh")
    page = client.get("/lam-viec/bao-cao/danh-gia/?ky=2026-11")
    assert "Ủy ban nhân dân thành phố Đình Sơn" in words(page)
    for address, number in counts(source(page)):
        assert len(rows_of(client, address)) == number, address
    agency = handled.unit("H99.31")
    shown = words(client.get(f"/lam-viec/bao-cao/danh-gia/{agency.id}/?ky=2026-11"))
    assert "quy về thang 18" in shown
    assert "Hệ thống này chưa có dữ liệu; không tính." in shown
    assert seat("chutich.anmau.dinhson").get(f"/lam-viec/bao-cao/danh-gia/{agency.id}/").status_code == 404
    assert seat("chuyenvien.tckh.dinhson").get("/lam-viec/bao-cao/danh-gia/").status_code == 403
    assert "Chưa có hồ sơ nào để đánh giá" in words(client.get("/lam-viec/bao-cao/danh-gia/?ky=2020"))


def test_late_dossiers_are_put_down_to_where_the_time_was_spent(handled, seat):
    """The causes of lateness that the clocks of steps tell apart add up to all late dossiers."""
    client = seat("chutich.dinhson")
    slow = Dossier.objects.filter(state="returned", due_at__lt=handled.now - dt.timedelta(hours=12)).first()
    StepRun.objects.filter(dossier=slow, kind="handle").update(
        state="done", due_at=handled.now - dt.timedelta(days=5), done_at=handled.now
    )
    agency = slow.agency
    StepTime.objects.create(
        dossier=slow,
        agency=agency,
        unit=agency,
        limit_seconds=0,
        spent_seconds=0,
        late_seconds=10 * 3600,
        ended_at=handled.now,
    )
    shown = client.get(PAGE + "07/?ky=2026-11")
    assert f"{agency.name} 1 quá hạn 1 ngày 2 giờ làm việc" in words(shown)
    page = source(shown)
    total, *by_cause = counts(page)
    assert total[1] == 3
    assert sum(number for _, number in by_cause) == 3
    assert any("cham-tai-co-quan" in address and number == 1 for address, number in by_cause)
    for address, number in counts(page):
        assert len(rows_of(client, address)) == number, address
    assert "Không có hồ sơ nào quá hạn" in words(client.get(PAGE + "07/?ky=2020"))
    assert seat("chuyenvien.tckh.dinhson").get(PAGE + "07/").status_code == 403
    assert client.get(f"{PAGE}07/?don-vi={handled.unit('H99.02').id}").status_code == 404

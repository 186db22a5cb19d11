"""Screens of evaluation: of officials, by people at the desk, of an agency by itself."""

import re

import pytest
from django.test import Client

from dinh.foundation.actions.public import system
from dinh.onestop.models import AgencyReport, Feedback, Rating, RatingAppeal
from dinh.onestop.public import count_indicators
from tests.onestop.test_official_ratings import ended
from tests.workspace.boards import all_figures
from tests.workspace.conftest import source, statements, words

pytestmark = pytest.mark.django_db

OWN, TEAM, FEEDBACK = "/lam-viec/xep-muc/", "/lam-viec/xep-muc/don-vi/", "/lam-viec/danh-gia/"
SPECIALIST, HEAD, CLERK = "chuyenvien.tckh.dinhson", "truongphong.tckh.dinhson", "motcua.dinhson"


@pytest.fixture
def rated(province):
    return province, [ended(province, 2, attitude=3), ended(province, -1, attitude=1)]


def lines(page):
    """The dossiers listed on a page of an official."""
    part = source(page).partition('id="ho-so"')[2]
    return re.findall(r"<tbody>(.*?)</tbody>", part, re.DOTALL)[0].count("<tr>")


def test_an_officials_own_page_explains_every_score(rated, seat):
    """Each figure opens the dossiers that it counts, on the same page.

    Law: TT 01/2018 Điều 14 ý 2
    Screen: /lam-viec/xep-muc/
    """
    _p, _rows = rated
    client = seat(SPECIALIST)
    page = client.get(OWN)
    assert "Xếp mức hoàn thành của tôi" in words(page)
    assert "Hoàn thành 100% nhiệm vụ" in words(page)
    figures = all_figures(page.content.decode())
    assert len(figures) == 5
    for address, number in figures:
        assert lines(client.get(OWN + address.partition("#")[0])) == number, address
    assert "Chưa có hồ sơ nào để xếp mức" in words(client.get(OWN + "?ky=2020"))
    assert lines(client.get(OWN + "?tieu-chi=99")) == 2
    assert len(statements(client, OWN)) <= 14


def test_an_official_appeals_and_the_superior_answers(rated, seat):
    _p, (_good, late) = rated
    client, head = seat(SPECIALIST), seat(HEAD)
    empty = client.post(OWN + "kien-nghi/?ky=2026-11", {"dossier": late.pk, "criterion": "7", "reason": " "})
    assert empty.status_code == 422
    assert "Hãy ghi lý do" in words(empty)
    nothing = client.post(OWN + "kien-nghi/", {"dossier": "x", "criterion": "99", "reason": "Nhầm người"})
    assert nothing.status_code == 422
    assert "Nhầm người" in source(nothing)
    client.post(OWN + "kien-nghi/?ky=2026-11", {"dossier": late.pk, "criterion": "7", "reason": "Nhầm người"})
    appeal = RatingAppeal.objects.get()
    assert "Chờ trả lời" in words(client.get(OWN))
    assert "Nhầm người" in words(head.get(TEAM))
    address = f"{OWN}kien-nghi/{appeal.pk}/"
    wordless = head.post(address, {"verb": "chap-nhan", "answer": ""})
    assert wordless.status_code == 422
    for username in (CLERK, "truongphong.tp.dinhson", "chutich.tinh"):
        assert seat(username).post(address, {"verb": "chap-nhan", "answer": "x"}).status_code == 404, username
    assert client.post(address, {"verb": "chap-nhan", "answer": "x"}).status_code == 403
    done = head.post(address, {"verb": "chap-nhan", "answer": "Đúng"}, follow=True)
    assert "Không có kiến nghị nào chờ trả lời" in words(done)
    assert "không tính" in words(client.get(OWN))


def test_a_rating_is_not_found_for_others(rated, seat):
    p, _rows = rated
    mine = f"{OWN}{p.specialist.position_id}/"
    for username in (SPECIALIST, HEAD, "chutich.dinhson"):
        assert seat(username).get(mine).status_code == 200, username
    for username in (CLERK, "truongphong.tp.dinhson", "vanthu.dinhson", "chutich.anmau.dinhson"):
        assert seat(username).get(mine).status_code == 404, username
    assert seat("congdan").get(mine).status_code == 403
    assert seat(SPECIALIST).get(TEAM).status_code == 403
    assert seat(HEAD).get(f"{TEAM}?don-vi={p.clerk.unit_id}").status_code == 404
    team = seat(HEAD).get(TEAM)
    assert p.specialist.name in words(team)
    for address, number in all_figures(team.content.decode()):
        assert lines(seat(HEAD).get(address)) == number


def test_a_tablet_at_the_counter_a_slip_and_a_survey(province, seat):
    """Evaluation on a device needs no account and names nobody; a slip is typed in; a link is given.

    Law: NĐ 61/2018 Điều 29
    Screen: /lam-viec/danh-gia/
    """
    clerk, anyone = seat(CLERK), Client()
    page = clerk.get(FEEDBACK)
    assert "Chưa có đánh giá nào" in words(page)
    device = re.search(r'href="(/danh-gia-tai-quay/[^"]+)"', source(page))[1]
    assert "Ông/Bà có hài lòng không?" in words(anyone.get(device))
    unsaid = anyone.post(device, {"attitude": "3", "comment": "Chờ lâu"})
    assert unsaid.status_code == 422
    assert "Hãy chọn mức hài lòng chung" in words(unsaid)
    assert "Chờ lâu" in source(unsaid)
    thanks = anyone.post(device, {"overall": "1", "attitude": "1", "comment": "Chờ lâu"}, follow=True)
    assert "Cảm ơn Ông/Bà đã đánh giá" in words(thanks)
    assert anyone.get("/danh-gia-tai-quay/x/").status_code == 410
    clerk.post(FEEDBACK + "phieu/", {"overall": "3"})
    assert clerk.post(FEEDBACK + "phieu/", {"comment": "x"}).status_code == 422
    wrong = clerk.post(FEEDBACK + "phieu/", {"overall": "3", "code": "H99.31-000000-0000"})
    assert wrong.status_code == 422
    assert "không có hồ sơ đã xong nào" in words(wrong)
    assert Feedback.objects.count() == 2
    shown = words(clerk.get(FEEDBACK))
    assert "2 đánh giá" in shown
    assert "Chờ lâu" in shown
    row = ended(province, 1)
    assert clerk.post(FEEDBACK + "khao-sat/", {"survey": "x"}).status_code == 422
    made = source(clerk.post(FEEDBACK + "khao-sat/", {"survey": row.code}))
    link = re.search(r"(/khao-sat/[A-Za-z0-9_:-]+/)", made)[1]
    assert row.code in words(anyone.get(link))
    anyone.post(link, {"overall": "2"})
    assert Rating.objects.get().source == "survey"
    again = anyone.post(link, {"overall": "3"})
    assert again.status_code == 409
    assert "đã được đánh giá" in words(again)
    assert anyone.get("/khao-sat/x/").status_code == 410
    assert seat(SPECIALIST).get(FEEDBACK).status_code == 403
    assert "Chờ lâu" not in words(seat("motcua.anmau.dinhson").get(FEEDBACK))
    assert len(statements(clerk, FEEDBACK)) <= 16


def test_an_agency_evaluates_itself_in_a_report_that_is_checked(rated, seat):
    """The nine indicators of an agency, with its words, as a report to be checked, signed and sealed.

    Law: NĐ 61/2018 Điều 30
    Screen: /lam-viec/bao-cao/phat-hanh/lap/
    """
    p, _rows = rated
    count_indicators(by=system("test"), now=p.now)
    form = {
        "agency": str(p.unit("H99.31").pk),
        "kind": "danh-gia",
        "from": "2026-11-01",
        "until": "2026-11-30",
        "note": "Quá hạn do nghỉ lễ.",
    }
    page = seat("vanthu.dinhson").post("/lam-viec/bao-cao/phat-hanh/lap/", form, follow=True)
    assert "Đánh giá nội bộ" in words(page)
    assert "quy về thang 18" in words(page)
    assert "7. Thái độ của cán bộ" in words(page)
    report = AgencyReport.objects.get()
    assert len(report.figures["lines"]) == 9
    checked = seat("chutich.dinhson").post(f"/lam-viec/bao-cao/phat-hanh/{report.pk}/kiem-tra/", follow=True)
    assert "Báo cáo chờ ký" in words(checked)

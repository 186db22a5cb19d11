"""The screens of reports that agencies issue, and of petitions in report 07."""

import datetime as dt
import re
from uuid import UUID

import pytest

from dinh.foundation.actions.public import system
from dinh.onestop.models import AgencyReport
from dinh.onestop.public import PetitionFacts, note_petition
from tests.workspace.boards import all_figures, length_of
from tests.workspace.conftest import accepted, source, statements, words

pytestmark = pytest.mark.django_db

LIST = "/lam-viec/bao-cao/phat-hanh/"
FORM = {
    "kind": "06a",
    "from": "2026-11-01",
    "until": "2026-11-30",
    "group": "linh-vuc",
    "note": "Đã rà soát.",
}


def press(client, report, verb, **typed):
    return client.post(f"{LIST}{report.pk}/{verb}/", typed, follow=True)


def test_a_report_walks_from_its_form_to_the_agency_above(signing_province, seat):
    """Each person finds the report, sees whose turn it is, and one button."""
    p = signing_province
    accepted(p)
    clerk, head, deputy = seat("vanthu.dinhson"), seat("chutich.dinhson"), seat("phochutich.dinhson")
    page = clerk.get(LIST + "lap/")
    agency = re.search(r'<option value="([0-9a-f-]{36})"', source(page))[1]
    shown = clerk.post(LIST + "lap/", {**FORM, "agency": agency}, follow=True)
    report = AgencyReport.objects.get()
    assert "Kiểm tra số liệu" in words(shown)
    assert "Số liệu đúng, chuyển ký" not in words(shown)
    assert (
        "Ký số" not in source(deputy.get(f"{LIST}{report.pk}/")).partition("</h1>")[2].partition("<table")[0]
    )
    assert clerk.get(f"{LIST}{report.pk}/tep/").status_code == 404
    assert "Báo cáo chờ ký" in words(press(head, report, "kiem-tra"))
    assert "Đã ký" in words(press(deputy, report, "ky"))
    done = words(press(clerk, report, "phat-hanh"))
    assert "Số 01/BC-UBND ngày 16/11/2026" in done
    paper = seat("chutich.tinh").get(f"{LIST}{report.pk}/tep/")
    assert paper["Content-Type"] == "application/pdf"
    assert "Đã nhận báo cáo" in words(press(seat("vanthu.tinh"), report, "nhan"))
    report.refresh_from_db()
    checked = seat("congdan").get(f"/kiem-tra-ket-qua/?ma={report.code}")
    assert "01/BC-UBND" in words(checked)
    assert "Có kết quả được cấp theo mã này" in words(checked)
    assert len(statements(clerk, LIST)) <= 24


def test_what_is_wrong_stands_at_its_place_and_what_was_typed_is_kept(province, seat):
    clerk = seat("vanthu.dinhson")
    agency = str(province.unit("H99.31").pk)
    typed = {**FORM, "agency": agency, "from": "2026-11-30", "until": "2026-11-01"}
    wrong = clerk.post(LIST + "lap/", typed)
    assert wrong.status_code == 422
    assert "ngày đầu không sau ngày cuối" in words(wrong)
    assert "Đã rà soát." in source(wrong)
    assert clerk.post(LIST + "lap/", {**FORM, "agency": "x"}).status_code == 404
    department = str(province.unit("H99.02").pk)
    assert clerk.post(LIST + "lap/", {**FORM, "agency": department}).status_code == 404
    clerk.post(LIST + "lap/", {**FORM, "agency": agency})
    again = clerk.post(LIST + "lap/", {**FORM, "agency": agency})
    assert again.status_code == 422
    assert "đang được lập" in words(again)
    report = AgencyReport.objects.get()
    empty = press(seat("chutich.dinhson"), report, "tra-lai", reason=" ")
    assert empty.status_code == 422
    assert "Hãy ghi điều cần sửa" in words(empty)


def test_a_report_of_another_agency_is_not_found(province, seat):
    clerk = seat("vanthu.dinhson")
    clerk.post(LIST + "lap/", {**FORM, "agency": str(province.unit("H99.31").pk)})
    report = AgencyReport.objects.get()
    for username in ("vanthu.anmau.dinhson", "chutich.anmau.dinhson", "vanthu.stp", "motcua.dinhson"):
        other = seat(username)
        assert other.get(f"{LIST}{report.pk}/").status_code == 404, username
        assert other.get(f"{LIST}{report.pk}/tep/").status_code == 404, username
        for verb in ("lay-lai", "kiem-tra", "tra-lai", "bo", "ky", "phat-hanh", "nhan"):
            assert other.post(f"{LIST}{report.pk}/{verb}/").status_code == 404, (username, verb)
        assert "Tình hình, kết quả" not in words(other.get(LIST)), username
    assert clerk.post(f"{LIST}{report.pk}/nonsense/").status_code == 404
    assert clerk.post(f"{LIST}{report.pk}/ky/").status_code == 403
    assert seat("motcua.dinhson").get(LIST + "lap/").status_code == 403
    assert "Đã bỏ báo cáo" in words(press(clerk, report, "bo"))
    assert "Đã bỏ" in words(clerk.get(LIST))


def test_petitions_of_report_07_open_their_list(province, seat):
    """Numbers of petitions lead to their codes and times; words and names stay where they are.

    Law: TT 01/2018 Điều 13 tiêu chí 8
    Screen: /lam-viec/bao-cao/07/
    """
    agency = province.unit("H99.31").pk
    for number, days in enumerate((-40, -20, -10, -5), start=1):
        at = province.now + dt.timedelta(days=days)
        note_petition(
            PetitionFacts(
                petition_id=UUID(int=number),
                code=f"PA-{number}",
                kind="feedback",
                agency_id=agency,
                received_at=at,
                due_at=at + dt.timedelta(days=15),
                answered_at=at + dt.timedelta(days=3) if number == 2 else None,
            ),
            by=system("test"),
        )
    client = seat("chutich.dinhson")
    page = client.get("/lam-viec/bao-cao/07/?ky=2026-11")
    figures = all_figures(page.content.decode())
    assert len(figures) >= 4
    for address, number in figures:
        assert length_of(client, address) == number, address
    address = next(address for address, _ in figures if "pa-tong" in address)
    assert "PA-1" in words(client.get(address))
    assert "PA-1" not in words(seat("chutich.anmau.dinhson").get(address))
    assert "Không có phản ánh, kiến nghị" in words(client.get("/lam-viec/bao-cao/07/?ky=2020"))

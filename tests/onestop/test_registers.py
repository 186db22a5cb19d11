"""The register: accepted dossiers in their order, as far as the reader sees, printed by a job."""

import datetime as dt
import io

import openpyxl
import pypdfium2
import pytest

from dinh.foundation.actions.public import system
from dinh.foundation.directory.models import Appointment
from dinh.foundation.files.public import open_content
from dinh.foundation.signing.public import validate_pdf
from dinh.kernel.errors import NotFound
from dinh.onestop.models import Dossier, RegisterPrint
from dinh.onestop.public import (
    RegisterFilter,
    access_print,
    ask_register,
    get_print,
    make_register,
    own_prints,
    register_page,
)
from dinh.onestop.rules import registers
from dinh.onestop.rules.registers import RegisterTooLong, UnknownSheet, month_of
from tests.onestop.conftest import ANSWERS

NOVEMBER = RegisterFilter(from_on=dt.date(2026, 11, 1), until_on=dt.date(2026, 11, 30))


def made(p, chosen=NOVEMBER, *, kind="xlsx", by=None):
    row = ask_register(chosen, kind=kind, by=by or p.clerk, now=p.now)
    return make_register(get_print(row.id), by=system("test"), now=p.now)


def content_of(row):
    with open_content(row.file_id) as stream:
        return stream.read()


def codes(page):
    return [row.code for row in page.rows]


def test_the_register_holds_accepted_dossiers_in_their_order_with_the_receipts_ordinal(province):
    """Law: TT 01/2018 Điều 9 Mẫu 06
    Screen: /lam-viec/so-theo-doi/
    Law: TT 01/2018 Điều 10 ý 1
    Screen: /lam-viec/so-theo-doi/
    Law: NĐ 61/2018 Điều 14 khoản 5
    Screen: /lam-viec/so-theo-doi/
    """
    p = province
    first, second = p.accepted(), p.accepted()
    p.submitted()
    page = register_page(p.clerk, NOVEMBER, now=p.now)
    assert codes(page) == [first.code, second.code]
    row = page.rows[0]
    assert (row.ordinal, row.sets, row.applicant_name) == ("0001", 1, first.applicant_name)
    assert (row.accepted_at, row.due_at, row.returned_at) == (p.now, first.due_at, None)
    assert not row.is_late
    assert register_page(p.clerk, NOVEMBER, now=p.now + dt.timedelta(days=9)).rows[0].is_late


def test_the_register_narrows_and_turns_pages_without_gap_or_repeat(province):
    p = province
    made_here = [p.accepted() for _ in range(3)]
    answers, agency = ANSWERS["1.004873"]
    at_commune = p.accepted(code="1.004873", agency=agency, answers=answers)
    p.now += dt.timedelta(days=20)
    later = p.accepted()
    day = RegisterFilter(from_on=dt.date(2026, 12, 6), until_on=dt.date(2026, 12, 6))
    assert codes(register_page(p.clerk, day, now=p.now)) == [later.code]
    year = RegisterFilter(from_on=dt.date(2026, 1, 1), until_on=dt.date(2026, 12, 31))
    seen, after = [], ""
    while True:
        page = register_page(p.clerk, year, now=p.now, after=after, size=2)
        seen += codes(page)
        after = page.after
        if not after:
            break
    assert seen == [one.code for one in [*made_here, later]]
    commune = p.actor("motcua.binhmau.dinhson")
    assert codes(register_page(commune, year, now=p.now)) == [at_commune.code]
    field = at_commune.procedure.field_code
    narrowed = RegisterFilter(from_on=year.from_on, until_on=year.until_on, field_code=field)
    assert codes(register_page(p.clerk, narrowed, now=p.now)) == []
    done = RegisterFilter(from_on=year.from_on, until_on=year.until_on, state="done")
    assert codes(register_page(p.clerk, done, now=p.now)) == []
    for odd in ("x", "2026_y", "2026-01-01T00:00:00_" + str(later.pk)):
        assert codes(register_page(p.clerk, year, now=p.now, after=odd)) == []
    assert codes(register_page(p.citizen, NOVEMBER, now=p.now)) == [
        one.code for one in [*made_here, at_commune]
    ]


def test_a_print_is_a_sheet_of_plain_text_with_the_readers_lines_alone(province):
    p = province
    p.accepted()
    Dossier.objects.update(applicant_name="=HYPERLINK(1)", applicant_address="a\x0bb")
    answers, agency = ANSWERS["1.004873"]
    p.accepted(code="1.004873", agency=agency, answers=answers)
    row = made(p)
    assert (row.state, row.lines, row.is_sealed) == ("ready", 1, False)
    sheet = openpyxl.load_workbook(io.BytesIO(content_of(row))).active
    heading, line = list(sheet.iter_rows(min_row=2))
    assert [cell.value for cell in heading][:3] == ["TT", "Mã hồ sơ", "Tên thủ tục hành chính"]
    assert (line[4].value, line[4].data_type) == ("=HYPERLINK(1)", "s")
    assert make_register(row, by=system("test"), now=p.now).file_id == row.file_id


def test_the_paper_is_a4_across_numbered_and_sealed(signing_province):
    """Law: TT 01/2018 Điều 9 Mẫu 06
    Screen: /lam-viec/so-theo-doi/ban-in/
    Law: TT 01/2018 Điều 9
    Screen: /lam-viec/so-theo-doi/ban-in/
    Law: TT 01/2018 Điều 10 ý 3
    Screen: /lam-viec/so-theo-doi/ban-in/
    """
    p = signing_province
    first = p.accepted()
    row = made(p, kind="pdf")
    assert row.is_sealed
    content = content_of(row)
    assert validate_pdf(content, now=p.now).verdict == "valid"
    page = pypdfium2.PdfDocument(content)[0]
    assert [round(side / 72 * 25.4) for side in page.get_size()] == [297, 210]
    words = " ".join(page.get_textpage().get_text_range().split())
    for said in ("SỔ THEO DÕI HỒ SƠ", "Quyển số: 2026", first.applicant_name, "Cộng: 1 hồ sơ"):
        assert said in words, said


def test_without_a_key_the_paper_says_that_it_is_not_signed(province):
    row = made(province, kind="pdf")
    assert (row.state, row.is_sealed, row.lines) == ("ready", False, 0)
    words = pypdfium2.PdfDocument(content_of(row))[0].get_textpage().get_text_range()
    assert "Bản in không ký số" in " ".join(words.split())


def test_a_print_is_its_askers_alone_and_made_with_the_rights_of_that_hour(province):
    p = province
    p.accepted()
    row = made(p)
    assert access_print(p.clerk, row.id).id == row.id
    assert [one.id for one in own_prints(p.clerk)] == [row.id]
    for by in (p.specialist, p.citizen, p.other_commune):
        with pytest.raises(NotFound):
            access_print(by, row.id)
        assert own_prints(by) == []
    asked = ask_register(NOVEMBER, kind="xlsx", by=p.clerk, now=p.now)
    with pytest.raises(NotFound):
        access_print(p.clerk, asked.id)
    Appointment.objects.filter(person_id=p.clerk.person_id).update(until_on=dt.date(2026, 11, 1))
    failed = make_register(RegisterPrint.objects.get(pk=asked.id), by=system("test"), now=p.now)
    assert (failed.state, failed.file_id) == ("failed", None)
    assert "không còn giữ chức vụ" in failed.fault


def test_too_much_for_one_volume_is_refused_before_it_is_made(province, monkeypatch):
    p = province
    p.accepted()
    p.accepted()
    monkeypatch.setitem(registers.MOST_LINES, "pdf", 1)
    with pytest.raises(RegisterTooLong):
        ask_register(NOVEMBER, kind="pdf", by=p.clerk, now=p.now)
    with pytest.raises(UnknownSheet):
        ask_register(NOVEMBER, kind="exe", by=p.clerk, now=p.now)
    assert not RegisterPrint.objects.exists()


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        (dt.date(2026, 11, 22), dt.date(2026, 11, 1), dt.date(2026, 11, 30)),
        (dt.date(2026, 12, 31), dt.date(2026, 12, 1), dt.date(2026, 12, 31)),
        (dt.date(2028, 2, 29), dt.date(2028, 2, 1), dt.date(2028, 2, 29)),
    ],
)
def test_a_month_has_its_first_and_last_day(on, first, last):
    assert month_of(on) == (first, last)

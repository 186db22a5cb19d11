"""The list of dossiers as CSV: the same rows, and nothing that a spreadsheet would run."""

import csv
import io

import pytest

from dinh.onestop.models import Dossier
from tests.workspace.conftest import accepted, rows_of, words

pytestmark = pytest.mark.django_db

EXPORT = "/lam-viec/ho-so/xuat.csv"


def lines_of(response):
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


@pytest.mark.parametrize("query", ["", "?trang-thai=processing", "?q=khongco", "?ky=2026-11&dem=moi"])
def test_the_export_holds_the_rows_of_the_list(province, seat, query):
    accepted(province)
    province.submitted()
    for username in ("motcua.dinhson", "congchuc.anmau.dinhson", "chutich.tinh"):
        client = seat(username)
        lines = lines_of(client.get(EXPORT + query))
        assert len(lines) - 1 == len(rows_of(client, f"/lam-viec/ho-so/{query}")), username


def test_a_name_that_looks_like_a_formula_is_text(province, seat):
    dossier = accepted(province)
    for name in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"):
        Dossier.objects.filter(pk=dossier.pk).update(applicant_name=name)
        line = lines_of(seat("motcua.dinhson").get(EXPORT))[1]
        assert line[2].lstrip("\r\n").startswith("'"), name


def test_the_export_is_read_as_utf8_and_streamed(province, seat):
    accepted(province)
    answer = seat("motcua.dinhson").get(EXPORT)
    assert answer.streaming
    first = next(iter(answer.streaming_content))
    assert first.startswith("\ufeff".encode())
    assert seat("soan.thutuc").get(EXPORT).status_code == 403


def test_an_empty_list_of_dossiers_says_so(province, seat):
    assert "Không có hồ sơ nào phù hợp" in words(seat("motcua.dinhson").get("/lam-viec/ho-so/"))

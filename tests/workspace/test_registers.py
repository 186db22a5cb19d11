"""The screens of the register and of the control slip."""

import pytest

from dinh.foundation.actions.public import system
from dinh.onestop.models import Paper, RegisterPrint
from dinh.onestop.public import make_register
from tests.workspace.conftest import accepted, source, statements, words

REGISTER = "/lam-viec/so-theo-doi/"


def test_the_register_shows_its_form_number_its_period_and_its_lines(province, seat):
    dossier = accepted(province)
    client = seat("motcua.dinhson")
    page = words(client.get(REGISTER))
    assert "Sổ theo dõi hồ sơ" in page
    assert "Mẫu số 06" in page
    assert dossier.code in page
    assert "01/11/2026" in page
    empty = words(client.get(REGISTER, {"tu": "01/01/2026", "den": "31/01/2026"}))
    assert "Không có hồ sơ nào được tiếp nhận" in empty
    assert dossier.code not in words(seat("congchuc.anmau.dinhson").get(REGISTER))
    assert len(statements(client, REGISTER)) <= 16


@pytest.mark.parametrize("period", [("mai", ""), ("02/11/2026", "01/11/2026"), ("01/01/1900", "")])
def test_a_period_that_cannot_be_is_said_and_kept(province, seat, period):
    answer = seat("motcua.dinhson").get(REGISTER, {"tu": period[0], "den": period[1]})
    assert answer.status_code == 422
    assert "Ngày không đúng" in words(answer)
    assert f'value="{period[0]}"' in source(answer)


def test_a_print_is_asked_for_made_and_opened(province, seat):
    accepted(province)
    client = seat("motcua.dinhson")
    assert client.post(f"{REGISTER}in/", {"dang": "exe"}).status_code == 409
    assert client.post(f"{REGISTER}in/", {"dang": "xlsx", "tu": "mai"}).status_code == 422
    sent = client.post(f"{REGISTER}in/", {"dang": "xlsx", "tu": "01/11/2026", "den": "30/11/2026"})
    assert sent.status_code == 302
    waiting = source(client.get(sent["Location"]))
    assert "Đang lập" in waiting
    assert "hx-trigger" in waiting
    row = make_register(RegisterPrint.objects.get(), by=system("test"), now=province.now)
    ready = source(client.get(sent["Location"]))
    assert "Mở bản in" in ready
    assert "hx-trigger" not in ready
    address = f"{REGISTER}ban-in/{row.id}/"
    assert client.get(address)["Content-Disposition"].startswith("attachment")
    assert seat("chuyenvien.tckh.dinhson").get(address).status_code == 404
    assert "Chưa có bản in nào" in words(seat("chuyenvien.tckh.dinhson").get(sent["Location"]))


def test_the_slips_page_shows_each_handing_over_and_asks_for_the_paper(province, seat):
    dossier = accepted(province)
    address = f"/lam-viec/ho-so/{dossier.id}/kiem-soat/"
    client = seat("chuyenvien.tckh.dinhson")
    assert address in source(client.get(f"/lam-viec/ho-so/{dossier.id}/?phan=cac-buoc"))
    page = words(client.get(address))
    assert "Người nộp hồ sơ" in page
    assert "Thẩm định hồ sơ" in page
    assert client.post(address).status_code == 302
    assert Paper.objects.filter(form="control_slip").count() == 1
    assert "Đang lập và ký số" in words(client.get(address))
    stranger = seat("congchuc.anmau.dinhson")
    assert stranger.get(address).status_code == 404
    assert stranger.post(address).status_code == 404

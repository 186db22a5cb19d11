"""Several rows of the work list in one act: ticked, looked at, done, told row by row."""

import datetime as dt
import re
from urllib.parse import urlencode

import pytest

from dinh.onestop.models import WorkItem
from dinh.onestop.public import claim
from tests.workspace.conftest import accepted, source, words

pytestmark = pytest.mark.django_db

LIST = "/lam-viec/"
BATCH = f"{LIST}cung-luc/"


def ids_of(client, address=f"{LIST}?viec=all"):
    return re.findall(r'name="buoc" value="([^"]+)"', source(client.get(address)))


def test_rows_are_ticked_looked_at_and_done(province, seat):
    dossiers = [accepted(province) for _ in range(2)]
    client = seat("chuyenvien.tckh.dinhson")
    ids = ids_of(client)
    assert len(ids) == 2
    asked = client.get(BATCH + "?" + urlencode({"viec": "claim", "buoc": ids}, doseq=True))
    assert "Nhận xử lý: 2 việc" in words(asked)
    done = client.post(BATCH, {"viec": "claim", "buoc": ids, "tro-lai": f"{LIST}?viec=all"})
    assert "Đã làm xong 2 việc." in words(done)
    assert f'href="{LIST}?viec=all"' in source(done)
    assert set(WorkItem.objects.values_list("holder_id", flat=True)) == {province.specialist.position_id}
    assert all(dossier.code in words(done) for dossier in dossiers)


def test_what_was_not_done_says_why_beside_what_was(province, seat):
    first, second = accepted(province), accepted(province)
    p = province
    claim(p.open_step(first, "tham_dinh"), by=p.specialist, now=p.now)
    client = seat("chuyenvien.tckh.dinhson")
    answer = words(client.post(BATCH, {"viec": "forward", "buoc": ids_of(client), "note": ""}))
    # The step has two ways forward, so neither row goes by itself.
    assert "2 việc chưa làm được" in answer
    assert "Không “Chuyển bước tiếp” được ở bước “Thẩm định hồ sơ”. Hãy mở hồ sơ" in answer
    assert second.code in answer


def test_nothing_ticked_is_said_in_words(province, seat):
    accepted(province)
    client = seat("chuyenvien.tckh.dinhson")
    assert "Chưa đánh dấu việc nào" in words(client.get(BATCH))
    answer = client.post(BATCH, {"viec": "claim", "buoc": ["khong-phai-ma", ""]})
    assert answer.status_code == 409
    assert "Hãy đánh dấu ít nhất một dòng" in words(answer)


def test_a_leader_sees_the_load_and_gives_the_rows_out(province, seat):
    accepted(province)
    client = seat("truongphong.tckh.dinhson")
    ids = ids_of(client)
    asked = client.get(BATCH + "?" + urlencode({"viec": "assign", "buoc": ids}, doseq=True))
    assert f"{province.specialist.name} Chuyên viên · đang giữ 0 việc, quá hạn 0" in words(asked)
    assert 'value="assign"' not in source(seat("chuyenvien.tckh.dinhson").get(f"{LIST}?viec=all"))
    answer = client.post(
        BATCH, {"viec": "assign", "buoc": ids, "position": str(province.specialist.position_id)}
    )
    assert "Đã làm xong 1 việc." in words(answer)
    assert WorkItem.objects.get().holder_name == province.specialist.name


def test_signing_many_asks_for_the_password_again(province, seat, hour):
    accepted(province)
    client = seat("phochutich.dinhson")
    assert client.post(BATCH, {"viec": "sign", "buoc": ids_of(client)}).status_code == 200
    hour.now += dt.timedelta(minutes=20)
    assert client.post(f"{BATCH}ky/", {"viec": "sign", "buoc": ids_of(client)})["Location"].startswith(
        "/xac-nhan-mat-khau/"
    )


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/quan-tri/"])
def test_the_way_back_is_the_list_and_nowhere_else(province, seat, elsewhere):
    accepted(province)
    client = seat("chuyenvien.tckh.dinhson")
    page = source(client.post(BATCH, {"viec": "claim", "buoc": ids_of(client), "tro-lai": elsewhere}))
    assert elsewhere not in re.findall(r'href="([^"]+)"', page[page.index("<main") : page.index("</main>")])


def test_rows_of_another_commune_cannot_be_ticked(province, seat):
    accepted(province)
    ids = ids_of(seat("chuyenvien.tckh.dinhson"))
    stranger = seat("congchuc.anmau.dinhson")
    page = words(stranger.get(BATCH + "?" + urlencode({"viec": "claim", "buoc": ids}, doseq=True)))
    assert "Chưa đánh dấu việc nào" in page
    assert stranger.post(BATCH, {"viec": "claim", "buoc": ids}).status_code == 409
    assert WorkItem.objects.get().holder_id is None


def test_undo_stands_on_the_page_until_somebody_goes_on(province, seat):
    dossier = accepted(province)
    step = province.open_step(dossier, "tham_dinh")
    client = seat("chuyenvien.tckh.dinhson")
    page = f"/lam-viec/ho-so/{dossier.id}/"
    undo = f"/lam-viec/buoc/{step.id}/hoan-tac/"
    assert undo not in source(client.get(page))
    client.post(f"/lam-viec/buoc/{step.id}/nhan/")
    assert undo in source(client.get(page))
    assert undo not in source(seat("truongphong.tckh.dinhson").get(page))
    assert client.post(undo).status_code == 302
    assert WorkItem.objects.get().holder_id is None
    assert client.post(undo).status_code == 409

"""The screens of apologies: the list of what is owed, the letter's page, its errors at their place."""

import pytest

from dinh.onestop.models import Apology
from dinh.onestop.public import propose_apology
from tests.onestop.test_apologies import NEW_DAY
from tests.workspace.conftest import accepted, source, statements, words

TYPED = {"viec": "de-nghi", "reason": "Chờ xác minh.", "new_due_on": "23/11/2026"}


def page_of(dossier):
    return f"/lam-viec/ho-so/{dossier.id}/xin-loi/"


def test_a_specialist_proposes_and_the_leader_sees_it_waiting(province, seat):
    """Law: TT 01/2018 Điều 17 ý 5
    Screen: /lam-viec/xin-loi/
    """
    dossier = accepted(province)
    client = seat("chuyenvien.tckh.dinhson")
    assert "/xin-loi/" in source(client.get(f"/lam-viec/ho-so/{dossier.id}/"))
    page = words(client.get(page_of(dossier)))
    assert "Trình ký thư xin lỗi" in page
    assert "Ký số và gửi" not in page
    assert client.post(page_of(dossier), TYPED).status_code == 302
    leader = seat("phochutich.dinhson")
    assert dossier.code in words(leader.get("/lam-viec/xin-loi/"))
    shown = source(leader.get(page_of(dossier)))
    assert "Chờ xác minh." in shown
    assert 'value="23/11/2026"' in shown
    assert "Ký số và gửi thư xin lỗi" in shown
    sent = leader.post(page_of(dossier), {"viec": "khong-dong-y", "answer": "Làm cho kịp."})
    assert sent.status_code == 302
    assert "Làm cho kịp." in words(leader.get(page_of(dossier)))


@pytest.mark.parametrize(
    ("typed", "place", "sentence"),
    [
        ({"reason": ""}, "f-reason", "Hãy ghi lý do"),
        ({"new_due_on": "mai"}, "f-new_due_on", "ngày/tháng/năm"),
        ({"new_due_on": "22/11/2026"}, "f-new_due_on", "ngày nghỉ"),
        ({"new_due_on": "17/11/2026"}, "f-new_due_on", "phải sau ngày hẹn cũ"),
    ],
)
def test_an_error_stands_at_its_place_and_what_was_typed_is_kept(province, seat, typed, place, sentence):
    dossier = accepted(province)
    answer = seat("chuyenvien.tckh.dinhson").post(page_of(dossier), {**TYPED, **typed})
    assert answer.status_code == 409
    assert f'href="#{place}"' in source(answer)
    assert sentence in words(answer)
    kept = {**TYPED, **typed}
    assert kept["reason"] in source(answer)
    assert kept["new_due_on"] in source(answer)
    assert not Apology.objects.exists()


def test_strangers_find_nothing_and_lookers_on_may_not_propose(province, seat):
    dossier = accepted(province)
    stranger = seat("congchuc.anmau.dinhson")
    assert stranger.get(page_of(dossier)).status_code == 404
    assert stranger.post(page_of(dossier), TYPED).status_code == 404
    head = seat("truongphong.tckh.dinhson")
    assert "Ông/Bà xem được hồ sơ" in words(head.get(page_of(dossier)))
    assert head.post(page_of(dossier), TYPED).status_code == 403


def test_lists_cost_the_same_for_one_and_many_and_say_when_they_are_empty(province, seat, hour):
    client = seat("motcua.dinhson")
    for tab, said in (("cho-ky", "chờ ký"), ("qua-han", "thiếu thư xin lỗi"), ("da-gui", "Chưa gửi")):
        assert said in words(client.get(f"/lam-viec/xin-loi/?muc={tab}"))
    dossiers = [accepted(province) for _ in range(3)]
    for dossier in dossiers[:2]:
        propose_apology(dossier, reason="x", new_due_on=NEW_DAY, by=province.specialist, now=province.now)
    assert client.get("/lam-viec/xin-loi/?muc=khac&sau=zzz").status_code == 200
    hour.pass_days(7)
    client = seat("motcua.dinhson")
    late = "/lam-viec/xin-loi/?muc=qua-han"
    asked = statements(client, late)
    assert words(client.get(late)).count("Quá hạn") >= 3
    accepted(province)
    assert len(statements(client, late)) <= len(asked)

"""The screens of synchronisation: what is shown, who may see it, sending again, replacing with a reason."""

import datetime as dt

import pytest

from dinh.foundation.actions.models import OutboxMessage
from dinh.foundation.actions.public import system
from dinh.onestop.models import NationalChange, NationalMessage
from dinh.onestop.public import keep_lanes, note_changes, note_given_up
from tests.workspace.conftest import accepted, source, statements, words

pytestmark = pytest.mark.django_db

PAGE = "/quan-tri/cong-quoc-gia/"


@pytest.fixture
def connected(province, settings):
    """A province that has told of two dossiers; the portal does not answer."""
    settings.NATIONAL_ADDRESS = "http://127.0.0.1:1"
    first = accepted(province)
    province.submitted()
    note_changes(now=province.now)
    keep_lanes(by=system("test"), now=province.now)
    return province, first


def give_up(message):
    OutboxMessage.objects.filter(channel="national").update(state="dead", last_error="Cổng không nhận")
    note_given_up(message.pk, now=dt.datetime.now(dt.UTC))


def test_the_list_says_how_far_each_dossier_is(connected, seat):
    _, dossier = connected
    page = words(seat("quantri").get(PAGE))
    assert dossier.code in page
    assert "2. Được tiếp nhận" in page
    assert "1. Mới đăng ký" in page
    assert "cổng quốc gia mẫu, không phải cổng thật" in page


def test_filters_narrow_and_a_search_finds_by_code(connected, seat):
    _, dossier = connected
    client = seat("quantri")
    assert dossier.code in words(client.get(PAGE, {"q": dossier.code.lower()}))
    assert dossier.code not in source(client.get(PAGE, {"trang-thai": "1"}))
    assert dossier.code not in source(client.get(PAGE, {"loai": "stuck"}))
    assert dossier.code in source(client.get(PAGE, {"loai": "behind"}))
    for odd in ({"trang-thai": "99"}, {"sau": "x"}, {"loai": "x"}, {"trang-thai": "²"}):
        assert client.get(PAGE, odd).status_code == 200


@pytest.mark.parametrize("username", ["motcua.dinhson", "chutich.tinh"])
def test_only_who_manages_the_connection_sees_it(connected, seat, username):
    _, dossier = connected
    client = seat(username)
    message = NationalMessage.objects.first()
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}ho-so/{dossier.pk}/").status_code == 403
    for way in ("gui-lai", "thay"):
        assert client.post(f"{PAGE}tin/{message.pk}/{way}/").status_code == 403
    assert client.post(f"{PAGE}dong-bo-lai/").status_code == 403


def test_a_dead_message_is_sent_again_or_replaced_with_a_reason(connected, seat):
    _, dossier = connected
    client = seat("quantri")
    head = NationalMessage.objects.get(dossier=dossier.pk, sequence=1)
    give_up(head)
    page = words(client.get(f"{PAGE}ho-so/{dossier.pk}/"))
    assert "Không gửi được" in page
    assert "Cổng không nhận" in page
    answer = client.post(f"{PAGE}tin/{head.pk}/thay/", {"reason": " "})
    assert answer.status_code == 409
    assert "Hãy ghi lý do" in words(answer)
    assert client.post(f"{PAGE}tin/{head.pk}/gui-lai/", follow=True).status_code == 200
    assert OutboxMessage.objects.get(subject_id=str(head.pk)).state == "waiting"
    give_up(head)
    answer = client.post(f"{PAGE}tin/{head.pk}/thay/", {"reason": "Đã sửa mã thủ tục"}, follow=True)
    assert "Đã sửa mã thủ tục" in words(answer)
    head.refresh_from_db()
    assert head.state == "dropped"
    assert client.post(f"{PAGE}tin/{head.pk}/gui-lai/").status_code == 409


@pytest.mark.usefixtures("connected")
def test_all_open_dossiers_are_told_anew_at_one_press(seat):
    assert "Sẽ đồng bộ lại 2 hồ sơ" in words(seat("quantri").post(f"{PAGE}dong-bo-lai/", follow=True))
    assert NationalChange.objects.count() == 2


def test_without_a_connection_the_page_says_so(province, seat, settings):
    settings.NATIONAL_ADDRESS = ""
    client = seat("quantri")
    assert "Chưa cấu hình kết nối" in words(client.get(PAGE))
    assert "Hãy đặt DINH_NATIONAL" in words(client.post(f"{PAGE}dong-bo-lai/", follow=True))


def test_the_number_of_questions_does_not_grow_with_the_list(connected, seat):
    p, _ = connected
    client = seat("quantri")
    client.get(PAGE)
    before = len(statements(client, PAGE))
    for _ in range(3):
        accepted(p)
    note_changes(now=p.now)
    assert len(statements(client, PAGE)) == before

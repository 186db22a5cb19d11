"""The screens, over HTTP."""

import dataclasses

import pytest

from dinh.foundation.actions.models import OutboxMessage
from dinh.foundation.actions.public import visitor
from dinh.foundation.directory.public import register_person
from dinh.foundation.notify.models import Notice, Preference, TemplateVersion
from dinh.foundation.notify.public import ToAddress, unread_count
from tests.notify.conftest import BY
from tests.notify.saying import VALUES

pytestmark = pytest.mark.django_db(transaction=True)

MESSAGES, TEMPLATES = "/quan-tri/tin-gui/", "/quan-tri/mau-tin/"


def page(client, address: str, **data: str) -> str:
    response = client.get(address, data)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_person_reads_their_notices(seat, citizen, person, tell):
    client = seat(citizen)
    assert "Chưa có thông báo nào" in page(client, "/thong-bao/")
    tell(person.pk)
    shown = page(client, "/thong-bao/")
    assert "Đã tiếp nhận hồ sơ 000.05.01.H99-261121-0001" in shown
    assert "notice-new" in shown
    notice = Notice.objects.get()
    opened = client.get(f"/thong-bao/{notice.pk}/")
    assert (opened.status_code, opened["Location"]) == (302, "/ho-so/1/")
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert "Ông/Bà đã xem hết thông báo" in page(client, "/thong-bao/", chi="chua-xem")


def test_a_notice_without_a_place_to_go_is_shown(seat, citizen, person, tell):
    tell(person.pk, values={**VALUES, "link": ""})
    assert "Người nộp: Trần Văn Mẫu" in page(seat(citizen), f"/thong-bao/{Notice.objects.get().pk}/")


def test_nobody_reads_anothers_notices(seat, citizen, person, tell):
    tell(person.pk)
    stranger = register_person("Người Khác", by=BY)
    client = seat(dataclasses.replace(citizen, person_id=stranger.pk))
    assert "Đã tiếp nhận" not in page(client, "/thong-bao/")
    assert client.get(f"/thong-bao/{Notice.objects.get().pk}/").status_code == 404
    client.post("/thong-bao/da-xem-het/")
    assert Notice.objects.get().read_at is None


def test_all_are_seen_at_once(seat, citizen, person, tell):
    for _ in range(3):
        tell(person.pk)
    seat(citizen).post("/thong-bao/da-xem-het/")
    assert not Notice.objects.filter(read_at=None).exists()


def test_a_long_list_is_turned_page_by_page(seat, citizen, person, tell):
    for number in range(65):
        tell(person.pk, values={**VALUES, "code": f"so-{number:03d}-x"})
    client, address = seat(citizen), "/thong-bao/"
    seen: list[int] = []
    while address:
        shown = page(client, address)
        seen += [number for number in range(65) if f"<strong>Đã tiếp nhận hồ sơ so-{number:03d}-x" in shown]
        older = shown.partition('rel="next" href="')[2].partition('"')[0]
        address = f"/thong-bao/{older}".replace("&amp;", "&") if older else ""
    assert sorted(seen) == list(range(65))
    assert max(seen[30:]) < min(seen[:30]), "the newest come first"


def test_an_unread_count_stands_in_the_officials_head(seat, administrator, tell):
    for _ in range(3):
        tell(administrator.person_id)
    assert "Thông báo: 3 chưa đọc" in page(seat(administrator), MESSAGES)


def test_counting_the_unread_costs_one_query(administrator, django_assert_num_queries):
    with django_assert_num_queries(1):
        unread_count(administrator)
    with django_assert_num_queries(0):
        unread_count(visitor())


def test_a_person_chooses_how_they_are_told(seat, citizen, person):
    client = seat(citizen)
    assert 'name="sms" value="dossier" checked' in page(client, "/thong-bao/cai-dat/")
    client.post("/thong-bao/cai-dat/", {"email": ["dossier", "work", "unknown"], "sms": ["account"]})
    chosen = {row.topic: (row.email, row.sms) for row in Preference.objects.filter(person=person)}
    assert chosen["dossier"] == (True, False)
    assert chosen["account"] == (False, True)
    assert "unknown" not in chosen
    assert 'name="sms" value="dossier" checked' not in page(client, "/thong-bao/cai-dat/")


@pytest.mark.parametrize("address", ["/thong-bao/", "/thong-bao/cai-dat/", MESSAGES, TEMPLATES])
def test_a_visitor_is_asked_to_sign_in(seat, address):
    response = seat(visitor()).get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/dang-nhap/")


@pytest.mark.parametrize("address", [MESSAGES, TEMPLATES, f"{TEMPLATES}sample.asked/"])
def test_the_administrators_screens_are_theirs(seat, administrator, clerk, citizen, address):
    assert seat(administrator).get(address).status_code == 200
    assert seat(clerk).get(address).status_code == 403
    assert seat(citizen).get(address).status_code == 403


def test_the_administrator_sees_what_could_not_leave_and_sends_it_again(
    seat, administrator, tell, deliver, mail_server
):
    tell(ToAddress(name="Khách", email="khach@thu-mau.vn"))
    mail_server.answers = ["550 no"]
    deliver()
    client = seat(administrator)
    shown = page(client, MESSAGES, state="dead")
    assert "k•••@thu-mau.vn" in shown
    assert "khach@thu-mau.vn" not in shown
    assert "Hộp thư của người nhận không nhận thư này" in shown
    assert "Không có tin nào" in page(client, MESSAGES, state="delivered")
    message = OutboxMessage.objects.get()
    detail = page(client, f"{MESSAGES}{message.pk}/")
    assert "Chưa gửi được" in detail
    assert "Kính gửi" not in detail, "the text is nobody else's to read"
    client.post(f"{MESSAGES}gui-lai-het/")
    assert deliver() == 1
    assert "k•••@thu-mau.vn" in page(client, MESSAGES, state="delivered")
    response = client.post(f"{MESSAGES}{message.pk}/gui-lai/", follow=True)
    assert "đã được gửi thành công" in response.content.decode()


def test_only_who_may_resend_resends(seat, administrator, tell):
    tell(ToAddress(name="Khách", email="khach@thu-mau.vn"))
    OutboxMessage.objects.update(state="dead")
    grants = tuple(grant for grant in administrator.grants if grant.permission != "outbox.resend")
    client = seat(dataclasses.replace(administrator, grants=grants))
    assert "Gửi lại" not in page(client, MESSAGES, state="dead")
    client.post(f"{MESSAGES}{OutboxMessage.objects.get().pk}/gui-lai/")
    assert client.post(f"{MESSAGES}gui-lai-het/").status_code == 403
    assert OutboxMessage.objects.get().state == "dead"


def test_filters_are_kept_in_the_address(seat, administrator, tell):
    for number in range(32):
        tell(ToAddress(name="Khách", email=f"khach{number}@thu-mau.vn", phone="0900000123"))
    client = seat(administrator)
    shown = page(client, MESSAGES, channel="email", state="waiting")
    assert "•••••• 123" not in shown
    assert "channel=email&amp;state=waiting&amp;truoc=" in shown
    assert shown.count("k•••@thu-mau.vn") == 30
    assert page(client, MESSAGES, q="khach31@").count("k•••@thu-mau.vn") == 1


def test_odd_addresses_are_answered_plainly(seat, administrator):
    client = seat(administrator)
    assert "Không có tin nào" in page(client, MESSAGES, truoc="x", state="<b>", channel="'")
    assert client.get(f"{MESSAGES}01a20030-8996-7249-b6a9-bcf0b10c7e90/").status_code == 404
    assert client.get(f"{TEMPLATES}sample.none/").status_code == 404


def test_a_template_is_drafted_looked_at_and_published(seat, administrator):
    client = seat(administrator)
    address = f"{TEMPLATES}sample.received/"
    assert "bản có sẵn" in page(client, address)
    wrong = client.post(address, {"subject": "Tin {birth_date}", "body": "Giữ lại chữ này", "do": "draft"})
    assert wrong.status_code == 422
    shown = wrong.content.decode()
    assert "không có trong mẫu này" in shown
    assert "Giữ lại chữ này" in shown
    assert not TemplateVersion.objects.exists()
    client.post(address, {"subject": "Tin {code}", "body": "Gửi {name}: {code}", "do": "draft"})
    shown = page(client, address)
    assert "Gửi Nguyễn Thị Mẫu: [code]" in shown
    assert "Ban hành bản nháp" in shown
    client.post(address, {"do": "publish"})
    assert TemplateVersion.objects.get().published_at is not None
    assert "bản 1 của tỉnh" in page(client, address)
    assert "Bản 1 của tỉnh" in page(client, TEMPLATES)


def test_the_sample_mailbox_says_what_it_is(seat, settings, person, tell, deliver):
    client = seat(visitor())
    assert "Chưa có thư hay tin nhắn nào" in page(client, "/hop-thu-mau/")
    tell(person.pk)
    deliver()
    shown = page(client, "/hop-thu-mau/")
    assert "Đây không phải thư thật" in shown
    assert "Ho so 000.05.01.H99-261121-0001 da duoc tiep nhan" in shown
    assert shown.count('href="/ho-so/1/"') == 2, "the links of the mail and the short message can be opened"
    settings.IS_SAMPLE = False
    assert client.get("/hop-thu-mau/").status_code == 404


def test_markup_in_a_value_is_shown_not_run(seat, citizen, person, tell):
    tell(person.pk, values={**VALUES, "code": "<script>alert(1)</script>"})
    shown = page(seat(citizen), "/thong-bao/")
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_a_citizen_is_not_asked_about_messages_that_only_officials_get(seat, citizen, person):
    client = seat(citizen)
    shown = page(client, "/thong-bao/cai-dat/")
    assert 'value="dossier"' in shown
    assert 'value="work"' not in shown
    client.post("/thong-bao/cai-dat/", {"email": ["work"], "sms": []})
    assert not Preference.objects.filter(person=person, topic="work").exists()

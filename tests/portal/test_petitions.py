"""Petitions and questions: sent by anyone, answered in their time, published without personal data."""

import datetime as dt
import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.models import OutboxMessage
from dinh.foundation.actions.public import system
from dinh.foundation.calendars.models import Calendar
from dinh.foundation.calendars.public import declare_day, publish_calendar
from dinh.foundation.notify.models import Notice
from dinh.kernel.errors import NotFound, Refused
from dinh.portal.models import Petition
from dinh.portal.permissions import SEND_PETITION
from dinh.portal.public import (
    PetitionSeed,
    access_petition,
    approve_answer,
    assign_petition,
    decline_petition,
    desk_counts,
    draft_answer,
    petition_by_contact,
    publish_petition,
    rate_answer,
    recount_petition,
    send_back_answer,
    send_petition,
    visible_petitions,
)
from dinh.portal.rules.petitions import check_without_personal_data, without_personal_data
from dinh.portal.tasks import recount_petitions
from dinh.sso.rules.sign_in import SEND_POLICY
from tests.guards.refusing import assert_refused
from tests.portal.conftest import sentences, signed_in, words

TYPED = {
    "kind": "question",
    "title": "Bao giờ sửa đèn đường thôn 3?",
    "text": "Đèn đường thôn 3 hỏng từ đầu tháng.\nGọi cho tôi số 0900 000 123.",
    "name": "Nguyễn Thị Mẫu",
    "phone": "0900 000 123",
    "email": "",
    "address": "",
    "wants_public": "1",
}
SEED = PetitionSeed(
    kind="question", title=TYPED["title"], text=TYPED["text"], name=TYPED["name"], phone=TYPED["phone"]
)
ANSWER = "Thôn 3 được thay đèn trước ngày 30/11. Cần biết thêm, gọi 0900 000 999."


@pytest.fixture
def desk(province):
    return province.actor("bientap.cong")


@pytest.fixture
def asked(province):
    """A question of a citizen with an account."""
    return send_petition(SEED, by=province.citizen, now=province.now)


@pytest.fixture
def passed_on(asked, province, desk):
    assign_petition(asked, agency_id=province.unit("H99.31.011").id, by=desk, now=province.now)
    return fresh(asked)


def fresh(row):
    return Petition.objects.get(pk=row.pk)


def officer(province):
    return province.actor("vanthu.binhmau.dinhson")


def leader(province):
    return province.actor("chutich.binhmau.dinhson")


def answered(petition, province, now=None):
    draft_answer(petition, answer=ANSWER, by=officer(province), now=province.now)
    approve_answer(petition, by=leader(province), now=now or province.now)
    return fresh(petition)


def code_on(answer) -> str:
    found = re.search(r"PA-[A-Z2-9]{5}-[A-Z2-9]{5}", answer.content.decode())
    assert found
    return found[0]


# --- Sending ----------------------------------------------------------------------------------------


def test_anyone_sends_a_question_without_an_account_and_gets_a_code_and_a_due_moment(visitor, province):
    """Law: NĐ 43/2011/NĐ-CP Điều 17
    Screen: /phan-anh/gui/
    """
    answer = visitor.post("/phan-anh/gui/", TYPED, follow=True)
    petition = Petition.objects.get()
    assert petition.code in words(answer)
    assert "Trả lời chậm nhất" in words(answer)
    due = petition.due_at.astimezone(timezone.get_current_timezone()).date()
    received = petition.received_at.astimezone(timezone.get_current_timezone()).date()
    working_days = sum(
        (received + dt.timedelta(days=n)).weekday() < 5 for n in range(1, (due - received).days + 1)
    )
    assert working_days >= 15
    assert petition.owner_id is None
    assert OutboxMessage.objects.filter(subject_id=str(petition.pk)).exists()


def test_a_question_of_a_citizen_is_found_among_their_own_and_nobody_elses(citizen, stranger, province):
    answer = citizen.post("/phan-anh/gui/", TYPED, follow=True)
    code = code_on(answer)
    assert TYPED["title"] in words(citizen.get("/phan-anh/cua-toi/"))
    assert TYPED["title"] not in words(stranger.get("/phan-anh/cua-toi/"))
    assert stranger.get(f"/phan-anh/cua-toi/{code}/").status_code == 404
    assert stranger.get(f"/phan-anh/{code}/").status_code == 404


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", " ", "Hãy nhập tiêu đề."),
        ("text", "\n \n", "Hãy nhập nội dung."),
        ("name", "", "Hãy nhập họ và tên."),
        ("kind", "khiếu nại", "Hãy nhập loại nội dung."),
        ("phone", "12", "số điện thoại hoặc địa chỉ thư điện tử"),
        ("email", "an@", "số điện thoại hoặc địa chỉ thư điện tử"),
        ("phone", "", "số điện thoại hoặc địa chỉ thư điện tử"),
    ],
)
def test_what_is_missing_is_said_at_its_place_and_what_was_typed_is_kept(
    visitor, province, field, typed, said
):
    answer = visitor.post("/phan-anh/gui/", {**TYPED, field: typed})
    assert answer.status_code == 422
    assert said in sentences(answer)[0]
    assert f'id="e-{field}"' in answer.content.decode()
    if field != "text":
        assert "Đèn đường thôn 3 hỏng" in words(answer)
    assert not Petition.objects.exists()


def test_hostile_text_is_shown_as_text(citizen, province):
    answer = citizen.post(
        "/phan-anh/gui/",
        {**TYPED, "title": "<script>alert(1)</script>", "text": "\x00\u202e<b>đậm</b>"},
        follow=True,
    )
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "\x00" not in Petition.objects.get().text


def test_a_flood_without_accounts_is_slowed_down_and_keeps_what_was_typed(visitor, citizen, province):
    for _ in range(SEND_POLICY.free):
        assert visitor.post("/phan-anh/gui/", TYPED).status_code == 302
    answer = visitor.post("/phan-anh/gui/", TYPED)
    assert answer.status_code == 429
    assert TYPED["title"] in answer.content.decode()
    assert Petition.objects.count() == SEND_POLICY.free
    assert citizen.post("/phan-anh/gui/", TYPED).status_code == 302


def test_an_official_does_not_send_in_their_office(province):
    assert_refused("petition.sent", lambda: send_petition(SEED, by=province.clerk, now=province.now))
    page = signed_in("motcua.dinhson").get("/phan-anh/gui/")
    assert "tài khoản cán bộ" in words(page)
    assert SEND_PETITION.may(province.citizen, None)


# --- Following --------------------------------------------------------------------------------------


def test_the_code_alone_tells_how_far_it_is_and_nothing_of_what_it_says(visitor, province, passed_on):
    page = visitor.get("/phan-anh/theo-doi/", {"ma": passed_on.code.lower()})
    assert "Đã chuyển cơ quan" in words(page)
    for secret in (TYPED["title"], "Đèn đường", TYPED["name"], "0900000123", "0900 000 123"):
        assert secret not in words(page)


def test_code_and_contact_open_what_was_sent_without_an_account(visitor, province, desk):
    petition = send_petition(SEED, by=visitor_actor(), now=province.now)
    assign_petition(petition, agency_id=province.unit("H99.31.011").id, by=desk, now=province.now)
    answered(petition, province)
    wrong = visitor.post("/phan-anh/theo-doi/", {"ma": petition.code, "lien_he": "0900 000 124"})
    assert wrong.status_code == 404
    assert "không khớp" in sentences(wrong)[0]
    right = visitor.post("/phan-anh/theo-doi/", {"ma": petition.code, "lien_he": "+84 900 000 123"})
    assert "Thôn 3 được thay đèn" in words(right)
    rated = visitor.post(
        f"/phan-anh/{petition.code}/danh-gia/", {"lien_he": "0900000123", "score": "2"}, follow=True
    )
    assert "Cảm ơn" in words(rated)
    assert fresh(petition).score == 2


def visitor_actor():
    from dinh.foundation.actions.public import visitor as nobody

    return nobody()


def test_a_contact_that_was_not_given_opens_nothing(province):
    petition = send_petition(SEED, by=visitor_actor(), now=province.now)
    for contact in ("", " ", "an@example.vn", "0"):
        with pytest.raises(NotFound):
            petition_by_contact(petition.code, contact)


def test_what_a_citizen_sent_is_not_opened_by_its_contact(province, asked):
    with pytest.raises(NotFound):
        petition_by_contact(asked.code, "0900000123")


# --- The way through the offices --------------------------------------------------------------------


def test_a_question_walks_from_the_desk_to_the_public(province, citizen, visitor):
    """Law: TT 01/2018/TT-VPCP Điều 16 khoản 2 ý 6
    Screen: /phan-anh/
    Law: TT 01/2018/TT-VPCP Điều 16 khoản 2 ý 7
    Screen: /phan-anh/gui/
    """
    code = code_on(citizen.post("/phan-anh/gui/", TYPED, follow=True))
    petition = Petition.objects.get(code=code)
    at = f"/lam-viec/phan-anh/{petition.pk}/"
    desk, clerk, head = (
        signed_in_official(name)
        for name in ("bientap.cong", "vanthu.binhmau.dinhson", "chutich.binhmau.dinhson")
    )
    assert TYPED["title"] in words(desk.get("/lam-viec/phan-anh/"))
    agency = str(province.unit("H99.31.011").id)
    assert "Đã chuyển cơ quan" in words(desk.post(f"{at}chuyen/", {"agency": agency}, follow=True))
    assert TYPED["title"] in words(clerk.get("/lam-viec/phan-anh/"))
    assert "Đã trình" in words(clerk.post(f"{at}tra-loi/", {"answer": ANSWER}, follow=True))
    assert ANSWER not in words(citizen.get(f"/phan-anh/cua-toi/{code}/"))
    assert "Đã duyệt" in words(head.post(f"{at}duyet/", follow=True))
    assert ANSWER in words(citizen.get(f"/phan-anh/cua-toi/{code}/"))
    assert visitor.get(f"/phan-anh/{code}/").status_code == 404
    page = words(desk.get(at))
    assert "Gọi cho tôi số •••" in page
    shown = {
        "public_title": TYPED["title"],
        "public_text": "Đèn đường thôn 3 hỏng từ đầu tháng.",
        "public_answer": ANSWER,
    }
    unconfirmed = desk.post(f"{at}cong-khai/", shown)
    assert unconfirmed.status_code == 422
    assert "xác nhận" in sentences(unconfirmed)[0]
    assert "Đã công khai" in words(desk.post(f"{at}cong-khai/", {**shown, "is_checked": "1"}, follow=True))
    public = visitor.get(f"/phan-anh/{code}/")
    assert ANSWER in words(public)
    for secret in (TYPED["name"], "0900 000 123", "0900000123"):
        assert secret not in public.content.decode()
    assert TYPED["title"] in words(visitor.get("/phan-anh/", {"q": "den duong"}))
    assert TYPED["title"] not in words(visitor.get("/phan-anh/", {"q": "nguyen thi mau"}))
    rated = citizen.post(f"/phan-anh/{code}/danh-gia/", {"score": "3", "note": "Nhanh."}, follow=True)
    assert "Rất hài lòng" in words(rated)


def signed_in_official(username: str) -> Client:
    from dinh.foundation.directory.public import held_positions
    from dinh.sso.models import Account
    from dinh.sso.public import open_session

    account = Account.objects.select_related("person").get(username=username)
    held = held_positions(account.person_id, timezone.localdate())
    key, _session = open_session(account, position_id=held[0].position_id, method="test", now=timezone.now())
    client = Client()
    client.cookies["sessionid"] = key
    return client


def test_an_agency_sees_only_what_was_passed_on_to_it(province, asked, desk):
    other = province.actor("vanthu.anmau.dinhson")
    assert not visible_petitions(officer(province)).exists()
    assign_petition(asked, agency_id=province.unit("H99.31.011").id, by=desk, now=province.now)
    assert visible_petitions(officer(province)).get() == asked
    assert not visible_petitions(other).exists()
    with pytest.raises(NotFound):
        access_petition(other, asked.pk)
    assert (
        signed_in_official("vanthu.anmau.dinhson").get(f"/lam-viec/phan-anh/{asked.pk}/").status_code == 404
    )
    assert signed_in_official("congchuc.anmau.dinhson").get("/lam-viec/phan-anh/").status_code == 404
    assert not visible_petitions(province.citizen).exists()


def test_the_agencys_people_are_told(province, passed_on):
    told = Notice.objects.filter(template="petition.assigned", subject_id=str(passed_on.pk))
    assert [notice.person_id for notice in told] == [officer(province).person_id]


def test_what_is_not_taken_here_says_why(province, citizen, asked, desk):
    decline_petition(asked, reason="Việc này do Điện lực giải quyết.", by=desk, now=province.now)
    page = words(citizen.get(f"/phan-anh/cua-toi/{asked.code}/"))
    assert "Việc này do Điện lực giải quyết." in page
    with pytest.raises(Refused):
        assign_petition(fresh(asked), agency_id=province.unit("H99.31").id, by=desk, now=province.now)


def test_an_answer_is_sent_back_with_what_to_change(province, passed_on):
    draft_answer(passed_on, answer="Sẽ sửa.", by=officer(province), now=province.now)
    send_back_answer(passed_on, reason="Nói rõ ngày.", by=leader(province), now=province.now)
    assert "Nói rõ ngày." in words(
        signed_in_official("vanthu.binhmau.dinhson").get(f"/lam-viec/phan-anh/{passed_on.pk}/")
    )
    assert answered(passed_on, province).note == ""


def test_a_wrong_agency_is_said_at_its_field(province, asked):
    desk = signed_in_official("bientap.cong")
    for wrong in ("", "x", str(province.unit("H99.31.00").id)):
        answer = desk.post(f"/lam-viec/phan-anh/{asked.pk}/chuyen/", {"agency": wrong})
        assert answer.status_code == 422
        assert "Hãy chọn cơ quan" in sentences(answer)[0]


def test_each_verb_is_refused_to_who_may_not(province, passed_on, desk):
    now, stranger = province.now, province.actor("vanthu.anmau.dinhson")
    head = leader(province)
    assert_refused(
        "petition.assigned",
        lambda: assign_petition(passed_on, agency_id=province.unit("H99.31").id, by=head, now=now),
    )
    assert_refused("petition.declined", lambda: decline_petition(passed_on, reason="x", by=head, now=now))
    assert_refused("petition.drafted", lambda: draft_answer(passed_on, answer="x", by=stranger, now=now))
    draft_answer(passed_on, answer=ANSWER, by=officer(province), now=now)
    for who in (stranger, officer(province), desk):
        assert_refused("petition.answered", lambda who=who: approve_answer(passed_on, by=who, now=now))
    assert_refused(
        "petition.sent_back", lambda: send_back_answer(passed_on, reason="x", by=stranger, now=now)
    )
    approve_answer(passed_on, by=head, now=now)
    assert_refused(
        "petition.published",
        lambda: publish_petition(
            passed_on, title="x", text="x", answer="x", is_checked=True, by=head, now=now
        ),
    )
    other = province.actor("congdan2")
    assert_refused("petition.rated", lambda: rate_answer(passed_on, score=1, by=other, now=now))
    assert_refused("petition.recounted", lambda: recount_petition(passed_on, by=desk, now=now))


def test_who_wrote_the_answer_does_not_approve_it(province, passed_on):
    """A leader who may also answer."""
    from dataclasses import replace

    from dinh.foundation.actions.public import Grant

    head = leader(province)
    both = replace(head, grants=(*head.grants, Grant("petition.answer", "unit", head.unit_id)))
    draft_answer(passed_on, answer=ANSWER, by=both, now=province.now)
    assert_refused("petition.answered", lambda: approve_answer(passed_on, by=both, now=province.now))


def test_the_senders_own_data_are_not_published(province, passed_on, desk):
    petition = answered(passed_on, province)
    for text in ("Gọi 0900.000.123", "NGUYEN THI MAU hỏi", "Số 099 500 000 001"):
        with pytest.raises(Refused, match="thông tin cá nhân"):
            publish_petition(
                petition, title="Đèn", text=text, answer=ANSWER, is_checked=True, by=desk, now=province.now
            )
    assert fresh(petition).published_at is None


# --- Clock, figures, permanence ---------------------------------------------------------------------


def test_lateness_is_seen_and_counted(province, passed_on, desk):
    """Law: TT 01/2018/TT-VPCP Điều 13 tiêu chí 8
    Screen: /lam-viec/phan-anh/?qua-han=1
    """
    late = passed_on.due_at + dt.timedelta(days=1)
    leader = province.actor("chutich.binhmau.dinhson")
    assert desk_counts(leader, now=passed_on.due_at)["overdue"] == 0
    assert desk_counts(leader, now=late)["overdue"] == 1
    answered(passed_on, province, now=late)
    assert desk_counts(leader, now=late)["overdue"] == 0


def test_a_holiday_announced_tomorrow_moves_what_is_due(province, asked):
    by, before = system("test"), asked.due_at
    calendar = Calendar.objects.get(unit=None)
    off = (before - dt.timedelta(days=3)).date()
    while off.weekday() > 4:
        off -= dt.timedelta(days=1)
    declare_day(calendar, on=off, kind="off", label="Nghỉ chống bão", by=by)
    publish_calendar(calendar, by=by)
    recount_petitions()
    assert fresh(asked).due_at > before


@pytest.mark.parametrize(
    "change", [lambda row: row.delete(), lambda row: Petition.objects.filter(pk=row.pk).update(text="khác")]
)
def test_what_was_sent_stays_as_it_was_sent(asked, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change(asked)


def test_lists_ask_the_same_for_one_and_for_many(province, desk, visitor):
    def publish_one(number):
        petition = send_petition(SEED, by=province.citizen, now=province.now)
        assign_petition(petition, agency_id=province.unit("H99.31.011").id, by=desk, now=province.now)
        answered(petition, province)
        publish_petition(
            fresh(petition), title=f"Đèn {number}", text="Hỏng", answer="Sẽ sửa", is_checked=True, by=desk,
            now=province.now,
        )  # fmt: skip

    def count(client, address):
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    pages = [(visitor, "/phan-anh/"), (signed_in_official("bientap.cong"), "/lam-viec/phan-anh/?muc=ended")]
    publish_one(0)
    one = [count(*page) for page in pages]
    for number in range(3):
        publish_one(number + 1)
    assert [count(*page) for page in pages] == one


# --- Personal data ----------------------------------------------------------------------------------

names = st.lists(st.text("abcđêôơưABC", min_size=2, max_size=8), min_size=2, max_size=4).map(" ".join)
phones = st.integers(10**8, 10**9 - 1).map(lambda number: f"0{number}")


@given(name=names, phone=phones, before=st.text(max_size=40), after=st.text(max_size=40))
def test_what_is_proposed_for_the_public_passes_the_check(name, phone, before, after):
    text = f"{before} {name}, {phone[:4]} {phone[4:7]} {phone[7:]} {after}"
    shown = without_personal_data(text, own=(name, phone))
    assert phone not in re.sub(r"\D", "", shown) or phone not in re.sub(r"[\s.\-()]", "", shown)
    assert name.lower() not in shown.lower()


@given(st.integers(0, 10**12 - 1).map(lambda number: f"{number:012d}"))
def test_an_identification_number_is_hidden_and_refused(number):
    text = f"Số {number[:3]} {number[3:6]} {number[6:9]} {number[9:]}."
    with pytest.raises(Refused):
        check_without_personal_data(text, field="text", own=())
    assert without_personal_data(text) == "Số •••."


def test_an_agencys_own_number_may_stand_in_an_answer():
    assert check_without_personal_data("Gọi 0900 000 999", field="answer", own=("0900000123",))

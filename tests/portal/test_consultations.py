"""Drafts open for comment: every comment has a number, stays, and gets a published answer."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.public import all_verbs, visitor
from dinh.kernel.errors import NotFound, Refused
from dinh.portal.models import Comment, Consultation
from dinh.portal.public import (
    CommentSeed,
    ConsultationSeed,
    access_comment,
    access_consultation,
    answer_comment,
    change_consultation,
    draft_consultation,
    hide_comment,
    open_consultation,
    send_comment,
    show_comment,
    summarise_consultation,
)
from dinh.portal.rules.consultations import PeriodTooShort, PeriodWrong, articles_of, check_period
from dinh.sso.rules.sign_in import SEND_POLICY
from tests.files.making import make_pdf
from tests.guards.refusing import assert_refused
from tests.portal.conftest import sentences, words
from tests.portal.test_petitions import signed_in_official

BODY = (
    "## Điều 1. Phạm vi điều chỉnh\n\nQuy chế này áp dụng cho cổng.\n\n## Điều 2. Đối tượng\n\nMọi cơ quan."
)
SAID = {
    "text": "Nên thêm điện thoại.",
    "name": "Nguyễn Thị Mẫu",
    "phone": "0900 000 123",
    "email": "",
    "article": "",
}
COMMENT = CommentSeed(text="Nên thêm điện thoại.", name="Nguyễn Thị Mẫu", phone="0900000123")


@pytest.fixture
def editor(province):
    return province.actor("bientap.cong")


@pytest.fixture
def reviewer(province):
    return province.actor("duyet.cong")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def seed(province, now):
    today = timezone.localdate(now)
    return ConsultationSeed(
        agency_id=province.unit("H99.02").id, title="Quy chế cổng", lead="Đặt ra việc mới.", body=BODY,
        opens_on=today, closes_on=today + dt.timedelta(days=60),
    )  # fmt: skip


@pytest.fixture
def opened(seed, editor, reviewer, now):
    consultation = draft_consultation(seed, by=editor, now=now)
    open_consultation(consultation, by=reviewer, now=now)
    return Consultation.objects.get(pk=consultation.pk)


def comment_of(consultation, by, now, **more):
    return send_comment(consultation, CommentSeed(**{**COMMENT_VALUES, **more}), by=by, now=now)


COMMENT_VALUES = {"text": COMMENT.text, "name": COMMENT.name, "phone": COMMENT.phone}


# --- On the screens ---------------------------------------------------------------------------------


def test_a_draft_is_opened_commented_on_answered_and_summarised(province, visitor, now):
    editor, reviewer = signed_in_official("bientap.cong"), signed_in_official("duyet.cong")
    today = timezone.localdate(now)
    typed = {
        "agency": str(province.unit("H99.02").id), "title": "Quy chế cổng", "body": BODY,
        "opens_on": f"{today:%d/%m/%Y}", "closes_on": f"{today + dt.timedelta(days=60):%d/%m/%Y}",
    }  # fmt: skip
    at = editor.post("/lam-viec/gop-y/them/", typed)["Location"]
    assert visitor.get("/gop-y/quy-che-cong/").status_code == 404
    assert "Đã mở lấy ý kiến" in words(reviewer.post(f"{at}mo/", follow=True))
    page = visitor.get("/gop-y/quy-che-cong/")
    assert "Điều 2. Đối tượng" in words(page)
    sent = visitor.post("/gop-y/quy-che-cong/gui/", {**SAID, "article": "Điều 2. Đối tượng"}, follow=True)
    assert "Đã nhận ý kiến số 1" in words(sent)
    assert "đang chờ xem xét" in words(sent)
    assert SAID["text"] not in words(sent)
    editor.post(f"{at}y-kien/1/xem-xet/", {"do": "show"})
    shown = words(visitor.get("/gop-y/quy-che-cong/"))
    assert SAID["text"] in shown
    assert "Về: Điều 2. Đối tượng" in shown
    assert SAID["name"] not in shown
    assert "0900" not in shown.replace("0900 000 000", "")
    answered = editor.post(f"{at}y-kien/1/tra-loi/", {"kind": "accepted", "answer": "Đã thêm."}, follow=True)
    assert "Đã công khai trả lời" in words(answered)
    shown = words(visitor.get("/gop-y/quy-che-cong/"))
    assert "Tiếp thu" in shown
    assert "Đã thêm." in shown


def test_a_summary_comes_after_the_end_and_after_every_answer(
    province, visitor, editor, reviewer, opened, now
):
    comment = comment_of(opened, visitor_actor(), now)
    show_comment(comment, by=editor, now=now)
    with pytest.raises(Refused, match="còn lấy ý kiến"):
        summarise_consultation(opened, summary="x", by=reviewer, now=now)
    over = now + dt.timedelta(days=61)
    with pytest.raises(Refused, match="Còn 1 ý kiến"):
        summarise_consultation(opened, summary="x", by=reviewer, now=over)
    answer_comment(comment, kind="explained", answer="Đã có luật.", by=editor, now=over)
    summarise_consultation(opened, summary="Tiếp thu 0, giải trình 1.", by=reviewer, now=over)
    assert "Tiếp thu 0, giải trình 1." in words(visitor.get("/gop-y/quy-che-cong/"))
    with pytest.raises(Refused):
        comment_of(opened, visitor_actor(), over)


def visitor_actor():
    return visitor()


def test_the_draft_is_there_as_a_file_once_it_is_open(province, visitor, now):
    from django.core.files.uploadedfile import SimpleUploadedFile

    editor, reviewer = signed_in_official("bientap.cong"), signed_in_official("duyet.cong")
    today = timezone.localdate(now)
    typed = {
        "agency": str(province.unit("H99.02").id), "title": "Dự thảo", "opens_on": f"{today:%d/%m/%Y}",
        "closes_on": f"{today + dt.timedelta(days=60):%d/%m/%Y}",
    }  # fmt: skip
    wrong = editor.post("/lam-viec/gop-y/them/", {**typed, "file": SimpleUploadedFile("a.pdf", b"khong")})
    assert wrong.status_code == 422
    at = editor.post("/lam-viec/gop-y/them/", {**typed, "file": SimpleUploadedFile("a.pdf", make_pdf())})[
        "Location"
    ]
    address = f"/gop-y/tep/{Consultation.objects.get().pk}/"
    assert visitor.get(address).status_code == 404
    reviewer.post(f"{at}mo/")
    assert visitor.get(address)["Content-Type"] == "application/pdf"


# --- Nothing vanishes -------------------------------------------------------------------------------


def test_a_hidden_comment_keeps_its_number_and_says_why(visitor, editor, opened, now):
    comment = comment_of(opened, visitor_actor(), now, text="Lời xúc phạm ông A.")
    with pytest.raises(Refused, match="Không đồng tình"):
        hide_comment(comment, ground="khong-thich", by=editor, now=now)
    hide_comment(comment, ground="insult", note="Nêu tên riêng", by=editor, now=now)
    page = words(visitor.get("/gop-y/quy-che-cong/"))
    assert "Ý kiến số 1" in page
    assert "Xúc phạm danh dự" in page
    assert "Nêu tên riêng" in page
    assert "ông A" not in page
    show_comment(comment, by=editor, now=now)
    assert "ông A" in words(visitor.get("/gop-y/quy-che-cong/"))


def test_no_verb_deletes_a_comment_or_a_consultation():
    names = [name for name in all_verbs() if name.startswith(("comment.", "consultation."))]
    assert names
    assert not [name for name in names if "delet" in name or "remov" in name]


@pytest.mark.parametrize(
    "change",
    [
        lambda comment: comment.delete(),
        lambda comment: Comment.objects.filter(pk=comment.pk).update(text="khác"),
        lambda comment: Comment.objects.filter(pk=comment.pk).update(number=9),
        lambda comment: comment.consultation.delete(),
        lambda comment: Consultation.objects.filter(pk=comment.consultation_id).update(body="khác"),
        lambda comment: Consultation.objects.filter(pk=comment.consultation_id).update(
            closes_on="2099-01-01"
        ),
    ],
)
def test_what_was_said_stays_as_it_was_said(opened, now, change):
    comment = comment_of(opened, visitor_actor(), now)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(comment)
    assert Comment.objects.get(pk=comment.pk).text == COMMENT.text
    assert Consultation.objects.get(pk=opened.pk).body == opened.body


def test_an_open_draft_is_not_changed_any_more(opened, seed, editor, now):
    with pytest.raises(Refused):
        change_consultation(opened, seed=seed, by=editor, now=now)


def test_comments_sent_at_the_same_moment_get_numbers_of_their_own(open_province, now):
    province = open_province
    today = timezone.localdate(now)
    seed = ConsultationSeed(
        agency_id=province.unit("H99.02").id, title="Quy chế", body=BODY, opens_on=today,
        closes_on=today + dt.timedelta(days=60),
    )  # fmt: skip
    consultation = draft_consultation(seed, by=province.actor("bientap.cong"), now=now)
    open_consultation(consultation, by=province.actor("duyet.cong"), now=now)

    def say(number: int) -> int:
        try:
            return comment_of(consultation, visitor_actor(), now, text=f"Ý {number}").number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(say, range(8))) == list(range(1, 9))


# --- Who may, and faults at their place -------------------------------------------------------------


def test_each_verb_is_refused_to_who_may_not(province, seed, editor, reviewer, now):
    clerk = province.clerk
    assert_refused("consultation.drafted", lambda: draft_consultation(seed, by=clerk, now=now))
    made = draft_consultation(seed, by=editor, now=now)
    change_consultation(made, seed=seed, by=editor, now=now)
    assert_refused("consultation.changed", lambda: change_consultation(made, seed=seed, by=reviewer, now=now))
    assert_refused("consultation.opened", lambda: open_consultation(made, by=editor, now=now))
    open_consultation(made, by=reviewer, now=now)
    assert_refused("comment.sent", lambda: send_comment(made, COMMENT, by=clerk, now=now))
    comment = comment_of(made, province.citizen, now)
    assert_refused("comment.shown", lambda: show_comment(comment, by=clerk, now=now))
    assert_refused("comment.hidden", lambda: hide_comment(comment, ground="spam", by=clerk, now=now))
    assert_refused(
        "comment.answered", lambda: answer_comment(comment, kind="accepted", answer="x", by=clerk, now=now)
    )
    assert_refused(
        "consultation.summarised", lambda: summarise_consultation(made, summary="x", by=editor, now=now)
    )
    with pytest.raises(NotFound):
        access_consultation(clerk, made.pk)
    with pytest.raises(NotFound):
        access_comment(clerk, made.pk, 1)
    assert signed_in_official("motcua.dinhson").get("/lam-viec/gop-y/").status_code == 404
    assert signed_in_official("motcua.dinhson").get(f"/lam-viec/gop-y/{made.pk}/").status_code == 404


def test_nobody_opens_the_draft_that_they_wrote(seed, editor, now):
    from dataclasses import replace

    from dinh.foundation.actions.public import Grant

    both = replace(editor, grants=(*editor.grants, Grant("consultation.open", "province", editor.unit_id)))
    made = draft_consultation(seed, by=both, now=now)
    with pytest.raises(Refused, match="người khác phải mở"):
        open_consultation(made, by=both, now=now)


@pytest.mark.parametrize(
    ("field", "typed"), [("text", " "), ("name", ""), ("phone", "1"), ("phone", ""), ("email", "a@")]
)
def test_what_is_missing_in_a_comment_is_said_at_its_place(visitor, opened, field, typed):
    answer = visitor.post("/gop-y/quy-che-cong/gui/", {**SAID, field: typed})
    assert answer.status_code == 422
    assert sentences(answer)
    assert f'id="e-{field}"' in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_flood_of_comments_is_slowed_down(visitor, opened):
    for _ in range(SEND_POLICY.free):
        assert visitor.post("/gop-y/quy-che-cong/gui/", SAID).status_code == 302
    answer = visitor.post("/gop-y/quy-che-cong/gui/", SAID)
    assert answer.status_code == 429
    assert SAID["text"] in answer.content.decode()


def test_refusals_about_a_comment_show_beside_it(editor, opened, now):
    comment_of(opened, visitor_actor(), now)
    at = f"/lam-viec/gop-y/{opened.pk}/y-kien/1/"
    browser = signed_in_official("bientap.cong")
    answer = browser.post(f"{at}tra-loi/", {"kind": "", "answer": "Đã nghe"})
    assert answer.status_code == 422
    assert "tiếp thu" in sentences(answer)[0]
    assert "Đã nghe" in answer.content.decode()
    answer = browser.post(f"{at}xem-xet/", {"do": "hide", "ground": ""})
    assert "Hãy chọn căn cứ" in sentences(answer)[0]


def test_lists_ask_the_same_for_one_and_for_many(visitor, opened, now):
    def count(client, address):
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    desk = signed_in_official("bientap.cong")
    pages = [
        (visitor, "/gop-y/quy-che-cong/"),
        (desk, f"/lam-viec/gop-y/{opened.pk}/"),
        (desk, "/lam-viec/gop-y/"),
    ]
    comment_of(opened, visitor_actor(), now)
    one = [count(*page) for page in pages]
    for _ in range(4):
        comment_of(opened, visitor_actor(), now)
    assert [count(*page) for page in pages] == one


# --- Rules ------------------------------------------------------------------------------------------

days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))


@given(days, st.integers(-500, 500), st.booleans())
def test_a_draft_stands_open_sixty_days_or_says_why_not(opens_on, length, has_ground):
    closes_on = opens_on + dt.timedelta(days=length)
    ground = "Luật Ban hành văn bản quy phạm pháp luật" if has_ground else ""
    if not 0 < length <= 400:
        with pytest.raises(PeriodWrong):
            check_period(opens_on, closes_on, ground=ground)
    elif length + 1 < 60 and not has_ground:
        with pytest.raises(PeriodTooShort):
            check_period(opens_on, closes_on, ground=ground)
    else:
        assert check_period(opens_on, closes_on, ground=ground) == (opens_on, closes_on)


def test_articles_are_read_from_the_headings():
    assert articles_of(BODY) == ["Điều 1. Phạm vi điều chỉnh", "Điều 2. Đối tượng"]
    assert articles_of("Điều 3 trong câu\n# Mở đầu") == []


def test_comments_are_taken_from_the_first_day_to_the_last(seed, editor, reviewer, visitor, now):
    from dataclasses import replace

    today = timezone.localdate(now)
    later = replace(seed, opens_on=today + dt.timedelta(days=2), closes_on=today + dt.timedelta(days=70))
    made = draft_consultation(later, by=editor, now=now)
    open_consultation(made, by=reviewer, now=now)
    made.refresh_from_db()
    assert "Sắp mở" in words(visitor.get("/gop-y/quy-che-cong/"))
    for days_from_now, is_taken in ((0, False), (2, True), (70, True), (71, False)):
        at = now + dt.timedelta(days=days_from_now)
        if is_taken:
            comment_of(made, visitor_actor(), at)
        else:
            with pytest.raises(Refused, match="không trong thời gian lấy ý kiến"):
                comment_of(made, visitor_actor(), at)
    assert visitor.post("/gop-y/quy-che-cong/gui/", SAID).status_code == 409

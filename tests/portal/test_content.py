"""Content of editors: written by one, approved by another, in versions that stay, in two languages."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dinh.kernel.errors import NotFound, Refused
from dinh.kernel.worktime import VIETNAM, standard_calendar
from dinh.portal.adapters.markup import as_html, as_plain
from dinh.portal.models import Post, PostVersion
from dinh.portal.public import (
    ContentSeed,
    access_post,
    approve_version,
    find_documents,
    live_version,
    restore_version,
    return_version,
    save_draft,
    start_post,
    submit_version,
    withdraw_post,
)
from dinh.portal.rules.content import MenuWrong, NoticeTooLate, check_notice, differences, menu_lines, slug_of
from tests.guards.refusing import assert_refused
from tests.portal.conftest import photo, sentences, words
from tests.portal.test_petitions import signed_in_official

NEWS = ContentSeed(
    title="Mở sáu thủ tục trực tuyến", lead="Từ tháng 12.", body="## Gồm những gì\n\n- Khai sinh"
)


@pytest.fixture
def editor(province):
    return province.actor("bientap.cong")


@pytest.fixture
def reviewer(province):
    return province.actor("duyet.cong")


@pytest.fixture
def now():
    return timezone.now()


def published(kind, seed, editor, reviewer, now, **more):
    post = start_post(kind, seed=seed, by=editor, now=now, **more)
    submit_version(post, by=editor, now=now)
    approve_version(post, by=reviewer, now=now)
    return Post.objects.get(pk=post.pk)


# --- From draft to the public -----------------------------------------------------------------------


def test_news_are_written_by_one_and_approved_by_another_on_the_screens(province, visitor):
    editor, reviewer = signed_in_official("bientap.cong"), signed_in_official("duyet.cong")
    typed = {
        "title": NEWS.title,
        "lead": NEWS.lead,
        "body": NEWS.body,
        "topic": "service",
        "subjects": "một cửa; số",
    }
    answer = editor.post("/lam-viec/noi-dung/them/news/", typed)
    assert answer.status_code == 302
    at = answer["Location"]
    assert visitor.get("/tin-tuc/mo-sau-thu-tuc-truc-tuyen/").status_code == 404
    assert "Đã trình duyệt" in words(editor.post(f"{at}sua/", {**typed, "then": "submit"}, follow=True))
    assert "đang chờ duyệt" in words(editor.get(at))
    assert editor.post(f"{at}duyet/").status_code == 403
    assert "Đã duyệt công bố" in words(reviewer.post(f"{at}duyet/", follow=True))
    page = visitor.get("/tin-tuc/mo-sau-thu-tuc-truc-tuyen/")
    assert "<h2>Gồm những gì</h2>" in page.content.decode()
    assert NEWS.title in words(visitor.get("/tin-tuc/", {"q": "sau thu tuc", "chu-de": "service"}))
    assert NEWS.title not in words(visitor.get("/tin-tuc/", {"chu-de": "life"}))


def test_page_metadata_are_those_of_the_law(province, visitor, editor, reviewer, now, settings):
    """TT 24/2011/TT-BTTTT: what must be there, and several values joined by semicolons."""
    published(
        "news", ContentSeed(title="Tin", lead="Mở đầu.", body="x", subjects="a; b"), editor, reviewer, now
    )
    html = visitor.get("/tin-tuc/tin/").content.decode()
    found = dict(re.findall(r'<meta name="DC\.(\w+)" content="([^"]*)">', html))
    assert {"title", "creator", "date", "description", "publisher", "identifier"} <= found.keys()
    assert found["title"] == "Tin"
    assert found["description"] == "Mở đầu."
    assert found["subject"] == "a; b"
    assert found["identifier"] == f"{settings.PUBLIC_ADDRESS}/tin-tuc/tin/"
    assert all(found.values())
    for address in ("/", "/thu-tuc/", "/phan-anh/", "/trang/lien-he/"):
        page = visitor.get(address).content.decode()
        assert page.count('rel="canonical"') == 1, address
        assert 'name="DC.publisher"' in page, address


def test_the_same_address_is_read_in_both_languages(province, visitor, editor, reviewer, now):
    seed = ContentSeed(title="Tin", lead="Mở đầu.", body="Nội dung", title_en="News", lead_en="Lead")
    published("news", seed, editor, reviewer, now)
    page = visitor.get("/tin-tuc/tin/", {"hl": "en"})
    assert page["Content-Language"] == "en"
    html = page.content.decode()
    assert '<h1 lang="en">News</h1>' in html
    assert '<div class="prose article" lang="vi">' in html
    # Asked once, not kept.
    assert visitor.get("/tin-tuc/tin/")["Content-Language"] == "vi"
    published("news", ContentSeed(title="Chỉ tiếng Việt", lead="x", body="y"), editor, reviewer, now)
    html = visitor.get("/tin-tuc/chi-tieng-viet/", {"hl": "en"}).content.decode()
    assert '<h1 lang="vi">Chỉ tiếng Việt</h1>' in html
    assert "available only in Vietnamese" in html


def test_publication_waits_for_its_moment(province, visitor, editor, reviewer, now):
    post = start_post("news", seed=NEWS, by=editor, now=now)
    submit_version(post, by=editor, now=now)
    later = now + dt.timedelta(hours=2)
    approve_version(post, publish_at=later, by=reviewer, now=now)
    assert visitor.get("/tin-tuc/mo-sau-thu-tuc-truc-tuyen/").status_code == 404
    with pytest.raises(NotFound):
        live_version("news", post.slug, now=later - dt.timedelta(seconds=1))
    assert live_version("news", post.slug, now=later).number == 1


def test_a_new_version_replaces_the_old_only_when_it_is_approved(province, visitor, editor, reviewer, now):
    post = published("news", NEWS, editor, reviewer, now)
    save_draft(post, seed=ContentSeed(title="Bảy thủ tục", lead="x", body="y"), by=editor, now=now)
    address = "/tin-tuc/mo-sau-thu-tuc-truc-tuyen/"
    assert "Bảy thủ tục" not in words(visitor.get(address))
    submit_version(post, by=editor, now=now)
    approve_version(post, by=reviewer, now=now + dt.timedelta(hours=1))
    assert live_version("news", post.slug, now=now).number == 1
    assert live_version("news", post.slug, now=now + dt.timedelta(hours=1)).title == "Bảy thủ tục"


def test_an_older_version_is_compared_and_restored(province, editor, reviewer, now):
    post = published("news", NEWS, editor, reviewer, now)
    save_draft(
        post, seed=ContentSeed(title="Bảy thủ tục", lead="Từ tháng 12.", body="Khác"), by=editor, now=now
    )
    browser = signed_in_official("bientap.cong")
    page = browser.get(f"/lam-viec/noi-dung/{post.pk}/so-sanh/1/2/").content.decode()
    assert re.search(r'class="removed">.*?Mở sáu thủ tục trực tuyến', page, re.DOTALL)
    assert re.search(r'class="added">.*?Bảy thủ tục', page, re.DOTALL)
    assert browser.get(f"/lam-viec/noi-dung/{post.pk}/so-sanh/1/9/").status_code == 404
    assert "Đã chép bản 1" in words(
        browser.post(f"/lam-viec/noi-dung/{post.pk}/ban/1/khoi-phuc/", follow=True)
    )
    assert PostVersion.objects.get(post=post, number=2).title == NEWS.title


def test_a_version_is_returned_with_what_to_change(province, editor, reviewer, now):
    post = start_post("news", seed=NEWS, by=editor, now=now)
    submit_version(post, by=editor, now=now)
    with pytest.raises(Refused):
        save_draft(post, seed=NEWS, by=editor, now=now)
    return_version(post, note="Ghi rõ ngày.", by=reviewer, now=now)
    page = signed_in_official("bientap.cong").get(f"/lam-viec/noi-dung/{post.pk}/")
    assert "Ghi rõ ngày." in words(page)
    save_draft(post, seed=NEWS, by=editor, now=now)
    assert PostVersion.objects.get(post=post).state == "draft"


def test_what_is_withdrawn_is_gone_and_its_versions_stay(province, visitor, editor, reviewer, now):
    post = published("page", ContentSeed(title="Giới thiệu", body="Xin chào"), editor, reviewer, now)
    assert "Xin chào" in words(visitor.get("/trang/gioi-thieu/"))
    withdraw_post(post, reason="Đã cũ", by=reviewer, now=now)
    assert visitor.get("/trang/gioi-thieu/").status_code == 404
    assert PostVersion.objects.filter(post=post).exists()


def test_each_verb_is_refused_to_who_may_not(province, editor, reviewer, now):
    clerk = province.clerk
    assert_refused("content.started", lambda: start_post("news", seed=NEWS, by=reviewer, now=now))
    post = start_post("news", seed=NEWS, by=editor, now=now)
    assert_refused("content.drafted", lambda: save_draft(post, seed=NEWS, by=clerk, now=now))
    assert_refused("content.submitted", lambda: submit_version(post, by=reviewer, now=now))
    submit_version(post, by=editor, now=now)
    assert_refused("content.returned", lambda: return_version(post, note="x", by=editor, now=now))
    assert_refused("content.approved", lambda: approve_version(post, by=editor, now=now))
    approve_version(post, by=reviewer, now=now)
    assert_refused("content.restored", lambda: restore_version(post, number=1, by=reviewer, now=now))
    assert_refused("content.withdrawn", lambda: withdraw_post(post, reason="x", by=editor, now=now))
    with pytest.raises(NotFound):
        access_post(clerk, post.pk)
    assert signed_in_official("motcua.dinhson").get("/lam-viec/noi-dung/").status_code == 404


def test_nobody_approves_what_they_wrote_even_with_both_rights(province, editor, now):
    from dataclasses import replace

    from dinh.foundation.actions.public import Grant

    both = replace(editor, grants=(*editor.grants, Grant("content.publish", "province", editor.unit_id)))
    post = start_post("news", seed=NEWS, by=both, now=now)
    submit_version(post, by=both, now=now)
    with pytest.raises(Refused, match="người khác phải duyệt"):
        approve_version(post, by=both, now=now)


@pytest.mark.parametrize(
    "change",
    [
        lambda post: PostVersion.objects.filter(post=post).update(body="khác"),
        lambda post: PostVersion.objects.filter(post=post).delete(),
        lambda post: Post.objects.filter(pk=post.pk).delete(),
    ],
)
def test_what_was_approved_never_changes(province, editor, reviewer, now, change):
    post = published("news", NEWS, editor, reviewer, now)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(post)


# --- Faults at their place --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "field", "said"),
    [
        ("news", {"title": ""}, "title", "Hãy nhập tiêu đề."),
        ("page", {"title": "Trùng"}, "slug", "Đã có nội dung khác"),
        ("document", {"title": "x", "issued_on": "31/02/2026"}, "issued_on", "Hãy nhập ngày"),
        ("notice", {"title": "x", "shows_from": "tối nay"}, "shows_from", "Hãy nhập giờ và ngày"),
        ("menu", {"title": "x", "slug": "chan-trang", "body": "A | javascript:alert(1)"}, "body", "Dòng 1"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(province, editor, reviewer, now, kind, typed, field, said):
    published("page", ContentSeed(title="Trùng", body="x"), editor, reviewer, now)
    answer = signed_in_official("bientap.cong").post(f"/lam-viec/noi-dung/them/{kind}/", typed)
    assert answer.status_code == 422
    assert said in sentences(answer)[0]
    assert f'id="e-{field}"' in answer.content.decode()


def test_a_picture_needs_words_and_is_small(province, visitor):
    editor, reviewer = signed_in_official("bientap.cong"), signed_in_official("duyet.cong")
    typed = {"title": "Tin có ảnh", "lead": "x", "body": "y"}
    answer = editor.post("/lam-viec/noi-dung/them/news/", {**typed, "picture": photo("a.jpg")})
    assert answer.status_code == 422
    assert "mô tả ảnh" in sentences(answer)[0]
    heavy = SimpleUploadedFile("b.jpg", photo().read() + b"\0" * 500_000, content_type="image/jpeg")
    answer = editor.post("/lam-viec/noi-dung/them/news/", {**typed, "picture": heavy, "picture_alt": "Cầu"})
    assert "400 KB" in sentences(answer)[0]
    small = SimpleUploadedFile("c.png", _png(), content_type="image/png")
    at = editor.post("/lam-viec/noi-dung/them/news/", {**typed, "picture": small, "picture_alt": "Cầu mới"})[
        "Location"
    ]
    version = PostVersion.objects.get(title="Tin có ảnh")
    file_address = f"/noi-dung/{version.pk}/hinh/"
    assert visitor.get(file_address).status_code == 404
    editor.post(f"{at}sua/", {**typed, "picture_alt": "Cầu mới", "then": "submit"})
    reviewer.post(f"{at}duyet/")
    assert 'alt="Cầu mới"' in visitor.get("/tin-tuc/tin-co-anh/").content.decode()
    assert visitor.get(file_address)["Content-Type"] == "image/png"
    assert visitor.get(f"/noi-dung/{version.pk}/tep/").status_code == 404


def _png() -> bytes:
    import io

    from PIL import Image

    content = io.BytesIO()
    Image.effect_noise((320, 200), 40).convert("RGB").resize((320, 200)).save(content, "PNG")
    return content.getvalue()


def test_a_legal_text_tells_number_issuer_and_effect(province, visitor, editor, reviewer, now):
    seed = ContentSeed(
        title="Ban hành Quy chế", body="Điều 1", document_number="12/2026/QĐ-UBND",
        document_type="quyet-dinh", issued_by="Ủy ban nhân dân tỉnh",
        issued_on=dt.date(2026, 10, 1), effective_on=dt.date(2099, 1, 1),
    )  # fmt: skip
    published("document", seed, editor, reviewer, now)
    page = words(visitor.get("/van-ban/ban-hanh-quy-che/"))
    for part in ("12/2026/QĐ-UBND", "Quyết định", "Ủy ban nhân dân tỉnh", "01/10/2026", "Chưa có hiệu lực"):
        assert part in page
    assert find_documents("12 2026", document_type="quyet-dinh", year=2026, now=now).count() == 1
    assert "Ban hành Quy chế" not in words(visitor.get("/van-ban/", {"loai": "chi-thi"}))
    assert visitor.get("/van-ban/", {"nam": "x' OR 1", "loai": "??"}).status_code == 200
    incomplete = start_post("document", seed=ContentSeed(title="Thiếu", body="x"), by=editor, now=now)
    with pytest.raises(Refused, match="số, ký hiệu"):
        submit_version(incomplete, by=editor, now=now)


# --- Around every page ------------------------------------------------------------------------------


def test_a_maintenance_shows_on_both_sides_from_its_approval_to_its_end(
    province, visitor, editor, reviewer, now
):
    seed = ContentSeed(
        title="Bảo trì hệ thống",
        shows_from=now + dt.timedelta(days=9),
        shows_until=now + dt.timedelta(days=10),
    )
    published("notice", seed, editor, reviewer, now)
    assert "Bảo trì hệ thống" in words(visitor.get("/"))
    assert "Bảo trì hệ thống" in words(signed_in_official("motcua.dinhson").get("/lam-viec/"))
    over = ContentSeed(
        title="Đã qua",
        shows_from=now - dt.timedelta(hours=2),
        shows_until=now - dt.timedelta(hours=1),
        is_urgent=True,
    )
    published("notice", over, editor, reviewer, now)
    assert "Đã qua" not in words(visitor.get("/"))


def test_a_maintenance_is_announced_a_working_day_before_unless_nobody_foresaw_it():
    """TT 32/2017/TT-BTTTT: a maintenance is announced at least one working day before."""
    calendar = standard_calendar()
    monday = dt.datetime(2026, 11, 16, 8, 0, tzinfo=VIETNAM)
    ends = monday + dt.timedelta(hours=2)
    friday_before = dt.datetime(2026, 11, 13, 7, 0, tzinfo=VIETNAM)
    check_notice(monday, ends, is_urgent=False, calendar=calendar, now=friday_before)
    sunday = dt.datetime(2026, 11, 15, 7, 0, tzinfo=VIETNAM)
    with pytest.raises(NoticeTooLate):
        check_notice(monday, ends, is_urgent=False, calendar=calendar, now=sunday)
    check_notice(monday, ends, is_urgent=True, calendar=calendar, now=sunday)


def test_the_foot_of_every_page_has_the_editors_links(province, visitor, editor, reviewer, now):
    seed = ContentSeed(
        title="Chân trang", body="Giới thiệu | About us | /trang/gioi-thieu/\nLịch | /trang/lich/"
    )
    published("menu", seed, editor, reviewer, now, slug="chan-trang")
    assert '<a href="/trang/gioi-thieu/" lang="vi">Giới thiệu</a>' in visitor.get("/").content.decode()
    html = visitor.get("/", {"hl": "en"}).content.decode()
    assert '<a href="/trang/gioi-thieu/" lang="en">About us</a>' in html
    assert '<a href="/trang/lich/" lang="vi">Lịch</a>' in html


def test_pages_that_the_law_asks_for_are_there_before_anybody_wrote_them(
    province, visitor, editor, reviewer, now
):
    for slug, said in (("lien-he", "Liên hệ"), ("tro-nang", "WCAG"), ("quyen-rieng-tu", "cookie")):
        assert said in words(visitor.get(f"/trang/{slug}/"))
    published(
        "page", ContentSeed(title="Liên hệ chúng tôi", body="Tầng 1"), editor, reviewer, now, slug="lien-he"
    )
    assert "Tầng 1" in words(visitor.get("/trang/lien-he/"))


def test_lists_ask_the_same_for_one_and_for_many(province, visitor, editor, reviewer, now):
    def count(client, address):
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    desk = signed_in_official("bientap.cong")
    pages = [(visitor, "/tin-tuc/"), (desk, "/lam-viec/noi-dung/")]
    published("news", NEWS, editor, reviewer, now)
    one = [count(*page) for page in pages]
    for number in range(3):
        published("news", ContentSeed(title=f"Tin {number}", lead="x", body="y"), editor, reviewer, now)
    assert [count(*page) for page in pages] == one
    assert one[0] <= 3


KNOWN_TAGS = (
    "h2", "h3", "h4", "p", "ul", "ol", "li", "a", "strong", "em", "blockquote", "hr", "br", "code",
    "table", "thead", "tbody", "tr", "th", "td",
)  # fmt: skip

# --- Rules ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,xx)",
        "![x](https://example.vn/x.png)",
        '<a href="x" onclick="y">z</a>',
        "<iframe src=//example.vn></iframe>",
        "[x](vbscript:x)",
        '<https://example.vn/"onmouseover=alert(1)>',
    ],
)
def test_hostile_marks_become_harmless_words(hostile):
    html = str(as_html(hostile))
    assert not re.search(r"<(script|img|iframe)|<[^>]*\son\w+=|<a [^>]*href=\"(?!https?:|/)", html)


@given(st.text(max_size=300))
def test_any_text_becomes_known_tags_only(text):
    tags = set(re.findall(r"</?([a-z0-9]+)", str(as_html(text))))
    assert tags <= set(KNOWN_TAGS)
    as_plain(text)


@given(st.text(max_size=200))
def test_an_address_is_made_of_plain_letters(text):
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug_of(text))
    assert len(slug_of(text)) <= 80


@pytest.mark.parametrize(
    "line",
    ["A", "| /x/", "A | //example.vn", "A | http://example.vn", "A | javascript:x", "A|B|C|/x/", "A | /x y/"],
)
def test_a_menu_leads_only_where_it_may(line):
    with pytest.raises(MenuWrong):
        menu_lines(f"Giới thiệu | /trang/gioi-thieu/\n{line}")


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_a_comparison_holds_what_was_added_and_removed(old, new):
    lines = differences("\n".join(old), "\n".join(new))
    gone = [line.text for line in lines if line.sign == "removed"]
    come = [line.text for line in lines if line.sign == "added"]
    assert len(old) - len(gone) == len(new) - len(come)
    assert (not lines) == (old == new)

"""Keys kept by who manages them: suspended, resumed, renewed, warned of; pictures; the screens, over HTTP."""

import datetime as dt
import io
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from dinh.foundation.actions.public import Actor, Grant, system
from dinh.foundation.directory.public import register_person
from dinh.foundation.notify.models import Notice
from dinh.foundation.signing.models import Key, Picture
from dinh.foundation.signing.public import (
    KeyNotUsable,
    KeyOwner,
    NoKey,
    Unseen,
    draw_seal,
    issue_sample_key,
    key_of,
    picture_of,
    put_picture,
    remove_picture,
    renew_sample_key,
    resume_key,
    revoke_key,
    seal_pdf,
    suspend_key,
    validate_pdf,
    warn_of_end,
)
from dinh.foundation.signing.rules.keys import (
    NotTransparent,
    PictureMisshapen,
    PictureUnreadable,
    ReasonMissing,
    StateWrong,
    warning_of,
)
from dinh.foundation.signing.rules.signatures import KeySuspendedNow
from dinh.foundation.signing.tasks import warn_of_ends
from dinh.kernel.errors import NotAllowed
from tests.acting import act_as, without_sign_in
from tests.signing.conftest import AGENCY, SETUP, decision

MANAGER = Actor(
    kind="official",
    name="Bùi Quốc Lộc",
    person_id=uuid.uuid4(),
    position="Quản trị",
    grants=(Grant("signing.manage_keys", "province", None),),
)
STRANGER = Actor(kind="official", name="Lê Văn Tám", person_id=uuid.uuid4(), position="Chuyên viên")


def png(width: int = 432, height: int = 432, *, clear: bool = True, fill: bool = False) -> bytes:
    """A picture of a seal: a ring on a ground that is seen through, or not."""
    image = Image.new(
        "RGBA", (width, height), (214, 24, 31, 255) if fill else (255, 255, 255, 0 if clear else 255)
    )
    ImageDraw.Draw(image).ellipse((10, 10, width - 10, height - 10), outline=(214, 24, 31, 255), width=20)
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def jpeg() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (432, 432), "white").save(content, "JPEG")
    return content.getvalue()


def sign(key: Key, by: Actor) -> bytes:
    return seal_pdf(decision().content, key=key, appearance=Unseen(), reason="thử", at=timezone.now(), by=by)


# ---- suspended and resumed ---------------------------------------------------------------------


def test_a_suspended_key_signs_nothing_and_says_why_until_it_is_resumed(
    agency: Key, clerk: Actor, now
) -> None:
    before = sign(agency, clerk)
    stale = Key.objects.get(pk=agency.pk)
    suspend_key(agency, reason="Thất lạc thiết bị", by=MANAGER, now=now)
    # Whoever read the row before is refused as well.
    with pytest.raises(KeySuspendedNow) as refused:
        sign(stale, clerk)
    assert "Thất lạc thiết bị" in str(refused.value)
    assert key_of("agency", agency.owner_id, owner=AGENCY, at=now).pk == agency.pk
    assert validate_pdf(before, now=timezone.now()).verdict.value == "valid"
    resume_key(agency, by=MANAGER, now=now)
    assert sign(Key.objects.get(pk=agency.pk), clerk)


def test_suspending_wants_a_reason_and_a_key_in_use(agency: Key, now) -> None:
    with pytest.raises(ReasonMissing):
        suspend_key(agency, reason="  – ", by=MANAGER, now=now)
    suspend_key(agency, reason="Thất lạc thiết bị", by=MANAGER, now=now)
    with pytest.raises(StateWrong):
        suspend_key(agency, reason="Thất lạc thiết bị", by=MANAGER, now=now)
    resume_key(agency, by=MANAGER, now=now)
    with pytest.raises(StateWrong):
        resume_key(agency, by=MANAGER, now=now)
    with pytest.raises(ReasonMissing):
        revoke_key(agency, reason="", by=MANAGER, now=now)


@pytest.mark.parametrize("by", [STRANGER, Actor(kind="citizen", name="Hoa", person_id=uuid.uuid4())])
def test_only_who_manages_keys_changes_them(agency: Key, now, by: Actor) -> None:
    for attempt in (
        lambda: suspend_key(agency, reason="Thất lạc thiết bị", by=by, now=now),
        lambda: resume_key(agency, by=by, now=now),
        lambda: renew_sample_key(agency, by=by, now=now),
        lambda: put_picture(agency, png(), by=by, now=now),
        lambda: remove_picture(agency, by=by, now=now),
        lambda: warn_of_end(agency, days=7, by=by),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_key_that_ended_or_was_taken_back_says_so(agency: Key, now) -> None:
    later = agency.valid_until + dt.timedelta(days=1)
    with pytest.raises(KeyNotUsable):
        key_of("agency", agency.owner_id, owner=AGENCY, at=later)
    revoke_key(agency, reason="Lộ khóa", by=MANAGER, now=now)
    with pytest.raises(KeyNotUsable) as refused:
        key_of("agency", agency.owner_id, owner=AGENCY, at=now)
    assert "thu hồi" in str(refused.value)
    with pytest.raises(NoKey):
        key_of("agency", uuid.uuid4(), owner=AGENCY, at=now)


def test_a_new_sample_key_takes_the_place_of_the_old_one(person: Key, now) -> None:
    renew_sample_key(person, by=MANAGER, now=now)
    new = key_of("person", person.owner_id, owner=person.label, at=timezone.now())
    assert new.pk != person.pk
    assert Key.objects.get(pk=person.pk).retired_at is not None
    assert new.label == person.label


# ---- pictures ----------------------------------------------------------------------------------


def test_a_picture_is_shown_from_then_on_and_removed_again(agency: Key, now) -> None:
    drawn = picture_of(agency, name=AGENCY)
    put_picture(agency, png(), by=MANAGER, now=now)
    shown = Image.open(io.BytesIO(picture_of(agency, name=AGENCY)))
    assert shown.size == (432, 432)
    assert picture_of(agency, name=AGENCY) != drawn
    put_picture(agency, png(500, 500), by=MANAGER, now=now)
    assert Picture.objects.filter(removed_at=None).count() == 1
    remove_picture(agency, by=MANAGER, now=now)
    assert picture_of(agency, name=AGENCY) == drawn
    assert Picture.objects.count() == 2


def test_what_comes_along_with_a_picture_is_not_kept(agency: Key, now) -> None:
    content = io.BytesIO()
    picture = Image.open(io.BytesIO(png()))
    notes = PngInfo()
    notes.add_text("Comment", "mat khau la 123456")
    picture.save(content, "PNG", pnginfo=notes)
    put_picture(agency, content.getvalue(), by=MANAGER, now=now)
    assert b"mat khau" not in picture_of(agency, name=AGENCY)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", PictureUnreadable),
        (b"\x89PNG\r\n\x1a\n broken", PictureUnreadable),
        (jpeg(), PictureUnreadable),
        (b"x" * (2 * 1024 * 1024 + 1), PictureUnreadable),
        (png(100, 100), PictureMisshapen),
        (png(2400, 2400), PictureMisshapen),
        (png(800, 400), PictureMisshapen),
        (png(clear=False), NotTransparent),
        (png(fill=True), NotTransparent),
        (Image.new("RGBA", (432, 432), (0, 0, 0, 0)).tobytes(), PictureUnreadable),
    ],
)
def test_a_picture_that_would_not_print_is_refused(agency: Key, now, content: bytes, wrong: type) -> None:
    with pytest.raises(wrong):
        put_picture(agency, content, by=MANAGER, now=now)
    assert not Picture.objects.exists()


def test_an_empty_picture_is_refused(agency: Key, now) -> None:
    content = io.BytesIO()
    Image.new("RGBA", (432, 432), (0, 0, 0, 0)).save(content, "PNG")
    with pytest.raises(NotTransparent):
        put_picture(agency, content.getvalue(), by=MANAGER, now=now)


def test_a_signature_lies_and_a_seal_is_square(person: Key, agency: Key, now) -> None:
    put_picture(person, png(600, 280), by=MANAGER, now=now)
    with pytest.raises(PictureMisshapen):
        put_picture(person, png(), by=MANAGER, now=now)
    assert draw_seal(AGENCY, "")  # what a sample draws passes its own check
    put_picture(agency, draw_seal(AGENCY, "Tỉnh Phú Thịnh"), by=MANAGER, now=now)


# ---- warnings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "warned"),
    [(90, None), (61, None), (60, 60), (31, 60), (30, 30), (7, 7), (2, 7), (1, 1), (-1, None)],
)
def test_which_warning_is_due(now, days: int, warned: int | None) -> None:
    assert warning_of(now + dt.timedelta(days=days), now) == warned


def test_an_owner_is_told_once_a_warning(db, now) -> None:
    owner = register_person("Trần Văn Bình", staff_code="CB900", by=system("test"))
    seed = KeyOwner(kind="person", id=owner.pk, name="Trần Văn Bình", agency=AGENCY)
    key = issue_sample_key(seed, by=SETUP, now=now, life=dt.timedelta(days=20))
    far = KeyOwner(kind="agency", id=uuid.uuid4(), name=AGENCY, agency=AGENCY)
    issue_sample_key(far, by=SETUP, now=now)
    for _ in range(2):
        warn_of_ends()
    (told,) = Notice.objects.filter(person_id=owner.pk)
    assert told.template == "key.ending"
    assert f"{timezone.localdate(key.valid_until):%d/%m/%Y}" in told.subject


def test_an_owner_is_told_of_what_happens_to_the_key(db, now) -> None:
    owner = register_person("Trần Văn Bình", staff_code="CB901", by=system("test"))
    key = issue_sample_key(
        KeyOwner(kind="person", id=owner.pk, name="Trần Văn Bình", agency=AGENCY), by=SETUP, now=now
    )
    suspend_key(key, reason="Thất lạc thiết bị", by=MANAGER, now=now)
    resume_key(key, by=MANAGER, now=now)
    revoke_key(key, reason="Lộ khóa", by=MANAGER, now=now)
    told = list(Notice.objects.filter(person_id=owner.pk).order_by("id").values_list("template", flat=True))
    assert sorted(told) == ["key.resumed", "key.revoked", "key.suspended"]
    assert "Thất lạc thiết bị" in Notice.objects.get(template="key.suspended").body


# ---- the screens -------------------------------------------------------------------------------


@pytest.fixture
def enter(settings: Any) -> Iterator[Any]:
    settings.MIDDLEWARE = without_sign_in(settings.MIDDLEWARE)

    def make(by: Actor) -> Client:
        act_as(by)
        return Client()

    yield make
    act_as(None)


def at(name: str, key: Key) -> str:
    return reverse(f"signing:{name}", kwargs={"key_id": key.pk})


def test_the_list_is_narrowed_by_name_without_diacritics_kind_and_state(
    enter, person: Key, agency: Key, now, django_assert_max_num_queries
) -> None:
    browser = enter(MANAGER)
    with django_assert_max_num_queries(12):
        page = browser.get(reverse("signing:keys")).content.decode()
    assert person.label in page
    assert agency.label in page
    found = browser.get(reverse("signing:keys"), {"q": "tran van", "loai": "person"}).content.decode()
    assert person.label in found
    assert AGENCY not in found
    suspend_key(agency, reason="Thất lạc thiết bị", by=MANAGER, now=now)
    found = browser.get(reverse("signing:keys"), {"trang-thai": "suspended"}).content.decode()
    assert AGENCY in found
    assert person.label not in found
    assert "Không có chứng thư nào" in browser.get(reverse("signing:keys"), {"q": "khongco"}).content.decode()
    assert (
        browser.get(reverse("signing:keys"), {"sau": "x", "trang-thai": "y", "loai": "z"}).status_code == 200
    )


def test_a_key_s_page_says_where_it_was_used_and_never_shows_what_is_secret(
    enter, agency: Key, clerk: Actor
) -> None:
    sign(agency, clerk)
    page = enter(MANAGER).get(at("key", agency)).content.decode()
    assert "thử" in page
    assert clerk.name in page
    assert "PRIVATE" not in page
    assert agency.certificate[40:90] not in page


def test_what_was_typed_is_kept_when_it_is_refused(enter, agency: Key) -> None:
    answer = enter(MANAGER).post(at("key-suspend", agency), {"suspend_reason": "mất"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "ít nhất 5 ký tự" in page
    assert ">mất</textarea>" in page


def test_the_screens_change_keys(enter, agency: Key) -> None:
    browser = enter(MANAGER)
    browser.post(at("key-suspend", agency), {"suspend_reason": "Thất lạc thiết bị"})
    assert "Cho dùng lại" in browser.get(at("key", agency)).content.decode()
    browser.post(at("key-resume", agency))
    assert browser.post(at("key-resume", agency)).status_code == 422
    given = SimpleUploadedFile("dau.png", png(), content_type="image/png")
    assert browser.post(at("key-picture-put", agency), {"picture": given}).status_code == 302
    assert browser.get(at("key-picture", agency)).headers["Content-Type"] == "image/png"
    browser.post(at("key-picture-remove", agency))
    assert browser.post(at("key-picture-put", agency)).status_code == 422
    browser.post(at("key-renew", agency))
    newest = key_of("agency", agency.owner_id, owner=AGENCY, at=timezone.now())
    browser.post(at("key-revoke", newest), {"revoke_reason": "Lộ khóa"})
    assert "Lộ khóa" in browser.get(at("key", newest)).content.decode()
    assert browser.get(reverse("signing:token")).status_code == 200


def test_others_find_no_keys(enter, agency: Key) -> None:
    browser = enter(STRANGER)
    assert browser.get(reverse("signing:keys")).status_code == 403
    for name in ("key", "key-picture"):
        assert browser.get(at(name, agency)).status_code == 403
    for name in (
        "key-suspend",
        "key-resume",
        "key-revoke",
        "key-renew",
        "key-picture-put",
        "key-picture-remove",
    ):
        assert browser.post(at(name, agency)).status_code == 403
    assert enter(MANAGER).get(reverse("signing:key", kwargs={"key_id": uuid.uuid4()})).status_code == 404

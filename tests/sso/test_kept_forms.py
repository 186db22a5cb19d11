"""A session that ends under a half-filled form: what was typed comes back, and never runs by itself."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dinh.sso.models import KeptForm, Session
from tests.sso import probes
from tests.sso.conftest import PASSWORD, House, SignIn

TYPED = {"name": "Hộ kinh doanh Sáu Đậu", "note": "dòng 1\ndòng 2", "kind": ["a", "b"], "password": "bí mật"}


@pytest.fixture
def expired(client: Client, house: House, type_in: SignIn) -> Client:
    """A browser whose session has just run out."""
    house.citizen()
    type_in(client, "0900000001")
    _expire()
    return client


def _expire() -> None:
    Session.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))


def test_what_was_typed_comes_back_after_signing_in_again(expired: Client, type_in: SignIn) -> None:
    answer = expired.post("/ho-so/", TYPED)
    assert answer.headers["Location"] == "/dang-nhap/?next=%2Fho-so%2F"
    again = type_in(expired, "0900000001", next="/ho-so/")
    assert again.headers["Location"] == "/ho-so/"
    page = expired.get("/ho-so/").content.decode()
    assert "'name': ['Hộ kinh doanh Sáu Đậu']" in page and "'kind': ['a', 'b']" in page
    assert "dòng 1" in page and "bí mật" not in page
    assert probes.sent == []
    assert expired.get("/ho-so/").content.decode() == page  # reloading does not lose it


def test_the_page_says_that_it_came_back_and_only_then(expired: Client, type_in: SignIn) -> None:
    expired.post("/ho-so/", TYPED)
    type_in(expired, "0900000001")
    assert "đang nhập dở vẫn còn" not in expired.get("/doi-mat-khau/").content.decode()
    expired.get("/ho-so/")
    assert "đang nhập dở vẫn còn" in expired.get("/doi-mat-khau/").content.decode()


def test_no_password_is_kept_by_the_screen_that_changes_it(expired: Client) -> None:
    form = {"current_password": "bí mật cũ", "password": "bí mật mới", "password_again": "bí mật mới"}
    expired.post("/doi-mat-khau/", form)
    assert not KeptForm.objects.exists()


def test_sending_it_forgets_it(expired: Client, type_in: SignIn) -> None:
    expired.post("/ho-so/", TYPED)
    type_in(expired, "0900000001")
    expired.post("/ho-so/", TYPED)
    assert len(probes.sent) == 1
    assert not KeptForm.objects.exists()
    assert expired.get("/ho-so/").content.decode() == "{}"


def test_files_are_named_so_that_they_can_be_chosen_again(expired: Client, type_in: SignIn) -> None:
    expired.post("/ho-so/", {"name": "x", "paper": SimpleUploadedFile("đơn.pdf", b"%PDF-1.7")})
    type_in(expired, "0900000001")
    said = [str(one) for one in get_messages(expired.get("/ho-so/").wsgi_request)]
    assert "Tệp phải được chọn lại: đơn.pdf." in said


def test_another_person_at_the_same_browser_does_not_see_it(
    expired: Client, house: House, type_in: SignIn
) -> None:
    house.citizen("0900000002", "Phạm Văn Cường")
    expired.post("/ho-so/", TYPED)
    type_in(expired, "0900000002")
    assert expired.get("/ho-so/").content.decode() == "{}"
    assert not KeptForm.objects.exists()


def test_the_same_person_at_another_browser_does_not_see_it(expired: Client, type_in: SignIn) -> None:
    expired.post("/ho-so/", TYPED)
    other = Client()
    type_in(other, "0900000001")
    assert other.get("/ho-so/").content.decode() == "{}"


def test_the_database_does_not_hold_it_in_clear(expired: Client) -> None:
    expired.post("/ho-so/", TYPED)
    assert "Sáu Đậu".encode() not in bytes(KeptForm.objects.get().content)


def test_it_is_kept_for_the_forms_page_when_the_form_is_sent_elsewhere(
    expired: Client, type_in: SignIn
) -> None:
    answer = expired.post("/ky/", {"note": "x"}, headers={"Referer": "http://testserver/ho-so/?b=1"})
    assert answer.headers["Location"] == "/dang-nhap/?next=%2Fho-so%2F%3Fb%3D1"
    type_in(expired, "0900000001")
    assert "'note': ['x']" in expired.get("/ho-so/?b=1").content.decode()


def test_a_referer_of_another_site_is_not_followed(expired: Client) -> None:
    answer = expired.post("/ho-so/", {"note": "x"}, headers={"Referer": "https://evil.example/ho-so/"})
    assert answer.headers["Location"] == "/dang-nhap/?next=%2Fho-so%2F"


def test_an_htmx_request_is_led_to_sign_in_as_a_whole_page(expired: Client) -> None:
    answer = expired.post(
        "/ho-so/",
        {"note": "x"},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/lam-viec/?q=1"},
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/dang-nhap/?next=%2Flam-viec%2F%3Fq%3D1"


def test_a_stranger_can_store_nothing(client: Client, db: None) -> None:
    client.post("/ho-so/", TYPED)
    client.cookies["sessionid"] = "no-such-session-key-000000000000000000000"
    client.post("/ho-so/", TYPED)
    assert not KeptForm.objects.exists()


def test_after_signing_out_nothing_is_kept(client: Client, house: House, type_in: SignIn) -> None:
    house.citizen()
    type_in(client, "0900000001")
    client.post("/dang-xuat/")
    client.post("/ho-so/", TYPED)
    assert not KeptForm.objects.exists()


def test_a_form_that_is_too_large_is_not_kept(expired: Client) -> None:
    expired.post("/ho-so/", {"note": "x" * 600_000})
    assert not KeptForm.objects.exists()


def test_it_is_kept_for_a_short_time_only(expired: Client, type_in: SignIn) -> None:
    expired.post("/ho-so/", TYPED)
    KeptForm.objects.update(expires_at=timezone.now())
    type_in(expired, "0900000001")
    assert expired.get("/ho-so/").content.decode() == "{}"


def test_a_post_without_the_form_token_is_not_kept(house: House, type_in: SignIn) -> None:
    client = Client(enforce_csrf_checks=True)
    house.citizen()
    page = client.get("/dang-nhap/")
    token = page.context["csrf_token"] if page.context else client.cookies["csrftoken"].value
    type_in(client, "0900000001", csrfmiddlewaretoken=str(token))
    _expire()
    assert client.post("/ho-so/", TYPED).status_code == 403
    assert not KeptForm.objects.exists()


def test_the_other_tab_goes_on_after_signing_in_again(house: House, type_in: SignIn) -> None:
    client = Client(enforce_csrf_checks=True)
    house.citizen()
    client.get("/dang-nhap/")
    type_in(client, "0900000001", csrfmiddlewaretoken=client.cookies["csrftoken"].value)
    client.get("/phien-dang-nhap/")
    token = client.cookies["csrftoken"].value  # stands in a form of the other tab
    _expire()
    assert type_in(client, "0900000001", csrfmiddlewaretoken=token).status_code == 302
    assert client.post("/ho-so/", {"note": "x", "csrfmiddlewaretoken": token}).content == b"sent"


# --- Asking again before a grave act ----------------------------------------------------------------


def test_a_grave_act_asks_for_the_password_and_keeps_what_was_typed(
    client: Client, house: House, type_in: SignIn
) -> None:
    house.citizen()
    type_in(client, "0900000001")
    Session.objects.update(authenticated_at=timezone.now() - dt.timedelta(minutes=6))
    answer = client.post("/ky/", {"note": "đồng ý"})
    assert answer.headers["Location"] == "/xac-nhan-mat-khau/?next=%2Fky%2F"
    assert probes.sent == []
    wrong = client.post("/xac-nhan-mat-khau/", {"password": "sai mật khẩu", "next": "/ky/"})
    assert wrong.status_code == 422 and "Mật khẩu không đúng" in wrong.content.decode()
    assert client.get("/ky/").status_code == 302
    right = client.post("/xac-nhan-mat-khau/", {"password": PASSWORD, "next": "/ky/"})
    assert right.headers["Location"] == "/ky/"
    assert client.get("/ky/").content.decode() == "đồng ý|True"
    assert client.post("/ky/", {"note": "đồng ý"}).content == b"signed"


def test_somebody_just_signed_in_is_not_asked_again(client: Client, house: House, type_in: SignIn) -> None:
    house.citizen()
    type_in(client, "0900000001")
    assert client.post("/ky/", {"note": "đồng ý"}).content == b"signed"


def test_guessing_at_the_confirmation_is_slowed_down(client: Client, house: House, type_in: SignIn) -> None:
    house.citizen()
    type_in(client, "0900000001")
    answers = [client.post("/xac-nhan-mat-khau/", {"password": f"sai {n}"}).status_code for n in range(7)]
    assert answers == [422] * 5 + [429] * 2

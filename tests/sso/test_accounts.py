"""Accounts: citizens register, passwords change, sample accounts are made in bulk."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.utils import timezone

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import system, visitor
from dinh.foundation.directory.models import Person
from dinh.kernel.errors import NotAllowed
from dinh.sso.actions.accounts import ProofTooOld, UsernameTaken, change_password
from dinh.sso.models import Account, ContactCode, Session
from dinh.sso.public import (
    NewAccount,
    claimed_identity_number,
    create_account,
    create_accounts_in_bulk,
    register_citizen,
    set_active,
)
from dinh.sso.queries.accounts import actor_of_account
from dinh.sso.rules.sign_in import InvalidUsername
from tests.sso.conftest import PASSWORD, House, SignIn

FORM = {
    "full_name": "Lý Thị Én",
    "contact": "0900 000 123",
    "identity_number": "099 190 000 123",
    "password": "thuyền về bến cũ",
    "password_again": "thuyền về bến cũ",
}


def test_a_citizen_registers_and_is_signed_in(client: Client, db: None) -> None:
    answer = client.post("/dang-ky/", {**FORM, "next": "/ho-so/"})
    assert answer.headers["Location"] == "/ho-so/"
    assert client.get("/").content.decode() == "citizen|Lý Thị Én|"
    account = Account.objects.get()
    assert (account.username, account.kind) == ("0900000123", "citizen")
    assert account.person.phone == "0900000123"
    assert AuditEntry.objects.filter(verb="account.registered").exists()
    # The number may be anybody's: a code goes there at once, and until it is typed nothing calls it proven.
    assert ContactCode.objects.get().value == "0900000123" and account.person.phone_known != "code"


def test_one_signs_in_with_the_contact_as_typed(client: Client, db: None, type_in: SignIn) -> None:
    client.post("/dang-ky/", {**FORM, "contact": "En.Ly@Example.VN"})
    assert type_in(Client(), "en.ly@example.vn", FORM["password"]).status_code == 302


def test_a_typed_identity_number_is_only_a_claim(client: Client, db: None) -> None:
    client.post("/dang-ky/", FORM)
    assert Person.objects.get().identity_number == ""
    assert claimed_identity_number(Account.objects.get().pk) == "099190000123"
    second = Client()
    assert second.post("/dang-ky/", {**FORM, "contact": "0900000124"}).status_code == 302
    assert "099190000123" not in str(list(AuditEntry.objects.values()))
    assert "chưa được đối chiếu" in Client().get("/dang-ky/").content.decode()


def test_a_number_that_is_proven_of_another_account_is_not_claimed_again(client: Client, db: None) -> None:
    client.post("/dang-ky/", FORM)
    Person.objects.update(identity_number="099190000123")
    answer = Client().post("/dang-ky/", {**FORM, "contact": "0900000124"})
    assert answer.status_code == 422 and "đã có tài khoản được xác minh" in answer.content.decode()
    # Known to the directory alone: nobody is told that, and the desk compares.
    Account.objects.update(kind="official")
    assert Client().post("/dang-ky/", {**FORM, "contact": "0900000124"}).status_code == 302


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("full_name", "Én", "đủ họ"),
        ("full_name", "Lý <b>", "đủ họ"),
        ("contact", "0123", "không phải số điện thoại"),
        ("contact", "a@b", "không phải số điện thoại"),
        ("identity_number", "12345678901", "đúng 12 chữ số"),
        ("identity_number", "09919000012x", "đúng 12 chữ số"),
        ("identity_number", "999999999999", "Không có số định danh nào như vậy"),
        ("identity_number", "000190000123", "Không có số định danh nào như vậy"),
        ("identity_number", "001590000123", "Không có số định danh nào như vậy"),
        ("password", "ngắn quá", "ngắn hơn 10 ký tự"),
        ("password", "password123", "nhiều người dùng"),
        ("password", "matkhau2026", "nhiều người dùng"),
        ("password", "aaaaaaaaaaaa", "nhiều người dùng"),
        ("password", "1234567890", "nhiều người dùng"),
        ("password", "0900000123", "gần giống tên"),
        ("password", "lythien2026", "gần giống tên"),
        ("password_again", "khác hẳn rồi", "không giống nhau"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_the_rest_is_kept(
    client: Client, db: None, field: str, typed: str, sentence: str
) -> None:
    form = {**FORM, field: typed}
    if field == "password":
        form["password_again"] = typed
    answer = client.post("/dang-ky/", form)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and f'href="#f-{field}"' in page
    assert form["password"] not in page or field == "password_again"
    assert not Account.objects.exists() and not Person.objects.exists()
    kept = "contact" if field != "contact" else "full_name"
    assert f'value="{form[kept]}"' in page


def test_all_mistakes_are_said_at_once(client: Client, db: None) -> None:
    page = client.post("/dang-ky/", dict.fromkeys(FORM, "")).content.decode()
    assert page.count('href="#f-') == 4


def test_a_contact_serves_one_account(client: Client, db: None) -> None:
    client.post("/dang-ky/", FORM)
    answer = Client().post("/dang-ky/", FORM)
    assert answer.status_code == 422 and "Đã có tài khoản" in answer.content.decode()
    assert Account.objects.count() == 1 and Person.objects.count() == 1


def test_registering_over_and_over_from_one_address_is_slowed_down(db: None) -> None:
    codes = [
        Client().post("/dang-ky/", {**FORM, "contact": f"09000010{n:02}"}).status_code for n in range(22)
    ]
    assert codes[:20] == [302] * 20 and 429 in codes[20:]


def test_somebody_signed_in_does_not_register(client: Client, house: House, enter: Any) -> None:
    enter(client, house.citizen())
    assert client.get("/dang-ky/").status_code == 302
    with pytest.raises(NotAllowed):
        by = actor_of_account(Account.objects.get(), request_id="")
        register_citizen(None, by=by, now=timezone.now())  # type: ignore[arg-type]


# --- Passwords --------------------------------------------------------------------------------------


def test_a_changed_password_works_and_ends_the_other_sessions(house: House, type_in: SignIn) -> None:
    house.citizen()
    here, there = Client(), Client()
    type_in(here, "0900000001")
    type_in(there, "0900000001")
    new = "con đò sang sông"
    answer = here.post(
        "/doi-mat-khau/", {"current_password": PASSWORD, "password": new, "password_again": new}
    )
    assert answer.headers["Location"] == "/phien-dang-nhap/"
    assert here.get("/").content.startswith(b"citizen")
    assert there.get("/").content.startswith(b"visitor")
    assert "vừa được đổi" in there.get("/dang-nhap/").content.decode()
    assert type_in(Client(), "0900000001").status_code == 422
    assert type_in(Client(), "0900000001", new).status_code == 302
    entry = AuditEntry.objects.get(verb="account.password_changed")
    assert entry.changes["password"] == ["•", "•"]


def test_the_present_password_must_be_right(client: Client, house: House, type_in: SignIn) -> None:
    house.citizen()
    type_in(client, "0900000001")
    new = "con đò sang sông"
    answer = client.post(
        "/doi-mat-khau/", {"current_password": "sai", "password": new, "password_again": new}
    )
    assert answer.status_code == 422 and 'href="#f-current_password"' in answer.content.decode()
    assert type_in(Client(), "0900000001").status_code == 302


def test_a_stolen_session_cannot_change_the_password_by_the_verb(house: House, enter: Any) -> None:
    account = house.citizen()
    session = enter(Client(), account)
    by = actor_of_account(account, request_id="")
    with pytest.raises(ProofTooOld):
        change_password(account, new="con đò sang sông", keep=session.pk, by=by, now=timezone.now())


def test_nobody_changes_the_password_of_another(house: House) -> None:
    account, other = house.citizen(), house.citizen("0900000002", "Phạm Văn Cường")
    by = actor_of_account(other, request_id="", at=timezone.now())
    with pytest.raises(NotAllowed):
        change_password(account, new="con đò sang sông", keep=uuid.uuid4(), by=by, now=timezone.now())


# --- Made by others ---------------------------------------------------------------------------------


def test_only_who_manages_accounts_makes_and_locks_them(house: House) -> None:
    account = house.citizen()
    for by in (visitor(), actor_of_account(account, request_id="")):
        with pytest.raises(NotAllowed):
            create_account(
                account.person_id, username="moi", kind="citizen", password=None, by=by, now=timezone.now()
            )
        with pytest.raises(NotAllowed):
            set_active(account, False, by=by)
    set_active(account, False, by=system("test"))
    assert not Account.objects.get().is_active


@pytest.mark.parametrize("username", ["ab", "có dấu", "a b", "-dau", "x" * 61, "a\x00b"])
def test_an_impossible_name_is_refused(house: House, username: str) -> None:
    person = house.citizen().person_id
    with pytest.raises(InvalidUsername):
        create_account(
            person, username=username, kind="official", password=None, by=system("t"), now=timezone.now()
        )


def test_a_name_is_taken_whatever_its_case(house: House) -> None:
    person = house.citizen("an.nv").person_id
    with pytest.raises(UsernameTaken):
        create_account(
            person, username="AN.NV", kind="official", password=None, by=system("t"), now=timezone.now()
        )


def test_sample_accounts_share_one_hash_and_open(house: House, type_in: SignIn) -> None:
    person = house.citizen().person_id
    rows = [NewAccount(username=f"Mau{n}", kind="citizen", person_id=person) for n in range(50)]
    assert create_accounts_in_bulk(rows, password="mẫu mẫu mẫu mẫu", now=timezone.now()) == 50
    assert create_accounts_in_bulk(rows, password="mẫu mẫu mẫu mẫu", now=timezone.now()) == 0
    sample = Account.objects.filter(username__startswith="mau")
    assert sample.values("password").distinct().count() == 1
    assert check_password("mẫu mẫu mẫu mẫu", sample[0].password)
    assert type_in(Client(), "mau7", "mẫu mẫu mẫu mẫu").status_code == 302
    assert Session.objects.count() == 1


def test_a_real_province_has_no_shared_password(house: House, settings: Any) -> None:
    settings.IS_SAMPLE = False
    with pytest.raises(RuntimeError):
        create_accounts_in_bulk([], password="x", now=timezone.now())

"""Sign-in through the national portal: who gets in, who is linked, who is not let in and told why."""

import datetime as dt
import time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import system, visitor
from dinh.foundation.directory.models import Person
from dinh.foundation.directory.public import AlreadyKnown, note_verified_number, register_person
from dinh.foundation.notify.models import Notice
from dinh.kernel.errors import Refused
from dinh.sso.actions.identities import link_identity, open_account, unlink_identity
from dinh.sso.adapters.identity_provider import forget_provider
from dinh.sso.models import Account, LinkedIdentity, ProviderTrip, Session, SignInRecord
from dinh.sso.queries.accounts import actor_of_account
from dinh.sso.rules.identities import GivenIdentity, OfficialsElsewhere
from dinh.website.sample.national_sign_in import SampleSignIn
from tests.guards.refusing import assert_done, assert_refused
from tests.sso.conftest import BY, House, SignIn
from tests.sso.provider import (
    KNOWN,
    LOW,
    NEW,
    ORGANISATION,
    START,
    at_provider,
    come_back,
    depart,
    go,
    offered,
    provider,
)


def by_of(account: Any) -> Any:
    return actor_of_account(account, request_id="")


@pytest.fixture
def national(settings: Any) -> Any:
    with provider(settings) as opened:
        yield opened


def known_person(**other: Any) -> Any:
    said = offered(KNOWN)
    values = {
        "full_name": said["full_name"],
        "identity_number": said["identifier"],
        "birth_date": dt.date.fromisoformat(said["birth_date"]),
        "email": "da-biet@example.vn",
        **other,
    }
    return register_person(values.pop("full_name"), **values, by=BY)


def words(answer: Any) -> str:
    return answer.content.decode()


def agree(client: Client, answer: Any) -> Any:
    """Say yes on the page to which the answer leads."""
    assert answer.status_code == 302, words(answer)
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    return client.post(answer.headers["Location"])


@pytest.mark.django_db(transaction=True)
def test_a_citizen_signs_in_through_the_national_portal(national: Any, house: House) -> None:
    """
    Law: TT 01/2018 Điều 16 khoản 2 ý 2
    Screen: /dang-nhap/
    """
    account = house.account(known_person(), "0900000001", "citizen")
    browser = Client()
    door = words(browser.get("/dang-nhap/?next=/thu-tuc/"))
    assert "Đăng nhập bằng Cổng Dịch vụ công quốc gia" in door
    assert f'href="{START}?next=/thu-tuc/"' in door.replace("%2F", "/")
    answer = go(browser, KNOWN, f"{START}?next=/thu-tuc/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/thu-tuc/")
    session = Session.objects.get(account=account)
    assert (session.method, session.assurance) == ("national", "LoA2")
    link = LinkedIdentity.objects.get()
    assert (link.account_id, link.key, link.how) == (account.pk, KNOWN, "number")
    assert SignInRecord.objects.get().outcome == "succeeded"
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"account.identity_linked", "sign_in.succeeded"} <= verbs
    # The second time the link is enough.
    again = Client()
    go(again, KNOWN)
    assert again.get("/").content.decode().startswith("citizen|")
    assert LinkedIdentity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_has_no_account_opens_one_after_a_yes(national: Any, house: House) -> None:
    browser = Client()
    answer = go(browser, NEW, f"{START}?next=/thu-tuc/")
    page = words(browser.get(answer.headers["Location"]))
    assert "Phạm Thị Mới" in page and offered(NEW)["identifier"] in page
    assert not Account.objects.exists()
    assert agree(browser, answer).headers["Location"] == "/thu-tuc/"
    account = Account.objects.select_related("person").get()
    assert (account.kind, account.username) == ("citizen", "0900700001")
    assert account.person.identity_number == offered(NEW)["identifier"]
    assert not account.has_usable_password() and not account.claimed_identity_number
    assert not ProviderTrip.objects.exists()
    # The yes is said once.
    assert "Lượt đăng nhập này đã dùng" in words(Client().post(answer.headers["Location"]))


@pytest.mark.django_db(transaction=True)
def test_a_number_of_a_low_level_is_a_claim_and_leads_to_nobody(national: Any, house: House) -> None:
    said = offered(LOW)
    person = register_person(said["full_name"], identity_number=said["identifier"], by=BY)
    house.account(person, "0900000001", "citizen")
    browser = Client()
    answer = go(browser, LOW)
    assert "chưa đủ để tin số định danh" in words(browser.get(answer.headers["Location"]))
    agree(browser, answer)
    account = Account.objects.get(username=said["phone"])
    assert account.person_id != person.pk and account.person.identity_number == ""
    assert account.claimed_identity_number == said["identifier"]


@pytest.mark.django_db(transaction=True)
def test_the_same_email_or_telephone_leads_to_nobody(national: Any, house: House) -> None:
    said = offered(NEW)
    other = register_person("Trần Văn Khác", email=said["email"], phone=said["phone"], by=BY)
    taken = house.account(other, said["phone"], "citizen")
    house.account(register_person("Trần Văn Khác Nữa", by=BY), said["email"], "citizen")
    browser = Client()
    agree(browser, go(browser, NEW))
    account = LinkedIdentity.objects.get().account
    assert account.pk != taken.pk and account.username.startswith("cdvc.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", ["other_key", "other_name", "other_birth", "official", "taken_apart"])
def test_a_known_number_that_does_not_fit_is_refused_and_said(national: Any, house: House, case: str) -> None:
    other = {
        "other_name": {"full_name": "Hoàng Văn Khác"},
        "other_birth": {"birth_date": dt.date(1950, 1, 1)},
    }
    person = known_person(**other.get(case, {}))
    account = house.account(person, "an.nv", "official" if case == "official" else "citizen")
    if case in ("other_key", "taken_apart"):
        now = timezone.now()
        ended = now if case == "taken_apart" else None
        LinkedIdentity.objects.create(
            account=account, provider="national", key="KHAC", how="own", linked_at=now, ended_at=ended
        )
    said = {
        "other_key": "Số định danh này đã liên kết với một tài khoản khác",
        "other_name": "khác với thông tin tỉnh đang giữ",
        "other_birth": "khác với thông tin tỉnh đang giữ",
        "official": "Cán bộ đăng nhập bằng tên và mật khẩu",
        "taken_apart": "Ông/Bà đã gỡ liên kết",
    }
    answer = go(Client(), KNOWN)
    assert answer.status_code == 422 and said[case] in words(answer)
    assert not Session.objects.exclude(account=None).exists()
    assert SignInRecord.objects.get().outcome == "refused"


@pytest.mark.django_db(transaction=True)
def test_an_organisation_and_who_stops_on_the_way_do_not_get_in(national: Any, house: House) -> None:
    assert "Đây là tài khoản tổ chức" in words(go(Client(), ORGANISATION))
    assert "Ông/Bà đã dừng" in words(go(Client(), ""))
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_provider_that_is_away_leaves_the_password(national: Any, house: House, type_in: SignIn) -> None:
    house.citizen()
    national.is_away = True
    answer = Client().get(f"{START}?next=/thu-tuc/")
    assert answer.status_code == 503 and "chưa trả lời" in words(answer)
    assert 'name="next" value="/thu-tuc/"' in words(answer)
    assert type_in(Client(), "0900000001").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_without_a_provider_there_is_no_button_and_no_address(house: House) -> None:
    assert "Cổng Dịch vụ công quốc gia" not in words(Client().get("/dang-nhap/"))
    assert Client().get(START).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_locked_account_stays_locked(national: Any, house: House) -> None:
    account = house.account(known_person(), "0900000001", "citizen")
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert "đã bị khóa" in words(go(Client(), KNOWN))
    assert not LinkedIdentity.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("asked", ["https://xau.example/", "//xau.example", "/\\xau.example", "javascript:1"])
def test_another_site_is_no_place_to_go_on_to(national: Any, house: House, asked: str) -> None:
    house.account(known_person(), "0900000001", "citizen")
    browser = Client()
    browser.get(START, {"next": asked})
    address = depart(browser, START)
    assert "xau.example" not in address


# --- One's own link ---------------------------------------------------------------------------------

LINK, UNLINK, PROVE = f"{START}lien-ket/", f"{START}go-lien-ket/", f"{START}xac-nhan/"
OWN = "/phien-dang-nhap/"


@pytest.fixture
def citizen(house: House, enter: Any) -> Any:
    """A citizen without a number, signed in by password."""
    account = house.account(register_person("Phạm Thị Mới", by=BY), "0900000001", "citizen")
    account.browser = Client()
    enter(account.browser, account)
    return account


def tell(browser: Client) -> str:
    return words(browser.get(OWN))


@pytest.mark.django_db(transaction=True)
def test_a_citizen_links_their_account_and_takes_it_apart(national: Any, citizen: Any) -> None:
    browser = citizen.browser
    assert "Chưa liên kết" in tell(browser)
    answer = go(browser, NEW, LINK)
    page = words(browser.get(answer.headers["Location"]))
    assert "Liên kết với tài khoản này?" in page and "Phạm Thị Mới" in page
    assert not LinkedIdentity.objects.exists()
    assert browser.post(answer.headers["Location"]).headers["Location"] == OWN
    citizen.person.refresh_from_db()
    assert citizen.person.identity_number == offered(NEW)["identifier"]
    assert "Tự liên kết" in tell(browser) and "LoA2" in tell(browser)
    notices = set(Notice.objects.values_list("template", flat=True))
    assert notices == {"account.identity_linked"}
    assert go(Client(), NEW).headers["Location"] == "/"
    assert browser.post(UNLINK).headers["Location"] == OWN
    assert "Chưa liên kết" in tell(browser)
    # The number alone does not put it together again; the person does.
    assert "Ông/Bà đã gỡ liên kết" in words(go(Client(), NEW))
    agree(browser, go(browser, NEW, LINK))
    assert go(Client(), NEW).headers["Location"] == "/"


@pytest.mark.django_db(transaction=True)
def test_an_identity_signs_in_to_one_account_and_an_account_is_signed_in_to_by_one(
    national: Any, house: House, citizen: Any
) -> None:
    first = Client()
    agree(first, go(first, LOW))
    answer = agree(citizen.browser, go(citizen.browser, LOW, LINK))
    assert answer.headers["Location"] == OWN
    assert "khác với thông tin tỉnh đang giữ" in tell(citizen.browser)
    other = Person.objects.get(pk=citizen.person_id)
    Person.objects.filter(pk=other.pk).update(full_name=offered(LOW)["full_name"])
    agree(citizen.browser, go(citizen.browser, LOW, LINK))
    assert "đã liên kết với một tài khoản khác ở đây" in tell(citizen.browser)
    assert LinkedIdentity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_that_is_somebody_elses_here_is_not_taken(national: Any, citizen: Any) -> None:
    register_person("Phạm Thị Mới", identity_number=offered(NEW)["identifier"], by=BY)
    agree(citizen.browser, go(citizen.browser, NEW, LINK))
    assert "Số định danh này đã liên kết" in tell(citizen.browser)
    assert not LinkedIdentity.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_at_a_browser_left_open_the_password_is_asked_for_first(national: Any, citizen: Any) -> None:
    Session.objects.update(authenticated_at=timezone.now() - dt.timedelta(minutes=16))
    for answer in (citizen.browser.get(LINK), citizen.browser.post(UNLINK)):
        assert answer.headers["Location"].startswith("/xac-nhan-mat-khau/")
    assert not ProviderTrip.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_trip_to_link_belongs_to_who_began_it(
    national: Any, house: House, citizen: Any, enter: Any
) -> None:
    """Somebody else signs in at the same browser in between."""
    other = house.citizen("0900000002")
    back = at_provider(depart(citizen.browser, LINK), NEW)
    enter(citizen.browser, other)
    come_back(citizen.browser, back)
    assert not LinkedIdentity.objects.exists() and not ProviderTrip.objects.filter(stage="asked").exists()
    waiting = go(citizen.browser, NEW, LINK).headers["Location"]
    enter(citizen.browser, citizen)
    citizen.browser.post(waiting)
    assert not LinkedIdentity.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_has_no_password_proves_themselves_at_the_provider_anew(national: Any, house: House) -> None:
    browser = Client()
    agree(browser, go(browser, NEW))
    assert "Đặt mật khẩu" in tell(browser) and UNLINK not in tell(browser)
    browser.post(UNLINK)
    assert "gỡ liên kết thì không đăng nhập được nữa" in tell(browser)
    Session.objects.update(authenticated_at=timezone.now() - dt.timedelta(minutes=16))
    page = words(browser.get(f"/xac-nhan-mat-khau/?next={OWN}"))
    assert f"{PROVE}?next={OWN}" in page.replace("%2F", "/")
    address = depart(browser, f"{PROVE}?next={OWN}")
    assert "prompt=login" in address and "max_age=0" in address
    # Somebody else at the provider is nobody here.
    assert come_back(browser, at_provider(address, LOW)).headers["Location"].startswith("/xac-nhan-mat-khau/")
    assert Session.objects.filter(authenticated_at__gt=timezone.now() - dt.timedelta(minutes=1)).count() == 0
    assert go(browser, NEW, f"{PROVE}?next={OWN}").headers["Location"] == OWN
    assert Session.objects.filter(authenticated_at__gt=timezone.now() - dt.timedelta(minutes=1)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_of_yesterday_is_no_proof_of_today(settings: Any, house: House) -> None:
    class Lazy(SampleSignIn):
        def claims(self, *arguments: Any) -> dict[str, Any]:
            return {**super().claims(*arguments), "auth_time": int(time.time()) - 86_400}

    with provider(settings, Lazy):
        browser = Client()
        agree(browser, go(browser, NEW))
        old = timezone.now() - dt.timedelta(minutes=16)
        Session.objects.update(authenticated_at=old)
        assert go(browser, NEW, PROVE).headers["Location"].startswith("/xac-nhan-mat-khau/")
        assert Session.objects.filter(authenticated_at=old).count() == 1


@pytest.mark.django_db(transaction=True)
def test_signing_out_here_offers_to_sign_out_there(national: Any, house: House) -> None:
    browser = Client()
    agree(browser, go(browser, NEW))
    answer = browser.post("/dang-xuat/")
    assert answer.headers["Location"] == "/da-dang-xuat/"
    assert not Session.objects.filter(ended_at=None).exclude(account=None).exists()
    page = words(browser.get("/da-dang-xuat/"))
    assert f"{national.issuer}/oidc/logout?client_id=tinh-mau" in page
    national.discovery = lambda: {**SampleSignIn.discovery(national), "end_session_endpoint": None}
    forget_provider()
    assert "/oidc/logout" not in words(browser.get("/da-dang-xuat/"))


@pytest.mark.django_db
def test_others_link_and_take_apart_nothing(house: House, clerk: Any) -> None:
    account, now = house.citizen(), timezone.now()
    given = GivenIdentity(key="T1", full_name="Trần Thị Bình", level="LoA2")
    owner, stranger = by_of(account), by_of(house.citizen("0900000002"))
    for by in (stranger, visitor(), by_of(clerk)):
        assert_refused(
            "account.identity_linked", lambda by=by: link_identity(account, given=given, by=by, now=now)
        )
        assert_refused("account.identity_unlinked", lambda by=by: unlink_identity(account, by=by, now=now))
    assert_done("account.identity_linked", lambda: link_identity(account, given=given, by=owner, now=now))
    assert_done("account.identity_unlinked", lambda: unlink_identity(account, by=owner, now=now))
    opens = GivenIdentity(key="T2", full_name="Lê Thị Mới", level="LoA2", identity_number="099000000001")
    for by in (stranger, by_of(clerk)):
        assert_refused("account.opened_by_identity", lambda by=by: open_account(opens, by=by, now=now))
    assert_done("account.opened_by_identity", lambda: open_account(opens, by=visitor(), now=now))
    # An official's own account is no place for it either.
    with pytest.raises(OfficialsElsewhere):
        link_identity(clerk, given=given, by=system("test"), now=now)


@pytest.mark.django_db
def test_only_the_system_writes_down_a_verified_number(house: House) -> None:
    account = house.citizen()
    for by in (by_of(account), visitor()):
        assert_refused(
            "person.identity_verified",
            lambda by=by: note_verified_number(account.person, identity_number="099000000001", by=by),
        )
    person = note_verified_number(account.person, identity_number="099000000001", by=BY)
    assert person.identity_number == "099000000001"
    with pytest.raises(Refused):
        note_verified_number(account.person, identity_number="099000000002", by=BY)
    with pytest.raises(AlreadyKnown):
        note_verified_number(house.citizen("0900000002").person, identity_number="099000000001", by=BY)

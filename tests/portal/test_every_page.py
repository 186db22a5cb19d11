"""Every page that a visitor or a citizen can open, read from the table of addresses, in one browser."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from dinh.foundation.actions.public import system
from dinh.foundation.notify.models import Notice
from dinh.onestop.models import DraftFile, Paper, PaymentOrder, QueueNumber, Representation, Result
from dinh.onestop.public import (
    Applicant,
    accept,
    ask_supplement,
    begin_representation,
    book_visit,
    device_key,
    draft_version,
    get_procedure,
    get_version,
    offer_form,
    offered_days,
    plan_visits,
    publish_version,
    search_papers,
    survey_dossier,
    survey_key,
)
from dinh.portal.models import Consultation, Petition, PostVersion
from dinh.portal.public import send_petition
from dinh.portal.rules.content import KINDS
from dinh.sso.actions.trips import begin_trip, come_back, wait_for_yes
from dinh.sso.models import Account, PasswordLink, ProviderTrip, Session
from dinh.sso.public import ask_contact_code
from dinh.sso.queries.accounts import hash_token
from dinh.sso.rules.identities import GivenIdentity
from dinh.website.sample.portal import load_portal
from tests.onestop.conftest import HOUSEHOLD_ANSWERS, NOW, Province
from tests.portal.conftest import PAGES, begin, fill, id_in, send
from tests.portal.test_petitions import SEED
from tests.ui.browser import addresses_for, drawn, filled, open_as, problems_of

pytestmark = pytest.mark.browser

DESK_CODE = "H99.31.00"
BROWSER = "khoa-cua-trinh-duyet"
# What machines talk to, and the choice that only officials have.
NOT_PAGES = ("/lien-thong/", "/ky-so/", "/health/", "/metrics", "/thanh-toan/", "/^", "/chon-chuc-vu/")
# Pages that a query makes others.
ASKED = (
    "/thu-tuc/?q=ho",
    "/thu-tuc/?q=khong-co-gi",
    "/kiem-tra-ket-qua/?ma=H99.31-261116-0404",
    "/giay-to-cua-toi/?loai=result",
    "/ho-so-cua-toi/?q=khong-co",
)
NOT_FOUND = ("/tra-cuu/?ma=YC-KHONG-COMA1", "/khong-co/")
# Taken in, and walked to the paper in the citizen's hand.
TO_THE_END = ("tham_dinh:trinh_duyet", "duyet:trinh_ky", "ky", "phat_hanh", "tra_ket_qua")


class Sample:
    """One citizen with a thing of every kind, and the portal's content around."""

    def __init__(self, province: Province) -> None:
        self.province = province
        self.citizen = open_as("congdan")
        self.now = timezone.now()
        load_portal(by=system("test"), now=self.now)
        self.drafts()
        self.dossiers()
        self.things()

    def drafts(self) -> None:
        """Sent; older than the version in force; just begun; filled in."""
        sent = begin(self.citizen, self.province)
        fill(self.citizen, sent)
        self.sent = id_in(send(self.citizen, sent)["Location"])
        self.old_draft = id_in(begin(self.citizen, self.province))
        definition = get_version(get_procedure("1.001612")).definition
        definition["form"]["properties"]["dien_thoai"]["ui"]["label"] = "Số điện thoại của hộ kinh doanh"
        by = system("test")
        publish_version(draft_version(definition, by=by, now=self.now), by=by, now=self.now)
        self.open_draft = id_in(begin(self.citizen, self.province))
        full = begin(self.citizen, self.province)
        fill(self.citizen, full)
        self.full_draft = id_in(full)

    def dossiers(self) -> None:
        """Asked to be supplemented, with a fee to pay, and returned."""
        p = self.province
        self.owing = p.accepted(answers={**HOUSEHOLD_ANSWERS, "ten_ho": "Hợp tác cùng " + "Nguyễn" * 20})
        self.citizen.post(f"/ho-so-cua-toi/{self.owing.id}/phi/", {"method": "qr"})
        self.done = p.accepted()
        p.walk(self.done, *TO_THE_END)
        self.asked = p.submitted()
        accept(self.asked, by=p.clerk, now=p.now)
        ask_supplement(
            self.asked,
            items=[{"document": "giay_to_phap_ly", "text": "Ảnh mờ."}, {"document": "", "text": "Số nhà?"}],
            reason="Chưa đọc được.", contact="0900 000 222", by=p.clerk, now=p.now,
        )  # fmt: skip

    def things(self) -> None:
        p, now, desk = self.province, self.now, self.province.clerk.unit_id
        party = {
            "kind": "business",
            "relation": "legal",
            "name": "Công ty Mẫu",
            "identity": "9900000001",
        }
        begin_representation(party, proof_id=p.file(), until_on=None, by=p.citizen, now=p.now)
        plan_visits(
            desk, is_open=True, minutes=20, places=1, weekdays=[1, 2, 3, 4, 5], days_ahead=10,
            note="Đến sớm.", by=p.clerk,
        )  # fmt: skip
        at = offered_days(desk, now=now)[0].slots[0].at
        self.visit = book_visit(desk, starts_at=at, wish="file", note="Hồ sơ", by=p.citizen, now=now)
        search_papers(
            desk, identity=self.asked.applicant_identity, name=self.asked.applicant_name, is_present=True,
            by=p.clerk, now=now,
        )  # fmt: skip
        self.petition = send_petition(SEED, by=p.citizen, now=now)
        self.citizen.post(f"/lay-so/{DESK_CODE}/", {"wish": "file"})
        offer_form(
            desk, version=get_version(get_procedure("1.001612")),
            applicant=Applicant(name="Trần Văn Mẫu", identity="099190000009"), data=HOUSEHOLD_ANSWERS,
            key="khoa-mau", by=p.clerk, now=now,
        )  # fmt: skip
        PasswordLink.objects.create(
            token_hash=hash_token("lien-ket-mau"), account=Account.objects.get(username="congdan"),
            created_at=now, expires_at=now + dt.timedelta(minutes=9),
        )  # fmt: skip
        self.trip()
        account = Account.objects.get(username="congdan")
        ask_contact_code(account, kind="email", value="moi@example.vn", by=p.citizen, now=now)

    def trip(self) -> None:
        """Somebody has come back from the provider and is asked for their yes."""
        began = begin_trip(purpose="sign_in", browser_key=BROWSER, going_on="", account_id=None, now=self.now)
        given = GivenIdentity(
            key="T1", level="LoA1", full_name="Phạm Thị Mới", identity_number="099000000001"
        )
        wait_for_yes(come_back(began.state, browser_key=BROWSER, now=self.now), given, browser_key=BROWSER)

    def values(self) -> dict[str, object]:
        """What stands for each parameter, unless an address asks for another in ``others``."""
        order = PaymentOrder.objects.get()
        return {
            "draft_id": self.full_draft,
            "page": "chu_ho",
            "key": "giay_to_phap_ly",
            "dossier_id": self.done.id,
            "order_id": order.pk,
            "order_code": order.code,
            "draft_file_id": DraftFile.objects.filter(draft_id=self.full_draft)[0].pk,
            "part_id": self.asked.parts.all()[0].pk,
            "paper_id": Paper.objects.filter(dossier=self.done)[0].pk,
            "visit_id": self.visit.pk,
            "representation_id": Representation.objects.get().pk,
            "number_id": QueueNumber.objects.get().pk,
            "notice_id": Notice.objects.filter(person_id=self.province.citizen.person_id)[0].pk,
            "session_id": Session.objects.all()[0].pk,
            "token": "lien-ket-mau",
            "trip_id": ProviderTrip.objects.get().pk,
            "result_id": Result.objects.filter(dossier=self.done)[0].pk,
        }

    def others(self) -> dict[str, list[dict[str, object]]]:
        """The values of addresses that have more kinds of pages than one, or a parameter of their own."""
        published = Petition.objects.filter(state="published")[0].code
        live = [one.post for one in PostVersion.objects.live(self.now)]
        posts = {kind: [{"slug": one.slug} for one in live if one.kind == kind][:2] for kind in KINDS}
        drafts: list[dict[str, object]] = [{"draft_id": self.open_draft}, {"draft_id": self.old_draft}]
        states = [self.sent, self.asked.id, self.owing.id, self.done.id]
        clerk = self.province.clerk
        consultations = Consultation.objects.exclude(state="draft").values_list("slug", flat=True)
        return {
            "/nop-ho-so/<uuid:draft_id>/": [{}, *drafts],
            "/nop-ho-so/<uuid:draft_id>/giay-to/": [{}, *drafts],
            "/nop-ho-so/<uuid:draft_id>/kiem-tra/": [{}, *drafts],
            "/nop-ho-so/<uuid:draft_id>/mau-moi/": [{"draft_id": self.old_draft}],
            "/nop-ho-so/<uuid:draft_id>/khai/<str:page>/": [{"page": page} for page in PAGES],
            "/ho-so-cua-toi/<uuid:dossier_id>/": [{"dossier_id": one} for one in states],
            "/ho-so-cua-toi/<uuid:dossier_id>/da-nop/": [{"dossier_id": self.sent}],
            "/ho-so-cua-toi/<uuid:dossier_id>/rut/": [{"dossier_id": self.sent}],
            "/ho-so-cua-toi/<uuid:dossier_id>/trao-doi/": [{"dossier_id": self.asked.id}],
            "/ho-so-cua-toi/<uuid:dossier_id>/bo-sung/": [{"dossier_id": self.asked.id}],
            "/ho-so-cua-toi/<uuid:dossier_id>/bo-sung/<str:key>/": [{"dossier_id": self.asked.id}],
            "/ho-so-cua-toi/<uuid:dossier_id>/phi/": [{}, {"dossier_id": self.owing.id}],
            "/ho-so-cua-toi/<uuid:dossier_id>/phi/<uuid:order_id>/": [{"dossier_id": self.owing.id}],
            "/thu-tuc/<str:code>/": [{"code": code} for code in ("1.001612", "2.002621")],
            "/thu-tuc/<str:code>/nop/": [{"code": code} for code in ("1.001612", "1.004873")],
            "/thu-tuc/<str:code>/mau-don/<str:key>/": [],
            "/lich-hen/dat/<str:code>/": [{"code": DESK_CODE}],
            "/lay-so/<str:code>/": [{"code": DESK_CODE}],
            "/lay-so/<str:code>/bang-goi/": [{"code": DESK_CODE}],
            "/phan-anh/<str:code>/": [{"code": published}],
            "/phan-anh/<str:code>/danh-gia/": [{"code": published}],
            "/phan-anh/cua-toi/<str:code>/": [{"code": self.petition.code}],
            "/xac-nhan-to-khai/<str:key>/": [{"key": "khoa-mau"}],
            "/danh-gia-tai-quay/<str:key>/": [{"key": device_key(clerk, now=self.now)}],
            "/khao-sat/<str:key>/": [{"key": survey_key(survey_dossier(clerk, self.done.code or ""))}],
            "/gop-y/<slug:slug>/": [{"slug": one} for one in consultations],
            "/gop-y/<slug:slug>/gui/": [{"slug": consultations[0]}],
            "/gop-y/tep/<uuid:consultation_id>/": [],
            "/tin-tuc/<slug:slug>/": posts["news"],
            "/trang/<slug:slug>/": posts["page"],
            "/van-ban/<slug:slug>/": posts["document"],
            "/noi-dung/<uuid:version_id>/<slug:part>/": [],
            "/tai-len/<uuid:upload_id>/": [],
            # They lead to the provider and back.
            **{f"/dang-nhap/cong-quoc-gia/{one}": [] for one in ("", "tro-ve/", "lien-ket/", "xac-nhan/")},
            "/ho-so-cua-toi/kem-theo/<uuid:enclosure_id>/": [],
            "/ho-so-cua-toi/tra-loi/<uuid:step_id>/": [],
        }

    def addresses(self, *audience: str) -> list[str]:
        """Every address of an audience, with a sample in each place."""
        values, others = self.values(), self.others()
        return [
            filled(address, {**values, **more})
            for address in addresses_for(*audience)
            if not address.startswith(NOT_PAGES)
            for more in others.get(address, [{}])
        ]


@pytest.fixture
def sample(signing_province: Province, run_jobs: Any, monkeypatch: pytest.MonkeyPatch) -> Sample:
    # Desks give numbers while they are open: screens read the province's hour, not the machine's.
    monkeypatch.setattr(timezone, "now", lambda: NOW.astimezone(dt.UTC))
    made = Sample(signing_province)
    run_jobs()
    return made


@pytest.mark.parametrize("part", range(2))
def test_no_page_of_a_visitor_or_a_citizen_has_a_fault_on_a_phone_or_a_desk(sample, settings, part):
    """Every second page each time: two workers look at them side by side."""
    # Pages say that there is a provider; nobody answers at this port.
    settings.SIGN_IN_ISSUER = settings.SIGN_IN_CLIENT = "http://127.0.0.1:9"
    visitor = open_as("")
    visitor.cookies["dinh_xac_thuc"] = sample.citizen.cookies["dinh_xac_thuc"] = BROWSER
    pages = drawn(visitor, sample.addresses("everyone"))
    pages |= drawn(sample.citizen, [*sample.addresses("everyone", "signed_in", "citizen"), *ASKED])
    pages |= drawn(sample.citizen, NOT_FOUND, status=404)
    assert len(pages) > 80
    assert problems_of(dict(sorted(pages.items())[part::2])) == {}

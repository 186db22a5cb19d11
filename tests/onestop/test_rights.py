"""Who has no part in a dossier finds nothing of it: by address, list, search, export or file, on every route.

The routes are read from the root addresses, so a new one is asked without anybody adding it here; one with
a parameter of a name that is not known here fails the test until it is said what that parameter is.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import system
from dinh.foundation.directory.models import Person
from dinh.foundation.directory.public import held_positions
from dinh.foundation.files.models import File
from dinh.foundation.files.public import begin_upload
from dinh.onestop.actions.national_filings import keep_message
from dinh.onestop.models import (
    BundleLine,
    Dossier,
    DossierCounter,
    DossierPart,
    DraftFile,
    Export,
    FilingMessage,
    Paper,
    PaperBundle,
    PaperSearch,
    RegisterPrint,
    Representation,
    Result,
    ResultEnclosure,
    StepReturn,
    TimelineEntry,
    Visit,
)
from dinh.onestop.public import (
    DossierFilter,
    RegisterFilter,
    ReturnChoice,
    Transfer,
    accept,
    ask_export,
    ask_order,
    ask_refund,
    ask_register,
    begin_representation,
    choose_return,
    claim,
    complete,
    draw_paper,
    hand_to_post,
    kept_filter,
    make_export,
    make_register,
    reconcile,
    search_papers,
    take_in_filings,
    take_transfer,
)
from dinh.sso.models import Account
from dinh.sso.public import open_session
from tests.onestop.conftest import HOUSEHOLD_ANSWERS, Province

NAME = "Đặng Duy Nhất Vô Nhị"
PHONE = "0900765432"
IDENTITY = "099512345678"
BUSINESS = "Quán Nước Vô Song Bậc Nhất"

# What is nobody's secret: a procedure's code, and names of places on the forms.
OPEN = {
    "code": "1.001612",
    "key": "giay_to_tuy_than",
    "page": "ho_kinh_doanh",
    "verb": "den",
    "ref": "part:01a00000-0000-7000-8000-000000000001",
}
# What leads to a dossier; ``Scene`` knows real ones.
OWN = {
    "bundle_id", "dossier_id", "draft_file_id", "draft_id", "enclosure_id", "export_id", "filing_id",
    "order_code",
    "order_id", "paper_id", "parcel_id", "part_id", "print_id", "reconciliation_id", "refund_id",
    "representation_id", "result_id", "return_id", "search_id", "step_id", "unmatched_id", "upload_id",
    "visit_id",
}  # fmt: skip
# Things of other rooms, which hold nothing of a dossier; any id will do.
OTHERS = {
    "absence_id", "agency_id", "appeal_id", "appointment_id", "authority_id", "batch_id", "calendar_id",
    "consultation_id", "difference_id", "encoded", "entry_id", "figures_id", "form_id",
    "holding_id", "key", "key_id", "kind", "line", "message_id", "mirror_id", "name", "newer", "notice_id",
    "number", "number_id", "older", "owner_id", "parent_id", "part", "path", "person_id",
    "petition_id", "plan_id", "position_id", "post_id",
    "provider", "report_id", "role_id", "session_id", "slug", "source_id", "step", "token", "trip_id",
    "unit_id", "verb", "verification_id", "version_id", "what",
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    """One route with its parameters and the converter of each."""

    route: str
    parameters: dict[str, str]
    name: str

    def at(self, **values: Any) -> str:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), self.route)


def addresses(patterns: list[Any], before: str = "", space: str = "") -> Iterator[Address]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here, pattern.app_name or space)
        elif isinstance(pattern, URLPattern):
            found = re.findall(r"<(?:(\w+):)?(\w+)>", here)
            yield Address(here, {name: kind or "str" for kind, name in found}, f"{space}:{pattern.name}")


ADDRESSES = list(addresses(get_resolver().url_patterns))


@dataclass
class Scene:
    """Three dossiers of one citizen, each further than the last, and an unsent draft."""

    province: Province
    dossiers: list[Dossier]
    ids: dict[str, list[Any]]

    def secrets(self) -> set[str]:
        codes = {code for one in self.dossiers for code in (one.code, one.request_code) if code}
        return {NAME, PHONE, IDENTITY, BUSINESS, *codes}


@pytest.fixture
def scene(signing_province: Province) -> Scene:
    p = signing_province
    Person.objects.filter(pk=p.citizen.person_id).update(
        full_name=NAME, phone=PHONE, identity_number=IDENTITY
    )
    # Codes that no example on a page shows by chance.
    DossierCounter.objects.create(agency=p.unit("H99.31"), day=p.now.date(), last=7310)
    answers = {**HOUSEHOLD_ANSWERS, "ten_ho": BUSINESS}
    draft = p.draft(answers)
    _, begun, finished = (p.submitted(answers=answers) for _ in range(3))
    for dossier in (begun, finished):
        accept(dossier, by=p.clerk, now=p.now)
    p.walk(finished, "tham_dinh:xin_xac_nhan")
    asked = p.open_step(finished, "xac_nhan_xa")
    opinion = p.file(by=p.commune, name="Ý kiến.jpg")
    claim(asked, by=p.commune, now=p.now)
    complete(asked, outcome_key="dong_y", note="Có", by=p.commune, now=p.now, opinion_file_id=opinion)
    p.walk(finished, "lap_ket_qua:trinh_duyet", "duyet:trinh_ky", "ky", "phat_hanh")
    choose_return(
        finished,
        choice=ReturnChoice(way="post", recipient=NAME, phone=PHONE, street=BUSINESS, commune="H99.31.011"),
        by=p.clerk,
        now=p.now,
    )
    order = ask_order(finished, method="online", by=p.citizen, now=p.now)
    p.pay(finished, "result")
    parcel = hand_to_post(finished, number="RR123456785VN", sent_on=p.now.date(), by=p.clerk, now=p.now)
    slip = PaperBundle.objects.create(
        from_desk=p.unit("H99.31.011.00"), to_desk=p.unit("H99.31.00"), made_at=p.now, made_by="x"
    )
    BundleLine.objects.create(bundle=slip, dossier=begun)
    result = Result.objects.get(dossier=finished)
    drafting = p.open_step(begun, "tham_dinh")
    back = StepReturn.objects.create(
        dossier=begun, step=drafting, outcome="x", reason=NAME, state="asked", asked_by=NAME, asked_at=p.now
    )
    for paper in Paper.objects.all():
        draw_paper(paper, by=system("test"), now=p.now)
    for reference in ("R1", "R2"):
        paid = Transfer(order_code=order.code, reference=reference, amount=order.amount, paid_at=p.now)
        take_transfer("sample", paid, by=system("test"), now=p.now)
    refunds = ask_refund(finished, reason="Nộp hai lần", by=p.clerk, now=p.now)
    day = reconcile(
        finished.agency_id, provider_code="sample", day=p.now.date(), by=system("test"), now=p.now
    )
    dossiers = list(Dossier.objects.order_by("id"))
    return Scene(
        p,
        dossiers,
        {
            "dossier_id": [one.id for one in dossiers],
            "return_id": [back.id],
            "result_id": [result.pk],
            "enclosure_id": [_enclosure(p, result).pk],
            "step_id": [asked.id, p.open_step(begun, "tham_dinh").id],
            "part_id": list(DossierPart.objects.filter(dossier=finished).values_list("id", flat=True)[:1]),
            "paper_id": list(Paper.objects.filter(dossier=finished).values_list("id", flat=True)),
            "draft_id": [draft.id],
            "bundle_id": [slip.pk],
            "parcel_id": [parcel.pk],
            "export_id": [_export(p).pk],
            "filing_id": [_filing(p).pk],
            "print_id": [_print(p).pk],
            "search_id": [_search(p).pk],
            "visit_id": [_visit(p).pk],
            "representation_id": [_representation(p).pk],
            "upload_id": [begin_upload("giấy.jpg", size=10, by=p.citizen, now=timezone.now()).pk],
            "order_id": [order.id],
            "order_code": [order.code],
            "refund_id": [one.id for one in refunds],
            "reconciliation_id": [day.pk],
            "unmatched_id": list(day.unmatched.values_list("pk", flat=True)[:1]),
            "draft_file_id": list(DraftFile.objects.filter(draft=draft).values_list("pk", flat=True)),
        },
    )


def _enclosure(p: Province, result: Result) -> ResultEnclosure:
    """A paper bound to the result."""
    file = File.objects.get(pk=p.file(name=f"{NAME}.jpg"))
    return ResultEnclosure.objects.create(
        result=result, key="so_do", name=NAME, sha256=file.sha256, file=file, added_at=p.now, added_by=NAME
    )


def _export(p: Province) -> Export:
    """The list of dossiers as a file, made for the desk."""
    kept = kept_filter(DossierFilter(today=p.now.date()))
    export = ask_export("dossiers", form="xlsx", title=NAME, parameters=kept, by=p.clerk, now=timezone.now())
    make_export(export.pk, by=system("test"), now=timezone.now())
    return export


def _print(p: Province) -> RegisterPrint:
    """A print of the register, made for the desk."""
    day = p.now.date()
    chosen = RegisterFilter(from_on=day, until_on=day + dt.timedelta(days=1))
    row = ask_register(chosen, kind="xlsx", by=p.clerk, now=p.now)
    return make_register(row, by=system("test"), now=p.now)


def _search(p: Province) -> PaperSearch:
    """A search that the desk made for the papers of the citizen."""
    desk_id = p.clerk.unit_id
    return search_papers(
        desk_id, identity=IDENTITY, name=NAME, is_present=True, by=p.clerk, now=timezone.now()
    )


def _visit(p: Province) -> Visit:
    """The citizen has an appointment at the desk."""
    at = timezone.now() + dt.timedelta(days=3)
    return Visit.objects.create(
        desk_id=p.clerk.unit_id, person_id=p.citizen.person_id, wish="ask", note=BUSINESS, starts_at=at,
        ends_at=at + dt.timedelta(minutes=20), state="booked", booked_at=timezone.now(),
    )  # fmt: skip


def _filing(p: Province) -> FilingMessage:
    """The citizen filed at the national portal, to a procedure that is not there."""
    body = {"MaTTHC": "9.999999", "MaDonVi": "H99.31", "ChuHoSo": NAME, "SoGiayToChuHoSo": IDENTITY}
    said = {"MaThongDiep": "tin", "SoHoSo": "G22", "Loai": "NopMoi", "HoSo": {**body, "SoDienThoai": PHONE}}
    keep_message(said, by=system("test"), now=p.now)
    take_in_filings(by=system("test"), now=p.now)
    return FilingMessage.objects.get(state="held")


def _representation(p: Province) -> Representation:
    """The citizen stands for a business of the same name."""
    party = {"kind": "business", "relation": "legal", "name": BUSINESS, "identity": "9900000001"}
    return begin_representation(
        party, proof_id=p.file(name=f"{NAME}.jpg"), until_on=None, by=p.citizen, now=timezone.now()
    )


def browser(username: str | None) -> Client:
    """A browser in which that person has signed in, or nobody."""
    client = Client(raise_request_exception=False)
    if username is not None:
        account = Account.objects.get(username=username)
        held = held_positions(account.person_id, timezone.localdate())
        position_id = held[0].position_id if held else None
        key, _ = open_session(account, position_id=position_id, method="password", now=timezone.now())
        client.cookies["sessionid"] = key
    return client


def body_of(answer: HttpResponseBase) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return content.decode("utf-8", "replace")


# An official of another commune, its clerk, a person of a department, another citizen, nobody.
STRANGERS = ["congchuc.anmau.dinhson", "motcua.anmau.dinhson", "canbo.cat", "congdan2", None]


def unknown_id(kind: str, known: Any) -> Any:
    return uuid.uuid4() if kind == "uuid" or isinstance(known, uuid.UUID) else 999_999


def test_every_parameter_of_every_route_is_known():
    unknown = {
        f"{address.route}: {name}"
        for address in ADDRESSES
        for name in address.parameters
        if name not in OWN and name not in OPEN and name not in OTHERS
    }
    assert unknown == set(), "say in this file what these parameters lead to"


def test_the_routes_to_a_dossier_are_found():
    names = {address.name for address in ADDRESSES}
    assert {name for address in ADDRESSES for name in address.parameters} >= OWN
    assert {"workspace:dossier", "workspace:part-file", "workspace:export", "portal:dossier"} <= names


def test_who_has_a_part_in_it_does_see_it(scene):
    """The other side of the coin: what is looked for below is really there."""
    assert set(scene.ids) == OWN
    finished = scene.dossiers[-1]
    p = browser("motcua.dinhson")
    page = body_of(p.get(f"/lam-viec/ho-so/{finished.id}/"))
    assert {finished.code, NAME} <= {one for one in scene.secrets() if one in page}
    assert finished.code in body_of(p.get("/lam-viec/ho-so/xuat.csv"))
    assert finished.code in body_of(p.get("/lam-viec/ho-so/", {"q": NAME}))
    part = scene.ids["part_id"][0]
    assert p.get(f"/lam-viec/giay-to/{part}/").status_code == 200
    own = browser("congdan")
    assert finished.code in body_of(own.get(f"/ho-so-cua-toi/{finished.id}/"))


def test_by_address_nobody_else_finds_anything(scene):
    for username in STRANGERS:
        ask_every_address(scene, browser(username))


def ask_every_address(scene: Scene, client: Client) -> None:
    before = (AuditEntry.objects.count(), TimelineEntry.objects.count())
    tried = 0
    for address in ADDRESSES:
        keys = [name for name in address.parameters if name in scene.ids]
        if not keys:
            continue
        others = {name: OPEN[name] for name in address.parameters if name in OPEN}
        for known in scene.ids[keys[0]][-2:]:
            real = address.at(**others, **{name: scene.ids[name][-1] for name in keys} | {keys[0]: known})
            unknown = address.at(
                **others, **{name: unknown_id(address.parameters[name], known) for name in keys}
            )
            for method in ("get", "post"):
                check_refused(scene, client, method, real, unknown)
                tried += 1
    assert tried > 60
    assert (AuditEntry.objects.count(), TimelineEntry.objects.count()) == before


def check_refused(scene: Scene, client: Client, method: str, real: str, unknown: str) -> None:
    data = {"reason": "x", "outcome": "dong_y", "note": "x", "overall": "3"} if method == "post" else {}
    answer, control = getattr(client, method)(real, data), getattr(client, method)(unknown, data)
    where = f"{method} {real}: {answer.status_code}"
    if answer.status_code in (302, 303):
        assert answer["Location"].startswith("/dang-nhap/"), where
    else:
        assert answer.status_code in (403, 404, 405), where
    assert answer.status_code == control.status_code, f"{where} tells it from {control.status_code}"
    text = body_of(answer)
    assert not [secret for secret in scene.secrets() if secret in text], where


def test_no_list_search_or_export_shows_anything(scene):
    for username in STRANGERS:
        ask_every_list(scene, browser(username))


def ask_every_list(scene: Scene, client: Client) -> None:
    dossier = scene.dossiers[-1]
    fillings = {name: OPEN.get(name) for name in OPEN}
    words = ["", dossier.code, "dang duy nhat"]
    for address in ADDRESSES:
        if any(name in scene.ids for name in address.parameters):
            continue
        values = {
            name: fillings.get(name) or (uuid.uuid4() if kind == "uuid" else 1)
            for name, kind in address.parameters.items()
        }
        for word in words if not address.parameters else words[:1]:
            query = {"q": word, "trang-thai": "", "viec": "all"} if word else {}
            answer = client.get(address.at(**values), query)
            text = body_of(answer)
            # The word that was looked for stands in the search box; all else must be absent.
            shown = [secret for secret in scene.secrets() - {word} if secret in text]
            assert shown == [], f"{address.route} {word}: {shown}"


def test_with_the_code_anyone_sees_only_how_far_it_is(scene):
    """TT 01/2018/TT-VPCP Art. 16.2: without signing in, the code and the degree of completion.

    Law: TT 01/2018 Điều 16 khoản 2 ý 4
    Screen: /tra-cuu/
    """
    code = scene.dossiers[-1].code
    text = body_of(browser(None).get("/tra-cuu/", {"ma": code}))
    assert "Đã có kết quả" in text
    assert not [secret for secret in scene.secrets() - {code} if secret in text]

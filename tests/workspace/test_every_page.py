"""Every page that officials and administrators can open, read from the table of addresses, in one browser."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import ask_verification, run_verification, system
from dinh.foundation.directory.public import preview_import
from dinh.foundation.notify.models import Notice
from dinh.foundation.signing.public import key_of, suspend_key
from dinh.onestop.actions.national_filings import keep_message
from dinh.onestop.models import ProcedureVersion, StepRun
from dinh.onestop.public import (
    Applicant,
    add_draft_result,
    ask_supplement,
    compare_source,
    get_procedure,
    get_version,
    keep_lanes,
    keep_mirror_list,
    note_changes,
    offer_form,
    open_source,
    plan_visits,
    put_draft_result,
    read_list,
    read_rows,
    receive_mirrors,
    reconcile,
    send_closed_periods,
    take_in_filings,
    upload_catalogue,
)
from dinh.portal.models import PostVersion
from dinh.portal.rules.content import KINDS
from dinh.website.sample.portal import load_portal
from tests.onestop.conftest import HOUSEHOLD_ANSWERS, Province
from tests.onestop.test_mirrors import ROW, row
from tests.onestop.test_national_filings import message as filed
from tests.ui.browser import addresses_for, filled, open_as, problems_of
from tests.workspace.test_agency_reports import FORM as REPORT
from tests.workspace.test_agency_reports import LIST as REPORTS
from tests.workspace.test_catalogue import NEW as CATALOGUE
from tests.workspace.test_catalogue import file_of, previewed, taken_in
from tests.workspace.test_workshop import PAGE as PROCEDURES

pytestmark = pytest.mark.browser

BY = system("test")
# An identifier of nothing, and how many addresses may have no better one.
NOTHING, MOST_UNTRIED = uuid.UUID(int=1), 3
# Who sits at the desks. Each page is looked at by the first of them who may open it.
OFFICIALS = (
    "motcua.dinhson",
    "chuyenvien.tckh.dinhson",
    "phochutich.dinhson",
    "truongphong.tckh.dinhson",
    "ketoan.dinhson",
    "vanthu.dinhson",
    "quantri",
    "soan.thutuc",
    "congbo.thutuc",
    "bientap.cong",
    "duyet.cong",
    "chutich.tinh",
)
# Files, answers to scripts, buttons, and what only citizens have.
NOT_PAGES = re.compile(
    r"\.(csv|pdf|bpmn|png)$|/tep-xuat/<|/ban-in/<|/ket-qua/$|/y-kien/$|/giay-to/|/van-ban/<|/mau-don/|/don-vi/goi-y/"
    r"|^/tai-len/|^/ben-thanh-toan-mau/|/goi-so/<|/tep/$|/phieu/<"
)
# Which table's newest row stands for a parameter; the other parameters are in ``Sample.values``.
ROWS = {
    "absence_id": "directory.Absence",
    "figures_id": "onestop.SentFigures",
    "filing_id": "onestop.FilingMessage",
    "entry_id": "onestop.CatalogueEntry",
    "report_id": "onestop.AgencyReport",
    "consultation_id": "portal.Consultation",
    "form_id": "onestop.AssistedForm",
    "key_id": "signing.Key",
    "message_id": "actions.OutboxMessage",
    "mirror_id": "onestop.MirroredDossier",
    "notice_id": "notify.Notice",
    "order_id": "onestop.PaymentOrder",
    "petition_id": "portal.Petition",
    "position_id": "directory.Position",
    "reconciliation_id": "onestop.Reconciliation",
    "role_id": "directory.Role",
    "source_id": "onestop.MirrorSource",
    "verification_id": "actions.AuditVerification",
    "batch_id": "directory.ImportBatch",
}
# Pages that a query makes others: lists narrowed, empty, of another tab; a part of a dossier.
ASKED = (
    "/lam-viec/?viec=all",
    "/lam-viec/?q=khong-co",
    "/lam-viec/ho-so/?q=khong-co",
    "/lam-viec/tim/?q=ho",
    "/lam-viec/tim/?q=khong-co-gi",
    "/lam-viec/xin-loi/?muc=da-gui",
    "/lam-viec/bao-cao/?ky=2020-01",
    "/lam-viec/bao-cao/07/?ky=2020-01",
    "/lam-viec/giam-sat/?loai=overdue",
    "/quan-tri/he-thong-khac/chenh-lech/?loai=da-xong",
    "/quan-tri/tin-gui/?state=dead",
    "/quan-tri/nhat-ky/?q=khong-co",
    "/quan-tri/nhat-ky/niem-phong/?thang=2020-01",
    f"/quan-tri/nhat-ky/niem-phong/?ngay={timezone.localdate()}",
    "/quan-tri/chu-ky-so/?trang-thai=suspended",
    "/quan-tri/chu-ky-so/cap/?q=dinh",
    "/quan-tri/can-bo/?q=khong-co",
)


class Sample:
    """The small province with a thing of every kind, and its officials at their desks."""

    def __init__(self, province: Province) -> None:
        self.province = province
        self.clients = {name: open_as(name) for name in OFFICIALS}
        load_portal(by=BY, now=timezone.now())
        self.dossiers()
        self.desk()
        self.systems()
        self.workshop()
        self.papers()
        self.proofs()
        upload = SimpleUploadedFile("a.csv", "Mã chức vụ,Mã đơn vị,Chức vụ\nX,H99.99,Y\n".encode())
        preview_import("positions", stream=upload, name="a.csv", by=province.actor("quantri"))

    def dossiers(self) -> None:
        """Sent, in hand, drafted, asked to be supplemented, with fees from afar, returned."""
        p = self.province
        self.sent = p.submitted()
        self.in_hand = p.accepted(answers={**HOUSEHOLD_ANSWERS, "ten_ho": "Hợp tác cùng " + "Nguyễn" * 20})
        self.drafted = p.accepted()
        p.walk(self.drafted, "tham_dinh:trinh_duyet")
        self.asked = p.submitted()
        ask_supplement(
            self.asked,
            items=[{"document": "giay_to_phap_ly", "text": "Ảnh mờ."}, {"document": "", "text": "Số nhà?"}],
            reason="Chưa đọc được.", contact="0900 000 222", by=p.clerk, now=p.now,
        )  # fmt: skip
        self.done = p.accepted()
        p.walk(self.done, "tham_dinh:trinh_duyet", "duyet:trinh_ky", "ky", "phat_hanh", "tra_ket_qua")
        open_as("congdan").post(f"/ho-so-cua-toi/{self.in_hand.id}/phi/", {"method": "qr"})

    def desk(self) -> None:
        """Visits, a form offered to be confirmed, a day of payments compared."""
        p, desk = self.province, self.province.clerk.unit_id
        plan_visits(
            desk, is_open=True, minutes=20, places=1, weekdays=[1, 2, 3, 4, 5], days_ahead=10,
            note="Đến sớm.", by=p.clerk,
        )  # fmt: skip
        offer_form(
            desk, version=get_version(get_procedure("1.001612")),
            applicant=Applicant(name="Trần Văn Mẫu", identity="099190000009"), data=HOUSEHOLD_ANSWERS,
            key="khoa-mau", by=p.clerk, now=timezone.now(),
        )  # fmt: skip
        day = timezone.localdate(p.now)
        reconcile(p.unit("H99.31").id, provider_code="sample", day=day, by=BY, now=timezone.now())

    def systems(self) -> None:
        """Another system that has told of two dossiers, and whose list differs."""
        p = self.province
        source = open_source(
            "ho-tich",
            name="Hộ tịch điện tử",
            keeper_id=p.unit("H99.31").pk,
            shown=[],
            by=BY,
            now=p.now,
        )
        receive_mirrors(source, rows=read_rows([ROW, row(MaHoSo="HT-2", MaDonVi="")]), by=BY, now=p.now)
        listed = read_list([{"MaHoSo": "HT-3", "TrangThaiHoSo": "4"}])
        keep_mirror_list(source, rows=listed, by=BY, now=p.now)
        compare_source(source, by=BY, now=p.now)
        keep_message(filed(MaTTHC="9.999999"), by=BY, now=p.now)
        take_in_filings(by=BY, now=p.now)
        send_closed_periods(by=BY, now=p.now + dt.timedelta(days=20))

    def workshop(self) -> None:
        """A draft with every part, and the version from which it was copied."""
        self.published = get_version(get_procedure("1.001612"))
        self.clients["soan.thutuc"].post(f"{PROCEDURES}{self.published.pk}/sao/", {"viec": "phien-ban-moi"})
        self.draft = ProcedureVersion.objects.get(procedure__code="1.001612", published_at=None)
        by, seen = self.province.actor("soan.thutuc"), self.draft.revision
        self.draft = add_draft_result(self.draft, name="Thông báo", seen=seen, by=by, now=timezone.now())
        line = {"label": "Đến ngày", "kind": "date"}
        self.draft = put_draft_result(
            self.draft, values={"fields": [line]}, key=self.draft.parts.further_results[0].key, by=by,
            seen=self.draft.revision, now=timezone.now(),
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """What stands for each parameter; one without a row anywhere gets an identifier of nothing."""
        p = self.province
        found: dict[str, Any] = {
            name: row.pk
            for name, table in ROWS.items()
            if (row := apps.get_model(table)._default_manager.order_by("-pk").first()) is not None
        }
        unit = p.unit("H99.31")
        return {
            **found,
            "dossier_id": self.in_hand.pk,
            "step_id": StepRun.objects.filter(dossier=self.in_hand, state="open")[0].pk,
            "unit_id": unit.pk,
            "parent_id": unit.pk,
            "agency_id": unit.pk,
            "number": 1,
            "code": "1.001612",
            "version_id": self.draft.pk,
            "part": "giay-to",
            "step": self.draft.parts.steps[0].key,
            "path": "ten_ho",
            "key": "x",
            "person_id": p.clerk.person_id,
        }

    def others(self) -> dict[str, list[dict[str, Any]]]:
        """The values of addresses with more kinds of pages than one, or a parameter of their own."""
        definition = self.draft.parts
        here = [
            {"dossier_id": one.pk} for one in (self.sent, self.in_hand, self.drafted, self.asked, self.done)
        ]
        posts = {one.post.kind: one for one in PostVersion.objects.select_related("post").order_by("pk")}
        first = next(iter(posts.values()))
        position = self.province.specialist.position_id
        steps = [
            {"step_id": StepRun.objects.filter(dossier=one, state="open")[0].pk}
            for one in (self.sent, self.in_hand, self.drafted)
        ]
        return {
            "/lam-viec/ho-so/<uuid:dossier_id>/": here,
            "/lam-viec/ho-so/<uuid:dossier_id>/phi/": here,
            "/lam-viec/tiep-nhan/xong/<uuid:dossier_id>/": [{"dossier_id": self.in_hand.pk}],
            "/lam-viec/ho-so/<uuid:dossier_id>/kiem-soat/": here[1:],
            "/lam-viec/viec/<uuid:step_id>/": steps,
            "/lam-viec/xep-muc/<uuid:position_id>/": [{"position_id": position}],
            "/lam-viec/vang-mat/chuc-vu/<uuid:position_id>/": [{"position_id": position}],
            "/quan-tri/thu-tuc/<uuid:version_id>/": [{}, {"version_id": self.published.pk}],
            "/quan-tri/thu-tuc/danh-muc/nhap/<uuid:batch_id>/": [{"batch_id": one} for one in self.read_in],
            "/quan-tri/nhat-ky/<int:number>/": [{"number": AuditEntry.objects.latest("pk").pk}],
            "/quan-tri/chu-ky-so/cap/<slug:kind>/<uuid:owner_id>/": [
                {"kind": "person", "owner_id": self.province.clerk.person_id},
                {"kind": "agency", "owner_id": self.province.unit("H99.31").pk},
            ],
            "/thong-bao/<uuid:notice_id>/": [{"notice_id": self.told}],
            "/quan-tri/mau-tin/<str:code>/": [{"code": "dossier.accepted"}],
            "/lam-viec/noi-dung/them/<slug:kind>/": [{"kind": kind} for kind in KINDS],
            "/lam-viec/noi-dung/<uuid:post_id>/": [{"post_id": one.post_id} for one in posts.values()],
            "/lam-viec/noi-dung/<uuid:post_id>/sua/": [{"post_id": one.post_id} for one in posts.values()],
            "/lam-viec/noi-dung/<uuid:post_id>/ban/<int:number>/": [{"post_id": first.post_id}],
            "/lam-viec/noi-dung/<uuid:post_id>/so-sanh/<int:older>/<int:newer>/": [
                {"post_id": first.post_id, "older": 1, "newer": 1}
            ],
            "/quan-tri/don-vi/<uuid:unit_id>/<slug:what>/": [
                {"what": what} for what in ("sua", "doi-ten", "chuyen", "sap-nhap", "ket-thuc")
            ],
            "/quan-tri/thu-tuc/<uuid:version_id>/soan/to-khai/phan/<str:key>/": [
                {"key": definition.form["ui"]["pages"][0]["key"]}
            ],
            "/quan-tri/thu-tuc/<uuid:version_id>/soan/phan/<str:part>/": [
                {"part": part} for part in ("giay-to", "le-phi", "mien-giam", "buoc")
            ],
            "/quan-tri/thu-tuc/<uuid:version_id>/soan/phan/<str:part>/<str:key>/": [
                {"part": "buoc", "key": definition.steps[0].key}
            ],
            "/quan-tri/thu-tuc/<uuid:version_id>/soan/ket-qua/<str:key>/": [
                {"key": definition.further_results[0].key}
            ],
            "/quan-tri/thu-tuc/<uuid:version_id>/soan/muc-ket-qua/<str:line>/": [
                {"line": definition.result.fields[0].name}
            ],
            "/quan-tri/thu-tuc/<uuid:version_id>/soan/ket-qua/<str:key>/muc/<str:line>/": [
                {"key": one.key, "line": one.fields[0].name} for one in definition.further_results
            ],
            "/quan-tri/thu-tuc/<uuid:version_id>/soan/quy-trinh/<str:step>/huong/<str:key>/": [
                {"key": definition.steps[0].outcomes[0].key}
            ],
        }

    def papers(self) -> None:
        """The national catalogue read in, once written and once only looked at; a report that waits."""
        p = self.province
        taken_in(p, CATALOGUE)
        by = p.actor("soan.thutuc")
        given = {"is_whole": False, "by": by, "now": p.now}
        faulty = file_of({**CATALOGUE, "TENTTHC": ""}, CATALOGUE)
        self.read_in = [
            previewed(file_of(CATALOGUE), name="a.json", **given).pk,
            previewed(faulty, name="b.json", **given).pk,
            previewed(b"[]", name="c.json", **given).pk,
            upload_catalogue(file_of(CATALOGUE), name="d.json", **given).pk,
        ]
        agency = str(p.unit("H99.31").pk)
        self.clients["vanthu.dinhson"].post(f"{REPORTS}lap/", {**REPORT, "agency": agency})

    def proofs(self) -> None:
        """The audit log proved once, and asked for once more."""
        by = self.province.actor("quantri")
        run_verification(ask_verification(by=by, now=timezone.now()).pk, by=BY)

    def tell(self) -> None:
        """Tell the deputy chairman something, and a national portal that does not answer."""
        p = self.province
        suspend_key(
            key_of("person", p.deputy.person_id, owner="", at=timezone.now()),
            reason="Thất lạc thiết bị", by=BY, now=timezone.now(),
        )  # fmt: skip
        self.told = Notice.objects.filter(person_id=p.deputy.person_id)[0].pk
        note_changes(now=p.now)
        keep_lanes(by=BY, now=p.now)

    def addresses(self) -> Iterator[str]:
        """Every address for officials, with a sample in each place."""
        values, others = self.values(), self.others()
        nothing = {
            name: uuid.UUID(int=1) for name in re.findall(r":(\w+)>", " ".join(addresses_for("official")))
        }
        nothing |= dict.fromkeys(("verb", "ref", "kind", "what"), "x") | dict.fromkeys(
            ("older", "newer", "appointment_id", "holding_id"), 1
        )
        for address in addresses_for("official", "signed_in"):
            if not NOT_PAGES.search(address):
                for more in others.get(address, [{}]):
                    yield filled(address, {**nothing, **values, **more})

    def drawn(self) -> dict[str, str]:
        """Each page by its address, as the first official sees it who may. An address that nobody may open,
        and that is not only for forms, is an error.
        """
        pages: dict[str, str] = {}
        closed: list[tuple[str, list[int]]] = []
        for address in [*self.addresses(), *ASKED]:
            statuses = []
            for client in self.clients.values():
                status, text = page_at(client, address)
                statuses.append(status)
                if status not in (403, 404):
                    break
            if statuses[-1] not in (200, 302, 304, 405):
                closed.append((address, statuses))
            if text:
                pages[address] = text
        # A page of a kind of thing that the sample lacks may wait a little, but not many of them.
        untried = [address for address, _ in closed if str(NOTHING) in address]
        wrong = [(address, found) for address, found in closed if address not in untried]
        assert not wrong, "\n".join(f"{address} {sorted(set(found))}" for address, found in wrong)
        assert len(untried) <= MOST_UNTRIED, "\n".join(untried)
        return pages


def page_at(client: Client, address: str) -> tuple[int, str]:
    """The answer's status, and its text when it is a whole page."""
    answer = client.get(address)
    is_html = answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html")
    text = answer.content.decode() if is_html else ""
    return answer.status_code, text if text.startswith("<!doctype") else ""


@pytest.mark.parametrize("part", range(3))
def test_no_page_of_an_official_has_a_fault(
    signing_province: Province, run_jobs: Any, settings: Any, part: int
) -> None:
    """Every third page each time: three workers look at them side by side."""
    settings.NATIONAL_ADDRESS = "http://127.0.0.1:1"
    sample = Sample(signing_province)
    run_jobs()
    sample.tell()
    pages = sample.drawn()
    assert len(pages) > 120, sorted(pages)
    shown = dict(sorted(pages.items())[part::3])
    assert problems_of(shown, width=1280, also=(390,)) == {}

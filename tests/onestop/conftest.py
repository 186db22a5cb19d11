"""A small province: one district with two communes, the departments that the procedures need."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from PIL import Image

from dinh.foundation.actions.public import Actor, system
from dinh.foundation.directory.public import acting, held_positions, people_with_role, unit_by_code
from dinh.foundation.files.public import PAPERS, store
from dinh.kernel.clocks import ClockState
from dinh.onestop.models import (
    ClockRecord,
    Dossier,
    Draft,
    FeeItem,
    Involvement,
    Paper,
    Result,
    StepRun,
    Supplement,
    WorkItem,
)
from dinh.onestop.public import (
    accept,
    announce_refusal,
    attach_paper,
    collect_fees,
    complete,
    draft_result,
    get_procedure,
    issue_result,
    return_result,
    save_answers,
    sign_result,
    start_draft,
    submit,
)
from dinh.onestop.queries.clocks import dossier_reading, step_reading
from dinh.onestop.rules.postal import waits_for_recipient
from dinh.sso.models import Account
from tests.onestop.drafting import whole_content
from tests.samples import NOW, THREE_LEVELS

DISTRICT = "thanhphodinhson"

HOUSEHOLD_ANSWERS: dict[str, Any] = {
    "ten_ho": "Tạp hóa Bình Minh",
    "xa": "H99.31.011",
    "dia_chi": "Thôn 3",
    "dien_thoai": "0900000001",
    "nganh_nghe": [{"ten": "Bán lẻ tạp hóa", "ma": "4711"}],
    "von": 50_000_000,
    "so_lao_dong": 2,
    "chu_the": "ca_nhan",
    "chu_ho": {
        "ho_ten": "Nguyễn Thị Mẫu",
        "ngay_sinh": "1990-03-02",
        "gioi_tinh": "nu",
        "so_dinh_danh": "099190000001",
        "dia_chi": "Thôn 3, xã Bình Mẫu",
    },
    "cam_ket": True,
}

MARITAL_ANSWERS: dict[str, Any] = {
    "ho_ten": "Nguyễn Thị Mẫu",
    "ngay_sinh": "1990-03-02",
    "so_dinh_danh": "099190000001",
    "dia_chi": "Thôn 3, xã Bình Mẫu",
    "tinh_trang": "chua_ket_hon",
    "muc_dich": "ket_hon",
}
RECORD_ANSWERS: dict[str, Any] = {
    "loai_phieu": "so_1",
    "cu_tru": [{"tu_nam": 2004, "noi_o": "Thôn 2, xã An Mẫu"}],
    "doi_tuong": "thuong",
    "muc_dich": "Xin việc",
    "ho_ten": "Nguyễn Thị Mẫu",
    "ngay_sinh": "1990-03-02",
    "noi_sinh": "Đình Sơn",
    "so_dinh_danh": "099190000001",
    "dia_chi": "Thôn 3, xã Bình Mẫu",
}
# A procedure of each level: the answers that can be sent, and an agency that takes them.
ANSWERS: dict[str, tuple[dict[str, Any], str]] = {
    "1.001612": (HOUSEHOLD_ANSWERS, THREE_LEVELS[0]),
    "1.004873": (MARITAL_ANSWERS, THREE_LEVELS[1]),
    "2.000488": (RECORD_ANSWERS, THREE_LEVELS[2]),
}


def picture(colour: str = "white") -> io.BytesIO:
    """A picture as a phone would take it: large enough, not blank."""
    image = Image.effect_noise((900, 600), 60).convert("RGB")
    content = io.BytesIO()
    image.save(content, "JPEG")
    content.seek(0)
    return content


@dataclass
class Province:
    """The small province and who acts in it."""

    keys: bool = False
    now: dt.datetime = NOW
    _actors: dict[str, Actor] = field(default_factory=dict)

    def unit(self, code: str) -> Any:
        unit = unit_by_code(code)
        assert unit is not None, code
        return unit

    def actor(self, username: str) -> Actor:
        """The person of an account, in their only position."""
        if username not in self._actors:
            account = Account.objects.select_related("person").get(username=username)
            held = held_positions(account.person_id, timezone.localdate())
            if account.kind == "official":
                self._actors[username] = acting(
                    account.person_id, held[0].position_id, account_id=account.pk, at=timezone.now()
                )
            else:
                self._actors[username] = Actor(
                    kind="citizen",
                    name=account.person.full_name,
                    account_id=account.pk,
                    person_id=account.person_id,
                )
        return self._actors[username]

    @property
    def citizen(self) -> Actor:
        return self.actor("congdan")

    @property
    def clerk(self) -> Actor:
        return self.actor("motcua.dinhson")

    @property
    def specialist(self) -> Actor:
        return self.actor("chuyenvien.tckh.dinhson")

    @property
    def head(self) -> Actor:
        return self.actor("truongphong.tckh.dinhson")

    @property
    def deputy(self) -> Actor:
        return self.actor("phochutich.dinhson")

    @property
    def records(self) -> Actor:
        return self.actor("vanthu.dinhson")

    @property
    def commune(self) -> Actor:
        return self.actor("congchuc.binhmau.dinhson")

    @property
    def other_commune(self) -> Actor:
        return self.actor("congchuc.anmau.dinhson")

    def file(self, by: Actor | None = None, name: str = "CCCD mặt trước.jpg") -> UUID:
        return store(picture(), name=name, by=by or self.citizen, limits=PAPERS).id

    def draft(
        self, answers: dict[str, Any] | None = None, *, code: str = "1.001612", agency: str = "H99.31"
    ) -> Draft:
        """A draft that can be sent: answers given, papers attached."""
        draft = start_draft(
            get_procedure(code), answers={}, agency_id=self.unit(agency).id, by=self.citizen, now=self.now
        )
        save_answers(
            draft, answers=answers or HOUSEHOLD_ANSWERS, agency_id=None, by=self.citizen, now=self.now
        )
        for document in draft.version.parts.documents:
            if document.origin == "upload" and not document.optional and not document.required_if:
                attach_paper(
                    draft, document_key=document.key, file_id=self.file(), by=self.citizen, now=self.now
                )
        return draft

    def submitted(self, **options: Any) -> Dossier:
        return submit(self.draft(**options), by=self.citizen, now=self.now)

    def accepted(self, **options: Any) -> Dossier:
        dossier = self.submitted(**options)
        self.pay(dossier, "filing")
        step = StepRun.objects.get(dossier=dossier, state="open")
        return accept(dossier, by=self.who(step), now=self.now)

    def pay(self, dossier: Dossier, *due: str) -> None:
        """Pay in cash when a fee that is due so is not paid yet."""
        if FeeItem.objects.filter(dossier=dossier, due__in=due, paid_at=None).exists():
            desk = StepRun(unit_id=dossier.reception_unit_id, role="onestop_clerk")
            collect_fees(dossier, by=self.who(desk), now=self.now)

    def open_step(self, dossier: Dossier, key: str) -> StepRun:
        return StepRun.objects.get(dossier=dossier, key=key, state="open")

    def who(self, step: StepRun) -> Actor:
        """Somebody who can do the step: its holder, or the nearest who has its role at its unit."""
        today = timezone.localdate()
        held = people_with_role(step.unit_id, step.role, on=today)
        held = sorted(held, key=lambda one: one.unit_id != step.unit_id)
        position = next((one for one in held if one.position_id == step.holder_id), held[0])
        return acting(position.person_id, position.position_id, account_id=None, at=timezone.now())

    def do(self, dossier: Dossier, key: str, outcome: str = "", note: str = "Đã xem.") -> StepRun:
        """End an open step as its person does: with an outcome, or with the verb of its kind."""
        step, now = self.open_step(dossier, key), self.now
        self.pay(dossier, "acceptance", *(["result"] if step.kind == "return" else []))
        by = self.who(step)
        if step.kind == "sign" and not outcome:
            sign_result(step, by=by, now=now)
        elif step.kind == "issue":
            issue_result(step, by=by, now=now)
        elif step.kind == "return":
            return_result(step, shown="receipt", by=by, now=now)
        elif step.kind == "refuse":
            announce_refusal(step, reason=note, by=by, now=now)
        else:
            chosen = next(one for one in dossier.version.parts.step(key).outcomes if outcome in ("", one.key))
            if "draft" in chosen.needs and not Result.objects.filter(dossier=dossier).exists():
                draft_result(step, content=whole_content(dossier), by=by, now=now)
            about = ["kq"] if chosen.back else []
            complete(step, outcome_key=chosen.key, note=note, about=about, by=by, now=now)
        dossier.refresh_from_db()
        step.refresh_from_db()
        return step

    def walk(self, dossier: Dossier, *ways: str) -> None:
        """Do one step after another; each is ``key`` or ``key:outcome``."""
        for way in ways:
            self.do(dossier, *way.split(":"))


def check_whole(dossier_id: UUID) -> None:
    """What holds of every dossier at every moment, whatever was done to it."""
    dossier = Dossier.objects.get(pk=dossier_id)
    steps = list(StepRun.objects.filter(dossier=dossier))
    open_steps = [step for step in steps if step.state == "open"]
    living = dossier.state in ("submitted", "processing", "supplement", "done")
    assert bool(open_steps) is living, f"{dossier.state} with open steps {open_steps}"
    assert (dossier.code is None) is (dossier.accepted_at is None)
    papers = [paper.form for paper in Paper.objects.filter(dossier=dossier)]
    assert papers.count("receipt") == (dossier.accepted_at is not None)
    assert papers.count("proof") == (dossier.channel == "online" or dossier.intake_desk_id is not None)
    was_refused, was_accepted = dossier.state == "refused", dossier.accepted_at is not None
    assert papers.count("refusal") == (was_refused and not was_accepted)
    assert papers.count("rejection") == (was_refused and was_accepted)
    supplements = Supplement.objects.filter(dossier=dossier)
    assert papers.count("supplement") == supplements.count() <= 1
    assert supplements.filter(answered_at=None).exists() <= (
        dossier.state in ("supplement", "withdrawn", "stopped")
    )
    items = WorkItem.objects.filter(dossier=dossier)
    assert {item.step_id for item in items} == {step.id for step in open_steps}
    for item in items:
        step = next(step for step in open_steps if step.id == item.step_id)
        assert (item.code, item.holder_id, item.unit_id) == (str(dossier), step.holder_id, step.unit_id)
        assert item.dossier_due_at == dossier.due_at
        waits = waits_for_recipient(step.kind, dossier.return_way)
        assert item.is_waiting is (waits or dossier.state == "supplement")
        assert item.near_at < item.due_at
        assert item.due_at == (step.due_at or item.due_at)
    involved = set(Involvement.objects.filter(dossier=dossier).values_list("unit_id", flat=True))
    assert involved >= {dossier.agency_id, dossier.reception_unit_id, *(step.unit_id for step in steps)}
    _check_clocks(dossier, steps)


def _check_clocks(dossier: Dossier, steps: list[StepRun]) -> None:
    at = max(
        [dossier.submitted_at, *ClockRecord.objects.filter(dossier=dossier).values_list("at", flat=True)]
    )
    reading = dossier_reading(dossier, now=at)
    states = {
        "submitted": ClockState.WAITING,
        "processing": ClockState.RUNNING,
        "done": ClockState.STOPPED,
        "returned": ClockState.STOPPED,
    }
    if dossier.accepted_at is None:
        assert reading.state == ClockState.WAITING
    elif dossier.state == "supplement":
        assert reading.state == ClockState.PAUSED
    else:
        assert reading.state == states.get(dossier.state, ClockState.STOPPED)
        assert dossier.state in ("refused", "withdrawn", "stopped") or dossier.due_at == reading.due_at
    for step in steps:
        rests = dossier.state == "supplement" or waits_for_recipient(step.kind, dossier.return_way)
        expected = ClockState.PAUSED if rests else ClockState.RUNNING
        assert step_reading(step, now=at).state == (expected if step.state == "open" else ClockState.STOPPED)


@pytest.fixture
def province(small_sample: None, db: None) -> Province:
    return Province()


@pytest.fixture
def signing_province(signing_sample: None, db: None) -> Province:
    return Province(keys=True)


@pytest.fixture
def three_level_province(three_level_sample: None, db: None) -> Province:
    return Province(keys=True)


@pytest.fixture
def open_province(small_sample: None, transactional_db: None) -> Province:
    """The small province in a database whose commits other threads and processes see."""
    return Province()


@pytest.fixture
def open_signing_province(signing_sample: None, transactional_db: None) -> Province:
    """As ``open_province``, with the keys of its district."""
    return Province(keys=True)


@pytest.fixture
def run_jobs() -> Callable[[], None]:
    """Draw every paper that was asked for, as the worker would."""
    from dinh.onestop.public import draw_paper

    def run() -> None:
        for paper in Paper.objects.filter(state="preparing"):
            draw_paper(paper, by=system("test"), now=NOW)

    return run

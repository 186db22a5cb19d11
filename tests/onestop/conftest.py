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
from dinh.foundation.directory.public import acting, held_positions, unit_by_code
from dinh.foundation.files.public import PAPERS, store
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Dossier, Draft, StepRun
from dinh.onestop.public import attach_paper, get_procedure, save_answers, start_draft, submit
from dinh.sso.models import Account
from dinh.website.sample.load import load_sample
from dinh.website.sample.organisation import Size

SMALL = Size(departments=2, districts=1, communes=2, officials=0)
DISTRICT = "thanhphodinhson"

# A Monday morning in a week without days off.
NOW = dt.datetime(2026, 11, 16, 8, 0, tzinfo=VIETNAM)

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
        "so_dinh_danh": "099500000001",
        "dia_chi": "Thôn 3, xã Bình Mẫu",
    },
    "cam_ket": True,
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

    def open_step(self, dossier: Dossier, key: str) -> StepRun:
        return StepRun.objects.get(dossier=dossier, key=key, state="open")


@pytest.fixture
def province(db: None, settings: Any, tmp_path: Any) -> Province:
    """The small province, without keys."""
    settings.FILE_STORE = str(tmp_path / "files")
    load_sample(size=SMALL, citizens=2, keys_for=(), now=NOW)
    return Province()


@pytest.fixture
def signing_province(db: None, settings: Any, tmp_path: Any) -> Province:
    """The small province, with the keys of its district."""
    settings.FILE_STORE = str(tmp_path / "files")
    settings.KEY_DIR = tmp_path / "keys"
    load_sample(size=SMALL, citizens=2, keys_for=("H99.31",), now=NOW)
    return Province(keys=True)


@pytest.fixture
def run_jobs() -> Callable[[], None]:
    """Draw every paper that was asked for, as the worker would."""
    from dinh.onestop.models import Paper
    from dinh.onestop.public import draw_paper

    def run() -> None:
        for paper in Paper.objects.filter(state="preparing"):
            draw_paper(paper, by=system("test"), now=NOW)

    return run

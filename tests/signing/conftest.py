"""What the tests of signing share: a folder of keys with the sample authority, owners, keys, papers."""

import datetime as dt
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from dinh.foundation.actions.public import Actor, Grant, system
from dinh.foundation.signing.adapters import trust
from dinh.foundation.signing.public import (
    AgencySeal,
    HandSignature,
    KeyOwner,
    NumberFields,
    PaperFields,
    draw_seal,
    draw_signature,
    fill_number,
    issue_sample_key,
    prepare_pdf,
    sign_pdf,
)
from dinh.foundation.ui.public import RenderedPaper, qr_svg, render_paper

TEMPLATES = Path(__file__).parent / "templates"
AGENCY = "Ủy ban nhân dân huyện An Bình"
SIGNER = "Trần Văn Bình"
NUMBER, DATE = "Số: 15/QĐ-UBND", "An Bình, ngày 05 tháng 02 năm 2026"
SETUP = system("set-up")


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one folder of keys for the whole run: making an authority takes a moment."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(autouse=True)
def _settings(settings, key_folder: Path, tmp_path: Path) -> None:
    settings.KEY_DIR = key_folder
    settings.IS_SAMPLE = True
    settings.SIGNING_TSA_ADDRESS = ""
    settings.SIGNING_REVOCATION_HOSTS = []
    settings.FILE_STORE = str(tmp_path / "store")
    trust._cache.__init__()


@pytest.fixture
def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def person(db, now: dt.datetime):
    """Return the key of the vice chairman."""
    owner = KeyOwner(
        kind="person",
        id=uuid.uuid4(),
        name=SIGNER,
        agency=AGENCY,
        locality="Tỉnh Phú Thịnh",
        title="Phó Chủ tịch",
        unit="Lãnh đạo UBND huyện",
    )
    return issue_sample_key(owner, by=SETUP, now=now)


@pytest.fixture
def agency(db, now: dt.datetime):
    """Return the key of the district."""
    owner = KeyOwner(kind="agency", id=uuid.uuid4(), name=AGENCY, agency=AGENCY, locality="Tỉnh Phú Thịnh")
    return issue_sample_key(owner, by=SETUP, now=now)


@pytest.fixture
def leader(person) -> Actor:
    return Actor(kind="official", name=SIGNER, person_id=person.owner_id, position="Phó Chủ tịch")


@pytest.fixture
def clerk(agency) -> Actor:
    grant = Grant("signing.use_agency_key", "unit", agency.owner_id)
    return Actor(
        kind="official",
        name="Lê Thị Mai",
        person_id=uuid.uuid4(),
        position="Văn thư",
        unit_id=agency.owner_id,
        agency_id=agency.owner_id,
        grants=(grant,),
    )


def decision(**changes: object) -> RenderedPaper:
    """Return the decision as it comes from its template, without number and date."""
    data = {
        "title": "Quyết định cấp Giấy chứng nhận đăng ký hộ kinh doanh",
        "note": "MẪU – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ",
        "above": "Tỉnh Phú Thịnh",
        "agency": AGENCY,
        "number": "",
        "date": "",
        "kind": "Quyết định",
        "abstract": "Về việc cấp Giấy chứng nhận đăng ký hộ kinh doanh",
        "authority": f"Chủ tịch {AGENCY}",
        "bases": ["Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015"],
        "articles": [
            {"number": 1, "title": "Cấp Giấy chứng nhận", "paragraphs": ["Cấp cho bà Nguyễn Thị Hoa."]}
        ],
        "recipients": ["Như Điều 1", "Lưu: VT"],
        "lines": ["KT. Chủ tịch", "Phó Chủ tịch"],
        "signer": SIGNER,
        "qr": qr_svg("https://dinh.invalid/tra-cuu/H99.31-261121-0001"),
    }
    return render_paper(TEMPLATES / "decision.typ", {**data, **changes})


def prepared(paper: RenderedPaper) -> bytes:
    place = paper.place("signature")
    numbers = NumberFields(number=paper.place("number"), date=paper.place("date"))
    return prepare_pdf(paper.content, fields=PaperFields(signers=(place,), agency=place, numbers=numbers))


@pytest.fixture
def signed_by_person(person, leader: Actor, now: dt.datetime) -> bytes:
    """Return the decision signed by the person; number and date still wait."""
    appearance = HandSignature(image=draw_signature(SIGNER))
    return sign_pdf(
        prepared(decision()), key=person, appearance=appearance, reason="KT. CHỦ TỊCH", at=now, by=leader
    )


@pytest.fixture
def issued(signed_by_person: bytes, agency, clerk: Actor, now: dt.datetime) -> bytes:
    """Return the decision signed by the person, numbered, and signed by the agency."""
    numbered = fill_number(signed_by_person, number=NUMBER, date=DATE)
    appearance = AgencySeal(image=draw_seal(AGENCY, "Tỉnh Phú Thịnh"))
    return sign_pdf(numbered, key=agency, appearance=appearance, reason="Phát hành", at=now, by=clerk)


@pytest.fixture
def run() -> Callable[..., str]:
    """Run an outside program and return what it prints; it must succeed."""

    def run_it(*command: object, **options: object) -> str:
        line = [str(part) for part in command]
        done = subprocess.run(line, capture_output=True, text=True, check=False, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run_it

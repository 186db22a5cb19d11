"""The citizen's list narrowed, all papers of a dossier in one file."""

import io
import zipfile

import pytest

from dinh.foundation.files.models import File
from dinh.onestop.models import DossierPart
from dinh.onestop.public import accept, ask_supplement
from dinh.onestop.queries import archives
from tests.portal.conftest import words

pytestmark = pytest.mark.django_db
LIST = "/ho-so-cua-toi/"


def test_own_dossiers_are_found_by_words_and_state(citizen, stranger, province):
    waiting = province.submitted()
    begun = accept(province.submitted(), by=province.clerk, now=province.now)
    asked = accept(province.submitted(), by=province.clerk, now=province.now)
    ask_supplement(
        asked,
        items=[{"document": "", "text": "x"}],
        reason="x",
        contact="",
        by=province.clerk,
        now=province.now,
    )
    everything = words(citizen.get(LIST))
    assert all(one in everything for one in (waiting.request_code, begun.code, asked.code))
    needed = words(citizen.get(LIST, {"loai": "can-lam"}))
    assert asked.code in needed
    assert begun.code not in needed
    found = words(citizen.get(LIST, {"q": f"{begun.code} hộ KINH doanh"}))
    assert begun.code in found
    assert asked.code not in found
    assert "Không có hồ sơ nào khớp" in words(citizen.get(LIST, {"q": "không thấy", "loai": "da-dung"}))
    assert begun.code in words(citizen.get(LIST, {"loai": "lạ"}))
    assert begun.code not in words(stranger.get(LIST, {"q": begun.code}))


def test_all_papers_come_in_one_file(citizen, stranger, province, run_jobs):
    dossier = province.submitted()
    address = f"{LIST}{dossier.pk}/tai-tat-ca/"
    assert address in citizen.get(f"{LIST}{dossier.pk}/").content.decode()
    answer = citizen.get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert packed.testzip() is None
    assert [name.split("/")[0] for name in packed.namelist()] == ["1 Giay to da nop"]
    part = DossierPart.objects.select_related("file").get(dossier=dossier)
    assert len(packed.read(packed.namelist()[0])) == part.file.size
    assert stranger.get(address).status_code == 404


def test_an_archive_is_bounded_and_leaves_infected_files_out(citizen, province, monkeypatch):
    dossier = province.submitted()
    address = f"{LIST}{dossier.pk}/tai-tat-ca/"
    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    answer = citizen.get(address)
    assert answer.status_code == 302
    assert "Hãy tải từng tệp" in words(citizen.get(answer["Location"]))
    monkeypatch.undo()
    File.objects.update(scan_state="infected")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(citizen.get(address).streaming_content)))
    assert packed.namelist() == []

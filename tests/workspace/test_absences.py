"""Days away on the screen: marked, seen by who stands in, ended."""

import datetime as dt

import pytest
from django.utils import timezone

from dinh.foundation.directory.models import Absence
from dinh.onestop.models import WorkItem
from dinh.onestop.public import claim
from tests.workspace.conftest import accepted, rows_of, source, words

pytestmark = pytest.mark.django_db

PAGE = "/lam-viec/vang-mat/"


def days(first=0, last=2):
    today = timezone.localdate()
    return {
        "from_on": (today + dt.timedelta(days=first)).isoformat(),
        "last_on": f"{today + dt.timedelta(days=last):%d/%m/%Y}",
    }


def test_an_official_marks_days_away_and_the_substitute_does_the_work(province, seat, hour):
    p, hour.now = province, dt.datetime.now(dt.UTC)
    dossier = accepted(p)
    step = p.open_step(dossier, "tham_dinh")
    claim(step, by=p.specialist, now=p.now)
    own = seat("chuyenvien.tckh.dinhson")
    form = f"{PAGE}chuc-vu/{p.specialist.position_id}/"
    assert form in source(own.get(PAGE))
    wrong = own.post(form, {"substitute": "", **days()})
    assert wrong.status_code == 409
    assert 'href="#f-substitute"' in source(wrong)
    unread = own.post(form, {"substitute": str(p.head.position_id), "from_on": "mai", "last_on": ""})
    assert 'href="#f-from_on"' in source(unread)
    assert own.post(form, {"substitute": str(p.head.position_id), **days()}).status_code == 302
    head = seat("truongphong.tckh.dinhson")
    assert f"{p.specialist.name}, Chuyên viên" in words(head.get(PAGE))
    assert "Làm thay 1" in words(head.get("/lam-viec/"))
    assert len(rows_of(head, "/lam-viec/?viec=stand_in")) == 1
    page = words(head.get(f"/lam-viec/ho-so/{dossier.id}/"))
    assert f"Ông/Bà làm thay {p.specialist.name} ở bước này" in page
    answer = head.post(f"/lam-viec/buoc/{step.id}/tra-lai/")
    assert answer.status_code == 302
    assert WorkItem.objects.get().holder_id is None
    assert head.post(f"{PAGE}{Absence.objects.get().id}/ket-thuc/").status_code == 302
    assert "Làm thay" not in words(seat("truongphong.tckh.dinhson").get("/lam-viec/?viec=all")).replace(
        "Vắng mặt, làm thay", ""
    )


def test_nobody_marks_somebody_they_do_not_lead(province, seat):
    p = province
    form = f"{PAGE}chuc-vu/{p.specialist.position_id}/"
    for username in ("motcua.dinhson", "congchuc.anmau.dinhson"):
        client = seat(username)
        assert client.get(form).status_code == 404
        assert client.post(form, {"substitute": str(p.head.position_id), **days()}).status_code == 404
        assert form not in source(client.get(PAGE))
    assert form in source(seat("truongphong.tckh.dinhson").get(PAGE))
    assert Absence.objects.count() == 0

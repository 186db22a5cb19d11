"""An applicant who had to attend: time, place, people and content are kept with the dossier."""

import pytest
from django.db import DatabaseError, transaction

from dinh.kernel.errors import NotAllowed
from dinh.onestop.models import Meeting
from dinh.onestop.public import MeetingNotes, record_meeting
from tests.workspace.conftest import source, words

pytestmark = pytest.mark.django_db

TYPED = {
    "met-on": "16/11/2026",
    "met-at": "07:30",
    "met-place": "Phòng Tài chính – Kế hoạch",
    "met-people": "Nguyễn Thị Mẫu, chủ hộ\nTrần Văn Chuyên, chuyên viên",
    "met-content": "Xác định lại địa điểm kinh doanh.",
}


def test_what_was_said_when_the_applicant_had_to_attend_is_kept(province, seat, hour):
    """Law: NĐ 61/2018 Điều 19 khoản 3 ý 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/lam-viec-voi-nguoi-nop/
    """
    dossier = province.accepted()
    hour.pass_days(1)
    here = f"/lam-viec/ho-so/{dossier.id}/lam-viec-voi-nguoi-nop/"
    specialist = seat("chuyenvien.tckh.dinhson")
    assert "Chưa có buổi làm việc nào" in words(specialist.get(here))
    typed = {**TYPED, "met-at": "09:30"}
    assert specialist.post(here, typed).status_code == 302
    page = words(specialist.get(here))
    for said in (
        "09:30 16/11/2026",
        "Phòng Tài chính – Kế hoạch",
        "Nguyễn Thị Mẫu, chủ hộ",
        "địa điểm kinh doanh",
    ):
        assert said in page
    citizen = words(seat("congdan").get(f"/ho-so-cua-toi/{dossier.id}/"))
    assert "Đã làm việc với người nộp lúc 09:30 16/11/2026 tại Phòng Tài chính – Kế hoạch" in citizen
    assert "Xác định lại" not in citizen
    with pytest.raises(DatabaseError), transaction.atomic():
        Meeting.objects.update(content="khác")


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"met-at": "25:00"}, "met-at"),
        ({"met-on": ""}, "met-at"),
        ({"met-on": "17/11/2026"}, "met-at"),
        ({"met-on": "15/11/2026"}, "met-at"),
        ({"met-place": " "}, "met-place"),
        ({"met-people": ""}, "met-people"),
        ({"met-content": ""}, "met-content"),
    ],
)
def test_what_is_missing_is_said_at_its_place(province, seat, typed, place):
    dossier = province.accepted()
    answer = seat("motcua.dinhson").post(
        f"/lam-viec/ho-so/{dossier.id}/lam-viec-voi-nguoi-nop/", {**TYPED, "met-at": "08:00", **typed}
    )
    assert answer.status_code == 409
    assert f'href="#f-{place}"' in source(answer)
    assert not Meeting.objects.exists()


def test_only_who_handles_the_dossier_writes_a_meeting_down(province, seat):
    p = province
    dossier = p.accepted()
    notes = MeetingNotes(at=p.now, place="A", people="B", content="C")
    for stranger in (p.commune, p.records, p.citizen, p.actor("motcua.anmau.dinhson")):
        with pytest.raises(NotAllowed):
            record_meeting(dossier, notes=notes, by=stranger, now=p.now)
    assert record_meeting(dossier, notes=notes, by=p.clerk, now=p.now).author == p.clerk.name
    here = f"/lam-viec/ho-so/{dossier.id}/lam-viec-voi-nguoi-nop/"
    assert seat("motcua.anmau.dinhson").get(here).status_code == 404
    reader = seat("vanthu.dinhson").get(here)
    assert reader.status_code == 200
    assert "Lưu vào hồ sơ" not in words(reader)

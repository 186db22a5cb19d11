"""A step that meets the applicant: they are asked for a day, and it waits until they were there."""

import datetime as dt

import msgspec
import pytest
from django.test import Client

from dinh.foundation.calendars.public import calendar_for
from dinh.foundation.notify.models import Notice
from dinh.kernel.errors import NotAllowed
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Invitation, Meeting, Result, StepRun
from dinh.onestop.public import (
    MeetingNotes,
    complete,
    draft_result,
    invite,
    record_came,
    record_missed,
)
from dinh.onestop.rules.definition import read_definition
from dinh.onestop.rules.invitations import (
    DayNotWorking,
    HourNotWorking,
    InvitationIncomplete,
    MomentPast,
    NotAllThere,
    NotComeYet,
    NotInvited,
    check_meets,
    likely_moment,
)
from dinh.sso.models import Account
from tests.onestop.drafting import whole_content
from tests.procedures.test_walks import answers_to
from tests.samples import shipped
from tests.workspace.conftest import hour, key_of, source, words

__all__ = ["hour"]

MARRIAGE = shipped()["1.000894"]
WISHED, SUNDAY = dt.date(2026, 11, 20), dt.date(2026, 11, 22)


def at(day: int, clock: dt.time = dt.time(9)) -> dt.datetime:
    return dt.datetime.combine(dt.date(2026, 11, day), clock, VIETNAM)


def signed_in(by):
    """The official and the citizen at their screens."""
    official, citizen = Client(), Client()
    official.cookies["sessionid"] = key_of(Account.objects.get(person_id=by.person_id).username)
    citizen.cookies["sessionid"] = key_of("congdan")
    return official, citizen


@pytest.fixture
def wedding(walk_of):
    """A couple's dossier, accepted; they wished for the Friday."""
    walk = walk_of(MARRIAGE)
    dossier = walk.received(answers_to(walk, all_of_it=False))
    # The form takes no day before the real one, on which these tests do not live.
    dossier.data["ngay_hen"] = WISHED.isoformat()
    dossier.save(update_fields=["data"])
    step = StepRun.objects.get(dossier=dossier, state="open")
    return walk, dossier, step, walk.who(step)


def test_a_couple_is_asked_to_sign_and_the_certificate_takes_the_day_from_the_record(wedding, hour):
    """Law: NĐ 61/2018 Điều 19 khoản 3 ý 2
    Screen: /lam-viec/ho-so/<uuid:dossier_id>/lam-viec-voi-nguoi-nop/
    """
    walk, dossier, step, by = wedding
    official, citizen = signed_in(by)
    here = f"/lam-viec/ho-so/{dossier.id}/lam-viec-voi-nguoi-nop/"
    draft_result(step, content=whole_content(dossier), by=by, now=walk.now)
    with pytest.raises(NotComeYet):
        complete(step, outcome_key="trinh_ky", note="", by=by, now=walk.now)
    assert "Bước này phải gặp người nộp Người nộp muốn ngày 20/11/2026" in words(
        official.get(f"/lam-viec/ho-so/{dossier.id}/")
    )
    page = source(official.get(here))
    assert "Người nộp muốn ngày 20/11/2026" in page
    assert 'value="20/11/2026"' in page

    form = {
        "viec": "moi", "met-for": str(step.id), f"invite-on-{step.id}": "22/11/2026",
        f"invite-at-{step.id}": "09:00", f"invite-place-{step.id}": "Phòng họp tầng 1",
        f"invite-note-{step.id}": "Mang theo căn cước.",
    }  # fmt: skip
    answer = official.post(here, form)
    assert answer.status_code == 409
    assert "Ngày 22/11/2026 cơ quan không làm việc (ngày nghỉ hằng tuần)" in words(answer)
    assert f'href="#f-invite-on-{step.id}"' in source(answer)
    assert "Phòng họp tầng 1" in source(answer)
    assert official.post(here, form | {f"invite-on-{step.id}": "18/11/2026"}).status_code == 302
    notice = Notice.objects.filter(template="dossier.invited_to_sign").first()
    assert notice is not None and "18/11/2026" in notice.subject and "Hai bên nam, nữ" in notice.body
    said = words(citizen.get(f"/ho-so-cua-toi/{dossier.id}/"))
    assert "Mời Ông/Bà đến ký" in said
    assert "Phòng họp tầng 1. Cần có mặt: Hai bên nam, nữ." in said
    assert "Mang theo căn cước." in said

    absent = {"viec": "vang", "met-for": str(step.id), f"missed-reason-{step.id}": "Chú rể ốm."}
    assert official.post(here, absent).status_code == 409  # not yet the hour
    hour.pass_days(3)
    official, citizen = signed_in(by)
    assert "Đã đến giờ hẹn" in words(official.get(here))
    assert official.post(here, absent).status_code == 302
    assert "không có mặt lúc 09:00 18/11/2026: Chú rể ốm." in words(
        citizen.get(f"/ho-so-cua-toi/{dossier.id}/")
    )
    with pytest.raises(NotComeYet):
        complete(step, outcome_key="trinh_ky", note="", by=by, now=hour.now)

    came = {
        "met-for": str(step.id), "met-on": "19/11/2026", "met-at": "07:05", "met-place": "Phòng họp tầng 1",
        "met-people": "Cô dâu\nChú rể", "met-all": "1", "met-content": "Đã cùng ký vào Sổ.",
    }  # fmt: skip
    assert official.post(here, came).status_code == 302
    assert Result.objects.get(dossier=dossier, key="").content["ngay_ky"] == "19/11/2026"
    assert Meeting.objects.get(dossier=dossier).invitation.state == "came"
    complete(step, outcome_key="trinh_ky", note="", by=by, now=hour.now)


def test_what_is_wrong_is_refused_and_only_who_works_on_the_step_may(wedding):
    walk, dossier, step, by = wedding
    calendar = calendar_for(step.unit_id)
    for wished, day in ((WISHED, 20), (SUNDAY, 17), (None, 17)):
        likely = likely_moment(wished, calendar, now=walk.now)
        assert likely.astimezone(VIETNAM).date() == dt.date(2026, 11, day)
    late = {"at": at(18), "place": "Trụ sở"}
    for wrong, refused in (
        ({"at": at(15)}, MomentPast),
        ({"at": None}, MomentPast),
        ({"at": at(22)}, DayNotWorking),
        ({"at": at(18, dt.time(22))}, HourNotWorking),
        ({"place": " "}, InvitationIncomplete),
    ):
        with pytest.raises(refused):
            invite(step, **(late | wrong), by=by, now=walk.now)
    with pytest.raises(NotInvited):
        record_missed(step, reason="Vắng.", by=by, now=walk.now)
    invite(step, **late, by=by, now=walk.now)
    invite(step, **(late | {"at": at(19)}), by=by, now=walk.now)
    assert Invitation.objects.get(dossier=dossier).at == at(19)
    notes = MeetingNotes(at=walk.now, place="A", people="B", content="C")
    for stranger in (walk.province.citizen, walk.province.records):
        for do in (
            lambda by: invite(step, **late, by=by, now=walk.now),
            lambda by: record_came(step, notes=notes, all_there=True, by=by, now=walk.now),
            lambda by: record_missed(step, reason="Vắng.", by=by, now=at(20)),
        ):
            with pytest.raises(NotAllowed):
                do(stranger)
    assert record_missed(step, reason="Vắng.", by=by, now=at(20)).state == "missed"
    with pytest.raises(NotAllThere):  # one of the two signs for nobody
        record_came(step, notes=notes, all_there=False, by=by, now=walk.now)
    # Nobody need have been asked; and a refusal does not wait for them.
    assert record_came(step, notes=notes, all_there=True, by=by, now=walk.now).state == "came"
    Invitation.objects.filter(dossier=dossier).delete()
    complete(step, outcome_key="de_nghi_tu_choi", note="Chưa đủ điều kiện.", by=by, now=walk.now)


def test_a_definition_that_waits_for_nobody_is_told_so():
    plain = msgspec.to_builtins(MARRIAGE)
    names = ["ngay_hen"]
    assert list(check_meets(MARRIAGE, names)) == []
    assert len(list(check_meets(MARRIAGE, []))) == 1
    step = next(one for one in plain["steps"] if one["meets"])
    kept, step["meets"] = step["meets"], None
    assert len(list(check_meets(read_definition(plain), names))) == 2
    step["meets"] = kept
    step["outcomes"][0]["needs"] = ["draft"]
    assert len(list(check_meets(read_definition(plain), names))) == 1

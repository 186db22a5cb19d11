"""An appraisal of food safety that was not passed is repeated: the applicant mends what was found."""

import datetime as dt

import pytest
from django.test import Client

from dinh.kernel.clocks import ClockState
from dinh.kernel.errors import Refused
from dinh.onestop.models import StepRun
from dinh.onestop.public import complete, undo
from dinh.onestop.queries.clocks import dossier_reading
from dinh.sso.models import Account
from tests.portal.conftest import signed_in
from tests.procedures.test_walks import answers_to
from tests.samples import shipped
from tests.workspace.conftest import key_of

FOOD = shipped()["1.002425"]


def at_appraisal(walk_of):
    walk = walk_of(FOOD)
    dossier = walk.received(answers_to(walk, all_of_it=False))
    checking = StepRun.objects.get(dossier=dossier, state="open")
    walk.take(checking, walk.who(checking))
    step = StepRun.objects.get(dossier=dossier, state="open")
    walk.met(step, walk.who(step))
    return walk, dossier, step


def test_a_failed_appraisal_is_repeated_and_the_time_between_does_not_count(walk_of):
    walk, dossier, step = at_appraisal(walk_of)
    by = walk.who(step)
    with pytest.raises(Refused):
        complete(step, outcome_key="khac_phuc", note="", by=by, now=walk.now)
    complete(step, outcome_key="khac_phuc", note="Làm thêm lưới chắn côn trùng.", by=by, now=walk.now)
    dossier.refresh_from_db()
    before = dossier_reading(dossier, now=walk.now)
    assert (before.state, dossier.due_at) == (ClockState.PAUSED, None)
    page = signed_in("congdan").get(f"/ho-so-cua-toi/{dossier.id}/").content.decode()
    assert "Yêu cầu khắc phục: Làm thêm lưới chắn côn trùng." in page
    for address in ("/ho-so-cua-toi/", f"/tra-cuu/?ma={dossier.code}"):
        assert signed_in("congdan").get(address).status_code == 200
    account = Account.objects.get(person_id=by.person_id).username
    for address in (f"/lam-viec/ho-so/{dossier.id}/", "/lam-viec/"):
        official = Client()
        official.cookies["sessionid"] = key_of(account)
        assert official.get(address).status_code == 200
    walk.now += dt.timedelta(days=40)
    waiting = StepRun.objects.get(dossier=dossier, state="open")
    assert waiting.key == "khac_phuc"
    complete(waiting, outcome_key="da_khac_phuc", note="", by=walk.who(waiting), now=walk.now)
    dossier.refresh_from_db()
    after = dossier_reading(dossier, now=walk.now)
    assert (after.state, after.remaining) == (ClockState.RUNNING, before.remaining)
    assert dossier.due_at > walk.now
    walk.to_the_end(dossier)
    dossier.refresh_from_db()
    assert dossier.state == "returned"
    assert walk.steps[-5:] == ["tham_dinh_lai", "duyet", "ky", "phat_hanh", "tra_ket_qua"]


def test_what_is_undone_lets_the_clock_go_on(walk_of):
    walk, dossier, step = at_appraisal(walk_of)
    by = walk.who(step)
    complete(step, outcome_key="khac_phuc", note="Sửa bếp.", by=by, now=walk.now)
    step.refresh_from_db()
    undo(step, by=by, now=walk.now)
    dossier.refresh_from_db()
    assert dossier_reading(dossier, now=walk.now).state == ClockState.RUNNING
    assert dossier.due_at is not None

"""After an upgrade each open step's clock is read once for the moment from which it is near due."""

import datetime as dt

import pytest

from dinh.foundation.actions.public import visitor
from dinh.kernel.errors import NotAllowed
from dinh.onestop.actions import nearing
from dinh.onestop.models import WorkItem
from dinh.onestop.public import read_guessed_nearness
from dinh.onestop.tasks import read_nearness_once
from tests.onestop.colleagues import BY


def test_what_an_upgrade_guessed_is_read_once_where_it_stopped(province, monkeypatch) -> None:
    p = province
    monkeypatch.setattr(nearing, "PORTION", 2)
    monkeypatch.setattr(nearing, "MOST_PORTIONS", 1)
    for _ in range(3):
        p.accepted()
    right = dict(WorkItem.objects.values_list("pk", "near_at"))
    kept = max(right)
    assert len(right) == 3
    with pytest.raises(NotAllowed):
        nearing.read_portion(by=visitor(), now=p.now)
    WorkItem.objects.update(near_at=p.now - dt.timedelta(days=9), near_is_guess=True)
    assert read_guessed_nearness(by=BY, now=p.now) == 2
    assert WorkItem.objects.filter(near_is_guess=True).count() == 1
    assert {pk: at for pk, at in right.items() if pk != kept} == dict(
        WorkItem.objects.filter(near_is_guess=False).values_list("pk", "near_at")
    )
    read_nearness_once()
    assert dict(WorkItem.objects.values_list("pk", "near_at")) == right
    assert read_guessed_nearness(by=BY, now=p.now) == 0

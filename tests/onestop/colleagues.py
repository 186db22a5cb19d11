"""Somebody beside an official: another position of the same unit with the same roles."""

import datetime as dt
from uuid import uuid4

from dinh.foundation.actions.public import Actor, system
from dinh.foundation.directory.models import Person, Position
from dinh.foundation.directory.public import acting, appoint, create_position, grant
from tests.onestop.conftest import Province

__all__ = ["BY", "LONG_AGO", "colleague", "second"]

BY = system("test")
LONG_AGO = dt.date(2026, 1, 1)


def colleague(
    p: Province, username: str = "chuyenvien.tckh.dinhson", name: str = "Hoàng Văn Đồng Sự"
) -> Actor:
    """Another official of the same division with the same role."""
    return second(p, p.actor(username), name)


def second(p: Province, of: Actor, name: str) -> Actor:
    """Somebody else at the desk beside an official, with the roles that the official has."""
    position = Position.objects.get(pk=of.position_id)
    beside = create_position(position.unit, code="", title=position.title, on=LONG_AGO, by=BY)
    for held in position.holdings.all():
        grant(beside, role=held.role, scope=held.scope, unit=held.unit, from_on=LONG_AGO, by=BY)
    person = Person.objects.create(full_name=name, staff_code=f"TEST-{uuid4().hex[:8]}")
    appoint(beside, person=person, from_on=LONG_AGO, by=BY)
    return acting(person.pk, beside.pk, account_id=None, at=p.now)

"""Invented appointments and notices: desks that take visits; a citizen who booked one, and was told."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from dinh.foundation.actions.public import Actor
from dinh.foundation.notify.public import notify
from dinh.onestop.public import (
    access_dossier,
    book_visit,
    contact_of,
    offered_days,
    own_dossiers,
    plan_visits,
)

__all__ = ["load_visits"]


def load_visits(desks: Sequence[UUID], citizen_id: UUID, *, by: Actor, now: dt.datetime) -> int:
    """Open the desks for visits, book the first place at the first desk; return how many desks there are."""
    for desk_id in desks:
        plan_visits(
            desk_id,
            is_open=True,
            minutes=20,
            places=2,
            weekdays=[1, 2, 3, 4, 5],
            days_ahead=14,
            note="Ông/Bà mang theo thẻ căn cước và bản chính của giấy tờ.",
            by=by,
        )
    citizen = Actor(kind="citizen", name="", person_id=citizen_id)
    days = offered_days(desks[0], now=now) if desks else []
    if days:
        at = days[0].slots[0].at
        book_visit(desks[0], starts_at=at, wish="file", note="Hỏi về hồ sơ đất", by=citizen, now=now)
    for row in own_dossiers(citizen).rows:
        dossier = access_dossier(citizen, row.id)
        if dossier.code and dossier.due_at:
            contact = contact_of(dossier.id)
            told = {
                "code": contact.code,
                "dossier": contact.dossier_words,
                "due": contact.due,
                "link": contact.link,
                "follow": contact.follow,
            }
            notify(citizen_id, "dossier.accepted", told, about=dossier, now=dossier.accepted_at or now)
    return len(desks)

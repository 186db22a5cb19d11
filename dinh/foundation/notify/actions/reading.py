"""A person's own notices and what they want to receive."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.notify.models import Notice, Preference
from dinh.foundation.notify.permissions import CHANGE_OWN_PREFERENCES
from dinh.foundation.notify.queries import Wanted, notices_of
from dinh.foundation.notify.rules.catalogue import TOPICS
from dinh.kernel.errors import NotFound, existing

__all__ = ["change_preferences", "open_notice", "read_all_notices"]


def open_notice(notice_id: UUID, *, by: Actor, now: dt.datetime) -> Notice:
    """Return a notice of the person and note that they have seen it (no verb: nothing of anyone else
    changes). Raises ``NotFound``.
    """
    notice = existing(notices_of(by).filter(pk=notice_id).first())
    notices_of(by).filter(pk=notice_id, read_at=None).update(read_at=now)
    return notice


def read_all_notices(*, by: Actor, now: dt.datetime) -> int:
    """Note that the person has seen all their notices; return how many were new."""
    return notices_of(by).filter(read_at=None).update(read_at=now)


@action("notify.preferences_changed", permission=CHANGE_OWN_PREFERENCES)
def change_preferences(wanted: Mapping[str, Wanted], *, by: Actor) -> None:
    """Keep what the person wants outside the house, by topic; unknown topics are passed over."""
    if by.person_id is None:
        raise NotFound
    Preference.objects.bulk_create(
        [
            Preference(person_id=by.person_id, topic=topic, email=choice.email, sms=choice.sms)
            for topic, choice in wanted.items()
            if topic in TOPICS
        ],
        update_conflicts=True,
        unique_fields=["person", "topic"],
        update_fields=["email", "sms"],
    )

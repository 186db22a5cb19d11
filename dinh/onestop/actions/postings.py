"""Noting that a procedure hangs at a desk."""

import datetime as dt
from uuid import UUID

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.directory.public import get_unit
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.models import Posting, ProcedureVersion
from dinh.onestop.permissions import POST_UP
from dinh.onestop.queries.units import takes_in

__all__ = ["NotOfThisDesk", "PostedLater", "post_up"]


class NotOfThisDesk(Refused):
    message = N_("Cơ quan này không tiếp nhận thủ tục đó nên không niêm yết ở đây.")


class PostedLater(Refused):
    message = N_("Ngày niêm yết không được sau hôm nay. Hãy ghi ngày đã niêm yết.")


@action("procedure.posted_up", permission=POST_UP, label=N_("Ghi nhận niêm yết thủ tục"))
def post_up(
    desk_id: UUID, version: ProcedureVersion, *, posted_on: dt.date, by: Actor, now: dt.datetime
) -> Posting:
    """Note that a version hangs at a desk since a day; noted again, the day is corrected.

    Raises ``NotOfThisDesk``, ``PostedLater``, ``NotFound`` for a unit of no agency.
    """
    agency = get_unit(desk_id).agency
    if agency is None:
        raise NotFound
    if not takes_in(version.procedure, agency):
        raise NotOfThisDesk
    if posted_on > now.astimezone(VIETNAM).date():
        raise PostedLater(field="ngay")
    posting, _ = Posting.objects.update_or_create(
        agency=agency,
        version=version,
        defaults={"posted_on": posted_on, "noted_at": now, "noted_by": by.signed},
    )
    return posting

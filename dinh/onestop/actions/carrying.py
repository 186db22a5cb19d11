"""A draft goes over to the version that is in force now, at its owner's wish."""

import datetime as dt
from dataclasses import asdict

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.errors import N_
from dinh.onestop.actions.drafts import check_open
from dinh.onestop.models import Draft, ProcedureVersion
from dinh.onestop.permissions import EDIT_DRAFT
from dinh.onestop.rules.carrying import carry

__all__ = ["carry_over"]


@action(
    "draft.carried_over", permission=EDIT_DRAFT, on=Draft, label=N_("Chuyển hồ sơ đang điền sang mẫu mới")
)
def carry_over(draft: Draft, *, by: Actor, now: dt.datetime) -> Draft:
    """Take a draft to the version in force; what has no place there is set aside, and nothing is lost.

    Does nothing when the draft is of that version already. Raises ``AlreadySent``.
    """
    check_open(draft)
    current_id = draft.version.procedure.current_version_id
    if current_id is None or current_id == draft.version_id:
        return draft
    current = ProcedureVersion.objects.get(pk=current_id)
    carried = carry(draft.data, draft.version.parts.form, current.parts.form)
    draft.data = carried.answers
    draft.aside = [*draft.aside, *(asdict(one) for one in carried.aside)]
    draft.version = current
    draft.changed_at = now
    draft.save(update_fields=["data", "aside", "version", "changed_at"])
    return draft

"""Procedures and their versions: drafted, published."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Max

from dinh.foundation.actions.public import Actor, action, publish
from dinh.kernel.errors import N_, Refused
from dinh.kernel.text import search_text, sort_key
from dinh.onestop.events import ProcedurePublished
from dinh.onestop.models import Procedure, ProcedureVersion
from dinh.onestop.permissions import EDIT_PROCEDURE, PUBLISH_PROCEDURE
from dinh.onestop.queries.definitions import problems_of_definition
from dinh.onestop.queries.faults import directory_faults
from dinh.onestop.rules.definition import Definition, keep_order, read_definition

__all__ = [
    "AlreadyPublished",
    "DefinitionFaulty",
    "SecondPersonNeeded",
    "draft_version",
    "mirror",
    "publish_version",
]


class DefinitionFaulty(Refused):
    message = N_("Quy trình còn lỗi nên chưa công bố được: %(problems)s")


class SecondPersonNeeded(Refused):
    message = N_("Người công bố phải khác người soạn. Hãy chuyển cho người có thẩm quyền công bố.")


class AlreadyPublished(Refused):
    message = N_("Phiên bản này đã công bố nên không sửa được. Hãy tạo phiên bản mới.")


@action("procedure.drafted", permission=EDIT_PROCEDURE)
def draft_version(definition: Mapping[str, Any], *, by: Actor, now: dt.datetime) -> ProcedureVersion:
    """Keep a new draft version of the procedure that the definition's code names.

    Raises ``DefinitionUnreadable`` when the data do not have a definition's shape.
    """
    parts = read_definition(definition)
    procedure, _ = Procedure.objects.select_for_update().get_or_create(
        code=parts.code, defaults=mirror(parts)
    )
    newest = ProcedureVersion.objects.filter(procedure=procedure).aggregate(Max("number"))["number__max"]
    return ProcedureVersion.objects.create(
        procedure=procedure,
        number=(newest or 0) + 1,
        definition={**definition, "form": keep_order(parts.form)},
        created_at=now,
        created_by=by.account_id,
    )


@action("procedure.published", permission=PUBLISH_PROCEDURE, on=ProcedureVersion)
def publish_version(version: ProcedureVersion, *, by: Actor, now: dt.datetime) -> ProcedureVersion:
    """Put a version in force; it never changes again, and running dossiers keep theirs.

    Raises ``AlreadyPublished``, ``SecondPersonNeeded``, ``DefinitionFaulty`` with every fault.
    """
    if version.state == ProcedureVersion.State.PUBLISHED:
        raise AlreadyPublished
    if by.kind != "system" and by.account_id in _writers(version):
        raise SecondPersonNeeded
    problems = problems_of_definition(version.parts)
    if by.kind != "system":
        # What ships with the product is loaded by the system before a province has its directory.
        problems += [fault.sentence for fault in directory_faults(version.parts)]
    if problems:
        raise DefinitionFaulty(problems=" ".join(problems))
    version.state = ProcedureVersion.State.PUBLISHED
    version.published_at = now
    version.published_by = by.account_id
    version.save()
    Procedure.objects.filter(pk=version.procedure_id).update(current_version=version, **mirror(version.parts))
    publish(ProcedurePublished(procedure_id=version.procedure_id, version_id=version.id))
    return version


def _writers(version: ProcedureVersion) -> set[UUID | None]:
    """Whoever began the draft or changed it once."""
    return {version.created_by, *version.revisions.order_by().values_list("by_id", flat=True)}


def mirror(parts: Definition) -> dict[str, Any]:
    """The columns of a procedure that say what its version says, for search and lists."""
    words = " ".join([parts.code, parts.name, parts.short_name, parts.field.name, *parts.keywords])
    return {
        "name": parts.name,
        "short_name": parts.short_name,
        "summary": parts.summary,
        "level": parts.level,
        "agency_kind": parts.agency.kind,
        "agency_abbreviation": parts.agency.abbreviation,
        "reception_kind": parts.reception.kind if parts.reception else "",
        "reception_abbreviation": parts.reception.abbreviation if parts.reception else "",
        "field_code": parts.field.code,
        "field_name": parts.field.name,
        "audience": list(parts.audience),
        "life_events": list(parts.life_events),
        "service_class": parts.service_class,
        "search_text": search_text(words + " " + " ".join(parts.life_events)),
        "sort_key": sort_key(parts.name),
    }

"""Procedures for those who write and publish them: versions, what they say, drafts, publishing."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import role_names
from dinh.foundation.ui.public import layout
from dinh.kernel.errors import N_, Refused
from dinh.onestop.public import (
    EDIT_PROCEDURE,
    PROCEDURE_LEVELS,
    PUBLISH_PROCEDURE,
    STEP_KINDS,
    access_version,
    draft_version,
    faults_of,
    fee_notes,
    procedure_lines,
    publish_version,
    versions_of,
)
from dinh.workspace.forms import read_definition_file
from dinh.workspace.rules import FlowStep, draw_flow
from dinh.workspace.views.dossiers import status_of, str_of

if TYPE_CHECKING:
    from dinh.onestop.models import ProcedureVersion

__all__ = [
    "UNIT_RULES",
    "flow_steps",
    "procedure_list",
    "publish_draft",
    "upload_draft",
    "version_page",
]

UNIT_RULES = {
    "reception": N_("Nơi tiếp nhận"),
    "agency": N_("Cơ quan giải quyết"),
    "inside": N_("Đơn vị %(abbreviation)s của cơ quan"),
    "field": N_("Đơn vị ghi trong tờ khai"),
    "province": N_("%(abbreviation)s của tỉnh"),
}
LIMIT_UNITS = {
    "working_days": N_("%(amount)s ngày làm việc"),
    "calendar_days": N_("%(amount)s ngày"),
    "hours": N_("%(amount)s giờ làm việc"),
    "same_day": N_("Trong ngày"),
}


@route(who="official")
def procedure_list(request: Request) -> HttpResponse:
    """Every procedure with its version in force and its newest draft."""
    return _list(request)


def _list(request: Request, *, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    return render(
        request,
        "workspace/procedures.html",
        {
            "q": words,
            "rows": [
                {
                    "address": _address(line.version_id),
                    "code": line.code,
                    "name": line.name,
                    "field": line.field,
                    "level": _(PROCEDURE_LEVELS.get(line.level, line.level)),
                    "in_force": line.in_force,
                    "draft": line.draft,
                }
                for line in procedure_lines(request.by, words)
            ],
            "may_edit": EDIT_PROCEDURE.may(request.by, None),
            "error": str_of(refused),
        },
        status=status,
    )


def _address(version_id: UUID) -> str:
    return reverse("workspace:procedure", kwargs={"version_id": version_id})


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def upload_draft(request: Request) -> HttpResponse:
    """Keep an uploaded definition as a draft; its faults show on its page."""
    try:
        definition = read_definition_file(request.FILES.get("definition"))
        version = draft_version(definition, by=request.by, now=timezone.now())
    except Refused as refused:
        return _list(request, refused=refused, status=422)
    messages.success(request, _("Đã lưu bản thảo số %(number)s.") % {"number": version.number})
    return redirect("workspace:procedure", version_id=version.pk)


@route(who="official")
def version_page(request: Request, version_id: UUID) -> HttpResponse:
    """One version: the way, the papers, the fees, the form, and what is wrong with it."""
    return _show(request, version_id)


@require_POST
@route(who="official", permission=PUBLISH_PROCEDURE)
def publish_draft(request: Request, version_id: UUID) -> HttpResponse:
    """Put a draft in force, as another person than its writer."""
    version = access_version(request.by, version_id)
    try:
        publish_version(version, by=request.by, now=timezone.now())
    except Refused as refused:
        return _show(request, version_id, refused=refused, status=status_of(refused))
    messages.success(request, _("Đã công bố. Hồ sơ mới theo phiên bản này; hồ sơ cũ giữ phiên bản cũ."))
    return redirect("workspace:procedure", version_id=version_id)


def _show(
    request: Request, version_id: UUID, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    version = access_version(request.by, version_id)
    definition = version.parts
    lines = versions_of(request.by, version.procedure_id)
    here = next(line for line in lines if line.id == version.pk)
    problems = [] if here.is_published else [fault.sentence for fault in faults_of(definition)]
    limit = definition.time_limit
    return render(
        request,
        "workspace/procedure.html",
        {
            "definition": definition,
            "fee_notes": {fee.key: "; ".join(n.said(_) for n in fee_notes(fee)) for fee in definition.fees},
            "limit": _(LIMIT_UNITS[limit.unit]) % {"amount": limit.amount},
            "level": _(PROCEDURE_LEVELS.get(definition.level, definition.level)),
            "line": here,
            "versions": [{"line": line, "address": _address(line.id)} for line in lines],
            "problems": problems,
            "may_publish": not here.is_published
            and not here.is_own
            and not problems
            and PUBLISH_PROCEDURE.may(request.by, version),
            "may_edit": EDIT_PROCEDURE.may(request.by, version),
            "error": str_of(refused),
            "steps": _steps(version),
            "flow": draw_flow(flow_steps(version)),
            # A broken form is named among the problems; it has no preview.
            "form": None if problems else layout(definition.form, {}, [], choices=_Choices(communes=[])),
        },
        status=status,
    )


class _Choices(dict[str, list[tuple[str, str]]]):
    """Lists that a preview does not fill: each is empty."""

    def __missing__(self, name: str) -> list[tuple[str, str]]:
        return []


def _steps(version: "ProcedureVersion") -> list[dict[str, Any]]:
    names = {step.key: step.name for step in version.parts.steps}
    roles = role_names()
    return [
        {
            "name": step.name,
            "kind": _(STEP_KINDS.get(step.kind, step.kind)),
            "where": _(UNIT_RULES[step.unit.where]) % {"abbreviation": step.unit.abbreviation},
            "role": roles.get(step.role, step.role),
            "hours": f"{step.hours:g}",
            "outcomes": [
                {
                    "label": outcome.label,
                    "to": ", ".join(names.get(key, key) for key in outcome.to),
                    "back": outcome.back,
                    "conditional": outcome.when is not None,
                }
                for outcome in step.outcomes
            ],
        }
        for step in version.parts.steps
    ]


def flow_steps(version: "ProcedureVersion") -> list[FlowStep]:
    """The steps of a version as its diagram draws them."""
    return [
        FlowStep(
            key=step.key,
            name=step.name,
            note=_("%(kind)s · %(hours)s giờ")
            % {"kind": _(STEP_KINDS.get(step.kind, step.kind)), "hours": f"{step.hours:g}"},
            ways=tuple((to, way.label, way.back) for way in step.outcomes for to in way.to),
        )
        for step in version.parts.steps
    ]

"""What all screens of the workshop share: the draft, its tabs with their faults, one way to edit a part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request
from dinh.foundation.ui.public import FieldError, layout, parse, press_row_button, validate
from dinh.kernel.errors import N_, Refused
from dinh.onestop.public import ChangedMeanwhile, access_draft_version, faults_of, revisions_of
from dinh.workspace.views.dossiers import status_of, str_of
from dinh.workspace.views.workshop.conditions import JOINED

if TYPE_CHECKING:
    from dinh.onestop.models import ProcedureVersion

__all__ = ["Editor", "edit", "here_of", "open_draft", "press", "seen_of", "show_part", "with_own"]

Choices = Mapping[str, Sequence[tuple[Any, str]]]

TABS = (
    ("", "workshop", N_("Tổng quan")),
    ("general", "workshop-general", N_("Thông tin")),
    ("form", "workshop-form", N_("Tờ khai")),
    ("documents", "workshop-documents", N_("Giấy tờ")),
    ("fees", "workshop-fees", N_("Phí, lệ phí")),
    ("steps", "workshop-steps", N_("Quy trình")),
    ("result", "workshop-result", N_("Kết quả")),
    ("history", "workshop-history", N_("Lịch sử sửa")),
)


@dataclass(frozen=True, kw_only=True)
class Editor:
    """One form of the workshop, itself a form as data.

    ``check(data)`` returns what the form's own rules cannot say; ``write(data, seen)`` calls the verb.
    ``notes`` are sentences beside single inputs, by their name; ``folded`` inputs that few need: they stand
    folded at the end, open where one is set or wrong.
    """

    title: str
    form: Mapping[str, Any]
    values: Mapping[str, Any]
    write: Callable[[dict[str, Any], int], object]
    back: str
    part: str
    lead: str = ""
    saved: str = ""
    choices: Choices = field(default_factory=dict)
    check: Callable[[dict[str, Any]], list[FieldError]] = lambda data: []
    notes: Mapping[str, str] = field(default_factory=dict)
    folded: frozenset[str] = frozenset()
    more: Mapping[str, Any] = field(default_factory=dict)
    template: str = "workspace/workshop/edit.html"


def with_own(options: Sequence[Mapping[str, Any]], *own: str) -> list[Mapping[str, Any]]:
    """Return a list's options with what is set and not among them, so that saving the screen keeps it."""
    known = {one["const"] for one in options}
    return [
        *options,
        *({"const": one, "title": one} for one in dict.fromkeys(own) if one and one not in known),
    ]


def here_of(name: str, version: "ProcedureVersion", **more: object) -> str:
    """The address of one of the workshop's screens for a draft."""
    return reverse(f"workspace:{name}", kwargs={"version_id": version.pk, **more})


def open_draft(request: Request, version_id: UUID) -> "ProcedureVersion":
    """Return the draft. Raises ``NotAllowed``, ``NotFound``; what is published is looked at elsewhere."""
    return access_draft_version(request.by, version_id)


def seen_of(request: Request) -> int:
    """The revision that the sender of a form had before them; 0 when the form does not say."""
    sent = request.POST.get("ban", "")
    return int(sent) if sent.isdigit() and len(sent) < 9 else 0


def show_part(
    request: Request,
    version: "ProcedureVersion",
    template: str,
    part: str,
    values: Mapping[str, Any],
    *,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a screen of the workshop under its tabs, with the faults of its part."""
    if version.state == "published":
        return redirect("workspace:procedure", version_id=version.pk)
    faults = faults_of(version.parts)
    counts = {name: sum(fault.part == name for fault in faults) for name, _route, _label in TABS}
    tabs = [
        {
            "label": _(label),
            "address": here_of(route, version),
            "active": name == part,
            "count": counts[name] or None,
        }
        for name, route, label in TABS
    ]
    return render(
        request,
        f"workspace/workshop/{template}",
        {
            "version": version,
            "definition": version.parts,
            "tabs": tabs,
            "faults": [fault for fault in faults if not part or fault.part == part],
            "faults_at": _by_place(faults),
            "all_faults": faults,
            "error": str_of(refused),
            "undo": here_of("workshop-undo", version),
            **values,
        },
        status=status,
    )


def _by_place(faults: Sequence[Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.place, []).append(fault.sentence)
    return found


def edit(request: Request, version: "ProcedureVersion", editor: Editor) -> HttpResponse:
    """Show an editor and take what it sends: rows added or removed, faults at their place, then the verb.

    What was typed stays, whatever is wrong. Somebody who saves second sees what was changed meanwhile.
    """
    if request.method != "POST":
        return _draw(request, version, editor, editor.values)
    data = parse(editor.form, request.POST)
    more = press_row_button(editor.form, request.POST, data)
    if more is not None:
        return _draw(request, version, editor, more, seen=seen_of(request))
    if request.POST.get("viec") == "ve-lai":
        return _draw(request, version, editor, data, seen=seen_of(request))
    errors = validate(editor.form, data, choices=editor.choices) or editor.check(data)
    if errors:
        return _draw(request, version, editor, data, errors=errors, seen=seen_of(request), status=422)
    try:
        editor.write(data, seen_of(request))
    except Refused as refused:
        version = open_draft(request, version.pk)
        return _draw(
            request,
            version,
            editor,
            data,
            refused=refused,
            meanwhile=revisions_of(version, after=seen_of(request))
            if isinstance(refused, ChangedMeanwhile)
            else (),
            status=status_of(refused),
        )
    messages.success(request, editor.saved or _("Đã lưu."))
    return redirect(editor.back)


def _draw(
    request: Request,
    version: "ProcedureVersion",
    editor: Editor,
    data: Mapping[str, Any],
    *,
    errors: Sequence[FieldError] = (),
    refused: Refused | None = None,
    meanwhile: Sequence[Any] = (),
    seen: int = 0,
    status: int = 200,
) -> HttpResponse:
    view = layout(editor.form, data, errors, choices=editor.choices, notes=editor.notes)
    folded = [node for node in view.nodes if node.name in editor.folded]
    used = editor.folded & {path.partition(".")[0] for path in [*data, *(error.path for error in errors)]}
    values = {
        "editor": editor,
        "view": replace(view, nodes=tuple(node for node in view.nodes if node not in folded)),
        "folded": replace(view, nodes=tuple(folded)) if folded else None,
        "is_unfolded": any(not name.endswith(JOINED) for name in used),
        "errors": errors,
        "meanwhile": meanwhile,
        "seen": seen or version.revision,
        **editor.more,
    }
    template = editor.template.removeprefix("workspace/workshop/")
    return show_part(request, version, template, editor.part, values, refused=refused, status=status)


def press(
    request: Request, version: "ProcedureVersion", verb: Callable[[int], object], back: str
) -> HttpResponse:
    """Do what a single button asks, and go back to the list; a refusal is said on top of it."""
    try:
        verb(seen_of(request))
    except Refused as refused:
        messages.error(request, str_of(refused))
    return redirect(back)

"""The screen of those who keep watch: the audit log, searched, read, and taken out as a file."""

import csv
from collections.abc import Iterator
from io import StringIO
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.forms import LogForm
from dinh.foundation.actions.permissions import READ_AUDIT
from dinh.foundation.actions.public import (
    HistoryEntry,
    Request,
    all_verbs,
    find_entry,
    log_page,
    note_export,
    route,
    seal_of,
    stream_log,
)
from dinh.foundation.ui.public import format_date
from dinh.kernel.worktime import VIETNAM

__all__ = ["entry", "export", "log"]


@route(who="official", permission=READ_AUDIT)
def log(request: Request) -> HttpResponse:
    """Show a page of the log, newest first."""
    form = LogForm(request.GET)
    wanted = form.wanted()
    page = log_page(request.by, wanted, before=form.before(), after=form.after())
    kept = {name: request.GET[name] for name in ("q", "viec", "muc", "tu", "den") if request.GET.get(name)}
    return render(
        request,
        "actions/log.html",
        {
            "entries": [
                {
                    "entry": entry,
                    "label": verb_label(entry.verb),
                    "address": reverse("actions:entry", args=[entry.id]),
                }
                for entry in page.entries
            ],
            "older": "?" + urlencode({**kept, "truoc": page.older}) if page.older else "",
            "newer": "?" + urlencode({**kept, "sau": page.newer}) if page.newer else "",
            "wanted": wanted,
            "errors": {name: str(errors[0]) for name, errors in form.errors.items()},
            "typed": {name: request.GET.get(name, "") for name in ("q", "viec", "muc", "tu", "den")},
            "verbs": sorted(((name, verb_label(name)) for name in all_verbs()), key=lambda pair: pair[1]),
            "chips": _chips(kept),
            "kept": kept,
        },
    )


@route(who="official", permission=READ_AUDIT)
def entry(request: Request, number: int) -> HttpResponse:
    """Show one entry: who, what, each changed field, and the seal that covers it."""
    found = find_entry(request.by, number)
    return render(
        request,
        "actions/entry.html",
        {"entry": found, "label": verb_label(found.verb), "seal": seal_of(found.id)},
    )


@require_POST
@route(who="official", permission=READ_AUDIT)
def export(request: Request) -> StreamingHttpResponse:
    """Send what is looked for as a CSV file, row by row; that it was taken is noted in the log first."""
    wanted = LogForm(request.POST).wanted()
    note_export(by=request.by)
    response = StreamingHttpResponse(
        _csv(stream_log(request.by, wanted)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="nhat-ky.csv"'
    return response


def verb_label(verb: str) -> str:
    """The verb's word; the code itself for one that no room declares any more."""
    declared = all_verbs().get(verb)
    return _(declared.label) if declared else verb


def _chips(kept: dict[str, str]) -> list[tuple[str, str]]:
    words = {
        "q": _("Người: %s"),
        "viec": _("Việc: %s"),
        "muc": _("Đối tượng: %s"),
        "tu": _("Từ ngày %s"),
        "den": _("Đến ngày %s"),
    }
    chips = []
    for name, value in kept.items():
        rest = {other: kept[other] for other in kept if other != name}
        shown = verb_label(value) if name == "viec" else value
        chips.append((words[name] % shown, "?" + urlencode(rest)))
    return chips


def _csv(entries: Iterator[HistoryEntry]) -> Iterator[str]:
    """Yield a CSV file in pieces, with a mark at its beginning by which spreadsheets know UTF-8."""
    yield "\ufeff" + _line(
        [
            _("Số"),
            _("Ngày"),
            _("Giờ"),
            _("Việc"),
            _("Mã việc"),
            _("Người thực hiện"),
            _("Chức vụ"),
            _("Thay mặt"),
            _("Đối tượng"),
            _("Mã đối tượng"),
            _("Mã yêu cầu"),
            _("Thay đổi"),
        ]
    )
    for entry in entries:
        at = entry.at.astimezone(VIETNAM)
        changes = "; ".join(f"{change.label}: {change.old} → {change.new}" for change in entry.changes)
        yield _line(
            [
                str(entry.id),
                format_date(at),
                at.strftime("%H:%M:%S"),
                verb_label(entry.verb),
                entry.verb,
                entry.by,
                entry.position,
                entry.on_behalf_of,
                entry.subject,
                entry.subject_id,
                entry.request_id,
                changes,
            ]
        )


def _line(values: list[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow([_harmless(value) for value in values])
    return out.getvalue()


def _harmless(value: str) -> str:
    """A spreadsheet must not take what somebody typed for a formula."""
    return "'" + value if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value

"""What all screens of the portal share: the page around them, and sentences of refusals."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request
from dinh.foundation.files.public import FileCard, Held, describe, get_file
from dinh.foundation.signing.public import upload_words
from dinh.foundation.ui.public import DUE_KINDS
from dinh.kernel.clocks import ClockReading, ClockState
from dinh.kernel.errors import Refused
from dinh.portal.access import citizen_nav
from dinh.portal.views.meta import PageMeta, dublin_core, page_links

__all__ = [
    "Errors",
    "PageOfRows",
    "clock_values",
    "code_in",
    "file_values",
    "held_values",
    "notes_on",
    "page_of_rows",
    "plain_text",
    "said_of",
    "sentence",
    "show",
    "with_values",
]


def show(request: Request, template: str, values: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page of the portal under the citizens' navigation, whoever reads it.

    ``values["meta"]`` (a ``PageMeta``) is what the page says of itself beyond what every page says.
    """
    request.nav = citizen_nav(request.path)  # type: ignore[attr-defined] # read by the page's context
    meta = values.get("meta") or PageMeta()
    about = {"meta": meta, "page_links": page_links(request, meta), "dublin_core": dublin_core}
    return render(request, f"portal/{template}", {**values, **about}, status=status)


def plain_text(text: str | None, *, most: int) -> str:
    """What a person typed: composed, without characters that nobody types on purpose, cut at ``most``."""
    kept = (letter for letter in (text or "")[: 2 * most] if letter == "\n" or letter.isprintable())
    return unicodedata.normalize("NFC", "".join(kept)).strip()[:most]


# A dossier's code, and the codes of requests and reports: where their dashes belong.
_CODES = (
    re.compile(r"([0-9.]*[A-Z]\d\d(?:\.\d\d){0,3})-?(\d{6})-?(\d{4})"),
    re.compile(r"(YC|BC)-?([A-Z0-9]{5})-?([A-Z0-9]{5})"),
)


def code_in(text: str | None) -> str:
    """A code as people copy it: spaces, case, and dashes left out or typed long do not matter."""
    typed = plain_text("".join((text or "")[:200].split()), most=40).upper().replace("–", "-")
    for pattern in _CODES:
        if found := pattern.fullmatch(typed):
            return "-".join(found.groups())
    return typed


def sentence(refused: Refused) -> str:
    """The sentence of a refusal in the reader's language, its parts too."""
    params = {
        key: _(part) if isinstance(part, str) and part else part for key, part in refused.params.items()
    }
    return _(refused.message) % params if params else _(refused.message)


def with_values(address: str, values: Mapping[str, str]) -> str:
    """Return an address with those of the values that are given as its query."""
    kept = {name: value for name, value in values.items() if value}
    return f"{address}?{urlencode(kept)}" if kept else address


def notes_on(card: FileCard, *, report: Any = None, reused_from: str = "") -> list[tuple[str, str]]:
    """What is said at an upload, ``(tone, sentence)``: where it came from, what to look at, who signed it.

    A "warn" stops nobody: the person may have no better copy, and the desk decides.
    """
    notes = [("good", _("Dùng lại từ hồ sơ %(code)s.") % {"code": reused_from})] if reused_from else []
    notes += [("warn", _(text) % values) for text, values in card.hints]
    if report is not None:
        notes.append(("good" if report.verdict == "valid" else "warn", upload_words(report)))
    return notes


def file_values(
    card: FileCard, *, address: str, remove: str, report: Any = None, reused_from: str = ""
) -> dict[str, Any]:
    """What ``ui.file_item`` shows of an upload: its name, what to look at again, who signed it."""
    notes = notes_on(card, report=report, reused_from=reused_from)
    return {"name": card.name, "size": card.size, "address": address, "remove": remove, "notes": notes}


def held_values(one: Held) -> dict[str, Any]:
    """The same of an upload that the form carries until it is sent whole."""
    values = file_values(describe(get_file(one.file_id)), address="", remove=one.token)
    return {**values, "kept": one.token}


def clock_values(reading: ClockReading) -> dict[str, Any]:
    """What ``ui.due`` shows of a dossier's clock; ``at`` is None while nobody can know it."""
    is_open = reading.state != ClockState.STOPPED
    remaining = reading.remaining if not reading.overrun else -reading.overrun
    return {
        "at": reading.due_at,
        "remaining": remaining if is_open and reading.unit != "calendar_days" else None,
        "kind": "waiting" if reading.state == ClockState.PAUSED else DUE_KINDS[reading.timeliness],
        "word": _(reading.timeliness.label) if reading.state != ClockState.PAUSED else _("Tạm dừng"),
        "lines": [line.text.said(_) for line in reading.explanation],
    }


class Errors(dict[str, str]):
    """Sentences by field for a form's template; a field without one has none."""

    def __missing__(self, field: str) -> str:
        return ""


def said_of(refusals: Mapping[str, Refused]) -> Errors:
    """What a form refused, in the reader's language, by field."""
    return Errors({field: sentence(refused) for field, refused in refusals.items()})


@dataclass(frozen=True, slots=True)
class PageOfRows:
    """One page of a list; ``older`` and ``newer`` are the addresses of its neighbours, or empty."""

    rows: list[Any]
    older: str
    newer: str


def page_of_rows(found: Any, request: Request, *, size: int = 20) -> PageOfRows:
    """Return the page of a queryset that the address asks for (``trang``), with the addresses around it."""
    asked = request.GET.get("trang", "")
    page = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    rows = list(found[(page - 1) * size : page * size + 1])
    return PageOfRows(
        rows[:size],
        _page_address(request, page + 1) if len(rows) > size else "",
        _page_address(request, page - 1) if page > 1 else "",
    )


def _page_address(request: Request, page: int) -> str:
    asked = request.GET.copy()
    asked["trang"] = str(page)
    return f"?{asked.urlencode()}"

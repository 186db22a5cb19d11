"""The English catalogue: gathered from the code, checked, compiled. Vietnamese sentences are the keys.

Pages are Vietnamese by themselves; a sentence without an English one is shown in Vietnamese.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

__all__ = ["compile_catalogue", "gather", "problems", "update"]

# How a sentence is marked: the mark, and which of its arguments are the sentence.
_KEYWORDS = {
    "_": None,
    "N_": None,
    "say": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def gather() -> Catalog:
    """Return every marked sentence of the code, with the files in which it stands."""
    with (settings.ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalogue = Catalog(charset="utf-8", fuzzy=False)
    found = extract_from_dir(settings.ROOT, methods, options, _KEYWORDS, comment_tags=("Translators:",))
    for filename, _, sentence, comments, context in sorted(found, key=lambda row: (row[0], row[1])):
        if _has_text(sentence):
            catalogue.add(sentence, None, [(filename, 0)], auto_comments=comments, context=context)
    return catalogue


def update() -> int:
    """Bring the English catalogue up to date; return how many sentences still want English words."""
    english = _read()
    english.update(gather(), no_fuzzy_matching=True)
    english.obsolete.clear()
    path = _source()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, english, width=110, sort_output=True, include_lineno=False, omit_header=True)
    return sum(not _is_translated(message) for message in english if message.id)


def problems() -> Iterator[str]:
    """Say what is missing or wrong in the English catalogue, sentence by sentence."""
    english, code = _read(), gather()
    for message in code:
        if not message.id:
            continue
        own = english.get(message.id, message.context)
        if own is None:
            yield f"not gathered: {_first(message)}"
        elif not _is_translated(own):
            yield f"no English: {_first(message)}"
        else:
            yield from (f"{error}: {_first(message)}" for error in own.check(english))
    for message in english:
        if message.id and code.get(message.id, message.context) is None:
            yield f"nowhere in the code: {_first(message)}"


def compile_catalogue() -> None:
    """Make the compiled catalogue, unless it is newer than its source. Safe beside other processes."""
    source, target = _source(), _source().with_suffix(".mo")
    if not source.exists() or (target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns):
        return
    draft = target.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, _read())
    draft.replace(target)


def _source() -> Path:
    return Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"


def _read() -> Catalog:
    if not _source().exists():
        return Catalog(locale="en", project="dinh", fuzzy=False, charset="utf-8")
    with _source().open("rb") as file:
        return read_po(file, locale="en")


def _has_text(sentence: str | tuple[str | None, ...] | None) -> bool:
    return bool(sentence if isinstance(sentence, str) else sentence and all(sentence))


def _is_translated(message: Message) -> bool:
    words = (message.string,) if isinstance(message.string, str) else message.string or ("",)
    return all(words) and not message.fuzzy


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])

"""Reads of the files: for the rooms they belong to, and for the jobs that keep the store in order."""

import contextlib
import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO
from uuid import UUID

import pypdfium2
from django.db import models

from dinh.foundation.files.adapters.stores import the_store
from dinh.foundation.files.models import File, StoreFault
from dinh.foundation.files.rules.kinds import kind_of_media_type
from dinh.foundation.files.rules.policies import size_in_words
from dinh.foundation.files.rules.quality import Hint, hints_in_words
from dinh.foundation.files.rules.refusals import ContentMissing
from dinh.kernel.errors import NotFound

__all__ = [
    "FileCard",
    "contents_to_check",
    "describe",
    "files_to_scan",
    "get_file",
    "is_bound",
    "known_contents",
    "open_content",
    "open_faults",
    "orphans",
    "pages_of",
    "quality_hints",
    "store_fault",
]

_IN_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file as plain values for a screen; labels and hints are sentences of the catalogue."""

    id: UUID
    name: str
    size: int
    size_in_words: str
    kind: str
    media_type: str
    sha256: str
    is_shown: bool
    scan_state: str
    scan_label: str
    hints: list[Hint]
    pages: int | None
    created_at: dt.datetime


def get_file(file_id: UUID) -> File:
    """Return a file by its id, for a room that has already found the thing it belongs to.

    Raises ``NotFound``.
    """
    try:
        return File.objects.get(pk=file_id)
    except File.DoesNotExist as error:
        raise NotFound from error


def describe(file: File) -> FileCard:
    """Return a file as plain values."""
    kind = kind_of_media_type(file.media_type)
    return FileCard(
        id=file.pk,
        name=file.name,
        size=file.size,
        size_in_words=size_in_words(file.size),
        kind=kind.label,
        media_type=file.media_type,
        sha256=file.sha256,
        is_shown=kind.is_shown,
        scan_state=file.scan_state,
        scan_label=File.Scan(file.scan_state).label,
        hints=quality_hints(file),
        pages=file.facts.get("pages"),
        created_at=file.created_at,
    )


def quality_hints(file: File) -> list[Hint]:
    """Return what a person should look at again before sending: blank, dark, blurred or small pages.

    Each hint is ``(sentence, what fills it)``; nothing is refused for it.
    """
    return hints_in_words(file.name, file.facts.get("hints", []))


def pages_of(file_id: UUID) -> int | None:
    """Return how many pages a PDF of this house has, counted in its content; None for what is not one."""
    with open_content(file_id) as stream:
        try:
            with pypdfium2.PdfDocument(stream.read()) as document:
                return len(document)
        except pypdfium2.PdfiumError:
            return None


@contextlib.contextmanager
def open_content(file_id: UUID) -> Iterator[IO[bytes]]:
    """Open a file's content for reading and seeking, checked against its hash; at most 4 MB in memory.

    Raises ``NotFound``, and ``ContentMissing`` when the store has lost or changed it.
    """
    file = get_file(file_id)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as content:
        digest = hashlib.sha256()
        try:
            for piece in the_store().read(file.sha256):
                digest.update(piece)
                content.write(piece)
        except OSError as error:
            raise ContentMissing(name=file.name) from error
        if digest.hexdigest() != file.sha256:
            raise ContentMissing(name=file.name)
        content.seek(0)
        yield content


def store_fault() -> str:
    """Return why the store does not answer, for the health page; empty when it does."""
    try:
        the_store().has("0" * 64, 0)
    except OSError as problem:
        return str(problem)
    return ""


def files_to_scan(limit: int) -> list[File]:
    """Return kept files on which no scanner has given a verdict, oldest first."""
    waiting = File.objects.filter(scan_state__in=[File.Scan.UNSCANNED, File.Scan.FAILED])
    return list(waiting.order_by("id")[:limit])


def orphans(before: dt.datetime) -> models.QuerySet[File]:
    """Return files given before that moment to which no row of any room refers, oldest first."""
    return _unbound(File.objects.filter(created_at__lt=before)).order_by("created_at")


def is_bound(file_id: UUID) -> bool:
    """Whether any row of any room refers to the file now."""
    return not _unbound(File.objects.filter(pk=file_id)).exists()


def _unbound(files: models.QuerySet[File]) -> models.QuerySet[File]:
    """Leave only files that no foreign key points at; rooms above are known by their tables, not by name."""
    for relation in File._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.related_model is None:
            continue
        pointing = relation.related_model._base_manager.filter(
            **{f"{relation.field.name}_id": models.OuterRef("pk")}
        )
        files = files.filter(~models.Exists(pointing))
    return files


def known_contents(names: Iterable[str]) -> set[str]:
    """Return those of the contents that some file has."""
    return set(File.objects.filter(sha256__in=list(names)).values_list("sha256", flat=True))


def contents_to_check(limit: int) -> list[str]:
    """Return contents not read again for the longest time, each once."""
    longest = File.objects.order_by(models.F("checked_at").asc(nulls_first=True))
    return list(dict.fromkeys(longest.values_list("sha256", flat=True)[: limit * 2]))[:limit]


def open_faults() -> list[StoreFault]:
    """Return the contents that are missing or changed now, the newest fault first."""
    return list(StoreFault.objects.filter(mended_at__isnull=True))

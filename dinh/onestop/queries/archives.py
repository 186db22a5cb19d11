"""All papers of one dossier together, for its applicant to keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from dinh.foundation.actions.public import Actor
from dinh.kernel.errors import N_, Refused
from dinh.onestop.models import DossierPart, Paper, Result, StepRun
from dinh.onestop.queries.dossiers import access_dossier
from dinh.onestop.queries.payments import held_back

if TYPE_CHECKING:
    from dinh.foundation.files.models import File

__all__ = ["MOST_BYTES", "MOST_FILES", "ArchiveTooLarge", "DossierArchive", "archive_of"]

MOST_FILES = 200
MOST_BYTES = 200 * 1024 * 1024


class ArchiveTooLarge(Refused):
    message = N_(
        "Hồ sơ có quá nhiều tệp hoặc tệp quá lớn để tải về cùng lúc (tối đa %(files)d tệp, %(megabytes)d MB)."
        " Hãy tải từng tệp."
    )


@dataclass(frozen=True, slots=True)
class DossierArchive:
    """The files of a dossier with the place of each in the archive: ``(name, file)``."""

    code: str
    files: Sequence[tuple[str, "File"]]


# data: names of folders that stay on the person's machine
_GIVEN, _ISSUED, _RESULT = "1 Giay to da nop", "2 Van ban cua co quan", "3 Ket qua"


def archive_of(by: Actor, dossier_id: UUID) -> DossierArchive:
    """Return what belongs into the archive of a visible dossier: papers given, papers issued, the result.

    Files that were found infected are left out. Raises ``NotFound``, ``ArchiveTooLarge``.
    """
    dossier = access_dossier(by, dossier_id)
    found: list[tuple[str, File]] = []
    for part in DossierPart.objects.filter(dossier=dossier, file__isnull=False).select_related("file"):
        if part.file is not None:
            found.append((_GIVEN, part.file))
    for paper in Paper.objects.filter(dossier=dossier, file__isnull=False).select_related("file"):
        if paper.file is not None:
            found.append((_ISSUED, paper.file))
    answering = [step.key for step in dossier.version.parts.steps if step.answers]
    answered = StepRun.objects.filter(dossier=dossier, key__in=answering, state="done")
    for run in answered.filter(opinion_file__isnull=False).select_related("opinion_file"):
        if run.opinion_file is not None:
            found.append((_ISSUED, run.opinion_file))
    for result in Result.objects.filter(
        ~held_back("dossier"), dossier=dossier, state="issued"
    ).select_related("file"):
        if result.file is not None:
            found.append((_RESULT, result.file))
            found += [
                (_RESULT, row.approved or row.file)
                for row in result.enclosures.select_related("file", "approved")
            ]
    kept = [(folder, file) for folder, file in found if file.scan_state != "infected"]
    if len(kept) > MOST_FILES or sum(file.size for _folder, file in kept) > MOST_BYTES:
        raise ArchiveTooLarge(files=MOST_FILES, megabytes=MOST_BYTES // 1024 // 1024)
    numbered = [(f"{folder}/{number:02d} {file.name}", file) for number, (folder, file) in enumerate(kept, 1)]
    return DossierArchive(str(dossier), numbered)

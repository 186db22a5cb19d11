"""The scan of a paper that was taken in on paper only, added by who handles the dossier."""

import datetime as dt
from uuid import UUID

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.files.public import get_file
from dinh.kernel.errors import N_
from dinh.onestop.actions.record import tell
from dinh.onestop.models import DossierPart, StepRun
from dinh.onestop.permissions import WORK_ON_STEP
from dinh.onestop.queries.result_drafts import PRINTABLE
from dinh.onestop.queries.scans import unscanned_parts
from dinh.onestop.rules.checks import NotThisKindOfStep, StepWaiting
from dinh.onestop.rules.scans import AlreadyScanned, ScanNotPrintable

__all__ = ["add_scan"]


@action("paper.scanned", permission=WORK_ON_STEP, on=StepRun, under="dossier",
        label=N_("Thêm bản quét của giấy tờ đã nhận"))  # fmt: skip
def add_scan(step: StepRun, *, part_id: UUID, file_id: UUID, by: Actor, now: dt.datetime) -> DossierPart:
    """Add the scan to a paper whose file a result needs; the paper stays the one that was handed in.

    Raises ``NotThisKindOfStep``, ``StepWaiting``, ``AlreadyScanned``, ``ScanNotPrintable``.
    """
    if step.state != "open" or step.kind != "handle":
        raise NotThisKindOfStep(step=step.name)
    if step.dossier.state == "supplement":
        raise StepWaiting
    part = next((one for one in unscanned_parts(step.dossier) if one.pk == part_id), None)
    if part is None:
        raise AlreadyScanned
    file = get_file(file_id)
    if file.media_type not in PRINTABLE:
        raise ScanNotPrintable(field=f"scan-{part.pk}")
    part.file_id = file.id
    part.save(update_fields=["file"])
    said = N_("Đã quét “%(paper)s” từ bản giấy đã nhận")
    tell(step.dossier, said, by=by, now=now, paper=part.document_name)
    return part

"""Signed files that got their time stamp and proofs: the extended file takes the place of the signed one."""

from uuid import UUID

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.errors import N_
from dinh.onestop.models import AgencyReport, Paper, Result, ResultEnclosure
from dinh.onestop.permissions import SYSTEM_ONLY

__all__ = ["take_preserved"]


def take_preserved(file_id: UUID, preserved_file_id: UUID, *, by: Actor) -> None:
    """Put the preserved file in the place of ``file_id``, wherever the one-stop shop holds it.

    It is the signed file with an incremental update behind it, so every signature stays as it was.
    """
    for result in Result.objects.filter(file_id=file_id):
        preserve_result(result, preserved_file_id=preserved_file_id, by=by)
    for paper in Paper.objects.filter(file_id=file_id):
        preserve_paper(paper, preserved_file_id=preserved_file_id, by=by)
    for report in AgencyReport.objects.filter(file_id=file_id):
        preserve_report(report, preserved_file_id=preserved_file_id, by=by)
    for copy in ResultEnclosure.objects.filter(approved_id=file_id):
        preserve_approved(copy, preserved_file_id=preserved_file_id, by=by)


@action("result.preserved", permission=SYSTEM_ONLY, on=Result)
def preserve_result(result: Result, *, preserved_file_id: UUID, by: Actor) -> Result:
    """Keep the result with its time stamp and proofs (PAdES B-LTA)."""
    result.file_id = preserved_file_id
    result.save(update_fields=["file"])
    return result


@action("paper.preserved", permission=SYSTEM_ONLY, on=Paper)
def preserve_paper(paper: Paper, *, preserved_file_id: UUID, by: Actor) -> Paper:
    """Keep the paper with its time stamp and proofs (PAdES B-LTA)."""
    paper.file_id = preserved_file_id
    paper.save(update_fields=["file"])
    return paper


@action("report.preserved", permission=SYSTEM_ONLY, on=AgencyReport)
def preserve_report(report: AgencyReport, *, preserved_file_id: UUID, by: Actor) -> AgencyReport:
    """Keep the report with its time stamp and proofs (PAdES B-LTA)."""
    report.file_id = preserved_file_id
    report.save(update_fields=["file"])
    return report


@action("result.copy_preserved", permission=SYSTEM_ONLY, on=ResultEnclosure,
        label=N_("Lưu giữ bản kèm theo đã đóng dấu"))  # fmt: skip
def preserve_approved(copy: ResultEnclosure, *, preserved_file_id: UUID, by: Actor) -> ResultEnclosure:
    """Keep the approved copy with its time stamp and proofs (PAdES B-LTA)."""
    copy.approved_id = preserved_file_id
    copy.save(update_fields=["approved"])
    return copy

"""Papers of the dossier that go with its result: bound to the draft, handed out as approved copies.

The applicant's file stays as it was given; its SHA-256 stands on the paper that a person signs. When the
result has its number, a copy of each is made that bears the number on every page and the agency's signature.
"""

import datetime as dt

from dinh.foundation.actions.public import Actor
from dinh.foundation.files.public import check_stampable, open_content, stamped, store_bytes
from dinh.foundation.signing.public import preserve_file
from dinh.foundation.ui.public import render_pdf
from dinh.kernel.errors import N_, Refused
from dinh.onestop.actions.signatures import seal_copy, seal_picture
from dinh.onestop.models import Dossier, Result, ResultEnclosure
from dinh.onestop.queries.definitions import TEMPLATES
from dinh.onestop.queries.results import bound_parts, picture_svg
from dinh.onestop.rules.definition import ResultTemplate
from dinh.onestop.rules.results import EnclosureChanged

__all__ = ["EnclosedFromDossier", "approve_copies", "bind_documents", "check_bound"]


class EnclosedFromDossier(Refused):
    message = N_(
        "“%(name)s” lấy từ giấy tờ người nộp đã gửi, không đính kèm tệp khác. Cần bản khác thì yêu cầu người"
        " nộp bổ sung."
    )


def bind_documents(
    result: Result, template: ResultTemplate, dossier: Dossier, *, by: Actor, now: dt.datetime
) -> None:
    """Bind the files that the dossier holds now, in place of those bound before.

    A document of which the dossier holds no file (given on paper) keeps what an official attached. Raises
    ``NotStampable`` for a file of which no approved copy could be made.
    """
    for bound in template.encloses:
        parts = bound_parts(dossier, bound.document) if bound.document else []
        if not parts:
            continue
        kept = ResultEnclosure.objects.filter(result=result, document=bound.document)
        given = {part.file.pk for part in parts}
        if given == set(kept.values_list("file_id", flat=True)):
            continue
        kept.delete()
        for number, part in enumerate(parts, start=1):
            with open_content(part.file.pk) as stream:
                check_stampable(stream.read(), name=part.file.name)
            several = f" ({number}/{len(parts)})" if len(parts) > 1 else ""
            ResultEnclosure.objects.create(
                result=result,
                key=bound.key if number == 1 else f"{bound.key}-{number}",
                name=f"{bound.name}{several}",
                sha256=part.file.sha256,
                file=part.file,
                document=bound.document,
                added_at=now,
                added_by=by.name,
            )


def check_bound(result: Result, template: ResultTemplate, dossier: Dossier) -> None:
    """What is signed names the files that the dossier holds now. Raises ``EnclosureChanged``."""
    for bound in template.encloses:
        parts = bound_parts(dossier, bound.document) if bound.document else []
        rows = ResultEnclosure.objects.filter(result=result, document=bound.document)
        if parts and {part.file.pk for part in parts} != set(rows.values_list("file_id", flat=True)):
            raise EnclosureChanged(name=bound.name)


def approve_copies(result: Result, template: ResultTemplate, *, by: Actor, now: dt.datetime) -> None:
    """Make the approved copy of every paper that was taken from the dossier; ``result`` has its number."""
    rows = ResultEnclosure.objects.filter(result=result).exclude(document="").select_related("file")
    if not rows:
        return
    agency = result.dossier.agency
    assert result.issued_on is not None
    stamp = render_pdf(
        TEMPLATES / "stamp.typ",
        {
            "title": template.name,
            "number": result.number,
            "day": f"{result.issued_on:%d/%m/%Y}",
            "agency": agency.name,
            "seal": picture_svg(seal_picture(agency, now=now), "image/png"),
        },
    )
    for row in rows:
        with open_content(row.file_id) as stream:
            copy = stamped(stream.read(), stamp, name=row.file.name)
        reason = f"Kèm theo {template.name} số {result.number}"  # data: papers are Vietnamese
        sealed = seal_copy(copy, agency=agency, reason=reason, by=by, now=now)
        name = f"{row.name} kèm theo {result.number.replace('/', '-')}.pdf"  # data: papers are Vietnamese
        row.approved = store_bytes(sealed, name=name, by=by)
        row.save(update_fields=["approved"])
        preserve_file(row.approved.id, by=by)

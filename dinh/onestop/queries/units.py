"""Units that procedures name by rule: a division of an agency, its desk, a unit of the province."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from dinh.foundation.directory.public import agencies, children
from dinh.kernel.errors import N_, Refused

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit
    from dinh.onestop.models import Procedure

__all__ = ["NoDesk", "competent_agencies", "desk_of", "province_unit", "takes_in"]


class NoDesk(Refused):
    message = N_(
        "Cơ quan này chưa có Bộ phận Tiếp nhận và Trả kết quả nên chưa nhận được hồ sơ."
        " Hãy chọn cơ quan khác hoặc liên hệ quản trị."
    )


def desk_of(agency_id: UUID) -> "Unit":
    """Return the agency's one-stop desk. Raises ``NoDesk``."""
    desk = children(agency_id).filter(kind="one_stop_desk").first()
    if desk is None:
        raise NoDesk
    return desk


def province_unit(abbreviation: str) -> "Unit | None":
    """Return the province's agency of that abbreviation, or None."""
    return agencies(level="province").filter(abbreviation=abbreviation).first()


def takes_in(procedure: "Procedure", agency: "Unit") -> bool:
    """Whether the agency is one of those competent for the procedure."""
    if agency.kind != procedure.agency_kind:
        return False
    return procedure.agency_abbreviation in ("", agency.abbreviation)


def competent_agencies(procedure: "Procedure") -> "QuerySet[Unit]":
    """Return the agencies that take in dossiers of a procedure, in the order of the directory."""
    found = agencies().filter(kind=procedure.agency_kind)
    if procedure.agency_abbreviation:
        found = found.filter(abbreviation=procedure.agency_abbreviation)
    return found

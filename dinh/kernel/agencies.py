"""Electronic identifiers of agencies in both legal forms, and the dossier codes built on them."""

import datetime as dt
import re
from dataclasses import dataclass

from dinh.kernel.errors import N_, Refused

__all__ = [
    "AgencyCodeWrong",
    "DossierCode",
    "DossierCodeWrong",
    "check_agency_code",
    "format_dossier_code",
    "governing_code",
    "is_agency_code",
    "is_old_code",
    "is_organisation_code",
    "level_of",
    "level_one_code",
    "parse_dossier_code",
    "to_current_form",
    "to_old_form",
]

# QĐ 20/2020/QĐ-TTg Art. 4: groups by level from left to right, at most 35 characters.
_CURRENT = re.compile(r"[A-Y][0-9]{2}(?:\.[0-9A-Z]+)*")
_CURRENT_LENGTH = 35
# QĐ 20/2020/QĐ-TTg Art. 6: other organisations, a scheme and its own code.
_ORGANISATION = re.compile(r"Z[0-9]{2}[0-9A-Z.]{1,32}")
# QCVN 102:2016/BTTTT: V1V2V3.Z1Z2.Y1Y2.MX1X2, levels from right to left, 13 characters.
_OLD = re.compile(r"[0-9A-Z]{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-Y][0-9]{2}")
# TT 01/2018/TT-VPCP Art. 19: agency, date of receipt, ordinal of the day in four digits.
_DOSSIER = re.compile(r"(?P<agency>[0-9A-Z.]+)-(?P<date>[0-9]{6})-(?P<ordinal>[0-9]{4,7})")


class AgencyCodeWrong(Refused):
    message = N_(
        "Mã định danh “%(code)s” không đúng. Mã gồm các nhóm chữ số và chữ in hoa cách nhau bằng dấu chấm, "
        "ví dụ H99.31.12 hoặc 000.12.31.H99."
    )


class DossierCodeWrong(Refused):
    message = N_(
        "Mã hồ sơ “%(code)s” không đúng. Mã hồ sơ có dạng mã cơ quan, ngày tiếp nhận và số thứ tự, "
        "ví dụ H99.31-261121-0001; hãy xem lại trên giấy tiếp nhận."
    )


def is_agency_code(code: str) -> bool:
    """Whether the code has the current form of an agency's identifier (QĐ 20/2020/QĐ-TTg Art. 4)."""
    return len(code) <= _CURRENT_LENGTH and _CURRENT.fullmatch(code) is not None


def is_old_code(code: str) -> bool:
    """Whether the code has the form of 13 characters (QCVN 102:2016/BTTTT)."""
    return _OLD.fullmatch(code) is not None


def is_organisation_code(code: str) -> bool:
    """Whether the code is that of an organisation that is no state agency (QĐ 20/2020/QĐ-TTg Art. 6)."""
    return _ORGANISATION.fullmatch(code) is not None


def check_agency_code(code: str) -> str:
    """Return the code without surrounding space, in capitals. Raises ``AgencyCodeWrong``."""
    tidy = code.strip().upper()
    if not (is_agency_code(tidy) or is_old_code(tidy)):
        raise AgencyCodeWrong(code=code[:60])
    return tidy


def to_current_form(old: str) -> str | None:
    """Return an old code in the current form: unused groups dropped, the order reversed.

    None when a level is skipped, for such a code could not be told from another's. Agencies were also
    given new codes, so what the catalogue says of an agency goes before this rule.
    """
    if not is_old_code(old):
        raise AgencyCodeWrong(code=old[:60])
    fourth, third, second, first = old.split(".")
    if second == "00" and third != "00":
        return None
    return ".".join([first, *(group for group in (second, third, fourth) if group.strip("0"))])


def to_old_form(code: str) -> str | None:
    """Return a current code in the form of 13 characters, or None when it does not fit into it."""
    if not is_agency_code(code):
        raise AgencyCodeWrong(code=code[:60])
    first, *groups = code.split(".")
    fourth, pairs = "000", groups
    if groups and len(groups[-1]) == 3:
        fourth, pairs = groups[-1], groups[:-1]
    if len(pairs) > 2 or any(len(group) != 2 or not group.strip("0") for group in pairs):
        return None
    if len(groups) != len(pairs) and not fourth.strip("0"):
        return None
    second, third = (*pairs, "00", "00")[:2]
    return f"{fourth}.{third}.{second}.{first}"


def level_one_code(code: str) -> str:
    """Return the code of the ministry or province that an agency in either form belongs to: ``H99``."""
    tidy = check_agency_code(code)
    return tidy.rpartition(".")[2] if is_old_code(tidy) else tidy.partition(".")[0]


def level_of(code: str) -> int:
    """Return how deep an agency in the current form stands: 1 for a ministry or province itself."""
    if not is_agency_code(code):
        raise AgencyCodeWrong(code=code[:60])
    return code.count(".") + 1


def governing_code(code: str) -> str | None:
    """Return the code one level up in the current form; None for level 1."""
    if not is_agency_code(code):
        raise AgencyCodeWrong(code=code[:60])
    return code.rpartition(".")[0] or None


@dataclass(frozen=True, slots=True, order=True)
class DossierCode:
    """The parts of a dossier's code. ``ordinal`` counts an agency's dossiers of one date from 1."""

    agency: str
    on: dt.date
    ordinal: int

    def __str__(self) -> str:
        return f"{self.agency}-{self.on:%y%m%d}-{self.ordinal:04d}"


def format_dossier_code(agency: str, on: dt.date, ordinal: int) -> str:
    """Return ``agency-YYMMDD-NNNN`` (TT 01/2018/TT-VPCP Art. 19), the agency in either legal form.

    The ordinal has four digits and grows beyond 9999 rather than turn a citizen away.
    """
    if ordinal < 1:
        raise ValueError("the first dossier of a day is number 1")
    return str(DossierCode(check_agency_code(agency), on, ordinal))


def parse_dossier_code(text: str) -> DossierCode:
    """Return the parts of a dossier's code as people type or scan it. Raises ``DossierCodeWrong``.

    Two-digit years are of this century.
    """
    tidy = re.sub(r"\s+", "", text).upper().replace("–", "-")
    found = _DOSSIER.fullmatch(tidy)
    if found is None or not (is_agency_code(found["agency"]) or is_old_code(found["agency"])):
        raise DossierCodeWrong(code=text[:60])
    date = found["date"]
    try:
        on = dt.date(2000 + int(date[:2]), int(date[2:4]), int(date[4:]))
    except ValueError:
        raise DossierCodeWrong(code=text[:60]) from None
    if int(found["ordinal"]) < 1:
        raise DossierCodeWrong(code=text[:60])
    return DossierCode(found["agency"], on, int(found["ordinal"]))

"""What a province is made of: levels, kinds of units, identifier codes. Tables, and checks over them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from dinh.kernel.agencies import AgencyCodeWrong, is_agency_code, is_old_code
from dinh.kernel.errors import N_, Refused

__all__ = [
    "KINDS",
    "LEVELS",
    "BadPeriod",
    "Kind",
    "LevelNotInForce",
    "WrongPlace",
    "check_code",
    "check_old_code",
    "check_period",
    "check_place",
    "kind_of",
]


class BadPeriod(Refused):
    message = N_("Ngày kết thúc phải sau ngày bắt đầu (%(from_on)s). Hãy chọn ngày khác.")


class LevelNotInForce(Refused):
    message = N_(
        "Cấp %(level)s không còn trong mô hình chính quyền áp dụng ngày %(on)s. Hãy chọn cấp khác"
        " hoặc kiểm tra ngày hiệu lực."
    )


class WrongPlace(Refused):
    message = N_(
        "Đơn vị cấp %(level)s không thể trực thuộc đơn vị cấp %(parent)s. Hãy chọn đơn vị cấp trên khác."
    )


# From the highest; a level's place in the row is its rank.
LEVELS: dict[str, str] = {
    "centre": N_("Trung ương"),
    "province": N_("Tỉnh"),
    "district": N_("Huyện"),
    "commune": N_("Xã"),
}
_ALL_LEVELS = tuple(LEVELS)
_RANKS = {level: rank for rank, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of unit. ``is_agency``: it has its own code and seal; otherwise it belongs to its agency."""

    code: str
    label: str
    levels: tuple[str, ...]
    is_agency: bool


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("ministry", N_("Bộ, cơ quan trung ương"), ("centre",), True),
        Kind("province_committee", N_("Ủy ban nhân dân tỉnh"), ("province",), True),
        Kind("province_office", N_("Văn phòng Ủy ban nhân dân tỉnh"), ("province",), True),
        Kind("department", N_("Sở, ban, ngành"), ("province",), True),
        Kind("service_centre", N_("Trung tâm Phục vụ hành chính công"), ("province", "commune"), True),
        Kind("district_committee", N_("Ủy ban nhân dân huyện"), ("district",), True),
        Kind("district_division", N_("Phòng chuyên môn cấp huyện"), ("district",), True),
        Kind("commune_committee", N_("Ủy ban nhân dân xã"), ("commune",), True),
        Kind("branch", N_("Chi cục, đơn vị trực thuộc có con dấu"), _ALL_LEVELS, True),
        Kind("public_service", N_("Đơn vị sự nghiệp"), _ALL_LEVELS, True),
        Kind("council", N_("Hội đồng nhân dân"), ("province", "district", "commune"), True),
        Kind("other_agency", N_("Cơ quan khác"), _ALL_LEVELS, True),
        Kind("division", N_("Phòng, ban thuộc cơ quan"), _ALL_LEVELS, False),
        Kind("one_stop_desk", N_("Bộ phận Tiếp nhận và Trả kết quả"), _ALL_LEVELS, False),
        Kind("other_division", N_("Bộ phận khác"), _ALL_LEVELS, False),
    )
}


def kind_of(code: str) -> Kind:
    """Return the kind; raises ``Refused`` for an unknown code."""
    if code not in KINDS:
        raise Refused(
            N_("Không có loại đơn vị “%(kind)s”. Hãy chọn trong danh sách."), field="kind", kind=code
        )
    return KINDS[code]


def check_code(code: str) -> None:
    """Raise ``AgencyCodeWrong`` unless the code has the form of QĐ 20/2020/QĐ-TTg, Art. 4."""
    if not is_agency_code(code):
        raise AgencyCodeWrong(field="code", code=code[:60])


def check_old_code(code: str) -> None:
    """Raise ``AgencyCodeWrong`` unless the code has the 13 characters of QCVN 102:2016/BTTTT."""
    if not is_old_code(code):
        raise AgencyCodeWrong(
            N_("Mã cũ “%(code)s” không đúng mẫu 13 ký tự, ví dụ 000.12.31.H99. Hãy sửa hoặc để trống."),
            field="old_code",
            code=code[:60],
        )


def check_period(from_on: dt.date, until_on: dt.date | None) -> None:
    """Raise ``BadPeriod`` unless the exclusive end, when there is one, is after the beginning."""
    if until_on is not None and until_on <= from_on:
        raise BadPeriod(field="until_on", from_on=f"{from_on:%d/%m/%Y}")


def check_place(
    *, kind: str, level: str, parent_level: str | None, levels: Sequence[str], on: dt.date
) -> None:
    """Check that a unit of this kind and level may stand there under the levels in force on that day.

    Raises ``LevelNotInForce`` (a district under two tiers) and ``WrongPlace`` (a level above its parent's,
    or one that the kind does not know).
    """
    if level not in _RANKS or level not in kind_of(kind).levels:
        raise Refused(
            N_("Loại đơn vị này không có ở cấp đã chọn. Hãy chọn lại loại hoặc cấp của đơn vị."),
            field="level",
        )
    if level not in levels:
        raise LevelNotInForce(field="level", level=LEVELS[level].lower(), on=f"{on:%d/%m/%Y}")
    if parent_level is not None and _RANKS[level] < _RANKS[parent_level]:
        raise WrongPlace(field="parent", level=LEVELS[level].lower(), parent=LEVELS[parent_level].lower())

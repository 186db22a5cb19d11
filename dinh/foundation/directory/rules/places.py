"""Names of places as papers write them, taken from the name of the people's committee there."""

import re

__all__ = ["area_of", "place_of"]

_COMMITTEE = re.compile(r"(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd)\s+", re.I)  # data: how they are named
_KINDS = re.compile(
    r"(tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu)\s+",  # data: kinds of areas
    re.IGNORECASE,
)


def area_of(committee: str) -> str:
    """Return the area that a committee governs: ``Ủy ban nhân dân xã An Mẫu`` gives ``xã An Mẫu``."""
    found = _COMMITTEE.match(committee)
    return committee[found.end() :] if found else committee


def place_of(committee: str) -> str:
    """Return the place before a document's date: ``An Mẫu`` of ``Ủy ban nhân dân xã An Mẫu``.

    The name alone, without the kind of area, except where it is a number: ``Phường 9``
    (NĐ 30/2020/NĐ-CP, appendix I, part II, 4.a).
    """
    area = area_of(committee)
    found = _KINDS.match(area)
    if found is None:
        return area
    name = area[found.end() :]
    return area[:1].upper() + area[1:] if name[:1].isdigit() else name

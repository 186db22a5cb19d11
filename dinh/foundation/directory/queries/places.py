"""Where a unit is, in the words of papers: the place before a date, the commune of an address."""

from dinh.foundation.directory.models import Unit
from dinh.foundation.directory.queries.units import ancestors, unit_by_code
from dinh.foundation.directory.rules.places import area_of, place_of

__all__ = ["area_words", "document_place"]

_COMMITTEE = "_committee"


def document_place(unit: Unit) -> str:
    """Return the place that a unit's documents name before their date: that of the nearest committee.

    A department, and what stands at the province's side, writes the province's name, a division the
    district's (NĐ 30/2020/NĐ-CP, appendix I, part II, 4.a).
    """
    if unit.kind.endswith(_COMMITTEE):
        return place_of(unit.name)
    above = [one for one in ancestors(unit.pk) if one.kind.endswith(_COMMITTEE)]
    return place_of(above[-1].name) if above else unit.short_name or unit.name


def area_words(code: str) -> list[str]:
    """Return the areas of a commune's code from the smallest: xã An Mẫu, huyện Sông Cái, tỉnh Đình Sơn.

    Empty when no unit has the code.
    """
    unit = unit_by_code(code)
    if unit is None:
        return []
    return [area_of(one.name) for one in reversed(ancestors(unit.pk)) if one.kind.endswith(_COMMITTEE)]

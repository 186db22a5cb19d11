"""Pages of lists that begin with the newest row and go on after the last one shown."""

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model

from dinh.kernel.ids import read_uuid

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = ["page_after"]

M = TypeVar("M", bound=Model)


def page_after(rows: "QuerySet[M]", after: str, size: int) -> tuple[list[M], str]:
    """Return the rows after the one whose key ``after`` is, and the mark that continues them ("" at the end).

    Keys are made in order (``kernel.ids``). A mark that can't be read continues nothing.
    """
    if after:
        mark = read_uuid(after)
        if mark is None:
            return [], ""
        rows = rows.filter(pk__lt=mark)
    found = list(rows.order_by("-pk")[: size + 1])
    shown = found[:size]
    return shown, str(shown[-1].pk) if len(found) > size else ""

"""Which agency stands where somebody lives, read from an address as people write it."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from dinh.kernel.text import fold

__all__ = ["only_one_at"]

K = TypeVar("K")


def only_one_at(address: str, places: Iterable[tuple[K, Sequence[str]]]) -> K | None:
    """Return the key of the one place whose areas (``xã An Mẫu``, ``huyện Sông Cái``) are all in the address.

    Parts of an address are parted by commas. None when no place is named, or more than one: nobody is to
    file with a namesake of their commune.
    """
    named = {" ".join(fold(part).split()) for part in address.split(",")} - {""}
    found = [key for key, areas in places if areas and all(fold(area) in named for area in areas)]
    return found[0] if len(found) == 1 else None

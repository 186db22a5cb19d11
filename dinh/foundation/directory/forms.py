"""What was typed on an administrator's screen: read, checked, kept, with each error at its place."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from dinh.foundation.directory.queries.screens import pick_unit
from dinh.kernel.dates import read_date
from dinh.kernel.errors import NotFound, Refused, existing
from dinh.kernel.ids import read_uuid
from dinh.kernel.text import clean

if TYPE_CHECKING:
    from dinh.foundation.directory.models import Unit

__all__ = ["Typed", "sentence", "uuid_or_404"]

R = TypeVar("R")
_LONGEST = 500


def sentence(error: Refused) -> str:
    """Return what a refusal says in the reader's language."""
    return error.said(_)


def uuid_or_404(text: str) -> UUID:
    """Return the identifier written in an address; raises ``NotFound`` for anything else."""
    return existing(read_uuid(text))


class Typed:
    """The values of a form. ``values`` keeps what was typed, ``errors`` says what is wrong by field,
    ``candidates`` lists the units that an unclear word may mean, as (code, name) by field.
    """

    def __init__(self, sent: Mapping[str, str], **first: Any) -> None:
        self.sent = sent
        self.values: dict[str, Any] = {**first, **{name: sent[name][:_LONGEST] for name in sent}}
        self.errors: dict[str, str] = {}
        self.candidates: dict[str, list[tuple[str, str]]] = {}

    def value(self, name: str) -> Any:
        """Return what stands in a field, for the screen."""
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        """Return what is wrong with a field, or nothing."""
        return self.errors.get(name, "")

    def text(self, name: str) -> str:
        return clean(str(self.sent.get(name, ""))[: _LONGEST + 1])

    def number(self, name: str, default: int) -> int:
        typed = self.text(name)
        if not typed:
            return default
        if not typed.isascii() or not typed.isdigit() or len(typed) > 4:
            self.errors[name] = _("Hãy nhập một số từ 0 đến 9999.")
            return default
        return int(typed)

    def has(self, name: str) -> bool:
        return bool(self.sent.get(name))

    def day(self, name: str, *, missing: str = "") -> dt.date | None:
        """Return a day; ``missing`` is the sentence when it must be there."""
        typed = self.text(name)
        if not typed:
            if missing:
                self.errors[name] = missing
            return None
        found = read_date(typed)
        if found is None:
            self.errors[name] = _("“%(typed)s” không phải là ngày. Hãy nhập theo mẫu 31/12/2025.") % {
                "typed": typed[:20]
            }
        return found

    def needed_day(self, name: str) -> dt.date:
        """Return a day that must be there; today stands in for a missing one, which is an error."""
        return self.day(name, missing=_("Hãy nhập ngày hiệu lực.")) or dt.date.max

    def needed_basis(self) -> str:
        """Return the document that a change stands on; nothing in the tree changes without one."""
        typed = self.text("basis")
        if not typed:
            self.errors["basis"] = _("Hãy ghi số, ký hiệu và ngày của văn bản làm căn cứ.")
        return typed

    def unit(self, name: str) -> "Unit | None":
        """Return the unit that a typed code or name means; unclear words leave candidates to choose from."""
        typed = self.text(f"{name}_pick") or self.text(name)
        found = pick_unit(typed)
        if len(found) == 1:
            self.values[name] = found[0].code
            return found[0]
        if not typed:
            self.errors[name] = _("Hãy nhập mã hoặc tên đơn vị.")
        elif not found:
            self.errors[name] = _("Không tìm thấy đơn vị “%(typed)s”. Hãy thử mã hoặc một phần tên.") % {
                "typed": typed[:60]
            }
        else:
            self.errors[name] = _("Có nhiều đơn vị phù hợp. Hãy chọn một.")
            self.candidates[name] = [(unit.code, f"{unit.name} ({unit.code})") for unit in found]
        return None

    def attempt(self, do: Callable[[], R]) -> R | None:
        """Do it when nothing is wrong so far; a refusal becomes the error of its field."""
        if self.errors:
            return None
        try:
            return do()
        except NotFound:
            raise
        except Refused as refused:
            self.errors[refused.field or ""] = sentence(refused)
            return None

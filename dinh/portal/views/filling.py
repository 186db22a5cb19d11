"""What is filled in for a citizen before they begin, and where each of it comes from."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Actor, Request
from dinh.foundation.directory.public import own_person
from dinh.foundation.ui.public import format_moment, prefill
from dinh.kernel.contacts import is_identity_number
from dinh.kernel.errors import Refused
from dinh.onestop.public import check_card, has_registry, look_up_own, registered_person
from dinh.portal.views.screen import sentence

if TYPE_CHECKING:
    from dinh.onestop.models import Draft

__all__ = ["fill_in", "from_registry", "may_fill_in", "notes_of"]


def may_fill_in(by: Actor) -> bool:
    """Whether the population database can be asked for the citizen: it is there, their number is known."""
    return has_registry("population") and is_identity_number(own_person(by).identity_number)


def from_registry(request: Request) -> tuple[dict[str, str], UUID | None]:
    """Ask for the citizen's own data; returns them by the names that forms use, and the question asked.

    Without an answer the citizen is told so and goes on with what the province knows.
    """
    try:
        check = check_card(look_up_own(by=request.by, now=timezone.now()))
    except Refused as refused:
        messages.warning(request, sentence(refused))
        return {}, None
    if check.record is None:
        messages.warning(
            request,
            _("Cơ sở dữ liệu dân cư: %(state)s. Các ô được điền từ Thông tin của tôi, hoặc để trống.")
            % {"state": _(check.state_label)},
        )
        return {}, None
    return registered_person(check), check.id


def fill_in(
    form: Mapping[str, Any], known: Mapping[str, Mapping[str, str]], registered: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, tuple[str, Any]]]:
    """Return the first answers of a form, and of each field filled in the source and the value.

    What is registered goes before what the province knows; ``registered`` is empty without a look-up.
    """
    found = {name: value for name, value in registered.items() if value}
    answers = prefill(form, {**known, "applicant": {**known["applicant"], **found}})
    of_registry = dict(_flat(prefill(form, {"applicant": found}))) if found else {}
    of_party = dict(_flat(prefill(form, {"party": known.get("party", {})})))

    def source(name: str) -> str:
        if name in of_registry:
            return "population"
        return "party" if name in of_party else "account"

    return answers, {name: (source(name), value) for name, value in _flat(answers)}


def _flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Each value by the name of its input: ``chu_ho.ho_ten``."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        elif value not in ("", None):
            yield f"{before}{name}", value


def notes_of(draft: "Draft", data: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands at each field whose answer is still the one filled in: where it comes from."""
    now = dict(_flat(data))
    check = draft.registry_check
    at = format_moment(check.asked_at) if check is not None else ""
    standing = draft.representation
    is_relative = standing is not None and standing.kind == "relative"
    said = {
        "population": _("Điền sẵn từ cơ sở dữ liệu quốc gia về dân cư, lấy lúc %(at)s.") % {"at": at},
        "account": _("Điền sẵn từ phần Nộp thay.") if is_relative else _("Điền sẵn từ Thông tin của tôi."),
        "party": _("Điền sẵn từ phần Nộp thay.") if standing else _("Điền sẵn từ Thông tin của tôi."),
    }
    return {name: said[source] for name, (source, value) in draft.filled_in.items() if now.get(name) == value}

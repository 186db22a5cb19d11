"""Sending a step back to an earlier one: with a reason and the place; the second time a superior says.

What bounces between two desks is time that the applicant pays, so a second return is not one official's to
decide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dinh.kernel.errors import N_, Refused
from dinh.onestop.rules.definition import Definition

__all__ = [
    "FREE_RETURNS",
    "AlreadyDecided",
    "NeedsPlace",
    "NobodyToApprove",
    "NotAReturn",
    "Place",
    "ReturnAsked",
    "ReturnNeedsApproval",
    "check_return",
    "places_named",
    "places_of",
]

# How often a dossier goes back inside the administration before a superior is asked.
FREE_RETURNS = 1


class NeedsPlace(Refused):
    message = N_("Hãy chọn ít nhất một giấy tờ hoặc mục khai cần xem lại, để người nhận biết sửa ở đâu.")


class ReturnNeedsApproval(Refused):
    message = N_(
        "Hồ sơ này đã được trả lại một lần. Trả lại lần nữa cần cấp trên đồng ý: hãy gửi đề nghị, hoặc xử lý"
        " tiếp."
    )


class ReturnAsked(Refused):
    message = N_("Bước này đã có đề nghị trả lại đang chờ cấp trên. Hãy chờ ý kiến, hoặc xử lý tiếp.")


class NobodyToApprove(Refused):
    message = N_(
        "Chưa có cấp trên nào của %(unit)s, khác Ông/Bà, được giao quyền cho ý kiến. Hãy đề nghị quản trị"
        " danh bạ ghi cấp phó, người phụ trách hoặc lãnh đạo cơ quan cấp trên; trước mắt hãy xử lý tiếp."
    )


class AlreadyDecided(Refused):
    message = N_("Đề nghị này không còn chờ ý kiến. Hãy tải lại trang để xem kết quả.")


class NotAReturn(Refused):
    message = N_("Hướng xử lý này không phải là trả lại. Hãy tải lại trang rồi chọn lại.")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a dossier to which somebody points: ``key`` is ``gt:<paper>``, ``muc:<field>`` or ``kq``."""

    key: str
    label: str


def places_of(definition: Definition) -> list[Place]:
    """Return what a return or a supplement may point to: the drafted result, each paper, each field."""
    fields = definition.form.get("properties", {})
    order = [name for name in definition.form.get("ui", {}).get("order", fields) if name in fields]
    return [
        Place("kq", N_("Dự thảo kết quả")),
        *(Place(f"gt:{document.key}", document.name) for document in definition.documents),
        *(Place(f"muc:{name}", fields[name].get("ui", {}).get("label", name)) for name in order),
    ]


def places_named(definition: Definition, keys: Iterable[str]) -> list[Place]:
    """Return the places of these keys, in the definition's order; unknown keys are left out."""
    wanted = set(keys)
    return [place for place in places_of(definition) if place.key in wanted]


def check_return(*, places: Sequence[Place], returned: int, is_approved: bool) -> None:
    """Check that a step may go back now. ``returned``: how often the dossier has gone back already.

    Raises ``NeedsPlace`` and ``ReturnNeedsApproval``; that the reason is written is the outcome's own need.
    """
    if not places:
        raise NeedsPlace(field="about")
    if returned >= FREE_RETURNS and not is_approved:
        raise ReturnNeedsApproval

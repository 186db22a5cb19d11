"""Looking people and organisations up in the national registries at the desk; how an answer is shown."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Actor, Request
from dinh.foundation.ui.public import format_date
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.onestop.public import (
    CHECK_STATES,
    ENTERPRISE_STATES,
    LOOK_UP_AT_DESK,
    PERSON_STATES,
    CheckCard,
    DeclaredOtherwise,
    EnterpriseRecord,
    Told,
    access_desk_check,
    has_registry,
    look_up_at_desk,
)

__all__ = [
    "LOOK_UPS",
    "TONES",
    "check_values",
    "held_check",
    "look_up",
    "may_look_up",
]

# The button of the counter's form that was pressed, and which registry it asks.
LOOK_UPS = {"look-up-person": "population", "look-up-business": "enterprise"}
# Fields of the counter's form by what a question calls them.
_FIELDS = {"number": "applicant-identity", "name": "applicant-name"}
TONES = {"matched": "good", "differs": "warn", "unknown": "warn"}
_ADVICE = {
    "matched": N_("Người nộp khai đúng như đã đăng ký."),
    "differs": N_(
        "Có chỗ khác với cơ sở dữ liệu. Hãy đối chiếu giấy tờ của người nộp rồi quyết định ghi theo bên nào."
    ),
    "unknown": N_(
        "Không có dữ liệu nào khớp với số và họ tên hoặc ngày sinh này. Hãy xem lại từng chữ số trên giấy tờ;"
        " nếu đúng thì nhập tay và tiếp nhận như thường."
    ),
    "away": N_(
        "Cơ sở dữ liệu không trả lời. Hãy nhập tay theo giấy tờ và tiếp nhận như thường; sau này vẫn đối"
        " chiếu được ở trang hồ sơ."
    ),
    "refused": N_(
        "Cơ sở dữ liệu từ chối trả lời; quản trị viên cần kiểm tra tài khoản kết nối. Hãy nhập tay theo giấy"
        " tờ và tiếp nhận như thường."
    ),
    "garbled": N_(
        "Cơ sở dữ liệu trả lời sai dạng hoặc nhầm người nên không dùng được. Hãy nhập tay theo giấy tờ và"
        " tiếp nhận như thường."
    ),
    "asked": N_("Lần tra cứu này bị ngắt giữa chừng, chưa có trả lời."),
}


# ---- at the counter -----------------------------------------------------------------------------


def look_up(request: Request, desk_id: UUID, told: Told) -> CheckCard:
    """Ask the registry of the pressed button. Raises ``Refused`` at a field of the counter's form."""
    registry = next(registry for name, registry in LOOK_UPS.items() if name in request.POST)
    try:
        row = look_up_at_desk(
            desk_id,
            registry="population" if registry == "population" else "enterprise",
            told=told,
            by=request.by,
            now=timezone.now(),
        )
    except Refused as refused:
        refused.field = _FIELDS.get(refused.field or "", "look-up")
        raise
    return access_desk_check(request.by, row.pk, now=timezone.now())


def may_look_up(by: Actor) -> bool:
    """Whether the buttons are shown: the right is held, and a registry is there to be asked."""
    return by.holds(LOOK_UP_AT_DESK.code) and (has_registry("population") or has_registry("enterprise"))


def held_check(request: Request) -> CheckCard | None:
    """The look-up that the form carries, while it holds and is about the number that now stands in it."""
    try:
        card = access_desk_check(request.by, UUID(request.POST.get("check", "")), now=timezone.now())
    except (ValueError, NotFound):
        return None
    return card if card.told.number == request.POST.get("applicant-identity", "").strip() else None


# ---- on screens ---------------------------------------------------------------------------------


def check_values(card: CheckCard, declared: Sequence[DeclaredOtherwise] = ()) -> dict[str, Any]:
    """What ``_registry_check.html`` shows of one question; ``declared``: what the form says otherwise."""
    otherwise = [
        {"label": one.label, "said": one.declared, "registered": one.registered, "differs": True}
        for one in declared
    ]
    differs = card.state == "differs" or bool(otherwise)
    state = "differs" if card.state == "matched" and otherwise else card.state
    return {
        "id": str(card.id),
        "registry": _(card.registry_label),
        "state": state,
        "label": _(CHECK_STATES[state]),
        "tone": TONES.get(state, "bad"),
        "advice": _(_ADVICE[state]),
        "asked_at": card.asked_at,
        "by": card.asker,
        "rows": [*_rows(card), *otherwise],
        "differs": differs,
    }


def _rows(card: CheckCard) -> list[dict[str, Any]]:
    """Each field: what was said, what is registered, whether they differ."""
    record, told = card.record, card.told
    if record is None:
        return []
    differing = {one.field for one in card.differences}

    def row(field: str, label: str, said: str, registered: str) -> dict[str, Any]:
        return {"label": label, "said": said, "registered": registered, "differs": field in differing}

    if isinstance(record, EnterpriseRecord):
        return [
            row("name", _("Tên"), told.name, record.name),
            row("kind", _("Loại hình"), "", record.kind),
            row("address", _("Địa chỉ trụ sở"), told.address, record.address),
            row("representative", _("Người đại diện theo pháp luật"), "", record.representative),
            row("state", _("Tình trạng"), "", _(ENTERPRISE_STATES[record.state])),
        ]
    born = format_date(told.born_on) if told.born_on else ""
    return [
        row("name", _("Họ và tên"), told.name, record.name),
        row("born_on", _("Ngày sinh"), born, format_date(record.born_on)),
        row("sex", _("Giới tính"), "", _("Nam") if record.sex == "nam" else _("Nữ")),
        row("address", _("Nơi thường trú"), told.address, record.address),
        row("state", _("Tình trạng"), "", _(PERSON_STATES[record.state])),
    ]

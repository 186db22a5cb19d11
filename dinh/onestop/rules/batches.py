"""One act over several rows of a work list: which acts there are, and to which kinds of step each belongs."""

from collections.abc import Mapping
from typing import Any

from dinh.kernel.errors import N_, NotAllowed, Refused
from dinh.onestop.rules.definition import Outcome, Step
from dinh.onestop.rules.graph import available_outcomes

__all__ = ["BATCH_ACTS", "MOST_AT_ONCE", "NotForThisKind", "check_kind", "only_way"]

# As many as a page shows: a signature takes a moment each, and the answer waits for all of them.
MOST_AT_ONCE = 50

# Stable keys of addresses, in the order of the buttons.
BATCH_ACTS: Mapping[str, str] = {
    "claim": N_("Nhận xử lý"),
    "assign": N_("Giao việc"),
    "forward": N_("Chuyển bước tiếp"),
    "sign": N_("Ký số"),
    "issue": N_("Cấp số và đóng dấu số"),
}

_KINDS: Mapping[str, tuple[str, ...]] = {
    "claim": ("handle", "consult", "review"),
    "forward": ("handle", "consult", "review"),
    "sign": ("sign",),
    "issue": ("issue",),
}


class NotForThisKind(Refused):
    message = N_("Không “%(act)s” được ở bước “%(step)s”. Hãy mở hồ sơ để làm việc của bước này.")


class IsWaiting(Refused):
    message = N_("Hồ sơ đang chờ công dân bổ sung nên bước này tạm dừng.")


def check_kind(act: str, kind: str, *, name: str, is_allowed: bool, is_waiting: bool) -> None:
    """Check what can be known before the act is tried: the kind of step, the right to it, that it runs.

    Raises ``NotForThisKind``, ``IsWaiting``, ``NotAllowed``.
    """
    if act in _KINDS and kind not in _KINDS[act]:
        raise NotForThisKind(act=BATCH_ACTS[act], step=name)
    if is_waiting and act != "assign":
        raise IsWaiting
    if not is_allowed:
        raise NotAllowed(reason=N_("việc này do người khác xử lý"))


def only_way(step: Step, data: Mapping[str, Any]) -> Outcome:
    """Return the one way forward that needs no words. Raises ``NotForThisKind``: a choice wants a look."""
    ways = [one for one in available_outcomes(step, data) if not one.back and "reason" not in one.needs]
    if len(ways) != 1:
        raise NotForThisKind(act=BATCH_ACTS["forward"], step=step.name)
    return ways[0]

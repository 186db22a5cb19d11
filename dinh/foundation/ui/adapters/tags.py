"""States as tags. Drawn in Python and kept, because a work list draws one in every row."""

from functools import lru_cache

from django.utils.translation import gettext
from markupsafe import Markup

from dinh.foundation.ui.adapters.icons import icon
from dinh.kernel.errors import N_

__all__ = ["state", "tag"]

TONE_ICONS = {
    "good": "circle-check",
    "warn": "clock-alert",
    "bad": "alarm-clock",
    "wait": "hourglass",
    "done": "check",
    "info": "info",
    "new": "sparkle",
    "neutral": "",
}
STATES = {
    "on_time": ("good", N_("Trong hạn")),
    "near": ("warn", N_("Sắp đến hạn")),
    "overdue": ("bad", N_("Quá hạn")),
    "waiting": ("wait", N_("Đang chờ")),
    "done": ("done", N_("Đã xong")),
}


@lru_cache(maxsize=2048)
def _drawn(word: str, tone: str, icon_name: str) -> Markup:
    mark = icon(icon_name) if icon_name else Markup("")
    return Markup('<span class="tag tag-{}">{}{}</span>').format(tone, mark, word)


def tag(word: str, tone: str = "neutral", icon: str = "") -> Markup:
    """Return a word on a coloured ground with its icon; KeyError for an unknown tone."""
    return _drawn(str(word), tone, icon or TONE_ICONS[tone])


def state(kind: str, word: str = "") -> Markup:
    """Return the tag of on_time, near, overdue, waiting or done; any other kind shows ``word`` plainly."""
    if kind not in STATES:
        return tag(word or kind)
    tone, usual = STATES[kind]
    return tag(word or gettext(usual), tone)

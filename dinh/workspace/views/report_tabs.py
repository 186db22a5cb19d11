"""The pages of reports, beside one another."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dinh.kernel.errors import N_

__all__ = ["report_tabs"]

TABS = {
    "workspace:report": N_("Báo cáo 06a"),
    "workspace:causes": N_("Báo cáo 07, nguyên nhân quá hạn"),
    "workspace:agency-reports": N_("Báo cáo phát hành"),
    "workspace:sent-figures": N_("Gửi hệ thống quốc gia"),
    "workspace:indicators": N_("Đánh giá cơ quan"),
    "workspace:figure-checks": N_("Đối soát số liệu"),
}


def report_tabs(here: str) -> list[dict[str, Any]]:
    """Return the tabs of the reports; ``here`` is the route shown."""
    return [
        {"label": _(label), "address": reverse(route), "active": route == here}
        for route, label in TABS.items()
    ]

"""The overview for leaders: every figure is a link to the list that it counts."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Actor, Request, route
from dinh.foundation.ui.public import format_date, format_share
from dinh.onestop.public import READ_WORK, Overview, Period, count_mirrors, overview
from dinh.workspace.views.counts import counted_address, given_id
from dinh.workspace.views.lists import AGE_LABELS

__all__ = ["overview_page"]

# The share of dossiers in time that the province has set itself.
TARGET = 0.95


@route(who="official", permission=READ_WORK)
def overview_page(request: Request) -> HttpResponse:
    """Key figures, ageing, load, timeliness by week, and the units below."""
    shown = overview(request.by, unit_id=given_id(request, "don-vi"), now=timezone.now())
    return render(
        request,
        "workspace/overview.html",
        {
            "unit": shown.unit_name,
            "is_narrowed": "don-vi" in request.GET,
            "figures": [*_figures(shown), *_elsewhere(request.by)],
            "ages": [
                {
                    "label": _(AGE_LABELS[age]),
                    "value": count,
                    "tone": {"7-15": "warn", "tren-15": "bad"}.get(age, ""),
                    "address": _work(shown, viec="all", tuoi=age),
                }
                for age, count in shown.by_age.items()
            ],
            "weeks": [
                {
                    "label": format_date(period.from_at)[:5],
                    "value": week.timely_share,
                    "address": _dossiers(shown, "xong", period),
                }
                for period, week in shown.weeks
            ],
            "target": TARGET,
            "people": [
                {
                    "label": load.name,
                    "value": load.open,
                    "address": _work(shown, viec="all", nguoi=str(load.id)),
                    "parts": [("bad", load.overdue), ("done", load.open - load.overdue)],
                }
                for load in shown.people
            ],
            "units": [
                {
                    "name": load.name,
                    "address": f"{reverse('workspace:overview')}?don-vi={load.id}",
                    "open": load.open,
                    "open_address": _list("workspace:work", viec="all", **{"don-vi": str(load.id)}),
                    "overdue": load.overdue,
                    "overdue_address": _list("workspace:work", viec="overdue", **{"don-vi": str(load.id)}),
                }
                for load in shown.units
            ],
        },
    )


def _figures(shown: Overview) -> list[dict[str, Any]]:
    period, month = shown.month
    return [
        {
            "label": _("Việc đang mở"),
            "value": shown.by_tab["all"],
            "address": _work(shown, viec="all"),
            "tone": "",
        },
        {
            "label": _("Quá hạn"),
            "value": shown.by_tab["overdue"],
            "address": _work(shown, viec="overdue"),
            "tone": "bad" if shown.by_tab["overdue"] else "",
        },
        {
            "label": _("Sắp đến hạn"),
            "value": shown.by_tab["near"],
            "address": _work(shown, viec="near"),
            "tone": "warn" if shown.by_tab["near"] else "",
        },
        {
            "label": _("Chờ công dân"),
            "value": shown.by_tab["waiting"],
            "address": _work(shown, viec="waiting"),
            "tone": "",
        },
        {
            "label": _("Hồ sơ xong tháng này"),
            "value": month.finished,
            "address": _dossiers(shown, "xong", period),
            "tone": "",
        },
        {
            "label": _("Đúng hạn tháng này"),
            "value": "–" if month.timely_share is None else format_share(month.timely_share),
            "address": _dossiers(shown, "xong-kip-han", period),
            "tone": "" if month.timely_share is None or month.timely_share >= TARGET else "warn",
            "note": _("%(count)s hồ sơ trễ hạn") % {"count": month.late} if month.late else "",
        },
    ]


def _elsewhere(by: Actor) -> list[dict[str, Any]]:
    """The open dossiers of other systems, marked as theirs; nothing where no system tells of any."""
    count = count_mirrors(by, only_open=True)
    if not count:
        return []
    return [
        {
            "label": _("Đang mở ở hệ thống khác"),
            "value": count,
            "address": reverse("workspace:mirrors") + "?loai=dang-mo",
            "tone": "",
            "note": _("Không tính trong các số bên cạnh"),
        }
    ]


def _work(shown: Overview, **parameters: str) -> str:
    return _list("workspace:work", **parameters, **{"don-vi": str(shown.unit_id)})


def _dossiers(shown: Overview, key: str, period: Period) -> str:
    return counted_address(key, period, {"don-vi": str(shown.unit_id)})


def _list(name: str, **parameters: str) -> str:
    return f"{reverse(name)}?{urlencode(parameters)}"

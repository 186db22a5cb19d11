"""Reports of handling: II.06a over any period and unit, and what the nightly recount found."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Actor, Request, route
from dinh.foundation.directory.public import names_of
from dinh.kernel.errors import N_
from dinh.onestop.public import (
    CAUSES,
    PETITION_COUNTS,
    READ_DOSSIER,
    REPORT_GROUPS,
    FigureFilter,
    Period,
    Report,
    Tally,
    cause_report,
    differences_found,
    indicator_differences,
    last_checks,
    lateness_by_agency,
    period_on,
    petition_lines,
    petition_notes,
    preparing_agencies,
    report_units,
    result_report,
)
from dinh.workspace.views.counts import counted_address, given_id, given_period, today
from dinh.workspace.views.report_tabs import report_tabs

__all__ = ["REPORT_COLUMNS", "causes", "checks", "given_report", "petitions", "result_report_page"]

# The numbered columns of form II.06a after line number and field, by what they count.
REPORT_COLUMNS = (
    "tong",
    "moi-truc-tuyen",
    "moi-truc-tiep",
    "ky-truoc",
    "xong",
    "xong-truoc-han",
    "xong-dung-han",
    "xong-qua-han",
    "dang",
    "dang-trong-han",
    "dang-qua-han",
)
SPANS = {
    "month": N_("Tháng này"),
    "quarter": N_("Quý này"),
    "year": N_("Năm nay"),
    "week": N_("Tuần này"),
    "day": N_("Hôm nay"),
}


@route(who="official", permission=READ_DOSSIER)
def result_report_page(request: Request) -> HttpResponse:
    """Report II.06a: every number is a link to the list that it counts."""
    report = given_report(request)
    return render(
        request,
        "workspace/report.html",
        {
            "tabs": report_tabs("workspace:report"),
            "report": report,
            "period": report.period.words.said(_),
            "is_running": report.standing_on < report.period.until_on,
            "group_label": _(REPORT_GROUPS[report.group]),
            "groups": [(key, _(label)) for key, label in REPORT_GROUPS.items()],
            "units": [(str(pk), name) for pk, name in report_units(request.by)],
            "spans": [
                {
                    "label": _(label),
                    "address": _with(request, ky=period_on(today(), span).code, tu="", den=""),
                }
                for span, label in SPANS.items()
            ],
            "lines": [
                {
                    "label": line.label,
                    "cells": _cells(line.tally, report.period, {**_narrowing(report), **line.narrowing}),
                }
                for line in report.lines
            ],
            "total": _cells(report.total, report.period, _narrowing(report)),
            "gone": _cell(report.total, "rut", report.period, _narrowing(report)),
            "export_address": reverse("workspace:report-export") + "?" + request.GET.urlencode(),
            "new_address": reverse("workspace:agency-report-new")
            + "?"
            + urlencode(
                {
                    "kind": "06a",
                    "ky": report.period.code,
                    "theo": report.group,
                    **_narrowing(report),
                }
            ),
            "may_prepare": bool(preparing_agencies(request.by)),
            "previous": _with(request, ky=_before(report.period).code, tu="", den=""),
        },
    )


def given_report(request: Request) -> Report:
    """The report that the address asks for."""
    group = request.GET.get("theo", "")
    return result_report(
        request.by,
        given_period(request),
        unit_id=given_id(request, "don-vi"),
        depth="alone" if request.GET.get("rieng") == "1" else "below",
        group=group if group in REPORT_GROUPS else "linh-vuc",
        today=today(),
    )


def _narrowing(report: Report) -> dict[str, str]:
    narrowing = {"don-vi": str(report.unit_id)}
    return {**narrowing, "rieng": "1"} if report.chosen.depth == "alone" else narrowing


def _cells(tally: Tally, period: Period, narrowing: Mapping[str, str]) -> list[dict[str, Any]]:
    return [_cell(tally, key, period, narrowing) for key in REPORT_COLUMNS]


def _cell(tally: Tally, key: str, period: Period, narrowing: Mapping[str, str]) -> dict[str, Any]:
    return {"key": key, "value": tally.counted(key), "address": counted_address(key, period, narrowing)}


def _before(period: Period) -> Period:
    """The period of the same kind before this one; of a free range, the month before."""
    for span in SPANS:
        if period_on(period.from_on, span).code == period.code:
            return period_on(period_on(period.from_on, span).before_on, span)
    return period_on(period.before_on, "month")


def _with(request: Request, **changes: str) -> str:
    parameters = {**request.GET.dict(), **changes}
    return "?" + urlencode({key: value for key, value in parameters.items() if value})


@route(who="official", permission=READ_DOSSIER)
def causes(request: Request) -> HttpResponse:
    """Report II.07: late dossiers by where the time was spent; every number opens its list."""
    period = given_period(request, "quarter")
    report = cause_report(request.by, period, unit_id=given_id(request, "don-vi"), today=today())
    unit = {"don-vi": str(report.unit_id)}
    lines = [
        {
            "label": line.field_name,
            "cells": [
                {
                    "value": amount,
                    "address": counted_address(key, period, {**unit, "linh-vuc": line.field_code}),
                }
                for key, amount in [("qua-han", line.total), *line.by_cause.items()]
            ],
        }
        for line in report.lines
    ]
    chosen = FigureFilter(unit_id=report.unit_id)
    told = petition_lines(request.by, period, chosen, today=today())
    answering = lateness_by_agency(request.by, period, unit_id=report.unit_id)
    return render(
        request,
        "workspace/causes.html",
        {
            "new_address": reverse("workspace:agency-report-new")
            + "?"
            + urlencode({"kind": "07", "ky": period.code, **unit}),
            "may_prepare": bool(preparing_agencies(request.by)),
            "answering": [one for one in answering if one.late_dossiers],
            "petition_columns": [_(label) for label in PETITION_COUNTS.values()],
            "petitions": [
                {
                    "label": _(PETITION_KINDS.get(line.kind, line.kind)),
                    "cells": [
                        {
                            "value": amount,
                            "address": reverse("workspace:petition-notes")
                            + "?"
                            + urlencode({"ky": period.code, "dem": key, "loai": line.kind, **unit}),
                        }
                        for key, amount in line.counts.items()
                    ],
                }
                for line in told
            ],
            "tabs": report_tabs("workspace:causes"),
            "period": period.words.said(_),
            "from_on": period.from_on,
            "last_on": period.last_on,
            "units": [(str(pk), name) for pk, name in report_units(request.by)],
            "unit": report.unit_id,
            "spans": [
                {
                    "label": _(label),
                    "address": _with(request, ky=period_on(today(), span).code, tu="", den=""),
                }
                for span, label in SPANS.items()
            ],
            "causes": [_(label) for label in CAUSES.values()],
            "lines": lines,
        },
    )


# The kinds of petitions that the portal tells of.
PETITION_KINDS = {"question": N_("Hỏi đáp"), "feedback": N_("Phản ánh"), "proposal": N_("Kiến nghị")}


@route(who="official", permission=READ_DOSSIER)
def petitions(request: Request) -> HttpResponse:
    """The petitions that a figure of report 07 counts: their codes and their times, nobody's words."""
    period = given_period(request, "quarter")
    key = request.GET.get("dem", "")
    key = key if key in PETITION_COUNTS else "pa-tong"
    kind = request.GET.get("loai", "")
    kind = kind if kind in PETITION_KINDS else ""
    chosen = FigureFilter(unit_id=given_id(request, "don-vi"))
    rows = petition_notes(request.by, key, period, chosen, kind=kind, today=today())
    page = Paginator(rows, 50).get_page(request.GET.get("trang"))
    words = {"count": _(PETITION_COUNTS[key]), "period": period.words.said(_)}
    return render(
        request,
        "workspace/petition_notes.html",
        {
            "heading": _("%(count)s, %(period)s") % words,
            "kind": _(PETITION_KINDS[kind]) if kind else "",
            "back": reverse("workspace:causes") + "?" + urlencode({"ky": period.code}),
            "rows": [
                {
                    "row": row,
                    "kind": _(PETITION_KINDS.get(row.kind, row.kind)),
                    "address": reverse("portal:desk-petition", kwargs={"petition_id": row.petition_id})
                    if reads_petitions(request.by)
                    else "",
                }
                for row in page.object_list
            ],
            "older": _with(request, trang=str(page.next_page_number())) if page.has_next() else "",
            "newer": _with(request, trang=str(page.previous_page_number())) if page.has_previous() else "",
        },
    )


def reads_petitions(by: Actor) -> bool:
    """Whether the reader may open petitions themselves, at whose page they are asked again."""
    return any(by.holds(f"petition.{verb}") for verb in ("pass_on", "answer", "approve", "publish"))


@route(who="official", permission=READ_DOSSIER)
def checks(request: Request) -> HttpResponse:
    """The nightly recounts: whether the kept figures were those of the dossiers, and where they were not."""
    rows, sums = differences_found(request.by), indicator_differences(request.by)
    names = names_of({row.agency_id for row in rows} | {row.agency_id for row in sums})
    return render(
        request,
        "workspace/figure_checks.html",
        {
            "tabs": report_tabs("workspace:figure-checks"),
            "checks": last_checks(),
            "rows": [
                {
                    "found_at": row.found_at,
                    "day": row.day,
                    "agency": names.get(row.agency_id, ""),
                    "procedure": row.procedure_name,
                    "amounts": ", ".join(
                        f"{_(COLUMN_LABELS[name])}: {amount:+d}" for name, amount in row.amounts.items()
                    ),
                }
                for row in rows
            ],
            "sums": [
                {
                    "found_at": row.found_at,
                    "month": f"{row.month:%m/%Y}",
                    "agency": names.get(row.agency_id, ""),
                    "measure": _(MEASURE_LABELS[row.measure]),
                    "points": f"{row.points:+d}",
                    "cases": f"{row.cases:+d}",
                }
                for row in sums
            ],
        },
    )


# What the indicators add up of a month (``IndicatorSum``), in words.
MEASURE_LABELS = {
    "steps": N_("thời gian từng bước"),
    "supplements": N_("số lần bổ sung"),
    "publicity": N_("công khai thủ tục"),
    "attitude": N_("thái độ"),
    "papers": N_("giấy tờ số hóa"),
    "results": N_("kết quả điện tử"),
    "reused": N_("dùng lại giấy tờ"),
}
COLUMN_LABELS = {
    "received": N_("tiếp nhận"),
    "early": N_("trước hạn"),
    "on_time": N_("đúng hạn"),
    "late": N_("quá hạn"),
    "gone": N_("rút, dừng"),
    "gone_late": N_("rút, dừng khi đã quá hạn"),
    "fell_due": N_("đến ngày quá hạn"),
    "returned": N_("đã trả"),
    "refused": N_("từ chối"),
    "rated": N_("đánh giá"),
    "satisfied": N_("hài lòng"),
}

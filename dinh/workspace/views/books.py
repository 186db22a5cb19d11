"""The books: a desk's day and its closing; refunds to approve; the provider's days compared; accounts."""

import csv
import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.directory.public import get_unit
from dinh.foundation.ui.public import format_moment
from dinh.kernel.errors import NotFound, Refused
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.public import (
    APPROVE_REFUND,
    KEEP_ACCOUNTS,
    METHODS,
    READ_PAYMENTS,
    RECEIVE_DOSSIER,
    RECONCILE,
    REFUND,
    UNMATCHED_KINDS,
    access_reconciliation,
    access_refund,
    access_unmatched,
    accounts_to_keep,
    approve_refund,
    cash_book,
    claim_unmatched,
    close_day,
    compared_days,
    decline_refund,
    open_unmatched,
    payments_for_export,
    provider_in_use,
    reconcile,
    refund_lines,
    set_account,
    settle_unmatched,
    surplus_lines,
    unmatched_of,
)
from dinh.workspace.views.dossiers import status_of, str_of

__all__ = [
    "accounts",
    "approve",
    "book",
    "claim",
    "comparison",
    "comparison_export",
    "comparisons",
    "decline",
    "payments_export",
    "refunds",
    "settle",
]

MOST_WORDS = 1000
# The widest span of one export, in days.
MOST_DAYS = 366


def _day(text: str, otherwise: dt.date) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if 2000 <= day.year <= 2200 else otherwise


def _today() -> dt.date:
    return timezone.now().astimezone(VIETNAM).date()


def _whole(text: str) -> int | None:
    """A typed amount of đồng, with or without dots; None when it is none."""
    digits = text.replace(".", "").replace(" ", "").removesuffix("đ")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 13 else None


# ---- a desk's day -----------------------------------------------------------------------------


@route(who="official", permission=RECEIVE_DOSSIER)
def book(request: Request) -> HttpResponse:
    """What the desk took in on a day, by method; counting the drawer closes the day."""
    desk_id = request.by.unit_id
    if desk_id is None:
        raise NotFound
    day = _day(request.GET.get("ngay", ""), _today())
    errors: dict[str, str] = {}
    if request.method == "POST":
        counted = _whole(request.POST.get("counted", ""))
        if counted is None:
            errors["counted"] = _("Hãy ghi số tiền đếm được, chỉ gồm chữ số.")
        else:
            errors = _close(request, desk_id, day, counted)
        if not errors:
            messages.success(request, _("Đã khóa sổ quỹ ngày %(day)s.") % {"day": f"{day:%d/%m/%Y}"})
            return redirect(f"{reverse('workspace:cash-book')}?ngay={day}")
    found = cash_book(desk_id, day)
    return render(
        request,
        "workspace/cash_book.html",
        {
            "desk": get_unit(desk_id).name,
            "day": day,
            "before": day - dt.timedelta(days=1),
            "after": day + dt.timedelta(days=1) if day < _today() else None,
            "rows": [
                {"line": line, "method": _(METHODS[line.method]), "address": _fees_address(line.dossier_id)}
                for line in found.lines
            ],
            "totals": [
                (_(label), found.counts.get(method, 0), found.totals.get(method, 0))
                for method, label in METHODS.items()
            ],
            "cash": found.cash,
            "closing": found.closing,
            "may_close": day <= _today() and found.closing is None,
            "typed": request.POST,
            "errors": errors,
        },
        status=422 if errors else 200,
    )


def _close(request: Request, desk_id: UUID, day: dt.date, counted: int) -> dict[str, str]:
    note = request.POST.get("note", "")[:MOST_WORDS]
    try:
        close_day(desk_id, day=day, counted=counted, note=note, by=request.by, now=timezone.now())
    except Refused as refused:
        return {refused.field or "": str_of(refused)}
    return {}


def _fees_address(dossier_id: UUID) -> str:
    return reverse("workspace:fees", kwargs={"dossier_id": dossier_id})


# ---- refunds ----------------------------------------------------------------------------------


@route(who="official", permission=READ_PAYMENTS)
def refunds(request: Request) -> HttpResponse:
    """What waits for approval, what is on its way back, what was paid too much and nobody asked about."""
    return _refunds(request)


def _refunds(request: Request, refused: Refused | None = None, refund_id: UUID | None = None) -> HttpResponse:
    state = request.GET.get("trang-thai", "")
    lines = refund_lines(request.by, state=state if state in {one.code for one in REFUND.states} else "")
    return render(
        request,
        "workspace/refunds.html",
        {
            "rows": [
                {
                    "line": line,
                    "state": _(REFUND.label(line.state)),
                    "method": _(METHODS[line.method]),
                    "address": _fees_address(line.dossier_id),
                    "error": str_of(refused) if refused is not None and line.id == refund_id else "",
                }
                for line in lines
            ],
            "state": state,
            "state_tabs": [
                {
                    "label": _(one.label),
                    "address": f"?trang-thai={one.code}",
                    "active": state == one.code,
                }
                for one in REFUND.states
            ],
            "surpluses": [
                {
                    "code": str(row.dossier),
                    "name": row.dossier.applicant_name,
                    "agency": row.agency.name,
                    "amount": row.amount,
                    "since": row.since,
                    "address": _fees_address(row.dossier_id),
                }
                for row in surplus_lines(request.by)
            ],
            "error": str_of(refused),
            "export": f"{reverse('workspace:payments-export')}?tu={_today().replace(day=1)}&den={_today()}",
        },
        status=200 if refused is None else status_of(refused),
    )


@require_POST
@route(who="official", permission=APPROVE_REFUND)
def approve(request: Request, refund_id: UUID) -> HttpResponse:
    """Approve a refund that a colleague has asked for."""
    row = access_refund(request.by, refund_id)
    try:
        approve_refund(row, by=request.by, now=timezone.now())
    except Refused as refused:
        return _refunds(request, refused, refund_id)
    messages.success(request, _("Đã duyệt. Tiền chuyển khoản được hoàn tự động; tiền mặt trả tại quầy."))
    return redirect("workspace:refunds")


@require_POST
@route(who="official", permission=APPROVE_REFUND)
def decline(request: Request, refund_id: UUID) -> HttpResponse:
    """Decline a refund, with the reason."""
    row = access_refund(request.by, refund_id)
    reason = request.POST.get("decline-reason", "")[:MOST_WORDS]
    try:
        decline_refund(row, reason=reason, by=request.by, now=timezone.now())
    except Refused as refused:
        return _refunds(request, refused, refund_id)
    messages.success(request, _("Đã trả lời không duyệt."))
    return redirect("workspace:refunds")


# ---- comparing with the provider -----------------------------------------------------------------


@route(who="official", permission=RECONCILE)
def comparisons(request: Request) -> HttpResponse:
    """The days compared with the provider, and comparing one now."""
    error = ""
    yesterday = _today() - dt.timedelta(days=1)
    day = _day(request.POST.get("day", ""), yesterday)
    if request.method == "POST":
        try:
            made = _compare(request, day)
            return redirect("workspace:comparison", reconciliation_id=made)
        except Refused as refused:
            error = str_of(refused)
    provider = provider_in_use()
    return render(
        request,
        "workspace/comparisons.html",
        {
            "rows": [
                {"day": row, "address": reverse("workspace:comparison", kwargs={"reconciliation_id": row.pk})}
                for row in compared_days(request.by)
            ],
            "agencies": [(str(pk), name) for pk, name, account in accounts_to_keep(request.by) if account],
            "chosen": request.POST.get("agency", ""),
            "day": day,
            "open": open_unmatched(request.by),
            "provider": _(provider.label) if provider else "",
            "is_sample": provider is not None and provider.is_sample,
            "error": error,
        },
        status=409 if error else 200,
    )


def _compare(request: Request, day: dt.date) -> UUID:
    provider = provider_in_use()
    known = {str(pk): pk for pk, _name, account in accounts_to_keep(request.by) if account}
    agency_id = known.get(request.POST.get("agency", ""))
    if agency_id is None or provider is None:
        raise NotFound
    made = reconcile(agency_id, provider_code=provider.code, day=day, by=request.by, now=timezone.now())
    return made.pk


@route(who="official", permission=RECONCILE)
def comparison(request: Request, reconciliation_id: UUID) -> HttpResponse:
    """One day compared: what matched, and every difference with its owner and how it was settled."""
    return _comparison(request, reconciliation_id)


def _comparison(
    request: Request,
    reconciliation_id: UUID,
    refused: Refused | None = None,
    difference_id: UUID | None = None,
) -> HttpResponse:
    row = access_reconciliation(request.by, reconciliation_id)
    provider = provider_in_use()
    return render(
        request,
        "workspace/comparison.html",
        {
            "day": row,
            "agency": row.agency.name,
            "rows": [
                {
                    "difference": one,
                    "kind": _(UNMATCHED_KINDS[one.kind]),
                    "dossier": str(one.dossier) if one.dossier else "",
                    "address": _fees_address(one.dossier_id) if one.dossier_id else "",
                    "error": str_of(refused) if refused is not None and one.pk == difference_id else "",
                    "typed": request.POST.get(f"reason-{one.pk}", ""),
                }
                for one in unmatched_of(request.by, row)
            ],
            "error": str_of(refused),
            "place": refused.field or "" if refused is not None else "",
            "is_sample": provider is not None and provider.is_sample,
            "export": reverse("workspace:comparison-export", kwargs={"reconciliation_id": row.pk}),
        },
        status=200 if refused is None else status_of(refused),
    )


@require_POST
@route(who="official", permission=RECONCILE)
def claim(request: Request, unmatched_id: UUID) -> HttpResponse:
    """Take a difference to clear up."""
    row = access_unmatched(request.by, unmatched_id)
    claim_unmatched(row, by=request.by, now=timezone.now())
    return redirect("workspace:comparison", reconciliation_id=row.reconciliation_id)


@require_POST
@route(who="official", permission=RECONCILE)
def settle(request: Request, unmatched_id: UUID) -> HttpResponse:
    """Settle a difference with what was found out."""
    row = access_unmatched(request.by, unmatched_id)
    reason = request.POST.get(f"reason-{unmatched_id}", "")[:MOST_WORDS]
    try:
        settle_unmatched(row, reason=reason, by=request.by, now=timezone.now())
    except Refused as refused:
        return _comparison(request, row.reconciliation_id, refused, unmatched_id)
    messages.success(request, _("Đã ghi cách xử lý chênh lệch."))
    return redirect("workspace:comparison", reconciliation_id=row.reconciliation_id)


# ---- exports ------------------------------------------------------------------------------------


@route(who="official", permission=RECONCILE)
def comparison_export(request: Request, reconciliation_id: UUID) -> StreamingHttpResponse:
    """The differences of a day as CSV."""
    row = access_reconciliation(request.by, reconciliation_id)
    heading = [
        _("Loại chênh lệch"),
        _("Mã giao dịch"),
        _("Lệnh"),
        _("Mã hồ sơ"),
        _("Số tiền ở đây"),
        _("Số tiền bên thanh toán"),
        _("Người xử lý"),
        _("Cách xử lý"),
        _("Xử lý lúc"),
    ]
    lines = (
        [
            _(UNMATCHED_KINDS[one.kind]),
            one.reference,
            one.order_code,
            str(one.dossier or ""),
            "" if one.our_amount is None else str(one.our_amount),
            "" if one.their_amount is None else str(one.their_amount),
            one.owner,
            one.reason,
            format_moment(one.settled_at) if one.settled_at else "",
        ]
        for one in unmatched_of(request.by, row)
    )
    return _csv(heading, lines, f"doi-soat-{row.day}.csv")


@route(who="official", permission=READ_PAYMENTS)
def payments_export(request: Request) -> StreamingHttpResponse:
    """Payments within reach of some days as CSV."""
    until = _day(request.GET.get("den", ""), _today())
    since = max(_day(request.GET.get("tu", ""), until.replace(day=1)), until - dt.timedelta(days=MOST_DAYS))
    heading = [
        _("Nộp lúc"),
        _("Cơ quan"),
        _("Mã hồ sơ"),
        _("Người nộp"),
        _("Hình thức"),
        _("Số tiền"),
        _("Trong đó nộp thừa"),
        _("Biên lai"),
        _("Mã giao dịch"),
        _("Người thu"),
    ]
    lines = (
        [
            format_moment(row.paid_at),
            row.agency.name,
            str(row.dossier),
            row.dossier.applicant_name,
            _(METHODS[row.method]),
            str(row.amount),
            str(row.surplus),
            row.receipt.number if row.receipt else "",
            row.provider_reference,
            row.collected_by,
        ]
        for row in payments_for_export(request.by, since=since, until=until)
    )
    return _csv(heading, lines, f"khoan-thu-{since}-{until}.csv")


class _Echo:
    def write(self, value: str) -> str:
        return value


def _csv(heading: list[str], lines: Iterator[list[str]], name: str) -> StreamingHttpResponse:
    """A table as CSV (UTF-8 with BOM, so that spreadsheets read the diacritics), streamed."""
    writer = csv.writer(_Echo())

    def stream() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(heading)
        for line in lines:
            yield writer.writerow([_safe(value) for value in line])

    return StreamingHttpResponse(
        stream(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _safe(value: str) -> str:
    """A value that a spreadsheet would take for a formula is written as text; numbers stay numbers."""
    is_number = value.removeprefix("-").isdecimal()
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") and not is_number else value


# ---- accounts -----------------------------------------------------------------------------------


@route(who="official", permission=KEEP_ACCOUNTS)
def accounts(request: Request) -> HttpResponse:
    """Into which bank account each agency's fees are paid."""
    errors: dict[str, str] = {}
    rows = accounts_to_keep(request.by)
    chosen = request.POST.get("agency", request.GET.get("co-quan", str(rows[0][0]) if rows else ""))
    current = next((account for pk, _name, account in rows if str(pk) == chosen), None)
    typed = {
        name: request.POST.get(name, getattr(current, name, "") if current else "")
        for name in ("bank_bin", "bank_name", "number", "holder")
    }
    if request.method == "POST":
        agency_id = next((pk for pk, _name, _account in rows if str(pk) == chosen), None)
        if agency_id is None:
            raise NotFound
        try:
            given = {name: " ".join(value.split())[:200] for name, value in typed.items()}
            set_account(agency_id, **given, by=request.by, now=timezone.now())
            messages.success(request, _("Đã lưu tài khoản thu phí."))
            return redirect(f"{reverse('workspace:accounts')}?co-quan={agency_id}")
        except Refused as refused:
            errors[refused.field or ""] = str_of(refused)
    return render(
        request,
        "workspace/accounts.html",
        {
            "rows": [
                {"name": name, "account": account, "address": f"?co-quan={pk}#khai"}
                for pk, name, account in rows
            ],
            "agency": chosen,
            "choices": [(str(pk), name) for pk, name, _account in rows],
            "typed": typed,
            "errors": errors,
        },
        status=422 if errors else 200,
    )

"""Money of a dossier at the desk: what is owed, taking it, exemptions, orders by VietQR, giving back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route, system
from dinh.foundation.files.public import respond
from dinh.foundation.ui.public import qr_picture
from dinh.kernel.errors import Refused
from dinh.onestop.public import (
    DUE_WORDS,
    METHODS,
    ORDER,
    READ_DOSSIER,
    RECEIVE_DOSSIER,
    REFUND,
    access_dossier,
    access_order,
    account_of,
    address_to_pay,
    ask_about_order,
    ask_order,
    ask_refund,
    claim_file,
    collect_fees,
    decide_exemption,
    fee_account,
    hand_out_refund,
    provider_in_use,
    qr_text,
)
from dinh.workspace.views.dossiers import status_of, str_of

__all__ = ["collect", "decide", "fees", "give_back", "hand_out", "order", "proof", "show_code"]

# The most characters of a reason.
MOST_WORDS = 1000


@route(who="official", permission=READ_DOSSIER)
def fees(request: Request, dossier_id: UUID) -> HttpResponse:
    """The account of a dossier: every fee with its reckoning, payments, receipts, refunds, and what to do."""
    return _show(request, dossier_id)


def _show(request: Request, dossier_id: UUID, refused: Refused | None = None) -> HttpResponse:
    row = access_dossier(request.by, dossier_id)
    account = fee_account(row, by=request.by)
    provider = provider_in_use()
    return render(
        request,
        "workspace/fees.html",
        {
            "code": str(row),
            "name": row.applicant_name,
            "procedure": row.procedure.short_name,
            "dossier_id": row.id,
            "is_accepted": row.accepted_at is not None,
            "account": account,
            "fees": [_fee(fee) for fee in account.fees],
            "payments": [_payment(payment) for payment in account.payments],
            "refunds": [
                {"line": refund, "state": _(REFUND.label(refund.state)), "method": _(METHODS[refund.method])}
                for refund in account.refunds
            ],
            "claim": account.claim,
            "shows_code": provider is not None and account.may_pay_from_afar,
            "error": str_of(refused),
            "place": refused.field or "" if refused is not None else "",
            "typed": request.POST,
        },
        status=200 if refused is None else status_of(refused),
    )


def _fee(fee: Any) -> dict[str, Any]:
    return {
        "name": fee.name,
        "amount": fee.amount,
        "lines": " ".join(_(text) % values for text, values in fee.lines),
        "due": _(DUE_WORDS[fee.due]),
        "paid_at": fee.paid_at,
        "voided": fee.voided_at is not None,
    }


def _payment(payment: Any) -> dict[str, Any]:
    return {
        "amount": payment.amount,
        "surplus": payment.surplus,
        "method": _(METHODS[payment.method]),
        "paid_at": payment.paid_at,
        "by": payment.collected_by,
        "reference": payment.reference,
        "number": payment.receipt_number,
        "receipt": reverse("workspace:paper-file", kwargs={"paper_id": payment.receipt_id})
        if payment.receipt_ready
        else "",
    }


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def collect(request: Request, dossier_id: UUID) -> HttpResponse:
    """Take all that is owed: in cash, or what the postal service collected and handed over."""
    row = access_dossier(request.by, dossier_id)
    method = "post" if request.POST.get("method") == "post" else "cash"
    try:
        collect_fees(row, method=method, by=request.by, now=timezone.now())
    except Refused as refused:
        return _show(request, dossier_id, refused)
    taken = _("Đã thu tiền mặt.") if method == "cash" else _("Đã ghi tiền do bưu chính chuyển.")
    messages.success(request, f"{taken} {_('Biên lai có chữ ký số đang lập.')}")
    return redirect("workspace:fees", dossier_id=dossier_id)


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def show_code(request: Request, dossier_id: UUID) -> HttpResponse:
    """Make an order and show its VietQR code to whoever stands at the counter."""
    row = access_dossier(request.by, dossier_id)
    try:
        asked = ask_order(row, method="qr", by=request.by, now=timezone.now())
    except Refused as refused:
        return _show(request, dossier_id, refused)
    return redirect("workspace:order", order_id=asked.id)


@route(who="official", permission=READ_DOSSIER)
def order(request: Request, order_id: UUID) -> HttpResponse:
    """One order with its code; pressed, the provider is asked whether the money has arrived."""
    row = access_order(request.by, order_id)
    refused = None
    if request.method == "POST":
        try:
            ask_about_order(row, by=system("workspace.order"), now=timezone.now())
        except Refused as away:
            refused = away
        row = access_order(request.by, order_id)
    text = qr_text(row) if row.state == "open" else ""
    provider = provider_in_use()
    is_sample = provider is not None and provider.is_sample
    label = _("Mã VietQR chuyển khoản phí, lệ phí của hồ sơ %(code)s") % {"code": row.content}
    return render(
        request,
        "workspace/order.html",
        {
            "code": str(row.dossier),
            "dossier_id": row.dossier_id,
            "order_code": row.code,
            "state": row.state,
            "state_label": _(ORDER.label(row.state)),
            "amount": row.amount,
            "content": row.content,
            "account": account_of(row.dossier.agency_id),
            "expires_at": row.expires_at,
            "qr": qr_picture(text, label) if text else "",
            "is_sample": is_sample,
            "pay_address": address_to_pay(row, back_to=request.path) if is_sample and text else "",
            "asked": request.method == "POST",
            "here_address": request.path,
            "error": str_of(refused),
        },
        status=200 if refused is None else status_of(refused),
    )


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def decide(request: Request, dossier_id: UUID) -> HttpResponse:
    """Confirm or deny an exemption that the applicant claims."""
    row = access_dossier(request.by, dossier_id)
    is_confirmed = request.POST.get("decision") == "confirm"
    reason = request.POST.get("exemption-reason", "")[:MOST_WORDS]
    try:
        decide_exemption(row, is_confirmed=is_confirmed, reason=reason, by=request.by, now=timezone.now())
    except Refused as refused:
        return _show(request, dossier_id, refused)
    said = (
        _("Đã xác nhận miễn, giảm; phí được tính lại.") if is_confirmed else _("Đã trả lời không miễn, giảm.")
    )
    messages.success(request, said)
    return redirect("workspace:fees", dossier_id=dossier_id)


@route(who="official", permission=READ_DOSSIER)
def proof(request: Request, dossier_id: UUID) -> HttpResponseBase:
    """The paper that proves an exemption."""
    return respond(claim_file(request.by, dossier_id), inline=True, request=request)


@require_POST
@route(who="official", permission=READ_DOSSIER)
def give_back(request: Request, dossier_id: UUID) -> HttpResponse:
    """Ask to give back what was paid too much."""
    row = access_dossier(request.by, dossier_id)
    reason = request.POST.get("refund-reason", "")[:MOST_WORDS]
    try:
        ask_refund(row, reason=reason, by=request.by, now=timezone.now())
    except Refused as refused:
        return _show(request, dossier_id, refused)
    messages.success(request, _("Đã đề nghị hoàn. Kế toán của cơ quan duyệt rồi tiền được hoàn."))
    return redirect("workspace:fees", dossier_id=dossier_id)


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def hand_out(request: Request, dossier_id: UUID, refund_id: UUID) -> HttpResponse:
    """Hand out an approved refund in cash."""
    row = access_dossier(request.by, dossier_id)
    try:
        hand_out_refund(row, refund_id=refund_id, by=request.by, now=timezone.now())
    except Refused as refused:
        return _show(request, dossier_id, refused)
    messages.success(request, _("Đã trả lại tiền mặt."))
    return redirect("workspace:fees", dossier_id=dossier_id)

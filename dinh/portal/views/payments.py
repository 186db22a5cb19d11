"""Paying: what is owed and why, online or by VietQR; the provider's notices; the sample provider's page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route, system
from dinh.foundation.ui.public import qr_picture
from dinh.kernel.errors import NotFound, Refused
from dinh.onestop.public import (
    DUE_WORDS,
    METHODS,
    ORDER,
    REFUND,
    NothingToPay,
    NoticeForged,
    NoticeUnreadable,
    access_dossier,
    access_order,
    account_of,
    address_to_pay,
    ask_about_order,
    ask_order,
    fee_account,
    order_by_code,
    pay_at_sample_bank,
    provider_in_use,
    qr_text,
    received_for,
    take_notice,
)
from dinh.portal.views.screen import sentence, show

__all__ = ["account_values", "fees", "notice", "order", "sample_bank"]


@route(who="citizen")
def fees(request: Request, dossier_id: UUID) -> HttpResponse:
    """What a dossier costs, line by line; what was paid; the ways to pay the rest."""
    row = access_dossier(request.by, dossier_id)
    error = ""
    if request.method == "POST":
        try:
            asked = ask_order(row, method=request.POST.get("method", ""), by=request.by, now=timezone.now())
            if asked.method == "qr":
                return redirect("portal:order", dossier_id=row.id, order_id=asked.id)
            back_to = reverse("portal:order", kwargs={"dossier_id": row.id, "order_id": asked.id})
            return redirect(address_to_pay(asked, back_to=back_to))
        except NothingToPay:
            messages.info(request, _("Hồ sơ này đã nộp đủ phí, lệ phí."))
            return redirect("portal:fees", dossier_id=row.id)
        except Refused as refused:
            error = sentence(refused)
    provider = provider_in_use()
    account = fee_account(row, by=request.by)
    return show(
        request,
        "fees.html",
        {
            "code": str(row),
            "name": row.procedure.short_name,
            "desk": row.reception_unit.name,
            "back": reverse("portal:dossier", kwargs={"dossier_id": row.id}),
            "account": account_values(account),
            "pays_online": provider is not None and account.may_pay_from_afar and account.missing > 0,
            "provider": _(provider.label) if provider else "",
            "is_sample_provider": provider is not None and provider.is_sample,
            "error": error,
        },
        status=409 if error else 200,
    )


def account_values(account: Any) -> dict[str, Any]:
    """A dossier's account as templates show it: sentences said, states in words."""
    return {
        "fees": [
            {
                "name": fee.name,
                "amount": fee.amount,
                "full": fee.full,
                "lines": [_(text) % values for text, values in fee.lines],
                "due": _(DUE_WORDS[fee.due]),
                "paid_at": fee.paid_at,
                "voided": fee.voided_at is not None,
            }
            for fee in account.fees
        ],
        "payments": [
            {
                "amount": payment.amount,
                "surplus": payment.surplus,
                "method": _(METHODS[payment.method]),
                "paid_at": payment.paid_at,
                "number": payment.receipt_number,
                "receipt": reverse("portal:paper-file", kwargs={"paper_id": payment.receipt_id})
                if payment.receipt_ready
                else "",
            }
            for payment in account.payments
        ],
        "refunds": [
            {
                "amount": refund.amount,
                "state": refund.state,
                "state_label": _(REFUND.label(refund.state)),
                "method": refund.method,
                "asked_at": refund.asked_at,
                "done_at": refund.done_at,
                "note": refund.decision_note,
            }
            for refund in account.refunds
        ],
        "claim": account.claim,
        "owed": account.owed,
        "paid": account.paid,
        "refunded": account.refunded,
        "missing": account.missing,
        "surplus": account.surplus,
    }


@route(who="citizen")
def order(request: Request, dossier_id: UUID, order_id: UUID) -> HttpResponse:
    """One order: the VietQR code to pay it, and whether the money has arrived; pressed, the bank is asked."""
    row = access_order(request.by, order_id)
    if row.dossier_id != dossier_id:
        raise NotFound
    if row.state == "paid" and request.headers.get("HX-Request"):
        # Nothing of the page may go on inviting to pay.
        return HttpResponse(headers={"HX-Refresh": "true"})
    error = ""
    if request.method == "POST":
        try:
            ask_about_order(row, by=system("portal.order"), now=timezone.now())
        except Refused as refused:
            error = sentence(refused)
        row = access_order(request.by, order_id)
    text = qr_text(row) if row.method == "qr" and row.state == "open" else ""
    account = account_of(row.dossier.agency_id)
    provider = provider_in_use()
    is_sample = provider is not None and provider.is_sample
    return show(
        request,
        "order.html",
        {
            "code": str(row.dossier),
            "name": row.dossier.procedure.short_name,
            "state": row.state,
            "state_label": _(ORDER.label(row.state)),
            "amount": row.amount,
            "received": received_for(row),
            "content": row.content,
            "account": account,
            "expires_at": row.expires_at,
            "qr": qr_picture(
                text, _("Mã VietQR chuyển khoản phí, lệ phí của hồ sơ %(code)s") % {"code": row.content}
            )
            if text
            else "",
            "is_sample": is_sample,
            "pay_address": address_to_pay(row, back_to=request.path)
            if is_sample and row.state == "open"
            else "",
            "back": reverse("portal:fees", kwargs={"dossier_id": dossier_id}),
            "here_address": request.path,
            "asked": request.method == "POST",
            "error": error,
        },
    )


@csrf_exempt
@require_POST
@route(who="everyone")
def notice(request: Request, provider: str) -> JsonResponse:
    """A payment provider's signed notice. The signature is the only right to speak here.

    Taken again it changes nothing and is answered the same way, so the provider stops sending it.
    """
    by, now = system("portal.notice", request_id=request.by.request_id), timezone.now()
    try:
        taken = take_notice(
            provider[:40], request.body, request.headers.get("X-Signature", "")[:200], by=by, now=now
        )
    except NoticeForged:
        return JsonResponse({"status": "forged"}, status=403)
    except NoticeUnreadable:
        return JsonResponse({"status": "unreadable"}, status=400)
    except Refused:
        return JsonResponse({"status": "no such provider"}, status=404)
    return JsonResponse({"status": taken})


# ---- the sample provider -----------------------------------------------------------------------

# What the sample provider can be made to do: how many notices it sends.
_NOTICES = {"once": 1, "thrice": 3, "never": 0}


@route(who="signed_in")
def sample_bank(request: Request, order_code: str) -> HttpResponse:
    """The sample provider's own page: stands for a bank outside and moves no money, as it says itself."""
    row = order_by_code(request.by, order_code[:40])
    provider = provider_in_use()
    if provider is None or not provider.is_sample:
        raise NotFound
    if request.by.kind == "citizen":
        back_to = reverse("portal:order", kwargs={"dossier_id": row.dossier_id, "order_id": row.id})
    else:
        # The clerk's own page of the order, by its address: a room beside this one has it.
        back_to = f"/lam-viec/lenh/{row.id}/"
    errors: dict[str, str] = {}
    typed = request.POST.get("amount", "").replace(".", "").strip()
    if request.method == "POST":
        if "cancel" in request.POST:
            return redirect(back_to)
        amount = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 12 else 0
        if amount <= 0:
            errors["amount"] = _("Hãy ghi số tiền lớn hơn 0, chỉ gồm chữ số.")
        else:
            notices = _NOTICES.get(request.POST.get("notices", ""), 1)
            pay_at_sample_bank(row, amount=amount, notices=notices, by=request.by, now=timezone.now())
            return redirect(back_to)
    return show(
        request,
        "sample_bank.html",
        {
            "code": row.code,
            "content": row.content,
            "amount": typed or row.amount,
            "holder": getattr(account_of(row.dossier.agency_id), "holder", ""),
            "is_paid": row.state == "paid",
            "ways": [
                ("once", _("Báo có một lần, như thường lệ")),
                ("thrice", _("Báo có ba lần")),
                ("never", _("Không báo có (cổng phải tự hỏi lại)")),
            ],
            "chosen": request.POST.get("notices", "once"),
            "errors": errors,
            "back": back_to,
        },
        status=422 if errors else 200,
    )

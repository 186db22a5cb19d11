"""Filing for a business or a relative: whom one stands for, who stands for oneself, and the end of either."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import (
    PAPERS,
    Held,
    held,
    hold,
    respond,
    size_in_words,
    store,
)
from dinh.kernel.dates import read_date
from dinh.kernel.errors import N_, Refused
from dinh.onestop.public import (
    PROOF_MISSING,
    REPRESENTED_KINDS,
    PartyWrong,
    access_proof,
    access_representation,
    begin_representation,
    check_party,
    confirms,
    end_representation,
    has_registry,
    look_up_party,
    relations_of,
    representations_of,
)
from dinh.portal.access import own_tabs
from dinh.portal.views.screen import held_values, plain_text, sentence, show
from dinh.sso.public import kept_values

if TYPE_CHECKING:
    from dinh.onestop.public import RepresentationCard

__all__ = ["add", "end", "proof_file", "represented", "standing_parties"]

_FIELDS = ("kind", "relation", "name", "identity", "phone", "email", "address")
_STATES = {
    "standing": (N_("Đang đại diện"), "good"),
    "expired": (N_("Hết hạn"), "bad"),
    "ended": (N_("Đã chấm dứt"), "neutral"),
}


@never_cache
@route(who="citizen")
def represented(request: Request) -> HttpResponse:
    """Whom the citizen stands for, and who stands for the citizen."""
    rows = representations_of(request.by, today=timezone.localdate())
    return show(
        request,
        "representation.html",
        {
            "tabs": own_tabs(request.path),
            "mine": [_row(card) for card in rows if card.is_mine],
            "others": [_row(card) for card in rows if not card.is_mine],
            "add": reverse("portal:representation-add"),
        },
    )


def _row(card: "RepresentationCard") -> dict[str, Any]:
    label, tone = _STATES[card.state]
    return {
        "name": card.name if card.is_mine else card.representative,
        "identity": card.identity if card.is_mine else "",
        "kind": _(card.kind),
        "relation": _(card.relation),
        "state": _(label),
        "tone": tone,
        "until_on": card.until_on,
        "begun_at": card.begun_at,
        "ended_at": card.ended_at,
        "ended_by": card.ended_by,
        "proof": card.proof.name if card.proof is not None else "",
        "proof_address": reverse("portal:representation-proof", kwargs={"representation_id": card.id}),
        "confirmed_at": card.confirmed_at,
        "end": reverse("portal:representation-end", kwargs={"representation_id": card.id})
        if card.ended_at is None
        else "",
    }


def standing_parties(request: Request) -> list[tuple[str, str]]:
    """Return ``(id, words)`` of those for whom the citizen may file today."""
    rows = representations_of(request.by, today=timezone.localdate())
    return [
        (str(card.id), f"{card.name} ({_(card.relation)})")
        for card in rows
        if card.is_mine and card.state == "standing"
    ]


@never_cache
@route(who="citizen")
def add(request: Request) -> HttpResponse:
    """Declare for whom one stands, in what quality, and with which paper."""
    errors: dict[str, str] = {}
    typed: Any = kept_values(request) or {}
    proof: Held | None = None
    if request.method == "POST":
        typed = request.POST
        proof, refused = _proof(request)
        errors = {} if "remove" in typed else {"proof": refused} if refused else _begin(request, proof)
        if not errors and "remove" not in typed:
            messages.success(
                request, _("Đã ghi nhận. Từ nay Ông/Bà chọn được bên này khi bắt đầu nộp hồ sơ.")
            )
            return redirect("portal:represented")
    kind = typed.get("kind", "")
    return show(
        request,
        "representation_add.html",
        {
            "typed": {name: typed.get(name, "") for name in (*_FIELDS, "until_on")},
            "kinds": [(code, _(label)) for code, label in REPRESENTED_KINDS.items()],
            "relations": [
                (code, f"{_(label)[0].upper()}{_(label)[1:]}")
                for each in REPRESENTED_KINDS
                if kind in ("", each)
                for code, label in relations_of(each)
            ],
            "errors": errors,
            "may_be_confirmed": has_registry("enterprise"),
            "limit": size_in_words(settings.FILE_SIZE_LIMIT),
            "files": [held_values(proof)] if proof is not None else [],
        },
        status=422 if errors else 200,
    )


def _proof(request: Request) -> tuple[Held | None, str]:
    """The paper that was chosen now, or with an earlier try; and why it was refused."""
    place = f"representation/{request.by.account_id}"
    upload = request.FILES.get("proof")
    if upload is None:
        kept = held(place, request.POST.getlist("kept"))
        return next((one for one in kept if one.token != request.POST.get("remove")), None), ""
    try:
        file = store(upload, name=upload.name or "", by=request.by, limits=PAPERS)
    except Refused as refused:
        return None, sentence(refused)
    return hold(place, "proof", file.id), ""


def _begin(request: Request, proof: Held | None) -> dict[str, str]:
    """Declare, or return what is wrong at which place."""
    party = {name: plain_text(request.POST.get(name), most=300) for name in _FIELDS}
    party["identity"] = party["identity"].replace(" ", "")
    written = plain_text(request.POST.get("until_on"), most=20)
    until_on = read_date(written)
    if written and until_on is None:
        return {
            "until_on": _("Ngày chưa đúng. Hãy nhập như 31/12/2026, hoặc để trống nếu không có thời hạn.")
        }
    wrong = check_party(party, until_on=until_on, today=timezone.localdate())
    errors = {name: sentence(one) for name, one in wrong.items()}
    asks = may_be_confirmed(party)
    if proof is None and not asks:
        errors["proof"] = _(PROOF_MISSING)
    if errors:
        return errors
    check, said = _ask_registry(request, party) if asks else (None, "")
    if proof is None and said:
        return {"proof": said}
    try:
        begin_representation(
            party,
            proof_id=proof.file_id if proof is not None else None,
            until_on=until_on,
            check_id=check,
            by=request.by,
            now=timezone.now(),
        )
    except PartyWrong as refused:
        return {name: sentence(one) for name, one in refused.errors.items()}
    return {}


def may_be_confirmed(party: Mapping[str, str]) -> bool:
    """Whether the enterprise registry can say that somebody stands for the party."""
    return (party["kind"], party["relation"]) == ("business", "legal") and has_registry("enterprise")


def _ask_registry(request: Request, party: Mapping[str, str]) -> tuple[UUID | None, str]:
    """Ask whether the citizen represents the enterprise: the question, and why a paper is needed yet."""
    try:
        check = look_up_party(party["identity"], party["name"], by=request.by, now=timezone.now())
    except Refused as refused:
        return None, f"{sentence(refused)} {_(PROOF_MISSING)}"
    if confirms(check, by=request.by):
        return check.pk, ""
    if check.record:
        said = _("Cơ sở dữ liệu đăng ký doanh nghiệp không ghi Ông/Bà là người đại diện đang có hiệu lực.")
    elif check.state == "unknown":
        said = _("Cơ sở dữ liệu đăng ký doanh nghiệp không có mã số này.")
    else:
        said = _("Cơ sở dữ liệu đăng ký doanh nghiệp chưa trả lời được.")
    return check.pk, f"{said} {_(PROOF_MISSING)}"


@require_POST
@route(who="citizen")
def end(request: Request, representation_id: UUID) -> HttpResponse:
    """End a representation, as either of its sides."""
    row = access_representation(request.by, representation_id)
    end_representation(row, by=request.by, now=timezone.now())
    messages.success(
        request, _("Đã chấm dứt việc đại diện. Người đại diện không còn xem được hồ sơ liên quan.")
    )
    return redirect("portal:represented")


@route(who="citizen")
def proof_file(request: Request, representation_id: UUID) -> HttpResponseBase:
    """The paper that proves a representation, for either of its sides."""
    return respond(access_proof(request.by, representation_id), inline=True, request=request)

"""Screens on which a key is given to who has none: a sample certificate, or a key in the token."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.signing.public import (
    MANAGE_KEYS,
    KeyOwner,
    Owner,
    issue_sample_key,
    owner_of_kind,
    owners_named,
    register_token_key,
)
from dinh.kernel.errors import N_, NotFound, Refused

__all__ = ["choose", "issue_sample", "owner", "register"]

KINDS = {"person": N_("Cá nhân"), "agency": N_("Cơ quan"), "desk": N_("Bộ phận một cửa, hệ thống")}
MOST_BYTES = 64 * 1024


@never_cache
@require_GET
@route(who="official", permission=MANAGE_KEYS)
def choose(request: Request) -> HttpResponse:
    """Find whom to give a key: a person in office, an agency, a one-stop desk."""
    words = request.GET.get("q", "").strip()[:100]
    found = owners_named(request.by, words, now=timezone.now())
    rows = [
        {
            "owner": one,
            "kind": _(KINDS[one.kind]),
            "address": _address(one),
            "key": reverse("signing:key", kwargs={"key_id": one.key_id}) if one.key_id else "",
        }
        for one in found
    ]
    return render(request, "signing/choose.html", {"q": words, "rows": rows})


def _address(one: Owner) -> str:
    return reverse("signing:issue-owner", kwargs={"kind": one.kind, "owner_id": one.id})


@never_cache
@require_GET
@route(who="official", permission=MANAGE_KEYS)
def owner(request: Request, kind: str, owner_id: UUID) -> HttpResponse:
    """Whom the key is for, and how it can be given."""
    return _show(request, kind, owner_id)


def _show(
    request: Request, kind: str, owner_id: UUID, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    one = owner_of_kind(request.by, kind, owner_id, now=timezone.now())
    place = refused.field if refused and refused.field in ("reference", "certificate") else ""
    said = refused.said(_) if refused else ""
    return render(
        request,
        "signing/issue.html",
        {
            "owner": one,
            "kind": _(KINDS[one.kind]),
            "key": reverse("signing:key", kwargs={"key_id": one.key_id}) if one.key_id else "",
            "is_sample_province": settings.IS_SAMPLE,
            "has_token": bool(settings.SIGNING_PKCS11_MODULE),
            "faults": {place: said} if said else {},
            "errors": {"reference": "", "certificate": "", place: said},
            "typed": request.POST.get("reference", "")[:200],
        },
        status=status,
    )


@require_POST
@route(who="official", permission=MANAGE_KEYS)
def issue_sample(request: Request, kind: str, owner_id: UUID) -> HttpResponse:
    """Make a key in the sealed store and let the sample authority certify it."""
    now = timezone.now()
    try:
        key = issue_sample_key(_key_owner(request, kind, owner_id), by=request.by, now=now)
    except Refused as refused:
        return _refused(request, kind, owner_id, refused)
    messages.success(request, _("Đã cấp chứng thư mẫu, không có giá trị pháp lý."))
    return redirect("signing:key", key_id=key.pk)


@require_POST
@route(who="official", permission=MANAGE_KEYS)
def register(request: Request, kind: str, owner_id: UUID) -> HttpResponse:
    """Take note of a certificate whose key lies in the token."""
    now = timezone.now()
    try:
        key = register_token_key(
            _key_owner(request, kind, owner_id),
            reference=request.POST.get("reference", "").strip()[:200],
            certificate=_sent(request, "certificate"),
            chain=_sent(request, "chain"),
            by=request.by,
            now=now,
        )
    except Refused as refused:
        return _refused(request, kind, owner_id, refused)
    messages.success(request, _("Đã đăng ký chứng thư. Chủ thể ký được bằng khóa trong thiết bị từ bây giờ."))
    return redirect("signing:key", key_id=key.pk)


def _sent(request: HttpRequest, name: str) -> bytes:
    given = request.FILES.get(name)
    return given.read(MOST_BYTES + 1) if given is not None else b""


def _key_owner(request: Request, kind: str, owner_id: UUID) -> KeyOwner:
    one = owner_of_kind(request.by, kind, owner_id, now=timezone.now())
    return KeyOwner(
        kind=one.kind,  # type: ignore[arg-type] # one of the three, or it was not found
        id=one.id,
        name=one.name,
        agency=one.agency,
        title=one.title,
        unit=one.unit,
        identity=one.identity,
    )


def _refused(request: Request, kind: str, owner_id: UUID, refused: Refused) -> HttpResponse:
    if isinstance(refused, NotFound):
        raise refused
    return _show(request, kind, owner_id, refused=refused, status=422 if refused.field else 409)

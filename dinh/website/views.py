"""Health for machines and for people, and the figures."""

import hmac
import ipaddress

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from dinh.foundation.actions.public import Request, read_pulse, route
from dinh.foundation.directory.public import MANAGE_ROLES
from dinh.foundation.ui.public import file_size, format_number
from dinh.kernel.errors import NotFound
from dinh.website.health import Check, Finding, examine, free_disk_mb
from dinh.website.metrics import exposition
from dinh.website.permissions import SEE_HEALTH

__all__ = ["health_page", "live", "metrics", "ready"]


@route(who="everyone")
@never_cache
def live(request: Request) -> JsonResponse:
    """The process answers. Asks nothing else, so that no restart follows from somebody else's trouble."""
    return JsonResponse({"status": "live"})


@route(who="everyone")
@never_cache
def ready(request: Request) -> JsonResponse:
    """Whether traffic may come: 503 when a vital part is missing; what else is unwell is only said.

    Reasons are not given here: anyone may ask.
    """
    findings = examine()
    checks = {
        check.code: "ok" if finding.is_well else "failed"
        for check, finding in findings
        if check.weight != "advice"
    }
    status = _status(findings)
    return JsonResponse({"status": status, "checks": checks}, status=503 if status == "unready" else 200)


@route(who="official", permission=SEE_HEALTH)
@never_cache
def health_page(request: Request) -> HttpResponse:
    """The same checks in words, with what to do, for whoever runs the province."""
    findings = examine()
    return render(
        request,
        "website/health.html",
        {
            "status": _status(findings),
            "checks": [_in_words(check, finding) for check, finding in findings],
            "figures": _figures(),
            "may_define_roles": MANAGE_ROLES.may(request.by, None),
            "looked_at": timezone.now(),
        },
    )


@route(who="everyone")
@never_cache
def metrics(request: Request) -> HttpResponse:
    """Figures for Prometheus: to this machine itself, or to who shows DINH_METRICS_TOKEN."""
    if not _may_read_metrics(request):
        raise NotFound
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read_metrics(request: Request) -> bool:
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "")
        return hmac.compare_digest(shown.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # A proxy on this machine makes everyone look local; it says so in these headers.
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _status(findings: list[tuple[Check, Finding]]) -> str:
    failed = {check.weight for check, finding in findings if not finding.is_well} - {"advice"}
    if "vital" in failed:
        return "unready"
    return "degraded" if failed else "ready"


def _in_words(check: Check, finding: Finding) -> dict[str, object]:
    return {
        "label": _(check.label),
        "is_well": finding.is_well,
        "advice": _(finding.advice) % dict(finding.params) if finding.advice else "",
    }


def _figures() -> list[tuple[str, str]]:
    pulse = read_pulse()
    jobs = {"todo": _("Việc đang chờ"), "doing": _("Việc đang chạy"), "failed": _("Việc thất bại")}
    messages = {"waiting": _("Tin chờ gửi"), "dead": _("Tin không gửi được")}
    return [
        *((label, format_number(pulse.jobs.get(state, 0))) for state, label in jobs.items()),
        *((label, format_number(pulse.messages.get(state, 0))) for state, label in messages.items()),
        (_("Dòng nhật ký chưa niêm phong"), format_number(pulse.entries_unsealed)),
        (_("Ổ đĩa còn trống"), file_size(free_disk_mb() * 2**20)),
    ]

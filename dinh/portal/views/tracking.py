"""How far a dossier is, for anyone with its code: the code and five marks, nothing of whose it is."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from dinh.foundation.actions.public import Request, route
from dinh.kernel.errors import NotFound
from dinh.onestop.public import track
from dinh.portal.views.dossiers import marks_of
from dinh.portal.views.screen import code_in, sentence, show
from dinh.sso.public import TooManyLookups, count_lookup

__all__ = ["track_dossier"]


@never_cache
@route(who="everyone")
def track_dossier(request: Request) -> HttpResponse:
    """Track by code (TT 01/2018/TT-VPCP, Art. 16.2); guesses are slowed down by address."""
    code = code_in(request.GET.get("ma"))
    values: dict[str, Any] = {"code": code, "error": "", "progress": None, "marks": []}
    if not code:
        return show(request, "track.html", values)
    try:
        count_lookup(request, "tracking", now=timezone.now())
        progress = track(code)
    except TooManyLookups as refused:
        response = show(request, "track.html", {**values, "error": sentence(refused)}, status=429)
        response.headers["Retry-After"] = str(refused.seconds)
        return response
    except NotFound:
        error = _(
            "Không tìm thấy hồ sơ có mã này. Hãy xem lại mã trên xác nhận nộp hồ sơ hoặc giấy tiếp nhận,"
            " ví dụ YC-AB2CD-3EF4G hoặc H99.31-261116-0001."
        )
        return show(request, "track.html", {**values, "error": error}, status=404)
    return show(request, "track.html", {**values, "progress": progress, "marks": marks_of(progress)})

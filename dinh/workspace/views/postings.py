"""Which procedures hang at the desk: noted by the desk, counted by indicator 6."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dinh.foundation.actions.public import Request, route
from dinh.kernel.dates import read_date
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.onestop.public import RECEIVE_DOSSIER, access_version_in_force, post_up, posting_lines
from dinh.workspace.views.dossiers import str_of

__all__ = ["note_posting", "postings"]


@require_GET
@route(who="official", permission=RECEIVE_DOSSIER)
def postings(request: Request) -> HttpResponse:
    """The procedures of the desk, those that do not hang there first."""
    return _show(request)


def _show(
    request: Request, *, refused: Refused | None = None, at: UUID | None = None, status: int = 200
) -> HttpResponse:
    lines = posting_lines(request.by)
    return render(
        request,
        "workspace/postings.html",
        {
            "rows": lines,
            "missing": sum(line.posted_on is None for line in lines),
            "today": timezone.localdate(),
            "error": str_of(refused),
            "at": at,
            "typed": request.POST.get("ngay", ""),
        },
        status=status,
    )


@require_POST
@route(who="official", permission=RECEIVE_DOSSIER)
def note_posting(request: Request, version_id: UUID) -> HttpResponse:
    """Note the day on which a version was posted up."""
    if request.by.unit_id is None:
        raise NotFound
    try:
        day = read_date(request.POST.get("ngay", ""))
        if day is None:
            raise Refused(N_("Ngày niêm yết chưa đúng. Hãy ghi ngày/tháng/năm."), field="ngay")
        version = access_version_in_force(version_id)
        post_up(request.by.unit_id, version, posted_on=day, by=request.by, now=timezone.now())
    except NotFound:
        raise
    except Refused as refused:
        return _show(request, refused=refused, at=version_id, status=422)
    messages.success(request, _("Đã ghi nhận niêm yết."))
    return redirect("workspace:postings")

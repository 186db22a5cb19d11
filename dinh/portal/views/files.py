"""Files of one's own drafts and dossiers, each reached only through the thing it belongs to."""

from uuid import UUID

from django.http import HttpResponseBase

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import respond
from dinh.onestop.public import access_draft_file, access_paper_file, access_part_file, access_result_file

__all__ = ["draft_file", "paper_file", "part_file", "result_file"]


@route(who="citizen")
def draft_file(request: Request, draft_file_id: UUID) -> HttpResponseBase:
    """A file that was uploaded and not sent yet."""
    return respond(access_draft_file(request.by, draft_file_id), inline=True, request=request)


@route(who="citizen")
def part_file(request: Request, part_id: UUID) -> HttpResponseBase:
    """A paper of an own dossier."""
    return respond(access_part_file(request.by, part_id), inline=True, request=request)


@route(who="citizen")
def paper_file(request: Request, paper_id: UUID) -> HttpResponseBase:
    """A paper that the desk issued: proof, receipt, request, refusal."""
    return respond(access_paper_file(request.by, paper_id), inline=True, request=request)


@route(who="citizen")
def result_file(request: Request, dossier_id: UUID) -> HttpResponseBase:
    """The signed result, to keep."""
    return respond(access_result_file(request.by, dossier_id), inline=False, request=request)

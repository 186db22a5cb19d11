"""Files of one's own drafts and dossiers, each reached only through the thing it belongs to."""

from uuid import UUID

from django.http import HttpResponseBase

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import respond
from dinh.kernel.errors import NotFound
from dinh.onestop.public import (
    access_blank_form,
    access_draft_file,
    access_enclosure_file,
    access_opinion_file,
    access_paper_file,
    access_part_file,
    access_result_file,
    get_procedure,
    get_version,
)

__all__ = ["enclosure_file", "blank_form", "draft_file", "paper_file", "part_file", "result_file"]


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
def result_file(request: Request, dossier_id: UUID, result_id: UUID | None = None) -> HttpResponseBase:
    """A signed result, to keep; without its identifier the first one."""
    return respond(access_result_file(request.by, dossier_id, result_id), inline=False, request=request)


@route(who="citizen")
def answer_file(request: Request, step_id: UUID) -> HttpResponseBase:
    """What an agency on the way attached to its answer to the applicant."""
    return respond(access_opinion_file(request.by, step_id), inline=False, request=request)


@route(who="citizen")
def enclosure_file(request: Request, enclosure_id: UUID) -> HttpResponseBase:
    """A paper bound to an own result."""
    return respond(access_enclosure_file(request.by, enclosure_id), inline=False, request=request)


@route(who="everyone")
def blank_form(request: Request, code: str, key: str) -> HttpResponseBase:
    """The blank form of a paper of an offered procedure, for everybody."""
    documents = get_version(get_procedure(code)).parts.documents
    document = next((one for one in documents if one.key == key), None)
    if document is None:
        raise NotFound
    return respond(access_blank_form(document), inline=False, request=request)

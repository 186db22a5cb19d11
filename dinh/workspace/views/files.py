"""Files of a dossier, each reached only through a dossier that the reader may see."""

from uuid import UUID

from django.http import HttpResponseBase

from dinh.foundation.actions.public import Request, route
from dinh.foundation.files.public import respond
from dinh.onestop.public import (
    READ_DOSSIER,
    access_enclosure_file,
    access_opinion_file,
    access_paper_file,
    access_part_file,
    access_result_file,
)

__all__ = ["enclosure_file", "opinion_file", "paper_file", "part_file", "result_file"]


@route(who="official", permission=READ_DOSSIER)
def part_file(request: Request, part_id: UUID) -> HttpResponseBase:
    """A paper that the applicant gave."""
    return respond(access_part_file(request.by, part_id), inline=True, request=request)


@route(who="official", permission=READ_DOSSIER)
def paper_file(request: Request, paper_id: UUID) -> HttpResponseBase:
    """A paper that the desk issued."""
    return respond(access_paper_file(request.by, paper_id), inline=True, request=request)


@route(who="official", permission=READ_DOSSIER)
def result_file(request: Request, dossier_id: UUID, result_id: UUID | None = None) -> HttpResponseBase:
    """A result, as far as it is; without its identifier the first one."""
    return respond(access_result_file(request.by, dossier_id, result_id), inline=True, request=request)


@route(who="official", permission=READ_DOSSIER)
def enclosure_file(request: Request, enclosure_id: UUID) -> HttpResponseBase:
    """A paper bound to a result."""
    return respond(access_enclosure_file(request.by, enclosure_id), inline=True, request=request)


@route(who="official", permission=READ_DOSSIER)
def opinion_file(request: Request, step_id: UUID) -> HttpResponseBase:
    """The file that came with an opinion."""
    return respond(access_opinion_file(request.by, step_id), inline=True, request=request)

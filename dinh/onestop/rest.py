"""What other systems call: they tell of the dossiers that they handle, with their own key.

Answers have the shape of the national portal's: ``{error_code, message, result}``, "0" for success.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route, system
from dinh.kernel.errors import N_, NotFound, Refused
from dinh.onestop.public import (
    RowsFaulty,
    keep_mirror_list,
    read_list,
    read_rows,
    receive_mirrors,
    source_of_key,
)

__all__ = ["take_list", "take_mirrors"]

_LARGEST = 1024 * 1024
_UNREADABLE = N_(
    "Không đọc được JSON: cần một danh sách, hoặc đối tượng có “data” là danh sách, tối đa 1 MB."
)


def _answer(code: str, message: str, *, status: int = 200, **more: Any) -> JsonResponse:
    answer = {"error_code": code, "message": message, **more}
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})


def of_source(view: Callable[..., JsonResponse]) -> Callable[..., HttpResponseBase]:
    """Give the view the source whose key came with the request, and the rows of its body."""

    @wraps(view)
    def answered(request: Request) -> HttpResponseBase:
        scheme, _blank, key = request.headers.get("Authorization", "").partition(" ")
        try:
            source = source_of_key(key.strip() if scheme.lower() == "bearer" else "")
        except NotFound:
            answer = _answer("401", _("Khóa kết nối không đúng hoặc đã đóng."), status=401)
            answer["WWW-Authenticate"] = "Bearer"
            return answer
        rows = _rows(request)
        if rows is None:
            return _answer("400", _(_UNREADABLE), status=400)
        try:
            return view(source, rows)
        except RowsFaulty as faulty:
            faults = [{"dong": fault.number, "loi": fault.sentence.said(_)} for fault in faulty.faults]
            return _answer("422", faulty.said(_), status=422, result=faults)
        except Refused as refused:
            return _answer("409", refused.said(_), status=409)

    return answered


def _rows(request: Request) -> list[Any] | None:
    if int(request.headers.get("Content-Length") or 0) > _LARGEST or len(request.body) > _LARGEST:
        return None
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    rows = body.get("data") if isinstance(body, dict) else body
    return rows if isinstance(rows, list) and rows else None


@csrf_exempt
@require_POST
@route(who="everyone")
@of_source
def take_mirrors(source: Any, rows: list[Any]) -> JsonResponse:
    """Keep dossiers of another system: all rows, or none and what is wrong with each."""
    counts = receive_mirrors(source, rows=read_rows(rows), by=_actor(source), now=timezone.now())
    return _answer("0", _("Thành công"), result=counts)


@csrf_exempt
@require_POST
@route(who="everyone")
@of_source
def take_list(source: Any, rows: list[Any]) -> JsonResponse:
    """Keep the list of what another system holds today, for the daily comparison."""
    listed = read_list(rows)
    keep_mirror_list(source, rows=listed, by=_actor(source), now=timezone.now())
    return _answer("0", _("Thành công"), result={"count": len(listed)})


def _actor(source: Any) -> Any:
    return system(f"onestop.mirror.{source.code}")

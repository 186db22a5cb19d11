"""Beginning again from a dossier that has ended: what is filled in of it, and what has to be given anew."""

from collections.abc import Mapping
from typing import Any

from dinh.kernel.errors import N_, Refused
from dinh.onestop.rules.carrying import Carried, carry
from dinh.onestop.rules.definition import Definition, Document

__all__ = [
    "NotFiledOnline",
    "StillRunning",
    "carry_again",
    "is_filed_online",
    "may_stand",
]


class StillRunning(Refused):
    message = N_(
        "Hồ sơ này còn đang giải quyết nên chưa nộp lại được. Muốn sửa thì bổ sung khi được yêu cầu, hoặc rút"
        " hồ sơ rồi nộp lại."
    )


class NotFiledOnline(Refused):
    message = N_(
        "Thủ tục này hiện không nhận hồ sơ trực tuyến. Ông/Bà nộp tại Bộ phận Tiếp nhận và Trả kết quả."
    )


def is_filed_online(definition: Definition) -> bool:
    """Whether a citizen may file the procedure on the portal."""
    return "online" in definition.channels and definition.service_class != "information"


def carry_again(answers: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> Carried:
    """Take the answers of a dossier to the form in force. What was promised then has to be promised anew."""
    return carry(_without_promises(answers, new), old, new)


def _without_promises(answers: Mapping[str, Any], form: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without the boxes that must be ticked before anything is sent (``const: true``)."""
    kept: dict[str, Any] = {}
    for name, value in answers.items():
        field = form.get("properties", {}).get(name, {})
        if field.get("const") is True:
            continue
        kept[name] = _without_promises(value, field) if isinstance(value, Mapping) else value
    return kept


def may_stand(document: Document, media_type: str) -> bool:
    """Whether a file of an earlier dossier may stand at a paper of this version."""
    is_usual = media_type == "application/pdf" or media_type.startswith("image/")
    return document.origin == "upload" and (is_usual or "docx" in document.accept)

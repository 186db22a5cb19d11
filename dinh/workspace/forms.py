"""What officials upload as data: the definition of a procedure, in YAML or JSON."""

import json
from typing import Any

import yaml
from django.core.files.uploadedfile import UploadedFile

from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say

__all__ = ["DefinitionFileUnreadable", "read_definition_file"]

MOST_BYTES = 512 * 1024
MOST_LEVELS = 40


class DefinitionFileUnreadable(Refused):
    message = N_("Không đọc được tệp “%(name)s”: %(problem)s Hãy sửa tệp rồi tải lên lại.")


class _PlainLoader(yaml.SafeLoader):
    """YAML without references: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("alias")
        return super().compose_node(parent, index)


def read_definition_file(upload: UploadedFile | None) -> dict[str, Any]:
    """Return the data of an uploaded definition.

    Raises ``DefinitionFileUnreadable`` for a missing, large, or unreadable file, for YAML with
    references, and for data nested too deeply.
    """
    if upload is None:
        raise DefinitionFileUnreadable(field="definition", name="", problem=say(N_("chưa chọn tệp.")))
    name = upload.name or ""
    if (upload.size or 0) > MOST_BYTES:
        raise DefinitionFileUnreadable(field="definition", name=name, problem=say(N_("tệp lớn hơn 512 KB.")))
    try:
        text = upload.read().decode("utf-8-sig")
        data = json.loads(text) if name.lower().endswith(".json") else _read_yaml(text)
        too_deep = _levels(data) > MOST_LEVELS
    except (UnicodeDecodeError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise DefinitionFileUnreadable(field="definition", name=name, problem=_where(error)) from error
    if too_deep or not isinstance(data, dict):
        raise DefinitionFileUnreadable(
            field="definition", name=name, problem=say(N_("nội dung không phải định nghĩa thủ tục."))
        )
    return data


def _read_yaml(text: str) -> Any:
    return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader


def _levels(data: Any) -> int:
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return 1 + max((_levels(part) for part in inner), default=0)


def _where(error: Exception) -> Sentence:
    """The line at which reading stopped, where the reader knows it."""
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else getattr(error, "lineno", None)
    if line:
        return say(N_("dòng %(line)s."), line=line)
    return say(N_("không đúng định dạng YAML hoặc JSON."))

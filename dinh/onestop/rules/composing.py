"""A result's words as blocks with places for values: what an administrator writes instead of a template.

A block is text, never code: a place is ``{name}``, the name of one of the result's fields, and nothing else
in the text means anything. So whoever writes a result can neither read files nor keep a process busy.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.definition import ResultBlock, ResultTemplate

__all__ = ["COMPOSED", "check_result", "compose", "places_in"]

COMPOSED = "composed"
MOST_BLOCKS = 80
LONGEST_BLOCK = 4000

_PLACE = re.compile(r"\{([a-z][a-z0-9_]{0,59})\}")


def places_in(text: str) -> list[str]:
    """Return the names of the places of a block's words, in their order, each once."""
    return list(dict.fromkeys(_PLACE.findall(text)))


def compose(result: ResultTemplate, fields: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the blocks with their values, as the template ``composed`` reads them.

    A block is ``{"kind", "label", "number", "runs"}``; a run is ``{"text", "value"}``, ``value`` true for
    what came from a field. Without blocks of its own a result prints its fields, one a line.
    """
    blocks = result.body or tuple(
        ResultBlock(kind="fact", label=field.label, text=f"{{{field.name}}}")
        for field in result.fields
        if field.kind != "picture"
    )
    number = 0
    composed = []
    for block in blocks:
        number += block.kind == "article"
        runs = list(_runs(block.text, fields))
        composed.append({"kind": block.kind, "label": block.label, "number": number, "runs": runs})
    return composed


def _runs(text: str, fields: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    at = 0
    for place in _PLACE.finditer(text):
        if place.start() > at:
            yield {"text": text[at : place.start()], "value": False}
        yield {"text": fields.get(place[1], ""), "value": True}
        at = place.end()
    if at < len(text):
        yield {"text": text[at:], "value": False}


def check_result(result: ResultTemplate) -> Iterator[Sentence]:
    """Yield what is wrong with a result's blocks and fields."""
    names = [field.name for field in result.fields]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield say(N_("Kết quả có hai mục cùng tên “%(name)s”."), name=name)
    if result.template != COMPOSED:
        return
    if not result.fields and not result.body:
        yield say(N_("Kết quả chưa có nội dung nào. Hãy thêm mục điền hoặc đoạn chữ."))
    placed = {name for block in result.body for name in places_in(block.text)}
    worded = [field for field in result.fields if field.kind in ("", "text", "textarea")]
    if result.body and worded and not any(field.name in placed for field in worded):
        yield say(
            N_(
                "Không đoạn nào của mẫu kết quả ghi mục “%(label)s”: văn bản sẽ không nêu cấp cho ai. Hãy"
                " đưa {%(name)s} vào một đoạn."
            ),
            label=worded[0].label,
            name=worded[0].name,
        )
    if len(result.body) > MOST_BLOCKS:
        yield say(N_("Mẫu kết quả có quá nhiều đoạn: tối đa %(most)s."), most=MOST_BLOCKS)
    for number, block in enumerate(result.body, start=1):
        if len(block.text) > LONGEST_BLOCK:
            yield say(N_("Đoạn %(number)s của mẫu kết quả dài quá %(most)s ký tự."), number=number,
                      most=LONGEST_BLOCK)  # fmt: skip
        for name in places_in(block.text):
            if name not in names:
                yield say(
                    N_("Đoạn %(number)s của mẫu kết quả dùng mục không có: {%(name)s}."),
                    number=number,
                    name=name,
                )

"""What may be wrong with a procedure's parts beside its steps: papers, fees, units, the result's fields."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.definition import Definition, Step

__all__ = ["check_parts"]


def check_parts(definition: Definition, form_fields: Collection[str]) -> Iterator[Sentence]:
    """Yield every fault as a sentence; ``form_fields`` are the dotted names of the form."""
    for key in _twice(document.key for document in definition.documents):
        yield say(N_("Mã giấy tờ “%(key)s” bị trùng."), key=key)
    for key in _twice(fee.key for fee in definition.fees):
        yield say(N_("Mã khoản phí “%(key)s” bị trùng."), key=key)
    limit = definition.time_limit
    if limit.amount <= 0 or (limit.online is not None and not 0 < limit.online <= limit.amount):
        yield say(N_("Thời hạn giải quyết phải lớn hơn 0; thời hạn khi nộp trực tuyến không được dài hơn."))
    for step in definition.steps:
        yield from _check_unit(step, form_fields)
    for field in (field for result in definition.results for field in result.fields):
        if field.source and field.source not in form_fields:
            yield say(
                N_("Kết quả lấy “%(label)s” từ trường không có trong biểu mẫu: %(field)s."),
                label=field.label,
                field=field.source,
            )
    for result in definition.results:
        for name in [*result.recipients, *([result.copies] if result.copies else [])]:
            if name not in form_fields:
                yield say(
                    N_("Kết quả “%(result)s” dùng trường không có trong biểu mẫu: %(name)s."),
                    result=result.name,
                    name=name,
                )


def _check_unit(step: Step, form_fields: Collection[str]) -> Iterator[Sentence]:
    rule = step.unit
    if rule.where in ("inside", "province") and not rule.abbreviation:
        yield say(N_("Bước “%(step)s” chưa nêu tên viết tắt của đơn vị thực hiện."), step=step.name)
    if rule.where == "field" and rule.field not in form_fields:
        yield say(
            N_("Bước “%(step)s” lấy đơn vị từ trường không có trong biểu mẫu: %(field)s."),
            step=step.name,
            field=rule.field,
        )
    if not step.role:
        yield say(N_("Bước “%(step)s” chưa nêu vai trò thực hiện."), step=step.name)


def _twice(keys: Iterable[str]) -> list[str]:
    return sorted(key for key, count in Counter(keys).items() if count > 1)

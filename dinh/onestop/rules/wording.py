"""What stands in data, as people read it: codes by their words, conditions as sentences.

“Loại hình” là “Cá nhân” và “Vốn” từ 1.000.000 trở lên.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dinh.kernel.errors import N_
from dinh.kernel.sentences import Sentence, say

__all__ = ["LEVELS", "PAPERS", "STEP_KINDS", "Asked", "condition_words"]

LEVELS = {
    "province": N_("Cấp tỉnh"),
    "district": N_("Cấp huyện"),
    "commune": N_("Cấp xã"),
}
STEP_KINDS = {
    "receive": N_("Tiếp nhận"),
    "handle": N_("Thụ lý"),
    "consult": N_("Cho ý kiến"),
    "review": N_("Soát xét"),
    "sign": N_("Ký số"),
    "issue": N_("Phát hành"),
    "return": N_("Trả kết quả"),
    "refuse": N_("Từ chối"),
}
# The everyday names of the papers that the desk issues.
PAPERS = {
    "proof": N_("Xác nhận đã nộp hồ sơ"),
    "receipt": N_("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    "supplement": N_("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
    "refusal": N_("Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
    "fee_receipt": N_("Biên lai thu phí, lệ phí"),
    "stop": N_("Thông báo dừng giải quyết hồ sơ"),
    "control_slip": N_("Phiếu kiểm soát quá trình giải quyết hồ sơ"),
    "apology": N_("Thư xin lỗi và hẹn lại ngày trả kết quả"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a condition may ask: the field's label, and the words of its choices by stored value."""

    label: str
    choices: Mapping[Any, str] = field(default_factory=dict)


_COMPARED = {
    "is": N_("“%(field)s” là “%(value)s”"),
    "in": N_("“%(field)s” là một trong: %(value)s"),
    "at_least": N_("“%(field)s” từ %(value)s trở lên"),
    "at_most": N_("“%(field)s” không quá %(value)s"),
}


def condition_words(condition: Mapping[str, Any] | None, asked: Mapping[str, Asked]) -> Sentence:
    """Return a well-formed condition as a sentence; ``asked`` are the form's fields by dotted name."""
    if not condition:
        return say(N_("luôn luôn"))
    if "not" in condition:
        return say(N_("không phải (%(inner)s)"), inner=condition_words(condition["not"], asked))
    for group, joined in (("all", N_("%(one)s và %(other)s")), ("any", N_("%(one)s hoặc %(other)s"))):
        if group in condition:
            first, *rest = [condition_words(part, asked) for part in condition[group]]
            for other in rest:
                first = say(joined, one=first, other=other)
            return first
    return _comparison(condition, asked)


def _comparison(condition: Mapping[str, Any], asked: Mapping[str, Asked]) -> Sentence:
    name = condition["field"]
    about = asked.get(name, Asked(name))
    if "given" in condition:
        given = N_("“%(field)s” có trả lời") if condition["given"] else N_("“%(field)s” không trả lời")
        return say(given, field=about.label)
    kind = next(key for key in _COMPARED if key in condition)
    wanted = condition[kind]
    if isinstance(wanted, bool):
        yes = N_("“%(field)s” là “Có”") if wanted else N_("“%(field)s” là “Không”")
        return say(yes, field=about.label)
    words = [about.choices.get(one, str(one)) for one in (wanted if isinstance(wanted, list) else [wanted])]
    return say(_COMPARED[kind], field=about.label, value="; ".join(words))

"""What few questions need: further limits, the form of an answer, own sentences, the look of the box."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from dinh.foundation.ui.public import (
    AUTOCOMPLETES,
    KINDS,
    WIDTHS,
    FieldError,
    FieldSpec,
    messages_of,
    rules_of,
)
from dinh.workspace.views.workshop.screen import with_own

__all__ = ["detail_fields", "detail_messages", "detail_values", "details_from", "wrong_details"]

LONGEST_PATTERN = 300


def detail_fields(spec: FieldSpec) -> dict[str, Any]:
    """Return the inputs that stand at the end of a question's editor, as its kind asks."""
    asks = KINDS[spec.kind].asks
    number = {"type": "number" if spec.kind == "number" else "integer"}
    fields: dict[str, Any] = {}
    if "range" in asks:
        fields |= {
            "lon_hon": {**number, "ui": {"label": _("Phải lớn hơn (không được bằng)"), "width": "10"}},
            "nho_hon": {**number, "ui": {"label": _("Phải nhỏ hơn (không được bằng)"), "width": "10"}},
            "boi_so": {**number, "exclusiveMinimum": 0,
                       "ui": {"label": _("Phải là bội số của"), "width": "10",
                              "help": _("Ví dụ 1000: số tiền tròn nghìn.")}},
        }  # fmt: skip
    if "pattern" in asks:
        fields["dang"] = {
            "type": "string", "maxLength": LONGEST_PATTERN,
            "ui": {"label": _("Dạng phải theo (biểu thức chính quy)"),
                   "help": _("Ví dụ ^[0-9]{2}[A-Z]-[0-9]{5}$ là biển số xe. Để trống: chữ gì cũng được.")},
        }  # fmt: skip
    if "typed" in asks:
        fields |= {
            "chu_mo": {"type": "string", "maxLength": 200,
                       "ui": {"label": _("Chữ mờ trong ô trống"),
                              "help": _("Ví dụ về cách ghi. Điều cần đọc thì ghi ở lời giải thích.")}},
            "goi_y": {"type": "string",
                      "oneOf": with_own(
                          [{"const": code, "title": _(words)} for code, words in AUTOCOMPLETES.items()],
                          spec.autocomplete,
                      ),
                      "ui": {"label": _("Trình duyệt gợi ý sẵn"), "widget": "select",
                             "help": _("Dữ liệu mà trình duyệt của người nộp đã nhớ.")}},
        }  # fmt: skip
    if "width" in asks:
        fields["be_rong"] = {
            "type": "string",
            "oneOf": [{"const": width, "title": _("%(count)s ký tự") % {"count": width}} for width in WIDTHS],
            "ui": {"label": _("Bề rộng của ô"), "widget": "select",
                   "help": _("Để trống: hết chiều ngang. Ô ngắn cho biết câu trả lời ngắn.")},
        }  # fmt: skip
    kinds = _own_sentences(spec.kind)
    if kinds:
        fields["cau_rieng"] = {
            "type": "array", "maxItems": len(kinds),
            "ui": {"label": _("Câu nhắc riêng khi trả lời sai"), "item": _("Câu nhắc"),
                   "help": _("Để trống: hệ thống tự nhắc.")},
            "items": {
                "type": "object", "required": ["khi", "chu"], "ui": {"order": ["khi", "chu"]},
                "properties": {
                    "khi": {"type": "string",
                            "oneOf": [{"const": code, "title": _(words)} for code, words in kinds.items()],
                            "ui": {"label": _("Khi nào"), "widget": "select"}},
                    "chu": {"type": "string", "maxLength": 500,
                            "ui": {"label": _("Câu nhắc"),
                                   "help": _("Nói điều gì sai và phải làm gì.")}},
                },
            },
        }  # fmt: skip
    return fields


def _own_sentences(kind: str) -> dict[str, str]:
    """What a question may have an own sentence for; those of rules stand beside the rules."""
    of_rules = {rule.key for rule in rules_of(kind)}
    return {code: words for code, words in messages_of(KINDS[kind]).items() if code not in of_rules}


def detail_values(spec: FieldSpec) -> dict[str, Any]:
    """Return what stands in these inputs; an empty value is none."""
    own = _own_sentences(spec.kind)
    return {
        "lon_hon": spec.above,
        "nho_hon": spec.below,
        "boi_so": spec.multiple,
        "dang": spec.pattern,
        "chu_mo": spec.placeholder,
        "goi_y": spec.autocomplete,
        "be_rong": spec.width,
        "cau_rieng": [{"khi": code, "chu": said} for code, said in spec.messages.items() if code in own],
    }


def details_from(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that were sent."""
    return {
        "above": data.get("lon_hon"),
        "below": data.get("nho_hon"),
        "multiple": data.get("boi_so"),
        "pattern": data.get("dang", ""),
        "placeholder": data.get("chu_mo", ""),
        "autocomplete": data.get("goi_y", ""),
        "width": data.get("be_rong", ""),
    }


def detail_messages(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the question's own sentences that were sent, by what is wrong."""
    return {row["khi"]: row["chu"] for row in data.get("cau_rieng", ())}


def wrong_details(data: Mapping[str, Any], spec: FieldSpec) -> list[FieldError]:
    """Return what is wrong with these inputs."""
    errors = []
    said = [row.get("khi") for row in data.get("cau_rieng", ())]
    for number, code in enumerate(said):
        if code in said[:number]:
            errors.append(FieldError(f"cau_rieng.{number}.khi", _("Trường hợp này đã có câu nhắc ở trên.")))
    if not data.get("dang"):
        return errors
    try:
        re.compile(data["dang"])
    except re.error:
        sentence = _("Biểu thức này chưa đúng. Hãy sửa, hoặc nhờ người biết viết biểu thức chính quy.")
        errors.append(FieldError("dang", sentence))
    if "pattern" not in said:
        sentence = _("Hãy thêm câu nhắc “Khi không theo đúng dạng”: người nộp không đọc được biểu thức.")
        errors.append(FieldError("cau_rieng", sentence))
    return errors

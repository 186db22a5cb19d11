"""What one version says otherwise than another, part by part, in words: read before publishing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dinh.kernel.condition_words import Asked, condition_words
from dinh.kernel.errors import N_
from dinh.kernel.money import format_dong
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.definition import (
    Definition,
    FeeReduction,
    Meets,
    Outcome,
    ResultField,
    ResultTemplate,
    Step,
)
from dinh.onestop.rules.fees import DUE_WORDS, fee_notes
from dinh.onestop.rules.invitations import MEETING_KINDS
from dinh.onestop.rules.result_fields import FIELD_KINDS
from dinh.onestop.rules.wording import LEVELS, STEP_KINDS

__all__ = ["Change", "FieldWords", "compare", "result_field_words"]

Words = Sentence | str

YES, NO = N_("có"), N_("không")
FEE_KINDS = {"le_phi": N_("Lệ phí"), "phi": N_("Phí")}
# The words of the codes that a definition holds.
CODES = {
    **LEVELS,
    **STEP_KINDS,
    "working_days": N_("ngày làm việc"),
    "calendar_days": N_("ngày liên tục"),
    "hours": N_("giờ làm việc"),
    "same_day": N_("trong ngày"),
    "full": N_("Toàn trình"),
    "partial": N_("Một phần"),
    "information": N_("Chỉ cung cấp thông tin"),
    "counter": N_("Tại quầy"),
    "online": N_("Trực tuyến"),
    "post": N_("Qua bưu chính"),
    "pdf": N_("PDF"),
    "image": N_("Ảnh chụp"),
    "docx": N_("Văn bản Word"),
    "reception": N_("Nơi tiếp nhận"),
    "agency": N_("Cơ quan giải quyết"),
    "inside": N_("Phòng, ban"),
    "field": N_("Xã ghi trong tờ khai"),
    "draft": N_("Đã có dự thảo kết quả"),
    "reason": N_("Phải ghi lý do"),
    "met": N_("Đã ghi việc gặp người nộp"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, what of it, and both sides. An empty side: it was not there, or is gone."""

    part: str
    place: str
    what: str
    before: Words
    after: Words


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A field of a form in the words that a comparison needs; ``values`` are its settings by their label."""

    label: str
    values: Mapping[str, Words]


def compare(
    old: Definition,
    new: Definition,
    *,
    fields: Callable[[Mapping[str, Any]], Mapping[str, FieldWords]],
    asked: Callable[[Mapping[str, Any]], Mapping[str, Asked]],
) -> list[Change]:
    """Return every difference between two versions in the order of the procedure's page.

    ``fields`` gives the fields of a form by dotted name, ``asked`` what conditions over it may ask.
    """
    before, after = asked(old.form), asked(new.form)
    return [
        *_values("general", "", _general(old), _general(new)),
        *_rows("form", _as_rows(fields(old.form)), _as_rows(fields(new.form))),
        *_rows("documents", _documents(old, before), _documents(new, after)),
        *_rows("fees", _fees(old, before), _fees(new, after)),
        *_rows("steps", _steps(old, before), _steps(new, after)),
        *_values("result", "", _first_result(old, before), _first_result(new, after)),
        *_rows("result", _results(old, before), _results(new, after)),
    ]


def _rows(
    part: str,
    old: Mapping[str, tuple[str, Mapping[str, Words]]],
    new: Mapping[str, tuple[str, Mapping[str, Words]]],
) -> Iterator[Change]:
    """Rows by their key: what is gone, what changed, what is new, and whether the order is another."""
    for key, (name, _values_of) in old.items():
        if key not in new:
            yield Change(part, name, "", name, "")
    for key, (name, values) in new.items():
        if key not in old:
            yield Change(part, name, "", "", name)
            continue
        was, values_then = old[key]
        if was != name:
            yield Change(part, was, N_("Tên"), was, name)
        yield from _values(part, name, values_then, values)
    stayed = [key for key in old if key in new]
    moved = [key for key in new if key in old]
    if stayed != moved:
        yield Change(part, "", N_("Thứ tự"), "; ".join(old[key][0] for key in stayed),
                     "; ".join(new[key][0] for key in moved))  # fmt: skip


def _values(part: str, place: str, old: Mapping[str, Words], new: Mapping[str, Words]) -> Iterator[Change]:
    for what in dict.fromkeys([*old, *new]):
        before, after = old.get(what, ""), new.get(what, "")
        if str(before) != str(after):
            yield Change(part, place, what, before, after)


def _yes(value: object) -> Words:
    return say(YES) if value else say(NO)


def _word(code: str) -> Words:
    return say(CODES[code]) if code in CODES else code


def _join(words: Sequence[Words], between: str = "%(one)s, %(other)s") -> Words:
    if not words:
        return ""
    first, *rest = words
    for other in rest:
        first = say(between, one=first, other=other)
    return first


def _lines(values: Sequence[str]) -> str:
    return "\n".join(values)


def _general(d: Definition) -> dict[str, Words]:
    limit = d.time_limit
    return {
        N_("Tên thủ tục"): d.name,
        N_("Tên ngắn"): d.short_name,
        N_("Tóm tắt"): d.summary,
        N_("Lĩnh vực"): f"{d.field.code} {d.field.name}",
        N_("Cấp thực hiện"): _word(d.level),
        N_("Cơ quan giải quyết"): f"{d.agency.kind} {d.agency.abbreviation}".strip(),
        N_("Nơi tiếp nhận khác cơ quan giải quyết"): f"{d.reception.kind} {d.reception.abbreviation}".strip()
        if d.reception
        else "",
        N_("Mức độ dịch vụ công trực tuyến"): _word(d.service_class),
        N_("Cách thức thực hiện"): _join([_word(one) for one in d.channels]),
        N_("Thời hạn giải quyết"): _join([str(limit.amount), _word(limit.unit)], "%(one)s %(other)s"),
        N_("Thời hạn khi nộp trực tuyến"): str(limit.online or ""),
        N_("Số bộ hồ sơ"): str(d.copies),
        N_("Đối tượng thực hiện"): _lines(d.audience),
        N_("Trình tự thực hiện"): _lines(d.sequence),
        N_("Yêu cầu, điều kiện"): _lines(d.requirements),
        N_("Căn cứ pháp lý"): _lines([f"{one.number} {one.name}" for one in d.basis]),
        N_("Sự kiện trong đời"): _lines(d.life_events),
        N_("Từ khóa tìm kiếm"): ", ".join(d.keywords),
    }


def _as_rows(fields: Mapping[str, FieldWords]) -> dict[str, tuple[str, Mapping[str, Words]]]:
    return {path: (one.label, one.values) for path, one in fields.items()}


def _documents(d: Definition, asked: Mapping[str, Asked]) -> dict[str, tuple[str, dict[str, Words]]]:
    return {
        one.key: (
            one.name,
            {
                N_("Lời giải thích"): one.help,
                N_("Số bản chính"): str(one.originals),
                N_("Số bản sao"): str(one.copies),
                N_("Không bắt buộc"): _yes(one.optional),
                N_("Chỉ bắt buộc khi"): condition_words(one.required_if, asked) if one.required_if else "",
                N_("Tờ khai điện tử thay thế"): _yes(one.origin == "form"),
                N_("Nhận các loại tệp"): _join([_word(kind) for kind in one.accept]),
                N_("Cho tải lên nhiều tệp"): _yes(one.several),
                N_("Dùng lại được trong (tháng)"): str(one.valid_months or ""),
                N_("Số trang khai ở"): asked[one.pages].label if one.pages in asked else one.pages,
            },
        )
        for one in d.documents
    }


def _fees(d: Definition, asked: Mapping[str, Asked]) -> dict[str, tuple[str, dict[str, Words]]]:
    found: dict[str, tuple[str, dict[str, Words]]] = {}
    names = {fee.key: fee.name for fee in d.fees}
    for fee in d.fees:
        found[fee.key] = (
            fee.name,
            {
                N_("Loại"): say(FEE_KINDS[fee.kind]),
                N_("Mức thu"): format_dong(fee.amount),
                N_("Chỉ thu khi"): condition_words(fee.when, asked) if fee.when else "",
                N_("Căn cứ"): fee.basis,
                N_("Cách tính"): _join(fee_notes(fee), "%(one)s; %(other)s"),
                N_("Nhân với số bản"): asked[fee.copies].label if fee.copies in asked else fee.copies,
                N_("Hạn nộp"): say(DUE_WORDS[fee.due]),
                **{
                    f"{one.name}": _join(_reduction(one, asked))
                    for one in fee.reductions
                    if one.when or one.channel or one.basis
                },
            },
        )
    for one in d.exemptions:
        found[f"+{one.key}"] = (
            one.name,
            {
                N_("Mức giảm"): f"{one.percent}%",
                N_("Giấy tờ chứng minh"): one.proof,
                N_("Cho các khoản"): "; ".join(names.get(key, key) for key in one.fees),
                N_("Căn cứ"): one.basis,
            },
        )
    return found


def _reduction(one: FeeReduction, asked: Mapping[str, Asked]) -> list[Words]:
    said = [_word(one.channel) if one.channel else "", one.basis]
    said += [condition_words(one.when, asked)] if one.when else []
    return [words for words in said if words]


def _steps(d: Definition, asked: Mapping[str, Asked]) -> dict[str, tuple[str, dict[str, Words]]]:
    names = {step.key: step.name for step in d.steps}
    return {step.key: (step.name, _step(step, names, asked)) for step in d.steps}


def _step(step: Step, names: Mapping[str, str], asked: Mapping[str, Asked]) -> dict[str, Words]:
    named = step.unit.abbreviation or (
        asked[step.unit.field].label if step.unit.field in asked else step.unit.field
    )
    where = _word(step.unit.where) if step.unit.where != "province" else ""
    unit = _join([one for one in (where, named) if one], "%(one)s: %(other)s")
    values: dict[str, Words] = {
        N_("Làm gì"): _word(step.kind),
        N_("Vai trò thực hiện"): step.role,
        N_("Ở đâu"): unit,
        N_("Số giờ làm việc"): f"{step.hours:g}",
        N_("Chờ mọi nhánh song song xong mới mở"): _yes(step.joins),
        N_("Chờ người nộp khắc phục, thời hạn tạm dừng"): _yes(step.pauses),
        N_("Người nộp đọc được câu trả lời"): _yes(step.answers),
        N_("Giao việc khi bước mở"): say(N_("Tự giao cho người đang giữ ít việc nhất"))
        if step.assign
        else "",
        N_("Giao cho người đã làm bước"): names.get(step.same_person, step.same_person),
        N_("Hướng dẫn người làm"): step.instruction,
        **(_meets(step.meets, asked) if step.meets is not None else {}),
    }
    for outcome in step.outcomes:
        values[outcome.label] = _way(outcome, names, asked)
    return values


def _meets(meets: Meets, asked: Mapping[str, Asked]) -> dict[str, Words]:
    return {
        N_("Gặp người nộp"): say(MEETING_KINDS[meets.kind]),
        N_("Ai phải có mặt"): meets.people,
        N_("Ngày người nộp mong muốn"): _label(meets.wished, asked),
        N_("Nơi kiểm tra"): _label(meets.place, asked),
    }


def _way(outcome: Outcome, names: Mapping[str, str], asked: Mapping[str, Asked]) -> Words:
    to = " + ".join(names.get(key, key) for key in outcome.to) or "–"
    mark = " ↩" if outcome.back else ""
    way: Words = f"→ {to}{mark}"
    if outcome.needs:
        way = say("%(one)s [%(other)s]", one=way, other=_join([_word(one) for one in outcome.needs]))
    if outcome.when is None:
        return way
    return say(N_("%(way)s, khi %(when)s"), way=way, when=condition_words(outcome.when, asked))


def _results(d: Definition, asked: Mapping[str, Asked]) -> dict[str, tuple[str, dict[str, Words]]]:
    return {one.key: (one.name, _result(one, asked)) for one in d.further_results}


def result_field_words(field: ResultField, asked: Mapping[str, Asked]) -> list[tuple[str, Words]]:
    """Return the rules of a result's line: what each is, and how it is set (empty: it is set at all)."""
    rule = field.validity
    choices = asked[rule.by].choices if rule and rule.by in asked else {}
    words = {str(value): said for value, said in choices.items()}
    by = rule.by if rule else ""
    table = "; ".join(f"{words.get(one, one)} {years}" for one, years in rule.table.items()) if rule else ""
    said: list[tuple[str, Words | bool]] = [
        (N_("Chỉ bắt buộc khi"), condition_words(field.required_if, asked) if field.required_if else ""),
        (N_("Nội dung có sẵn"), field.default),
        (N_("Ghi thêm tên xã sau địa chỉ"), _label(field.area, asked)),
        (N_("In mã lưu của lựa chọn, không in chữ"), field.stored),
        (N_("Không được trước ngày điền"), bool(field.not_before)),
        (N_("Không được sau ngày điền"), bool(field.not_after)),
        (N_("Số nhỏ nhất"), "" if field.minimum is None else _number(field.minimum)),
        (N_("Số lớn nhất"), "" if field.maximum is None else _number(field.maximum)),
        (N_("Không lớn hơn mục"), field.not_above),
        (N_("Không nhỏ hơn mục"), field.not_below),
        (N_("Có hiệu lực bao nhiêu năm"), str(rule.years) if rule and not by else ""),
        (N_("Số năm có hiệu lực theo câu trả lời ở"), f"{_label(by, asked)} ({table})" if by else ""),
    ]
    return [(label, "" if value is True else value) for label, value in said if value]


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _label(name: str, asked: Mapping[str, Asked]) -> str:
    return asked[name].label if name in asked else name


def _result_field(field: ResultField, asked: Mapping[str, Asked]) -> Words:
    """A line of a result as one line of the comparison: label, name, source, and what may be written."""
    said = " ".join(one for one in (field.label, f"{{{field.name}}}", field.source) if one)
    inner: list[Words] = [say(FIELD_KINDS[field.kind])] if field.kind else []
    inner += [say(N_("Được để trống"))] if field.optional else []
    inner += [*field.choices, *([field.help] if field.help else []), *([field.of] if field.of else [])]
    inner += [say(N_("lấy từ “%(document)s”"), document=field.document)] if field.document else []
    inner += [say(N_("Đoạn văn"))] if field.long else []
    inner += [
        say("%(one)s: %(other)s", one=say(label), other=words) if words else say(label)
        for label, words in result_field_words(field, asked)
    ]
    return say("%(one)s [%(other)s]", one=said, other=_join(inner)) if inner else said


def _enclosed(result: ResultTemplate, *, optional: bool) -> Words:
    """The papers that go with a result, each with the document of the dossier that it is taken from."""
    return _join(
        [
            say(N_("%(name)s, lấy từ “%(document)s”"), name=one.name, document=one.document)
            if one.document
            else one.name
            for one in result.encloses
            if one.optional == optional
        ],
        "%(one)s\n%(other)s",
    )


def _first_result(d: Definition, asked: Mapping[str, Asked]) -> dict[str, Words]:
    return {N_("Tên kết quả"): d.result.name, **_result(d.result, asked)}


def _result(result: ResultTemplate, asked: Mapping[str, Asked]) -> dict[str, Words]:
    return {
        N_("Chỉ cấp khi"): condition_words(result.when, asked) if result.when else "",
        N_("Có giá trị trong (tháng)"): str(result.valid_months or ""),
        N_("Ký hiệu của số"): result.notation,
        N_("Loại việc được ký"): result.matter,
        N_("Mẫu in"): result.template,
        N_("Người đứng đầu ký với danh nghĩa của mình"): _yes(result.by_head),
        N_("Cấp cho người ghi ở"): _lines(
            [asked[path].label if path in asked else path for path in result.recipients]
        ),
        N_("Số bản theo"): asked[result.copies].label if result.copies in asked else result.copies,
        N_("Các mục cán bộ điền"): _join(
            [_result_field(one, asked) for one in result.fields], "%(one)s\n%(other)s"
        ),
        N_("Các bản kèm theo"): _enclosed(result, optional=False),
        N_("Các bản kèm theo không bắt buộc"): _enclosed(result, optional=True),
        N_("Các đoạn chữ được in"): _lines([f"{one.label} {one.text}".strip() for one in result.body]),
    }

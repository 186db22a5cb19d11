"""Which results a dossier gets, and what each lacks before somebody may sign it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dinh.kernel.conditions import holds, value_at
from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.rules.definition import Definition, ResultTemplate

__all__ = [
    "MOST_ASKED_COPIES",
    "EnclosureChanged",
    "EnclosureMissing",
    "FurtherDraftMissing",
    "NoSuchEnclosure",
    "check_results",
    "copies_of",
    "missing_enclosures",
    "recipients_of",
    "results_for",
    "signed_matters",
]

MOST_RESULTS = 6
MOST_ENCLOSURES = 10
# Each copy is a paper with a signature and a number of its own, made in the one transaction that signs all
# or none: ten take two seconds. Forms published before could ask for more, and who paid for them gets them.
MOST_COPIES = 50
MOST_ASKED_COPIES = 10


class FurtherDraftMissing(Refused):
    message = N_("Chưa có dự thảo “%(name)s”. Hãy lập đủ dự thảo của các kết quả rồi chuyển bước.")


class EnclosureMissing(Refused):
    message = N_("“%(result)s” còn thiếu bản kèm theo “%(name)s”. Hãy đính kèm tệp PDF rồi chuyển bước.")


class EnclosureChanged(Refused):
    message = N_(
        "Tệp kèm theo “%(name)s” không còn đúng với bản đã liệt kê trên dự thảo nên chưa ký."
        " Hãy trả lại người soạn để đính kèm lại."
    )


class NoSuchEnclosure(Refused):
    message = N_("Kết quả này không có bản kèm theo tên như vậy. Hãy tải lại trang.")


def results_for(definition: Definition, data: Mapping[str, Any]) -> list[ResultTemplate]:
    """Return the results that a dossier with these answers gets, the first one first."""
    return [
        one
        for one in definition.results
        if (one.when is None or holds(one.when, data)) and copies_of(one, data) > 0
    ]


def copies_of(result: ResultTemplate, data: Mapping[str, Any]) -> int:
    """Return how many papers of a result these answers ask for: one, or what the field ``copies`` says."""
    if not result.copies:
        return 1
    asked = value_at(data, result.copies)
    is_number = isinstance(asked, int) and not isinstance(asked, bool)
    return min(max(asked, 0), MOST_COPIES) if is_number else 0


def recipients_of(result: ResultTemplate, data: Mapping[str, Any], *, filer: str) -> tuple[str, ...]:
    """Return the names of whom a result is for, each once: what ``recipients`` answer, else who filed."""
    answers = (one for path in result.recipients for one in _answers_at(data, path))
    names = (" ".join(one.split()) for one in answers if isinstance(one, str))
    return tuple(dict.fromkeys(name for name in names if name)) or (filer,)


def _answers_at(data: Mapping[str, Any], path: str) -> list[Any]:
    """The answer at a dotted name; within a group that repeats, that of every row."""
    group, _, name = path.rpartition(".")
    rows = value_at(data, group) if group else None
    if isinstance(rows, list):
        return [row.get(name) for row in rows if isinstance(row, Mapping)]
    return [value_at(data, path)]


def signed_matters(definition: Definition, data: Mapping[str, Any]) -> list[str]:
    """Return the matters that whoever signs for a dossier with these answers needs authority for."""
    return sorted({one.matter for one in results_for(definition, data)})


def missing_enclosures(result: ResultTemplate, given: Collection[str]) -> list[str]:
    """Return the names of the enclosures that a result lacks."""
    return [one.name for one in result.encloses if not one.optional and one.key not in given]


def check_results(definition: Definition) -> Iterator[Sentence]:
    """Yield what is wrong with the results beside each other."""
    keys = [one.key for one in definition.further_results]
    if "" in keys or len(set(keys)) < len(keys):
        yield say(N_("Hai kết quả của thủ tục trùng mã."))
    if definition.result.copies:
        yield say(N_("Kết quả thứ nhất luôn cấp một bản: số bản chỉ ghi ở kết quả tiếp theo."))
    if definition.result.when is not None:
        yield say(N_("Kết quả thứ nhất không được có điều kiện: mọi hồ sơ đều có kết quả này."))
    if len(definition.results) > MOST_RESULTS:
        yield say(N_("Thủ tục có quá nhiều kết quả: tối đa %(most)s."), most=MOST_RESULTS)
    named = {field.name for field in definition.result.fields if field.kind != "first"}
    for one in definition.results:
        for field in one.fields:
            if field.kind == "first" and (not one.key or (field.of or field.name) not in named):
                yield say(
                    N_("Mục “%(label)s” ghi theo kết quả thứ nhất, nhưng kết quả đó không có mục “%(of)s”."),
                    label=field.label,
                    of=field.of or field.name,
                )
        if not one.name.strip() or not one.notation.strip():
            yield say(N_("Chưa ghi tên kết quả hoặc ký hiệu của số."))
        if len(one.encloses) > MOST_ENCLOSURES:
            yield say(N_("Kết quả “%(name)s” có quá nhiều bản kèm theo."), name=one.name)
        if one.copies and one.encloses:
            yield say(N_("Kết quả “%(name)s” cấp nhiều bản nên không có bản kèm theo."), name=one.name)
        yield from _check_documents(definition, one)
        inner = [enclosure.key for enclosure in one.encloses]
        if len(set(inner)) < len(inner):
            yield say(N_("Kết quả “%(name)s” có hai bản kèm theo trùng mã."), name=one.name)


def _check_documents(definition: Definition, result: ResultTemplate) -> Iterator[Sentence]:
    """What a result takes from the dossier's papers can be given there, in a kind that it can use."""
    given = {document.key: document for document in definition.documents if document.origin == "upload"}
    for bound in result.encloses:
        if bound.document and (bound.document not in given or given[bound.document].accept != ("pdf",)):
            yield say(
                N_("Bản kèm theo “%(name)s” lấy từ giấy tờ không có hoặc không chỉ nhận PDF: %(document)s."),
                name=bound.name,
                document=bound.document,
            )
    for field in result.fields:
        if field.kind == "picture" and (
            field.document not in given or "image" not in given[field.document].accept
        ):
            yield say(
                N_("Mục “%(label)s” lấy ảnh từ giấy tờ không có hoặc không nhận ảnh: %(document)s."),
                label=field.label,
                document=field.document,
            )

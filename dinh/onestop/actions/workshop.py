"""A draft built on screens: one verb a kind of change, each upon the state that its writer has seen.

Two people at one draft: whoever saves second is told who changed what, keeps what they typed, and saves again
upon the newer state. Every state is kept as a revision, so that each change can be taken back.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from django.db.models import Max

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.ui.public import (
    FieldSpec,
    add_field,
    add_page,
    change_field,
    change_page,
    field_spec,
    move_field,
    move_page,
    name_for,
    remove_field,
    remove_page,
)
from dinh.kernel.errors import N_, NotFound, Refused, existing
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.actions.procedures import AlreadyPublished, mirror
from dinh.onestop.models import BlankForm, Procedure, ProcedureRevision, ProcedureVersion
from dinh.onestop.permissions import EDIT_PROCEDURE
from dinh.onestop.rules.definition import Definition, keep_order, read_definition
from dinh.onestop.rules.workshop import (
    Part,
    matched,
    move_outcome,
    move_part,
    part_of,
    put_outcome,
    put_part,
    remove_outcome,
    remove_part,
)

__all__ = [
    "add_draft_result",
    "remove_draft_result",
    "ChangedMeanwhile",
    "CodeTaken",
    "DraftTooLarge",
    "NothingToTakeBack",
    "begin_draft",
    "begin_version",
    "copy_version",
    "describe_draft",
    "discard_draft",
    "move_draft_field",
    "move_draft_outcome",
    "move_draft_page",
    "move_draft_part",
    "put_blank_form",
    "put_draft_field",
    "put_draft_outcome",
    "put_draft_page",
    "put_draft_part",
    "put_draft_result",
    "remove_draft_field",
    "remove_draft_outcome",
    "remove_draft_page",
    "remove_draft_part",
    "replace_draft",
    "replace_draft_steps",
    "restore_draft",
    "revise",
]

MOST_BYTES = 512 * 1024

_PUT = {
    "documents": N_("Giấy tờ “%(name)s”"),
    "fees": N_("Khoản thu “%(name)s”"),
    "exemptions": N_("Diện miễn, giảm “%(name)s”"),
    "steps": N_("Bước “%(name)s”"),
}
_MOVED = {
    "documents": N_("Đổi thứ tự giấy tờ “%(name)s”"),
    "fees": N_("Đổi thứ tự khoản thu “%(name)s”"),
    "exemptions": N_("Đổi thứ tự diện miễn, giảm “%(name)s”"),
    "steps": N_("Đổi thứ tự bước “%(name)s”"),
}
_REMOVED = {
    "documents": N_("Bỏ giấy tờ “%(name)s”"),
    "fees": N_("Bỏ khoản thu “%(name)s”"),
    "exemptions": N_("Bỏ diện miễn, giảm “%(name)s”"),
    "steps": N_("Bỏ bước “%(name)s”"),
}


class ChangedMeanwhile(Refused):
    message = N_(
        "%(name)s vừa sửa bản thảo này (%(change)s) sau khi Ông/Bà mở trang. Nội dung Ông/Bà nhập còn nguyên"
        " bên dưới: hãy xem lại rồi lưu lần nữa."
    )


class CodeTaken(Refused):
    message = N_(
        "Đã có thủ tục mang mã %(code)s. Hãy mở thủ tục đó để soạn phiên bản mới, hoặc dùng mã khác."
    )


class DraftTooLarge(Refused):
    message = N_("Bản thảo quá lớn nên chưa lưu. Hãy rút ngắn nội dung hoặc bỏ bớt phần không cần.")


class NothingToTakeBack(Refused):
    message = N_("Không còn thay đổi nào để hoàn tác.")


@action("procedure.draft_begun", permission=EDIT_PROCEDURE, label=N_("Bắt đầu soạn thủ tục mới"))
def begin_draft(definition: Mapping[str, Any], *, by: Actor, now: dt.datetime) -> ProcedureVersion:
    """Begin a procedure that does not exist yet. Raises ``CodeTaken``, ``DefinitionUnreadable``."""
    parts = read_definition(definition)
    procedure = _unused(parts)
    return begin_version(procedure, definition, say(N_("Bắt đầu từ bản trống")), by=by, now=now)


@action("procedure.draft_copied", permission=EDIT_PROCEDURE, label=N_("Soạn phiên bản mới từ bản có sẵn"))
def copy_version(
    source: ProcedureVersion,
    *,
    code: str = "",
    name: str = "",
    by: Actor,
    now: dt.datetime,
) -> ProcedureVersion:
    """Begin a draft from a version: of the same procedure, or with ``code`` and ``name`` of a new one.

    Raises ``CodeTaken``, ``DefinitionUnreadable``.
    """
    said = say(N_("Sao từ phiên bản %(number)s của %(code)s"), number=source.number,
               code=source.procedure.code)  # fmt: skip
    definition = dict(source.definition)
    if not code:
        procedure = Procedure.objects.select_for_update().get(pk=source.procedure_id)
        return begin_version(procedure, definition, said, by=by, now=now)
    definition |= {"code": code, "name": name or definition["name"], "short_name": name or definition["name"]}
    parts = read_definition(definition)
    procedure = _unused(parts)
    return begin_version(procedure, definition, said, by=by, now=now)


def _unused(parts: Definition) -> Procedure:
    """The procedure of a code that no version bears yet; one of the catalogue may stand under it."""
    procedure, is_new = Procedure.objects.select_for_update().get_or_create(
        code=parts.code, defaults=mirror(parts)
    )
    if not is_new and procedure.versions.exists():
        raise CodeTaken(code=parts.code, field="code")
    return procedure


def begin_version(
    procedure: Procedure, definition: Mapping[str, Any], said: Sentence, *, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Keep a new draft of a procedure whose row is locked, with its first revision."""
    newest = ProcedureVersion.objects.filter(procedure=procedure).aggregate(Max("number"))["number__max"]
    form = keep_order(definition["form"])
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=(newest or 0) + 1,
        definition={**definition, "form": form},
        created_at=now,
        created_by=by.account_id,
    )
    _keep(version, said, source=1, by=by, now=now)
    return version


def _keep(version: ProcedureVersion, said: Sentence, *, source: int, by: Actor, now: dt.datetime) -> None:
    ProcedureRevision.objects.create(
        version=version,
        number=version.revision,
        source=source,
        definition=version.definition,
        said=said.message,
        said_with={name: str(value)[:200] for name, value in said.params.items()},
        at=now,
        by_id=by.account_id,
        by_name=by.name,
    )


def revise(
    version: ProcedureVersion,
    change: Callable[[dict[str, Any]], Mapping[str, Any]],
    said: Sentence,
    *,
    seen: int,
    by: Actor,
    now: dt.datetime,
    source: int = 0,
) -> ProcedureVersion:
    """Change the draft and keep the new state. ``change`` gets the newest data and returns the changed."""
    if version.state == ProcedureVersion.State.PUBLISHED:
        raise AlreadyPublished
    latest = ProcedureRevision.objects.filter(version=version, number=version.revision).first()
    if seen != version.revision:
        raise ChangedMeanwhile(
            name=latest.by_name if latest else "",
            change=Sentence(latest.said, latest.said_with) if latest else "",
        )
    if latest is None:
        begun = N_("Bản thảo ban đầu")
        _keep(version, say(begun), source=version.revision, by=by, now=version.created_at)
    changed = dict(change(dict(version.definition)))
    read_definition(changed)
    if len(json.dumps(changed, ensure_ascii=False).encode()) > MOST_BYTES:
        raise DraftTooLarge
    version.definition = changed
    version.revision += 1
    version.save(update_fields=["definition", "revision"])
    _keep(version, said, source=source or version.revision, by=by, now=now)
    return version


def _revise_form(
    version: ProcedureVersion,
    change: Callable[[dict[str, Any]], Mapping[str, Any]],
    said: Sentence,
    *,
    seen: int,
    by: Actor,
    now: dt.datetime,
) -> ProcedureVersion:
    def on_form(definition: dict[str, Any]) -> Mapping[str, Any]:
        return {**definition, "form": change(definition["form"])}

    return revise(version, on_form, said, seen=seen, by=by, now=now)


@action(
    "procedure.described", permission=EDIT_PROCEDURE, on=ProcedureVersion, label=N_("Sửa thông tin thủ tục")
)
def describe_draft(
    version: ProcedureVersion, *, values: Mapping[str, Any], seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Change what the law asks to say of a procedure: name, field, agency, limit, sequence, bases.

    ``values`` are keys of the definition; the code stays. Raises ``ChangedMeanwhile``, ``AlreadyPublished``,
    ``DefinitionUnreadable``, ``DraftTooLarge``.
    """
    kept = {name: value for name, value in values.items() if name not in ("code", "form", "steps")}
    revise(version, lambda old: {**old, **kept}, say(N_("Thông tin chung")), seen=seen, by=by, now=now)
    unpublished = Procedure.objects.filter(pk=version.procedure_id, current_version=None, is_listed=False)
    unpublished.update(**mirror(read_definition(version.definition)))
    return version


@action(
    "procedure.page_put", permission=EDIT_PROCEDURE, on=ProcedureVersion, label=N_("Sửa phần của tờ khai")
)
def put_draft_page(
    version: ProcedureVersion,
    *,
    key: str,
    label: str,
    help: str,
    show_if: Mapping[str, Any] | None,
    rules: Mapping[str, Mapping[str, Any]] | None = None,
    seen: int,
    by: Actor,
    now: dt.datetime,
) -> ProcedureVersion:
    """Add a page to the form (``key`` empty) or change its words, its condition, and its rules over several
    of its questions, by key.
    """

    def change(form: dict[str, Any]) -> Mapping[str, Any]:
        if key:
            return change_page(form, key, label=label, help=help, show_if=show_if, rules=rules)
        form, added = add_page(form, label=label, help=help)
        return change_page(form, added, label=label, help=help, show_if=show_if)

    return _revise_form(version, change, say(N_("Phần “%(name)s” của tờ khai"), name=label), seen=seen, by=by,
                        now=now)  # fmt: skip


@action("procedure.page_moved", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Đổi thứ tự các phần của tờ khai"))  # fmt: skip
def move_draft_page(
    version: ProcedureVersion, *, key: str, to: int, seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Move a page of the form up (``to`` -1) or down (1)."""
    said = say(N_("Đổi thứ tự các phần của tờ khai"))
    return _revise_form(version, lambda form: move_page(form, key, to), said, seen=seen, by=by, now=now)


@action("procedure.page_removed", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Bỏ phần của tờ khai"))  # fmt: skip
def remove_draft_page(
    version: ProcedureVersion, *, key: str, seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Remove an empty page. Raises ``PageNotEmpty``."""
    said = say(N_("Bỏ một phần của tờ khai"))
    return _revise_form(version, lambda form: remove_page(form, key), said, seen=seen, by=by, now=now)


@action(
    "procedure.field_put", permission=EDIT_PROCEDURE, on=ProcedureVersion, label=N_("Sửa câu hỏi của tờ khai")
)
def put_draft_field(
    version: ProcedureVersion,
    *,
    spec: FieldSpec,
    path: str = "",
    page: str = "",
    group: str = "",
    seen: int,
    by: Actor,
    now: dt.datetime,
) -> ProcedureVersion:
    """Change the field at ``path``, or add one (``path`` empty) to a page or into a group."""

    def change(form: dict[str, Any]) -> Mapping[str, Any]:
        if path:
            return change_field(form, path, spec, page=page)
        return add_field(form, spec, page=page, group=group)[0]

    said = N_("Câu hỏi “%(name)s”") if path else N_("Thêm câu hỏi “%(name)s”")
    return _revise_form(version, change, say(said, name=spec.label), seen=seen, by=by, now=now)


@action("procedure.field_moved", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Đổi thứ tự câu hỏi của tờ khai"))  # fmt: skip
def move_draft_field(
    version: ProcedureVersion, *, path: str, to: int, seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Move a field up (``to`` -1) or down (1), over the end of its page to the next one."""
    said = say(N_("Đổi thứ tự câu hỏi “%(name)s”"), name=field_spec(version.definition["form"], path).label)
    return _revise_form(version, lambda form: move_field(form, path, to), said, seen=seen, by=by, now=now)


@action("procedure.field_removed", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Bỏ câu hỏi của tờ khai"))  # fmt: skip
def remove_draft_field(
    version: ProcedureVersion, *, path: str, seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Remove a field; what still asks it is named among the draft's faults."""
    said = say(N_("Bỏ câu hỏi “%(name)s”"), name=field_spec(version.definition["form"], path).label)
    return _revise_form(version, lambda form: remove_field(form, path), said, seen=seen, by=by, now=now)


@action("procedure.part_put", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Sửa giấy tờ, khoản thu hoặc bước"))  # fmt: skip
def put_draft_part(
    version: ProcedureVersion,
    *,
    part: Part,
    key: str,
    values: Mapping[str, Any],
    seen: int,
    by: Actor,
    now: dt.datetime,
) -> ProcedureVersion:
    """Change a paper, a fee or a step, or add one (``key`` empty). Values of None are taken away."""
    said = say(_PUT[part], name=values["name"])
    return revise(
        version,
        lambda old: put_part(old, part, key, values, name=name_for)[0],
        said,
        seen=seen,
        by=by,
        now=now,
    )


@action("procedure.part_moved", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Đổi thứ tự giấy tờ, khoản thu hoặc bước"))  # fmt: skip
def move_draft_part(
    version: ProcedureVersion, *, part: Part, key: str, to: int, seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Move a paper, a fee or a step up (``to`` -1) or down (1) in its list."""
    said = say(_MOVED[part], name=part_of(version.definition, part, key).get("name", key))
    return revise(version, lambda old: move_part(old, part, key, to), said, seen=seen, by=by, now=now)


@action("procedure.part_removed", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Bỏ giấy tờ, khoản thu hoặc bước"))  # fmt: skip
def remove_draft_part(
    version: ProcedureVersion, *, part: Part, key: str, seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Remove a paper, a fee or a step; ways that led to a removed step lead there no more."""
    said = say(_REMOVED[part], name=part_of(version.definition, part, key).get("name", key))
    return revise(version, lambda old: remove_part(old, part, key), said, seen=seen, by=by, now=now)


@action("procedure.blank_form_put", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Sửa mẫu đơn để tải về"))  # fmt: skip
def put_blank_form(
    version: ProcedureVersion,
    *,
    key: str,
    file_id: UUID | None,
    seen: int,
    by: Actor,
    now: dt.datetime,
) -> ProcedureVersion:
    """Give a paper a blank form to download, or take it away (``file_id`` None). Raises ``NotFound``."""
    document = part_of(version.definition, "documents", key)
    blank = None
    if file_id is not None:
        row = BlankForm.objects.create(
            procedure_id=version.procedure_id, file_id=file_id, given_at=now, given_by=by.account_id
        )
        blank = str(row.pk)
    said = say(N_("Mẫu đơn của “%(name)s”"), name=document["name"])
    values = {"name": document["name"], "blank": blank}
    return revise(
        version,
        lambda old: put_part(old, "documents", key, values, name=name_for)[0],
        said,
        seen=seen,
        by=by,
        now=now,
    )


@action("procedure.outcome_put", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Sửa hướng xử lý của bước"))  # fmt: skip
def put_draft_outcome(
    version: ProcedureVersion,
    *,
    step: str,
    key: str,
    values: Mapping[str, Any],
    seen: int,
    by: Actor,
    now: dt.datetime,
) -> ProcedureVersion:
    """Change one way out of a step, or add one (``key`` empty)."""
    said = say(N_("Hướng “%(name)s” của bước “%(step)s”"), name=values["label"], step=_step(version, step))
    return revise(
        version,
        lambda old: put_outcome(old, step, key, values, name=name_for)[0],
        said,
        seen=seen,
        by=by,
        now=now,
    )


@action("procedure.outcome_moved", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Đổi thứ tự hướng xử lý của bước"))  # fmt: skip
def move_draft_outcome(
    version: ProcedureVersion, *, step: str, key: str, to: int, seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Move one way out of a step up (``to`` -1) or down (1)."""
    said = say(N_("Đổi thứ tự các hướng của bước “%(step)s”"), step=_step(version, step))
    return revise(version, lambda old: move_outcome(old, step, key, to), said, seen=seen, by=by, now=now)


@action("procedure.outcome_removed", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Bỏ hướng xử lý của bước"))  # fmt: skip
def remove_draft_outcome(
    version: ProcedureVersion, *, step: str, key: str, seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Remove one way out of a step."""
    said = say(N_("Bỏ một hướng của bước “%(step)s”"), step=_step(version, step))
    return revise(version, lambda old: remove_outcome(old, step, key), said, seen=seen, by=by, now=now)


def _step(version: ProcedureVersion, key: str) -> str:
    return str(part_of(version.definition, "steps", key).get("name", key))


@action("procedure.result_put", permission=EDIT_PROCEDURE, on=ProcedureVersion, label=N_("Sửa mẫu kết quả"))
def put_draft_result(
    version: ProcedureVersion,
    *,
    values: Mapping[str, Any],
    key: str = "",
    seen: int,
    by: Actor,
    now: dt.datetime,
) -> ProcedureVersion:
    """Change a result (``key`` empty: the first): its name, template, series, matter, lines, blocks, the
    papers that go with it and, for a further one, its condition (``when`` None: every dossier gets it).

    A line or a paper without a name of its own gets one from its label. Raises ``NotFound``.
    """

    def change(old: dict[str, Any]) -> Mapping[str, Any]:
        if not key:
            return {**old, "result": _named({**old["result"], **values}, old["result"])}
        rows = old.get("further_results", ())
        if not any(row.get("key") == key for row in rows):
            raise NotFound
        changed = [_named({**row, **values}, row) if row.get("key") == key else row for row in rows]
        return {**old, "further_results": changed}

    return revise(version, change, say(N_("Mẫu kết quả")), seen=seen, by=by, now=now)


def _named(result: dict[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """The result with a name for every line and paper; a paper keeps its key, a line what the list of lines
    does not show of it. What is None of a line is taken away.
    """
    if result.get("when") is None:
        result = {name: value for name, value in result.items() if name != "when"}
    if "fields" in result:
        before = matched(result["fields"], old.get("fields", ()), "name")
        kept = [{**was, **row} for was, row in zip(before, result["fields"], strict=True)]
        shown = [{name: value for name, value in row.items() if value is not None} for row in kept]
        result = {**result, "fields": shown}
    if "encloses" in result:
        before = matched(result["encloses"], old.get("encloses", ()), "name")
        rows_kept = [{**was, **row} for was, row in zip(before, result["encloses"], strict=True)]
        result = {**result, "encloses": rows_kept}
    for rows, name, label in (("fields", "name", "label"), ("encloses", "key", "name")):
        if rows not in result:
            continue
        taken = {row[name] for row in result[rows] if row.get(name)}
        named = []
        for row in result[rows]:
            own = row.get(name) or name_for(row[label], taken)
            taken.add(own)
            named.append({**row, name: own})
        result = {**result, rows: named}
    return result


@action("procedure.result_added", permission=EDIT_PROCEDURE, on=ProcedureVersion, label=N_("Thêm kết quả"))
def add_draft_result(
    version: ProcedureVersion, *, name: str, seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Add a further result, composed of blocks; the same people sign it until its matter is changed."""

    def change(old: dict[str, Any]) -> Mapping[str, Any]:
        rows = list(old.get("further_results", ()))
        first = old["result"]
        row = {
            "key": name_for(name, {row["key"] for row in rows}),
            "name": name,
            "template": "composed",
            "notation": first["notation"],
            "matter": first["matter"],
            "fields": [],
        }
        return {**old, "further_results": [*rows, row]}

    return revise(version, change, say(N_("Thêm kết quả “%(name)s”"), name=name), seen=seen, by=by, now=now)


@action("procedure.result_removed", permission=EDIT_PROCEDURE, on=ProcedureVersion, label=N_("Bỏ kết quả"))
def remove_draft_result(
    version: ProcedureVersion, *, key: str, seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Remove a further result; the first one stays. Raises ``NotFound``."""

    def change(old: dict[str, Any]) -> Mapping[str, Any]:
        rows = [row for row in old.get("further_results", ()) if row.get("key") != key]
        if len(rows) == len(old.get("further_results", ())):
            raise NotFound
        return {**old, "further_results": rows}

    return revise(version, change, say(N_("Bỏ một kết quả")), seen=seen, by=by, now=now)


@action("procedure.draft_replaced", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Thay bản thảo bằng tệp tải lên"))  # fmt: skip
def replace_draft(
    version: ProcedureVersion, *, definition: Mapping[str, Any], seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Put an uploaded definition in the draft's place; its code stays that of the procedure."""
    code = version.definition["code"]
    form = keep_order(read_definition(definition).form)
    return revise(
        version,
        lambda old: {**definition, "code": code, "form": form},
        say(N_("Thay toàn bộ bằng tệp tải lên")),
        seen=seen,
        by=by,
        now=now,
    )


@action("procedure.steps_replaced", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Thay quy trình bằng sơ đồ tải lên"))  # fmt: skip
def replace_draft_steps(
    version: ProcedureVersion, *, steps: list[dict[str, Any]], seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Put the steps of an uploaded diagram in the place of the draft's."""
    said = say(N_("Thay quy trình bằng sơ đồ tải lên"))
    return revise(version, lambda old: {**old, "steps": steps}, said, seen=seen, by=by, now=now)


@action("procedure.draft_restored", permission=EDIT_PROCEDURE, on=ProcedureVersion,
        label=N_("Hoàn tác thay đổi của bản thảo"))  # fmt: skip
def restore_draft(
    version: ProcedureVersion, *, number: int = 0, seen: int, by: Actor, now: dt.datetime
) -> ProcedureVersion:
    """Bring back the state of revision ``number``; 0: take back the last change that stands.

    Raises ``NothingToTakeBack``, ``NotFound``.
    """
    revisions = ProcedureRevision.objects.filter(version=version)
    if not number:
        current = revisions.filter(number=version.revision).first()
        number = (current.source if current else version.revision) - 1
        if number < 1 or not revisions.filter(number=number).exists():
            raise NothingToTakeBack
    found = existing(revisions.filter(number=number).first())
    said = say(N_("Trở lại lần sửa %(number)s"), number=found.source)
    return revise(
        version, lambda old: cast("dict[str, Any]", found.definition), said, seen=seen, source=found.source,
        by=by, now=now,
    )  # fmt: skip


@action("procedure.draft_discarded", permission=EDIT_PROCEDURE, on=ProcedureVersion, label=N_("Bỏ bản thảo"))
def discard_draft(version: ProcedureVersion, *, seen: int, by: Actor, now: dt.datetime) -> ProcedureVersion:
    """Remove a draft with its revisions; a procedure that has no version left goes with it."""
    if version.state == ProcedureVersion.State.PUBLISHED:
        raise AlreadyPublished
    if seen != version.revision:
        latest = ProcedureRevision.objects.filter(version=version).first()
        raise ChangedMeanwhile(name=latest.by_name if latest else "", change=say(N_("Thông tin chung")))
    ProcedureVersion.objects.filter(pk=version.pk).delete()
    if not ProcedureVersion.objects.filter(procedure=version.procedure_id).exists():
        # What the catalogue lists stays listed.
        Procedure.objects.filter(pk=version.procedure_id, entry=None).delete()
    return version

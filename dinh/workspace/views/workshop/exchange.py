"""Versions beside each other in words; steps as BPMN, out and in; a draft replaced by a file."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import (
    AUTOCOMPLETES,
    KINDS,
    PAGE_RULES,
    FieldLine,
    PageLine,
    messages_of,
    name_for,
    outline,
)
from dinh.kernel.condition_words import Asked
from dinh.kernel.errors import N_, Refused
from dinh.kernel.sentences import Sentence, say
from dinh.onestop.public import (
    EDIT_PROCEDURE,
    FieldWords,
    access_version,
    asked_of,
    compare,
    read_bpmn,
    replace_draft,
    replace_draft_steps,
    versions_of,
    words_of,
    write_bpmn,
)
from dinh.workspace.forms import read_definition_file
from dinh.workspace.views.workshop.form import PREFILLS, SHOWN_AS
from dinh.workspace.views.workshop.rule_inputs import said_of_rules
from dinh.workspace.views.workshop.screen import here_of, open_draft, press

__all__ = ["comparison", "diagram_file", "upload_definition", "upload_diagram"]

PARTS = {
    "general": N_("Thông tin"),
    "form": N_("Tờ khai"),
    "documents": N_("Giấy tờ"),
    "fees": N_("Phí, lệ phí"),
    "steps": N_("Quy trình"),
    "result": N_("Kết quả"),
}


@route(who="official")
def comparison(request: Request, version_id: UUID) -> HttpResponse:
    """What a version says otherwise than another of the same procedure, in words."""
    version = access_version(request.by, version_id)
    lines = [line for line in versions_of(request.by, version.procedure_id) if line.id != version.pk]
    wanted = request.GET.get("voi", "")
    in_force = next((line for line in lines if line.is_in_force), None)
    earlier = next((line for line in lines if line.number < version.number), None)
    other_line = next((line for line in lines if str(line.id) == wanted), in_force or earlier)
    changes: list[dict[str, Any]] = []
    if other_line is not None:
        other = access_version(request.by, other_line.id)
        found = compare(other.parts, version.parts, fields=_field_words, asked=asked_of)
        changes = [
            {
                "part": _(PARTS[change.part]),
                "place": change.place,
                "what": _(change.what) if change.what else "",
                "before": _said(change.before),
                "after": _said(change.after),
            }
            for change in found
        ]
    return render(
        request,
        "workspace/workshop/comparison.html",
        {
            "version": version,
            "definition": version.parts,
            "other": other_line,
            "choices": [
                (str(line.id), _("Phiên bản %(number)s") % {"number": line.number}) for line in lines
            ],
            "changes": changes,
        },
    )


def _said(words: Sentence | str) -> str:
    return words.said(_) if isinstance(words, Sentence) else words


def _field_words(form: Mapping[str, Any]) -> dict[str, FieldWords]:
    """The pages and fields of a form with every setting in words, for a comparison."""
    asked = asked_of(form)
    pages = {page.key: page for page in outline(form)}
    found = {}
    for page in pages.values():
        # No field has a name that begins so.
        found[f"#{page.key}"] = FieldWords(page.label or page.key, _page_words(page, asked))
        for line in page.fields:
            found[line.path] = FieldWords(line.spec.label, _line_words(line, page, asked))
    return found


def _page_words(page: PageLine, asked: Mapping[str, Asked]) -> dict[str, Sentence | str]:
    labels = {line.path: line.spec.label for line in page.fields}
    words: dict[str, Sentence | str] = {
        N_("Lời dẫn"): page.help,
        N_("Chỉ hỏi phần này khi"): words_of(page.show_if, asked) if page.show_if else "",
    }
    for rule in PAGE_RULES:
        said = page.rules.get(rule.key, {})
        words[rule.label] = "; ".join(labels.get(name, name) for name in said.get("fields", ()))
        words[rule.heading] = said.get("label", "")
        words[rule.message] = said.get("message", "")
    return words


def _line_words(line: FieldLine, page: PageLine, asked: Mapping[str, Asked]) -> dict[str, Sentence | str]:
    spec = line.spec
    own = messages_of(KINDS[spec.kind])
    limits = (spec.least, spec.most, spec.above, spec.below, spec.multiple, spec.not_before, spec.not_after)
    return {
        N_("Kiểu"): say(KINDS[spec.kind].label),
        N_("Lời giải thích"): spec.help,
        N_("Bắt buộc trả lời"): say(N_("có")) if spec.required else say(N_("không")),
        N_("Chỉ bắt buộc khi"): words_of(spec.required_if, asked) if spec.required_if else "",
        N_("Nằm ở phần"): page.label or page.key,
        N_("Các lựa chọn"): "\n".join(
            " – ".join(one for one in (words, spec.choice_help.get(str(value), "")) if one)
            for value, words in spec.choices
        ),
        N_("Bày các lựa chọn"): say(dict(SHOWN_AS).get(spec.shown_as, "")),
        N_("Giới hạn"): " – ".join("" if one is None else str(one) for one in limits).strip(" –"),
        N_("Dạng phải theo (biểu thức chính quy)"): spec.pattern,
        **said_of_rules(spec, asked, line.path),
        **{own[key]: said for key, said in spec.messages.items()},
        N_("Chỉ hỏi khi"): words_of(spec.show_if, asked) if spec.show_if else "",
        N_("Điền sẵn từ dữ liệu của người nộp"): say(dict(PREFILLS).get(spec.prefill, "")),
        N_("Chữ mờ trong ô trống"): spec.placeholder,
        N_("Trình duyệt gợi ý sẵn"): say(AUTOCOMPLETES.get(spec.autocomplete, spec.autocomplete)),
        N_("Bề rộng của ô"): spec.width,
        N_("Đơn vị tính"): spec.suffix,
        N_("Mỗi lần điền gọi là gì"): spec.item,
    }


@route(who="official")
def diagram_file(request: Request, version_id: UUID) -> HttpResponse:
    """The steps of a version as a BPMN 2.0 file."""
    version = access_version(request.by, version_id)
    content = write_bpmn(version.parts.name, version.definition["steps"])
    name = f"quy-trinh-{version.parts.code}-v{version.number}.bpmn"
    return HttpResponse(
        content,
        content_type="application/xml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def upload_diagram(request: Request, version_id: UUID) -> HttpResponse:
    """Put the steps of an uploaded diagram in the place of the draft's; it can be taken back."""
    version = open_draft(request, version_id)
    upload = request.FILES.get("diagram")

    def verb(seen: int) -> object:
        if upload is None:
            raise Refused(N_("Chưa chọn tệp sơ đồ. Hãy chọn tệp .bpmn rồi tải lên."))
        steps = read_bpmn(upload.read(1024 * 1024 + 1), name=name_for)
        return replace_draft_steps(version, steps=steps, seen=seen, by=request.by, now=timezone.now())

    return press(request, version, verb, here_of("workshop-steps", version))


@require_POST
@route(who="official", permission=EDIT_PROCEDURE)
def upload_definition(request: Request, version_id: UUID) -> HttpResponse:
    """Put an uploaded definition in the draft's place; it can be taken back."""
    version = open_draft(request, version_id)

    def verb(seen: int) -> object:
        definition = read_definition_file(request.FILES.get("definition"))
        return replace_draft(version, definition=definition, seen=seen, by=request.by, now=timezone.now())

    press(request, version, verb, here_of("workshop", version))
    return redirect("workspace:workshop", version_id=version.pk)

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
from dinh.foundation.ui.public import KINDS, FieldLine, name_for, outline
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
from dinh.workspace.views.workshop.form import PREFILLS
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
    """The fields of a form with every setting in words, for a comparison."""
    asked = asked_of(form)
    pages = {page.key: page.label for page in outline(form)}
    return {
        line.path: FieldWords(
            line.spec.label,
            {
                N_("Kiểu"): say(KINDS[line.spec.kind].label),
                N_("Lời giải thích"): line.spec.help,
                N_("Bắt buộc trả lời"): say(N_("có")) if line.spec.required else say(N_("không")),
                N_("Nằm ở phần"): pages.get(line.page, line.page),
                N_("Các lựa chọn"): "\n".join(words for _value, words in line.spec.choices),
                N_("Giới hạn"): " – ".join(
                    str(one)
                    for one in (
                        line.spec.least,
                        line.spec.most,
                        line.spec.not_before,
                        line.spec.not_after,
                    )
                    if one not in (None, "")
                ),
                **_rule_words(line, asked),
                N_("Chỉ hỏi khi"): words_of(line.spec.show_if, asked) if line.spec.show_if else "",
                N_("Điền sẵn từ dữ liệu của người nộp"): say(dict(PREFILLS).get(line.spec.prefill, "")),
                N_("Đơn vị tính"): line.spec.suffix,
            },
        )
        for page in outline(form)
        for line in page.fields
    }


def _rule_words(line: FieldLine, asked: Mapping[str, Asked]) -> dict[str, Sentence | str]:
    """What the day of filing and other answers let an answer be."""
    spec = line.spec

    def label(name: str) -> str:
        about = asked.get(f"{line.path.rpartition('.')[0]}.{name}") or asked.get(name)
        return about.label if about else name

    words: dict[str, Sentence | str] = {
        N_("Không quá bao nhiêu ngày trước ngày nộp"): str(spec.within_days or ""),
        N_("Không quá bao nhiêu tháng trước ngày nộp"): str(spec.within_months or ""),
        N_("Số ngày đó không tính khi"): words_of(spec.within_unless, asked) if spec.within_unless else "",
        N_("Quá hạn đó thì người nộp làm gì"): spec.within_message,
        N_("Người sinh ngày này phải đủ bao nhiêu tuổi"): str(spec.least_age or ""),
        N_("Chưa đủ tuổi thì nhắc thế nào"): spec.age_message,
        N_("Không lớn hơn, không sau câu trả lời ở"): label(spec.not_above),
        N_("Không nhỏ hơn, không trước câu trả lời ở"): label(spec.not_below),
        N_("Không nhận câu trả lời khi"): words_of(spec.refuse_if, asked) if spec.refuse_if else "",
        N_("Không nhận thì nói gì với người nộp"): spec.refuse_message,
    }
    return words


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

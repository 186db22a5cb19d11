"""The front page, the catalogue of procedures, and one procedure with all that the law lists."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import Request, route
from dinh.foundation.ui.public import format_money
from dinh.kernel.clocks import Limit
from dinh.onestop.public import (
    agencies_offered,
    agencies_to_choose,
    asked_of,
    audiences_offered,
    best_first,
    fee_notes,
    fields_offered,
    find_procedures,
    get_shown,
    get_version,
    life_events,
    listed_record,
    most_used,
    nearest_procedures,
    words_of,
)
from dinh.portal.public import find_news, open_consultations
from dinh.portal.views.content import listed
from dinh.portal.views.meta import PageMeta
from dinh.portal.views.screen import plain_text, show

__all__ = ["home", "limit_words", "procedure", "procedures"]

PAGE_SIZE = 30
Choices = list[tuple[str, str]]
FILTERS = ("q", "su_kien", "cap", "linh_vuc", "co_quan", "doi_tuong")


@route(who="everyone")
def home(request: Request) -> HttpResponse:
    """Search, life events, what is used most, tracking by code; news, and drafts open for comment."""
    now = timezone.now()
    return show(
        request,
        "home.html",
        {
            "used": [_listed(row) for row in most_used()],
            "events": [
                {"name": event.name, "count": event.count, "address": _list_address({"su_kien": event.name})}
                for event in life_events()
            ],
            "news": [listed(version) for version in find_news(now=now)[:4]],
            "drafts": [_draft(row) for row in open_consultations(today=timezone.localdate(now))[:3]],
            "meta": PageMeta(type="Service"),
        },
    )


@route(who="everyone")
def procedures(request: Request) -> HttpResponse:
    """Procedures that hold every word, with or without diacritics; all filters stay in the address."""
    asked = {name: plain_text(request.GET.get(name), most=100) for name in FILTERS}
    rows = find_procedures(
        life_event=asked["su_kien"],
        level=asked["cap"],
        field=asked["linh_vuc"],
        agency=asked["co_quan"],
        audience=asked["doi_tuong"],
    )
    rows = best_first(rows, asked["q"])
    page = _whole(request.GET.get("trang", ""))
    start = (page - 1) * PAGE_SIZE
    choices: dict[str, Choices] = {
        "su_kien": [(event.name, event.name) for event in life_events()],
        "cap": list(levels().items()),
        "linh_vuc": fields_offered(),
        "co_quan": agencies_named(),
        "doi_tuong": [(who, who) for who in audiences_offered()],
    }
    found = list(rows[start : start + PAGE_SIZE + 1])
    return show(
        request,
        "procedures.html",
        {
            **asked,
            "rows": [_listed(row) for row in found[:PAGE_SIZE]],
            "nearest": [_listed(row) for row in nearest_procedures(asked["q"])] if not found else [],
            "count": rows.count() if page > 1 or len(found) > PAGE_SIZE else len(found),
            "choices": choices,
            "chips": _chips(asked, choices),
            "next": _list_address(asked, page + 1) if len(found) > PAGE_SIZE else "",
            "previous": _list_address(asked, page - 1) if page > 1 else "",
            "meta": PageMeta(type="Collection", keep=("su_kien", "cap", "linh_vuc", "co_quan", "doi_tuong")),
        },
    )


@route(who="everyone")
def procedure(request: Request, code: str) -> HttpResponse:
    """One procedure as published (NĐ 63/2010/NĐ-CP, Art. 8.2)."""
    row = get_shown(plain_text(code, most=50))
    if row.current_version_id is None:
        return _listed_page(request, row)
    definition = get_version(row).parts
    limit = definition.time_limit
    conditions = [*(fee.when for fee in definition.fees), *(one.required_if for one in definition.documents)]
    asked = asked_of(definition.form) if any(conditions) else {}
    return show(
        request,
        "procedure.html",
        {
            "code": row.code,
            "meta": PageMeta(description=definition.summary, type="Service", subjects=definition.field.name),
            "definition": definition,
            "start_address": reverse("portal:start", kwargs={"code": row.code}),
            "level": levels()[definition.level],
            "agencies": _agencies_of(row),
            "limit": limit_words(str(limit.amount), limit.unit),
            "answered_in": limit_words(str(definition.first_step.hours), "hours"),
            "online_limit": limit_words(str(limit.online), limit.unit) if limit.online else "",
            "channels": [_channels()[channel] for channel in definition.channels],
            "service": _services()[definition.service_class],
            "service_words": service_words(definition.service_class),
            "is_online": "online" in definition.channels and definition.service_class != "information",
            "documents": [_document(document, row.code, asked) for document in definition.documents],
            "fees": [
                {
                    "name": fee.name,
                    "amount": format_money(fee.amount) if fee.amount else _("Miễn phí"),
                    "note": "; ".join(
                        [
                            *([_when(fee.when, asked)] if fee.when else []),
                            *(n.said(_) for n in fee_notes(fee)),
                        ]
                    ),
                    "basis": fee.basis,
                }
                for fee in definition.fees
            ],
            "exemptions": definition.exemptions if definition.fees else (),
        },
    )


def _listed_page(request: Request, row: Any) -> HttpResponse:
    """A procedure of the catalogue without a process here: what it asks for and where it is filed."""
    record = listed_record(row)
    agencies = _agencies_of(row) if row.agency_kind else []
    return show(
        request,
        "listed.html",
        {
            "code": row.code,
            "meta": PageMeta(description=row.summary, type="Service", subjects=row.field_name),
            "name": row.name,
            "record": record,
            "level": levels()[row.level],
            "named": [
                one["TENDONVI"]
                for one in record["COQUANTHUCHIEN"] + record["COQUANCOTHAMQUYEN"]
                if one["TENDONVI"]
            ],
            "agencies": agencies,
            "service_words": service_words("information"),
            "ways": [_way(way) for way in record["CACHTHUCTHUCHIEN"]],
        },
    )


def _way(way: Mapping[str, Any]) -> dict[str, Any]:
    """One way to file: its name, its limits and sums in words."""
    names = {"1": _("Trực tiếp"), "2": _("Trực tuyến"), "3": _("Qua dịch vụ bưu chính công ích")}
    lines = []
    for time in way["THOIGIAN"]:
        limit = " ".join(part for part in (time["THOIGIANGIAIQUYET"], time["DONVITINH"]) if part)
        fees = [
            " ".join(part for part in (f["MOTA"], f["SOTIEN"], f["DONVI"]) if part) for f in time["PHILEPHI"]
        ]
        lines.append({"limit": limit, "note": time["MOTA"], "fees": [fee for fee in fees if fee]})
    return {"name": names.get(way["KENH"], way["KENH"]), "lines": lines}


def _draft(row: Any) -> dict[str, Any]:
    is_english = translation.get_language() == "en" and bool(row.title_en)
    return {
        "title": row.title_en if is_english else row.title,
        "lang": "en" if is_english else "vi",
        "address": reverse("portal:consultation", kwargs={"slug": row.slug}),
        "closes_on": row.closes_on,
    }


def _when(condition: Any, asked: Any) -> str:
    return _("khi %(when)s") % {"when": words_of(condition, asked)}


def _document(document: Any, code: str, asked: Any) -> dict[str, Any]:
    return {
        "name": document.name,
        "copies": _copies(document.originals, document.copies),
        "help": document.help,
        "blank": reverse("portal:blank-form", kwargs={"code": code, "key": document.key})
        if document.blank
        else "",
        "note": _("điền trực tuyến") if document.origin == "form" else _need(document),
        "when": _when(document.required_if, asked) if document.required_if else "",
    }


def _need(document: Any) -> str:
    if document.optional:
        return _("không bắt buộc")
    return _("tùy trường hợp") if document.required_if else ""


def _copies(originals: int, copies: int) -> str:
    parts = []
    if originals:
        parts.append(_("%(count)s bản chính") % {"count": originals})
    if copies:
        parts.append(_("%(count)s bản sao") % {"count": copies})
    return ", ".join(parts)


def _listed(row: Any) -> dict[str, str]:
    return {
        "code": row.code,
        "name": row.short_name,
        "full_name": row.name,
        "summary": row.summary,
        "field": row.field_name,
        "level": levels()[row.level],
        "service": service_words(row.service_class),
        "address": reverse("portal:procedure", kwargs={"code": row.code}),
    }


def levels() -> dict[str, str]:
    """Words of the levels at which procedures are handled."""
    return {"province": _("Cấp tỉnh"), "district": _("Cấp huyện"), "commune": _("Cấp xã")}


def _services() -> dict[str, str]:
    return {
        "full": _("Toàn trình: nộp và nhận kết quả trực tuyến"),
        "partial": _("Một phần: nộp trực tuyến, có bước làm trực tiếp"),
        "information": _("Cung cấp thông tin: nộp trực tiếp hoặc qua bưu chính"),
    }


def service_words(service_class: str) -> tuple[str, str]:
    """The class of a service since 2022 (NĐ 42/2022/NĐ-CP), and the level before it (TT 32/2017/TT-BTTTT)."""
    return {
        "full": (_("Toàn trình"), _("mức độ 4")),
        "partial": (_("Một phần"), _("mức độ 3")),
        "information": (_("Cung cấp thông tin"), _("mức độ 2")),
    }[service_class]


def agencies_named() -> list[tuple[str, str]]:
    """The agencies that decide, for a choice: single ones by their name, others by their kind."""
    kinds = {
        "province_committee": _("Ủy ban nhân dân tỉnh"),
        "department": _("Sở, ban, ngành"),
        "district_committee": _("Ủy ban nhân dân cấp huyện"),
        "commune_committee": _("Ủy ban nhân dân cấp xã"),
    }
    return [(one.key, one.name or kinds.get(one.kind, one.kind)) for one in agencies_offered()]


def _channels() -> dict[str, str]:
    return {
        "online": _("Trực tuyến, tại trang này"),
        "counter": _("Trực tiếp, tại Bộ phận Tiếp nhận và Trả kết quả"),
        "post": _("Qua dịch vụ bưu chính công ích"),
    }


def limit_words(amount: str, unit: str) -> str:
    """A time limit of the law in words: “3 ngày làm việc”."""
    return Limit.of(amount, unit).words.said(_)  # type: ignore[arg-type]


def _agencies_of(row: Any) -> list[str]:
    return [f"{name} ({district})" if district else name for _pk, name, district in agencies_to_choose(row)]


def _chips(asked: Mapping[str, str], choices: Mapping[str, Choices]) -> list[tuple[str, str]]:
    """What the list is narrowed by, each with the address of the list without it."""
    words = {name: dict(choices[name]).get(asked[name], asked[name]) for name in FILTERS if name != "q"}
    return [(word, _list_address({**asked, name: ""})) for name, word in words.items() if word]


def _list_address(asked: Mapping[str, str], page: int = 1) -> str:
    given = {name: value for name, value in asked.items() if value}
    if page > 1:
        given["trang"] = str(page)
    address = reverse("portal:procedures")
    return f"{address}?{urlencode(given)}" if given else address


def _whole(text: str) -> int:
    return max(1, int(text)) if text.isdigit() and len(text) < 5 else 1

"""The screens of notify: a person's notices and preferences, the sample mailbox, and for administrators the
messages that left or wait, and the templates."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dinh.foundation.actions.public import RESEND, Request, attempts_at, get_message, resend, route
from dinh.foundation.notify import queries
from dinh.foundation.notify.actions import reading
from dinh.foundation.notify.actions import templates as writing
from dinh.foundation.notify.permissions import MANAGE_TEMPLATES, READ_MESSAGES
from dinh.foundation.notify.rules.catalogue import TOPICS, template_of
from dinh.foundation.notify.rules.contacts import CHANNELS
from dinh.foundation.notify.rules.fates import STATES, words_of_error
from dinh.foundation.notify.rules.texts import TextRefused, Texts, fill, plain_sms, sms_parts
from dinh.kernel.errors import NotFound, Refused
from dinh.kernel.ids import read_uuid

if TYPE_CHECKING:
    from collections.abc import Sequence

_AT_ONCE = 500
_FILTER_STATES = ("waiting", "retrying", "delivered", "dead")


def _older(request: Request, rows: "Sequence[Any]") -> str:
    """Return the address of the page after this one, or "" when there is none."""
    if len(rows) <= queries.PAGE:
        return ""
    kept = {name: value for name, value in request.GET.items() if name != "truoc" and value}
    return f"?{urlencode({**kept, 'truoc': rows[queries.PAGE - 1].id})}"


def _newest(request: Request) -> str:
    """Return the address of the first page, where this is a later one."""
    kept = {name: value for name, value in request.GET.items() if name != "truoc" and value}
    return f"?{urlencode(kept)}" if "truoc" in request.GET else ""


def _sentence(error: Refused) -> str:
    return error.said(_)


@never_cache
@require_GET
@route(who="signed_in")
def notices(request: Request) -> HttpResponseBase:
    """What the house has told the person, newest first."""
    only_unread = request.GET.get("chi") == "chua-xem"
    before = read_uuid(request.GET.get("truoc", ""))
    rows = queries.notice_page(request.by, before=before, only_unread=only_unread)
    values = {
        "rows": rows[: queries.PAGE],
        "older": _older(request, rows),
        "newer": _newest(request),
        "only_unread": only_unread,
        "new": queries.unread_count(request.by),
        "topics": TOPICS,
    }
    return render(request, "notify/notices.html", values)


@never_cache
@require_GET
@route(who="signed_in")
def open_notice(request: Request, notice_id: UUID) -> HttpResponseBase:
    """Go to what a notice is about; from now on it is seen."""
    notice = reading.open_notice(notice_id, by=request.by, now=timezone.now())
    if notice.link:
        return HttpResponseRedirect(notice.link)
    return render(request, "notify/notice.html", {"notice": notice, "topic": TOPICS.get(notice.topic, "")})


@require_POST
@route(who="signed_in")
def read_all(request: Request) -> HttpResponseBase:
    """Note that all notices are seen."""
    reading.read_all_notices(by=request.by, now=timezone.now())
    return HttpResponseRedirect("/thong-bao/")


@never_cache
@require_http_methods(["GET", "POST"])
@route(who="signed_in")
def preferences(request: Request) -> HttpResponseBase:
    """What the person wants to receive outside the house."""
    if request.by.person_id is None:
        raise NotFound
    if request.method == "POST":
        email, sms = set(request.POST.getlist("email")), set(request.POST.getlist("sms"))
        shown = queries.preferences_of(request.by)
        wanted = {topic: queries.Wanted(topic in email, topic in sms) for topic in shown}
        reading.change_preferences(wanted, by=request.by)
        messages.success(request, _("Đã lưu cách nhận thông báo."))
        return HttpResponseRedirect("/thong-bao/cai-dat/")
    chosen = queries.preferences_of(request.by)
    rows = [{"topic": topic, "label": TOPICS[topic], "wanted": wanted} for topic, wanted in chosen.items()]
    return render(request, "notify/preferences.html", {"rows": rows})


@require_GET
@route(who="everyone")
def sample_mailbox(request: Request) -> HttpResponseBase:
    """Messages that would have left a real house; a sample province only."""
    if not settings.IS_SAMPLE:
        raise NotFound
    rows = queries.sample_messages(before=read_uuid(request.GET.get("truoc", "")))
    values = {
        "rows": rows[: queries.PAGE],
        "older": _older(request, rows),
        "newer": _newest(request),
        "channels": CHANNELS,
        "has_mail_server": bool(settings.EMAIL_ADDRESS),
        "parts": {row.id: sms_parts(row.body) for row in rows},
    }
    return render(request, "notify/sample_mailbox.html", values)


@never_cache
@require_GET
@route(who="official", permission=READ_MESSAGES)
def messages_sent(request: Request) -> HttpResponseBase:
    """E-mail and SMS that left, wait, or could not leave."""
    asked = {name: request.GET.get(name, "") for name in ("state", "channel", "q")}
    rows = queries.outside_messages(
        state=asked["state"] if asked["state"] in _FILTER_STATES else "",
        channel=asked["channel"],
        words=asked["q"].strip()[:100],
        before=read_uuid(request.GET.get("truoc", "")),
    )
    values = {
        "rows": [{"fate": fate, "address": f"/quan-tri/tin-gui/{fate.id}/"} for fate in rows[: queries.PAGE]],
        "older": _older(request, rows),
        "newer": _newest(request),
        "asked": asked,
        "chips": _chips(asked),
        "states": [(code, _(STATES[code][0])) for code in _FILTER_STATES],
        "channels": [(code, _(CHANNELS[code])) for code in ("email", "sms")],
        "may_resend": request.by.holds(RESEND.code),
    }
    return render(request, "notify/messages.html", values)


def _chips(asked: dict[str, str]) -> list[tuple[str, str]]:
    """Return what the list is filtered by, each with the address without it."""
    state, channel = asked["state"], asked["channel"]
    words = {
        "state": _(STATES[state][0]) if state in _FILTER_STATES else "",
        "channel": _(CHANNELS[channel]) if channel in CHANNELS else "",
        "q": asked["q"],
    }
    return [
        (word, f"?{urlencode({other: asked[other] for other in asked if other != name and asked[other]})}")
        for name, word in words.items()
        if word
    ]


@never_cache
@require_GET
@route(who="official", permission=READ_MESSAGES)
def message_sent(request: Request, message_id: UUID) -> HttpResponseBase:
    """One message and every attempt to deliver it; never its text."""
    fate = queries.outside_message(message_id)
    events = [
        {
            "at": attempt.at,
            "title": _("Chưa gửi được") if attempt.error else _("Đã gửi"),
            "text": _(words_of_error(attempt.error)) if attempt.error else "",
            "tone": "bad" if attempt.error else "good",
        }
        for attempt in attempts_at(message_id)
    ]
    values = {"fate": fate, "events": events, "may_resend": request.by.holds(RESEND.code)}
    return render(request, "notify/message.html", values)


@require_POST
@route(who="official", permission=READ_MESSAGES)
def resend_one(request: Request, message_id: UUID) -> HttpResponseBase:
    """Send a message again."""
    try:
        resend(get_message(message_id), by=request.by)
        messages.success(request, _("Tin sẽ được gửi lại ngay."))
    except Refused as error:
        messages.error(request, _sentence(error))
    return HttpResponseRedirect(f"/quan-tri/tin-gui/{message_id}/")


@require_POST
@route(who="official", permission=READ_MESSAGES)
def resend_dead(request: Request) -> HttpResponseBase:
    """Send again up to 500 messages that could not be delivered: the mail server is back."""
    dead = queries.dead_messages(limit=_AT_ONCE)
    for fate in dead:
        resend(get_message(fate.id), by=request.by)
    said = ngettext("Sẽ gửi lại %(count)s tin.", "Sẽ gửi lại %(count)s tin.", len(dead))
    messages.success(request, said % {"count": len(dead)})
    return HttpResponseRedirect("/quan-tri/tin-gui/")


@never_cache
@require_GET
@route(who="official", permission=MANAGE_TEMPLATES)
def templates(request: Request) -> HttpResponseBase:
    """Every template, with the version in use."""
    rows = [{"card": card, "address": f"/quan-tri/mau-tin/{card.code}/"} for card in queries.template_cards()]
    return render(request, "notify/templates.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
@route(who="official", permission=MANAGE_TEMPLATES)
def template(request: Request, code: str) -> HttpResponseBase:
    """One template: its texts as a draft, a preview, publication."""
    card = queries.template_card(code)
    if request.method == "GET":
        return _template_page(request, card, card.draft or card.texts)
    if request.POST.get("do") == "publish" and card.draft_id is not None:
        writing.publish_template(queries.draft_of(code), by=request.by, now=timezone.now())
        messages.success(request, _("Đã ban hành mẫu. Tin gửi từ bây giờ dùng mẫu này."))
        return HttpResponseRedirect(f"/quan-tri/mau-tin/{code}/")
    typed = Texts(**{part: _typed(request, part) for part in ("subject", "body", "sms", "more")})
    try:
        writing.draft_template(code, typed, by=request.by, now=timezone.now())
    except TextRefused as error:
        return _template_page(request, card, typed, {error.field or "": _sentence(error)}, status=422)
    messages.success(request, _("Đã lưu bản nháp. Hãy xem thử rồi ban hành."))
    return HttpResponseRedirect(f"/quan-tri/mau-tin/{code}/")


def _typed(request: Request, part: str) -> str:
    return request.POST.get(part, "").replace("\r\n", "\n").strip()


def _template_page(
    request: Request,
    card: queries.TemplateCard,
    texts: Texts,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    values = {"card": card, "texts": texts, "errors": errors or {}, "preview": _preview(card, texts, errors)}
    return render(request, "notify/template.html", values, status=status)


def _preview(
    card: queries.TemplateCard, texts: Texts, errors: dict[str, str] | None
) -> dict[str, Any] | None:
    """Return the texts filled with example values, or None where they can't be."""
    if errors:
        return None
    example = {name: f"[{name}]" for name in template_of(card.code).known}
    example["name"] = "Nguyễn Thị Mẫu"  # data: an invented person
    said = fill(texts, {**example, "link": f"{settings.PUBLIC_ADDRESS}/…"})
    sms = plain_sms(said.sms)
    return {"said": said, "sms": sms, "parts": sms_parts(sms)}

"""Who is told about work behind the desk: given out, asked to go back, decided, come back."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.notify.public import MessageTemplate, message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.events import ReturnAsked, ReturnDecided, StepAssigned, StepWentBack
from dinh.onestop.public import StepNews, return_news, step_news, steps_reopened

__all__ = ["tell_assigned", "tell_return_asked", "tell_return_decided", "tell_went_back"]

ASSIGNED = message_template(
    "step.assigned",
    label=N_("Được giao việc"),
    topic="work",
    subject="Ông/Bà được giao hồ sơ {code}",
    body="Ông/Bà {name} được giao bước “{step}” của hồ sơ {code}. Mở tại: {link}",
    fields={"code", "step"},
)
RETURN_ASKED = message_template(
    "step.return_asked",
    label=N_("Đề nghị trả lại hồ sơ lần nữa"),
    topic="work",
    subject="Hồ sơ {code}: đề nghị trả lại lần nữa",
    body="Có đề nghị trả lại hồ sơ {code} ở bước “{step}” lần nữa, cần Ông/Bà cho ý kiến. Mở tại: {link}",
    more="{asked_by}: {reason}",
    fields={"code", "step", "asked_by", "reason"},
)
RETURN_DECIDED = message_template(
    "step.return_decided",
    label=N_("Ý kiến về đề nghị trả lại hồ sơ"),
    topic="work",
    subject="Hồ sơ {code}: đã có ý kiến về đề nghị trả lại",
    body="Cấp trên đã có ý kiến về đề nghị trả lại hồ sơ {code} ở bước “{step}”. Mở tại: {link}",
    fields={"code", "step"},
)
WENT_BACK = message_template(
    "step.went_back",
    label=N_("Hồ sơ bị trả lại để xem lại"),
    topic="work",
    subject="Hồ sơ {code} bị trả lại để xem lại",
    body="Hồ sơ {code} được trả lại bước “{step}”, chờ Ông/Bà xem lại rồi trình lại. Mở tại: {link}",
    more="{asked_by}: {reason} Xem lại: {places}.",
    fields={"code", "step", "asked_by", "reason", "places"},
)


@handles(StepAssigned)
def tell_assigned(event: StepAssigned) -> None:
    """Tell who was given the step."""
    news = step_news(event.step_id)
    _tell(news.holders, ASSIGNED, news)


@handles(ReturnAsked)
def tell_return_asked(event: ReturnAsked) -> None:
    """Tell the nearest superior who may say yes or no."""
    news = return_news(event.return_id)
    _tell(news.superiors, RETURN_ASKED, news.step, asked_by=news.asked_by, reason=news.reason)


@handles(ReturnDecided)
def tell_return_decided(event: ReturnDecided) -> None:
    """Tell who asked."""
    news = return_news(event.return_id)
    _tell(news.asked_by_ids, RETURN_DECIDED, news.step)


@handles(StepWentBack)
def tell_went_back(event: StepWentBack) -> None:
    """Tell whose step is open again; where nobody holds it, all who could take it."""
    news = return_news(event.return_id)
    for step in steps_reopened(event.return_id):
        _tell(
            step.owners,
            WENT_BACK,
            step,
            asked_by=news.asked_by,
            reason=news.reason,
            places=", ".join(news.about),
        )


def _tell(people: Iterable[UUID], template: MessageTemplate, news: StepNews, **values: str) -> None:
    """Tell officials something about a step, with the way to its dossier."""
    for person_id in dict.fromkeys(people):
        notify(
            person_id,
            template.code,
            {"code": news.code, "step": news.step, "link": news.link, **values},
            about=news.dossier,
            now=timezone.now(),
        )

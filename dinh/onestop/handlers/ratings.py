"""Who is told of appeals about ratings: the superior that one came, the official what was said to it."""

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.notify.public import message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.events import AppealDecided, RatingAppealed
from dinh.onestop.public import appeal_news

__all__ = ["tell_appealed", "tell_appeal_decided"]

APPEALED = message_template(
    "rating.appealed",
    label=N_("Có kiến nghị về điểm xếp mức"),
    topic="work",
    subject="Có kiến nghị về điểm của hồ sơ {code}",
    body="Một cán bộ kiến nghị về điểm xếp mức ở hồ sơ {code}, cần Ông/Bà trả lời. Mở tại: {link}",
    fields={"code"},
)
DECIDED = message_template(
    "rating.appeal_decided",
    label=N_("Kiến nghị về điểm xếp mức đã được trả lời"),
    topic="work",
    subject="Kiến nghị về điểm của hồ sơ {code} đã được trả lời",
    body="Kiến nghị của Ông/Bà về điểm xếp mức ở hồ sơ {code} đã được trả lời. Xem tại: {link}",
    fields={"code"},
)


@handles(RatingAppealed)
def tell_appealed(event: RatingAppealed) -> None:
    """Tell the nearest superiors."""
    news = appeal_news(event.appeal_id)
    link = f"/lam-viec/xep-muc/don-vi/?don-vi={news.appeal.unit_id}#kien-nghi"
    for person_id in dict.fromkeys(news.superiors):
        notify(
            person_id,
            APPEALED.code,
            {"code": news.code, "link": link},
            about=news.appeal,
            now=timezone.now(),
        )


@handles(AppealDecided)
def tell_appeal_decided(event: AppealDecided) -> None:
    """Tell who appealed."""
    news = appeal_news(event.appeal_id)
    notify(
        news.appeal.person_id,
        DECIDED.code,
        {"code": news.code, "link": "/lam-viec/xep-muc/#kien-nghi"},
        about=news.appeal,
        now=timezone.now(),
    )

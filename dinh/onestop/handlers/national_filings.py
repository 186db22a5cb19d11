"""Who is told of what was filed at the national portal and waits for a person; what is released goes on."""

import datetime as dt

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.notify.public import message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.events import FilingReleased, FilingWaits
from dinh.onestop.public import filing_news
from dinh.onestop.tasks import take_filings_in

__all__ = ["take_on", "tell_of_filing"]

WAITS = message_template(
    "filing.waits",
    label=N_("Hồ sơ từ Cổng quốc gia cần xử lý"),
    topic="work",
    subject="Hồ sơ {code} từ Cổng quốc gia cần Ông/Bà xử lý",
    body="Hồ sơ {code} nộp tại Cổng Dịch vụ công quốc gia chưa tự đưa vào được. Phải trả lời trước {due}."
    " Xem lý do và việc cần làm tại: {link}",
    fields={"code", "due"},
)


@handles(FilingWaits)
def tell_of_filing(event: FilingWaits) -> None:
    """Tell the desk, once for each time that the message is held."""
    news = filing_news(event.message_id)
    values: dict[str, str | dt.datetime] = {
        "code": news.number,
        "due": news.message.due_at,
        "link": f"/lam-viec/cong-quoc-gia/{event.message_id}/",
    }
    for person_id in news.people:
        key = f"filing:{event.message_id}"
        notify(person_id, WAITS.code, values, about=news.message, now=timezone.now(), once_key=key)


@handles(FilingReleased)
def take_on(event: FilingReleased) -> None:
    """Take on at once what somebody has released."""
    take_filings_in.defer()

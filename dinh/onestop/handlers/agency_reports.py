"""Who is told that a report has come: the heads of the agency above, and who receives reports there."""

from django.utils import timezone

from dinh.foundation.actions.public import handles
from dinh.foundation.notify.public import message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.events import ReportIssued
from dinh.onestop.public import report_news
from dinh.onestop.tasks import send_national_figures

__all__ = ["pass_on_report", "tell_report_issued"]

ISSUED = message_template(
    "report.issued",
    label=N_("Có báo cáo của cấp dưới"),
    topic="work",
    subject="Báo cáo {code} vừa gửi đến",
    body="Báo cáo {code} vừa gửi đến cơ quan của Ông/Bà. Xem, tải và nhận tại: {link}",
    more="{agency}: số {number}, {period}.",
    fields={"code", "agency", "number", "period"},
)


@handles(ReportIssued)
def tell_report_issued(event: ReportIssued) -> None:
    """Tell the agency above."""
    news = report_news(event.report_id)
    values = {
        "code": news.report.code,
        "agency": news.agency,
        "number": news.number,
        "period": news.period,
        "link": news.link,
    }
    for person_id in news.people:
        notify(person_id, ISSUED.code, values, about=news.report, now=timezone.now())


@handles(ReportIssued)
def pass_on_report(event: ReportIssued) -> None:
    """The national control system learns of the sealed paper of a period that has closed."""
    send_national_figures.defer()

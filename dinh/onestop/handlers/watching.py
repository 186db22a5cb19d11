"""Who is told of what stands, of what is near due or late; an ended dossier keeps its times."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from dinh.foundation.actions.public import handles, system
from dinh.foundation.notify.public import message_template, notify
from dinh.kernel.errors import N_
from dinh.onestop.events import (
    DossierRefused,
    DossierStopped,
    FindingRaised,
    ResultIssued,
    SupplementNearlyOver,
    WorkWarned,
)
from dinh.onestop.handlers.telling import applicant_template, tell_last_moment
from dinh.onestop.public import FINDING_KINDS, contact_of, finding_news, keep_times, step_news

__all__ = [
    "keep_times_of_issued",
    "keep_times_of_refused",
    "keep_times_of_stopped",
    "remind_of_supplement",
    "tell_finding",
    "tell_warning",
]

FOUND = message_template(
    "watch.found",
    label=N_("Việc không có người xử lý"),
    topic="reminder",
    subject="Hồ sơ {code} cần Ông/Bà xử lý",
    body="Hồ sơ {code} đang đứng lại và cần Ông/Bà xử lý. Xem lý do tại: {link}",
    more="{why}. {to_do}",
    fields={"code", "why", "to_do"},
)
NEAR = message_template(
    "work.near_due",
    label=N_("Việc sắp đến hạn"),
    topic="reminder",
    subject="Hồ sơ {code}: bước “{step}” đến hạn lúc {due}",
    body="Bước “{step}” của hồ sơ {code} đến hạn lúc {due}. Mở tại: {link}",
    fields={"code", "step", "due"},
)
LATE = message_template(
    "work.overdue",
    label=N_("Việc quá hạn"),
    topic="reminder",
    subject="Hồ sơ {code}: bước “{step}” đã quá hạn",
    body="Bước “{step}” của hồ sơ {code} quá hạn từ {due}. Mở tại: {link}",
    fields={"code", "step", "due"},
)
NEARLY_OVER = applicant_template(
    "supplement.nearly_over",
    label=N_("Sắp hết thời hạn bổ sung hồ sơ"),
    subject="Hồ sơ {dossier} sắp hết thời hạn bổ sung",
    body="Kính gửi Ông/Bà {name}. Hồ sơ {dossier} chờ bổ sung đến {due}; quá hạn, cơ quan có thể dừng giải"
    " quyết. Nộp bổ sung tại: {link}",
    sms="Ho so {dossier} cho bo sung den {due}. Xin dang nhap Cong dich vu de nop. Theo doi: {follow}",
    fields={"due"},
)


@handles(FindingRaised)
def tell_finding(event: FindingRaised) -> None:
    """Tell who has to act now; each of them once at each height."""
    news, now = finding_news(event.finding_id), timezone.now()
    kind = FINDING_KINDS[news.finding.kind]
    values = {
        "code": news.code,
        "link": "/lam-viec/giam-sat/",
        "why": _(kind.label),
        "to_do": _(kind.to_do),
    }
    for person_id in news.people:
        key = f"watch:{event.finding_id}:{event.level}"
        notify(person_id, FOUND.code, values, about=news.about, now=now, once_key=key)


@handles(WorkWarned)
def tell_warning(event: WorkWarned) -> None:
    """Tell who has to do the step and who leads the unit; once for each due moment."""
    news, template = step_news(event.step_id), NEAR if event.kind == "near" else LATE
    for person_id in dict.fromkeys([*news.owners, *news.heads]):
        notify(
            person_id,
            template.code,
            {"code": news.code, "step": news.step, "link": news.link, "due": event.due_at},
            about=news.dossier,
            now=timezone.now(),
            once_key=f"{event.kind}:{event.step_id}:{event.due_at.timestamp():.0f}",
        )


@handles(SupplementNearlyOver)
def remind_of_supplement(event: SupplementNearlyOver) -> None:
    tell_last_moment(event.dossier_id, NEARLY_OVER.code)


@handles(ResultIssued)
def keep_times_of_issued(event: ResultIssued) -> None:
    _keep(event.dossier_id)


@handles(DossierRefused)
def keep_times_of_refused(event: DossierRefused) -> None:
    _keep(event.dossier_id)


@handles(DossierStopped)
def keep_times_of_stopped(event: DossierStopped) -> None:
    _keep(event.dossier_id)


def _keep(dossier_id: UUID) -> None:
    """Times of a dossier whose clock ran; a refusal at the desk has none."""
    dossier = contact_of(dossier_id).dossier
    if dossier.accepted_at is not None and dossier.finished_at is not None:
        keep_times(dossier, by=system("onestop.keep_times"), now=dossier.finished_at)

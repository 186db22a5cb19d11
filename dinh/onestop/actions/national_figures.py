"""Sending figures of closed periods to the national control system: once, and anew when they have changed.

Nothing is computed at the moment of sending: a version is kept as it goes out, and what counts later is
compared with it. A version that was overtaken while it waited is not sent any more.
"""

import datetime as dt
from uuid import UUID

from django.conf import settings

from dinh.foundation.actions.public import SYSTEM_ONLY, Actor, action, enqueue
from dinh.kernel.errors import N_
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.actions.national import PortalNotSet, is_connected
from dinh.onestop.actions.turns import take_turns
from dinh.onestop.models import SentFigures
from dinh.onestop.permissions import SEND_FIGURES
from dinh.onestop.queries.national_figures import PresentFigures, last_figures, present_figures
from dinh.onestop.rules.checks import NeedsReason
from dinh.onestop.rules.national_figures import FiguresUnchanged, closed_periods
from dinh.onestop.rules.periods import Period, period_of

__all__ = ["FIGURES_CHANNEL", "keep_figures", "send_closed_periods", "send_figures_again"]

FIGURES_CHANNEL = "national-figures"


def send_closed_periods(*, by: Actor, now: dt.datetime) -> int:
    """Send what the control system does not know yet of the periods that ended last; return how many
    versions were made. Run twice, nothing more is sent. Does nothing without a portal.
    """
    if not is_connected():
        return 0
    today = now.astimezone(VIETNAM).date()
    made = 0
    for period in closed_periods(today):
        present, last = present_figures(period, today=today), last_figures(period.code)
        for agency_id, figures in present.items():
            known = last.get(agency_id)
            if known is not None and known.digest == figures.digest:
                continue
            keep_figures(agency_id, period=period, figures=figures, why=_why(known, figures), by=by, now=now)
            made += 1
    return made


def _why(known: SentFigures | None, figures: PresentFigures) -> str:
    if known is None:
        return "closed"
    new_paper = known.content.get("BaoCaoKySo") != figures.content["BaoCaoKySo"]
    return "signed" if new_paper else "changed"


@action("figures.sent", permission=SYSTEM_ONLY, label=N_("Gửi số liệu cho hệ thống kiểm soát thủ tục"))
def keep_figures(
    agency_id: UUID, *, period: Period, figures: PresentFigures, why: str, by: Actor, now: dt.datetime
) -> SentFigures:
    """Keep the next version and put it into the outbox; the same figures make no second version."""
    take_turns("onestop.national_figures", f"{agency_id}:{period.code}")
    last = last_figures(period.code).get(agency_id)
    if last is not None and last.digest == figures.digest:
        return last
    return _next_version(agency_id, period.code, last, figures, why=why, reason="", by=by, now=now)


@action("figures.sent_again", permission=SEND_FIGURES, on=SentFigures, label=N_("Gửi lại số liệu"))
def send_figures_again(sent: SentFigures, *, reason: str, by: Actor, now: dt.datetime) -> SentFigures:
    """Send the figures of this moment as a new version, with the reason. Raises ``NeedsReason``,
    ``FiguresUnchanged`` when there are none any more, ``PortalNotSet``.
    """
    if not reason.strip():
        raise NeedsReason(field="reason")
    if not is_connected():
        raise PortalNotSet
    today = now.astimezone(VIETNAM).date()
    period = period_of(sent.period)
    if period is None or period.until_on > today:
        raise FiguresUnchanged
    take_turns("onestop.national_figures", f"{sent.agency_id}:{sent.period}")
    figures = present_figures(period, agency_id=sent.agency_id, today=today).get(sent.agency_id)
    if figures is None:
        raise FiguresUnchanged
    last = last_figures(sent.period).get(sent.agency_id)
    return _next_version(
        sent.agency_id, sent.period, last, figures, why="again", reason=reason.strip()[:500], by=by, now=now
    )


def _next_version(
    agency_id: UUID,
    period: str,
    last: SentFigures | None,
    figures: PresentFigures,
    *,
    why: str,
    reason: str,
    by: Actor,
    now: dt.datetime,
) -> SentFigures:
    row = SentFigures.objects.create(
        agency_id=agency_id,
        period=period,
        version=last.version + 1 if last is not None else 1,
        why=why,
        reason=reason,
        content=figures.content,
        digest=figures.digest,
        report=figures.report,
        made_at=now,
        made_by=N_("Hệ thống") if by.kind == "system" else by.signed,
    )
    enqueue(
        FIGURES_CHANNEL,
        recipient=settings.NATIONAL_TARGET,
        payload={"figures": str(row.pk), "subject": f"GuiSoLieuBaoCao {period} {row.version}"},
        about=row,
        once_key=f"{FIGURES_CHANNEL}:{row.pk}",
    )
    return row

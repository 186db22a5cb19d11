"""Asking the national portal for what people filed there: kept, acknowledged, then worked off one by one.

A message is acknowledged only when it is kept, and the portal gives it again until then: nothing is lost by
an absence, a crash or an answer that does not arrive. Files are fetched outside of any lock.
"""

import datetime as dt
import io
import logging
from collections.abc import Sequence

from django.conf import settings

from dinh.foundation.actions.public import Actor
from dinh.foundation.files.public import PAPERS, FileRefused, ScannerAway, StoreUnavailable, store
from dinh.kernel.errors import N_
from dinh.kernel.sentences import say
from dinh.onestop.actions.national import is_connected
from dinh.onestop.actions.national_filings import Fetched, hold_filing, keep_message, take_filing
from dinh.onestop.adapters.national import FileGone, PortalAway, PortalRefuses, ask_portal, fetch_file
from dinh.onestop.models import FilingMessage, NationalInbox
from dinh.onestop.queries.national_filings import filing_read, paper_path, waiting_filings
from dinh.onestop.rules.national_filings import FiledPaper, Problem

__all__ = ["fetch_filings", "take_in_filings"]

log = logging.getLogger(__name__)

# How many messages a page holds, how many pages and how many messages one round of the worker takes.
PAGE, PAGES, ROUND = 20, 10, 100


def fetch_filings(*, by: Actor, now: dt.datetime) -> int:
    """Ask the portal for new messages and keep them; return how many came. Does nothing without a portal."""
    if not is_connected():
        return 0
    came, error = 0, ""
    try:
        came = _fetch_pages(by=by, now=now)
    except (PortalAway, PortalRefuses) as away:
        error = str(away)
        log.info("the national portal gave no filings: %s", away)
    _note_asked(error, now=now)
    return came


def _fetch_pages(*, by: Actor, now: dt.datetime) -> int:
    came, after = 0, 0
    for _page in range(PAGES):
        given = ask_portal("LayHoSoNopMoi", sauSo=after, soLuong=PAGE)
        if not isinstance(given, list):
            raise PortalRefuses(N_("Cổng quốc gia trả lời không đúng định dạng khi lấy hồ sơ mới."))
        kept = [keep_message(one, by=by, now=now) for one in given[:PAGE]]
        came += len(kept)
        codes = [one.code for one in kept if not one.code.startswith("?")]
        if codes:
            ask_portal("XacNhanThongDiep", maThongDiep=codes)
        highest = max((one.sequence for one in kept), default=0)
        if len(given) < PAGE or highest <= after:
            break
        after = highest
    return came


def _note_asked(error: str, *, now: dt.datetime) -> None:
    heard = {} if error else {"heard_at": now}
    NationalInbox.objects.update_or_create(pk=1, defaults={"asked_at": now, "error": error[:300], **heard})


def take_in_filings(*, by: Actor, now: dt.datetime) -> int:
    """Work off what waits, each message in transactions of its own; return how many were looked at.

    One that fails stands in nobody's way: it is held with the fault. While the portal gives no files, those
    with files wait.
    """
    waiting = waiting_filings(ROUND)
    for message in waiting:
        _take_in(message, by=by, now=now)
    return len(waiting)


def _take_in(message: FilingMessage, *, by: Actor, now: dt.datetime) -> None:
    try:
        fetched = _fetch_files(filing_read(message).filing.papers, by=by)
    except (PortalAway, ScannerAway, StoreUnavailable) as away:
        log.info("files of message %s are not here yet: %s", message.code, away)
        FilingMessage.objects.filter(pk=message.pk).update(tried_at=now)
        return
    try:
        take_filing(message, fetched=fetched, by=by, now=now)
    except (ValueError, TypeError, LookupError, AttributeError):
        # A mistake of ours over one message must not stop those behind it, and must not be silent.
        log.exception("message %s could not be taken in", message.code)
        problem = Problem("fault", "", say(N_("mã tin %(code)s"), code=message.code))
        hold_filing(message, problems=[problem], by=by, now=now)


def _fetch_files(papers: Sequence[FiledPaper], *, by: Actor) -> Fetched:
    files, problems = {}, []
    for paper in papers:
        path = paper_path(paper)
        if not path:
            said = say(
                N_("tệp “%(name)s” không nằm tại Cổng quốc gia nên không được tải về"), name=paper.name
            )
            problems.append(Problem("file", paper.document, said))
            continue
        try:
            content = io.BytesIO(fetch_file(path, limit=settings.FILE_SIZE_LIMIT))
            files[paper.address] = store(content, name=paper.name or "tep", by=by, limits=PAPERS).pk
        except FileGone as gone:
            said = say(N_("Cổng quốc gia không đưa tệp “%(name)s” (%(why)s)"), name=paper.name, why=str(gone))
            problems.append(Problem("file", paper.document, said))
        except (ScannerAway, StoreUnavailable):
            raise
        except FileRefused as refused:
            problems.append(Problem("file", paper.document, say(refused.message, **refused.params)))
    return Fetched(files, tuple(problems))

"""What the one-stop shop does after the commit."""

import datetime as dt
import logging
import urllib.request
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from dinh.foundation.actions.public import Actor, job, periodic
from dinh.kernel.errors import Refused
from dinh.kernel.worktime import VIETNAM
from dinh.onestop.public import (
    CalendarCause,
    ask_about_order,
    ask_for_strays,
    compare_all,
    count_indicators,
    days_to_compare,
    draw_paper,
    fetch_filings,
    fold_figures,
    forget_records,
    get_move,
    get_paper,
    get_print,
    hand_back_vacant,
    keep_lanes,
    keep_visits,
    make_export,
    make_register,
    move_open_dossiers,
    note_changes,
    note_told,
    orders_to_ask,
    provider_in_use,
    publish_ratings,
    read_guessed_nearness,
    read_upload,
    reconcile,
    recount_figures,
    recount_indicators,
    refresh_open_clocks,
    refund_by_id,
    remove_old_exports,
    sample_notice,
    send_closed_periods,
    send_refund,
    take_in_filings,
    watch_over,
    write_confirmed,
)

__all__ = [
    "publish_agency_ratings",
    "ask_provider",
    "read_catalogue_upload",
    "read_nearness_once",
    "write_catalogue",
    "compare_with_provider",
    "give_money_back",
    "send_sample_notice",
    "compare_mirrors",
    "draw_asked_paper",
    "fold_kept_figures",
    "take_filings_in",
    "take_national_filings",
    "forget_registry_records",
    "look_after_visits",
    "hand_back_of_position",
    "make_asked_register",
    "mend_moves",
    "move_dossiers",
    "count_sums",
    "make_asked_export",
    "recount_kept_figures",
    "refresh_clocks",
    "remove_exports",
    "watch_over_open_work",
    "send_national_figures",
    "synchronise_nationally",
    "tell_of_move",
]

log = logging.getLogger(__name__)

# How long the sample provider waits for an answer to its notice, in seconds.
NOTICE_TIMEOUT = 10


@job(queue="papers")
def draw_asked_paper(paper_id: str, *, by: Actor) -> None:
    """Draw and sign one paper."""
    draw_paper(get_paper(UUID(paper_id)), by=by, now=timezone.now())


@job(queue="default")
def refresh_clocks(unit_id: str, *, mark: str = "", days: Sequence[str] = (), by: Actor) -> None:
    """Compute the due moments of open dossiers anew after a calendar has changed."""
    cause = CalendarCause(tuple(dt.date.fromisoformat(day) for day in days), mark)
    refresh_open_clocks(UUID(unit_id) if unit_id else None, by=by, now=timezone.now(), cause=cause)


@periodic("*/5 * * * *")
@job()
def read_nearness_once(*, by: Actor) -> None:
    """After an upgrade: read once the clocks of open work whose nearness was guessed."""
    read_guessed_nearness(by=by, now=timezone.now())


@periodic("* * * * *")
@job()
def fold_kept_figures(*, by: Actor) -> None:
    """Fold what changes of dossiers added to the figures into the sums of days, months and years."""
    fold_figures(by=by)


@periodic("40 1 * * *")
@job()
def recount_kept_figures(*, by: Actor) -> None:
    """Count all dossiers anew, list where the kept figures and sums of indicators differ, put them right."""
    recount_figures(by=by, now=timezone.now())
    recount_indicators(by=by, now=timezone.now())


@periodic("20 3 * * *")
@job()
def forget_registry_records(*, by: Actor) -> None:
    """Forget what national registries answered about people of whom no dossier came."""
    forget_records(by=by, now=timezone.now())


@periodic("* * * * * */20")
@job()
def synchronise_nationally(*, by: Actor) -> None:
    """Write the messages that the national portal has not had yet, and keep those on their way going."""
    now = timezone.now()
    note_changes(now=now)
    keep_lanes(by=by, now=now)


@periodic("* * * * * */30")
@job()
def take_national_filings(*, by: Actor) -> None:
    """Ask the national portal for what people filed there, and make dossiers of it."""
    fetch_filings(by=by, now=timezone.now())
    take_in_filings(by=by, now=timezone.now())


@job()
def take_filings_in(*, by: Actor) -> None:
    """Work off messages that somebody has just released."""
    take_in_filings(by=by, now=timezone.now())


@periodic("20 2 * * *")
@job()
def send_national_figures(*, by: Actor) -> None:
    """After the nightly recount: send what the national control system does not know yet."""
    send_closed_periods(by=by, now=timezone.now())


@periodic("5,35 * * * *")
@job()
def look_after_visits(*, by: Actor) -> None:
    """Appointments: remind a day ahead, tell where a desk has closed, note who never came."""
    keep_visits(by=by, now=timezone.now())


@job(queue="default")
def hand_back_of_position(position_id: str, *, by: Actor) -> None:
    """Give the open steps of a position that nobody holds any more back to their units."""
    hand_back_vacant(UUID(position_id), by=by, now=timezone.now())


@periodic("*/15 * * * *")
@job(queue="default")
def watch_over_open_work(*, by: Actor) -> None:
    """Find what stands without somebody to move it, warn of what is near due or late."""
    now = timezone.now()
    hand_back_vacant(by=by, now=now)
    watch_over(by=by, now=now)


@job(queue="papers")
def make_asked_register(print_id: str, *, by: Actor) -> None:
    """Make one print of the register."""
    make_register(get_print(UUID(print_id)), by=by, now=timezone.now())


@periodic("30 6 * * *")
@job()
def compare_mirrors(*, by: Actor) -> None:
    """Compare the dossiers of other systems with the lists they have sent."""
    compare_all(by=by, now=timezone.now())


@job()
def move_dossiers(move_id: str, *, by: Actor) -> None:
    """Give what is open at a closed unit to its heir."""
    move_open_dossiers(get_move(UUID(move_id)), by=by, now=timezone.now())


@job()
def tell_of_move(move_id: str, *, by: Actor) -> None:
    """Tell the applicants of moved dossiers, some at a time; killed in between, it goes on where it was."""
    while note_told(get_move(UUID(move_id)), by=by):
        pass


@periodic("20 1 * * *")
@job()
def mend_moves(*, by: Actor) -> None:
    """Give to the heirs what was opened at closed units while they were being closed."""
    for move_id in ask_for_strays(now=timezone.now()):
        move_open_dossiers(get_move(move_id), by=by, now=timezone.now())


@periodic("*/5 * * * *")
@job(queue="default")
def ask_provider(by: Actor) -> None:
    """Ask the payment provider about orders that no notice has come for."""
    now = timezone.now()
    for order in orders_to_ask(now=now):
        try:
            ask_about_order(order, by=by, now=now)
        except Refused as refused:
            log.warning("order %s was not asked about: %s", order.code, refused)


@job(queue="default")
def give_money_back(refund_id: str, *, by: Actor) -> None:
    """Have the payment provider give an approved refund back; tried again while it is away."""
    try:
        send_refund(refund_by_id(UUID(refund_id)), by=by, now=timezone.now())
    except Refused as refused:
        # A refusal is a rule's word and would not be tried again; an absent provider is.
        raise ConnectionError(str(refused)) from refused


@periodic("30 2 * * *")
@job(queue="default")
def compare_with_provider(by: Actor) -> None:
    """Compare yesterday's statement of the payment provider with our payments, agency by agency."""
    now = timezone.now()
    provider = provider_in_use()
    if provider is None:
        return
    day = now.astimezone(VIETNAM).date() - dt.timedelta(days=1)
    for agency_id in days_to_compare(day=day, provider=provider.code):
        try:
            reconcile(agency_id, provider_code=provider.code, day=day, by=by, now=now)
        except Refused as refused:
            log.warning("the day %s of %s was not compared: %s", day, agency_id, refused)


@job(queue="default", retries=4)
def send_sample_notice(reference: str, *, times: int = 1, by: Actor) -> None:
    """Send the sample provider's signed notice to our own address, as a provider outside would."""
    body, signature = sample_notice(reference)
    request = urllib.request.Request(  # noqa: S310 - our own address, from the settings
        f"{settings.PUBLIC_ADDRESS}/thanh-toan/bao-co/sample/",
        data=body,
        headers={"Content-Type": "application/json", "X-Signature": signature},
    )
    for _ in range(times):
        with urllib.request.urlopen(request, timeout=NOTICE_TIMEOUT) as answer:  # noqa: S310 - as above
            answer.read()


@job(queue="exports")
def read_catalogue_upload(batch_id: str, *, by: Actor) -> None:
    """Read and compare one file of the national catalogue."""
    read_upload(UUID(batch_id), by=by)


@job(queue="exports")
def write_catalogue(batch_id: str, *, by: Actor) -> None:
    """Write one confirmed file of the national catalogue."""
    write_confirmed(UUID(batch_id), by=by, now=timezone.now())


@job(queue="exports")
def make_asked_export(export_id: str, *, by: Actor) -> None:
    """Make a file that somebody asked for, from where the last worker left it."""
    make_export(UUID(export_id), by=by, now=timezone.now())


@periodic("25 2 * * *")
@job()
def remove_exports(*, by: Actor) -> None:
    """Let go of exported files whose week is over."""
    remove_old_exports(by=by, now=timezone.now())


@periodic("10 * * * *")
@job()
def count_sums(*, by: Actor) -> None:
    """Add up what the indicators read from steps and papers, the running months anew."""
    count_indicators(by=by, now=timezone.now())


@periodic("30 3 * * *")
@job()
def publish_agency_ratings(*, by: Actor) -> None:
    """Publish the ratings of agencies over the quarter and the year that have ended, once each."""
    publish_ratings(by=by, now=timezone.now())

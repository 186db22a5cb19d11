"""Sessions: seen, given a position, confirmed again, ended."""

import datetime as dt
from uuid import UUID

from django.conf import settings

from dinh.foundation.actions.public import Actor, action
from dinh.sso.models import Account, KeptForm, PasswordLink, ProviderTrip, Session, Throttle
from dinh.sso.permissions import CHANGE_OWN_ACCOUNT, END_OTHERS_SESSIONS

__all__ = [
    "choose_position",
    "confirm_again",
    "end_others",
    "end_session",
    "end_session_of_other",
    "mark_seen",
    "purge",
    "sign_out",
]

_PAST_SESSIONS_KEPT = dt.timedelta(days=30)


def mark_seen(session: Session, *, now: dt.datetime) -> None:
    """Move the end of an idle session on; written only when some minutes have passed."""
    seen = session.last_seen_at
    if seen is not None and now - seen < dt.timedelta(minutes=settings.SESSION_SEEN_EVERY_MINUTES):
        return
    idle_end = now + dt.timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    last_end = (session.signed_in_at or now) + dt.timedelta(hours=settings.SESSION_LIFETIME_HOURS)
    Session.objects.filter(pk=session.pk, ended_at=None).update(
        last_seen_at=now, expires_at=min(idle_end, last_end)
    )


def purge(*, now: dt.datetime) -> None:
    """Remove rows of no more use: old sessions, throttle counters, links, kept forms. Idempotent."""
    Session.objects.filter(expires_at__lt=now - dt.timedelta(days=1), account=None).delete()
    Session.objects.filter(expires_at__lt=now - _PAST_SESSIONS_KEPT).delete()
    Throttle.objects.filter(counted_at__lt=now - dt.timedelta(days=2)).delete()
    # For a day an old link still says why it does not open.
    PasswordLink.objects.filter(expires_at__lt=now - dt.timedelta(days=1)).delete()
    KeptForm.objects.filter(expires_at__lt=now).delete()
    ProviderTrip.objects.filter(expires_at__lt=now).delete()


@action("session.position_chosen", permission=CHANGE_OWN_ACCOUNT, on=Session)
def choose_position(session: Session, position_id: UUID | None, *, by: Actor) -> Session:
    """Act in another position from now on. The caller has checked that the person holds it."""
    session.position_id = position_id
    session.save(update_fields=["position"])
    return session


@action("session.confirmed", permission=CHANGE_OWN_ACCOUNT, on=Session)
def confirm_again(session: Session, *, by: Actor, now: dt.datetime) -> Session:
    """Note that the person has just proved again to be there."""
    session.authenticated_at = now
    session.save(update_fields=["authenticated_at"])
    return session


@action("session.signed_out", permission=CHANGE_OWN_ACCOUNT, on=Session)
def sign_out(session: Session, *, by: Actor, now: dt.datetime) -> None:
    """End the session in which the person is."""
    _end(session, Session.Ended.SIGNED_OUT, now)


@action("session.ended", permission=CHANGE_OWN_ACCOUNT, on=Session)
def end_session(session: Session, *, by: Actor, now: dt.datetime) -> None:
    """End another session of one's own."""
    _end(session, Session.Ended.ELSEWHERE, now)


@action("session.ended_by_administrator", permission=END_OTHERS_SESSIONS, on=Session)
def end_session_of_other(session: Session, *, by: Actor, now: dt.datetime) -> None:
    """End a session of somebody else."""
    _end(session, Session.Ended.ADMINISTRATOR, now)


def _end(session: Session, why: Session.Ended, now: dt.datetime) -> None:
    if session.ended_at is not None:
        return
    session.ended_at, session.ended_why = now, why
    session.save(update_fields=["ended_at", "ended_why"])


@action("session.others_ended", permission=CHANGE_OWN_ACCOUNT, on=Account)
def end_others(account: Account, *, keep: UUID, by: Actor, now: dt.datetime) -> int:
    """End all sessions of one's own account but ``keep``; return how many."""
    others = Session.objects.present(now).filter(account=account).exclude(pk=keep)
    return others.update(ended_at=now, ended_why=Session.Ended.ELSEWHERE)

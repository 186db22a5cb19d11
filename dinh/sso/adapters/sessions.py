"""The session store (``SESSION_ENGINE``): Django's session interface over our ``Session`` rows.

One query loads the session with its account and person. The row is found by the SHA-256 of the
cookie's key. A session that has ended or expired is not deleted at once: the store answers like an
empty one, and ``past`` says what it was, so that the person can be told and can go on.
"""

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from dinh.foundation.actions.public import FixedQuery
from dinh.kernel.secrets import hash_key
from dinh.sso.models import Account, Session

__all__ = ["SessionStore", "hash_key"]


# Read at every request of everybody who has a cookie.
_SESSION: FixedQuery[Session] = FixedQuery(
    lambda key_hash: Session.objects.select_related("account__person").filter(key_hash=key_hash).order_by(),
    key_hash=str,
)


class SessionStore(SessionBase):
    """One browser's session. ``row`` is its signed-in row or None; ``past`` one that no longer works."""

    if TYPE_CHECKING:
        _session_key: str | None
        _session_cache: dict[str, Any]

        def _get_session(self, no_load: bool = False) -> dict[str, Any]: ...

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._row: Session | None = None
        self._past: Session | None = None

    @property
    def row(self) -> Session | None:
        """The present row, read once a request."""
        self._get_session()
        return self._row

    @property
    def past(self) -> Session | None:
        """The signed-in row that this browser still names although it has ended or expired."""
        self._get_session()
        return self._past

    def load(self) -> dict[str, Any]:
        row = _SESSION.first(key_hash=hash_key(self.session_key or ""))
        if row is None:
            self._session_key = None
            return {}
        if row.ended_at is not None or row.expires_at <= timezone.now():
            self._remember_past(row)
            return {}
        self._row = row
        return self.decode(row.data) if row.data else {}

    def _remember_past(self, row: Session) -> None:
        if row.account_id is None:
            self._session_key = None
            return
        self._past = row

    def is_empty(self) -> bool:
        """A past session keeps its cookie: it is the key to what was typed when it ended."""
        return self.past is None and super().is_empty()

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_hash=hash_key(session_key)).exists()

    def create(self) -> None:
        """Begin a visitor's row under a new key."""
        self._session_key = secrets.token_urlsafe(32)
        self._row = self._past = None
        self.modified = True
        self.save(must_create=True)

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None or self._past is not None:
            return self.create()
        content = self._get_session(no_load=must_create)
        data = self.encode(content) if content else ""
        if must_create:
            return self._insert(data)
        if not Session.objects.filter(key_hash=hash_key(self.session_key), ended_at=None).update(data=data):
            raise UpdateError
        return None

    def _insert(self, data: str) -> None:
        idle = dt.timedelta(minutes=settings.SESSION_IDLE_MINUTES)
        try:
            with transaction.atomic():
                self._row = Session.objects.create(
                    key_hash=hash_key(self.session_key or ""), data=data, expires_at=timezone.now() + idle
                )
        except IntegrityError as error:
            raise CreateError from error

    def delete(self, session_key: str | None = None) -> None:
        """Remove a visitor's row. A signed-in row is ended by a verb, never removed here."""
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(key_hash=hash_key(key), account=None).delete()

    def begin(self, key: str, row: Session, account: Account) -> None:
        """Take over the row of a new sign-in; nothing of the former session is carried along."""
        self.delete()
        row.account = account
        self._session_key, self._session_cache = key, {}
        self._row, self._past = row, None
        self.accessed = self.modified = True

    def forget(self) -> None:
        """Leave the session: the answer takes the cookie away."""
        self._session_key, self._session_cache = None, {}
        self._row = self._past = None
        self.accessed = True
        self.modified = False

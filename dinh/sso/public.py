"""The door of sign-in."""

from dinh.sso.access import (
    kept_files,
    kept_values,
    open_session,
    recently_authenticated,
    requires_recent_password,
    sign_in,
    sign_out,
)
from dinh.sso.actions.accounts import create_account, create_accounts_in_bulk, register_citizen
from dinh.sso.actions.sign_in import Client

__all__ = [
    # accounts
    "create_account",
    "create_accounts_in_bulk",
    "register_citizen",
    # sessions
    "Client",
    "open_session",
    "sign_in",
    "sign_out",
    # asking again before a grave act
    "recently_authenticated",
    "requires_recent_password",
    # what was typed when a session ended
    "kept_files",
    "kept_values",
]

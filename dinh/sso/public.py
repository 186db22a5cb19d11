"""The door of sign-in."""

from dinh.sso.access import (
    count_lookup,
    count_sending,
    kept_files,
    kept_values,
    open_session,
    positions_to_choose,
    recently_authenticated,
    requires_recent_password,
    sign_in,
    sign_out,
)
from dinh.sso.actions.accounts import (
    NewAccount,
    Registration,
    create_account,
    create_accounts_in_bulk,
    register_citizen,
    set_active,
)
from dinh.sso.actions.sign_in import Client
from dinh.sso.permissions import END_OTHERS_SESSIONS, MANAGE_ACCOUNTS
from dinh.sso.queries.accounts import claimed_identity_number, positions_held_by
from dinh.sso.rules.sign_in import TooManyLookups, TooManySent

__all__ = [
    # accounts
    "NewAccount",
    "Registration",
    "claimed_identity_number",
    "create_account",
    "create_accounts_in_bulk",
    "register_citizen",
    "set_active",
    "END_OTHERS_SESSIONS",
    "MANAGE_ACCOUNTS",
    # sessions
    "Client",
    "open_session",
    "positions_held_by",
    "positions_to_choose",
    "sign_in",
    "sign_out",
    # asking again before a grave act
    "recently_authenticated",
    "requires_recent_password",
    # questions that anyone may ask by a code
    "TooManyLookups",
    "count_lookup",
    # what anyone may send
    "TooManySent",
    "count_sending",
    # what was typed when a session ended
    "kept_files",
    "kept_values",
]

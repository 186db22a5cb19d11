"""The door of sign-in."""

from dinh.sso.access import (
    count_contact_code,
    count_lookup,
    count_sending,
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
from dinh.sso.actions.contacts import ask_contact_code, confirm_contact, count_try, drop_contact
from dinh.sso.actions.sign_in import Client
from dinh.sso.permissions import END_OTHERS_SESSIONS, MANAGE_ACCOUNTS
from dinh.sso.queries.accounts import account_of as own_account
from dinh.sso.queries.accounts import claimed_identity_number, positions_held_by
from dinh.sso.queries.contacts import PendingContact, pending_contacts
from dinh.sso.rules.contacts import KINDS as CONTACT_KINDS
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
    # a new telephone or e-mail
    "CONTACT_KINDS",
    "PendingContact",
    "ask_contact_code",
    "confirm_contact",
    "count_contact_code",
    "count_try",
    "drop_contact",
    "own_account",
    "pending_contacts",
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
    "kept_values",
]

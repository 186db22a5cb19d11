"""Writes of sign-in, by subject: throttle, sign_in, sessions, accounts, kept_forms, trips, identities,
contacts."""

from dinh.sso.actions import accounts, contacts, identities, sessions, sign_in

__all__ = ["accounts", "contacts", "identities", "sessions", "sign_in"]

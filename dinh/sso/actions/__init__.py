"""Writes of sign-in, by subject: throttle, sign_in, sessions, accounts, kept_forms, trips, identities."""

from dinh.sso.actions import accounts, identities, sessions, sign_in

__all__ = ["accounts", "identities", "sessions", "sign_in"]

"""Writes of sign-in, by subject: throttle, sign_in, sessions, accounts, kept_forms."""

from dinh.sso.actions import accounts, sessions, sign_in

__all__ = ["accounts", "sessions", "sign_in"]

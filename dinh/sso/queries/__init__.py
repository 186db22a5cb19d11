"""Reads of sign-in, by subject: accounts (with sessions and links), identities."""

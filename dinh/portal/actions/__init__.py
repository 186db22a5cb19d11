"""Verbs of the portal, by subject."""

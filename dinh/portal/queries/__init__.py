"""Reads of the portal, by subject."""

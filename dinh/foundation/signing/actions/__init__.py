"""Writes of signing: keys, their uses, preservation, reports."""

"""Formats of the outside that the one-stop shop writes and reads."""

"""Reads of the directory, by subject: units, people, rights, signing."""

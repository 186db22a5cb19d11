"""Calendars: when the province's offices are open. Owns weekly hours, days off, half days and swapped
days, of the whole province and of single units, in published versions that never change.

Words: calendar (of the province, or of a unit over it), version (draft, then published), declared day,
weekly hours, statutory day (what the Labour Code gives), prepared year (its statutory days are written
into the version).
Used by: every room with a deadline, through ``calendar_for``.
Must never: change a published version; know what a dossier, a document or a task is.
"""

"""Reads, by subject: working (the calendar that holds somewhere), screens (a year as it is shown)."""

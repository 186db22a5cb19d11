"""Verbs of the files, by subject: storing (taking in), scanning (again), keeping the store in order."""

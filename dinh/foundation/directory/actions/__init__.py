"""Verbs of the directory, by subject: units, people, positions, roles, signing, imports, samples."""

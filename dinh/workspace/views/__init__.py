"""Screens by subject: lists, dossiers, steps, counter, files."""

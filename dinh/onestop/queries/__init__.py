"""Reads of the one-stop shop, by subject: catalogue, dossiers, work, clocks, papers.

Every list, count, search, export and page of dossiers starts from ``visible_dossiers`` or ``visible_work``.
"""

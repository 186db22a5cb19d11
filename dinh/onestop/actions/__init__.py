"""Writes of the one-stop shop, by subject: procedures, drafts, submission, desk, steps, results, papers.

``flow`` and ``record`` hold the pieces of the story that several verbs share.
"""

from dinh.onestop.actions import desk, drafts, papers, procedures, ratings, results, steps

__all__ = ["desk", "drafts", "papers", "procedures", "ratings", "results", "steps"]

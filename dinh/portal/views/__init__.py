"""Screens by subject: home and catalogue, drafts, their papers, dossiers, supplements, results, files."""

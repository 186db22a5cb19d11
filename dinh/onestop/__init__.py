"""One-stop shop (một cửa điện tử liên thông): procedures and their versions, dossiers, steps, clocks,
fees, papers, results, ratings.

Words: procedure, version, step, outcome, dossier, step run, work item, clock, supplement, paper, result.
Used by: the portal (citizens) and the workspace (officials), through the door. Must never: change a
version that was published, count a due moment up by a nightly job, or lose a dossier without an owner.
"""

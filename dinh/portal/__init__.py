"""The citizens' portal (cổng dịch vụ công): find a procedure, fill in, send, follow, receive, rate.

Words: those of the one-stop shop; draft (hồ sơ đang điền), task list, proof of submission.
Used by: citizens and businesses in a browser. Must never: show a dossier to anyone but its owner, lose
what was typed, or need a script to work.
"""

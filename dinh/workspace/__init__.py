"""Workspace (nơi làm việc): the officials' cross-cutting screens: my work, a dossier, the counter, search,
overview. It owns no data. Used by: clerks, specialists, leaders. Must never: decide a rule; rooms below do.
"""

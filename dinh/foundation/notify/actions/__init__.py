"""Verbs of notify, by subject: telling (notices and messages), reading (a person's own notices and
preferences), templates (a province's own texts)."""

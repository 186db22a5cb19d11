"""Reads of the write path, by subject: sealed (what the log says and its proof), outbox, history, health."""

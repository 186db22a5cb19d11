"""Adapters of the screens' and papers' room: typesetting."""

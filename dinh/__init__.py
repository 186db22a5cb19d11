"""Đình: the digital government of one Vietnamese province. The rooms are the folders below."""

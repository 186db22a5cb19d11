"""Screens of signing: keys for who manages them, and the sample authority's services."""

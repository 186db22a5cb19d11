"""The door of documents."""

from dinh.documents.actions import take_number

__all__ = ["take_number"]

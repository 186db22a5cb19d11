"""The way in for other rooms: checks of uploads, and the sample's own pictures and keys."""

import datetime as dt

from django.utils.translation import gettext as _

from dinh.foundation.signing.actions.reports import validate_pdf
from dinh.foundation.signing.queries.reports import upload_words

__all__ = ["check_upload_signatures"]


def check_upload_signatures(pdf: bytes, *, now: dt.datetime) -> str:
    """Return what to tell a citizen about the digital signatures of an upload, in one or two sentences.

    A file without the mark of a signature is not opened at all. Never raises for a bad file.
    """
    if b"/ByteRange" not in pdf:
        return _("Tệp không có chữ ký số.")
    return upload_words(validate_pdf(pdf, now=now))

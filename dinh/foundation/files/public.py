"""The door of the files.

A room stores a file first (``store``), binds it by a foreign key in its own verb, and later answers with
``respond(file, ...)`` from its own route, after finding the thing that the file belongs to. A file to
which no foreign key points after a day is removed.
"""

from dinh.foundation.files.access import respond
from dinh.foundation.files.actions.resuming import (
    PIECE_LIMIT,
    ResumedUpload,
    begin_upload,
    drop_upload,
    receive_piece,
    resumed_upload,
    sweep_uploads,
    upload_state,
)
from dinh.foundation.files.actions.scanning import rescan
from dinh.foundation.files.actions.storing import Readable, store, store_bytes
from dinh.foundation.files.actions.upkeep import check_store, collect_orphans, sweep_store
from dinh.foundation.files.adapters.held import Held, held, hold
from dinh.foundation.files.adapters.pieces import read_piece
from dinh.foundation.files.queries import (
    FileCard,
    describe,
    get_file,
    open_content,
    open_faults,
    pages_of,
    quality_hints,
    store_fault,
)
from dinh.foundation.files.rules.names import clean_name, same_name_with
from dinh.foundation.files.rules.pages import page_pictures, small_picture
from dinh.foundation.files.rules.policies import (
    DOCUMENTS,
    ENVELOPES,
    PAPERS,
    PICTURES,
    SHEETS,
    Limits,
    size_in_words,
)
from dinh.foundation.files.rules.refusals import (
    ContentMissing,
    FileRefused,
    InfectedFile,
    ScannerAway,
    StoreUnavailable,
)
from dinh.foundation.files.rules.stamping import NotStampable, check_stampable, stamped

__all__ = [
    # taking files in
    "store",
    "store_bytes",
    "Readable",
    "FileRefused",
    "InfectedFile",
    "ScannerAway",
    "StoreUnavailable",
    # files that a form carries
    "Held",
    "held",
    "hold",
    # files that arrive in pieces
    "PIECE_LIMIT",
    "ResumedUpload",
    "begin_upload",
    "drop_upload",
    "read_piece",
    "receive_piece",
    "resumed_upload",
    "sweep_uploads",
    "upload_state",
    # what a use allows
    "DOCUMENTS",
    "ENVELOPES",
    "Limits",
    "PAPERS",
    "PICTURES",
    "SHEETS",
    # reading
    "ContentMissing",
    "FileCard",
    "describe",
    "get_file",
    "open_content",
    "page_pictures",
    "pages_of",
    "quality_hints",
    "respond",
    "small_picture",
    # copies with a stamp
    "NotStampable",
    "check_stampable",
    "stamped",
    # names and sizes in words
    "clean_name",
    "same_name_with",
    "size_in_words",
    # jobs
    "check_store",
    "collect_orphans",
    "open_faults",
    "rescan",
    "store_fault",
    "sweep_store",
]

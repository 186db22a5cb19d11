"""How files arrive from a form: straight to the disk, never past the bounds, and never so that what was
typed beside them is lost."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

__all__ = ["BoundedUploadHandler"]

_PATIENCE = 5  # a request this many times over the bound is cut off instead of read to its end


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """A file past its bound, or past the bound of the request, is read on but no longer written.

    The form arrives whole, the file says ``is_cut`` ("file" or "request") with its true ``size``, and
    ``store`` refuses it in words at its place. Only a request far over the bound is cut off.
    """

    chunk_size = 256 * 1024

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.total = 0
        self.is_hopeless = False

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.is_hopeless = content_length > _PATIENCE * settings.FILE_REQUEST_LIMIT

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.is_hopeless:
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **kwargs)
        self.seen = 0
        self.cut = ""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.seen += len(raw_data)
        self.total += len(raw_data)
        if self.seen > settings.FILE_SIZE_LIMIT:
            self.cut = "file"
        elif self.total > settings.FILE_REQUEST_LIMIT:
            self.cut = self.cut or "request"
        if not self.cut:
            self.file.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> TemporaryUploadedFile | None:
        if self.cut:
            self.file.truncate(0)
        self.file.seek(0)
        self.file.size = file_size
        self.file.is_cut = self.cut  # type: ignore[attr-defined]
        return self.file

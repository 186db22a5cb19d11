"""Contents in any S3: one object a content. An object appears only when its upload is complete."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

__all__ = ["S3Store"]

_PIECE = 256 * 1024
_PART = 8 * 1024 * 1024
_GONE = {"404", "NoSuchKey", "NotFound", "NoSuchUpload"}


class S3Store:
    """Large contents go up in parts of 8 MB, two at a time, so memory stays bounded; they come down as
    they are read. Only operations that every S3 offers are used: no checksum trailers, addresses by path.
    """

    def __init__(self, *, bucket: str, prefix: str = "", endpoint: str | None = None, region: str) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""
        self.client = boto3.Session().client(
            "s3",
            endpoint_url=endpoint,
            region_name=region,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path" if endpoint else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                connect_timeout=5,
                read_timeout=60,
                retries={"max_attempts": 3, "mode": "standard"},
            ),
        )
        self.transfer = TransferConfig(
            multipart_threshold=_PART, multipart_chunksize=_PART, max_concurrency=2, max_io_queue=4
        )

    def put(self, sha256: str, source: Path) -> None:
        if self.has(sha256, source.stat().st_size):
            return
        try:
            self.client.upload_file(str(source), self.bucket, self._key(sha256), Config=self.transfer)
        except (BotoCoreError, ClientError, boto3.exceptions.S3UploadFailedError) as error:
            raise OSError(f"the store did not take a content: {error}") from error

    def has(self, sha256: str, size: int) -> bool:
        try:
            found = self.client.head_object(Bucket=self.bucket, Key=self._key(sha256))
        except (BotoCoreError, ClientError) as error:
            if _is_gone(error):
                return False
            raise OSError(f"the store does not answer: {error}") from error
        return bool(found["ContentLength"] == size)

    def read(self, sha256: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        if length is not None and length <= 0:
            return
        last = "" if length is None else str(start + length - 1)
        asked = {} if start == 0 and length is None else {"Range": f"bytes={start}-{last}"}
        try:
            found = self.client.get_object(Bucket=self.bucket, Key=self._key(sha256), **asked)
            with closing(found["Body"]) as body:
                yield from body.iter_chunks(_PIECE)
        except (BotoCoreError, ClientError) as error:
            if _is_gone(error):
                raise FileNotFoundError(sha256) from error
            raise OSError(f"the store does not answer: {error}") from error

    def remove(self, sha256: str) -> None:
        try:
            self.client.delete_object(Bucket=self.bucket, Key=self._key(sha256))
        except (BotoCoreError, ClientError) as error:
            if not _is_gone(error):
                raise OSError(f"the store does not answer: {error}") from error

    def names(self) -> Iterator[tuple[str, datetime]]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
        for page in pages:
            for found in page.get("Contents", []):
                yield found["Key"].rpartition("/")[2], found["LastModified"]

    def sweep(self, before: datetime) -> int:
        swept = 0
        for upload in self._unfinished():
            if upload["Initiated"] < before:
                self.client.abort_multipart_upload(
                    Bucket=self.bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                )
                swept += 1
        return swept

    def _unfinished(self) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self.bucket, Prefix=self.prefix
        )
        return [upload for page in pages for upload in page.get("Uploads", [])]

    def _key(self, sha256: str) -> str:
        return f"{self.prefix}{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _is_gone(error: Exception) -> bool:
    return isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") in _GONE

"""The pictures shown with a signature: a person's handwriting, an agency's seal."""

import io
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from PIL import Image

from dinh.foundation.files.public import open_content
from dinh.foundation.signing.adapters.pictures import draw_seal, draw_signature
from dinh.foundation.signing.models import Key, Picture
from dinh.foundation.signing.rules.keys import (
    PICTURE_BYTES,
    PictureFacts,
    PictureUnreadable,
    check_picture,
)
from dinh.kernel.errors import N_, Refused

__all__ = ["NoPicture", "checked_picture", "kept_picture", "picture_of"]


class NoPicture(Refused):
    message = N_(
        "Chưa có ảnh chữ ký hoặc con dấu của %(name)s. Hãy đề nghị quản trị chữ ký số tải ảnh PNG nền trong"
        " suốt lên rồi ký lại; văn bản chưa bị thay đổi."
    )


def kept_picture(key: Key) -> Picture | None:
    """Return the picture that was put for the key's owner, or None."""
    rows = Picture.objects.filter(owner_kind=key.owner_kind, owner_id=key.owner_id, removed_at=None)
    return rows.select_related("file").first()


def picture_of(key: Key, *, name: str, above: str = "") -> bytes:
    """Return the PNG of the owner's signature or seal: the one that was put, or ``pictures/<owner>.png`` in
    the key folder, or in a sample province an invented drawing that says so. Raises ``NoPicture``.
    """
    kept = kept_picture(key)
    if kept is not None:
        return _content(kept.file_id)
    path = settings.KEY_DIR / "pictures" / f"{key.owner_id}.png"
    if path.is_file():
        return bytes(path.read_bytes())
    if not settings.IS_SAMPLE:
        raise NoPicture(name=name)
    return _drawn(key.owner_kind, key.owner_id, name, above)


@lru_cache(maxsize=256)
def _content(file_id: UUID) -> bytes:
    """A file's content never changes under its id, and a seal is on every paper of a day."""
    with open_content(file_id) as stream:
        return bytes(stream.read())


@lru_cache(maxsize=512)
def _drawn(owner_kind: str, owner_id: UUID, name: str, above: str) -> bytes:
    if owner_kind == Key.Owner.PERSON:
        return draw_signature(name)
    return draw_seal(name, above)


def checked_picture(content: bytes, *, is_seal: bool) -> bytes:
    """Return the picture written anew as PNG: its points alone, nothing that came along with them.

    Raises ``PictureUnreadable``, ``PictureMisshapen``, ``NotTransparent``.
    """
    if len(content) > PICTURE_BYTES:
        raise PictureUnreadable
    try:
        image = Image.open(io.BytesIO(content), formats=["PNG"])
        # The header tells the size before anything is unpacked.
        check_picture(PictureFacts(*image.size, clear=0.5), is_seal=is_seal)
        picture = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PictureUnreadable from error
    cover = picture.getchannel("A").histogram()
    clear = sum(cover[:32]) / (picture.width * picture.height)
    check_picture(PictureFacts(*picture.size, clear=clear), is_seal=is_seal)
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()

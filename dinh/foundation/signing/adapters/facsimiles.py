"""The pictures shown with a signature: a person's handwriting, an agency's seal. Kept beside the keys."""

from functools import lru_cache
from uuid import UUID

from django.conf import settings

from dinh.foundation.signing.adapters.pictures import draw_seal, draw_signature
from dinh.foundation.signing.models import Key
from dinh.kernel.errors import N_, Refused

__all__ = ["NoPicture", "picture_of"]


class NoPicture(Refused):
    message = N_(
        "Chưa có ảnh chữ ký hoặc con dấu của %(name)s. Hãy đề nghị quản trị chữ ký số tải ảnh PNG nền trong"
        " suốt lên rồi ký lại; văn bản chưa bị thay đổi."
    )


def picture_of(key: Key, *, name: str, above: str = "") -> bytes:
    """Return the PNG of the owner's signature or seal: the one kept as ``pictures/<owner>.png`` in the key
    folder, or in a sample province an invented drawing that says so. Raises ``NoPicture``.
    """
    path = settings.KEY_DIR / "pictures" / f"{key.owner_id}.png"
    if path.is_file():
        return bytes(path.read_bytes())
    if not settings.IS_SAMPLE:
        raise NoPicture(name=name)
    return _drawn(key.owner_kind, key.owner_id, name, above)


@lru_cache(maxsize=512)
def _drawn(owner_kind: str, owner_id: UUID, name: str, above: str) -> bytes:
    if owner_kind == Key.Owner.PERSON:
        return draw_signature(name)
    return draw_seal(name, above)

"""The pages of a scan as pictures of bounded size, to be printed within a paper."""

import io
from collections.abc import Iterator

import pypdfium2
from PIL import Image, ImageOps

from dinh.kernel.errors import N_, Refused

__all__ = ["NotPrintable", "TooManyPages", "page_pictures", "small_picture"]

# A4 at 150 dots an inch: read without effort, about 200 kB a page.
LONGEST_SIDE = 1754
QUALITY = 75
POINTS_AN_INCH = 72
DOTS_AN_INCH = 150


class TooManyPages(Refused):
    message = N_(
        "Tệp “%(name)s” có %(pages)s trang; chỉ in kèm được tối đa %(most)s trang. Hãy chọn tệp ngắn hơn hoặc"
        " chứng thực bản giấy tại quầy."
    )


class NotPrintable(Refused):
    message = N_(
        "Không đọc được các trang của tệp “%(name)s”. Hãy tải lên bản quét khác (PDF, JPG hoặc PNG)."
    )


def page_pictures(content: bytes, media_type: str, *, name: str, most: int) -> list[bytes]:
    """Return each page as a JPEG of at most ``LONGEST_SIDE`` pixels.

    ``name`` is the file's, for the sentences. Raises ``TooManyPages``, ``NotPrintable``.
    """
    try:
        if media_type == "application/pdf":
            return list(_of_pdf(content, name, most))
        with Image.open(io.BytesIO(content)) as image:
            return [_jpeg(ImageOps.exif_transpose(image))]
    except (pypdfium2.PdfiumError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotPrintable(name=name) from error


def small_picture(content: bytes, *, name: str, longest: int) -> bytes:
    """Return a picture turned as it is seen and drawn anew as a JPEG of at most ``longest`` pixels a side.

    Nothing of the file but its pixels goes on. ``name`` is the file's. Raises ``NotPrintable``.
    """
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
            image.draft("RGB", (longest, longest))
            return _jpeg(ImageOps.exif_transpose(image), longest=longest)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NotPrintable(name=name) from error


def _of_pdf(content: bytes, name: str, most: int) -> Iterator[bytes]:
    with pypdfium2.PdfDocument(content) as document:
        if len(document) > most:
            raise TooManyPages(name=name, pages=len(document), most=most)
        for page in document:
            scale = min(DOTS_AN_INCH / POINTS_AN_INCH, LONGEST_SIDE / max(*page.get_size(), 1))
            yield _jpeg(page.render(scale=scale).to_pil())


def _jpeg(image: Image.Image, *, longest: int = LONGEST_SIDE) -> bytes:
    image = image.convert("RGB")
    image.thumbnail((longest, longest))
    made = io.BytesIO()
    image.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()

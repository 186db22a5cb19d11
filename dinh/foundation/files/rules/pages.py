"""The pages of a scan as pictures of bounded size, to be printed within a paper."""

import io
from collections.abc import Iterator

import pypdfium2
from PIL import Image, ImageOps

from dinh.kernel.errors import N_, Refused

__all__ = ["NotPrintable", "TooManyPages", "page_pictures"]

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


def _of_pdf(content: bytes, name: str, most: int) -> Iterator[bytes]:
    with pypdfium2.PdfDocument(content) as document:
        if len(document) > most:
            raise TooManyPages(name=name, pages=len(document), most=most)
        for page in document:
            scale = min(DOTS_AN_INCH / POINTS_AN_INCH, LONGEST_SIDE / max(*page.get_size(), 1))
            yield _jpeg(page.render(scale=scale).to_pil())


def _jpeg(image: Image.Image) -> bytes:
    image = image.convert("RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    made = io.BytesIO()
    image.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()

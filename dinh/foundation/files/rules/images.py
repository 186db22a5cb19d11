"""Inspection of an image: does it open whole, is it within bounds, would a person be able to read it?"""

import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageFilter, ImageStat, UnidentifiedImageError

__all__ = ["PIXEL_LIMIT", "SMALL_SIDE", "ImageProblem", "hints_of_page", "inspect_image"]

PIXEL_LIMIT = 110_000_000  # the largest phones' photos pass, a bomb of a few KB does not
_THUMB = 800
_BLANK_SPREAD = 3.0
_DARK_MEAN = 40
SMALL_SIDE = 600  # pixels; a card that fills the picture is just readable
_SHARP_SPREAD = 6.0

Image.MAX_IMAGE_PIXELS = None  # our own bound is checked first, and answers in words


class ImageProblem(Exception):
    """The image cannot be taken: ``code`` is "broken" or "pixels", ``facts`` fill the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def inspect_image(path: Path, *, format_name: str) -> dict[str, Any]:
    """Return width and height in pixels as they will be seen (EXIF turned), and hints.

    ``format_name`` is Pillow's name of the one format to try. Raises ``ImageProblem``.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(path, formats=[format_name]) as image:
                return _facts(image)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError) as error:
            raise ImageProblem("broken") from error


def _facts(image: Image.Image) -> dict[str, Any]:
    width, height = image.size
    if width * height > PIXEL_LIMIT:
        raise ImageProblem("pixels", width=width, height=height, limit=PIXEL_LIMIT // 1_000_000)
    is_turned = image.getexif().get(0x0112) in {5, 6, 7, 8}
    image.draft("L", (_THUMB, _THUMB))  # a JPEG is decoded small at once: a tenth of the time and memory
    image.load()
    small = image.convert("L")
    small.thumbnail((_THUMB, _THUMB))
    hints = [*(["small"] if min(width, height) < SMALL_SIDE else []), *hints_of_page(small)]
    if not hints and _is_blurred(small):
        hints.append("blurred")
    return {
        "width": height if is_turned else width,
        "height": width if is_turned else height,
        "hints": hints,
    }


def hints_of_page(image: Image.Image) -> list[str]:
    """Return "blank" or "dark" for a page (in grey) on which nothing can be read."""
    seen = ImageStat.Stat(image)
    if seen.mean[0] < _DARK_MEAN:
        return ["dark"]
    return ["blank"] if seen.stddev[0] < _BLANK_SPREAD else []


def _is_blurred(image: Image.Image) -> bool:
    """Whether no edge in the picture is sharp: the spread of its second differences is small."""
    edges = image.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128))
    inner = edges.crop((2, 2, max(3, edges.width - 2), max(3, edges.height - 2)))
    return float(ImageStat.Stat(inner).stddev[0]) < _SHARP_SPREAD

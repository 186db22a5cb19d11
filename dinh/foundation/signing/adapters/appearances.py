"""What a signature looks like on the page: a picture, lines of text, or nothing."""

import io
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PIL import Image
from pyhanko.pdf_utils import generic, layout
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStamp, BaseStampStyle, StaticStampStyle

from dinh.foundation.signing.adapters.faces import load_face
from dinh.foundation.signing.rules.signatures import (
    AgencySeal,
    Appearance,
    BadImage,
    CornerText,
    HandSignature,
    Unseen,
)

__all__ = ["CORNER_SIZE", "stamp_style"]

IMAGE_LIMIT = 2 * 1024 * 1024
IMAGE_SIDE = 2_000
CORNER_SIZE = 10

_FILL = layout.SimpleBoxLayoutRule(
    x_align=layout.AxisAlignment.ALIGN_MID,
    y_align=layout.AxisAlignment.ALIGN_MID,
    margins=layout.Margins.uniform(0),
    inner_content_scaling=layout.InnerScaling.STRETCH_TO_FIT,
)


def stamp_style(appearance: Appearance) -> BaseStampStyle:
    """Return how pyHanko is to draw the appearance. Raises ``BadImage``."""
    match appearance:
        case HandSignature() | AgencySeal():
            picture = _Picture(_decoded(appearance.image))
            return StaticStampStyle(border_width=0, background=picture, background_layout=_FILL)
        case CornerText(lines=lines):
            return _CornerStyle(border_width=0, lines=lines)
        case Unseen():
            return StaticStampStyle(border_width=0)


@dataclass(frozen=True, slots=True)
class _Planes:
    """A decoded picture as a PDF holds it: colour and cover, both deflated."""

    width: int
    height: int
    colour: bytes
    cover: bytes


@lru_cache(maxsize=64)
def _decoded(png: bytes) -> _Planes:
    """Decode a PNG once: a seal is the same on ten thousand papers."""
    if len(png) > IMAGE_LIMIT:
        raise BadImage
    try:
        image = Image.open(io.BytesIO(png), formats=["PNG"])
        if max(image.size) > IMAGE_SIDE:
            raise BadImage
        picture = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadImage from error
    colour = zlib.compress(picture.convert("RGB").tobytes(), 9)
    cover = zlib.compress(picture.getchannel("A").tobytes(), 9)
    return _Planes(picture.width, picture.height, colour, cover)


class _Picture(PdfImage):
    """pyHanko's picture, written from planes that are deflated already."""

    def __init__(self, planes: _Planes) -> None:
        super().__init__(Image.new("L", (planes.width, planes.height)))
        self._planes = planes

    @property
    def image_ref(self) -> generic.IndirectObject:
        writer, planes = self._ensure_writer, self._planes
        cover = _plane(planes, planes.cover, "/DeviceGray")
        colour = _plane(planes, planes.colour, "/DeviceRGB")
        colour[pdf_name("/SMask")] = writer.add_object(cover)
        return writer.add_object(colour)


def _plane(planes: _Planes, content: bytes, space: str) -> generic.StreamObject:
    return generic.StreamObject(
        dict_data={
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Image"),
            pdf_name("/Width"): generic.NumberObject(planes.width),
            pdf_name("/Height"): generic.NumberObject(planes.height),
            pdf_name("/ColorSpace"): pdf_name(space),
            pdf_name("/BitsPerComponent"): generic.NumberObject(8),
            pdf_name("/Filter"): pdf_name("/FlateDecode"),
        },
        encoded_data=content,
    )


@dataclass(frozen=True)
class _CornerStyle(BaseStampStyle):
    """Lines of black 10 pt text set against the right edge."""

    lines: tuple[str, ...] = ()

    def create_stamp(
        self, writer: BasePdfFileWriter, box: layout.BoxConstraints, text_params: Any
    ) -> BaseStamp:
        return _CornerStamp(writer, self, box)


class _CornerStamp(BaseStamp):
    def _render_inner_content(self) -> list[bytes]:
        face = load_face("Regular")
        self.resources.font[pdf_name("/DNR")] = face.embed(self._ensure_writer)
        drawn = [b"BT /DNR %d Tf 0 g" % CORNER_SIZE]
        y = float(self.box.height) - CORNER_SIZE
        for line in self.style.lines:
            x = max(0.0, self.box.width - face.width(line, CORNER_SIZE))
            drawn.append(b"1 0 0 1 %.2f %.2f Tm %s Tj" % (x, y, face.show(line)))
            y -= CORNER_SIZE * 1.25
        return [*drawn, b"ET"]

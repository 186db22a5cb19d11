"""Invented pictures for the sample: a blue hand signature and a red seal, drawn by code.

The same name always gives the same picture. Both carry the word MẪU: nobody's real signature or seal
is imitated, and neither may be taken for one.
"""

import hashlib
import io
import math
import random
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from dinh.foundation.signing.rules.signatures import SIGNATURE_HEIGHT_MM, SIGNATURE_WIDTH_MM
from dinh.foundation.ui.public import DOCUMENT_FONTS

__all__ = ["draw_seal", "draw_signature"]

BLUE = (18, 52, 158)
RED = (214, 24, 31)
DOTS_PER_MM = 12
FINE = 3
SEAL_PIXELS = 36 * DOTS_PER_MM

_Point = tuple[float, float]


@lru_cache(maxsize=512)
def draw_signature(name: str) -> bytes:
    """Return a PNG (46x21 mm, transparent ground) of an invented signature for ``name``."""
    width, height = SIGNATURE_WIDTH_MM * DOTS_PER_MM * FINE, SIGNATURE_HEIGHT_MM * DOTS_PER_MM * FINE
    image = Image.new("RGBA", (width, height), (*BLUE, 0))
    pen = ImageDraw.Draw(image)
    dice = random.Random(hashlib.sha256(name.encode()).digest())  # noqa: S311 - a drawing, no secret
    for stroke in _strokes(name, dice):
        _draw_stroke(pen, [(x * width, y * height) for x, y in stroke], thickest=0.022 * height)
    pen.text(
        (0.86 * width, 0.84 * height), "MẪU", fill=(*BLUE, 255), font=_font("Regular", round(0.12 * height))
    )
    return _png(image, BLUE)


@lru_cache(maxsize=256)
def draw_seal(agency: str, above: str) -> bytes:
    """Return a PNG (36x36 mm at 300 dpi, transparent ground) of an invented round seal.

    ``agency`` runs along the top, ``above`` (its governing body or place) along the bottom.
    """
    side = SEAL_PIXELS * FINE
    image = Image.new("RGBA", (side, side), (*RED, 0))
    pen = ImageDraw.Draw(image)
    middle = side / 2
    for radius, line in ((0.49, 0.020), (0.465, 0.006), (0.325, 0.006)):
        _ring(pen, middle, radius * side, line * side)
    _along(image, agency.upper(), middle, 0.395 * side, top=True)
    _along(image, above.upper(), middle, 0.395 * side, top=False)
    pen.polygon(_star(middle, middle - 0.03 * side, 0.15 * side), fill=(*RED, 255))
    font = _font("Bold", round(0.075 * side))
    pen.text((middle, 0.70 * side), "MẪU", fill=(*RED, 255), font=font, anchor="mm")
    return _png(image, RED)


def _strokes(name: str, dice: random.Random) -> list[list[_Point]]:
    """Return the strokes of a signature in a square of one: a capital, waves a letter, a flourish."""
    letters = [letter for letter in name.split()[-1] if letter.isalpha()][:9] or ["x"]
    left, right, ground = 0.08, 0.80, 0.62
    knots: list[_Point] = [
        (left + 0.10, ground - 0.10),
        (left, ground - 0.05),
        (left + 0.06, 0.14 + 0.08 * dice.random()),
        (left + 0.16, 0.16 + 0.10 * dice.random()),
        (left + 0.10, ground + 0.10),
        (left + 0.15, ground + 0.02),
    ]
    step = (right - left - 0.20) / len(letters)
    for index, letter in enumerate(letters):
        x = left + 0.20 + index * step
        rise = 0.40 if letter in "bdđhklt" else 0.14 + 0.12 * dice.random()
        fall = 0.26 if letter in "gpqy" else 0.02 + 0.04 * dice.random()
        lean = 0.25 * step * dice.random()
        knots += [
            (x + lean, ground - rise),
            (x + 0.45 * step, ground + fall),
            (x + 0.8 * step, ground - 0.05),
        ]
    knots += [(right + 0.06, ground - 0.24), (right + 0.14, ground - 0.34)]
    flourish: list[_Point] = [
        (right + 0.10, ground + 0.06),
        (0.45, ground + 0.20 + 0.06 * dice.random()),
        (left + 0.02, ground + 0.24),
        (0.40, ground + 0.14),
        (right + 0.16, ground + 0.10 - 0.06 * dice.random()),
    ]
    mark_x = left + 0.20 + step * dice.uniform(0.5, len(letters) - 0.3)
    mark: list[_Point] = [(mark_x, 0.20), (mark_x + 0.02, 0.15), (mark_x + 0.05, 0.12)]
    return [knots, flourish, mark]


def _draw_stroke(pen: ImageDraw.ImageDraw, knots: list[_Point], *, thickest: float) -> None:
    curve = _smooth(knots)
    for (x1, y1), (x2, y2) in pairwise(curve):
        # A pen presses on the way down and lifts on the way up.
        pressure = 0.55 + 0.45 * max(-1.0, min(1.0, (y2 - y1) / (math.hypot(x2 - x1, y2 - y1) or 1.0)))
        radius = thickest * max(0.35, pressure)
        pen.line((x1, y1, x2, y2), fill=(*BLUE, 255), width=max(1, round(2 * radius)))
        pen.ellipse((x2 - radius, y2 - radius, x2 + radius, y2 + radius), fill=(*BLUE, 255))


def _smooth(knots: list[_Point], parts: int = 28) -> list[_Point]:
    """Return points of the Catmull-Rom curve through the knots."""
    padded = [knots[0], *knots, knots[-1]]
    curve = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for part in range(parts):
            t = part / parts
            curve.append((_between(p0[0], p1[0], p2[0], p3[0], t), _between(p0[1], p1[1], p2[1], p3[1], t)))
    return [*curve, knots[-1]]


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def _ring(pen: ImageDraw.ImageDraw, middle: float, radius: float, line: float) -> None:
    box = (middle - radius, middle - radius, middle + radius, middle + radius)
    pen.ellipse(box, outline=(*RED, 255), width=max(1, round(line)))


def _along(image: Image.Image, text: str, middle: float, radius: float, *, top: bool) -> None:
    """Set ``text`` along a circle, upright at the top or at the bottom."""
    size = round(image.width * 0.075)
    font = _font("Bold", size)
    room = math.radians(215 if top else 110)
    widths = [font.getlength(letter) for letter in text]
    while sum(widths) / radius > room:
        size = round(size * 0.94)
        font = _font("Bold", size)
        widths = [font.getlength(letter) for letter in text]
    angle = -sum(widths) / radius / 2
    for letter, width in zip(text, widths, strict=True):
        angle += width / radius / 2
        turn = angle if top else -angle
        tile = Image.new("RGBA", (size * 2, size * 2), (*RED, 0))
        ImageDraw.Draw(tile).text((size, size), letter, fill=(*RED, 255), font=font, anchor="mm")
        tile = tile.rotate(-math.degrees(turn), resample=Image.Resampling.BICUBIC)
        x = middle + radius * math.sin(angle)
        y = middle - radius * math.cos(angle) if top else middle + radius * math.cos(angle)
        image.alpha_composite(tile, (round(x - size), round(y - size)))
        angle += width / radius / 2


def _star(x: float, y: float, radius: float) -> list[_Point]:
    points = []
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.382
        turn = math.radians(36 * index - 90)
        points.append((x + reach * math.cos(turn), y + reach * math.sin(turn)))
    return points


@lru_cache(maxsize=64)
def _font(style: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(DOCUMENT_FONTS / f"LiberationSerif-{style}.ttf"), size)


def _png(image: Image.Image, ink: tuple[int, int, int]) -> bytes:
    """Return the drawing in its final size: one ink, and how much of it in 16 steps."""
    size = (image.width // FINE, image.height // FINE)
    cover = (
        image.getchannel("A").resize(size, Image.Resampling.BOX).point(lambda value: round(value / 17) * 17)
    )
    solid = Image.new("RGB", size, ink)
    solid.putalpha(cover)
    png = io.BytesIO()
    solid.save(png, "PNG", optimize=True, dpi=(DOTS_PER_MM * 25.4, DOTS_PER_MM * 25.4))
    return png.getvalue()

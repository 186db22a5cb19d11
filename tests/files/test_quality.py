"""Hints on what a person could not read: shown before sending, never a reason to refuse."""

import io

import pytest
from PIL import Image, ImageFilter

from dinh.foundation.files.public import quality_hints
from tests.files.making import make_image, make_pdf

pytestmark = pytest.mark.django_db


def blurred() -> bytes:
    image = Image.open(io.BytesIO(make_image())).filter(ImageFilter.GaussianBlur(9))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def scanned(*pages: bytes) -> bytes:
    first, *rest = (Image.open(io.BytesIO(page)) for page in pages)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest)
    return out.getvalue()


def words(file) -> list[str]:
    return [sentence % params for sentence, params in quality_hints(file)]


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (make_image(), "ảnh.jpg", []),
        (make_image(kind="PNG"), "ảnh.png", []),
        (make_pdf(pages=4), "đơn.pdf", []),
        (make_image(text=False), "ảnh.jpg", ["gần như trắng"]),
        (make_image(text=False, colour="black"), "ảnh.jpg", ["quá tối"]),
        (make_image(size=(300, 200)), "ảnh.jpg", ["quá nhỏ"]),
        (blurred(), "ảnh.jpg", ["có vẻ mờ"]),
        (
            scanned(make_image(), make_image(text=False)),
            "quét.pdf",
            ["Trang 2 của tệp “quét.pdf” gần như trắng"],
        ),
        (
            scanned(make_image(), make_image(size=(420, 300))),
            "quét.pdf",
            ["Trang 2 của tệp “quét.pdf” quét quá nhỏ"],
        ),
        (
            scanned(*[make_image()] * 9, make_image(text=False)),
            "quét.pdf",
            ["Trang 10 của tệp “quét.pdf” gần như trắng"],
        ),
        (scanned(make_image(text=False, colour="black")), "quét.pdf", ["Trang 1 của tệp “quét.pdf” quá tối"]),
    ],
)
def test_what_could_not_be_read_is_said(give, data, name, expected):
    found = words(give(data, name))
    assert len(found) == len(expected)
    for sentence, part in zip(found, expected, strict=True):
        assert part in sentence


def test_a_turned_photo_is_measured_as_it_will_be_seen(give):
    exif = Image.Exif()
    exif[0x0112] = 6
    file = give(make_image(size=(1200, 900), exif=exif), "ảnh.jpg")
    assert (file.facts["width"], file.facts["height"]) == (900, 1200)

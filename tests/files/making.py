"""Contents of every kind, sound and hostile, made for the tests."""

import io
import zipfile
from typing import Any

import pikepdf
from PIL import Image, ImageDraw

__all__ = ["make_image", "make_office", "make_pdf"]


def make_pdf(
    *,
    pages: int = 1,
    catalog: dict[str, Any] | None = None,
    password: str | None = None,
    packed: bool = False,
) -> bytes:
    """A PDF with text on each page, the same bytes for the same wishes; ``catalog`` is added to its root."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for number in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        lines = "".join(f"({number} Giay de nghi dang ky ho kinh doanh) Tj 0 -30 Td " for _ in range(20))
        page.Contents = pdf.make_stream(f"BT /F1 24 Tf 40 780 Td {lines} ET".encode())
    for key, value in (catalog or {}).items():
        pdf.Root[key] = pdf.make_indirect(value)
    options: dict[str, Any] = {"deterministic_id": True}
    if password is not None:
        # An encrypted file cannot have it: its keys are made from the identifier.
        options["deterministic_id"] = False
        options["encryption"] = pikepdf.Encryption(user=password, owner="chủ")
    if packed:
        options["object_stream_mode"] = pikepdf.ObjectStreamMode.generate
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def make_image(
    *,
    size: tuple[int, int] = (1200, 900),
    kind: str = "JPEG",
    text: bool = True,
    colour: str = "white",
    **options: Any,
) -> bytes:
    """A picture of a page with sharp lines and letters on it, or an empty one."""
    image = Image.new("RGB", size, colour)
    if text:
        draw = ImageDraw.Draw(image)
        for row in range(20, size[1] - 20, 24):
            draw.text((30, row), "Giay chung nhan dang ky ho kinh doanh so 01 " * 4, fill="black")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


OFFICE_MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
}


def make_office(
    kind: str = "docx", *, parts: dict[str, bytes] | None = None, main: str | None = None
) -> bytes:
    """The smallest archive that says it is a Word or Excel document; ``parts`` are added."""
    path, content_type = OFFICE_MAIN[kind]
    content_type = main or f"application/vnd.openxmlformats-officedocument.{content_type}"
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{path}" ContentType="{content_type}"/></Types>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(path, "<doc/>")
        for name, data in (parts or {}).items():
            archive.writestr(name, data)
    return out.getvalue()

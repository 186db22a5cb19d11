"""Files that are not taken: each refusal is one sentence naming the file, what is wrong and what to do."""

import io
import struct
import zlib

import pikepdf
import pytest

from dinh.foundation.files.models import File
from dinh.foundation.files.public import DOCUMENTS, PAPERS, SHEETS, FileRefused, Limits
from tests.files.making import make_image, make_office, make_pdf

pytestmark = pytest.mark.django_db

Dictionary, Name, Array = pikepdf.Dictionary, pikepdf.Name, pikepdf.Array


def script(code: str = "app.alert(1)") -> pikepdf.Dictionary:
    return Dictionary(S=Name.JavaScript, JS=pikepdf.String(code))


def pdf_with_annotation(action: pikepdf.Dictionary, **options) -> bytes:
    """A PDF whose first page has a link that does something, stored directly in its page."""
    pdf = pikepdf.open(io.BytesIO(make_pdf()))
    pdf.pages[0].Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)]
    )
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def pdf_with_attachment(name: str, data: bytes) -> bytes:
    pdf = pikepdf.open(io.BytesIO(make_pdf()))
    pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename=name)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def png_bomb(side: int = 40_000) -> bytes:
    """A PNG of a few KB that unpacks to gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    header = struct.pack("!IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    ) + chunk(b"IEND", b"")


PACKED = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EXTERNAL = (
    b'<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/attachedTemplate" Target="http://mau.example/x.dotm" TargetMode="External"/>'
    b"</Relationships>"
)

REFUSED = {
    "empty": (b"", "đơn.pdf", "không có nội dung"),
    "an image called PDF": (make_image(), "đơn.pdf", "có đuôi “.pdf” nhưng nội dung là ảnh JPEG"),
    "a PDF called JPEG": (make_pdf(), "ảnh.jpg", "nội dung là tệp PDF"),
    "a PDF without an extension": (make_pdf(), "đơn", "có đuôi “.”"),
    "HTML called PDF": (b"<!DOCTYPE html><script>alert(1)</script>", "đơn.pdf", "trang web (HTML)"),
    "HTML": (b"  <HTML><body>x</body></HTML>", "trang.html", "trang web (HTML), không dùng được"),
    "HTML called text": (b"hello <script>alert(1)</script>", "ghi chú.txt", "trang web (HTML)"),
    "SVG": (SVG, "hình.svg", "SVG"),
    "SVG with a prologue": (b'<?xml version="1.0"?>' + SVG, "hình.svg", "SVG"),
    "SVG called edXML": (b'<?xml version="1.0"?>' + SVG, "gói.edxml", "SVG"),
    "a program": (b"MZ\x90\x00" + b"\0" * 100, "cài đặt.exe", "chương trình máy tính"),
    "a program called PDF": (b"MZ\x90\x00" + b"\0" * 100, "đơn.pdf", "chương trình máy tính"),
    "a script": (b"#!/bin/sh\nrm -rf /\n", "chạy.txt", "chương trình máy tính"),
    "a phone's photo": (b"\0\0\0\x18ftypheic" + b"\0" * 100, "IMG_0001.HEIC", "Tương thích nhất"),
    "old Office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "đơn.doc", "định dạng cũ"),
    "Office with a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "đơn.docx",
        "có mật khẩu",
    ),
    "an archive": (make_office(main="application/zip"), "nén.zip", "tệp nén ZIP"),
    "an archive called DOCX": (b"PK\x05\x06" + b"\0" * 18, "đơn.docx", "nội dung là tệp nén ZIP"),
    "macros by type": (
        make_office(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
        "đơn.docx",
        "macro",
    ),
    "macros by part": (make_office(parts={"word/vbaProject.bin": b"x"}), "đơn.docx", "macro"),
    "a fetched template": (
        make_office(parts={"word/_rels/settings.xml.rels": EXTERNAL}),
        "đơn.docx",
        "macro",
    ),
    "an archive bomb": (make_office(parts={"word/big.xml": b"\0" * 320_000_000}), "đơn.docx", "quá phức tạp"),
    "a cut DOCX": (make_office()[:-40], "đơn.docx", "nội dung là tệp nén ZIP"),
    "a PDF with a password": (make_pdf(password="bí mật"), "đơn.pdf", "có mật khẩu"),
    "a script when opened": (make_pdf(catalog={"/OpenAction": script()}), "đơn.pdf", "mã lệnh"),
    "a script packed away": (make_pdf(catalog={"/OpenAction": script()}, packed=True), "đơn.pdf", "mã lệnh"),
    "a script under a link": (pdf_with_annotation(script()), "đơn.pdf", "mã lệnh"),
    "a script under a link, packed": (pdf_with_annotation(script(), **PACKED), "đơn.pdf", "mã lệnh"),
    "a script with an escaped name": (
        pdf_with_annotation(script()).replace(b"/JavaScript", b"/#4AavaScript").replace(b"/JS", b"/#4aS"),
        "đơn.pdf",
        "mã lệnh",
    ),
    "a script among names": (
        make_pdf(catalog={"/Names": Dictionary(JavaScript=Dictionary(Names=Array(["x", script()])))}),
        "đơn.pdf",
        "mã lệnh",
    ),
    "a script behind owner rights": (
        pdf_with_annotation(script(), encryption=pikepdf.Encryption(user="", owner="chủ")),
        "đơn.pdf",
        "mã lệnh",
    ),
    "an action that starts programs": (
        pdf_with_annotation(Dictionary(S=Name.Launch, F=pikepdf.String("cmd.exe"))),
        "đơn.pdf",
        "mã lệnh",
    ),
    "a dynamic form": (
        make_pdf(catalog={"/AcroForm": Dictionary(XFA=pikepdf.String("x"))}),
        "đơn.pdf",
        "mã lệnh",
    ),
    "an embedded program": (pdf_with_attachment("hoá đơn.exe", b"x"), "đơn.pdf", "mã lệnh"),
    "an embedded program by another name": (pdf_with_attachment("ảnh.jpg", b"MZ\x90x"), "đơn.pdf", "mã lệnh"),
    "a broken PDF": (b"%PDF-1.7\n" + b"x" * 500, "đơn.pdf", "bị hỏng"),
    "a PDF without pages": (make_pdf(pages=0), "đơn.pdf", "bị hỏng"),
    "a cut JPEG": (make_image()[:-2000], "ảnh.jpg", "bị hỏng"),
    "a JPEG of three bytes": (b"\xff\xd8\xff", "ảnh.jpg", "bị hỏng"),
    "a cut PNG": (make_image(kind="PNG")[:-500], "ảnh.png", "bị hỏng"),
    "an image bomb": (png_bomb(), "ảnh.png", "40000 × 40000 điểm"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_in_one_sentence_and_nothing_is_kept(give, folder, case):
    data, name, words = REFUSED[case]
    with pytest.raises(FileRefused) as refused:
        give(data, name)
    sentence = str(refused.value)
    assert words in sentence
    assert f"“{name}”" in sentence
    assert "Hãy" in sentence, "the sentence says what to do"
    assert not File.objects.exists()
    assert not list(folder.glob("??/??/*"))


def test_a_text_that_speaks_of_scripts_is_no_script(give):
    pdf = pikepdf.open(io.BytesIO(make_pdf()))
    pdf.docinfo["/Title"] = "Nói về /JavaScript và /Launch (bài viết)"
    out = io.BytesIO()
    pdf.save(out)
    assert give(out.getvalue(), "bài.pdf").media_type == "application/pdf"


def test_an_attached_invoice_in_xml_is_taken(give):
    assert give(pdf_with_attachment("hoadon.xml", b"<hoadon/>"), "hoá đơn.pdf")


def test_a_link_to_a_web_page_is_taken(give):
    link = Dictionary(S=Name.URI, URI=pikepdf.String("https://dichvucong.gov.vn"))
    assert give(pdf_with_annotation(link), "đơn.pdf")


def test_too_large_is_refused_with_both_sizes(give, settings):
    settings.FILE_SIZE_LIMIT = 1024
    with pytest.raises(FileRefused) as refused:
        give(b"%PDF-1.7" + b"x" * 2_000_000)
    assert "mỗi tệp chỉ được tối đa 1 KB" in str(refused.value)


def test_a_stream_is_not_read_past_its_bound(official):
    from dinh.foundation.files.public import store

    class Endless:
        given = 0

        def read(self, size: int, /) -> bytes:
            self.given += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(FileRefused, match="quá lớn"):
        store(endless, name="a.pdf", by=official, limits=Limits(frozenset({"pdf"}), "PDF", size=1_000_000))
    assert endless.given < 2_000_000


def test_a_use_takes_only_its_kinds(give):
    assert give(make_office("xlsx"), "bảng.xlsx", SHEETS)
    assert give(make_office("xlsx"), "bảng.xlsx", DOCUMENTS)
    with pytest.raises(FileRefused, match="Hãy gửi tệp thuộc các loại: PDF, ảnh JPEG, ảnh PNG"):
        give(make_office("xlsx"), "bảng.xlsx", PAPERS)


def test_the_inspection_survives_a_content_that_ends_its_process(give, monkeypatch):
    from dinh.foundation.files.adapters import inspector

    monkeypatch.setattr(inspector._Inspector, "ask", lambda self, path: self.end())
    with pytest.raises(FileRefused, match="quá phức tạp"):
        give(make_pdf())
    monkeypatch.undo()
    assert give(make_pdf())

"""Kinds of files, told by their content and never by their name."""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import puremagic

from dinh.foundation.files.rules.names import extension
from dinh.kernel.errors import N_

__all__ = ["KINDS", "Kind", "agrees", "detect", "kind_of_media_type"]

_HEAD = 8192


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of content. ``label`` is Vietnamese; ``extensions`` are those its name may carry.

    ``is_shown`` says whether a browser may show it on a page of ours; everything else is downloaded.
    """

    code: str
    media_type: str
    label: str
    extensions: tuple[str, ...]
    is_shown: bool = False


_ALL = (
    Kind("pdf", "application/pdf", N_("tệp PDF"), ("pdf",), is_shown=True),
    Kind("jpeg", "image/jpeg", N_("ảnh JPEG"), ("jpg", "jpeg", "jfif"), is_shown=True),
    Kind("png", "image/png", N_("ảnh PNG"), ("png",), is_shown=True),
    Kind("webp", "image/webp", N_("ảnh WEBP"), ("webp",), is_shown=True),
    Kind("gif", "image/gif", N_("ảnh GIF"), ("gif",), is_shown=True),
    Kind("tiff", "image/tiff", N_("ảnh TIFF"), ("tif", "tiff")),
    Kind("heic", "image/heic", N_("ảnh HEIC"), ("heic", "heif")),
    Kind(
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        N_("văn bản Word (DOCX)"),
        ("docx",),
    ),
    Kind(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        N_("bảng tính Excel (XLSX)"),
        ("xlsx",),
    ),
    Kind(
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        N_("bản trình chiếu (PPTX)"),
        ("pptx",),
    ),
    Kind("odt", "application/vnd.oasis.opendocument.text", N_("văn bản ODT"), ("odt",)),
    Kind("ods", "application/vnd.oasis.opendocument.spreadsheet", N_("bảng tính ODS"), ("ods",)),
    Kind("ole", "application/x-ole-storage", N_("tệp Office định dạng cũ"), ("doc", "xls", "ppt", "msg")),
    Kind("ole_locked", "application/encrypted", N_("tệp Office có mật khẩu"), ("docx", "xlsx", "pptx")),
    Kind("macros", "application/vnd.ms-office.macro", N_("tệp Office có macro"), ("docm", "xlsm", "pptm")),
    Kind("edxml", "application/vnd.vn.edxml+xml", N_("gói văn bản edXML"), ("edxml", "xml")),
    Kind("xml", "application/xml", N_("tệp XML"), ("xml",)),
    Kind("svg", "image/svg+xml", N_("ảnh vẽ SVG"), ("svg",)),
    Kind("html", "text/html", N_("trang web (HTML)"), ("html", "htm", "xhtml")),
    Kind("zip", "application/zip", N_("tệp nén ZIP"), ("zip",)),
    Kind("program", "application/x-executable", N_("chương trình máy tính"), ("exe", "dll", "sh", "elf")),
    Kind("text", "text/plain", N_("văn bản thuần"), ("txt", "csv", "log", "md", "json")),
    Kind("other", "application/octet-stream", N_("loại tệp không nhận ra"), ()),
)
KINDS = {kind.code: kind for kind in _ALL}
_BY_MEDIA_TYPE = {kind.media_type: kind for kind in _ALL}

_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"dex\n",
)
_SIGNATURES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
)
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"heif"}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(
    rb"<\s*(!doctype\s+html|html|head|body|script|iframe|object|embed|meta|svg|form|link|base)\b", re.I
)
# A browser or a reader would take these for a PDF wherever they stand near the start; we take only the
# first line, so that nothing can be two things at once.
_PDF = re.compile(rb"^[\xef\xbb\xbf\s]{0,16}%PDF-\d\.\d")
_OFFICE_PARTS = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
    "macroenabled": "macros",
}


def kind_of_media_type(media_type: str) -> Kind:
    """Return the kind of a stored media type; "other" for any that is not ours."""
    return _BY_MEDIA_TYPE.get(media_type, KINDS["other"])


def agrees(name: str, kind: Kind) -> bool:
    """Whether the name's extension is one that this kind of content carries (none at all does not)."""
    return extension(name) in kind.extensions


def detect(path: Path) -> Kind:
    """Return the kind of a file's content, read from its bytes alone."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    return KINDS[_code(head, path)]


def _code(head: bytes, path: Path) -> str:
    if _PDF.match(head):
        return "pdf"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "heic"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    for signature, code in _SIGNATURES:
        if head.startswith(signature):
            return code
    if head.startswith(_PROGRAMS):
        return "program"
    if head.startswith(_ZIP):
        return _zip_code(path)
    if head.startswith(_OLE):
        return "ole_locked" if _LOCKED_OFFICE in path.read_bytes() else "ole"
    return _text_code(head) or _guess(head)


def _zip_code(path: Path) -> str:
    """Tell office documents from other archives by what they declare, within bounds."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:10_000])
            if "[Content_Types].xml" in names:
                return _office_code(_read(archive, "[Content_Types].xml"))
            if "mimetype" in names:
                declared = _read(archive, "mimetype").decode("ascii", "replace").strip()
                return kind_of_media_type(declared).code if "opendocument" in declared else "zip"
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return "zip"
    return "zip"


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(1_000_000)


def _office_code(content_types: bytes) -> str:
    text = content_types.decode("utf-8", "replace").lower()
    for part in ("macroenabled", *(key for key in _OFFICE_PARTS if key != "macroenabled")):
        if part in text:
            return _OFFICE_PARTS[part]
    return "zip"


def _text_code(head: bytes) -> str | None:
    plain = _decoded(head)
    if plain is None:
        return None
    if _HTML.search(plain.encode()) and not plain.lstrip("\ufeff \t\r\n").startswith("<?xml"):
        return "svg" if re.match(r"\s*<svg\b", plain, re.I) else "html"
    if plain.lstrip("\ufeff \t\r\n").startswith("<"):
        return _root_code(plain)
    return "text"


def _decoded(head: bytes) -> str | None:
    """Return the head as text, or None when it is not text."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "replace")
    if b"\x00" in head:
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The head may end inside a letter; anything earlier is not UTF-8 text.
        return head[: error.start].decode() if error.start >= len(head) - 3 and error.start else None


class _Found(Exception):
    pass


def _root_code(plain: str) -> str:
    """Tell XML by its root element, with no entity and no outside address ever followed."""
    roots: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        roots.append(name.rpartition(" ")[2])
        raise _Found

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", plain.lstrip("\ufeff \t\r\n"))
    try:
        parser.Parse(text.encode("utf-8", "replace"), False)
    except _Found:
        pass
    except expat.ExpatError:
        return "html" if _HTML.search(plain.encode("utf-8", "replace")) else "text"
    root = roots[0].lower() if roots else ""
    return {"edxml": "edxml", "svg": "svg", "html": "html"}.get(root, "xml")


def _guess(head: bytes) -> str:
    """Ask the wider table of signatures, so that at least the group of an unknown file can be named."""
    try:
        media_type = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        return "other"
    return kind_of_media_type(media_type).code

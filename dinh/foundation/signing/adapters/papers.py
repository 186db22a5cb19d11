"""Papers as PDF: declared fields, number and date, signatures one after the other.

Everything after typesetting is an incremental update, so earlier bytes, and with them earlier
signatures, stay as they are. The fields are declared before the first signature; the first person's
signature certifies the paper and allows only filling in (DocMDP 2); the agency's closes it (FieldMDP
over all fields, DocMDP 1). Preservation (time stamp, revocation data) is allowed at any level.
"""

import datetime as dt
import io
from collections.abc import Iterable
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers

from dinh.foundation.signing.adapters.appearances import CORNER_SIZE, stamp_style
from dinh.foundation.signing.adapters.faces import dictionary, load_face
from dinh.foundation.signing.rules.signatures import (
    MM,
    AgencySeal,
    Appearance,
    BadPdf,
    Box,
    CornerText,
    HandSignature,
    NoSuchField,
    NumberFields,
    PaperFields,
    Rectangle,
    Unseen,
    seal_box,
    signature_box,
    signer_field,
)
from dinh.kernel.worktime import VIETNAM

__all__ = ["fill_number", "prepare", "sign"]

_BROKEN = (PdfError, LookupError, ValueError, ArithmeticError, TypeError, AttributeError, RecursionError)

RESERVED = 16_384
"""Hexadecimal digits kept for one signature: a chain of three certificates takes about 10,000."""

CORNER_WIDTH, CORNER_MARGIN = 75 * MM, 10 * MM

_NUMBER, _DATE, _REFERS = "number", "date", "refers"
_LABELS = {
    _NUMBER: "Số, ký hiệu",  # data: papers are Vietnamese
    _DATE: "Địa danh và thời gian ban hành",  # data: papers are Vietnamese
    _REFERS: "Số và ngày của văn bản được dẫn",  # data: papers are Vietnamese
    "agency": "Chữ ký số của cơ quan",  # data: papers are Vietnamese
}


# ---- declaring ---------------------------------------------------------------------------------


def prepare(pdf: bytes, paper: PaperFields) -> bytes:
    """Return the paper with its fields declared. Raises ``BadPdf``."""
    writer = _open(pdf)
    try:
        form = _form(writer)
        if paper.numbers:
            _declare_numbers(writer, form, paper.numbers)
        for index, place in enumerate(paper.signers, start=1):
            _declare_signature(
                writer, signer_field(index), signature_box(place), label=f"Chữ ký số thứ {index}"
            )
        if paper.agency:
            box = seal_box(paper.agency, seal_mm=paper.seal_mm)
            _declare_signature(writer, "agency", box, label=_LABELS["agency"], closes=True)
        return _written(writer)
    except _BROKEN as error:
        raise BadPdf from error


def _form(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    root = writer.root
    if "/AcroForm" in root:
        form: generic.DictionaryObject = root["/AcroForm"]
        writer.update_container(form)
    else:
        form = dictionary(Fields=generic.ArrayObject())
        root[pdf_name("/AcroForm")] = writer.add_object(form)
        writer.update_root()
    return form


def _declare_numbers(
    writer: IncrementalPdfFileWriter, form: generic.DictionaryObject, numbers: NumberFields
) -> None:
    fonts = dictionary(
        DNR=load_face("Regular").embed(writer),
        DNI=load_face("Italic").embed(writer),
    )
    form[pdf_name("/DR")] = dictionary(Font=writer.add_object(fonts))
    form[pdf_name("/DA")] = generic.pdf_string(f"/DNR {numbers.size:g} Tf 0 g")
    places = (
        (_NUMBER, numbers.number, "DNR"),
        (_DATE, numbers.date, "DNI"),
        (_REFERS, numbers.refers, "DNR"),
    )
    for name, place, font in places:
        if place is not None:
            _declare_text(writer, form, name, place, font=font, size=numbers.size)


def _declare_text(
    writer: IncrementalPdfFileWriter,
    form: generic.DictionaryObject,
    name: str,
    place: Rectangle,
    *,
    font: str,
    size: float,
) -> None:
    page, page_height = _page(writer, place.page)
    empty = _text_stream(b"", place.width, place.height, fonts=None)
    field = dictionary(
        Type=pdf_name("/Annot"),
        Subtype=pdf_name("/Widget"),
        FT=pdf_name("/Tx"),
        T=generic.pdf_string(name),
        TU=generic.pdf_string(_LABELS[name]),
        # Printed; read-only, because only the clerk's issue fills it, never a reader's hand.
        F=generic.NumberObject(4),
        Ff=generic.NumberObject(1),
        # Number and date stand in the middle of their place; what is named within a line, at its beginning.
        Q=generic.NumberObject(0 if name == _REFERS else 1),
        DA=generic.pdf_string(f"/{font} {size:g} Tf 0 g"),
        Rect=_rectangle(place, page_height),
        P=page,
        V=generic.pdf_string(""),
        AP=dictionary(N=writer.add_object(empty)),
    )
    reference = writer.add_object(field)
    form["/Fields"].append(reference)
    writer.register_annotation(page, reference)


def _declare_signature(
    writer: IncrementalPdfFileWriter, name: str, box: Rectangle, *, label: str, closes: bool = False
) -> None:
    fields.append_signature_field(writer, _signature_field(writer, name, box, label=label, closes=closes))


def _signature_field(
    writer: IncrementalPdfFileWriter, name: str, box: Rectangle | None, *, label: str, closes: bool
) -> fields.SigFieldSpec:
    corners = None
    if box is not None:
        _, page_height = _page(writer, box.page)
        corners = _corners(box, page_height)
    return fields.SigFieldSpec(
        name,
        on_page=box.page - 1 if box is not None else 0,
        box=corners,  # type: ignore[arg-type]
        readable_field_name=label,
        field_mdp_spec=fields.FieldMDPSpec(fields.FieldMDPAction.ALL) if closes else None,
        doc_mdp_update_value=fields.MDPPerm.NO_CHANGES if closes else None,
    )


# ---- filling -----------------------------------------------------------------------------------


def fill_number(pdf: bytes, *, number: str, date: str, refers: str = "") -> bytes:
    """Return the paper with the lines of number and of place and date filled, as one update.

    ``number`` and ``date`` are the whole lines as they are printed, ``refers`` the words for the place of
    another paper's number, which a paper need not have. Raises ``NoSuchField`` when the paper has no
    fields of number and date or they are filled already, ``BadPdf`` when it cannot be read.
    """
    writer = _open(pdf)
    try:
        form = writer.root["/AcroForm"] if "/AcroForm" in writer.root else dictionary()
        by_name = {str(field.get("/T", "")): field for field in _fields(form)}
        lines = [(_NUMBER, number, "Regular", "DNR"), (_DATE, date, "Italic", "DNI")]
        if refers and _REFERS in by_name:
            lines.append((_REFERS, refers, "Regular", "DNR"))
        for name, text, style, font in lines:
            field = by_name.get(name)
            if field is None or str(field.get("/V", "")):
                raise NoSuchField(name=_LABELS[name])
            _fill(writer, form, field, text, style=style, font=font)
        return _written(writer)
    except _BROKEN as error:
        raise BadPdf from error


def _fields(form: generic.DictionaryObject) -> Iterable[generic.DictionaryObject]:
    if "/Fields" not in form:
        return ()
    return (reference.get_object() for reference in form["/Fields"])


def _fill(
    writer: IncrementalPdfFileWriter,
    form: generic.DictionaryObject,
    field: generic.DictionaryObject,
    text: str,
    *,
    style: str,
    font: str,
) -> None:
    left, bottom, right, top = (float(value) for value in field["/Rect"])
    width, height = right - left, top - bottom
    face, size = load_face(style), float(str(field["/DA"]).split()[1])
    needed = face.width(text, size)
    if needed > width:
        size *= width / needed
    x = (width - face.width(text, size)) / 2 if int(field.get("/Q", 1)) else 0.0
    y = (height - size * face.cap_height / 1000) / 2
    content = b"/Tx BMC q BT /%s %.2f Tf 0 g %.2f %.2f Td %s Tj ET Q EMC" % (
        font.encode(),
        size,
        x,
        y,
        face.show(text),
    )
    fonts = form["/DR"].raw_get("/Font")
    field[pdf_name("/V")] = generic.pdf_string(text)
    field[pdf_name("/AP")] = dictionary(
        N=writer.add_object(_text_stream(content, width, height, fonts=fonts))
    )
    writer.update_container(field)


def _text_stream(
    content: bytes, width: float, height: float, *, fonts: generic.PdfObject | None
) -> generic.StreamObject:
    resources = dictionary() if fonts is None else dictionary(Font=fonts)
    return generic.StreamObject(
        dict_data={
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(map(generic.FloatObject, (0, 0, width, height))),
            pdf_name("/Resources"): resources,
        },
        stream_data=content,
    )


# ---- signing -----------------------------------------------------------------------------------


class _SignerAt(signers.PdfSigner):
    """A signer whose claimed time is the moment of the act, not of the computation."""

    def __init__(self, *args: Any, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at.astimezone(VIETNAM).replace(microsecond=0)
        return session


def sign(
    pdf: bytes, *, signer: signers.Signer, appearance: Appearance, name: str, reason: str, at: dt.datetime
) -> bytes:
    """Return the paper signed (PAdES B-B) as one more update.

    In the prepared field, or in a new one at the place that ``appearance`` carries. The first
    signature of a person certifies the paper and lets number, date and further signatures follow;
    an agency's closes it. Raises ``NoSuchField`` and ``BadPdf``.
    """
    writer = _open(pdf)
    try:
        names = _signature_fields(writer)
        is_first = not any(names.values())
        spec = _new_field(writer, appearance) if appearance.field not in names else None
        if names.get(appearance.field):
            raise NoSuchField(name=appearance.field)
        closes = not isinstance(appearance, HandSignature)
        metadata = signers.PdfSignatureMetadata(
            field_name=appearance.field,
            md_algorithm="sha256",
            name=name,
            reason=reason,
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=is_first,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES if closes else fields.MDPPerm.FILL_FORMS,
        )
        pdf_signer = _SignerAt(
            metadata, signer=signer, stamp_style=stamp_style(appearance), new_field_spec=spec, at=at
        )
        output = io.BytesIO()
        pdf_signer.sign_pdf(writer, bytes_reserved=RESERVED, output=output, existing_fields_only=spec is None)
        return output.getvalue()
    except _BROKEN as error:
        raise BadPdf from error


def _signature_fields(writer: IncrementalPdfFileWriter) -> dict[str, bool]:
    found = fields.enumerate_sig_fields(writer)
    return {name: value is not None for name, value, _ in found}


def _new_field(writer: IncrementalPdfFileWriter, appearance: Appearance) -> fields.SigFieldSpec:
    box: Box | None
    match appearance:
        case HandSignature():
            box = signature_box(_place_of(appearance))
            return _signature_field(writer, appearance.field, box, label="Chữ ký số", closes=False)
        case AgencySeal():
            box = seal_box(_place_of(appearance), seal_mm=appearance.seal_mm)
        case CornerText():
            box = _corner_box(writer, len(appearance.lines))
        case Unseen():
            box = None
    return _signature_field(writer, appearance.field, box, label=_LABELS["agency"], closes=True)


def _place_of(appearance: HandSignature | AgencySeal) -> Rectangle:
    if appearance.place is None:
        raise NoSuchField(name=_LABELS.get(appearance.field, appearance.field))
    return appearance.place


def _corner_box(writer: IncrementalPdfFileWriter, lines: int) -> Box:
    page, _ = _page(writer, 1)
    media = [float(value) for value in page.get_object()["/MediaBox"]]
    return Box(
        page=1,
        x=media[2] - media[0] - CORNER_WIDTH - CORNER_MARGIN,
        y=CORNER_MARGIN / 2,
        width=CORNER_WIDTH,
        height=lines * CORNER_SIZE * 1.25 + 2,
    )


# ---- small pieces ------------------------------------------------------------------------------


def _open(pdf: bytes) -> IncrementalPdfFileWriter:
    try:
        return IncrementalPdfFileWriter(io.BytesIO(pdf))
    except _BROKEN as error:
        raise BadPdf from error


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _page(writer: IncrementalPdfFileWriter, number: int) -> tuple[generic.IndirectObject, float]:
    page = writer.find_page_for_modification(number - 1)[0]
    node: Any = page.get_object()
    while "/MediaBox" not in node:
        node = node["/Parent"]
    return page, float(node["/MediaBox"][3])


def _corners(place: Rectangle, page_height: float) -> tuple[float, float, float, float]:
    top = page_height - place.y
    return (place.x, top - place.height, place.x + place.width, top)


def _rectangle(place: Rectangle, page_height: float) -> generic.ArrayObject:
    return generic.ArrayObject(generic.FloatObject(round(value, 3)) for value in _corners(place, page_height))

"""Person and agency sign one paper one after the other; outside programs agree, and find every change."""

import datetime as dt
import io
import re
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from dinh.foundation.actions.public import Actor, system
from dinh.foundation.signing.adapters.reading import read_report
from dinh.foundation.signing.adapters.trust import current_trust
from dinh.foundation.signing.models import Key, KeyUse
from dinh.foundation.signing.public import (
    AgencySeal,
    BadImage,
    BadPdf,
    CornerText,
    HandSignature,
    KeyNotUsable,
    NoKey,
    NoSuchField,
    Unseen,
    Verdict,
    corner_lines,
    draw_seal,
    draw_signature,
    fill_number,
    key_of,
    prepare_pdf,
    retire_key,
    revoke_key,
    seal_pdf,
    sign_pdf,
)
from dinh.foundation.signing.rules.signatures import MM, Box, Coverage, PaperFields, seal_box, signature_box
from dinh.kernel.errors import NotAllowed
from tests.signing.conftest import AGENCY, DATE, NUMBER, SETUP, SIGNER, decision, prepared


def read(pdf: bytes, now: dt.datetime):
    return read_report(pdf, current_trust(now=now), now=now)


def picture_of(pdf: bytes) -> Image.Image:
    """Return the first page as a reader shows it, forms and signatures drawn, two pixels a point."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    return document[0].render(scale=2, may_draw_forms=True).to_pil().convert("RGB")


def part_of(picture: Image.Image, box: Box) -> Image.Image:
    corners = (box.x, box.y, box.x + box.width, box.y + box.height)
    return picture.crop(tuple(round(corner * 2) for corner in corners))


def test_both_signatures_are_valid_and_the_last_covers_the_whole_file(issued: bytes, now) -> None:
    report = read(issued, now)
    assert report.verdict is Verdict.VALID
    first, second = report.signatures
    assert (first.field, first.coverage) == ("signer-1", Coverage.ALLOWED)
    assert (second.field, second.coverage) == ("agency", Coverage.WHOLE)
    assert first.certificate.title == "Phó Chủ tịch"
    assert first.reason == "KT. CHỦ TỊCH"
    assert report.is_sample


def test_the_persons_signature_alone_is_valid_before_number_and_date(signed_by_person: bytes, now) -> None:
    assert read(signed_by_person, now).verdict is Verdict.VALID


def test_earlier_bytes_are_never_rewritten(signed_by_person: bytes, issued: bytes) -> None:
    assert issued.startswith(signed_by_person)


def test_pdfsig_finds_both_signatures_valid(issued: bytes, tmp_path: Path, run) -> None:
    path = tmp_path / "quyet-dinh.pdf"
    path.write_bytes(issued)
    told = run("pdfsig", "-nocert", path)
    assert told.count("Signature is Valid.") == 2
    assert told.count("ETSI.CAdES.detached") == 2
    assert "Total document signed" in told.split("Signature #2")[1]


def test_openssl_verifies_each_signature_over_its_bytes(issued: bytes, tmp_path: Path, run, now) -> None:
    roots = tmp_path / "root.pem"
    from dinh.foundation.signing.adapters.trust import sample_authority

    roots.write_text(sample_authority(now=now).root_pem)
    ranges = re.findall(rb"/ByteRange \[\s*(\d+) (\d+) (\d+) (\d+)\s*\]", issued)
    assert len(ranges) == 2
    for numbers in ranges:
        start, length, second, tail = map(int, numbers)
        hexadecimal = issued[start + length + 1 : second - 1]
        (tmp_path / "sig.der").write_bytes(_der(bytes.fromhex(hexadecimal.decode())))
        (tmp_path / "data").write_bytes(issued[start : start + length] + issued[second : second + tail])
        told = run(
            "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "sig.der",
            "-content", tmp_path / "data", "-CAfile", roots, "-purpose", "any", "-out", "/dev/null",
        )  # fmt: skip
        assert "successful" in told.lower()


def _der(padded: bytes) -> bytes:
    """Cut the zeros after a DER value of long form length."""
    count = padded[1] & 0x7F
    return padded[: 2 + count + int.from_bytes(padded[2 : 2 + count])]


def test_number_and_date_are_drawn_in_their_places(signed_by_person: bytes, issued: bytes) -> None:
    paper = decision()
    for name in ("number", "date"):
        place = paper.place(name)
        box = Box(place.page, place.x, place.y, place.width, place.height)
        assert not _has_colour(picture_of(signed_by_person), box, lambda r, g, b: r < 60)
        assert _has_colour(picture_of(issued), box, lambda r, g, b: r < 60)


def test_number_and_date_are_text_that_can_be_searched(issued: bytes, tmp_path: Path, run) -> None:
    path = tmp_path / "quyet-dinh.pdf"
    path.write_bytes(issued)
    told = run("pdftotext", path, "-")
    assert NUMBER in told
    assert DATE in told


def test_number_and_date_fill_only_once(signed_by_person: bytes) -> None:
    numbered = fill_number(signed_by_person, number=NUMBER, date=DATE)
    with pytest.raises(NoSuchField):
        fill_number(numbered, number=NUMBER, date=DATE)


def test_filling_after_the_agency_has_signed_breaks_the_verdict(
    signed_by_person: bytes, agency, clerk, now
) -> None:
    sealed = sign_pdf(
        signed_by_person,
        key=agency,
        appearance=AgencySeal(image=draw_seal(AGENCY, "")),
        reason="Phát hành",
        at=now,
        by=clerk,
    )
    changed = fill_number(sealed, number="Số: 99/QĐ-UBND", date=DATE)
    report = read(changed, now)
    assert report.verdict is Verdict.INVALID
    assert report.signatures[1].coverage is Coverage.CHANGED


def test_a_page_changed_by_an_update_is_found(issued: bytes, now) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(issued))
    forged = generic.StreamObject(stream_data=b"q 1 0 0 rg 100 100 200 200 re f Q")
    writer.add_stream_to_page(0, writer.add_object(forged))
    output = io.BytesIO()
    writer.write(output)
    report = read(output.getvalue(), now)
    assert report.verdict is Verdict.INVALID
    assert {one.coverage for one in report.signatures} == {Coverage.CHANGED}


def test_a_paper_with_pages_and_fields_still_declares_pdf_a(issued: bytes) -> None:
    assert b"pdfaid" in issued
    assert issued.count(b"%%EOF") == 5


def test_two_people_and_then_the_agency(person, agency, leader, clerk, now) -> None:
    paper = decision()
    place = paper.place("signature")
    left = Box(place.page, 90, place.y, 150, place.height)
    pdf = prepare_pdf(paper.content, fields=PaperFields(signers=(left, place), agency=place))
    image = draw_signature(SIGNER)
    for field in ("signer-1", "signer-2"):
        appearance = HandSignature(image=image, field=field)
        pdf = sign_pdf(pdf, key=person, appearance=appearance, reason="Ký", at=now, by=leader)
    seal = AgencySeal(image=draw_seal(AGENCY, ""))
    pdf = sign_pdf(pdf, key=agency, appearance=seal, reason="Phát hành", at=now, by=clerk)
    report = read(pdf, now)
    assert [one.verdict for one in report.signatures] == [Verdict.VALID] * 3


def test_a_receipt_sealed_alone_allows_nothing_after(agency, clerk, now) -> None:
    paper = decision(number=NUMBER, date=DATE)
    seal = AgencySeal(image=draw_seal(AGENCY, ""), place=paper.place("signature"))
    pdf = seal_pdf(paper.content, key=agency, appearance=seal, reason="Giấy tiếp nhận", at=now, by=clerk)
    report = read(pdf, now)
    assert (report.verdict, report.signatures[0].coverage) == (Verdict.VALID, Coverage.WHOLE)


def test_an_attachment_shows_notation_and_time_at_the_top_right(agency, clerk, now) -> None:
    paper = decision(number=NUMBER, date=DATE)
    lines = corner_lines(notation="15/QĐ-UBND", at=now)
    pdf = seal_pdf(
        paper.content, key=agency, appearance=CornerText(lines=lines), reason="Phụ lục", at=now, by=clerk
    )
    assert lines[-1].endswith("+07:00")
    assert read(pdf, now).verdict is Verdict.VALID
    corner = Box(1, 330, 0, 265, 18 * MM)
    assert not _has_colour(picture_of(paper.content), corner, lambda r, g, b: r < 60)
    assert _has_colour(picture_of(pdf), corner, lambda r, g, b: r < 60)


def test_an_unseen_signature_changes_nothing_on_the_page(agency, clerk, now) -> None:
    paper = decision(number=NUMBER, date=DATE)
    pdf = seal_pdf(paper.content, key=agency, appearance=Unseen(), reason="Biên nhận", at=now, by=clerk)
    assert read(pdf, now).verdict is Verdict.VALID
    assert picture_of(pdf).tobytes() == picture_of(paper.content).tobytes()


# ---- where things stand ------------------------------------------------------------------------


def test_the_seal_covers_the_left_third_of_the_signature_in_real_size() -> None:
    place = Box(1, 300, 600, 250, 85)
    signature, seal = signature_box(place), seal_box(place)
    assert seal.width == seal.height == pytest.approx(36 * MM)
    assert seal.x + seal.width == pytest.approx(signature.x + signature.width / 3)
    assert seal.y + seal.height / 2 == pytest.approx(signature.y + signature.height / 2)
    assert signature.x + signature.width / 2 == pytest.approx(place.x + place.width / 2)


def test_the_signature_is_blue_and_the_seal_red_on_the_page(issued: bytes) -> None:
    paper = decision()
    place = paper.place("signature")
    picture = picture_of(issued)
    signature, seal = signature_box(place), seal_box(place)
    assert _has_colour(picture, signature, lambda r, g, b: b > 120 and r < 90 and g < 110)
    assert _has_colour(picture, seal, lambda r, g, b: r > 170 and g < 90 and b < 90)


def _has_colour(picture: Image.Image, box: Box, is_it) -> bool:
    pixels = part_of(picture, box).tobytes()
    return sum(is_it(*pixels[at : at + 3]) for at in range(0, len(pixels), 3)) > 200


# ---- who may, and with what --------------------------------------------------------------------


def test_a_key_is_refused_to_anyone_but_its_person(person, clerk: Actor, now) -> None:
    appearance = HandSignature(image=draw_signature(SIGNER))
    for by in (clerk, SETUP, system("job")):
        with pytest.raises(NotAllowed):
            sign_pdf(prepared(decision()), key=person, appearance=appearance, reason="", at=now, by=by)
    assert not KeyUse.objects.exists()


def test_the_agencys_key_is_refused_without_the_grant(agency, leader: Actor, now) -> None:
    paper = decision(number=NUMBER, date=DATE)
    with pytest.raises(NotAllowed):
        seal_pdf(paper.content, key=agency, appearance=Unseen(), reason="", at=now, by=leader)


def test_every_use_stands_in_the_register(issued: bytes, agency, person) -> None:
    uses = KeyUse.objects.order_by("id")
    assert [use.key_id for use in uses] == [person.pk, agency.pk]
    assert uses[1].used_by == "Lê Thị Mai – Văn thư"


@pytest.mark.parametrize("end", [revoke_key, retire_key])
def test_a_key_that_was_ended_signs_no_more(agency, clerk, now, end) -> None:
    options = {"reason": "mất khóa"} if end is revoke_key else {}
    ended = end(agency, by=SETUP, now=now, **options)
    with pytest.raises(KeyNotUsable):
        seal_pdf(decision(number=NUMBER).content, key=ended, appearance=Unseen(), reason="", at=now, by=clerk)
    with pytest.raises((NoKey, KeyNotUsable)):
        key_of("agency", agency.owner_id, owner=AGENCY, at=now)


def test_a_key_revoked_meanwhile_signs_no_more_for_who_holds_an_old_row(agency, clerk, now) -> None:
    revoke_key(Key.objects.get(pk=agency.pk), reason="mất khóa", by=SETUP, now=now)
    assert agency.revoked_at is None
    numbered = decision(number=NUMBER).content
    with pytest.raises(KeyNotUsable):
        seal_pdf(numbered, key=agency, appearance=Unseen(), reason="", at=now, by=clerk)


def test_a_key_signs_no_more_after_its_certificate_ended(agency, clerk, now) -> None:
    later = now + dt.timedelta(days=800)
    with pytest.raises(KeyNotUsable):
        seal_pdf(
            decision(number=NUMBER).content, key=agency, appearance=Unseen(), reason="", at=later, by=clerk
        )


@pytest.mark.parametrize("image", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + bytes(50)])
def test_an_image_that_is_no_png_is_refused(person, leader, now, image: bytes) -> None:
    with pytest.raises(BadImage):
        sign_pdf(
            prepared(decision()),
            key=person,
            appearance=HandSignature(image=image),
            reason="",
            at=now,
            by=leader,
        )


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", b"hello", b"%PDF-1.7\nstartxref\n9\n%%EOF"])
def test_a_broken_paper_is_refused_in_words(pdf: bytes) -> None:
    with pytest.raises(BadPdf):
        prepare_pdf(pdf, fields=PaperFields())
    with pytest.raises(BadPdf):
        fill_number(pdf, number=NUMBER, date=DATE)


def test_a_field_signed_twice_is_refused(signed_by_person: bytes, person, leader, now) -> None:
    appearance = HandSignature(image=draw_signature(SIGNER))
    with pytest.raises(NoSuchField):
        sign_pdf(signed_by_person, key=person, appearance=appearance, reason="", at=now, by=leader)

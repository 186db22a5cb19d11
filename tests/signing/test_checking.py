"""What a check says: tampering anywhere, certificates taken back, strangers, broken and hostile files."""

import datetime as dt
import re
import zlib

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dinh.foundation.actions.public import visitor
from dinh.foundation.signing.adapters import checking
from dinh.foundation.signing.adapters.reading import Trust, plain, read_report, report_from
from dinh.foundation.signing.adapters.trust import current_trust
from dinh.foundation.signing.models import ValidationReport
from dinh.foundation.signing.public import (
    BadPdf,
    Verdict,
    check_upload_signatures,
    fill_number,
    latest_reports,
    report_in_words,
    revoke_key,
    store_report,
    validate_pdf,
)
from dinh.foundation.signing.rules.signatures import (
    Certificate,
    CertificateStatus,
    Coverage,
    SignatureReport,
    overall_verdict,
    signature_verdict,
)
from tests.signing.conftest import SETUP, SIGNER, decision


@pytest.fixture
def trust(db, now) -> Trust:
    return current_trust(now=now)


# ---- tampering ---------------------------------------------------------------------------------


def test_a_byte_flipped_anywhere_that_is_signed_is_found(issued: bytes, trust: Trust, now) -> None:
    signed = _signed_ranges(issued)

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def flip(data: st.DataObject) -> None:
        start, end = data.draw(st.sampled_from(signed))
        at = data.draw(st.integers(start, end - 1))
        bit = data.draw(st.integers(0, 7))
        changed = bytearray(issued)
        changed[at] ^= 1 << bit
        assert _verdict(bytes(changed), trust, now) is not Verdict.VALID

    flip()


def _signed_ranges(pdf: bytes) -> list[tuple[int, int]]:
    """Return what the last signature covers, in two parts."""
    found = re.findall(rb"/ByteRange \[\s*(\d+) (\d+) (\d+) (\d+)\s*\]", pdf)[-1]
    start, length, second, tail = map(int, found)
    return [(start, start + length), (second, second + tail)]


def _verdict(pdf: bytes, trust: Trust, now: dt.datetime) -> Verdict:
    try:
        return read_report(pdf, trust, now=now).verdict
    except BadPdf:
        return Verdict.UNKNOWN


def test_the_signature_value_itself_cannot_be_changed(issued: bytes, trust: Trust, now) -> None:
    first = issued.index(b"/Contents <") + len(b"/Contents <")
    for place in (first + 40, first + 900, first + 2000):
        changed = bytearray(issued)
        changed[place] = ord("0") if changed[place] != ord("0") else ord("1")
        assert _verdict(bytes(changed), trust, now) is not Verdict.VALID


@pytest.mark.parametrize(
    "added",
    [b"\n%x\n", b"%PDF-1.7 another file", b"junk\nstartxref\n%d\n%%%%EOF\n", b"/ByteRange [ 0 1 2 3 ]"],
)
def test_bytes_after_the_last_signature_are_found(issued: bytes, trust: Trust, now, added: bytes) -> None:
    if b"%d" in added:
        added = added % int(issued.split(b"startxref")[-1].split()[0])
    assert _verdict(issued + added, trust, now) is not Verdict.VALID


def test_blank_bytes_at_the_end_do_no_harm(issued: bytes, trust: Trust, now) -> None:
    assert _verdict(issued + b"\r\n", trust, now) is Verdict.VALID


def test_an_update_after_the_stray_bytes_does_not_hide_them(
    signed_by_person: bytes, trust: Trust, now
) -> None:
    later = fill_number(signed_by_person, number="Số: 15/QĐ-UBND", date="An Bình, ngày 05")
    assert _verdict(later, trust, now) is Verdict.VALID
    assert _verdict(later + b"%junk", trust, now) is not Verdict.VALID


def test_the_last_update_cut_off_leaves_what_the_person_signed(
    issued: bytes, signed_by_person: bytes, trust: Trust, now
) -> None:
    report = read_report(issued[: len(signed_by_person)], trust, now=now)
    assert [one.field for one in report.signatures] == ["signer-1"]


# ---- certificates ------------------------------------------------------------------------------


def test_a_paper_signed_after_revocation_is_invalid_and_one_before_is_not_enough(issued, agency, now) -> None:
    revoke_key(agency, reason="mất khóa", by=SETUP, now=now - dt.timedelta(minutes=1))
    report = read_report(issued, current_trust(now=now), now=now)
    assert report.signatures[1].status is CertificateStatus.REVOKED
    assert report.verdict is Verdict.INVALID


def test_revoked_after_an_unstamped_signature_is_not_enough_to_say(issued, agency, now) -> None:
    later = now + dt.timedelta(days=1)
    revoke_key(agency, reason="mất khóa", by=SETUP, now=later)
    after = later + dt.timedelta(days=1)
    report = read_report(issued, current_trust(now=after), now=after)
    assert report.signatures[1].verdict is Verdict.UNKNOWN


def test_a_certificate_that_ended_without_a_stamp_is_not_enough_to_say(issued, now) -> None:
    after = now + dt.timedelta(days=900)
    report = read_report(issued, current_trust(now=after), now=after)
    assert report.verdict is Verdict.UNKNOWN


def test_an_unknown_issuer_is_not_enough_to_say(issued: bytes, now) -> None:
    report = read_report(issued, Trust(), now=now)
    assert report.verdict is Verdict.UNKNOWN
    assert report.signatures[0].status is CertificateStatus.UNTRUSTED


def test_without_revocation_data_nothing_is_confirmed(issued: bytes, trust: Trust, now) -> None:
    bare = Trust(roots=trust.roots, sample_roots=trust.sample_roots, certificates=trust.certificates)
    report = read_report(issued, bare, now=now)
    assert {one.status for one in report.signatures} == {CertificateStatus.UNCHECKED}
    assert report.verdict is Verdict.UNKNOWN


# ---- files of unknown origin -------------------------------------------------------------------

_BOMB = zlib.compress(bytes(200 * 1024 * 1024))
_HOSTILE = {
    "empty": b"",
    "text": b"hello",
    "cut": b"%PDF-1.7\n1 0 obj\n<<",
    "no end": b"%PDF-1.7\nstartxref\n99999999999\n%%EOF",
    "loop": b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Prev 9>>\nstartxref\n9\n%%EOF",
    "deep": b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"\nendobj\nxref\n0 2\n0000000000 65535 f \n"
    b"0000000009 00000 n \ntrailer<</Size 2/Root 1 0 R>>\nstartxref\n200026\n%%EOF",
    "bomb": b"%PDF-1.5\n1 0 obj\n<</Type/XRef/W[1 2 1]/Size 9/Root 2 0 R/Filter/FlateDecode/Length "
    + str(len(_BOMB)).encode()
    + b">>\nstream\n"
    + _BOMB
    + b"\nendstream\nendobj\nstartxref\n9\n%%EOF",
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_hostile_file_gets_a_sentence_and_never_an_error(db, now, name: str) -> None:
    report = validate_pdf(_HOSTILE[name], now=now)
    assert report.problem
    assert report.verdict is Verdict.UNKNOWN
    assert "/ByteRange" not in check_upload_signatures(_HOSTILE[name] + b"/ByteRange", now=now)


def test_a_file_that_is_too_large_is_not_opened(db, now, monkeypatch) -> None:
    monkeypatch.setattr(checking, "SIZE_LIMIT", 10)
    assert "quá lớn" in validate_pdf(b"%PDF-1.7 and more", now=now).problem


def test_a_check_that_takes_too_long_ends(db, now, monkeypatch) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.01)
    assert validate_pdf(b"%PDF-1.7", now=now).problem


def test_random_bytes_never_break_the_reader(issued: bytes, trust: Trust, now) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(start=st.integers(0, len(issued)), junk=st.binary(min_size=1, max_size=64))
    def scramble(start: int, junk: bytes) -> None:
        _verdict(issued[:start] + junk + issued[start + len(junk) :], trust, now)

    scramble()


# ---- words -------------------------------------------------------------------------------------


def test_an_upload_without_signatures_is_told_so(now, db) -> None:
    assert check_upload_signatures(decision().content, now=now) == "Tệp không có chữ ký số."


def test_a_signed_upload_names_its_signers(issued: bytes, now) -> None:
    told = check_upload_signatures(issued, now=now)
    assert SIGNER in told
    assert "hợp lệ" in told


def test_a_changed_upload_is_told_what_to_do(issued: bytes, now) -> None:
    changed = issued.replace(b"/Reason", b"/Reasom", 1)
    assert "bản gốc" in check_upload_signatures(changed, now=now)


def test_the_report_says_in_words_that_it_is_a_sample(issued: bytes, now) -> None:
    with translation.override("vi"):
        told = report_in_words(validate_pdf(issued, now=now))
    assert told.verdict == "valid"
    assert told.notice == "Chữ ký mẫu – không có giá trị pháp lý."
    assert "Bao trùm toàn bộ tệp" in told.signatures[1].sentences
    assert told.signatures[0].verdict_words == "Hợp lệ"


def test_a_report_is_kept_with_the_content_and_found_again(issued: bytes, now) -> None:
    report = validate_pdf(issued, now=now)
    store_report(report, by=visitor())
    assert latest_reports([report.sha256, "0" * 64]) == {report.sha256: report}
    with pytest.raises(Exception, match="append_only"):
        ValidationReport.objects.update(verdict="invalid")


def test_a_report_survives_the_way_through_json(issued: bytes, trust: Trust, now) -> None:
    report = read_report(issued, trust, now=now)
    assert report_from(plain(report)) == report


# ---- rules -------------------------------------------------------------------------------------


@given(is_intact=st.booleans(), status=st.sampled_from(CertificateStatus), coverage=st.sampled_from(Coverage))
def test_valid_needs_everything_to_be_right(is_intact, status, coverage) -> None:
    verdict = signature_verdict(is_intact=is_intact, status=status, coverage=coverage)
    right = is_intact and status is CertificateStatus.GOOD and coverage in {Coverage.WHOLE, Coverage.ALLOWED}
    assert (verdict is Verdict.VALID) == right
    if not is_intact or coverage is Coverage.CHANGED:
        assert verdict is Verdict.INVALID


@given(st.lists(st.sampled_from(Verdict), max_size=5))
def test_a_file_is_as_bad_as_its_worst_signature(verdicts: list[Verdict]) -> None:
    overall = overall_verdict([_signature(one) for one in verdicts])
    order = [Verdict.INVALID, Verdict.UNKNOWN, Verdict.VALID]
    assert overall is (min(verdicts, key=order.index) if verdicts else Verdict.UNKNOWN)


def _signature(verdict: Verdict) -> SignatureReport:
    return SignatureReport(
        field="x",
        certificate=Certificate(name="x"),
        is_sample=False,
        is_time_stamp=False,
        claimed_at=None,
        stamped_at=None,
        reason="",
        digest="sha256",
        is_intact=True,
        status=CertificateStatus.GOOD,
        coverage=Coverage.WHOLE,
        verdict=verdict,
    )

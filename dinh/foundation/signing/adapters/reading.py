"""Reading the signatures of any PDF, hostile ones too: integrity, later changes, certificates.

Nothing is fetched: what the file brings and what the caller hands over is all there is. Run as a
program, it reads one question from standard input and answers in JSON, under limits of memory and
processor time that the system enforces; that is how uploads are checked.
"""

import asyncio
import base64
import datetime as dt
import hashlib
import io
import json
import logging
import re
import resource
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    GenericFieldModificationRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)

from dinh.foundation.signing.rules.signatures import (
    UNREAD_SIGNATURE,
    BadPdf,
    Certificate,
    CertificateStatus,
    Coverage,
    Report,
    SignatureReport,
    Verdict,
    certificate_serial,
    overall_verdict,
    signature_verdict,
)

__all__ = ["Trust", "plain", "read_report", "report_from"]

_log = logging.getLogger(__name__)

SIGNATURE_LIMIT = 40
MEMORY_LIMIT = 1024 * 1024 * 1024
_LTA = ModificationLevel.LTA_UPDATES

# The library's own policy, but for appearances rewritten in place: those it would allow, and it takes
# for such a rewrite any field that was filled before a signature locked it.
_ALLOWED_CHANGES = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),
        DocInfoRule().as_qualified(_LTA),
        XrefStreamRule().as_qualified(_LTA),
        ObjectStreamRule().as_qualified(_LTA),
        DSSCompareRule().as_qualified(_LTA),
        MetadataUpdateRule().as_qualified(_LTA),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[
            SigFieldCreationRule(),
            SigFieldModificationRule(allow_in_place_appearance_stream_changes=False),
            GenericFieldModificationRule(allow_in_place_appearance_stream_changes=False),
        ]
    ),
)
_MARK = re.compile(rb"/ByteRange\s*\[")
_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*")
_SUPPORTED = {"/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/ETSI.RFC3161"}
# A parser given hostile bytes fails in any way there is.
_UNREADABLE = Exception


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whom we believe, all DER: roots, those of them without legal value, further certificates, proofs."""

    roots: tuple[bytes, ...] = ()
    sample_roots: frozenset[bytes] = frozenset()
    certificates: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


def read_report(pdf: bytes, trust: Trust, *, now: dt.datetime) -> Report:
    """Return the report of a PDF. Raises ``BadPdf`` when it cannot be read as one."""
    return asyncio.run(_read(pdf, trust, now))


async def _read(pdf: bytes, trust: Trust, now: dt.datetime) -> Report:
    reader = _reader(pdf)
    try:
        found = list(reader.embedded_signatures)[:SIGNATURE_LIMIT]
        embedded = [one for one in found if one.sig_object.get("/SubFilter") in _SUPPORTED]
        store = _store(reader)
    except _UNREADABLE as error:
        raise BadPdf from error
    context = _Context(trust, store, now)
    stamps = [one for one in embedded if _is_time_stamp(one)]
    stamped = [await _read_stamp(one, context) for one in stamps]
    signatures = []
    for one in embedded:
        if _is_time_stamp(one):
            signatures.append(next(report for stamp, report, _ in stamped if stamp is one))
        else:
            signatures.append(await _read_signature(one, context, stamped))
    verdict, problem = overall_verdict(signatures), ""
    if len(_MARK.findall(pdf)) > len(embedded):
        verdict = Verdict.INVALID if verdict is Verdict.INVALID else Verdict.UNKNOWN
        problem = UNREAD_SIGNATURE
    return Report(
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        checked_at=now,
        signatures=tuple(signatures),
        verdict=verdict,
        problem=problem,
    )


def _reader(pdf: bytes) -> PdfFileReader:
    if b"%PDF-" not in pdf[:1024]:
        raise BadPdf
    try:
        return PdfFileReader(io.BytesIO(pdf), strict=True)
    except _UNREADABLE:
        pass
    try:
        return PdfFileReader(io.BytesIO(pdf), strict=False)
    except _UNREADABLE as error:
        raise BadPdf from error


def _store(reader: PdfFileReader) -> DocumentSecurityStore | None:
    try:
        return DocumentSecurityStore.read_dss(reader)
    except _UNREADABLE:
        return None


def _is_time_stamp(signature: EmbeddedPdfSignature) -> bool:
    return bool(signature.sig_object_type == "/DocTimeStamp")


class _Context:
    """Validation contexts of one file: our trust, and the proofs that we and the file bring."""

    def __init__(self, trust: Trust, store: DocumentSecurityStore | None, now: dt.datetime) -> None:
        self.now = now
        self._roots = [x509.Certificate.load(der) for der in trust.roots]
        self._sample = trust.sample_roots
        self._certificates = [x509.Certificate.load(der) for der in trust.certificates]
        self._ocsps = [ocsp.OCSPResponse.load(der) for der in trust.ocsps]
        self._crls = [crl.CertificateList.load(der) for der in trust.crls]
        if store is None:
            return
        try:
            brought = store.as_validation_context({"trust_roots": [], "allow_fetching": False})
            self._certificates += list(store.load_certs())
            self._ocsps += list(brought.ocsps)
            self._crls += list(brought.crls)
        except _UNREADABLE:
            return

    def at(self, moment: dt.datetime, *, mode: str) -> ValidationContext:
        return ValidationContext(
            trust_roots=self._roots,
            other_certs=self._certificates,
            ocsps=self._ocsps,
            crls=self._crls,
            moment=moment,
            best_signature_time=moment,
            allow_fetching=False,
            revocation_mode=mode,
            retroactive_revinfo=True,
        )

    def is_sample(self, certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> bool:
        """Whether a chain of names leads from the certificate to a root without legal value."""
        known = {one.subject.hashable: one for one in [*self._roots, *self._certificates, *others]}
        for _ in range(6):
            if hashlib.sha256(certificate.dump()).digest() in self._sample:
                return True
            issuer = known.get(certificate.issuer.hashable)
            if issuer is None or issuer == certificate:
                return False
            certificate = issuer
        return False


_Stamp = tuple[EmbeddedPdfSignature, SignatureReport, dt.datetime | None]


async def _read_stamp(signature: EmbeddedPdfSignature, context: _Context) -> _Stamp:
    try:
        soft = context.at(context.now, mode="soft-fail")
        status = await async_validate_pdf_timestamp(signature, soft, diff_policy=_ALLOWED_CHANGES)
        certificate, others = _certificates(signature)
        moment = status.timestamp
        is_intact = bool(status.intact and status.valid)
        coverage = _coverage(signature, status, is_allowed=_only_preserved(status))
        state = await _status(certificate, others, context, at=moment, usage="time_stamping")
        report = SignatureReport(
            field=str(signature.field_name),
            certificate=_told(certificate),
            is_sample=context.is_sample(certificate, others),
            is_time_stamp=True,
            claimed_at=None,
            stamped_at=moment,
            reason="",
            digest=signature.md_algorithm,
            is_intact=is_intact,
            status=state,
            coverage=coverage,
            verdict=signature_verdict(is_intact=is_intact, status=state, coverage=coverage),
        )
    except _UNREADABLE:
        _log.info("unread time stamp", exc_info=True)
        report = _broken(signature, is_time_stamp=True)
    is_good = report.is_intact and report.verdict is Verdict.VALID
    return signature, report, report.stamped_at if is_good else None


def _only_preserved(status: Any) -> bool:
    return bool(status.modification_level is not None and status.modification_level < ModificationLevel.OTHER)


async def _read_signature(
    signature: EmbeddedPdfSignature, context: _Context, stamps: list[_Stamp]
) -> SignatureReport:
    try:
        soft = context.at(context.now, mode="soft-fail")
        anything = KeyUsageConstraints(key_usage=set(), key_usage_forbidden=set())
        status = await async_validate_pdf_signature(
            signature, soft, key_usage_settings=anything, diff_policy=_ALLOWED_CHANGES
        )
        certificate, others = _certificates(signature)
        claimed = status.signer_reported_dt
        stamped = _earliest_stamp(signature, status, stamps)
        is_intact = bool(status.intact and status.valid)
        coverage = _coverage(
            signature,
            status,
            is_allowed=bool(status.docmdp_ok) and status.seed_value_ok,
        )
        state = await _signer_status(certificate, others, context, claimed=claimed, stamped=stamped)
        return SignatureReport(
            field=str(signature.field_name),
            certificate=_told(certificate),
            is_sample=context.is_sample(certificate, others),
            is_time_stamp=False,
            claimed_at=claimed,
            stamped_at=stamped,
            reason=str(signature.sig_object.get("/Reason", ""))[:500],
            digest=signature.md_algorithm,
            is_intact=is_intact,
            status=state,
            coverage=coverage,
            verdict=signature_verdict(is_intact=is_intact, status=state, coverage=coverage),
        )
    except _UNREADABLE:
        _log.info("unread signature", exc_info=True)
        return _broken(signature, is_time_stamp=False)


def _earliest_stamp(signature: EmbeddedPdfSignature, status: Any, stamps: list[_Stamp]) -> dt.datetime | None:
    """Return the first proven moment at which the signature existed."""
    moments = [at for stamp, _, at in stamps if at and stamp.signed_revision > signature.signed_revision]
    own = status.timestamp_validity
    if own is not None and own.intact and own.valid and own.trusted:
        moments.append(own.timestamp)
    return min(moments, default=None)


def _coverage(signature: EmbeddedPdfSignature, status: Any, *, is_allowed: bool) -> Coverage:
    change = status.modification_level
    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return Coverage.WHOLE
    if status.coverage is not SignatureCoverageLevel.ENTIRE_REVISION:
        return Coverage.UNCLEAR
    if _has_stray_tail(signature):
        return Coverage.CHANGED
    if change is None or change >= ModificationLevel.ANNOTATIONS or not is_allowed:
        return Coverage.CHANGED
    return Coverage.ALLOWED


def _has_stray_tail(signature: EmbeddedPdfSignature) -> bool:
    """Whether bytes that belong to no revision follow the last one: another file may hide in them."""
    stream, ranges = signature.reader.stream, signature.byte_range
    is_last = signature.signed_revision == signature.reader.xrefs.total_revisions - 1
    stream.seek(ranges[2] + ranges[3] if is_last else 0)
    tail = stream.read()
    if is_last:
        return bool(tail.strip())
    return _END.fullmatch(tail, tail.rfind(b"startxref")) is None


async def _signer_status(
    certificate: x509.Certificate,
    others: list[x509.Certificate],
    context: _Context,
    *,
    claimed: dt.datetime | None,
    stamped: dt.datetime | None,
) -> CertificateStatus:
    """Return the certificate's status at the proven moment, or at the claimed one as far as it is believed.

    Without a stamp the claimed time proves nothing once the certificate has ended or been revoked:
    the signature may be younger than it says.
    """
    if stamped is not None:
        return await _status(certificate, others, context, at=stamped, usage="sign")
    then = await _status(certificate, others, context, at=claimed or context.now, usage="sign")
    if then is not CertificateStatus.GOOD:
        return then
    today = await _status(certificate, others, context, at=context.now, usage="sign")
    if today in {CertificateStatus.EXPIRED, CertificateStatus.REVOKED}:
        return CertificateStatus.UNCHECKED
    return today


async def _status(
    certificate: x509.Certificate,
    others: list[x509.Certificate],
    context: _Context,
    *,
    at: dt.datetime,
    usage: str,
) -> CertificateStatus:
    if usage == "sign" and not _may_sign(certificate):
        return CertificateStatus.UNSUITABLE
    extended = {"time_stamping"} if usage == "time_stamping" else set()
    validator = CertificateValidator(
        certificate, intermediate_certs=others, validation_context=context.at(at, mode="hard-fail")
    )
    try:
        await validator.async_validate_usage(key_usage=set(), extended_key_usage=extended)
    except RevokedError:
        return CertificateStatus.REVOKED
    except (ExpiredError, NotYetValidError):
        return CertificateStatus.EXPIRED
    except InsufficientRevinfoError:
        return CertificateStatus.UNCHECKED
    except PathBuildingError:
        return CertificateStatus.UNTRUSTED
    except ValidationError:
        return CertificateStatus.UNSUITABLE
    return CertificateStatus.GOOD


def _may_sign(certificate: x509.Certificate) -> bool:
    usage = certificate.key_usage_value
    return usage is None or bool({"digital_signature", "non_repudiation"} & usage.native)


def _certificates(signature: EmbeddedPdfSignature) -> tuple[x509.Certificate, list[x509.Certificate]]:
    return signature.signer_cert, list(signature.other_embedded_certs)


def _broken(signature: EmbeddedPdfSignature, *, is_time_stamp: bool) -> SignatureReport:
    try:
        told = _told(signature.signer_cert)
    except _UNREADABLE:
        told = Certificate(name="")
    return SignatureReport(
        field=str(signature.field_name),
        certificate=told,
        is_sample=False,
        is_time_stamp=is_time_stamp,
        claimed_at=None,
        stamped_at=None,
        reason="",
        digest="",
        is_intact=False,
        status=CertificateStatus.UNCHECKED,
        coverage=Coverage.UNCLEAR,
        verdict=Verdict.INVALID,
    )


def _told(certificate: x509.Certificate) -> Certificate:
    subject, issuer = certificate.subject.native, certificate.issuer.native
    validity = certificate["tbs_certificate"]["validity"]
    return Certificate(
        name=_first(subject, "common_name"),
        title=_first(subject, "title"),
        unit=_first(subject, "organizational_unit_name"),
        agency=_first(subject, "organization_name"),
        locality=_first(subject, "locality_name"),
        serial=certificate_serial(certificate.serial_number),
        issuer=_first(issuer, "common_name") or _first(issuer, "organization_name"),
        valid_from=validity["not_before"].native,
        valid_until=validity["not_after"].native,
    )


def _first(name: dict[str, Any], part: str) -> str:
    value = name.get(part, "")
    return str(value[-1] if isinstance(value, list) else value)[:200]


# ---- as a program ------------------------------------------------------------------------------


def plain(report: Report) -> dict[str, Any]:
    """Return the report as JSON values."""
    return json.loads(json.dumps(asdict(report), default=_plain_value))  # type: ignore[no-any-return]


def _plain_value(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def report_from(values: dict[str, Any]) -> Report:
    """Return the report of ``plain`` values."""
    signatures = tuple(_signature_from(one) for one in values["signatures"])
    return Report(
        sha256=values["sha256"],
        size=values["size"],
        checked_at=dt.datetime.fromisoformat(values["checked_at"]),
        signatures=signatures,
        verdict=Verdict(values["verdict"]),
        problem=values["problem"],
    )


def _signature_from(values: dict[str, Any]) -> SignatureReport:
    certificate = dict(values["certificate"])
    for name in ("valid_from", "valid_until"):
        certificate[name] = _moment(certificate[name])
    return SignatureReport(
        **{
            **values,
            "certificate": Certificate(**certificate),
            "claimed_at": _moment(values["claimed_at"]),
            "stamped_at": _moment(values["stamped_at"]),
            "status": CertificateStatus(values["status"]),
            "coverage": Coverage(values["coverage"]),
            "verdict": Verdict(values["verdict"]),
        }
    )


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def trust_values(trust: Trust) -> dict[str, list[str]]:
    return {
        "roots": [_text(der) for der in trust.roots],
        "sample_roots": [_text(digest) for digest in sorted(trust.sample_roots)],
        "certificates": [_text(der) for der in trust.certificates],
        "ocsps": [_text(der) for der in trust.ocsps],
        "crls": [_text(der) for der in trust.crls],
    }


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _main() -> None:
    """Read one line of JSON (trust, moment, seconds), then the PDF; print the report as JSON."""
    logging.disable(logging.CRITICAL)
    question = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (question["seconds"], question["seconds"] + 1))
    given = {name: tuple(map(base64.b64decode, texts)) for name, texts in question["trust"].items()}
    trust = Trust(**{**given, "sample_roots": frozenset(given["sample_roots"])})  # type: ignore[arg-type]
    try:
        report = read_report(sys.stdin.buffer.read(), trust, now=dt.datetime.fromisoformat(question["now"]))
        answer: dict[str, Any] = {"report": plain(report)}
    except (BadPdf, MemoryError, RecursionError):
        answer = {"report": None}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main()

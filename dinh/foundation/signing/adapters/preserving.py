"""Making a signed paper last: revocation data and a document time stamp in one more update (B-LTA)."""

import asyncio
import datetime as dt
import io
from collections.abc import Iterable
from urllib.parse import urlsplit

from asn1crypto import crl, ocsp, x509
from asn1crypto.ocsp import CertId, OCSPRequest, Request, TBSRequest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from dinh.foundation.signing.adapters import services
from dinh.foundation.signing.adapters.reading import Trust
from dinh.foundation.signing.rules.signatures import BadPdf, ServiceUnavailable

__all__ = ["preserve"]


def preserve(
    pdf: bytes, *, stamper: TimeStamper, trust: Trust, hosts: Iterable[str], now: dt.datetime
) -> bytes:
    """Return the paper with proofs of its certificates and a time stamp over all of it.

    ``hosts`` may be asked for revocation. Raises ``ServiceUnavailable`` (try again later) and ``BadPdf``.
    """
    try:
        return asyncio.run(_preserve(pdf, stamper, trust, frozenset(hosts), now))
    except (PathError, ValidationError, TimestampRequestError) as error:
        raise ServiceUnavailable(f"{type(error).__name__}: {error}"[:500]) from error
    except (PdfError, LookupError, ValueError, ArithmeticError) as error:
        raise BadPdf from error


async def _preserve(
    pdf: bytes, stamper: TimeStamper, trust: Trust, hosts: frozenset[str], now: dt.datetime
) -> bytes:
    signers, others = _signers_of(pdf)
    others += [x509.Certificate.load(der) for der in trust.certificates]
    known = [*signers, *others, *(x509.Certificate.load(der) for der in trust.roots)]
    await stamper.async_dummy_response("sha256")
    stamp_certificates = list(stamper.cert_registry)
    crls, ocsps = _proofs([*known, *stamp_certificates], trust, hosts)
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in trust.roots],
        other_certs=[*others, *stamp_certificates],
        crls=crls,
        ocsps=ocsps,
        allow_fetching=False,
        revocation_mode="hard-fail",
        time_tolerance=dt.timedelta(minutes=5),
        moment=None,
    )
    paths: list[ValidationPath] = []
    for signer in signers:
        validator = CertificateValidator(signer, intermediate_certs=others, validation_context=context)
        paths.append(await validator.async_validate_usage(key_usage=set()))
    output = io.BytesIO()
    await PdfTimeStamper(stamper, readable_field_name="Dấu thời gian").async_timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        "sha256",
        validation_context=context,
        validation_paths=paths,
        output=output,
        # Proofs first, so that the time stamp covers them too.
        dss_settings=TimestampDSSContentSettings(update_before_ts=True, include_vri=False),
        embed_roots=False,
    )
    return output.getvalue()


def _signers_of(pdf: bytes) -> tuple[list[x509.Certificate], list[x509.Certificate]]:
    embedded = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    others = [certificate for one in embedded for certificate in one.other_embedded_certs]
    return [one.signer_cert for one in embedded], others


def _proofs(
    certificates: list[x509.Certificate], trust: Trust, hosts: frozenset[str]
) -> tuple[list[crl.CertificateList], list[ocsp.OCSPResponse]]:
    """Return what we have at hand, and what the listed hosts say about the rest."""
    crls = [crl.CertificateList.load(der) for der in trust.crls]
    ocsps = [ocsp.OCSPResponse.load(der) for der in trust.ocsps]
    have = {one.issuer.hashable for one in crls}
    by_subject = {one.subject.hashable: one for one in certificates}
    for certificate in {one.dump(): one for one in certificates}.values():
        issuer = by_subject.get(certificate.issuer.hashable)
        if issuer is None or issuer == certificate or certificate.issuer.hashable in have:
            continue
        answer = _ask_ocsp(certificate, issuer, hosts)
        if answer is not None:
            ocsps.append(answer)
            continue
        listed = _read_crl(certificate, hosts)
        if listed is not None:
            crls.append(listed)
            have.add(certificate.issuer.hashable)
    return crls, ocsps


def _ask_ocsp(
    certificate: x509.Certificate, issuer: x509.Certificate, hosts: frozenset[str]
) -> ocsp.OCSPResponse | None:
    addresses = [one for one in certificate.ocsp_urls if urlsplit(one).hostname in hosts]
    if not addresses:
        return None
    identity = CertId(
        {
            "hash_algorithm": {"algorithm": "sha1"},
            "issuer_name_hash": issuer.subject.sha1,
            "issuer_key_hash": issuer.public_key.sha1,
            "serial_number": certificate.serial_number,
        }
    )
    request = OCSPRequest({"tbs_request": TBSRequest({"request_list": [Request({"req_cert": identity})]})})
    reply = services.post(addresses[0], request.dump(), content_type="application/ocsp-request")
    try:
        return ocsp.OCSPResponse.load(reply, strict=True)
    except ValueError as error:
        raise ServiceUnavailable("OCSP: reply is no answer") from error


def _read_crl(certificate: x509.Certificate, hosts: frozenset[str]) -> crl.CertificateList | None:
    points = [point.url for point in certificate.crl_distribution_points if point.url]
    for address in points:
        if urlsplit(address).hostname in hosts:
            try:
                return crl.CertificateList.load(services.read(address), strict=True)
            except ValueError as error:
                raise ServiceUnavailable("CRL: reply is no list") from error
    return None

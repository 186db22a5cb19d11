"""The sample certificate authority: a whole one (root, issuing, time stamps, OCSP, CRL), made at set-up.

It has no legal value, and every name it gives says so. Its keys lie encrypted in
``KEY_DIR/sample-authority``; a province with real certificates switches it off (``DINH_SAMPLE=0``).
"""

import asyncio
import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from dinh.foundation.signing.adapters.keystores import SoftwareKey, StoreSigner
from dinh.foundation.signing.adapters.sealed import read_or_make_secret
from dinh.foundation.signing.rules.signatures import BadRequest

__all__ = ["NOTICE", "Issued", "Revocation", "SampleAuthority", "Subject"]

NOTICE = "MẪU - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
MARK = "(MẪU)"

_POLICY = "1.3.6.1.4.1.32473.1.1"  # RFC 5612: numbers kept for examples
_OCSP_LIFE = dt.timedelta(days=7)
_CRL_LIFE = dt.timedelta(days=7)
_AUTHORITIES = {
    "root": ("CA gốc mẫu Đình", 7300),
    "issuing": ("CA cấp chứng thư mẫu Đình", 3650),
    "tsa": ("Dấu thời gian mẫu Đình", 3640),
    "ocsp": ("Trả lời OCSP mẫu Đình", 3640),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a certificate is for, as the special-purpose profile names it. People have a title and unit."""

    name: str
    agency: str
    locality: str
    uid: str
    title: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A new certificate with its chain, both PEM."""

    certificate: str
    chain: str


@dataclass(frozen=True, slots=True)
class Revocation:
    """A certificate taken back."""

    serial: int
    at: dt.datetime


class SampleAuthority:
    """The authority of one folder; ``address`` is where its services answer."""

    def __init__(self, folder: Path, *, passphrase_file: Path, address: str) -> None:
        self.folder = folder
        self.address = address.rstrip("/")
        self._passphrase_file = passphrase_file

    # -- set-up ----------------------------------------------------------------------------------

    def found(self, *, now: dt.datetime) -> None:
        """Make the authority once. It appears whole or not at all, even when two processes begin."""
        if (self.folder / "root.pem").exists():
            return
        self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=".authority-", dir=self.folder.parent))
        try:
            self._make(workshop, now)
            workshop.rename(self.folder)
        except OSError:
            if not (self.folder / "root.pem").exists():
                raise
        finally:
            shutil.rmtree(workshop, ignore_errors=True)

    def _make(self, folder: Path, now: dt.datetime) -> None:
        keys = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in _AUTHORITIES}
        names = {name: _authority_name(title) for name, (title, _) in _AUTHORITIES.items()}
        for name, (_, days) in _AUTHORITIES.items():
            issuer = "root" if name in ("root", "issuing") else "issuing"
            builder = (
                x509.CertificateBuilder()
                .subject_name(names[name])
                .issuer_name(names[issuer])
                .public_key(keys[name].public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - dt.timedelta(hours=1))
                .not_valid_after(now + dt.timedelta(days=days))
            )
            certificate = self._extended(builder, name, keys[name], keys[issuer]).sign(
                keys[issuer], hashes.SHA256()
            )
            _write(folder / f"{name}.pem", certificate.public_bytes(serialization.Encoding.PEM))
            _write(folder / f"{name}.key", self._locked(keys[name]))

    def _extended(
        self,
        builder: x509.CertificateBuilder,
        name: str,
        key: rsa.RSAPrivateKey,
        issuer: rsa.RSAPrivateKey,
    ) -> x509.CertificateBuilder:
        is_authority = name in ("root", "issuing")
        length = {"root": 1, "issuing": 0}.get(name)
        builder = builder.add_extension(
            x509.BasicConstraints(ca=is_authority, path_length=length), critical=True
        )
        builder = _identified(builder, key.public_key(), issuer.public_key())
        builder = builder.add_extension(_usage(certifies=is_authority), critical=True)
        if name == "tsa":
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(usage, critical=True)
        if name == "ocsp":
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
            builder = builder.add_extension(usage, critical=False)
            builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        if name == "issuing":
            builder = builder.add_extension(self._crl_point("root"), critical=False)
        if name == "tsa":
            builder = builder.add_extension(self._services(), critical=False)
            builder = builder.add_extension(self._crl_point("issuing"), critical=False)
        return builder

    # -- certificates ----------------------------------------------------------------------------

    def issue(
        self,
        subject: Subject,
        public_key: CertificateIssuerPublicKeyTypes,
        *,
        valid_from: dt.datetime,
        valid_until: dt.datetime,
    ) -> Issued:
        """Return a certificate for signing papers, with its chain."""
        issuing = self._certificate("issuing")
        builder = (
            x509.CertificateBuilder()
            .subject_name(_subject_name(subject))
            .issuer_name(issuing.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(valid_from)
            .not_valid_after(valid_until)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(certifies=False), critical=True)
            .add_extension(
                x509.CertificatePolicies(
                    [x509.PolicyInformation(x509.ObjectIdentifier(_POLICY), [x509.UserNotice(None, NOTICE)])]
                ),
                critical=False,
            )
            .add_extension(self._services(), critical=False)
            .add_extension(self._crl_point("issuing"), critical=False)
        )
        key = self._key("issuing")
        certificate = _identified(builder, public_key, key.public_key()).sign(key, hashes.SHA256())
        return Issued(
            certificate=certificate.public_bytes(serialization.Encoding.PEM).decode(),
            chain=(self.folder / "issuing.pem").read_text() + self.root_pem,
        )

    @property
    def root_pem(self) -> str:
        return (self.folder / "root.pem").read_text()

    @property
    def issuing_pem(self) -> str:
        return (self.folder / "issuing.pem").read_text()

    # -- services --------------------------------------------------------------------------------

    def answer_ocsp(
        self, request: bytes, *, revoked: Callable[[int], Revocation | None], now: dt.datetime
    ) -> bytes:
        """Answer an OCSP request (RFC 6960, DER). Raises ``BadRequest``."""
        try:
            asked = ocsp.load_der_ocsp_request(request)
            algorithm = asked.hash_algorithm
            serial = asked.serial_number
            nonce = [one for one in asked.extensions if isinstance(one.value, x509.OCSPNonce)]
        except ValueError as error:
            raise BadRequest from error
        return self._ocsp(serial, algorithm, revoked(serial), [one.value for one in nonce], now)

    def ocsp_for(self, serial: int, *, revocation: Revocation | None, now: dt.datetime) -> bytes:
        """Return the OCSP response about one certificate of the issuing authority."""
        return self._ocsp(serial, hashes.SHA1(), revocation, [], now)  # noqa: S303 - names the issuer only

    def _ocsp(
        self,
        serial: int,
        algorithm: hashes.HashAlgorithm,
        revocation: Revocation | None,
        nonces: Iterable[x509.ExtensionType],
        now: dt.datetime,
    ) -> bytes:
        issuer = self._certificate("issuing")
        name_hash, key_hash = _issuer_hashes(issuer, algorithm)
        status = ocsp.OCSPCertStatus.REVOKED if revocation else ocsp.OCSPCertStatus.GOOD
        responder = self._certificate("ocsp")
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response_by_hash(
                issuer_name_hash=name_hash,
                issuer_key_hash=key_hash,
                serial_number=serial,
                algorithm=algorithm,
                cert_status=status,
                this_update=now,
                next_update=now + _OCSP_LIFE,
                revocation_time=revocation.at if revocation else None,
                revocation_reason=None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, responder)
            .certificates([responder])
        )
        for nonce in nonces:
            builder = builder.add_extension(nonce, critical=False)
        response = builder.sign(self._key("ocsp"), hashes.SHA256())
        return response.public_bytes(serialization.Encoding.DER)

    def crl(self, name: str, revoked: Iterable[Revocation], *, now: dt.datetime) -> bytes:
        """Return the list of revoked certificates of ``issuing`` or ``root`` (RFC 5280, DER)."""
        issuer, key = self._certificate(name), self._key(name)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.subject)
            .last_update(now)
            .next_update(now + _CRL_LIFE)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
            )
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        )
        for one in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.serial).revocation_date(one.at).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def stamp(self, request: bytes, *, now: dt.datetime) -> bytes:
        """Answer a time stamp request (RFC 3161, DER). Raises ``BadRequest``."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            imprint = asked["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            digest = imprint["hashed_message"].native
            nonce = asked["nonce"].native
        except (ValueError, TypeError, KeyError) as error:
            raise BadRequest from error
        if {"sha256": 32, "sha384": 48, "sha512": 64}.get(algorithm) != len(digest):
            refusal = {"status": {"status": "rejection", "fail_info": {"bad_alg"}}}
            return bytes(tsp.TimeStampResp(refusal).dump())
        values = {
            "version": "v1",
            "policy": _POLICY,
            "message_imprint": imprint,
            "serial_number": int.from_bytes(os.urandom(16)),
            "gen_time": core.GeneralizedTime(now.astimezone(dt.UTC).replace(microsecond=0)),
            "accuracy": tsp.Accuracy({"seconds": 1}),
            "tsa": asn1_x509.GeneralName(name="directory_name", value=self._asn1_certificate("tsa").subject),
        }
        if nonce is not None:
            values["nonce"] = nonce
        content = cms.EncapsulatedContentInfo(
            {"content_type": "tst_info", "content": core.ParsableOctetString(tsp.TSTInfo(values).dump())}
        )
        token = asyncio.run(
            self._tsa.async_sign_general_data(content, "sha256", detached=False, use_cades=True)
        )
        answer = tsp.TimeStampResp(
            {"status": tsp.PKIStatusInfo({"status": "granted"}), "time_stamp_token": token}
        )
        return bytes(answer.dump())

    # -- small pieces ----------------------------------------------------------------------------

    @cached_property
    def _tsa(self) -> StoreSigner:
        return StoreSigner(
            SoftwareKey(self._key("tsa")),
            certificate=self._asn1_certificate("tsa"),
            chain=(self._asn1_certificate("issuing"), self._asn1_certificate("root")),
        )

    @cached_property
    def _opened(self) -> dict[str, rsa.RSAPrivateKey]:
        return {}

    def _key(self, name: str) -> rsa.RSAPrivateKey:
        if name not in self._opened:
            text = (self.folder / f"{name}.key").read_bytes()
            key = serialization.load_pem_private_key(
                text, password=read_or_make_secret(self._passphrase_file)
            )
            if not isinstance(key, rsa.RSAPrivateKey):
                raise BadRequest
            self._opened[name] = key
        return self._opened[name]

    def _certificate(self, name: str) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.folder / f"{name}.pem").read_bytes())

    def _asn1_certificate(self, name: str) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self._certificate(name).public_bytes(serialization.Encoding.DER))

    def _locked(self, key: rsa.RSAPrivateKey) -> bytes:
        return key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(read_or_make_secret(self._passphrase_file)),
        )

    def _services(self) -> x509.AuthorityInformationAccess:
        address = x509.UniformResourceIdentifier(f"{self.address}/ky-so/mau/ocsp")
        return x509.AuthorityInformationAccess(
            [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, address)]
        )

    def _crl_point(self, name: str) -> x509.CRLDistributionPoints:
        address = x509.UniformResourceIdentifier(f"{self.address}/ky-so/mau/crl/{name}")
        return x509.CRLDistributionPoints(
            [x509.DistributionPoint(full_name=[address], relative_name=None, reasons=None, crl_issuer=None)]
        )


def _authority_name(title: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, NOTICE),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{title} {MARK}"),
        ]
    )


def _subject_name(subject: Subject) -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, "VN"),
        (NameOID.LOCALITY_NAME, subject.locality),
        (NameOID.ORGANIZATION_NAME, subject.agency),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, NOTICE),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, subject.unit),
        (NameOID.TITLE, subject.title),
        (NameOID.USER_ID, subject.uid),
        (NameOID.COMMON_NAME, f"{subject.name[: 63 - len(MARK)]} {MARK}"),
    ]
    # RFC 5280 bounds these values to 64 characters.
    return x509.Name([x509.NameAttribute(oid, _fitted(value)) for oid, value in parts if value])


def _usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=not certifies,
        key_cert_sign=certifies,
        crl_sign=certifies,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _identified(
    builder: x509.CertificateBuilder,
    key: CertificateIssuerPublicKeyTypes,
    issuer: CertificateIssuerPublicKeyTypes,
) -> x509.CertificateBuilder:
    return builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key), critical=False
    ).add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False)


def _issuer_hashes(issuer: x509.Certificate, algorithm: hashes.HashAlgorithm) -> tuple[bytes, bytes]:
    key = asn1_x509.Certificate.load(issuer.public_bytes(serialization.Encoding.DER)).public_key
    pieces = (issuer.subject.public_bytes(), bytes(key["public_key"]))
    found = []
    for piece in pieces:
        digest = hashes.Hash(algorithm)
        digest.update(piece)
        found.append(digest.finalize())
    return found[0], found[1]


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _fitted(value: str) -> str:
    """Cut a value to the 64 bytes that a name's attribute may have, between two letters."""
    return value.encode()[:64].decode(errors="ignore").strip()

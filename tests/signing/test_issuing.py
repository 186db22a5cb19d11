"""A key for who never had one: what a certificate must be before its key in the token may sign."""

import datetime as dt
import uuid
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import Actor
from dinh.foundation.signing.adapters import trust
from dinh.foundation.signing.models import Key
from dinh.foundation.signing.public import KeyOwner, OwnerHasKey, issue_sample_key, register_token_key
from dinh.foundation.signing.rules.certificates import (
    CertificateEnded,
    CertificateForOther,
    CertificateNotForSigning,
    CertificateTaken,
    CertificateUnreadable,
    ChainUnknown,
    KeyForOther,
    NotInToken,
    NoToken,
    ReferenceMissing,
    WeakKey,
    says_name,
)
from dinh.kernel.errors import NotAllowed
from tests.signing.conftest import AGENCY, SETUP
from tests.signing.test_keeping import MANAGER, STRANGER
from tests.signing.test_keys import token, token_folder  # noqa: F401 - fixtures

NAME = "Trần Thị Ánh"
NUMBER = "099200000123"


class Authority:
    """A real authority as far as we are concerned: a root that an operator put there, one below it."""

    def __init__(self, folder: Path, now: dt.datetime) -> None:
        self.now = now
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.root_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.root = self._signed("Gốc thử", self.root_key.public_key(), "Gốc thử", self.root_key, ca=True)
        self.issuing = self._signed("Nơi cấp thử", self.key.public_key(), "Gốc thử", self.root_key, ca=True)
        (folder / "trust").mkdir(exist_ok=True)
        self.path = folder / "trust" / f"{uuid.uuid4().hex}.pem"
        self.path.write_bytes(pem(self.root))

    def _signed(self, name, public, issuer, key, *, ca=False, signs=True, number="", first=-1, last=30):
        def named(text):
            parts = [x509.NameAttribute(NameOID.COMMON_NAME, text)]
            return x509.Name(parts + ([x509.NameAttribute(NameOID.USER_ID, number)] if number else []))

        usage = x509.KeyUsage(signs and not ca, False, not signs, False, False, ca, ca, False, False)
        return (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now + dt.timedelta(days=first))
            .not_valid_after(self.now + dt.timedelta(days=last))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(key, hashes.SHA256())
        )

    def issue(self, public, name=NAME, **more):
        return self._signed(name, public, "Nơi cấp thử", self.key, **more)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


@pytest.fixture
def authority(key_folder: Path, now: dt.datetime):
    made = Authority(key_folder, now)
    yield made
    made.path.unlink()


@pytest.fixture
def in_token(token, db):  # noqa: F811 - the fixture
    """A key in the token: its reference and public half."""
    reference = uuid.uuid4().hex
    return reference, trust.key_store(Key.Store.PKCS11).make(reference)


def person(**more) -> KeyOwner:
    given = {"kind": "person", "id": uuid.uuid4(), "name": NAME, "agency": AGENCY, "identity": NUMBER}
    return KeyOwner(**{**given, **more})


def test_a_certificate_of_a_trusted_issuer_is_registered_for_its_owner(in_token, authority, now) -> None:
    reference, public = in_token
    certificate = authority.issue(public, number=f"CCCD:{NUMBER}")
    key = register_token_key(
        person(), reference=reference, certificate=pem(certificate), chain=pem(authority.issuing),
        by=MANAGER, now=now,
    )  # fmt: skip
    assert (key.store, key.is_sample, key.issuer, key.label) == ("pkcs11", False, "Nơi cấp thử", NAME)
    assert key.chain.encode() == pem(authority.issuing, authority.root)
    assert AuditEntry.objects.filter(verb="key.registered", actor_name=MANAGER.name).count() == 1
    with pytest.raises(CertificateTaken):
        register_token_key(
            person(),
            reference=reference,
            certificate=pem(certificate, authority.issuing),
            by=MANAGER,
            now=now,
        )
    der = authority.issue(public, name=AGENCY).public_bytes(serialization.Encoding.DER)
    with pytest.raises(OwnerHasKey):
        register_token_key(
            person(id=key.owner_id, name=AGENCY), reference=reference, certificate=der,
            chain=pem(authority.issuing), by=MANAGER, now=now,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"name": "Trần Thị Anh"}, CertificateForOther),
        ({"number": "CCCD:099200000999"}, CertificateForOther),
        ({"signs": False}, CertificateNotForSigning),
        ({"ca": True}, CertificateNotForSigning),
        ({"first": 1}, CertificateEnded),
        ({"first": -30, "last": -1}, CertificateEnded),
    ],
    ids=["name", "number", "usage", "authority", "not-yet", "ended"],
)
def test_a_certificate_that_may_not_sign_for_them_is_refused(
    in_token, authority, now, change, refused
) -> None:
    reference, public = in_token
    certificate = authority.issue(public, **change)
    with pytest.raises(refused) as said:
        register_token_key(
            person(),
            reference=reference,
            certificate=pem(certificate, authority.issuing),
            by=MANAGER,
            now=now,
        )
    assert said.value.field == "certificate"
    assert not Key.objects.exists()


def test_a_chain_that_ends_nowhere_is_refused(in_token, authority, key_folder, now) -> None:
    reference, public = in_token
    given = {"reference": reference, "by": MANAGER, "now": now}
    certificate = authority.issue(public)
    with pytest.raises(ChainUnknown):
        register_token_key(person(), certificate=pem(certificate), **given)
    other = Authority(key_folder, now)
    other.path.unlink()
    with pytest.raises(ChainUnknown):
        register_token_key(person(), certificate=pem(other.issue(public), other.issuing, other.root), **given)
    # The same names, but another key has signed.
    with pytest.raises(ChainUnknown):
        register_token_key(person(), certificate=pem(other.issue(public), authority.issuing), **given)


def test_a_key_that_is_not_the_certificate_s_or_too_weak_is_refused(in_token, authority, now) -> None:
    reference, public = in_token
    with pytest.raises(NotInToken):
        register_token_key(
            person(), reference="khong-co", by=MANAGER, now=now,
            certificate=pem(authority.issue(public), authority.issuing),
        )  # fmt: skip
    for size, refused in ((2048, KeyForOther), (1024, WeakKey)):
        stranger = rsa.generate_private_key(public_exponent=65537, key_size=size).public_key()
        with pytest.raises(refused):
            register_token_key(
                person(), reference=reference, by=MANAGER, now=now,
                certificate=pem(authority.issue(stranger), authority.issuing),
            )  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAA==\n", b"0" * 70_000])
def test_what_is_no_certificate_is_refused(in_token, now, content: bytes) -> None:
    with pytest.raises(CertificateUnreadable):
        register_token_key(person(), reference=in_token[0], certificate=content, by=MANAGER, now=now)


def test_without_a_token_or_a_reference_nothing_is_registered(db, now, settings) -> None:
    settings.SIGNING_PKCS11_MODULE = ""
    for reference, refused in (("x", NoToken), ("", ReferenceMissing), ("khoá", ReferenceMissing)):
        with pytest.raises(refused):
            register_token_key(person(), reference=reference, certificate=b"x", by=MANAGER, now=now)


@pytest.mark.parametrize("by", [STRANGER, Actor(kind="citizen", name="Dân")])
def test_only_who_manages_keys_registers_them(db, now, by: Actor) -> None:
    with pytest.raises(NotAllowed):
        register_token_key(person(), reference="x", certificate=b"x", by=by, now=now)


def test_a_certificate_whose_time_is_over_gives_way(db, now) -> None:
    owner = person()
    old = issue_sample_key(owner, by=SETUP, now=now - dt.timedelta(days=800))
    new = issue_sample_key(owner, by=SETUP, now=now)
    old.refresh_from_db()
    assert old.retired_at is not None
    with pytest.raises(OwnerHasKey):
        issue_sample_key(owner, by=SETUP, now=now)
    assert new.valid_until > now


@given(st.sampled_from(["Trần Thị Ánh", " trần  thị ánh ", "TRẦN THỊ ÁNH", "Trần Thị Ánh (MẪU)"]))
def test_a_name_is_the_same_but_for_case_and_spaces(text: str) -> None:
    assert says_name([text], [], name=NAME, identity="")
    assert not says_name([text + "h"], [], name=NAME, identity="")
    assert not says_name([text], ["CCCD:099200000999"], name=NAME, identity=NUMBER)
    assert says_name([text], ["MST:0900000000"], name=NAME, identity=NUMBER)

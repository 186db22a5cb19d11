"""Keys and their stores, the sample authority and its services, judged by OpenSSL and SoftHSM."""

import base64
import concurrent.futures
import datetime as dt
import os
import stat
import subprocess
import uuid
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp
from django.test import RequestFactory

from dinh.foundation.actions.models import AuditEntry
from dinh.foundation.actions.public import Actor, Grant, visitor
from dinh.foundation.signing.adapters import trust
from dinh.foundation.signing.adapters.authority import NOTICE, SampleAuthority
from dinh.foundation.signing.adapters.pkcs11 import Pkcs11Store
from dinh.foundation.signing.adapters.reading import read_report
from dinh.foundation.signing.adapters.sealed import SealedStore, SecretsMissing, read_or_make_secret
from dinh.foundation.signing.models import Key, SealedSecret
from dinh.foundation.signing.public import (
    KeyOwner,
    NoKey,
    OwnerHasKey,
    TokenUnavailable,
    Unseen,
    Verdict,
    import_key,
    issue_sample_key,
    key_of,
    register_token_key,
    retire_key,
    revoke_key,
    seal_pdf,
    visible_keys,
)
from dinh.foundation.signing.rules.certificates import KeyForOther
from dinh.foundation.signing.rules.signatures import BadKeyFile, BadRequest, NotInSample
from dinh.foundation.signing.views import sample as views
from dinh.kernel.errors import NotAllowed, NotFound
from tests.signing.conftest import AGENCY, DATE, NUMBER, SETUP, decision

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")


def owner(kind: str = "agency", name: str = AGENCY) -> KeyOwner:
    return KeyOwner(kind=kind, id=uuid.uuid4(), name=name, agency=AGENCY, locality="Tỉnh Phú Thịnh")  # type: ignore[arg-type]


# ---- keys --------------------------------------------------------------------------------------


def test_a_certificate_names_its_owner_and_says_that_it_is_a_sample(person) -> None:
    certificate = x509.load_pem_x509_certificate(person.certificate.encode())
    names = {part.rfc4514_attribute_name: part.value for part in certificate.subject}
    assert names["CN"] == "Trần Văn Bình (MẪU)"
    assert NOTICE in {part.value for part in certificate.subject}
    assert NOTICE in {part.value for part in certificate.issuer}
    assert "MẪU" in person.issuer


def test_an_owner_has_one_key_in_use_until_it_is_retired(agency, now) -> None:
    mine = KeyOwner(kind="agency", id=agency.owner_id, name=AGENCY, agency=AGENCY)
    with pytest.raises(OwnerHasKey):
        issue_sample_key(mine, by=SETUP, now=now)
    retire_key(agency, by=SETUP, now=now)
    fresh = issue_sample_key(mine, by=SETUP, now=now)
    assert key_of("agency", agency.owner_id, owner=AGENCY, at=now) == fresh


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_for_one_owner_at_once_make_one_key(now) -> None:
    from django.db import connection

    mine = owner()

    def issue(_: int) -> str:
        try:
            issue_sample_key(mine, by=SETUP, now=now)
        except OwnerHasKey:
            return "refused"
        finally:
            connection.close()
        return "issued"

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(issue, range(4))) == ["issued", "refused", "refused", "refused"]
    assert SealedSecret.objects.count() == Key.objects.count() == 1


def test_nobody_without_the_right_manages_keys(agency, clerk, now) -> None:
    with pytest.raises(NotAllowed):
        issue_sample_key(owner(), by=clerk, now=now)
    with pytest.raises(NotAllowed):
        revoke_key(agency, reason="", by=clerk, now=now)
    with pytest.raises(NotAllowed):
        retire_key(agency, by=clerk, now=now)
    with pytest.raises(NotAllowed):
        import_key(owner(), b"", passphrase="", by=visitor())
    with pytest.raises(NotAllowed):
        register_token_key(owner(), reference="x", certificate="", chain="", by=clerk)


def test_who_manages_keys_may(agency, clerk, now) -> None:
    manager = Actor(
        kind="official", name="Quản trị", grants=(Grant("signing.manage_keys", "province", uuid.uuid4()),)
    )
    revoke_key(agency, reason="mất khóa", by=manager, now=now)
    agency.refresh_from_db()
    assert agency.revoked_at == now
    entry = AuditEntry.objects.get(verb="key.revoked")
    assert entry.changes["revocation_reason"] == ["", "mất khóa"]


def test_a_key_is_seen_by_its_owner_and_by_who_holds_it(agency, person, leader, clerk) -> None:
    assert list(visible_keys(leader)) == [person]
    assert list(visible_keys(clerk)) == [agency]
    assert not visible_keys(visitor()).exists()


def test_no_sample_certificates_where_the_sample_is_off(db, now, settings) -> None:
    settings.IS_SAMPLE = False
    with pytest.raises(NotInSample):
        issue_sample_key(owner(), by=SETUP, now=now)


def test_the_audit_log_holds_no_key_and_no_certificate(agency) -> None:
    changes = AuditEntry.objects.get(verb="key.issued").changes
    assert changes["certificate"] == ["•", "•"]


# ---- the encrypted store -----------------------------------------------------------------------


def test_the_database_alone_opens_no_key(agency, settings, tmp_path) -> None:
    secret = SealedSecret.objects.get(reference=agency.reference)
    assert b"PRIVATE" not in bytes(secret.content)
    with pytest.raises(SecretsMissing):
        SealedStore(tmp_path).open(agency.reference)


def test_a_secret_moved_to_another_reference_does_not_open(agency, person, key_folder) -> None:
    content = SealedSecret.objects.get(reference=agency.reference)
    SealedSecret.objects.filter(reference=person.reference).update(
        nonce=content.nonce, content=content.content
    )
    with pytest.raises(SecretsMissing):
        SealedStore(key_folder).open(person.reference)


def test_a_retired_key_is_destroyed(agency, now) -> None:
    retire_key(agency, by=SETUP, now=now)
    assert not SealedSecret.objects.filter(reference=agency.reference).exists()


def test_the_passphrase_is_made_once_and_only_for_its_owner(tmp_path) -> None:
    path = tmp_path / "keys" / "passphrase"
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: read_or_make_secret(path), range(16)))) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["passphrase"]


def test_a_key_from_a_pkcs12_file_signs(db, clerk, now) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    authority = trust.sample_authority(now=now)
    from dinh.foundation.signing.adapters.authority import Subject

    subject = Subject(name=AGENCY, agency=AGENCY, locality="", uid="x")
    issued = authority.issue(
        subject, key.public_key(), valid_from=now, valid_until=now + dt.timedelta(days=9)
    )
    content = pkcs12.serialize_key_and_certificates(
        b"x",
        key,
        x509.load_pem_x509_certificate(issued.certificate.encode()),
        x509.load_pem_x509_certificates(issued.chain.encode()),
        serialization.BestAvailableEncryption(b"mat-khau"),
    )
    mine = KeyOwner(kind="agency", id=clerk.agency_id, name=AGENCY, agency=AGENCY)
    Key.objects.all().update(retired_at=now)
    with pytest.raises(BadKeyFile):
        import_key(mine, content, passphrase="sai", by=SETUP)
    taken = import_key(mine, content, passphrase="mat-khau", by=SETUP)
    moment = taken.valid_from + dt.timedelta(seconds=1)
    pdf = seal_pdf(
        decision(number=NUMBER, date=DATE).content,
        key=taken,
        appearance=Unseen(),
        reason="Biên nhận",
        at=moment,
        by=clerk,
    )
    later = now + dt.timedelta(seconds=5)
    assert read_report(pdf, trust.current_trust(now=later), now=later).verdict is Verdict.VALID


def test_a_person_without_a_key_is_told_what_to_do(db, now) -> None:
    with pytest.raises(NoKey, match="Trần Văn Bình"):
        key_of("person", uuid.uuid4(), owner="Trần Văn Bình", at=now)


def test_a_key_is_opened_once_a_process(agency, clerk, now, monkeypatch) -> None:
    opened = []
    original = SealedStore.open
    monkeypatch.setattr(SealedStore, "open", lambda self, ref: opened.append(ref) or original(self, ref))
    pdf = decision(number=NUMBER, date=DATE).content
    for _ in range(3):
        seal_pdf(pdf, key=agency, appearance=Unseen(), reason="", at=now, by=clerk)
    assert opened == [agency.reference]


# ---- PKCS#11 -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def token_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a SoftHSM token; the module reads its place once a process."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    subprocess.run(
        [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "dinh",
            "--pin",
            "246810",
            "--so-pin",
            "135790",
        ],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def token(token_folder: Path, settings, key_folder: Path) -> None:
    (key_folder / "pkcs11-pin").write_text("246810")
    settings.SIGNING_PKCS11_MODULE = str(MODULE)
    settings.SIGNING_PKCS11_TOKEN = "dinh"


def test_a_key_in_a_token_signs_a_paper_that_pdfsig_accepts(token, db, clerk, now, tmp_path, run) -> None:
    Key.objects.filter(owner_id=clerk.agency_id).update(retired_at=now)
    mine = KeyOwner(kind="agency", id=clerk.agency_id, name=AGENCY, agency=AGENCY)
    key = issue_sample_key(mine, by=SETUP, now=now, store=Key.Store.PKCS11)
    assert not SealedSecret.objects.filter(reference=key.reference).exists()
    pdf = seal_pdf(
        decision(number=NUMBER, date=DATE).content,
        key=key,
        appearance=Unseen(),
        reason="Biên nhận",
        at=now,
        by=clerk,
    )
    assert read_report(pdf, trust.current_trust(now=now), now=now).verdict is Verdict.VALID
    path = tmp_path / "hsm.pdf"
    path.write_bytes(pdf)
    assert "Signature is Valid." in run("pdfsig", "-nocert", path)


def test_a_key_that_lies_in_the_token_is_registered_with_its_certificate(token, db, now) -> None:
    store = trust.key_store(Key.Store.PKCS11)
    reference = uuid.uuid4().hex
    public = store.make(reference)
    from dinh.foundation.signing.adapters.authority import Subject

    issued = trust.sample_authority(now=now).issue(
        Subject(name=AGENCY, agency=AGENCY, locality="", uid="x"),
        public,
        valid_from=now,
        valid_until=now + dt.timedelta(days=9),
    )
    given = {"certificate": issued.certificate.encode(), "chain": issued.chain.encode(), "by": SETUP}
    moment = now + dt.timedelta(seconds=1)
    trust.key_store(Key.Store.PKCS11).make("other")
    with pytest.raises(KeyForOther):
        register_token_key(owner(), reference="other", now=moment, **given)
    key = register_token_key(owner(), reference=reference, now=moment, **given)
    assert (key.store, key.is_sample) == ("pkcs11", True)


def test_a_token_that_is_away_says_so(token_folder) -> None:
    store = Pkcs11Store(module=str(MODULE), token="nowhere", pin="0")
    with pytest.raises(TokenUnavailable):
        store.open("x")
    with pytest.raises(TokenUnavailable):
        Pkcs11Store(module="/nowhere.so", token="x", pin="0").open("x")


def test_a_lost_session_is_opened_again(token) -> None:
    store = Pkcs11Store(module=str(MODULE), token="dinh", pin="246810")
    store.make("again")
    key = store.open("again")
    first = key.sign(b"data", digest="sha256")
    store._session.close()
    assert key.sign(b"data", digest="sha256") == first


# ---- the sample authority ----------------------------------------------------------------------


def test_two_processes_found_one_authority(tmp_path, now) -> None:
    def found(_: int) -> str:
        authority = SampleAuthority(
            tmp_path / "sample-authority", passphrase_file=tmp_path / "passphrase", address="http://x"
        )
        authority.found(now=now)
        return authority.root_pem

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(found, range(4)))) == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["passphrase", "sample-authority"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "sample-authority").iterdir()} == {0o600}


def test_openssl_accepts_the_chain_with_its_lists(agency, now, tmp_path, run) -> None:
    files = _authority_files(now, tmp_path)
    (tmp_path / "agency.pem").write_text(agency.certificate)
    told = run(
        "openssl", "verify", "-x509_strict", "-crl_check_all", "-CAfile", files["root"], "-untrusted",
        files["issuing"], "-CRLfile", files["crls"], tmp_path / "agency.pem",
    )  # fmt: skip
    assert "OK" in told


def test_openssl_sees_a_revoked_certificate_by_ocsp_and_list(agency, now, tmp_path, run) -> None:
    files = _authority_files(now, tmp_path)
    (tmp_path / "agency.pem").write_text(agency.certificate)
    run(
        "openssl", "ocsp", "-issuer", files["issuing"], "-sha256", "-cert", tmp_path / "agency.pem",
        "-reqout", tmp_path / "ask.der",
    )  # fmt: skip
    for expected in ("good", "revoked"):
        reply = _call(views.ocsp, (tmp_path / "ask.der").read_bytes())
        assert reply.status_code == 200
        (tmp_path / "reply.der").write_bytes(reply.content)
        asked = ocsp.load_der_ocsp_request((tmp_path / "ask.der").read_bytes())
        answered = ocsp.load_der_ocsp_response(reply.content)
        nonce = x509.OCSPNonce
        assert (
            answered.extensions.get_extension_for_class(nonce).value
            == asked.extensions.get_extension_for_class(nonce).value
        )
        told = run(
            "openssl", "ocsp", "-respin", tmp_path / "reply.der", "-issuer", files["issuing"], "-no_nonce",
            "-sha256", "-cert", tmp_path / "agency.pem", "-CAfile", files["root"], "-verify_other",
            files["issuing"],
        )  # fmt: skip
        assert f"agency.pem: {expected}" in told
        assert "Response verify OK" in told
        if expected == "good":
            revoke_key(agency, reason="mất khóa", by=SETUP, now=now)
    listed = x509.load_der_x509_crl(_call(views.crl, b"", method="get", name="issuing").content)
    serial = x509.load_pem_x509_certificate(agency.certificate.encode()).serial_number
    assert listed.get_revoked_certificate_by_serial_number(serial) is not None


def test_openssl_accepts_a_time_stamp(db, now, tmp_path, run) -> None:
    files = _authority_files(now, tmp_path)
    (tmp_path / "data").write_text("nội dung")
    run(
        "openssl",
        "ts",
        "-query",
        "-data",
        tmp_path / "data",
        "-sha256",
        "-cert",
        "-out",
        tmp_path / "ask.tsq",
    )
    reply = _call(views.time_stamp, (tmp_path / "ask.tsq").read_bytes())
    (tmp_path / "reply.tsr").write_bytes(reply.content)
    told = run(
        "openssl", "ts", "-verify", "-queryfile", tmp_path / "ask.tsq", "-in", tmp_path / "reply.tsr",
        "-CAfile", files["root"], "-untrusted", files["issuing"],
    )  # fmt: skip
    assert "Verification: OK" in told


@pytest.mark.parametrize("view", [views.time_stamp, views.ocsp])
@pytest.mark.parametrize("body", [b"", b"junk", bytes(17_000), b"\x30\x84\xff\xff\xff\xff"])
def test_a_service_answers_junk_with_bad_request(db, view, body: bytes) -> None:
    try:
        assert _call(view, body).status_code == 400
    except BadRequest:
        pytest.fail("an error reached the visitor")


def test_the_services_are_gone_where_the_sample_is_off(db, settings) -> None:
    settings.IS_SAMPLE = False
    with pytest.raises(NotFound):
        _call(views.crl, b"", method="get", name="root")


def test_ocsp_can_be_asked_by_get(agency, now, tmp_path, run) -> None:
    files = _authority_files(now, tmp_path)
    (tmp_path / "agency.pem").write_text(agency.certificate)
    run(
        "openssl", "ocsp", "-issuer", files["issuing"], "-cert", tmp_path / "agency.pem", "-no_nonce",
        "-reqout", tmp_path / "ask.der",
    )  # fmt: skip
    encoded = base64.b64encode((tmp_path / "ask.der").read_bytes()).decode()
    assert _call(views.ocsp, b"", method="get", encoded=encoded).status_code == 200
    assert _call(views.ocsp, b"", method="get", encoded="%%%").status_code == 400


def _call(view, body: bytes, *, method: str = "post", **arguments: str):
    factory = RequestFactory()
    request = (
        factory.post("/", data=body, content_type="application/octet-stream")
        if method == "post"
        else factory.get("/")
    )
    request.by = visitor()
    return view(request, **arguments)


def _authority_files(now: dt.datetime, folder: Path) -> dict[str, Path]:
    authority = trust.sample_authority(now=now)
    crls = b"".join(
        x509.load_der_x509_crl(authority.crl(name, [], now=now)).public_bytes(serialization.Encoding.PEM)
        for name in ("root", "issuing")
    )
    files = {name: folder / f"{name}.pem" for name in ("root", "issuing", "crls")}
    files["root"].write_text(authority.root_pem)
    files["issuing"].write_text(authority.issuing_pem)
    files["crls"].write_bytes(crls)
    return files

"""The sample authority's services: time stamps, OCSP, lists of revoked certificates."""

import datetime as dt
from collections.abc import Callable

from dinh.foundation.signing.adapters.authority import Revocation, SampleAuthority
from dinh.foundation.signing.adapters.trust import revocation_of, revocations, sample_authority

__all__ = ["answer_crl", "answer_ocsp", "answer_time_stamp"]


def answer_time_stamp(request: bytes, *, now: dt.datetime) -> bytes:
    """Answer a time stamp request as the sample authority. Raises ``BadRequest``."""
    return sample_authority(now=now).stamp(request, now=now)


def answer_ocsp(request: bytes, *, now: dt.datetime) -> bytes:
    """Answer an OCSP request as the sample authority. Raises ``BadRequest``."""
    return sample_authority(now=now).answer_ocsp(request, revoked=revocation_of, now=now)


def answer_crl(name: str, *, now: dt.datetime) -> bytes:
    """Return the sample authority's list of revoked certificates."""
    return _CRLS[name](sample_authority(now=now), now)


def _issuing_crl(authority: SampleAuthority, now: dt.datetime) -> bytes:
    return authority.crl("issuing", revocations(), now=now)


def _root_crl(authority: SampleAuthority, now: dt.datetime) -> bytes:
    no_revocations: list[Revocation] = []
    return authority.crl("root", no_revocations, now=now)


_CRLS: dict[str, Callable[[SampleAuthority, dt.datetime], bytes]] = {
    "issuing": _issuing_crl,
    "root": _root_crl,
}

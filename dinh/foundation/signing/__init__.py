"""Signing: digital signatures of people and agencies on papers. Owns keys and certificates, the
register of their uses, time stamps and preservation, validation reports, the sample authority.

Words: key, key store, certificate, owner, hand signature, seal, place, number field, preservation,
time stamp, revocation, validation report, verdict, sample authority.
Used by: every room that issues or receives a signed paper. Must never: decide who may sign what (the
caller asks the directory for the signing authority), call an outside service inside a request, or
hide that a certificate of the sample authority has no legal value.
"""

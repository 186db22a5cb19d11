"""The door of signing.

A paper's way: ``render_paper`` (ui) → ``prepare_pdf`` → the person's ``sign_pdf`` → ``fill_number`` →
the agency's ``sign_pdf`` → ``files.store_bytes`` → ``preserve_file``. A receipt: ``seal_pdf`` alone.
"""

from dinh.foundation.signing.access import check_upload_signatures
from dinh.foundation.signing.actions.keeping import (
    put_picture,
    remove_picture,
    renew_sample_key,
    resume_key,
    suspend_key,
    warn_of_end,
)
from dinh.foundation.signing.actions.keys import (
    KeyOwner,
    import_key,
    issue_sample_key,
    register_token_key,
    retire_key,
    revoke_key,
)
from dinh.foundation.signing.actions.papers import fill_number, prepare_pdf, seal_pdf, sign_pdf
from dinh.foundation.signing.actions.preservation import preserve_file
from dinh.foundation.signing.actions.reports import store_report, validate_pdf
from dinh.foundation.signing.adapters.facsimiles import NoPicture, picture_of
from dinh.foundation.signing.adapters.pictures import draw_seal, draw_signature
from dinh.foundation.signing.permissions import (
    CHECK_SIGNATURES,
    MANAGE_KEYS,
    PRESERVE_FILES,
    USE_AGENCY_KEY,
    USE_KEY,
)
from dinh.foundation.signing.queries.keys import (
    KEY_STATES,
    KeyCard,
    KeyFilter,
    KeyLine,
    access_key,
    ending_keys,
    key_card,
    key_figures,
    key_lines,
    key_of,
    picture_content,
    token_state,
    visible_keys,
)
from dinh.foundation.signing.queries.owners import Owner, owner_of_kind, owners_named
from dinh.foundation.signing.queries.reports import (
    ReportInWords,
    SignatureInWords,
    digests_of_signed,
    latest_reports,
    preserved_from,
    report_in_words,
    upload_words,
)
from dinh.foundation.signing.queries.sample import answer_crl, answer_ocsp, answer_time_stamp
from dinh.foundation.signing.rules.signatures import (
    AgencySeal,
    Appearance,
    BadImage,
    BadPdf,
    CornerText,
    HandSignature,
    KeyNotUsable,
    NoKey,
    NoSuchField,
    NumberFields,
    OwnerHasKey,
    PaperFields,
    Report,
    SignatureReport,
    TokenUnavailable,
    Unseen,
    Verdict,
    corner_lines,
    signer_field,
)

__all__ = [
    # keys
    "KeyNotUsable",
    "KeyOwner",
    "NoKey",
    "OwnerHasKey",
    "TokenUnavailable",
    "import_key",
    "issue_sample_key",
    "Owner",
    "owner_of_kind",
    "owners_named",
    "key_of",
    "register_token_key",
    "retire_key",
    "revoke_key",
    "visible_keys",
    # keeping keys, and the pictures shown with them
    "KEY_STATES",
    "KeyCard",
    "KeyFilter",
    "KeyLine",
    "access_key",
    "ending_keys",
    "key_card",
    "key_figures",
    "key_lines",
    "picture_content",
    "put_picture",
    "remove_picture",
    "renew_sample_key",
    "resume_key",
    "suspend_key",
    "token_state",
    "warn_of_end",
    # papers
    "AgencySeal",
    "Appearance",
    "BadImage",
    "BadPdf",
    "CornerText",
    "HandSignature",
    "NoSuchField",
    "NumberFields",
    "PaperFields",
    "Unseen",
    "corner_lines",
    "fill_number",
    "prepare_pdf",
    "seal_pdf",
    "sign_pdf",
    "signer_field",
    # preservation
    "preserve_file",
    "digests_of_signed",
    "preserved_from",
    # checking
    "Report",
    "ReportInWords",
    "SignatureInWords",
    "SignatureReport",
    "Verdict",
    "check_upload_signatures",
    "latest_reports",
    "report_in_words",
    "store_report",
    "upload_words",
    "validate_pdf",
    # permissions
    "CHECK_SIGNATURES",
    "MANAGE_KEYS",
    "PRESERVE_FILES",
    "USE_AGENCY_KEY",
    "USE_KEY",
    # pictures of signatures and seals
    "NoPicture",
    "picture_of",
    # the sample
    "answer_crl",
    "answer_ocsp",
    "answer_time_stamp",
    "draw_seal",
    "draw_signature",
]

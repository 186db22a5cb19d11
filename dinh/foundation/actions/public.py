"""The door of the write path."""

from dinh.foundation.actions.access import Request, all_routes, route
from dinh.foundation.actions.actions.events import all_handlers, handles, publish
from dinh.foundation.actions.actions.jobs import Job, all_jobs, job, periodic
from dinh.foundation.actions.actions.log import note_export
from dinh.foundation.actions.actions.outbox import (
    AlreadyDelivered,
    Delivery,
    Undeliverable,
    all_channels,
    channel,
    enqueue,
    resend,
)
from dinh.foundation.actions.actions.relay import Relay
from dinh.foundation.actions.actions.rows import insert_rows
from dinh.foundation.actions.actions.seal import SealKeyMissing, renew_seal_key, seal_entries
from dinh.foundation.actions.actions.sweep import delete_finished_jobs, sweep_stalled_jobs
from dinh.foundation.actions.actions.verification import (
    AlreadyVerifying,
    ask_verification,
    run_verification,
)
from dinh.foundation.actions.actions.worker import Worker
from dinh.foundation.actions.actions.write import Verb, action, all_verbs
from dinh.foundation.actions.adapters.exchange import Reply, ReplyTooLarge, Unreachable, exchange
from dinh.foundation.actions.adapters.seal_key import anchor_path as seal_anchor_path
from dinh.foundation.actions.permissions import (
    RESEND,
    SYSTEM_ONLY,
    Actor,
    Grant,
    Permission,
    Signing,
    all_permissions,
    system,
    visitor,
)
from dinh.foundation.actions.queries.fixed import FixedQuery
from dinh.foundation.actions.queries.history import (
    Change,
    HistoryEntry,
    find_entry,
    history_of,
    log_page,
    seal_of,
    stream_log,
)
from dinh.foundation.actions.queries.outbox import (
    Attempt,
    SentMessage,
    attempts_at,
    find_messages,
    get_message,
    message_by_id,
    messages_of,
    messages_of_rows,
)
from dinh.foundation.actions.queries.pages import page_after
from dinh.foundation.actions.queries.pulse import Pulse, read_pulse
from dinh.foundation.actions.queries.sealed import Fault, Verification, read_anchors
from dinh.foundation.actions.queries.sealed import verify as verify_audit
from dinh.foundation.actions.queries.verifications import (
    last_proof,
    proof_by_id,
    proofs,
    seal_standing,
    seals_by_day,
    seals_of_day,
)

__all__ = [
    "page_after",
    # reads
    "FixedQuery",
    # routes
    "Request",
    "all_routes",
    "route",
    # verbs
    "action",
    "all_verbs",
    "insert_rows",
    "Verb",
    # who acts
    "Actor",
    "Grant",
    "Signing",
    "Permission",
    "SYSTEM_ONLY",
    "all_permissions",
    "system",
    "visitor",
    # events
    "all_handlers",
    "handles",
    "publish",
    # outbox
    "AlreadyDelivered",
    "Attempt",
    "Delivery",
    "RESEND",
    "Relay",
    "SentMessage",
    "Undeliverable",
    "all_channels",
    "attempts_at",
    "channel",
    "enqueue",
    "find_messages",
    "get_message",
    "message_by_id",
    "messages_of",
    "messages_of_rows",
    "resend",
    # how it goes
    "Pulse",
    "read_pulse",
    # what lies outside
    "Reply",
    "ReplyTooLarge",
    "Unreachable",
    "exchange",
    # jobs
    "Job",
    "Worker",
    "all_jobs",
    "delete_finished_jobs",
    "job",
    "periodic",
    "sweep_stalled_jobs",
    # what happened
    "Change",
    "HistoryEntry",
    "find_entry",
    "history_of",
    "log_page",
    "note_export",
    "seal_of",
    "stream_log",
    # the seal of the audit log
    "AlreadyVerifying",
    "ask_verification",
    "last_proof",
    "proof_by_id",
    "proofs",
    "run_verification",
    "seal_standing",
    "seals_by_day",
    "seals_of_day",
    "Fault",
    "SealKeyMissing",
    "Verification",
    "read_anchors",
    "renew_seal_key",
    "seal_anchor_path",
    "seal_entries",
    "verify_audit",
]

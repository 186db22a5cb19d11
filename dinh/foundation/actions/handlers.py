"""What the write path itself does when something was announced."""

from dinh.foundation.actions.events import AuditVerificationAsked
from dinh.foundation.actions.public import handles
from dinh.foundation.actions.tasks import verify_audit_log

__all__ = ["verify"]


@handles(AuditVerificationAsked)
def verify(event: AuditVerificationAsked) -> None:
    """A log of years takes minutes to prove: a worker does it."""
    verify_audit_log.defer(verification_id=str(event.verification_id))

"""Notes among officials, and messages between the applicant and who handles the dossier."""

import datetime as dt

from dinh.foundation.actions.public import Actor, action, publish
from dinh.kernel.errors import N_
from dinh.onestop.events import MessageSent
from dinh.onestop.models import Dossier, Message, Note
from dinh.onestop.permissions import TALK, WRITE_NOTE
from dinh.onestop.queries.talk import unanswered
from dinh.onestop.rules.talk import MOST_UNANSWERED, NoAccount, TooManyUnanswered, check_text

__all__ = ["note_messages_read", "send_message", "write_note"]


@action("note.written", permission=WRITE_NOTE, label=N_("Ghi chú nội bộ"))
def write_note(dossier: Dossier, *, text: str, by: Actor, now: dt.datetime) -> Note:
    """Write a note inside the dossier, for officials only. Raises ``NothingWritten``, ``TooLong``."""
    text = check_text(text, field="note-text")
    return Note.objects.create(dossier=dossier, text=text, at=now, author=by.name, position=by.position)


@action("message.sent", permission=TALK, label=N_("Nhắn tin về hồ sơ"))
def send_message(dossier: Dossier, *, text: str, by: Actor, now: dt.datetime) -> Message:
    """Send a message about a dossier to the other side, who is told of it.

    Raises ``NothingWritten``, ``TooLong``, ``NoAccount`` when the applicant could not read it, and
    ``TooManyUnanswered`` for an applicant who writes on and on.
    """
    text = check_text(text, field="message-text")
    from_applicant = by.kind == "citizen"
    if from_applicant and unanswered(dossier) >= MOST_UNANSWERED:
        raise TooManyUnanswered(field="message-text", most=MOST_UNANSWERED)
    if not from_applicant and dossier.owner_id is None:
        raise NoAccount(field="message-text")
    message = Message.objects.create(
        dossier=dossier,
        from_applicant=from_applicant,
        text=text,
        at=now,
        author=by.name,
        position=by.position,
    )
    publish(MessageSent(message_id=message.id, dossier_id=dossier.id, from_applicant=from_applicant))
    return message


def note_messages_read(dossier: Dossier, *, by: Actor, now: dt.datetime) -> None:
    """Note that the reader's side has seen the other's messages (no verb: nothing else changes).

    For officials only those count who may answer: a colleague's glance is not the answer's beginning.
    """
    if TALK.may(by, dossier):
        from_applicant = by.kind != "citizen"
        Message.objects.filter(dossier=dossier, from_applicant=from_applicant, read_at=None).update(
            read_at=now
        )

"""E-mail to any mail server, by the address in ``EMAIL_ADDRESS``.

``smtp://host:25`` plain (and STARTTLS where the server offers it), ``smtp+starttls://host:587`` never
without TLS, ``smtps://host:465`` TLS from the start; name and password stand before the host.
"""

import logging
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from dinh.foundation.actions.public import Undeliverable
from dinh.foundation.notify.adapters.errors import NotSent
from dinh.foundation.notify.rules.fates import ERRORS
from dinh.foundation.notify.rules.texts import one_line

__all__ = ["send"]

log = logging.getLogger(__name__)

_SECONDS = 20


def send(*, to: str, name: str, subject: str, body: str, message_id: str) -> None:
    """Give one plain-text message to the mail server. ``message_id`` makes a repeated one recognisable;
    ``to`` is one plain mailbox (``is_email``).

    Raises ``Undeliverable`` when it can never arrive, ``NotSent`` when it may later.
    """
    mail = _mail(to=to, name=name, subject=subject, body=body, message_id=message_id)
    try:
        with _connected(urlsplit(settings.EMAIL_ADDRESS)) as server:
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(next(iter(error.recipients.values()))[0], "refused") from error
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(ERRORS["login"]) from error
    except smtplib.SMTPSenderRefused as error:
        log.warning("the mail server refuses our sender: %s", error.smtp_code)
        raise NotSent(ERRORS["sender"]) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, "refused") from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(ERRORS["away"]) from error


def _refused(code: int, why: str) -> Exception:
    """A code of 500 and more is final (RFC 5321, 4.2.1), one of 400 asks to come again."""
    log.info("the mail server answers %s", code)
    return Undeliverable(ERRORS[why]) if code >= 500 else NotSent(ERRORS["busy"])


def _mail(*, to: str, name: str, subject: str, body: str, message_id: str) -> EmailMessage:
    mail = EmailMessage()
    sender = settings.EMAIL_FROM
    mail["From"] = _address(one_line(settings.PROVINCE.get("name", "")), sender)
    mail["To"] = _address(one_line(name), to)
    mail["Subject"] = one_line(subject)
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Unsubscribe"] = f"<{settings.PUBLIC_ADDRESS}/thong-bao/cai-dat/>"
    mail.set_content(body, cte="quoted-printable")
    return mail


def _address(name: str, address: str) -> Address:
    return Address(display_name=name, addr_spec=address)


def _connected(address: SplitResult) -> smtplib.SMTP:
    host, port = address.hostname or "", address.port or 0
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=_SECONDS)
    try:
        _prepare(server, address, context)
    except BaseException:
        server.close()
        raise
    return server


def _prepare(server: Any, address: SplitResult, context: ssl.SSLContext) -> None:
    server.ehlo()
    offers = server.has_extn("starttls")
    if address.scheme == "smtp+starttls" or (address.scheme == "smtp" and offers):
        server.starttls(context=context)
        server.ehlo()
    if address.username:
        server.login(unquote(address.username), unquote(address.password or ""))

"""A message as e-mail, given to a mail server."""

from __future__ import annotations

import base64
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from quynhon_crawler.config import Watch
from quynhon_crawler.config.secret import Secret, redact
from quynhon_crawler.config.unattended import smtp_place
from quynhon_crawler.errors import QuynhonError
from quynhon_crawler.watch.message import Message

_SECONDS = 30.0


def mail(watch: Watch, message: Message) -> None:
    """Send it. Raises ConfigError when the password is missing, QuynhonError when it is not taken."""
    password = Secret.read(watch.smtp_password).reveal() if watch.smtp_password else ""
    host, port = smtp_place(watch.smtp)
    try:
        with _connect(watch, host, port) as server:
            if watch.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if password:
                server.login(watch.smtp_user, password)
            server.send_message(_letter(watch, message))
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        # a server may repeat what it was sent
        both = f"\0{watch.smtp_user}\0{password}".encode()
        forms = (
            (password, *(base64.b64encode(text).decode() for text in (password.encode(), both)))
            if password
            else ()
        )
        raise QuynhonError(redact(f"{watch.smtp}: {_plain(error)}", *forms)) from None


def _connect(watch: Watch, host: str, port: int) -> smtplib.SMTP:
    if watch.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=_SECONDS)


def _letter(watch: Watch, message: Message) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = " ".join(f"[quynhon] {message.subject}".split())[:200]
    letter["From"] = watch.mail_from
    letter["To"] = ", ".join(watch.mail_to)
    letter["Date"] = formatdate(message.at.timestamp())
    letter["Message-ID"] = make_msgid(domain=watch.mail_from.rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers it
    letter.set_content(message.text)
    return letter


def _plain(error: Exception) -> str:
    if isinstance(error, UnicodeError):  # smtplib gives login and addresses as ASCII only
        return "user, password and addresses of mail may hold ASCII letters only"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {text}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"refuses {', '.join(error.recipients)}"
    return str(error) or type(error).__name__

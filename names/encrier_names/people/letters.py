# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our mail: invitations and links. It holds a name and a secret, and is never logged.

Sent through the SMTP server of the settings; nothing is sent where none is said.
"""

import logging
import smtplib
import threading
from typing import Final

from django.core.mail import EmailMessage, get_connection

from encrier.errors import EncrierError
from encrier.records import Record
from encrier_names import zone
from encrier_names.settings import Settings

TIMEOUT_S: Final = 10
_BACKEND: Final = "django.core.mail.backends.smtp.EmailBackend"
_log = logging.getLogger("encrier.names")


class MailNotSent(EncrierError):
    what = "Le courriel n’a pas pu partir\u00a0: le serveur de messagerie ne répond pas."
    next_step = "Réessayez dans quelques minutes, ou imprimez une invitation."
    status = 503


class Letter(Record, frozen=True):
    """One letter, to one person."""

    to: str
    subject: str
    body: str


def configured() -> bool:
    """Whether this zone can send mail."""
    return bool(zone.current().settings.mail_host)


def send(letter: Letter) -> None:
    """Send a letter now, or raise MailNotSent."""
    _post([letter], zone.current().settings)


def send_aside(letters: list[Letter]) -> None:
    """Send letters while the page is already answered: its time then tells nobody anything."""
    settings = zone.current().settings
    given = (letters, settings)
    threading.Thread(target=_post_quietly, args=given, name="letters", daemon=True).start()


def _post_quietly(letters: list[Letter], settings: Settings) -> None:
    try:
        _post(letters, settings)
    except MailNotSent:
        _log.error("event=mail-failed count=%d", len(letters))


def _post(letters: list[Letter], settings: Settings) -> None:
    password = settings.mail_password.words() if settings.mail_password else ""
    connection = get_connection(
        _BACKEND,
        host=settings.mail_host,
        port=settings.mail_port,
        username=settings.mail_user,
        password=password,
        use_tls=settings.mail_tls == "starttls",
        use_ssl=settings.mail_tls == "tls",
        timeout=TIMEOUT_S,
    )
    messages = [
        EmailMessage(one.subject, one.body, settings.mail_from, [one.to], connection=connection)
        for one in letters
    ]
    try:
        connection.send_messages(messages)
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent from error

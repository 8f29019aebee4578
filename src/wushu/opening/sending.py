"""The wire: a webhook through the guarded client, a mail through the mail server of the settings.

A receiver is not believed: its answer is read to 64 KiB and ten seconds, no redirect is followed, and
the address it leads to is judged anew at each message.
"""

from __future__ import annotations

import hmac
import json
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from wushu.kernel.errors import Refusal
from wushu.kernel.outgoing.client import Client, Limits
from wushu.opening import rules
from wushu.opening.notices import Mail
from wushu.opening.types import Problem

LIMITS = Limits(body_bytes=64 * 1024, seconds=10.0, redirects=0)
_GONE = 410
_REFUSED_FOR_GOOD = frozenset({550, 551, 553})
"""SMTP replies by which a server says that a mailbox is not there (RFC 5321, 4.2.3)."""
_INNER = frozenset({"outgoing-network-refused", "outgoing-address-unusable"})


@dataclass(frozen=True, slots=True)
class Call:
    """One message to a webhook, ready to be sent."""

    url: str
    secret: str = field(repr=False)
    message: str
    timestamp: int
    body: bytes
    challenge: str = ""
    """What the answer must give back; empty for a notice."""


def call(one: Call) -> Problem | None:
    """Send a message to a webhook; what went wrong, or None."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": one.message,
        "webhook-timestamp": str(one.timestamp),
        "webhook-signature": rules.signature(one.secret, one.message, one.timestamp, one.body),
    }
    try:
        answer = Client(settings.OUTGOING, LIMITS).post(one.url, one.body, headers=headers)
    except Refusal as refusal:
        return Problem.REFUSED_ADDRESS if refusal.name in _INNER else Problem.UNREACHABLE
    if answer.status == _GONE:
        return Problem.GONE
    if not rules.delivered(answer.status):
        return Problem.ANSWER
    if one.challenge and not _gives_back(answer.body, one.challenge):
        return Problem.CHALLENGE
    return None


def _gives_back(body: bytes, challenge: str) -> bool:
    """Whether the answer is the challenge, as text or as ``{"challenge": …}``."""
    text = body.decode("utf-8", "replace").strip()
    try:
        document = json.loads(text)
    except ValueError:
        document = text
    said = document.get("challenge") if isinstance(document, dict) else document
    return isinstance(said, str) and hmac.compare_digest(said.encode(), challenge.encode())


class Mailer:
    """One connection to the mail server for as many mails as wait."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._is_away = False
        """The server takes no connection or does not go on: the others need not wait for it too."""

    def send(self, address: str, mail: Mail, *, end: str, identity: str) -> Problem | None:
        """Send one mail; what went wrong, or None.

        ``end``: the link that ends the subscription. ``identity``: the same at each try, so that a
        mailbox that was sent it twice can tell (RFC 5322, 3.6.4).
        """
        if self._is_away:
            return Problem.MAIL_SERVER
        host = urlsplit(settings.BASE_URL).hostname or "localhost"
        headers = {
            "Message-ID": f"<{identity}@{host}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{end}>",
        }
        if end.startswith("https://"):  # RFC 8058 allows one click over https only
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message = EmailMessage(
            mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [address],
            headers=headers, connection=self._connection,
        )  # fmt: skip
        try:
            self._open()
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            gone = bool(codes) and all(code in _REFUSED_FOR_GOOD for code in codes)
            return Problem.MAILBOX if gone else Problem.MAIL_SERVER
        except OSError as error:  # what smtplib raises is one too
            self._connection.close()  # the next mail begins a new conversation
            self._is_away = self._is_away or isinstance(error, TimeoutError)
            return Problem.MAIL_SERVER
        return None

    def _open(self) -> None:
        try:
            self._connection.open()
        except OSError:
            self._is_away = True
            raise


def mail_trouble() -> str:
    """Why the mail server of the settings cannot be used; empty: it can, or none is named."""
    if not settings.EMAIL_HOST:
        return ""
    connection = get_connection()
    try:
        connection.open()
        connection.close()
    except OSError as error:
        return str(error).splitlines()[0] if str(error) else type(error).__name__
    return ""


@contextmanager
def mailer() -> Iterator[Mailer]:
    """A mailer that opens its connection with the first mail and closes it behind the last."""
    connection = get_connection()
    try:
        yield Mailer(connection)
    finally:
        connection.close()

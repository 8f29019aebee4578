"""A city with somebody who follows its data, a mail server and a webhook's receiver, all real."""

from __future__ import annotations

import ipaddress
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone
from standardwebhooks import Webhook

from tests.catalog.conftest import City, city, node
from tests.parties.conftest import World, _cheap_hashing
from wushu.catalog import services as catalog
from wushu.catalog.types import EntryView
from wushu.evidence.services import sequence
from wushu.kernel.outgoing.policy import Policy
from wushu.opening import services
from wushu.parties.types import Actor

__all__ = ["_cheap_hashing", "city", "node"]

LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


@pytest.fixture
def reader(city: City) -> Actor:
    """Somebody with an account and no role."""
    return World().actor("reader")


class _Inbox:
    """What the mail server took, and whom it refuses."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse: dict[str, str] = {}
        """Address -> SMTP reply."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str,
                          options: Any) -> str:  # fmt: skip
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        assert envelope.rcpt_tos == [mail["To"]]
        self.mails.append(mail)
        return "250 OK"


class _Server(Controller):
    """On a free port, which its own check after the start does not know otherwise."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def inbox(settings: Any) -> Iterator[_Inbox]:
    """A real mail server, which the node is told to use."""
    inbox = _Inbox()
    server = _Server(inbox, hostname="127.0.0.1", port=0)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "data@city.example"
    yield inbox
    server.stop()


@dataclass
class Receiver:
    """A program that takes webhooks: answers the challenge, and keeps what it was sent."""

    url: str = ""
    answers: dict[str, str] = field(default_factory=lambda: {"challenge": "give back"})
    status: int = 204
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def checked(self, secret: str) -> list[dict[str, Any]]:
        """Everything but challenges, its signature checked by the standard's own library."""
        checked = [Webhook(secret).verify(body, headers) for headers, body in self.got]
        return [one for one in checked if one["type"] != "subscription.challenge"]

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A real receiver on this machine, which the operator allows to be called."""
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            said = json.loads(body)
            answer = b""
            if said["type"] == "subscription.challenge" and made.answers["challenge"]:
                answer = json.dumps({"challenge": said["data"]["challenge"]}).encode()
                self.send_response(200)
            else:
                self.send_response(made.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    made.url = f"http://127.0.0.1:{port}/hook?token=t0ken"
    settings.OUTGOING = Policy(allowed=(LOOPBACK,), ports=(range(port, port + 1),))
    settings.WEBHOOK_HTTP = True
    yield made
    server.shutdown()
    server.server_close()


class Later:
    """The clock of the services, moved by the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.by = timedelta()
        real = timezone.now
        monkeypatch.setattr("django.utils.timezone.now", lambda: real() + self.by)

    def __call__(self, **by: float) -> datetime:
        self.by += timedelta(**by)
        return timezone.now()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    return Later(monkeypatch)


def relist(city: City, entry: EntryView, **changes: Any) -> None:
    """List the dataset anew with changed metadata."""
    assert entry.revision is not None
    metadata = replace(entry.revision.metadata, **changes)
    drafted = catalog.revision_draft(actor=city.clerk, entry=entry.id, metadata=metadata)
    catalog.revision_submit(actor=city.clerk, revision=drafted.id)
    catalog.revision_pass_gate(actor=city.reviewer, revision=drafted.id)


def new_version(city: City, entry: EntryView, number: int) -> None:
    """List another version of the data."""
    city.load(entry, number)
    drafted = city.newest(entry)
    catalog.revision_submit(actor=city.clerk, revision=drafted)
    catalog.revision_pass_gate(actor=city.reviewer, revision=drafted)


def work() -> int:
    """What the worker does, once; how many messages arrived."""
    sequence()
    services.events_take()
    services.events_fan_out()
    return services.notices_send()

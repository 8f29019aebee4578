"""Two officials, and catalogues of others on real servers of this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from wushu.evidence import services as evidence
from wushu.evidence.models import Entry
from wushu.harvest import selectors, services
from wushu.harvest.types import Description, RecordView, RunView, SourceKind
from wushu.kernel.outgoing.policy import policy
from wushu.parties.types import Actor, HeldRole, Role

Answer = tuple[int, str, bytes]
"""Status, media type, body; of a redirect where it leads, of a "later" when."""
Ask = dict[str, str]
"""Arguments of a request."""


def official(name: str, role: Role) -> Actor:
    """A person with one role in an organisation of their own."""
    account = uuid4()
    return Actor(
        urn=f"urn:uuid:{account}", name=name, account=account, person=uuid4(),
        roles=(HeldRole(uuid4(), role, "320500"),),
    )  # fmt: skip


@dataclass
class Elsewhere:
    """A server of somebody else: what it answers is changed by the test."""

    url: str
    routes: dict[str, Callable[[Ask], Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heard: Callable[[str], object] = len
    """Told the name that each client gives itself."""


@contextmanager
def serving() -> Iterator[Elsewhere]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            made.asked.append(self.path)
            made.heard(self.headers.get("User-Agent", ""))
            route = made.routes.get(parts.path)
            arguments = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            status, kind, body = route(arguments) if route else (404, "text/plain", b"none")
            self.send_response(status)
            if status in (429, 503):
                self.send_header("Retry-After", body.decode())
            if status in (301, 302):
                self.send_header("Location", body.decode())
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Elsewhere(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with serving() as made:
        yield made


@pytest.fixture
def node(db: None, node_home: Path, settings: Any) -> Any:
    """An initialised node that may ask servers of this machine."""
    settings.OUTGOING = policy("127.0.0.1/32", "1-65535")
    return evidence.node_initialise(
        origin="test.example/wushu", identifier_base="https://id.test.example",
        region_zh="示范市", region_en="Model City", division="320500",
    )  # fmt: skip


@dataclass
class Desk:
    """Makes sources through the real services."""

    proposer: Actor = field(default_factory=lambda: official("经办人", Role.PLATFORM_OPERATOR))
    activator: Actor = field(default_factory=lambda: official("审核人", Role.DATA_AUTHORITY))

    def active(
        self, url: str, kind: SourceKind = SourceKind.CKAN, name: str = "other", **more: Any
    ) -> str:
        services.source_propose(
            actor=self.proposer, name=name, kind=kind, url=url, title_zh="邻市公共数据",
            title_en="Neighbour's open data", reason="两市共用的公交数据。", **more,
        )  # fmt: skip
        services.source_activate(actor=self.activator, name=name)
        return name

    def run(self, name: str = "other", **more: Any) -> RunView:
        return services.source_harvest(actor=self.proposer, name=name, **more)


@pytest.fixture
def desk(node: Any) -> Desk:
    return Desk()


def shown(**wanted: Any) -> dict[str, Description]:
    """What the public finds, by identifier."""
    return {one.description.identifier: one.description for one in found(**wanted)}


def found(**wanted: Any) -> list[RecordView]:
    """All pages of it."""
    items: list[RecordView] = []
    cursor: str | None = None
    while True:
        page = selectors.records(**wanted, cursor=cursor)
        items += page.items
        cursor = page.cursor
        if cursor is None:
            return items


def log_size() -> int:
    return Entry.objects.count()


def document(value: Any) -> Answer:
    return 200, "application/json", json.dumps(value, ensure_ascii=False).encode()


def package(identifier: str, title: str = "公交线路", **more: Any) -> dict[str, Any]:
    """A dataset as CKAN's package_search gives it."""
    return {
        "id": identifier,
        "name": f"name-{identifier}",
        "title": title,
        "notes": f"{title}的说明。",
        "state": "active",
        "private": False,
        "type": "dataset",
        "organization": {"name": "jt", "title": "交通局"},
        "license_id": "cc-by",
        "license_title": "CC BY",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
        "tags": [{"name": "bus", "display_name": title}],
        "extras": [],
        "resources": [
            {"name": "线路表", "url": f"https://data.example/{identifier}.csv", "format": "CSV"}
        ],
        **more,
    }


@dataclass
class Ckan:
    """A server in CKAN's shape, whose datasets a test changes. ``most``: its own ceiling of rows."""

    server: Elsewhere
    packages: list[dict[str, Any]]
    most: int = 1000
    told: int | None = None

    def __post_init__(self) -> None:
        self.server.routes["/api/3/action/package_search"] = self.search

    def search(self, asked: Ask) -> Answer:
        start, rows = int(asked["start"]), min(int(asked["rows"]), self.most)
        chosen = sorted(self.packages, key=lambda one: str(one.get("id")))
        count = len(chosen) if self.told is None else self.told
        result = {"count": count, "results": chosen[start : start + rows]}
        return document({"success": True, "result": result})


@pytest.fixture
def ckan(elsewhere: Elsewhere) -> Ckan:
    return Ckan(elsewhere, [package("a"), package("b", "停车场"), package("c", "图书馆")])

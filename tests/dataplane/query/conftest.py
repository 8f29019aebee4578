"""A running data plane: uvicorn in a thread on the test's own database and files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from tests.dataplane.query import support
from wushu.config.listening import PROTOCOL
from wushu.dataplane.asgi import application
from wushu.dataplane.query import database


class Server(uvicorn.Server):
    """Runs in a thread of the test: signals stay the test runner's."""

    def install_signal_handlers(self) -> None:
        """None of our own."""


@pytest.fixture(autouse=True)
def _cheap_hashing(settings):
    settings.PASSWORD_HASHERS = ["tests.parties.hashers.CheapArgon2"]
    settings.RATE_LIMIT_PER_MINUTE = 0


@pytest.fixture(autouse=True)
def _closed_connections() -> Iterator[None]:
    """A database in use cannot be dropped. What one test asked is not held against the next."""
    application.plane.forget()
    yield
    database.close_all()


@pytest.fixture
def node(transactional_db, node_home: Path, settings) -> Iterator[str]:
    """Address of a node that serves the test's database and home."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is missing
    from wushu.config import asgi

    config = uvicorn.Config(
        asgi.application, host="127.0.0.1", port=0, log_level="warning", lifespan="off", ws="none",
        http=PROTOCOL,
    )  # fmt: skip
    server = Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def public(node: str) -> support.Dataset:
    """A dataset of a thousand rows that everybody may read."""
    dataset = support.publish()
    support.grant(dataset)
    return dataset


@pytest.fixture
def client(node: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=node, timeout=30) as made:
        yield made

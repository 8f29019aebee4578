"""Crawlers, slow clients and huge forms against a node in a process of its own.

Each is bounded or refused by name, and meanwhile the node answers another reader.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.portal.live import LiveNode, live_node
from tests.support.waiting import waited

pytestmark = [pytest.mark.once, pytest.mark.alone]

CRAWLERS = 50
OTHER = "198.51.100.7"
PATIENCE = 5.0
"""Seconds an answer to the other reader may take on a busy machine."""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveNode]:
    home = tmp_path_factory.mktemp("abused")
    with live_node(home, WUSHU_RATE_LIMIT_PER_MINUTE="120") as made:
        yield made


def from_address(address: str) -> dict[str, str]:
    """As the proxy on the node's own host says it."""
    return {"x-forwarded-for": address}


def connect(node: LiveNode) -> socket.socket:
    parts = urlsplit(node.url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30)


def resident(node: LiveNode) -> int:
    """Megabytes the server holds."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{node.pid}/status").read_text())
    assert found is not None
    return int(found[1]) // 1024


class Other:
    """A reader with an errand, while others misbehave."""

    def __init__(self, node: LiveNode) -> None:
        self.client = httpx.Client(
            base_url=node.url, headers=from_address(OTHER), timeout=PATIENCE * 3
        )

    def errand(self, slug: str) -> None:
        """The list, a dataset's page, its rows and the whole of it."""
        for path in (
            "/datasets", f"/datasets/{slug}", f"/api/v1/datasets/{slug}/rows", f"/data/{slug}.csv",
        ):  # fmt: skip
            begun = time.monotonic()
            answer = self.client.get(path)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
            assert time.monotonic() - begun < PATIENCE, path


@pytest.fixture
def other(node: LiveNode) -> Iterator[Other]:
    made = Other(node)
    yield made
    made.client.close()


def at_once(work: Callable[[int], None], count: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(count)]
    for one in threads:
        one.start()
    return threads


def slug_of(node: LiveNode) -> str:
    """A public dataset with rows."""
    return node.scenes.datasets["stops"]


def test_fifty_crawlers_are_slowed_down_and_others_are_answered(
    node: LiveNode, other: Other
) -> None:
    statuses: Counter[int] = Counter()
    stop = threading.Event()
    slug = slug_of(node)
    paths = (
        "/datasets", f"/datasets/{slug}", f"/en/datasets/{slug}", "/catalog.ttl",
        f"/api/v1/datasets/{slug}/rows", f"/data/{slug}.json", "/api/v1/datasets?q=gongjiao",
        f"/api/3/action/datastore_search?resource_id={slug}&q=1", "/bodies", "/nothing-here",
    )  # fmt: skip

    def crawl(number: int) -> None:
        # Ten of them behind each of five addresses
        headers = from_address(f"203.0.113.{number % 5}")
        with httpx.Client(base_url=node.url, headers=headers, timeout=120) as client:
            for turn in range(1_000):
                if stop.is_set():
                    return
                statuses[client.get(paths[(number + turn) % len(paths)]).status_code] += 1

    crawlers = at_once(crawl, CRAWLERS)
    try:
        assert waited(lambda: statuses.total() >= CRAWLERS, 60)
        other.errand(slug)  # while each page they ask for is made
        assert waited(lambda: statuses[429], 60)
        other.errand(slug)  # while they are turned away
    finally:
        stop.set()
        for one in crawlers:
            one.join(120)
    assert statuses.keys() <= {200, 404, 429}, statuses


def test_slow_clients_hold_nothing_that_others_need(node: LiveNode, other: Other) -> None:
    before = resident(node)
    with ExitStack() as held:
        for number in range(150):
            one = held.enter_context(connect(node))
            match number % 3:
                case 0:
                    one.sendall(b"GET /datasets HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
                case 1:
                    one.sendall(
                        b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\na"
                    )
                case _:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                    path = f"/data/{slug_of(node)}.csv"
                    one.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        other.errand(slug_of(node))
        assert resident(node) - before < 200


@pytest.mark.parametrize("path", ["/sign-in", "/desk/upload", "/healthz", "/api/3/action/x"])
def test_huge_forms_are_refused_before_they_are_kept(
    node: LiveNode, other: Other, path: str
) -> None:
    before = resident(node)
    kept = size(Path(node.environment["WUSHU_HOME"]))
    answers: list[bytes] = []

    def send(number: int) -> None:
        declared = b"Content-Length: 300000000" if number % 2 else b"Transfer-Encoding: chunked"
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 192.0.2.{number}\r\n"
        chunk = b"a" * 65_536 if number % 2 else b"10000\r\n" + b"a" * 65_536 + b"\r\n"
        with connect(node) as one:
            try:
                one.sendall(head.encode() + declared + b"\r\n\r\n")
                for _ in range(200 if number % 2 == 0 else 1):
                    one.sendall(chunk)
                answers.append(one.recv(4_096))
            except ConnectionError:
                answers.append(b"")

    senders = at_once(send, 10)
    other.errand(slug_of(node))
    for one in senders:
        one.join(60)
    # A client that goes on sending may be cut off before it hears why
    assert all(not one or b" 413 " in one.split(b"\r\n", 1)[0] for one in answers), answers
    assert any(b" 413 " in one for one in answers)
    assert resident(node) - before < 150
    assert size(Path(node.environment["WUSHU_HOME"])) - kept < 20_000_000


def size(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())

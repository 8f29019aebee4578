"""The guarded client against real servers: rebinding, redirects, floods, slowness, packed bombs."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from wushu.kernel.errors import Refusal
from wushu.kernel.outgoing.client import Client, Limits
from wushu.kernel.outgoing.policy import Address, Policy

LOOPBACK = ipaddress.ip_address("127.0.0.1")
OPEN = Policy(allowed=(ipaddress.ip_network("127.0.0.1/32"),), ports=(range(1, 65_536),))
CLOSED = Policy(ports=(range(1, 65_536),))

Handle = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(handle: Handle) -> Iterator[ThreadingHTTPServer]:
    """A real server that answers every request by ``handle``; ``asked`` lists the paths."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)  # type: ignore[attr-defined]
            handle(self)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Quiet."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
        thread.join()


def answer(body: bytes, status: int = 200, **headers: str) -> Handle:
    """A plain answer; underscores of header names stand for hyphens."""

    def handle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return handle


def at(made: ThreadingHTTPServer, path: str = "/", host: str = "127.0.0.1") -> str:
    return f"http://{host}:{made.server_port}{path}"


def refused(ask: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as found:
        ask()
    return found.value


def test_an_answer_comes_with_its_status_and_headers() -> None:
    with server(answer(b"hello", 404, Content_Type="text/Turtle; charset=utf-8")) as made:
        found = Client(OPEN).get(at(made, "/x?y=1"))
        Client(OPEN).post(at(made, "/hook;v=1?y=1;z"), b"")
        assert made.asked == ["/x?y=1", "/hook;v=1?y=1;z"]  # type: ignore[attr-defined]
    assert (found.status, found.body, found.media_type) == (404, b"hello", "text/turtle")


def test_a_server_of_this_machine_is_not_asked_at_all() -> None:
    with server(answer(b"inner")) as made:
        no = refused(lambda: Client(CLOSED).get(at(made)))
        assert made.asked == []  # type: ignore[attr-defined]
    assert no.name == "outgoing-network-refused"
    assert "127.0.0.1" in no.sentence("zh")


def test_a_name_that_leads_inside_is_refused_whatever_it_is_called() -> None:
    with server(answer(b"inner")) as made:
        client = Client(CLOSED, resolver=lambda host, port: [LOOPBACK])
        no = refused(lambda: client.get(at(made, host="public.example")))
        assert made.asked == []  # type: ignore[attr-defined]
    assert no.name == "outgoing-network-refused"


def test_a_name_that_is_rebound_after_it_was_judged_leads_nowhere_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The resolver says a harmless address once and this machine ever after."""
    judged = ipaddress.ip_address("127.0.0.1")
    answers: list[list[Address]] = [[judged]]
    looked_up: list[str] = []

    def rebinding(host: str, port: int) -> list[Address]:
        looked_up.append(host)
        return answers.pop(0) if answers else [ipaddress.ip_address("127.0.0.2")]

    connected: list[object] = []
    connect = socket.create_connection

    def watched(address: tuple[str, int], *rest: object, **named: object) -> socket.socket:
        connected.append(address[0])
        return connect(address, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", watched)
    with server(answer(b"ok")) as made:
        client = Client(OPEN, resolver=rebinding)
        assert client.get(at(made, host="rebound.example")).body == b"ok"
        assert (looked_up, connected) == (["rebound.example"], ["127.0.0.1"])
        # The second request looks up and judges anew: now the name leads inside.
        no = refused(lambda: client.get(at(made, host="rebound.example")))
    assert no.name == "outgoing-network-refused"
    assert connected == ["127.0.0.1"]


@pytest.mark.parametrize(
    "to", ["http://127.0.0.2:{port}/", "http://[::1]:{port}/", "http://inner.example:{port}/"]
)
def test_a_redirect_into_the_inner_network_is_not_followed(to: str) -> None:
    where: dict[str, str] = {}

    def handle(request: BaseHTTPRequestHandler) -> None:
        answer(b"", 302, Location=where["to"])(request)

    def resolver(host: str, port: int) -> list[Address]:
        return [ipaddress.ip_address("10.0.0.7")]

    with server(handle) as made:
        where["to"] = to.format(port=made.server_port)
        no = refused(lambda: Client(OPEN, resolver=resolver).get(at(made)))
        assert len(made.asked) == 1  # type: ignore[attr-defined]
    assert no.name == "outgoing-network-refused"


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "http://user:word@127.0.0.1/", "//127.0.0.1:0/", "http://[fe80::1%25lo]/"]
)  # fmt: skip
def test_a_redirect_to_what_is_never_asked_is_not_followed(to: str) -> None:
    with server(answer(b"", 302, Location=to)) as made:
        no = refused(lambda: Client(OPEN).get(at(made)))
        assert len(made.asked) == 1  # type: ignore[attr-defined]
    assert no.name == "outgoing-address-unusable"
    assert "word@" not in no.sentence("zh")


def test_a_few_redirects_are_followed_and_no_more() -> None:
    def handle(request: BaseHTTPRequestHandler) -> None:
        left = int(request.path.strip("/"))
        if left:
            answer(b"", 302, Location=f"/{left - 1}")(request)
        else:
            answer(b"there")(request)

    with server(handle) as made:
        client = Client(OPEN, Limits(redirects=3))
        found = client.get(at(made, "/3"))
        assert (found.body, found.url) == (b"there", at(made, "/0"))
        assert refused(lambda: client.get(at(made, "/4"))).name == "outgoing-redirected"


def test_secrets_are_not_carried_to_another_server() -> None:
    seen: list[str | None] = []

    def second(request: BaseHTTPRequestHandler) -> None:
        seen.append(request.headers["Authorization"])
        answer(b"ok")(request)

    with server(second) as other, server(answer(b"", 302, Location=at(other))) as made:
        Client(OPEN).get(at(made), headers={"Authorization": "Bearer x"})
        Client(OPEN).get(at(other), headers={"Authorization": "Bearer x"})
    assert seen == [None, "Bearer x"]


def test_what_is_posted_goes_to_its_own_address_only() -> None:
    bodies: list[bytes] = []

    def handle(request: BaseHTTPRequestHandler) -> None:
        bodies.append(request.rfile.read(int(request.headers["Content-Length"])))
        answer(b"", 307 if request.path == "/away" else 204, Location="/")(request)

    with server(handle) as made:
        assert Client(OPEN).post(at(made), "数".encode()).status == 204
        assert refused(lambda: Client(OPEN).post(at(made, "/away"), b"x")).name == (
            "outgoing-redirected"
        )
    assert bodies == ["数".encode(), b"x"]


@pytest.mark.parametrize("packed", [False, True])
def test_a_flood_is_cut_at_the_limit(packed: bool) -> None:
    body = gzip.compress(b"\0" * 5_000_000) if packed else b"\0" * 5_000_000
    headers = {"Content_Encoding": "gzip"} if packed else {}
    with server(answer(body, **headers)) as made:
        no = refused(lambda: Client(OPEN, Limits(body_bytes=1_000_000)).get(at(made)))
        assert Client(OPEN, Limits(body_bytes=5_000_000)).get(at(made)).body == b"\0" * 5_000_000
    assert (no.name, no.facts["limit"]) == ("outgoing-too-large", 1_000_000)


def test_headers_without_end_are_cut() -> None:
    def handle(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 2_000_000 + b"\r\n\r\n")

    with server(handle) as made:
        no = refused(lambda: Client(OPEN).get(at(made)))
    assert no.name == "outgoing-answer-broken"


def test_hints_without_end_are_cut() -> None:
    """Interim answers (1xx) may come in any number; their bytes count."""

    def handle(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100_000)

    with server(handle) as made:
        no = refused(lambda: Client(OPEN, Limits(body_bytes=1000)).get(at(made)))
    assert no.name == "outgoing-too-large"


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_a_server_that_drips_is_left_at_the_deadline(before: bytes) -> None:
    """Each byte comes in time, and all of them never would."""
    left = threading.Event()

    def handle(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(before or b"HTTP/1.1 200 OK\r\nX: ")
        with suppress(OSError):  # the client left
            while not left.wait(0.02):
                request.wfile.write(b"y")

    with server(handle) as made:
        try:
            no = refused(lambda: Client(OPEN, Limits(seconds=0.3)).get(at(made)))
        finally:
            left.set()
    assert no.name == "outgoing-too-slow"


def test_a_resolver_that_never_answers_is_left_at_the_deadline() -> None:
    left = threading.Event()

    def silent(host: str, port: int) -> list[Address]:
        left.wait(10)
        return []

    try:
        no = refused(lambda: Client(OPEN, Limits(seconds=0.1), silent).get("http://slow.example/"))
    finally:
        left.set()
    assert no.name == "outgoing-too-slow"


def test_a_name_that_nobody_knows_is_said_so() -> None:
    def unknown(host: str, port: int) -> list[Address]:
        raise socket.gaierror(-2, "Name or service not known")

    no = refused(lambda: Client(OPEN, resolver=unknown).get("http://nowhere.example/"))
    assert no.name == "outgoing-name-unknown"


@pytest.mark.parametrize(
    "body", [b"not http at all\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"]
)
def test_what_is_not_http_is_said_so(body: bytes) -> None:
    def handle(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(body)
        request.close_connection = True

    with server(handle) as made:
        assert refused(lambda: Client(OPEN).get(at(made))).name == "outgoing-answer-broken"


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (b"x", "br"),
        (b"not gzip", "gzip"),
        (gzip.compress(b"hello", mtime=0)[:-3], "gzip"),
        (gzip.compress(b"one", mtime=0) + gzip.compress(b"two", mtime=0), "gzip"),
    ],
)
def test_a_packing_that_cannot_be_undone_is_said_so(body: bytes, coding: str) -> None:
    with server(answer(body, Content_Encoding=coding)) as made:
        assert refused(lambda: Client(OPEN).get(at(made))).name == "outgoing-answer-broken"


def test_a_port_where_nobody_listens_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    no = refused(lambda: Client(OPEN).get(f"http://127.0.0.1:{port}/"))
    assert no.name == "outgoing-unreachable"


def test_a_certificate_that_nobody_vouches_for_is_refused(tls_server: int) -> None:
    client = Client(OPEN, resolver=lambda host, port: [LOOPBACK])
    no = refused(lambda: client.get(f"https://data.example:{tls_server}/"))
    assert no.name == "outgoing-unreachable"
    assert "certificate" in no.sentence("en").lower()


def test_a_certificate_is_checked_against_the_name_and_not_the_address(
    tls_server: int, certificate: Path
) -> None:
    trusting = ssl.create_default_context(cafile=certificate)
    client = Client(OPEN, resolver=lambda host, port: [LOOPBACK], tls=trusting)
    assert client.get(f"https://data.example:{tls_server}/").body == b"sealed"
    for other in ("other.example", "127.0.0.1"):
        no = refused(lambda other=other: client.get(f"https://{other}:{tls_server}/"))  # type: ignore[misc]
        assert no.name == "outgoing-unreachable"

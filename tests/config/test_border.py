"""What stands before both planes, on a running node: heads, bodies, hosts and rates have an end."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client

from tests.dataplane.query import support
from tests.dataplane.query.conftest import _cheap_hashing, _closed_connections, node
from tests.evidence.conftest import initialise
from tests.portal.messages import compile_catalogues
from tests.support.waiting import waited
from wushu.config import border, protocol
from wushu.parties.models import Account

__all__ = ["_cheap_hashing", "_closed_connections", "node"]

ROWS = "/api/v1/datasets/streets/rows"
PLANES = ("/healthz", "/datasets", "/en/datasets", ROWS, "/api/v1/datasets")


@pytest.fixture
def started(node: str) -> str:
    compile_catalogues()
    initialise()
    support.grant(support.publish())
    return node


@pytest.fixture
def client(started: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=started, timeout=30) as made:
        yield made


def connect(address: str) -> socket.socket:
    host, port = urlsplit(address).hostname, urlsplit(address).port
    return socket.create_connection((host, port), timeout=30)


def heard(connection: socket.socket) -> bytes:
    """All that comes until the server ends the connection."""
    parts = []
    try:
        while part := connection.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def taken(connection: socket.socket, chunk: bytes, most: int = 100_000_000) -> int:
    """How many bytes can be sent until the server ends the connection."""
    sent = 0
    try:
        while sent < most:
            connection.sendall(chunk)
            sent += len(chunk)
    except ConnectionError:
        pass
    return sent


def request(method: str, path: str, *headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


# Heads


@pytest.mark.parametrize("path", PLANES)
def test_a_long_head_is_refused_by_name_on_every_plane(client, path):
    answer = client.get(path, headers={"x-pad": "a" * 40_000})
    assert (answer.status_code, answer.json()["name"]) == (431, "headers-too-long")
    answer = client.get(f"{path}?cursor={'a' * 40_000}")
    assert (answer.status_code, answer.json()["name"]) == (431, "headers-too-long")


def test_a_head_without_end_is_not_kept(started):
    with connect(started) as one:
        one.sendall(request("GET", "/healthz").removesuffix(b"\r\n") + b"X-Pad: ")
        assert taken(one, b"a" * 65_536) < 10_000_000


def test_a_head_that_does_not_come_ends_the_connection(started, monkeypatch):
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.1)
    for beginning in (b"", b"GET /healthz HTTP/1.1\r\nHost: a\r\n"):
        with connect(started) as one:
            one.sendall(beginning)
            assert heard(one) == b""


# Bodies


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/desk/upload", "/en/desk/upload", ROWS])
def test_a_large_body_is_refused_before_it_is_read(started, path):
    with connect(started) as one:
        one.sendall(request("POST", path, "Content-Length: 300000000", "Connection: keep-alive"))
        answer = heard(one)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"request-too-large"' in answer


def test_a_body_that_does_not_say_its_length_is_refused_where_it_becomes_too_large(started):
    chunk = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    with connect(started) as one:
        one.sendall(request("POST", "/sign-in", "Transfer-Encoding: chunked"))
        assert taken(one, chunk) < 20_000_000


def test_a_form_just_within_the_limit_reaches_its_page(client, settings):
    body = b"a=" + b"b" * (settings.BODY_MAX_BYTES - 2)
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", content=body, headers=form).status_code == 403  # no CSRF token
    assert client.post("/sign-in", content=body + b"b", headers=form).status_code == 413


def test_only_who_is_signed_in_may_send_a_large_file(started, settings):
    settings.UPLOAD_MAX_BYTES = 200 * 1024**2
    large = request("POST", "/desk/upload", "Content-Length: 100000000", "Cookie: {}")
    someone = Client()
    someone.force_login(
        Account.objects.get(pk=support.reader().actor.account),
        backend="wushu.parties.backends.AccountBackend",
    )
    key = someone.cookies["sessionid"].value
    with connect(started) as one:
        one.sendall(large.replace(b"{}", b"sessionid=" + b"a" * 32))
        assert b"request-too-large" in heard(one)
    with connect(started) as one:
        one.sendall(large.replace(b"{}", f"sessionid={key}".encode()) + b"a" * 100_000)
        one.settimeout(0.5)
        with pytest.raises(TimeoutError):  # it waits for the rest
            one.recv(1)


def test_a_body_that_does_not_come_is_not_waited_for(started, monkeypatch):
    monkeypatch.setattr(border, "BODY_SECONDS", 0.1)
    for path in ("/sign-in", "/api/3/action/package_search", "/api/3/action/datastore_search"):
        with connect(started) as one:
            one.sendall(request("POST", path, "Content-Length: 1000") + b"a=")
            answer = heard(one)
        assert answer.startswith(b"HTTP/1.1 408 "), path
        assert b"request-too-slow" in answer


# Hosts


@pytest.mark.parametrize("path", [ROWS, "/data/streets.csv", "/api/3/action/datastore_search"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a b", "[::1"])
def test_the_data_plane_answers_for_its_own_names_only(client, path, host):
    answer = client.get(path, headers={"host": host})
    assert (answer.status_code, answer.json()["name"]) == (400, "host-not-this-node")


def test_a_request_for_this_node_is_answered(client):
    for host in ("127.0.0.1", "localhost:8000"):
        assert client.get(ROWS, headers={"host": host}).status_code == 200


# Rates


@pytest.mark.parametrize("path", ["/datasets", "/en/datasets", "/api/v1/datasets", "/readyz"])
def test_pages_and_the_catalogues_api_have_a_rate_too(client, settings, path):
    settings.RATE_LIMIT_PER_MINUTE = 12
    answers = [client.get(path, headers={"accept": "text/html"}) for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "too-many-requests" in answers[-1].text
    assert answers[-1].headers["content-type"] == "text/html; charset=utf-8"
    words = "Too many requests" if path.startswith("/en/") else "请求过于频繁"
    assert words in answers[-1].text


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_the_check_of_life_and_the_design_are_never_too_many(client, settings):
    settings.RATE_LIMIT_PER_MINUTE = 4
    for _ in range(5):
        assert client.get("/healthz").status_code == 200
        assert client.get("/static/portal/paper.css").status_code != 429


def test_a_program_gets_problem_details(client, settings):
    settings.RATE_LIMIT_PER_MINUTE = 4
    client.get("/api/v1/datasets")
    refused = client.get("/api/v1/datasets", headers={"accept": "application/json"})
    assert refused.headers["content-type"] == "application/problem+json"
    assert json.loads(refused.content)["name"] == "too-many-requests"


# Answers


def test_a_client_that_takes_nothing_of_a_page_is_let_go(started, monkeypatch):
    """The server would keep the whole answer for as long as the connection lasts."""
    monkeypatch.setattr(protocol, "TAKE_SECONDS", 0.2)
    fields = (support.FieldSpec("text"),)
    rows = [(f"{n:06d}" * 600,) for n in range(1_000)]
    support.grant(support.publish("wide", fields=fields, rows=rows))
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    with one:
        one.settimeout(30)
        one.connect((urlsplit(started).hostname, urlsplit(started).port))
        one.sendall(request("GET", "/api/v1/datasets/wide/rows?limit=1000"))
        assert waited(lambda: _held(started) == 0)
        received = len(heard(one))
    assert received < 3_000_000


def _held(started: str) -> int:
    """Connections to the node's port that the server still has."""
    port = f":{urlsplit(started).port:04X}"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(line.split()[1].endswith(port) and line.split()[3] == "01" for line in lines)

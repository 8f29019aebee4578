"""Asks another server: bounded in time, bytes and redirects, and only at an address that was judged.

The name is looked up once for each request, and the connection made to that very address, so that a
name that leads elsewhere a moment later (DNS rebinding) changes nothing. Certificates are checked
against the name. Proxies of the environment are not used: behind one the address could not be judged.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpcore2

import wushu
from wushu.kernel.errors import Said
from wushu.kernel.outgoing.policy import Address, Policy, Target, shown
from wushu.kernel.outgoing.refusals import (
    OUTGOING_ANSWER_BROKEN,
    OUTGOING_NAME_UNKNOWN,
    OUTGOING_REDIRECTED,
    OUTGOING_TOO_LARGE,
    OUTGOING_TOO_SLOW,
    OUTGOING_UNREACHABLE,
)

Resolver = Callable[[str, int], list[Address]]
"""The addresses of a host; ``OSError`` when it has none."""

_HEADERS_MAX = 128 * 1024
"""Bytes that an answer may take on the wire beyond its body; h11 bounds one set of headers at 100 KB."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CONNECT_SECONDS = 10.0
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one answer may cost, redirects included."""

    body_bytes: int = 32 * 1024**2
    """Of the body after unpacking."""
    seconds: float = 60.0
    """From the first look-up to the last byte."""
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; any status."""

    url: str
    """Where it was found in the end."""
    status: int
    headers: Mapping[str, str]
    """Names in small letters; the last of several alike."""
    body: bytes

    @property
    def media_type(self) -> str:
        """``text/turtle`` of ``text/turtle; charset=utf-8``, in small letters; empty if not told."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def look_up(host: str, port: int) -> list[Address]:
    """The addresses of a host, from the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    texts = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)
    return [ipaddress.ip_address(text) for text in texts]


@dataclass(frozen=True)
class Client:
    """Asks other servers under one policy. Keeps nothing between requests."""

    policy: Policy
    limits: Limits = Limits()
    resolver: Resolver = look_up
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    """Certificates are those of the system, or of ``SSL_CERT_FILE`` for a network with its own."""

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Read something; a few redirects are followed, each judged as the first address was."""
        deadline = _Deadline(self.limits.seconds)
        target = self.policy.read(url)
        wanted = dict(headers or {})
        for _ in range(self.limits.redirects + 1):
            answer = self._exchange("GET", target, wanted, b"", deadline)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return answer
            following = self._redirected(target, answer)
            if following.origin != target.origin:
                wanted = {n: v for n, v in wanted.items() if n.lower() == "accept"}
            target = following
        raise OUTGOING_REDIRECTED(
            host=target.host,
            to=shown(target.url),
            reason=Said("转了太多次", "it was sent on too often"),
        )

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Hand something over. A redirect is not followed: it would be handed to somebody else."""
        target = self.policy.read(url)
        answer = self._exchange(
            "POST", target, dict(headers or {}), body, _Deadline(self.limits.seconds)
        )
        if answer.status in _REDIRECTS:
            raise OUTGOING_REDIRECTED(
                host=target.host,
                to=shown(answer.headers.get("location", "")),
                reason=Said(
                    "提交的内容只交给所写的网址", "what is sent goes to its own address only"
                ),
            )
        return answer

    def _redirected(self, target: Target, answer: Answer) -> Target:
        to = urljoin(target.url, answer.headers["location"])
        following = self.policy.read(to)
        if target.scheme == "https" and following.scheme != "https":
            raise OUTGOING_REDIRECTED(
                host=target.host,
                to=shown(to),
                reason=Said("从 https 转到 http", "it leads from https to http"),
            )
        return following

    def _exchange(
        self,
        method: str,
        target: Target,
        headers: dict[str, str],
        body: bytes,
        deadline: _Deadline,
    ) -> Answer:
        try:
            return self._exchanged(method, target, headers, body, deadline)
        except (httpcore2.TimeoutException, TimeoutError):
            raise OUTGOING_TOO_SLOW(host=target.host, seconds=f"{self.limits.seconds:g}") from None
        except httpcore2.NetworkError as error:
            raise OUTGOING_UNREACHABLE(host=target.host, reason=_first_line(error)) from error
        except httpcore2.ProtocolError as error:
            raise OUTGOING_ANSWER_BROKEN(host=target.host, reason=_first_line(error)) from error

    def _exchanged(
        self,
        method: str,
        target: Target,
        headers: dict[str, str],
        body: bytes,
        deadline: _Deadline,
    ) -> Answer:
        addresses = self.policy.usable(target.host, self._addresses(target, deadline))
        bound = self.limits.body_bytes + _HEADERS_MAX
        connection = httpcore2.HTTPConnection(
            httpcore2.Origin(target.scheme.encode(), target.host.encode(), target.port),
            ssl_context=self.tls,
            network_backend=_Pinned(target.host, addresses, deadline, bound),
        )
        sent = {
            "Host": target.url.split("/", 3)[2],
            "User-Agent": f"wushu/{wushu.__version__}",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **headers,
        }
        if method == "POST":
            sent["Content-Length"] = str(len(body))
        # In its parts: from one string the library would cut what follows a semicolon in the path.
        url = httpcore2.URL(
            scheme=target.scheme, host=target.host, port=target.port, target=target.path
        )
        request = httpcore2.Request(method, url, headers=list(sent.items()), content=body or None)
        with connection:
            response = connection.handle_request(request)
            found = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in response.headers
            }
            content = _unpacked(target.host, response.iter_stream(), found, self.limits.body_bytes)
            return Answer(target.url, response.status, found, content)

    def _addresses(self, target: Target, deadline: _Deadline) -> list[Address]:
        try:
            return [ipaddress.ip_address(target.host)]
        except ValueError:
            pass  # a name
        found = _in_time(lambda: self.resolver(target.host, target.port), deadline.left())
        if isinstance(found, OSError):
            raise OUTGOING_NAME_UNKNOWN(host=target.host, reason=_first_line(found)) from found
        return found


class _Deadline:
    """The moment by which everything must be done."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left; ``TimeoutError`` when none is."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _in_time(ask: Callable[[], list[Address]], seconds: float) -> list[Address] | OSError:
    """What the resolver says; it knows no time limit of its own, so it is waited for from outside."""
    answers: list[list[Address] | OSError] = []

    def look() -> None:
        try:
            answers.append(ask())
        except OSError as error:
            answers.append(error)
        except UnicodeError as error:  # a name the resolver's own encoder refuses
            answers.append(OSError(str(error)))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(seconds)
    if not answers:
        raise TimeoutError
    return answers[0]


class _Pinned(httpcore2.NetworkBackend):
    """Connects to the addresses it was given, whatever it is asked for."""

    def __init__(
        self, host: str, addresses: list[Address], deadline: _Deadline, bound: int
    ) -> None:
        self._host = host
        self._addresses = addresses
        self._deadline = deadline
        self._bound = bound
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first address that takes one."""
        failure: Exception = httpcore2.ConnectError("it has no address")
        for address in self._addresses:
            try:
                seconds = min(self._deadline.left(), _CONNECT_SECONDS)
                stream = self._plain.connect_tcp(
                    str(address), port, seconds, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Bounded(stream, self._host, self._deadline, self._bound)
        raise failure


class _Bounded(httpcore2.NetworkStream):
    """A connection whose every wait ends at the deadline and whose bytes are counted."""

    def __init__(
        self, stream: httpcore2.NetworkStream, host: str, deadline: _Deadline, bound: int
    ) -> None:
        self._stream = stream
        self._host = host
        self._deadline = deadline
        self._bound = self._left = bound

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes as they come; OUTGOING_TOO_LARGE beyond the bound."""
        data = self._stream.read(max_bytes, self._deadline.left())
        self._left -= len(data)
        if self._left < 0:
            raise OUTGOING_TOO_LARGE(host=self._host, limit=self._bound)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Bytes out, a piece at a time, so that a slow reader is not waited for beyond the deadline."""
        for start in range(0, len(buffer), _CHUNK):
            self._stream.write(buffer[start : start + _CHUNK], self._deadline.left())

    def close(self) -> None:
        """End it."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        """The same connection under TLS, its certificate checked against the name."""
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _Bounded(stream, self._host, self._deadline, self._left)

    def get_extra_info(self, info: str) -> object:
        """What the connection below knows."""
        return self._stream.get_extra_info(info)


def _unpacked(host: str, chunks: Iterable[bytes], headers: Mapping[str, str], limit: int) -> bytes:
    """The body; a packed one never takes more memory than the limit and one chunk."""
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise OUTGOING_ANSWER_BROKEN(
            host=host,
            reason=Said(
                f"用了没有请求的压缩方式 {coding[:20]}", f"it is packed as {coding[:20]}, unasked"
            ),
        )
    packed = coding in ("gzip", "x-gzip")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    body = bytearray()
    for chunk in chunks:
        try:
            body += unpacker.decompress(chunk, limit - len(body) + 1) if packed else chunk
        except zlib.error as error:
            raise OUTGOING_ANSWER_BROKEN(host=host, reason=str(error)) from error
        if len(body) > limit or unpacker.unconsumed_tail:
            raise OUTGOING_TOO_LARGE(host=host, limit=limit)
        if unpacker.unused_data:  # another member or rubbish: nothing is dropped without a word
            raise OUTGOING_ANSWER_BROKEN(
                host=host, reason=Said("压缩内容之后还有数据", "something follows its packed body")
            )
    if packed and body and not unpacker.eof:
        raise OUTGOING_ANSWER_BROKEN(
            host=host, reason=Said("压缩内容不完整", "its packed body ends early")
        )
    return bytes(body)


def _first_line(error: BaseException) -> str:
    """What the system says, on one line."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]

"""ClamAV's daemon, asked over its own protocol (clamd(8), INSTREAM): the file is streamed, never held."""

from __future__ import annotations

import logging
import socket
import struct
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

from wushu.kernel.scanning.refusals import MALWARE_FOUND, SCAN_TOO_LARGE, SCAN_UNAVAILABLE

CHUNK = 256 * 1024
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 120.0
_ANSWER_BYTES = 4096
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clamd:
    """A daemon at ``tcp://HOST:PORT`` or ``unix:///PATH``. ``ValueError`` for another address."""

    url: str
    max_bytes: int
    """Not more than the daemon's StreamMaxLength, which it may only say by hanging up."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        is_tcp = parts.scheme == "tcp" and parts.hostname and parts.port
        if not is_tcp and not (parts.scheme == "unix" and parts.path and not parts.netloc):
            raise ValueError(f"WUSHU_CLAMD_URL: {self.url!r} is neither tcp://… nor unix:///…")

    def require_clean(self, stream: IO[bytes], name: str) -> None:
        """As ``Scanner``: whatever is not a plain "OK" of the daemon is a refusal."""
        try:
            with self._connected() as connection:
                connection.sendall(b"zINSTREAM\0")
                answer = self._hand_over(connection, stream, name)
        except OSError as error:
            _log.exception("clamd at %s did not answer", self.url)
            raise SCAN_UNAVAILABLE(name=name) from error
        if answer == "stream: OK":
            return
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            signature = answer.removeprefix("stream: ").removesuffix(" FOUND")
            _log.warning("clamd found %s in an upload", signature)
            raise MALWARE_FOUND(name=name, signature=signature)
        if answer.startswith("INSTREAM size limit exceeded"):
            raise SCAN_TOO_LARGE(name=name, limit=self.max_bytes)
        _log.error("clamd at %s said %r", self.url, answer)
        raise SCAN_UNAVAILABLE(name=name)

    def version(self) -> str:
        """What the daemon calls itself and its signatures; ``OSError`` when it does not answer."""
        with self._connected() as connection:
            connection.sendall(b"zVERSION\0")
            return _answer(connection)

    def _hand_over(self, connection: socket.socket, stream: IO[bytes], name: str) -> str:
        size = 0
        try:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > self.max_bytes:
                    raise SCAN_TOO_LARGE(name=name, limit=self.max_bytes)
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError) as error:
            answer = _answer(connection)  # the daemon has hung up; why, it may have said before
            if answer.endswith(" OK"):
                raise ConnectionError("clamd said OK before it had everything") from error
            return answer
        return _answer(connection)

    def _connected(self) -> socket.socket:
        parts = urlsplit(self.url)
        if parts.scheme == "tcp":
            address = (parts.hostname or "", parts.port or 0)
            connection = socket.create_connection(address, CONNECT_SECONDS)
        else:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(CONNECT_SECONDS)
            try:
                connection.connect(parts.path)
            except OSError:
                connection.close()
                raise
        connection.settimeout(ANSWER_SECONDS)
        return connection


def _answer(connection: socket.socket) -> str:
    """Up to the null byte; ``OSError`` when the daemon hangs up before it."""
    found = b""
    while not found.endswith(b"\0"):
        piece = connection.recv(_ANSWER_BYTES)
        if not piece or len(found) > _ANSWER_BYTES:
            raise ConnectionError("clamd hung up in the middle of its answer")
        found += piece
    return found.rstrip(b"\0\n").decode("utf-8", "replace")

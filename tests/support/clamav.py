"""ClamAV's real daemon with one signature, the test file's; and a server that speaks its protocol exactly."""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.bucket import free_port
from wushu.kernel.scanning.clamd import Clamd

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The file every scanner knows and that does nothing (EICAR, 2006)."""


def is_installed() -> bool:
    return shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin") is not None


@contextmanager
def daemon(folder: Path, *, stream_max: int = 0) -> Iterator[tuple[str, str]]:
    """Addresses of a real clamd by socket and by TCP; it needs no network and no other signatures."""
    (folder / "signatures").mkdir()
    (folder / "signatures" / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
    port, place = free_port(), folder / "clamd.sock"
    settings = [
        "Foreground yes", f"DatabaseDirectory {folder / 'signatures'}", f"LocalSocket {place}",
        f"TCPSocket {port}", "TCPAddr 127.0.0.1", f"TemporaryDirectory {folder}",
        "ConcurrentDatabaseReload no", "AlertExceedsMax yes",
        *([f"StreamMaxLength {stream_max}"] if stream_max else []),
    ]  # fmt: skip
    (folder / "clamd.conf").write_text("\n".join(settings) + "\n")
    with (folder / "clamd.log").open("wb") as log:
        process = subprocess.Popen(
            ["/usr/sbin/clamd", "--config-file", str(folder / "clamd.conf")],
            stdout=log,
            stderr=log,
        )
        try:
            _await(process, f"unix://{place}", folder / "clamd.log")
            yield f"unix://{place}", f"tcp://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Until it answers; it says nothing when it is ready, so it is asked, each time a little later."""
    pause = threading.Event()
    for _ in range(200):
        assert process.poll() is None, log.read_text()
        with suppress(OSError):
            Clamd(url, 0).version()
            return
        pause.wait(0.1)
    raise AssertionError("clamd does not answer: " + log.read_text())


@contextmanager
def scripted(answer: bytes, *, hang_up_after: int = -1) -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads one INSTREAM as clamd(8) describes it and gives this answer.

    For what the real daemon cannot be made to say. The list gets the bytes that were handed over.
    ``hang_up_after``: it closes the connection after so many bytes, its answer given before.
    """
    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def serve() -> None:
            with suppress(OSError, struct.error):  # whoever asks may hang up
                connection, _ = server.accept()
                with connection, connection.makefile("rb") as lines:
                    assert lines.read(10) == b"zINSTREAM\0"
                    size = 0
                    while length := struct.unpack("!I", lines.read(4))[0]:
                        taken.append(lines.read(length))
                        size += length
                        if 0 <= hang_up_after <= size:
                            break
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{port}", taken
        finally:
            server.close()
            thread.join(20)

"""A throw-away PostgreSQL cluster from Debian's package, for the suite's own use."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = "postgresql"


def binaries() -> Path | None:
    """Folder of ``initdb`` and ``pg_ctl``, or None when the server is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def free_port() -> int:
    """A TCP port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_server_user(command: list[str]) -> list[str]:
    # The server refuses to run as root; Debian's package brings the user ``postgres``.
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def cluster() -> Iterator[str]:
    """URL of a database of a fresh cluster, which is removed at the end."""
    bins = binaries()
    if bins is None:
        raise RuntimeError(f"PostgreSQL is not installed (Debian package {PACKAGE})")
    folder = Path(tempfile.mkdtemp(prefix="wushu-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_port()

    def run(*command: str) -> None:
        subprocess.run(
            _as_server_user([str(bins / command[0]), *command[1:]]),
            check=True, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip

    run("initdb", "-D", str(data), "-U", "wushu", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
    # It outlives no crash, so that it waits for no disk.
    options += " -c max_connections=200 -c fsync=off -c full_page_writes=off"
    # stdout of pg_ctl would be inherited by the server and never close: -l takes it.
    subprocess.run(
        _as_server_user(
            [str(bins / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options,
             "start"]
        ),
        check=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield f"postgresql://wushu@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

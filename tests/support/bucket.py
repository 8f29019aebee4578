"""A real S3-compatible server in a process of its own: moto's."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Address of a store that forgets everything when it ends; its log lies in the folder."""
    port = free_port()
    with (folder / "moto.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=log,
            stderr=log,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _await(process, address)
            yield address
        finally:
            process.terminate()
            process.wait(20)


def _await(process: subprocess.Popen[bytes], address: str) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
        for _ in range(200):
            assert process.poll() is None, "the store's server ended"
            with suppress(httpx.TransportError):
                client.get(address)
                return
    raise AssertionError("the store's server does not answer")


def make_bucket(address: str, name: str) -> str:
    """A new bucket on the server; its address as ``WUSHU_STORAGE_URL`` wants it."""
    httpx.put(f"{address}/{name}").raise_for_status()
    return f"s3://{name}/node?endpoint={address}&region=cn-east"

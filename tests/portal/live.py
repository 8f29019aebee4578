"""A node of its own for tests that need a real server: filled, served by uvicorn, ended."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.portal.messages import compile_catalogues
from tests.portal.scenes import Scenes

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60.0


@dataclass
class LiveNode:
    """Where it answers and what is in it."""

    url: str
    scenes: Scenes
    environment: dict[str, str]
    pid: int
    """Of the server."""

    @contextmanager
    def worker(self) -> Iterator[None]:
        """A worker beside the server, for as long as the block lasts."""
        process = subprocess.Popen(
            [sys.executable, "-m", "wushu.config", "worker"], env=self.environment, cwd=ROOT
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextmanager
def live_node(
    home: Path, *, program: str = "tests.portal.scenes", **settings: str
) -> Iterator[LiveNode]:
    """``program``: fills the node; ``settings``: more variables of the node's environment."""
    compile_catalogues()
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("WUSHU_")},
        "WUSHU_HOME": str(home),
        "WUSHU_BASE_URL": url,
        "WUSHU_SIGN_IN_ADDRESS_FAILURES": "100000",
        "WUSHU_SMTP_HOST": "127.0.0.1",  # offered, but nobody listens
        "WUSHU_SMTP_PORT": "1",
        "WUSHU_MAIL_FROM": "data@scenes.example",
        "DJANGO_SETTINGS_MODULE": "wushu.config.settings",
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    filled = subprocess.run(
        [sys.executable, "-m", program],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if filled.returncode:
        raise RuntimeError(filled.stderr[-4000:])
    scenes = Scenes(**json.loads(filled.stdout.splitlines()[-1]))
    log = (home / "server.log").open("wb")
    server = subprocess.Popen(
        [
            sys.executable, "-m", "wushu.config.listening", "--host", "127.0.0.1",
            "--port", str(port),
        ],
        env=environment, cwd=ROOT, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        _wait_until_ready(url, server, home / "server.log")
        yield LiveNode(url, scenes, environment, server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(log.read_text("utf-8")[-4000:])
        with suppress(httpx.TransportError):
            if httpx.get(f"{url}/readyz", timeout=2).status_code == 200:
                return
        _pause()
    raise RuntimeError(f"the server was not ready in {READY_SECONDS} s: {log.read_text('utf-8')}")


def _pause() -> None:
    """Between two looks; a socket that nobody answers waits without burning the processor."""
    with socket.socket() as quiet:
        quiet.bind(("127.0.0.1", 0))
        quiet.listen()
        quiet.settimeout(0.1)
        try:
            quiet.accept()
        except TimeoutError:
            return

"""A node of its own for tests that need a real server: filled, served by uvicorn, ended."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.portal.messages import compile_catalogues
from tests.portal.scenes import Scenes
from tests.support.runs import run_folder
from tests.support.waiting import waited

SCENES = "tests.portal.scenes"
_SCENES = "scenes.json"
"""What the program said, beside what it filled in."""
ROOT = Path(__file__).parents[2]
READY_SECONDS = 60.0
FILLED_SECONDS = 300.0


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
def live_node(home: Path, *, program: str = SCENES, **settings: str) -> Iterator[LiveNode]:
    """``program``: fills the node; ``settings``: more variables of the node's environment."""
    compile_catalogues()
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = _environment(home, url) | settings
    if program == SCENES and not settings:
        scenes = filled_home(home, url)
    else:
        scenes = _fill(program, home, environment)
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


def filled_home(home: Path, url: str) -> Scenes:
    """The folder becomes the home of a node with the scenes, which nobody serves yet."""
    shutil.copytree(_kept_home(_environment(home, url)), home, dirs_exist_ok=True)
    return _scenes(home)


def _environment(home: Path, url: str) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("WUSHU_")},
        "WUSHU_HOME": str(home),
        "WUSHU_BASE_URL": url,
        "WUSHU_SIGN_IN_ADDRESS_FAILURES": "100000",
        "WUSHU_SMTP_HOST": "127.0.0.1",  # offered, but nobody listens
        "WUSHU_SMTP_PORT": "1",
        "WUSHU_MAIL_FROM": "data@scenes.example",
        "DJANGO_SETTINGS_MODULE": "wushu.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",  # this checkout, wherever wushu is installed
    }


def _kept_home(environment: Mapping[str, str]) -> Path:
    """A home filled with the scenes once for all nodes of a run, its other workers' too; each gets a copy."""
    home = run_folder() / "scenes"
    try:
        home.mkdir()
    except FileExistsError:
        if not waited((home / _SCENES).exists, FILLED_SECONDS):
            raise RuntimeError("the scenes were not filled in; another worker says why") from None
    else:
        _fill(SCENES, home, {**environment, "WUSHU_HOME": str(home)})
    return home


def _fill(program: str, home: Path, environment: Mapping[str, str]) -> Scenes:
    filled = subprocess.run(
        [sys.executable, "-m", program],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if filled.returncode:
        raise RuntimeError(filled.stderr[-4000:])
    said = home / f"{_SCENES}.said"
    said.write_text(filled.stdout.splitlines()[-1], "utf-8")
    said.rename(home / _SCENES)  # whoever waits for it finds it whole
    return _scenes(home)


def _scenes(home: Path) -> Scenes:
    return Scenes(**json.loads((home / _SCENES).read_text("utf-8")))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    def is_ready() -> bool:
        if server.poll() is not None:
            raise RuntimeError(log.read_text("utf-8")[-4000:])
        with suppress(httpx.TransportError):
            return httpx.get(f"{url}/readyz", timeout=2).status_code == 200
        return False

    if not waited(is_ready, READY_SECONDS):
        raise RuntimeError(
            f"the server was not ready in {READY_SECONDS} s: {log.read_text('utf-8')}"
        )

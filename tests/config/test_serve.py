"""``wushu serve``: it says ``ready`` when it is, names what keeps it from starting, and ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wushu.config.commands.node import _first_ended


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node that was initialised and nothing more."""
    home = Path(tmp_path_factory.mktemp("serve"))
    subprocess.run(
        [
            sys.executable, "-m", "wushu.config", "init", "--region", "示例市", "--division", "329900",
            "--identifier-base", "https://data.example.gov.cn",
        ],
        env=environment(home), check=True, capture_output=True,
    )  # fmt: skip
    return home


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WUSHU_")}
    return {**kept, "WUSHU_HOME": str(home), "WUSHU_LANG": "en", **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(home: Path, *options: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "wushu.config", "serve", *options],
        env=environment(home, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_node_with_a_name_of_its_own_says_that_it_is_ready(home: Path, host: str):
    """The documented start in production: the allowed host is the public name, not the address."""
    port = free_port()
    options = ("--host", host, "--port", str(port), "--no-worker")
    with serving(home, *options, WUSHU_ALLOWED_HOSTS="data.example.gov.cn") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"ready http://{host}:{port}\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "DisallowedHost" not in errors


def test_a_taken_port_is_refused_before_anything_starts(home: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with serving(home, "--port", str(other.getsockname()[1])) as process:
            said, errors = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, "")
    assert "[port-taken]" in errors


@pytest.mark.parametrize("worker", ["--worker", "--no-worker"])
@pytest.mark.parametrize("host", ["203.0.113.7", "no such host"])
def test_an_address_of_another_machine_is_refused_by_name(home: Path, host: str, worker: str):
    with serving(home, "--host", host, "--port", "8842", worker) as process:
        said, errors = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, "")
    assert "[host-unusable]" in errors
    assert "Traceback" not in errors


def test_a_part_that_ended_is_noticed_though_somebody_asked_for_it_before():
    """``poll`` has collected the child by then: waiting for any child would wait for the others."""
    lasting = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    try:
        ended = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
        ended.wait()
        assert _first_ended([lasting, ended]).returncode == 3
    finally:
        lasting.kill()
        lasting.wait()

"""``wushu serve``: it says ``ready`` when it is, names what keeps it from starting, and ends."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import pytest

from wushu.config import keeping
from wushu.config.keeping import Kept


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


def test_a_killed_worker_is_started_again_and_the_node_goes_on(home: Path):
    port = free_port()
    with serving(home, "--port", str(port)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        first = child(process.pid, "worker")
        os.kill(first, signal.SIGKILL)
        said = process.stderr.readline()
        assert said == "the background worker ended (SIGKILL); it is started again in 1 s\n"
        second = child(process.pid, "worker", besides=first)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert not Path(f"/proc/{second}").exists()


def test_a_server_that_ends_takes_its_worker_with_it(home: Path):
    with serving(home, "--port", str(free_port())) as process:
        assert process.stdout is not None
        process.stdout.readline()
        worker = child(process.pid, "worker")
        os.kill(child(process.pid, "wushu.config.listening"), signal.SIGKILL)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "the server ended by itself" in errors
    assert not Path(f"/proc/{worker}").exists()


def child(of: int, what: str, besides: int = 0) -> int:
    """Process id of the child with this word in its command line, once there is one."""
    begun = time.monotonic()
    while time.monotonic() - begun < 60:
        for listed in Path(f"/proc/{of}/task").glob("*/children"):
            for pid in map(int, listed.read_text().split()):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                if pid != besides and what.encode() in words:
                    return pid
        select.select([], [], [], 0.05)
    raise AssertionError(f"no child of {of} is {what}")


def test_pauses_between_starts_grow_and_stopping_does_not_wait_for_them(monkeypatch):
    monkeypatch.setattr(keeping, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(keeping, "LONGEST_PAUSE", 0.04)
    said: SimpleQueue[str] = SimpleQueue()
    kept = Kept(["false"], said.put)
    kept.start()
    pauses = [said.get(timeout=30).split()[-2] for _ in range(4)]
    kept.stop()
    assert pauses == ["0.01", "0.02", "0.04", "0.04"]


def test_what_cannot_be_started_is_tried_again(monkeypatch):
    monkeypatch.setattr(keeping, "FIRST_PAUSE", 0.01)
    said: SimpleQueue[str] = SimpleQueue()
    kept = Kept(["/no/such/program"], said.put)
    kept.start()
    assert "No such file" in said.get(timeout=30)
    assert "No such file" in said.get(timeout=30)
    kept.stop()


def modes(home: Path) -> dict[str, int]:
    """What group and others may, of all but the style sheets and scripts, which are public."""
    paths = [home, *(path for path in home.rglob("*") if home / "static" not in path.parents)]
    found = {str(path.relative_to(home)): path.lstat().st_mode & 0o077 for path in paths}
    return {name: mode for name, mode in found.items() if mode}


def test_nothing_that_a_node_writes_is_readable_by_others(tmp_path: Path):
    """Whatever the mask and the folder of who starts it."""
    home = tmp_path / "node"
    home.mkdir(mode=0o755)
    script = (
        "umask 022; exec $0 -m wushu.config init --region 示例市 --division 329900 "
        "--identifier-base https://data.example.gov.cn"
    )
    subprocess.run(
        ["sh", "-c", script, sys.executable], env=environment(home), check=True, capture_output=True
    )
    port = free_port()
    with serving(home, "--port", str(port)) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready")
        assert modes(home) == {}
    assert modes(home) == {}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_the_demo_is_not_served_to_others_whatever_its_base_url(tmp_path: Path, host: str):
    with serving(tmp_path, "--demo", "--host", host) as process:
        said, errors = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, "")
    assert "[demo-listens-openly]" in errors
    assert list(tmp_path.iterdir()) == [], "refused before anything is written"


def test_a_node_with_the_demo_is_not_opened_later_either(tmp_path: Path):
    from wushu.config.demo import region

    subprocess.run(
        [
            sys.executable, "-m", "wushu.config", "init", "--region", region.NODE_NAME_ZH,
            "--division", region.DIVISION, "--identifier-base", "http://127.0.0.1:8000",
        ],
        env=environment(tmp_path), check=True, capture_output=True,
    )  # fmt: skip
    with serving(tmp_path, "--host", "0.0.0.0", "--port", str(free_port())) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "[demo-listens-openly]" in errors

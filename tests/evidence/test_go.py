"""Go's checksum database client, which nobody here wrote, accepts our log and refuses a changed one."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.conftest import initialise, mention, register
from wushu.evidence import services
from wushu.evidence.rules.tiles import Tile
from wushu.evidence.store import Store
from wushu.evidence.types import NodeView

pytestmark = [pytest.mark.go, pytest.mark.django_db(transaction=True)]
GOPATH = "/usr/share/gocode"
"""Where Debian's golang-golang-x-mod-dev puts its source."""


@pytest.fixture(scope="session")
def logcheck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checking program, built from Debian's packages without a network."""
    folder = tmp_path_factory.mktemp("go")
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": GOPATH,
        "GOFLAGS": "",
        "GOPROXY": "off",
        "CGO_ENABLED": "0",
        "GOCACHE": str(folder / "cache"),
    }
    source = Path(__file__).parent / "go" / "main.go"
    subprocess.run(
        ["go", "build", "-o", folder / "logcheck", source], check=True, env=environment, cwd=folder
    )
    return folder / "logcheck"


@pytest.fixture
def served(node_home: Path, live_server: Any) -> NodeView:
    """A node with a log of three tiles, grown in several steps."""
    node = initialise()
    for count in (1, 250, 10, 300):
        mention(count)
        register(1)
        services.sequence()
    return node


def run(program: Path, url: str, key: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, url, key], capture_output=True, text=True, timeout=60, check=False
    )


def test_go_accepts_checkpoint_tiles_entries_and_proofs(
    logcheck: Path, served: NodeView, live_server: Any
) -> None:
    result = run(logcheck, live_server.url, served.verifier_key)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert (found["Size"], found["Entries"]) == (566, 566)
    assert (found["Inclusion"], found["Consistency"]) == (10, 11)
    assert found["Refused"] > 100


@pytest.mark.parametrize("tile", [Tile(0, 0), Tile(0, 2, 54), Tile(1, 0, 2), Tile(-1, 1)])
def test_go_refuses_a_changed_file(
    logcheck: Path, served: NodeView, live_server: Any, tile: Tile
) -> None:
    path = Store.of_node().path(tile)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert run(logcheck, live_server.url, served.verifier_key).returncode == 1


def test_go_refuses_a_changed_checkpoint(
    logcheck: Path, served: NodeView, live_server: Any
) -> None:
    path = Store.of_node().checkpoint_path
    path.write_text(path.read_text().replace("\n566\n", "\n565\n"))
    result = run(logcheck, live_server.url, served.verifier_key)
    assert "invalid signature" in result.stderr

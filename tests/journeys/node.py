"""The outside of a node under test: its process, its files, and a client that remembers."""

from __future__ import annotations

import json
import os
import random
import re
import select
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from wushu.evidence.rules import merkle, notes, tiles
from wushu.evidence.rules.notes import Checkpoint, VerifierKey
from wushu.evidence.store import Store

ROOT = Path(__file__).parents[2]


def failpoints() -> list[str]:
    """Every place of the log's source where a process may be killed."""
    source = (ROOT / "src/wushu/evidence").rglob("*.py")
    return sorted({n for p in source for n in re.findall(r'failpoint\("([^"]+)"\)', p.read_text())})


class Driver:
    """A `tests.journeys.driver` process and the acts that its lives acknowledged."""

    def __init__(self, home: Path, database: str) -> None:
        self.home = home
        self.store = Store(home / "evidence", home / "checkpoint" / "checkpoint")
        self.acknowledged: list[str] = []
        self.partial = b""
        self.acks, write_end = os.pipe()
        environment = {
            **os.environ,
            "WUSHU_HOME": str(home),
            "WUSHU_DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "wushu.config.settings",
            "ACKS": str(write_end),
        }
        self.errors = (home / "errors").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.driver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            pass_fds=[write_end],
            cwd=ROOT,
            env=environment,
            text=True,
            start_new_session=True,
        )
        os.close(write_end)

    def ask(self, do: str, **order: Any) -> Any:
        """Give an order and wait for its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, self.said()
        return json.loads(line)

    def fork(self, do: str, **order: Any) -> int:
        """Begin a life; returns its process id."""
        return int(self.ask("fork", order={"do": do, **order}))

    def wait(self, pid: int) -> int:
        """Wait for the end of a life, noting what it acknowledged; returns its exit code."""
        code = int(self.ask("wait", pid=pid))
        while self.listen(0):
            pass
        return code

    def listen(self, seconds: float) -> int:
        """Note acknowledgements for at most so long; returns how many came."""
        if not select.select([self.acks], [], [], seconds)[0]:
            return 0
        *lines, self.partial = (self.partial + os.read(self.acks, 65536)).split(b"\n")
        self.acknowledged += [line.decode() for line in lines]
        return len(lines)

    def said(self) -> str:
        """What the lives told of errors."""
        self.errors.seek(0)
        return self.errors.read()

    def published(self, key: VerifierKey) -> Checkpoint:
        """The published checkpoint, as anybody sees it."""
        return notes.open_checkpoint(self.store.checkpoint() or b"", key)

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)
        with suppress(ProcessLookupError):  # lives that a failed test left behind
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.stdout.close()
        self.errors.close()
        os.close(self.acks)


@contextmanager
def driven(home: Path, database: str) -> Iterator[Driver]:
    """A driver that is stopped at the end."""
    home.mkdir(parents=True, exist_ok=True)
    driver = Driver(home, database)
    try:
        yield driver
    finally:
        driver.close()


class Database:
    """A database of the test's own, that can be copied as a backup would."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.engine = engine
        self.folder = folder
        self.server = os.environ.get("WUSHU_DATABASE_URL", "")
        self.made: list[str] = []

    def url(self, name: str) -> str:
        if self.engine == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        return f"{self.server.rpartition('/')[0]}/{name}"

    def create(self, name: str) -> str:
        """An empty database; returns its URL."""
        if self.engine == "postgres":
            self._execute(f"CREATE DATABASE {name}")
            self.made.append(name)
        return self.url(name)

    def copy(self, name: str, copied: str) -> str:
        """A backup of a database that nobody is using; returns its URL."""
        if self.engine == "sqlite":
            source = sqlite3.connect(self.folder / f"{name}.db")
            target = sqlite3.connect(self.folder / f"{copied}.db")
            source.backup(target)
            source.close()
            target.close()
        else:
            self._execute(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            )
            self._execute(f"CREATE DATABASE {copied} TEMPLATE {name}")
            self.made.append(copied)
        return self.url(copied)

    def drop(self) -> None:
        """Remove what was made on a server."""
        for name in self.made:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


def history(store: Store, size: int) -> tuple[list[bytes], list[bytes]]:
    """All leaves of the published log and the root at every size, from its bundles alone."""
    leaves: list[bytes] = []
    roots = [merkle.EMPTY_ROOT]
    builder = tiles.Builder()
    for number in range((size + tiles.WIDTH - 1) // tiles.WIDTH):
        for leaf in store.entries(number, tiles.width_in(tiles.ENTRIES, number, size)):
            leaves.append(leaf)
            builder.push(merkle.leaf_hash(leaf))
            roots.append(builder.root())
    return leaves, roots


def pause(dice: random.Random, driver: Driver) -> None:
    """Let a life run until it acknowledged some acts, and then a little longer."""
    wanted = dice.randint(0, 6)
    while wanted > 0:
        heard = driver.listen(5)
        assert heard, driver.said()
        wanted -= heard
    driver.listen(dice.uniform(0, 0.03))

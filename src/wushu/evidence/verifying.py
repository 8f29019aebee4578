"""Verification of a log from outside: everything that is published, recomputed.

Needs nothing of the node but its address and a public key from elsewhere: no database, no trust.
Memory: one bundle and one tile a level.
"""

from __future__ import annotations

import base64
import http.client
import json
import zlib
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

from wushu.evidence import faults, refusals
from wushu.evidence.faults import Fault
from wushu.evidence.initialising import GENESIS
from wushu.evidence.models import Node
from wushu.evidence.rules import leaves, merkle, notes, tiles
from wushu.evidence.rules.notes import Checkpoint, VerifierKey
from wushu.evidence.rules.tiles import ENTRIES, WIDTH, Tile
from wushu.evidence.store import FileMissing, write_file
from wushu.kernel.canonical import sha256_hex
from wushu.kernel.errors import INVALID_VALUE

SECONDS = 30
MAX_DETAIL_BYTES = 512 * 1024 * 1024
MAX_BUNDLE_BYTES = WIDTH * (2 + tiles.MAX_ENTRY_BYTES)


class Fetch(Protocol):
    """Gets a resource of the log by its path below the prefix, at most ``limit`` bytes of it."""

    def __call__(self, path: str, limit: int) -> bytes:
        """Raises `FileMissing`, or the refusal log-unreachable."""


@dataclass(slots=True)
class HttpLog:
    """A log at an address, over one connection that is kept open."""

    prefix: str
    connection: http.client.HTTPConnection | None = field(default=None, init=False)

    @classmethod
    def at(cls, url: str) -> HttpLog:
        """The log of a node, given the node's address or the log's own prefix."""
        prefix = url.rstrip("/")
        if urlsplit(prefix).scheme not in ("http", "https") or not urlsplit(prefix).hostname:
            raise refusals.LOG_UNREACHABLE(
                url=url,
                reason_zh="应为 http 或 https 网址",
                reason_en="not a http or https address",
            )
        return cls(prefix if prefix.endswith("/evidence") else prefix + "/evidence")

    def __call__(self, path: str, limit: int) -> bytes:
        """See `Fetch`."""
        url = f"{self.prefix}/{path}"
        try:
            return self._get(urlsplit(url).path, limit)
        except FileMissing:
            raise
        except (OSError, http.client.HTTPException, zlib.error) as error:
            self.close()
            said = str(error) or type(error).__name__
            raise refusals.LOG_UNREACHABLE(
                url=url, reason_zh=f"网络或服务器出错（{said}）", reason_en=said
            ) from error

    def close(self) -> None:
        """Close the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _get(self, path: str, limit: int) -> bytes:
        if self.connection is None:
            parts = urlsplit(self.prefix)
            secure = parts.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self.connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
        headers = {"Accept-Encoding": "gzip, identity", "User-Agent": "wushu-evidence-verify"}
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        body = response.read(limit + 1)
        if not response.isclosed():
            self.close()  # the rest is not wanted
        if response.status in (404, 410):
            raise FileMissing(path)
        if response.status != http.client.OK:
            raise http.client.HTTPException(f"HTTP status {response.status}")
        if response.headers.get("Content-Encoding") == "gzip":
            body = zlib.decompressobj(wbits=31).decompress(body, limit + 1)
        if len(body) > limit:
            raise http.client.HTTPException(f"the answer is longer than {limit} bytes")
        return body


def verify(
    fetch: Fetch,
    key: VerifierKey,
    before: Checkpoint | None = None,
    progress: Callable[[str, int, int], None] = lambda part, done, total: None,
) -> Generator[Fault, None, Checkpoint | None]:
    """Recompute a log; yields its faults, returns its checkpoint if that is validly signed.

    ``before``: what was verified last time; the log must begin with it.
    """
    try:
        checkpoint = notes.open_checkpoint(fetch("checkpoint", notes.MAX_NOTE_BYTES), key)
    except FileMissing:
        yield faults.TILE_MISSING("checkpoint")
        return None
    except notes.NoteError as error:
        yield faults.CHECKPOINT_WRONG("checkpoint", **error.facts)
        return None
    if before is not None and before.size > checkpoint.size:
        yield faults.LOG_SHRANK("checkpoint", size=checkpoint.size, before=before.size)
        return checkpoint
    yield from _Verification(fetch, key, checkpoint, before).faults(progress)
    return checkpoint


@dataclass(slots=True)
class _Verification:
    fetch: Fetch
    key: VerifierKey
    checkpoint: Checkpoint
    before: Checkpoint | None
    builder: tiles.Builder = field(default_factory=tiles.Builder)

    def faults(self, progress: Callable[[str, int, int], None]) -> Generator[Fault, None, None]:
        size = self.checkpoint.size
        for number in range((size + WIDTH - 1) // WIDTH):
            progress("entries", number * WIDTH, size)
            entries = yield from self._entries(number)
            if entries is None:
                return
            for leaf in entries:
                for tile, data in self.builder.push(merkle.leaf_hash(leaf)):
                    yield from self._tile_faults(tile, data)
                if self.before and self.builder.size == self.before.size:
                    yield from self._past_faults(self.before)
        for tile, data in self.builder.partials():
            yield from self._tile_faults(tile, data)
        if self.builder.root() != self.checkpoint.root:
            yield faults.ROOT_DIFFERS("checkpoint", size=size)
        progress("entries", size, size)

    def _entries(self, number: int) -> Generator[Fault, None, list[bytes] | None]:
        tile = Tile(ENTRIES, number, tiles.width_in(ENTRIES, number, self.checkpoint.size))
        start = number * WIDTH
        try:
            entries = tiles.split_entries(self._read(tile, MAX_BUNDLE_BYTES))[: tile.width]
        except FileMissing:
            yield faults.TILE_MISSING(tile.path)
            return None
        except tiles.TileError:
            entries = []
        if len(entries) != tile.width:
            yield faults.TILE_CHANGED(tile.path, first=start, last=start + tile.width - 1)
            return None
        for index, leaf in enumerate(entries, start):
            yield from self._entry_faults(index, leaf)
        return entries

    def _entry_faults(self, index: int, leaf: bytes) -> Generator[Fault, None, None]:
        try:
            entry = leaves.parse(leaf)
        except leaves.LeafError as error:
            yield faults.ENTRY_MALFORMED(f"entry {index}", **error.facts)
            return
        if index == 0:
            named = (entry.data or {}).get("verifier_key")
            if entry.act != GENESIS or named != str(self.key):
                yield faults.NODE_MISSING("entry 0")
        for sha256 in entry.details:
            path = f"detail/{sha256}"
            try:
                if sha256_hex(self.fetch(path, MAX_DETAIL_BYTES)) != sha256:
                    yield faults.DETAIL_CHANGED(path)
            except FileMissing:
                yield faults.DETAIL_MISSING(path, entry=index)

    def _tile_faults(self, tile: Tile, data: bytes) -> Generator[Fault, None, None]:
        try:
            served = self._read(tile, WIDTH * merkle.HASH_BYTES)[: len(data)]
        except FileMissing:
            yield faults.TILE_MISSING(tile.path)
            return
        if served != data:
            wrong = [i for i in range(tile.width) if served[i * 32 :][:32] != data[i * 32 :][:32]]
            first = tile.leaves(wrong[0], self.checkpoint.size)[0]
            last = tile.leaves(wrong[-1], self.checkpoint.size)[1]
            yield faults.TILE_CHANGED(tile.path, first=first, last=last)

    def _read(self, tile: Tile, limit: int) -> bytes:
        try:
            return self.fetch(tile.path, limit)
        except FileMissing:
            if tile.full:
                raise
            # A log may drop a partial tile once the full one is there (tlog-tiles).
            return self.fetch(Tile(tile.level, tile.number).path, limit)

    def _past_faults(self, before: Checkpoint) -> Generator[Fault, None, None]:
        if self.builder.root() != before.root:
            yield faults.LOG_REWRITTEN("checkpoint", before=before.size)


@dataclass(frozen=True, slots=True)
class State:
    """What a verifier remembers of a log between two checks."""

    key: VerifierKey
    checkpoint: Checkpoint

    @classmethod
    def read(cls, path: Path) -> State | None:
        """The remembered state, None where there is none; refused as verifier-state-invalid."""
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError:
            return None
        try:
            kept = json.loads(text)
            key = VerifierKey.parse(kept["key"])
            root = base64.b64decode(kept["root"], validate=True)
            return cls(key, Checkpoint(key.name, int(kept["size"]), root))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise refusals.VERIFIER_STATE_INVALID(
                path=path,
                reason_zh="应为含 key、size、root 的 JSON",
                reason_en="JSON with key, size and root is needed",
            ) from error

    def write(self, path: Path) -> None:
        """Remember."""
        kept = {
            "origin": self.checkpoint.origin,
            "key": str(self.key),
            "size": self.checkpoint.size,
            "root": base64.b64encode(self.checkpoint.root).decode(),
        }
        write_file(path, (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode())


@dataclass(slots=True)
class Verification:
    """One check of a log over HTTP: whose key, what was known before, what came of it."""

    log: HttpLog
    key: VerifierKey
    before: Checkpoint | None
    state: Path | None
    checkpoint: Checkpoint | None = None
    """The signed checkpoint, once `faults` has run."""

    @classmethod
    def prepare(
        cls, url: str, *, key: str = "", state: Path | None = None, trust_key: bool = False
    ) -> Verification:
        """Settle the key; refused as log-key-unknown where there is none.

        It is the given one, else the remembered one, else that of this node's own log, else
        (``trust_key``) the one that the other side gives out. A state of another key is refused as
        verifier-state-invalid: it must not be overwritten by mistake.
        """
        log = HttpLog.at(url)
        remembered = State.read(state) if state else None
        given = key_of(key) if key else None
        if state and remembered and given and given != remembered.key:
            raise refusals.VERIFIER_STATE_INVALID(
                path=state,
                reason_zh=f"它记的公钥是 {remembered.key}",
                reason_en=f"it remembers the key {remembered.key}",
            )
        verifier = given or (remembered.key if remembered else None) or _own_key(url)
        if verifier is None and trust_key:
            verifier = _given_out(log)
        if verifier is None:
            raise refusals.LOG_KEY_UNKNOWN(url=url)
        return cls(log, verifier, remembered.checkpoint if remembered else None, state)

    def faults(
        self, progress: Callable[[str, int, int], None] = lambda part, done, total: None
    ) -> Generator[Fault, None, None]:
        """Every fault as it is found; a log without any is remembered in the state file."""
        found = False
        run = verify(self.log, self.key, self.before, progress)
        try:
            while True:
                fault = next(run)
                found = True
                yield fault
        except StopIteration as end:
            self.checkpoint = end.value
        finally:
            self.log.close()
        if self.state and self.checkpoint and not found:
            State(self.key, self.checkpoint).write(self.state)


def key_of(text: str) -> VerifierKey:
    """A verifier key as it was given; refused as invalid-value."""
    try:
        return VerifierKey.parse(text)
    except notes.NoteError as error:
        raise INVALID_VALUE(field="--key", value=text[:80], **error.facts) from error


def _given_out(log: HttpLog) -> VerifierKey | None:
    """The key that the other side says is its own."""
    try:
        return VerifierKey.parse(log("key", 4096).decode())
    except (ValueError, FileMissing):
        return None


def _own_key(url: str) -> VerifierKey | None:
    """The node's own key, when the address is this node's."""
    node = Node.objects.first() if url.rstrip("/") == settings.BASE_URL else None
    return VerifierKey.parse(node.verifier_key) if node else None

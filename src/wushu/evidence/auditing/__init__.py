"""The audit: whether everything that is kept still says what the published log says.

Reads in chunks and needs memory for one tile and one chunk of rows only, so that it can run beside
a working node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wushu.evidence import faults, refusals, signers
from wushu.evidence.auditing.entries import entry_faults, node_faults, waiting_faults
from wushu.evidence.auditing.rows import table_faults
from wushu.evidence.auditing.tree import TreeAudit
from wushu.evidence.faults import Fault
from wushu.evidence.models import Entry
from wushu.evidence.rules import leaves
from wushu.evidence.rules.notes import VerifierKey
from wushu.evidence.sequencing import Log
from wushu.evidence.store import Store
from wushu.kernel.errors import Refusal

Progress = Callable[[str, int, int], None]
"""Told ``(part, done, total)`` from time to time."""


def _silent(part: str, done: int, total: int) -> None:
    """Nobody watches."""


def audit(progress: Progress = _silent) -> Iterator[Fault]:
    """Every fault found, as it is found; refused as node-not-initialised.

    Compared are: the node with the act of its initialisation; the signing key with the node; the
    published checkpoint, the stored checkpoints, the tiles, bundles and details on disk and the
    entries of the database with one another; every entry's columns, details and salts with its
    leaf; every row of every recorded table with its last digest.
    """
    yield from node_faults()
    log = _log()
    yield from _key_faults(log)
    tree = TreeAudit(log, entry_faults)
    yield from tree.faults(progress)
    yield from waiting_faults()
    yield from table_faults(progress)


def _log() -> Log:
    """The log under the key that its first entry names: the row of the node may be altered."""
    first = Entry.objects.filter(index=0).first()
    try:
        named = leaves.parse(bytes(first.leaf)).data if first else None
        return Log(VerifierKey.parse(str((named or {})["verifier_key"])), Store.of_node())
    except (ValueError, KeyError):
        return Log.of_node()


def _key_faults(log: Log) -> Iterator[Fault]:
    try:
        if signers.load(log.key.name).key != log.key:
            raise refusals.LOG_KEY_FOREIGN(path=signers.key_path())
    except Refusal as refusal:
        zh, en = refusal.sentence("zh"), refusal.sentence("en")
        yield faults.KEY_WRONG(str(signers.key_path()), zh=zh, en=en)

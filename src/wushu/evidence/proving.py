"""A record that carries acts with their proofs, checked away from the node that made it.

The record is JSON with ``lines``; a line has ``evidence`` with ``index``, ``act``, ``actor``, ``subject``,
``at``, ``leaf`` (base64) and ``proof`` (C2SP tlog-proof; empty while no checkpoint covers the act).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wushu.evidence import faults, refusals
from wushu.evidence.faults import Fault
from wushu.evidence.rules import leaves
from wushu.evidence.rules.notes import VerifierKey
from wushu.evidence.rules.proofs import Proved, proved
from wushu.evidence.rules.reasons import Malformed
from wushu.evidence.types import ProvedAct
from wushu.evidence.verifying import key_of


def act_document(one: ProvedAct) -> dict[str, Any]:
    """An act as such a record carries it."""
    return {
        "index": one.index, "act": one.act, "actor": one.actor, "subject": one.subject,
        "at": leaves.instant(one.at), "data": dict(one.data),
        "leaf": base64.b64encode(one.leaf).decode(), "proof": one.proof,
    }  # fmt: skip


@dataclass(slots=True)
class RecordCheck:
    """One check of a record: by whose key, and what came of it."""

    path: Path
    key: VerifierKey
    proved: int = 0
    """Acts that are in the signed tree and say what the record says of them."""
    waiting: int = 0
    """Acts that no checkpoint covered when the record was made."""
    lines: list[Any] = field(default_factory=list)

    @classmethod
    def prepare(cls, path: Path, *, key: str) -> RecordCheck:
        """Read a record; refusals ``record-unreadable``, ``invalid-value`` for the key."""
        try:
            lines = json.loads(path.read_text(encoding="utf-8"))["lines"]
            if not isinstance(lines, list):
                raise TypeError("lines")
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise refusals.RECORD_UNREADABLE(path=path) from error
        return cls(path, key_of(key), lines=lines)

    def faults(self) -> Iterator[Fault]:
        """What does not hold, one fault a line of the record."""
        for number, line in enumerate(self.lines, 1):
            act = line.get("evidence") if isinstance(line, Mapping) else None
            where = f"lines[{number}]"
            if not isinstance(act, Mapping):
                yield faults.PROOF_MISSING(where)
            elif not act.get("proof"):
                self.waiting += 1
            else:
                yield from self._act_faults(act, where)

    def _act_faults(self, act: Mapping[str, Any], where: str) -> Iterator[Fault]:
        try:
            found = proved(
                base64.b64decode(str(act["leaf"]), validate=True), str(act["proof"]), self.key
            )
        except Malformed as error:
            yield faults.PROOF_WRONG(where, **error.facts)
            return
        except (KeyError, binascii.Error):
            yield faults.PROOF_MISSING(where)
            return
        wrong = [name for name, value in _told(found).items() if act.get(name) != value]
        self.proved += not wrong
        for name in wrong:
            yield faults.TOLD_OTHERWISE(where, field=name, entry=found.index)


def _told(found: Proved) -> dict[str, Any]:
    """What a record must say of an act, by its leaf; facts that lie in a detail are not compared."""
    leaf = found.leaf
    told: dict[str, Any] = {
        "index": found.index, "act": leaf.act, "actor": leaf.actor, "subject": leaf.subject,
        "at": leaves.instant(leaf.at),
    }  # fmt: skip
    return told if leaf.data is None else {**told, "data": dict(leaf.data)}

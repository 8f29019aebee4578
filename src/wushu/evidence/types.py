"""What other apps see of the evidence log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wushu.evidence import refusals
from wushu.evidence.faults import Fault, FaultKind
from wushu.kernel.languages import in_language

__all__ = [
    "ActView",
    "ConsistencyProof",
    "EntryNote",
    "EntryView",
    "Fault",
    "FaultKind",
    "InclusionProof",
    "NodeView",
    "ProvedAct",
    "RecoverResult",
    "SequenceResult",
    "refusals",
]


@dataclass(frozen=True, slots=True)
class NodeView:
    """What was fixed when the node was initialised."""

    node_uuid: UUID
    origin: str
    verifier_key: str
    """C2SP signed-note verifier key of the log."""
    oid_arc: str
    """Dotted; ``2.25.<UUID>`` (X.667) unless the node was allotted another."""
    identifier_base: str
    region_zh: str
    region_en: str
    division: str
    initialised_at: datetime

    def region(self, language: str) -> str:
        """Name of the region in the language, Chinese where there is no English one."""
        return in_language(language, self.region_zh, self.region_en)


@dataclass(frozen=True, slots=True)
class EntryNote:
    """One line about an act."""

    index: int | None
    """Place in the log; None: not sequenced yet."""
    act: str
    actor: str
    at: datetime
    published: bool = False
    """Whether a checkpoint covers it, so that a proof can be had."""


@dataclass(frozen=True, slots=True)
class ActView:
    """What an act said, published or not."""

    index: int | None
    actor: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PublishedAct:
    """An act under the published checkpoint, for those who follow the log."""

    index: int
    act: str
    subject: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProvedAct:
    """An act with what proves it to whoever has the log's public key."""

    index: int | None
    act: str
    actor: str
    subject: str
    at: datetime
    data: Mapping[str, Any]
    leaf: bytes
    """What is in the tree."""
    proof: str
    """C2SP tlog-proof; empty while no checkpoint covers it."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """A published entry of the log."""

    index: int
    act: str
    actor: str
    subject: str
    at: datetime
    leaf: bytes
    leaf_hash: bytes
    document: Mapping[str, Any]
    """The leaf as JSON, as far as the leaf itself carries it."""


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That the leaf at ``index`` is in the tree of ``size`` with ``root``."""

    index: int
    size: int
    root: bytes
    leaf_hash: bytes
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That the tree of ``first`` leaves is a beginning of that of ``second``."""

    first: int
    second: int
    first_root: bytes
    second_root: bytes
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SequenceResult:
    """What one run of the sequencer did."""

    size: int
    """Entries in the published tree now."""
    added: int = 0
    """Entries this run published."""
    busy: bool = False
    """Another sequencer was at work, this one did nothing."""


@dataclass(frozen=True, slots=True)
class RecoverResult:
    """What was put back so that the published log continues."""

    size: int
    """Size of the published log."""
    imported: int = 0
    """Entries the database had lost."""
    placed: int = 0
    """Acts the database had, that the log had already given a place."""
    details: int = 0
    """Details that database or folder had lost."""
    files: int = 0
    """Tiles and bundles written again."""
    checkpoint: bool = False
    """Whether the checkpoint was put back."""

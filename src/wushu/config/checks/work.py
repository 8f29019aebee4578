"""What the node does and has: its worker, its files, receipts, search index and log of evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from wushu.casework import selectors as casework
from wushu.catalog import selectors as catalog
from wushu.config import heartbeat
from wushu.config.checks.finding import START_THE_WORKER, Finding, Level
from wushu.dataplane import selectors as dataplane
from wushu.evidence import selectors as evidence
from wushu.kernel.errors import Said
from wushu.opening import selectors as opening

BACKLOG_AGE = timedelta(minutes=5)
"""An act older than this that is not in the tree means that no worker runs. Receipts likewise."""

_SEARCH_WAYS_OUT = {
    "search-missing": Said("下一次检索会建立它", "the next search builds it"),
    "search-damaged": Said("运行 wushu rebuild --search", "run `wushu rebuild --search`"),
    "synonyms-wrong": Said(
        "改正同义词文件；其余各组照常使用", "mend the file of synonyms; its other groups are in use"
    ),
}


def check_worker() -> Iterator[Finding]:
    """A worker lives, acts enter the tree, and roots of receipts enter the log."""
    for name, seconds in heartbeat.silent():
        yield Finding(
            "worker-silent", name,
            Said(
                f"已有 {seconds:.0f} 秒没有动静，也没有正常结束",
                f"it gave no sign of life for {seconds:.0f} s and did not end as it was told to",
            ),
            START_THE_WORKER,
        )  # fmt: skip
    before = timezone.now() - BACKLOG_AGE
    act = evidence.oldest_unsequenced()
    if act is not None and act < before:
        yield Finding(
            "log-backlog", "evidence",
            Said(
                f"{act:%Y-%m-%d %H:%M} 的一项行为还没有进入存证树",
                f"an act of {act:%Y-%m-%d %H:%M} is not in the tree",
            ),
            START_THE_WORKER,
        )  # fmt: skip
    receipt = dataplane.oldest_unsealed_receipt()
    if receipt is not None and receipt < before:
        yield Finding(
            "receipts-backlog", "dataplane_receipt",
            Said(
                f"{receipt:%Y-%m-%d %H:%M} 的读取回执还没有封存，其根哈希不在日志中：此前被改动不会被发现",
                f"a receipt of {receipt:%Y-%m-%d %H:%M} is in no batch whose root is in the log:"
                " until then it can be changed unnoticed",
            ),
            START_THE_WORKER,
        )  # fmt: skip


def check_files() -> Iterator[Finding]:
    """Originals, manifests, Parquet and serving files are what was recorded."""
    for fault in dataplane.file_faults():
        serving = fault.where.startswith(f"{settings.SERVING_DIR.name}/")
        is_derived = serving and fault.kind in ("missing", "changed")
        yield Finding(
            fault.kind, fault.where, fault.message,
            Said("运行 wushu rebuild --serving", "run `wushu rebuild --serving`")
            if is_derived else None,
        )  # fmt: skip


def check_papers() -> Iterator[Finding]:
    """Papers of cases are the bytes that were handed in."""
    for where, sentence in casework.paper_faults():
        yield Finding("paper-changed", where, sentence)


def check_computed() -> Iterator[Finding]:
    """Results that wait or were released are the bytes that were computed."""
    for where, sentence in opening.computed_faults():
        yield Finding("computed-changed", where, sentence)


def check_receipts() -> Iterator[Finding]:
    """Receipts of reads are those whose roots are in the log."""
    for sentence in dataplane.receipt_faults():
        yield Finding("receipts-changed", "dataplane_receipt", sentence)


def check_search() -> Iterator[Finding]:
    """The search index is whole and holds what is listed; the node's own synonyms can be read."""
    for fault in catalog.index_faults():
        damaged = fault.kind == "search-damaged"
        yield Finding(
            fault.kind, fault.where, fault.message, _SEARCH_WAYS_OUT[fault.kind],
            Level.FAULT if damaged else Level.NOTE,
        )  # fmt: skip


def check_evidence() -> Iterator[Finding]:
    """The whole of `wushu evidence audit`."""
    for fault in evidence.audit():
        message = Said(fault.sentence("zh"), fault.sentence("en"))
        yield Finding(fault.kind, fault.where, message)

"""What an entry says against the columns, details and salts kept beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wushu.evidence import faults
from wushu.evidence.faults import Fault
from wushu.evidence.initialising import GENESIS, node_facts
from wushu.evidence.models import Detail, Entry, Node, RowSalt
from wushu.evidence.rules import leaves
from wushu.evidence.rules.leaves import Leaf, LeafError, RowDigest
from wushu.evidence.rules.tiles import WIDTH
from wushu.evidence.store import Store
from wushu.kernel.canonical import sha256_hex

SALTS_DESTROYED = "evidence.salts.destroyed"
LOG_RECOVERED = "evidence.log.recovered"


@dataclass(frozen=True, slots=True)
class Spans:
    """Places of the log, as ``(first, last)``."""

    spans: tuple[tuple[int, int], ...]

    def contain(self, index: int) -> bool:
        """Whether the place is among them."""
        return any(first <= index <= last for first, last in self.spans)

    @classmethod
    def of(cls, indexes: Iterable[int]) -> Spans:
        """The fewest spans that hold exactly these places."""
        found: list[tuple[int, int]] = []
        for index in sorted(set(indexes)):
            if found and found[-1][1] == index - 1:
                found[-1] = (found[-1][0], index)
            else:
                found.append((index, index))
        return cls(tuple(found))

    def as_list(self) -> list[list[int]]:
        """The form in an entry."""
        return [list(span) for span in self.spans]


def node_faults() -> Iterator[Fault]:
    """The node's row against the first entry of the log."""
    node = Node.objects.filter(pk=1).first()
    first = Entry.objects.filter(index=0, act=GENESIS).first()
    if node is None or first is None or Node.objects.count() != 1:
        yield faults.NODE_MISSING("evidence_node")
        return
    try:
        said = leaves.parse(bytes(first.leaf)).data or {}
    except LeafError:
        return  # the entry itself is named by the tree's audit
    for field, value in node_facts(node).items():
        if said.get(field) != value:
            yield faults.NODE_CHANGED("evidence_node", field=field)


def waiting_faults() -> Iterator[Fault]:
    """Acts that have no place in the tree yet, by themselves."""
    last = 0
    while chunk := list(Entry.objects.filter(index=None, id__gt=last).order_by("id")[:WIDTH]):
        yield from entry_faults(chunk)
        last = chunk[-1].pk


def entry_faults(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Faults of a few entries' columns, details and salts."""
    salts: dict[int, list[RowSalt]] = defaultdict(list)
    for salt in RowSalt.objects.filter(entry__in=entries):
        salts[salt.entry_id].append(salt)
    for entry in entries:
        where = name_of(entry)
        try:
            leaf = leaves.parse(bytes(entry.leaf))
        except LeafError as error:
            yield faults.ENTRY_MALFORMED(where, **error.facts)
            continue
        yield from _column_faults(entry, leaf)
        yield from _detail_faults(entry, leaf)
        try:
            rows = rows_of(leaf)
        except LeafError as error:
            yield faults.ENTRY_MALFORMED(where, **error.facts)
            continue
        if rows is not None:
            yield from _salt_faults(entry, rows, salts[entry.pk])


def name_of(entry: Entry) -> str:
    """How an entry is called in a fault."""
    return f"entry {entry.index}" if entry.index is not None else f"unsequenced entry #{entry.pk}"


def rows_of(leaf: Leaf) -> tuple[RowDigest, ...] | None:
    """The rows an entry speaks of, from its detail where they lie there; None: they are lost.

    Raises `LeafError` when the detail is none of rows.
    """
    if leaf.rows is not None:
        return leaf.rows
    body = _detail(leaf.rows_sha256)
    return None if body is None else leaves.parse_rows(body)


def data_of(leaf: Leaf) -> Mapping[str, Any]:
    """What an act said beside its rows, from its detail where it lies there; empty: lost.

    Raises `LeafError` when the detail is none of facts.
    """
    if leaf.data is not None:
        return leaf.data
    body = _detail(leaf.data_sha256)
    return {} if body is None else leaves.parse_data(body)


def _detail(sha256: str) -> bytes | None:
    """A detail of the database if it is what its name says."""
    found = Detail.objects.filter(sha256=sha256).first()
    body = None if found is None else bytes(found.body)
    return body if body is not None and sha256_hex(body) == sha256 else None


def _column_faults(entry: Entry, leaf: Leaf) -> Iterator[Fault]:
    said: Mapping[str, object] = {
        "act": leaf.act, "actor": leaf.actor, "subject": leaf.subject, "recorded_at": leaf.at,
    }  # fmt: skip
    for field, value in said.items():
        if getattr(entry, field) != value:
            yield faults.ENTRY_FIELD_CHANGED(name_of(entry), field=field)


def _detail_faults(entry: Entry, leaf: Leaf) -> Iterator[Fault]:
    store = Store.of_node()
    for sha256 in leaf.details:
        found = Detail.objects.filter(sha256=sha256).first()
        if found is None:
            yield faults.DETAIL_MISSING(f"evidence_detail {sha256}", entry=entry.index)
        elif sha256_hex(bytes(found.body)) != sha256:
            yield faults.DETAIL_CHANGED(f"evidence_detail {sha256}")
        if entry.index is not None and not store.detail_path(sha256).is_file():
            yield faults.DETAIL_MISSING(f"detail/{sha256[:2]}/{sha256}", entry=entry.index)


def _salt_faults(
    entry: Entry, rows: Sequence[RowDigest], kept: Sequence[RowSalt]
) -> Iterator[Fault]:
    said = {(row.table, row.key): row for row in rows}
    found = {(salt.table, salt.row): salt for salt in kept}
    for key, row in said.items():
        where = f"{row.table} {row.key}"
        salt = found.get(key)
        if salt is None:
            yield faults.SALT_MISSING(where, entry=entry.index)
        elif salt.salt is None:
            if row.digest is not None and not _is_excused(entry, row):
                yield faults.SALT_MISSING(where, entry=entry.index)
        elif row.salt_check is None or leaves.salt_check(bytes(salt.salt)) != row.salt_check:
            yield faults.SALT_CHANGED(where, entry=entry.index)
    for table, row_key in found.keys() - said.keys():
        yield faults.SALT_UNKNOWN(f"{table} {row_key}", entry=entry.index)


def _is_excused(entry: Entry, row: RowDigest) -> bool:
    """Whether an act says why this salt is gone: destroyed, or lost with a restored backup."""
    if entry.index is None:
        return False
    destroyed = _spans_said(SALTS_DESTROYED, salts_subject(row.table, row.key))
    return destroyed.contain(entry.index) or recovered_spans().contain(entry.index)


def recovered_spans() -> Spans:
    """Entries that a restored database took back from the published log, without their salts."""
    return _spans_said(LOG_RECOVERED)


def _spans_said(act: str, subject: str = "") -> Spans:
    """The places that acts of this name (on this subject) speak of.

    The columns only find the entries. What counts is the leaf: one that says otherwise, or that
    cannot be read, says nothing here and is named with its entry.
    """
    found = Entry.objects.filter(act=act, **({"subject": subject} if subject else {}))
    return Spans(tuple(span for entry in found for span in _spans_of(entry, act, subject)))


def _spans_of(entry: Entry, act: str, subject: str) -> tuple[tuple[int, int], ...]:
    try:
        leaf = leaves.parse(bytes(entry.leaf))
        if leaf.act != act or leaf.subject != (subject or leaf.subject):
            return ()
        return tuple((int(first), int(last)) for first, last in data_of(leaf)["entries"])
    except (LeafError, KeyError, ValueError, TypeError):
        return ()


def salts_subject(table: str, key: str) -> str:
    """URN of the salts of a row, subject of the act that destroys them."""
    return f"urn:wushu:salts:{table}:{key}"

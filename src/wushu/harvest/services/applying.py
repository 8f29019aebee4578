"""What was read against what is known: only differences are written, each in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wushu.evidence.services import record
from wushu.harvest import rules
from wushu.harvest.models import Record, Source
from wushu.harvest.refusals import HARVEST_SHRUNK
from wushu.harvest.services.collecting import Collected
from wushu.harvest.types import Description, RecordState, SourceState
from wushu.kernel.text import normalise, pinyin_readings
from wushu.parties.types import Actor

BATCH = 100
"""Records of one transaction and one entry of the log."""
_WORDS_MAX = 4_000
_T = TypeVar("_T")
_PRESENT, _GONE = RecordState.PRESENT.value, RecordState.GONE.value


class _Known(NamedTuple):
    id: UUID
    digest: str
    state: str


@dataclass
class Plan:
    """What a run will write."""

    added: list[str]
    changed: list[str]
    renamed: dict[str, str]
    """New identifier -> the former one."""
    gone: list[str]
    unchanged: int

    @property
    def counts(self) -> dict[str, int]:
        """For the run."""
        return {
            "added": len(self.added), "changed": len(self.changed), "renamed": len(self.renamed),
            "gone": len(self.gone), "unchanged": self.unchanged,
        }  # fmt: skip


def plan_of(source: Source, found: Collected, *, accept_shrink: bool) -> Plan:
    """The differences; ``harvest-shrunk`` when suspiciously much is missing and nobody accepted it."""
    known = {
        identifier: _Known(pk, digest, state)
        for identifier, pk, digest, state in Record.objects.filter(source=source)
        .values_list("identifier", "pk", "digest", "state")
        .iterator()
    }
    present = {one for one, held in known.items() if held.state == _PRESENT}
    new = [one for one in found.places if one not in known]
    # Of one that tells its changes alone only what it calls deleted is gone.
    left = (
        present & found.deleted if found.since else present - found.unread
    ) - found.places.keys()
    renamed = rules.renamed(_names_found(found, new), _names_kept(source, left)) if left else {}
    left -= set(renamed.values())
    missing = left - found.deleted
    if rules.is_suspicious(len(present), len(missing)) and not accept_shrink:
        raise HARVEST_SHRUNK(name=source.name, before=len(present), missing=len(missing))
    changed = [
        one
        for one, place in found.places.items()
        if one in known and (known[one].digest, known[one].state) != (place.digest, _PRESENT)
    ]
    return Plan(
        added=[one for one in new if one not in renamed],
        changed=changed,
        renamed=renamed,
        gone=sorted(left),
        unchanged=len(found.places) - len(new) - len(changed),
    )


def _names_found(found: Collected, new: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return {one: found.description(one).other_ids for one in new}


def _names_kept(source: Source, left: set[str]) -> dict[str, tuple[str, ...]]:
    return {
        row.identifier: tuple(row.description["other_ids"])
        for chunk in _chunks(sorted(left), 400)
        for row in Record.objects.filter(source=source, identifier__in=chunk)
    }


def apply(
    actor: Actor, source: Source, run: UUID, found: Collected, plan: Plan, alive: Callable[[], None]
) -> None:
    """Write the plan in batches; a run that ends between two of them is completed by the next."""
    writes = [(one, "") for one in (*plan.added, *plan.changed)]
    writes += list(plan.renamed.items())
    for chunk in _chunks(writes, BATCH):
        alive()
        _write(actor, source, run, [(found.description(new), old, found.places[new].digest)
                                    for new, old in chunk])  # fmt: skip
    for gone in _chunks(plan.gone, BATCH):
        alive()
        _bury(actor, source, run, gone)


@transaction.atomic
def _write(
    actor: Actor, source: Source, run: UUID, batch: Sequence[tuple[Description, str, str]]
) -> None:
    _require_active(source)
    former = {old or said.identifier for said, old, _ in batch}
    held = {row.identifier: row for row in _rows(source, former)}
    now = timezone.now()
    rows = []
    for said, old, digest in batch:
        row = held.get(old or said.identifier)
        if row is None:
            row = Record(source=source, first_seen_at=now)
        if old:
            row.former_identifiers = [*row.former_identifiers, old]
        row.identifier, row.description = said.identifier, said.as_json()
        row.digest, row.words = digest, words_of(said)
        row.state, row.gone_at, row.changed_at = _PRESENT, None, now
        row.save()
        rows.append(row)
    _record(actor, source, run, rows, "written")


@transaction.atomic
def _bury(actor: Actor, source: Source, run: UUID, identifiers: Sequence[str]) -> None:
    _require_active(source)
    now = timezone.now()
    rows = list(_rows(source, set(identifiers)))
    for row in rows:
        row.state, row.gone_at, row.changed_at = _GONE, now, now
        row.save()
    _record(actor, source, run, rows, "gone")


def _rows(source: Source, identifiers: set[str]) -> QuerySet[Record]:
    return Record.objects.select_for_update().filter(source=source, identifier__in=identifiers)


def _require_active(source: Source) -> None:
    """A source that was stopped meanwhile gets nothing more."""
    state = Source.objects.select_for_update().values_list("state", flat=True).get(pk=source.pk)
    rules.require_state(source.name, state, rules.HARVEST, SourceState.ACTIVE)


def _record(actor: Actor, source: Source, run: UUID, rows: list[Record], what: str) -> None:
    record(
        f"harvest.records.{what}",
        actor=actor,
        subject=f"urn:uuid:{source.pk}",
        data={"name": source.name, "run": str(run), "records": len(rows)},
        rows=rows,
    )


def words_of(said: Description) -> str:
    """What a search looks in: all the words, and the title as it is read aloud."""
    words = " ".join(
        (said.title, said.title_en, said.publisher, *said.keywords,
         said.description, said.description_en)
    )  # fmt: skip
    sounds = " ".join(pinyin_readings(said.title[:30], 8))
    return f"{normalise(words)[:_WORDS_MAX]} {sounds}"[: _WORDS_MAX + 1_000]


def _chunks(items: Sequence[_T], size: int) -> Iterator[tuple[_T, ...]]:
    source = iter(items)
    while chunk := tuple(islice(source, size)):
        yield chunk

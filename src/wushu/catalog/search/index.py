"""The index on disk: a copy of what is listed, brought up to date by whoever asks.

Several processes share the folder. One writes at a time, under a lock of the file system; the
others answer meanwhile from what is there. How far the index has read is a document of the index
itself, so that content and mark are committed together. A missing, foreign or damaged folder is
built anew from the database, which alone is the truth.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import math
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import tantivy
from django.conf import settings

from wushu.catalog.models import Entry, GroupingMember
from wushu.catalog.refusals import SEARCH_UNAVAILABLE
from wushu.catalog.search.alike import Likeness, held_by_others, likeness_query, rarest_terms
from wushu.catalog.search.dictionary import synonyms
from wushu.catalog.search.queries import Asking, Wanted, Width, among, cut, since
from wushu.catalog.search.schema import (
    ENTRY,
    KIND,
    MARKER,
    STATE,
    entry_document,
    fingerprint,
    read_state,
    schema,
    state_document,
)
from wushu.catalog.types import EntryState

BATCH = 200
"""Entries that one request brings up to date at most."""

BULK = 5_000
"""The same where all of them are: each batch is one commit, and commits are what costs then."""

MEND_SECONDS = 60.0
"""A damaged index is not built anew more often by one process."""

COUNTED = 256
"""Different choices whose facets are kept until the index changes."""

MANY = 1_000
"""So many are found: nobody reads further, nothing is counted further."""

PAGED = 16
"""Questions of which all pages are kept, once somebody asked for a second one, until the index changes."""

FEW = 5
"""With fewer results than this the nearest spellings of a word are looked for too; of several words,
of which all must be there, with none: a slip in one of them finds nothing at all."""

GONE_THROUGH = 100_000
"""Entries that one question goes through, where the newest of them hold ``MANY`` that fit."""

_HEAP_BYTES = 20_000_000
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Found:
    """What the index answered."""

    ids: tuple[UUID, ...]
    """Best first, from the offset asked for."""
    total: int
    approximate: bool
    """Only near spellings were found."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries have each value, by field."""

    values: Mapping[str, Mapping[str, int]]
    at_least: bool
    """Only the newest entries were counted."""


@dataclass(frozen=True, slots=True)
class _Fitting:
    """What fits, and the query that finds it."""

    query: Any
    looked_at: Any
    """The same query, of the newest entries only where more than ``MANY`` fit."""
    hits: Sequence[tuple[Any, Any]]
    total: int
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class _Ranking:
    """Where what fits lies in the index, best first, from the offset asked for."""

    places: Sequence[Any]
    total: int
    approximate: bool


@dataclass(frozen=True, slots=True)
class Holdings:
    """Which entries an index has."""

    entries: frozenset[UUID]
    current: bool
    """Whether it has read every change."""


class _Kept:
    """What was found in one state of the index."""

    def __init__(self) -> None:
        self.counts: dict[Any, Counts] = {}
        self.moments: dict[int, int] = {}
        self.rankings: OrderedDict[Any, _Ranking] = OrderedDict()


@dataclass(frozen=True, slots=True)
class _State:
    """One state of the index, which others may replace meanwhile."""

    searcher: Any
    kept: _Kept


class _Broken(Exception):
    """The folder holds no index that can be read."""


class Index:
    """One folder's index, as this process has it open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._index: Any = None
        self._seen_file: tuple[int, int] | None = None
        self._mended_at: float | None = None
        self._kept = _Kept()

    # Reading

    def find(
        self,
        wanted: Wanted,
        bodies: Mapping[str, Any],
        *,
        offset: int = 0,
        limit: int,
        first: Sequence[UUID] = (),
        before: int | None = None,
    ) -> Found:
        """Entries that fit, best first (without words the newest change first).

        ``first``: those of them that fit precede all others, in their order. ``before``: the page
        begins with what changed before, in microseconds since 1970; all that fit are counted.
        """

        def ask(state: _State) -> Found:
            searcher = state.searcher
            if before is not None:
                found = self._since(state, wanted, bodies, before, offset, limit)
            elif wanted.text and 0 < offset <= MANY - limit:
                found = self._paged(state, wanted, bodies, tuple(first), offset, limit)
            else:
                found = self._ranked(state, wanted, bodies, first, offset, limit)
            ids = tuple(UUID(searcher.doc(place)["id"][0]) for place in found.places)
            return Found(ids, found.total, approximate=found.approximate)

        return self._answer(ask)

    def _ranked(
        self,
        state: _State,
        wanted: Wanted,
        bodies: Mapping[str, Any],
        first: Sequence[UUID],
        offset: int,
        limit: int,
    ) -> _Ranking:
        # Those that precede are left out of what follows: so many more are asked for.
        deeper = 0 if first else offset
        fitting = self._fitting(
            state, wanted, bodies, offset=deeper, limit=offset - deeper + limit + len(first)
        )
        places = [place for _, place in fitting.hits]
        if first:
            ahead = _ahead(state.searcher, fitting, first, needed=offset + limit)
            rest = [place for place in places if _address(place) not in ahead]
            places = [*ahead.values(), *rest][offset:]
        return _Ranking(places[:limit], fitting.total, fitting.approximate)

    def _paged(
        self,
        state: _State,
        wanted: Wanted,
        bodies: Mapping[str, Any],
        first: tuple[UUID, ...],
        offset: int,
        limit: int,
    ) -> _Ranking:
        """A page after the first. Who asks for one asks for others: all of them are kept."""
        named = tuple((run, tuple(found)) for run, found in sorted(bodies.items()))
        asked = (wanted, named, synonyms(), first)
        rankings = state.kept.rankings
        if (whole := rankings.get(asked)) is None:
            whole = self._ranked(state, wanted, bodies, first, 0, MANY)
            rankings[asked] = whole
            if len(rankings) > PAGED:
                rankings.popitem(last=False)
        return replace(whole, places=whole.places[offset : offset + limit])

    def _since(
        self,
        state: _State,
        wanted: Wanted,
        bodies: Mapping[str, Any],
        before: int,
        offset: int,
        limit: int,
    ) -> _Ranking:
        """The page that begins with what changed before."""
        fitting = self._fitting(state, wanted, bodies)
        query = cut(fitting.query, most=before - 1)
        order = _order(wanted)
        hits = state.searcher.search(query, max(limit, 1), offset=offset, **order).hits
        places = [place for _, place in hits[:limit]]
        return _Ranking(places, fitting.total, fitting.approximate)

    def _fitting(
        self,
        state: _State,
        wanted: Wanted,
        bodies: Mapping[str, Any],
        *,
        offset: int = 0,
        limit: int = 1,
    ) -> _Fitting:
        """What is found: as it was written, and more widely where that finds few.

        Words that very many entries have are looked for in the newest entries, as far back as it
        takes to find ``MANY``.
        """
        searcher = state.searcher
        asking = Asking(searcher, bodies)

        def search(query: Any) -> Any:
            return searcher.search(query, max(limit, 1), offset=offset, **_order(wanted))

        if not wanted.text:
            query = asking.all_of(wanted, Width.AS_WRITTEN)
            result = search(query)
            return _Fitting(query, query, result.hits, result.count)
        written = 0
        halvings = max(0, math.ceil(math.log2(asking.may_fit(wanted) / GONE_THROUGH or 1)))
        few = FEW if asking.is_one_word(wanted) else 1
        for width, enough in ((Width.AS_WRITTEN, MANY), (Width.MOSTLY, few), (Width.NEARLY, 0)):
            if width is Width.AS_WRITTEN and not halvings and asking.fit_at_most(wanted) < enough:
                continue  # what is asked next has these too
            if width is Width.NEARLY and not asking.may_be_mistyped(wanted):
                break
            query = asking.all_of(wanted, width)
            while halvings:
                newest = since(query, _newest(state, halvings), wanted.text)
                result = search(newest)
                if result.count >= MANY:
                    return _Fitting(query, newest, result.hits, result.count)
                halvings -= 1
            result = search(query)
            if result.count >= enough:
                break
            written = result.count
        near = width is Width.NEARLY and not written and result.count > 0
        return _Fitting(query, query, result.hits, result.count, approximate=near)

    def counts(
        self, wanted: Wanted, bodies: Mapping[str, Any], fields: tuple[str, ...], limit: int
    ) -> Counts:
        """How many of the entries that fit have each value of the fields, the most frequent.

        Without words many fit, and few different things are asked: these are counted once for each
        state of the index.
        """

        def ask(state: _State) -> Counts:
            asked = (wanted, fields, limit)
            if asked in state.kept.counts:
                return state.kept.counts[asked]
            fitting = self._fitting(state, wanted, bodies)
            request = {name: {"terms": {"field": name, "size": limit}} for name in fields}
            answer = state.searcher.aggregate(fitting.looked_at, request)
            values = {
                name: {one["key"]: one["doc_count"] for one in answer[name]["buckets"]}
                for name in fields
            }
            counts = Counts(values, at_least=fitting.looked_at is not fitting.query)
            if not wanted.text and len(state.kept.counts) < COUNTED:
                state.kept.counts[asked] = counts
            return counts

        return self._answer(ask)

    def holds(self, wanted: Wanted, bodies: Mapping[str, Any], entry: UUID) -> bool:
        """Whether one entry is among those that fit as written; no other entry is looked at."""

        def ask(state: _State) -> bool:
            query = Asking(state.searcher, bodies).all_of(wanted, Width.MOSTLY)
            this = tantivy.Query.term_query(schema(), "id", str(entry))
            must = [(tantivy.Occur.Must, this), (tantivy.Occur.Must, query)]
            found: int = state.searcher.search(tantivy.Query.boolean_query(must), 1).count
            return found > 0

        return self._answer(ask)

    def holders(
        self, items: Iterable[str], *, without: UUID, limit: int
    ) -> dict[str, dict[str, int]]:
        """Per data item of these that other bodies have too: body -> how many of its entries."""

        def ask(state: _State) -> dict[str, dict[str, int]]:
            searcher = state.searcher
            found: dict[str, dict[str, int]] = {}
            request = {"body": {"terms": {"field": "body", "size": limit}}}
            for item in items:
                if searcher.doc_freq("column", item):
                    answer = searcher.aggregate(held_by_others(item, without), request)
                    if buckets := answer["body"]["buckets"]:
                        found[item] = {one["key"]: one["doc_count"] for one in buckets}
            return found

        return self._answer(ask)

    def alike(self, to: Likeness, limit: int) -> tuple[list[UUID], dict[str, float]]:
        """Entries that share rare columns, keywords or words with one, the likest first.

        With how rare each of these is.
        """

        def ask(state: _State) -> tuple[list[UUID], dict[str, float]]:
            searcher = state.searcher
            rarest = rarest_terms(searcher, to)
            hits = searcher.search(likeness_query(to, rarest), limit).hits if rarest else ()
            ids = [UUID(searcher.doc(address)["id"][0]) for _, address in hits]
            return ids, {one.value: one.rarity for one in rarest}

        return self._answer(ask)

    def _answer(self, ask: Callable[[_State], _T]) -> _T:
        """Bring up to date, and ask; a missing or damaged index is built anew and asked again."""
        self._keep_up()
        try:
            with _damage():
                return ask(self._state())
        except _Broken as broken:
            self._mend(broken)
        try:
            with _damage():
                return ask(self._state())
        except _Broken as error:
            raise SEARCH_UNAVAILABLE() from error

    def _keep_up(self) -> None:
        """What cannot be written now must not keep what is there from being found."""
        try:
            self.refresh()
        except (_Broken, OSError) as error:
            _log.warning("the search index in %s cannot be written: %s", self.folder, error)

    def _mend(self, broken: _Broken) -> None:
        """Build anew what cannot be read, unless another thread or process has done so meanwhile.

        What cannot be read soon after it was built is left so: the next question says no.
        """
        failed = self._seen_file
        try:
            with self.writing(wait=True):
                now = time.monotonic()
                if self._mended_at is not None and now - self._mended_at < MEND_SECONDS:
                    return
                if _file(self.folder) not in (None, failed):
                    return
                _log.warning("the search index in %s is damaged: %s", self.folder, broken.__cause__)
                self._mended_at = now
                self._begin_anew(BATCH)
        except (_Broken, OSError) as error:
            raise SEARCH_UNAVAILABLE() from error

    def _state(self) -> _State:
        with self._lock, _damage():
            self._open()
            return _State(self._index.searcher(), self._kept)

    def _open(self) -> None:
        """Open the folder, or look at it again when another process has written."""
        file = _file(self.folder)
        if file is None:
            self._index = self._seen_file = None
            raise _Broken
        if self._index is None:
            self._index = tantivy.Index(schema(), str(self.folder))
            self._index.config_reader("manual")
            self._index.reload()
        elif file != self._seen_file:
            self._index.reload()
        if file != self._seen_file:
            self._kept = _Kept()
        self._seen_file = file

    # Bringing up to date

    def refresh(self, limit: int = BATCH, *, wait: bool = False) -> bool:
        """Read at most ``limit`` changed entries into the index; False when some are left.

        When another process is writing, nothing is done here and False returned, unless told to
        ``wait`` for it.
        """
        if self._left(limit) == []:
            return True
        with self.writing(wait=wait) as mine:
            if not mine:
                return False
            changed = self._left(limit)  # the one who wrote before us may have done it
            if changed == []:
                return True
            if changed is None or not self._is_whole():
                changed = self._begin_anew(limit)
            else:
                self._commit(changed)
        return len(changed) < limit

    def rebuild(self) -> int:
        """Throw the index away and read every listed entry; how many it holds then."""
        with self.writing(wait=True):
            self._begin_anew(BULK)
        while not self.refresh(BULK, wait=True):
            pass
        return self._answer(lambda state: _size(state.searcher))

    def holdings(self) -> Holdings | None:
        """The entries in the index as it lies there; None when it cannot be read."""
        if not self._is_whole():
            return None
        try:
            current = self._left(1) == []
            searcher = self._state().searcher
            with _damage():
                query = tantivy.Query.term_query(schema(), KIND, ENTRY)
                hits = searcher.search(query, max(int(searcher.num_docs), 1)).hits
                found = frozenset(UUID(searcher.doc(place)["id"][0]) for _, place in hits)
        except _Broken:
            return None
        return Holdings(found, current)

    def _begin_anew(self, limit: int) -> list[Entry]:
        """Throw away what is there and read the first entries; the lock is ours."""
        self._discard()
        changed = _changed_since(None, limit) or []
        self._commit(changed)
        return changed

    def _is_whole(self) -> bool:
        """Whether the folder can be opened; what this process mapped earlier may be gone since."""
        try:
            with _damage():
                tantivy.Index(schema(), str(self.folder))
        except _Broken:
            return False
        return True

    def _left(self, limit: int) -> list[Entry] | None:
        """Entries to read, oldest change first; None when the index must be begun anew."""
        try:
            seen, size = self._seen()
        except _Broken:
            return None
        if seen is None and size:
            return None  # documents without a mark: not ours
        return _changed_since(seen, limit)

    def _seen(self) -> tuple[tuple[datetime, UUID] | None, int]:
        """How far the index has read (None: nothing yet), and the number of its documents."""
        searcher = self._state().searcher
        with _damage():
            query = tantivy.Query.term_query(schema(), KIND, MARKER)
            hits = searcher.search(query, 1).hits
            seen = read_state(searcher.doc(hits[0][1])[STATE][0]) if hits else None
            return seen, int(searcher.num_docs)

    def _commit(self, changed: list[Entry]) -> None:
        groupings = _groupings_of(changed)
        documents = [
            entry_document(entry, entry.listed_revision, groupings.get(entry.pk, ()))
            for entry in changed
            if entry.state == EntryState.LISTED.value and entry.listed_revision is not None
        ]
        self.folder.mkdir(parents=True, exist_ok=True)
        with _damage():
            writer = tantivy.Index(schema(), str(self.folder)).writer(_HEAP_BYTES, 1)
            for entry in changed:
                writer.delete_documents_by_term("id", str(entry.pk))
            for document in documents:
                writer.add_document(document)
            if changed:
                writer.delete_documents_by_term(KIND, MARKER)
                writer.add_document(state_document(changed[-1].changed_at, changed[-1].pk))
            writer.commit()
            writer.wait_merging_threads()

    def _discard(self) -> None:
        with self._lock:
            self._index = None
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextlib.contextmanager
    def writing(self, *, wait: bool = False) -> Iterator[bool]:
        """The one writer's lock of all threads and processes; False when somebody else has it."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        path = self.folder.with_name(self.folder.name + ".lock")
        with path.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True


def _newest(state: _State, halvings: int) -> int:
    """When the oldest of the newest half changed, of the newest quarter, and so on."""
    if halvings not in state.kept.moments:
        searcher = state.searcher
        entries = tantivy.Query.term_query(schema(), KIND, ENTRY)
        newest = max(1, _size(searcher) >> halvings)
        [(changed, _)] = searcher.search(
            entries, 1, offset=newest - 1, count=False, order_by_field="changed"
        ).hits
        state.kept.moments[halvings] = changed
    return state.kept.moments[halvings]


def _ahead(
    searcher: Any, fitting: _Fitting, first: Sequence[UUID], *, needed: int
) -> dict[tuple[int, int], Any]:
    """Those of ``first`` that fit, in their order: all of them, unless fewer are enough.

    As many are looked for as it takes where they fit as often as other entries do, and half as many
    again, before all are.
    """
    likely = -(-3 * needed * _size(searcher) // (2 * max(fitting.total, 1)))
    for some in dict.fromkeys((tuple(first[:likely]), tuple(first))):
        found = searcher.search(among(fitting.query, some), len(some)).hits
        if len(found) >= needed:
            break
    return {_address(place): place for _, place in found}


def _order(wanted: Wanted) -> dict[str, str]:
    """How a search without words is ordered; with words the best match comes first."""
    return {} if wanted.text else {"order_by_field": "changed"}


def _address(place: Any) -> tuple[int, int]:
    return place.segment_ord, place.doc


def _file(folder: Path) -> tuple[int, int] | None:
    """Which state of the index lies there: every commit replaces this file. None: there is none."""
    try:
        status = (folder / "meta.json").stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _size(searcher: Any) -> int:
    """Entries in the index; the mark is a document too."""
    return max(0, int(searcher.num_docs) - 1)


def catalogue_index() -> Index:
    """The index of this node, in ``WUSHU_SEARCH_DIR``."""
    return _index_of(Path(settings.SEARCH_DIR) / f"catalogue-{fingerprint()}")


def index_refresh(*, everything: bool = False) -> bool:
    """Bring the search index up to date; whether it now is.

    By default a bounded piece of work, as every search does it; with ``everything`` until done.
    """
    done = catalogue_index().refresh()
    while everything and not done:
        done = catalogue_index().refresh(BULK, wait=True)
    return done


def index_rebuild() -> int:
    """Build the search index anew from the database; the number of entries in it."""
    return catalogue_index().rebuild()


@lru_cache(maxsize=8)
def _index_of(folder: Path) -> Index:
    return Index(folder)


def _changed_since(seen: tuple[datetime, UUID] | None, limit: int) -> list[Entry] | None:
    """Entries the public has seen change since, oldest change first; None: start anew.

    The entry of the mark must be there, and not older than the mark: else the database is another
    one than the index was read from (a restored backup).
    """
    rows = Entry.objects.filter(listed_at__isnull=False).order_by("changed_at", "pk")
    if seen is not None:
        moment, entry = seen
        rows = rows.filter(changed_at__gte=moment)
        # Every search asks, and nearly always nothing changed: that is asked first, and cheaply.
        if list(rows.values_list("changed_at", "pk")[:2]) == [seen]:
            return []
    found = list(rows.select_related("listed_revision__version")[: limit + 1])
    if seen is None:
        return found[:limit]
    if len(found) <= limit and entry not in {row.pk for row in found}:
        return None
    return [row for row in found if row.changed_at > moment][:limit]


def _groupings_of(entries: list[Entry]) -> dict[UUID, list[str]]:
    """Slugs of the groupings that each entry is in."""
    rows = GroupingMember.objects.filter(entry__in=[entry.pk for entry in entries])
    found: dict[UUID, list[str]] = {}
    for entry, slug in rows.values_list("entry", "grouping__slug"):
        found.setdefault(entry, []).append(slug)
    return found


@contextlib.contextmanager
def _damage() -> Iterator[None]:
    """What tantivy and the file system raise over damaged files, as one exception.

    A panic inside the Rust library is no ``Exception`` in Python.
    """
    try:
        yield
    except UnicodeError:
        raise  # a ValueError too, but of the question, not of the files
    except (ValueError, OSError, KeyError) as error:
        raise _Broken from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _Broken from error

"""Catalogue search at a size, through the services that pages and API ask, as JSON lines.

``bin/bench search [--entries N] [--home DIR] [--rounds N]`` makes a node with N generated entries
(25,000 by default), builds its index with the code that ``wushu rebuild`` runs, and times what readers
do: lists, words, pinyin, a wrong character, facets, deep pages. The entries are written to the tables
directly, in batches: passing each through two people's review would measure the review. With ``--home``
the node is kept and found again, so that a million entries are made once.

The goal is a 95th percentile under 50 ms for each kind of question, at 25,000 and at 1,000,000 entries.
Times are of one process that asks nothing else; each question is asked with many different values.
``cpu_…`` is the processor time of the same calls, which a busy machine disturbs less.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.search_entries import AREAS, KINDS, OFFICES, SUBJECTS, THEMES, Described, described

GOAL_MS = 50.0
BODIES = 200
_BATCH = 5000

Question = Callable[[], object]


def main() -> None:
    """Make the node, ask, print one line a question."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--entries", type=int, default=25_000)
    parser.add_argument("--rounds", type=int, default=3, help="how often all questions are asked")
    parser.add_argument("--home", type=Path, help="folder of the node, kept; else a temporary one")
    given = parser.parse_args()
    if given.home is not None:
        run(given.home, given.entries, given.rounds)
        return
    with tempfile.TemporaryDirectory(prefix="wushu-search-") as folder:
        run(Path(folder), given.entries, given.rounds)


def run(home: Path, entries: int, rounds: int) -> None:
    """Everything, in one process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")
    os.environ["WUSHU_HOME"] = str(home)
    import django

    django.setup()
    making = time.perf_counter()
    made = fill(entries)
    indexing = time.perf_counter()
    from wushu.catalog import selectors

    selectors.index_refresh(everything=True)
    ready = time.perf_counter()
    tell(
        step="made", entries=made, rows_seconds=round(indexing - making, 1),
        index_seconds=round(ready - indexing, 1),
    )  # fmt: skip
    asked: dict[str, list[tuple[float, float]]] = {}
    gc.collect()
    gc.freeze()  # as the serving processes do
    for turn in range(rounds + 1):
        for name, question in questions():
            began, used = time.perf_counter(), time.process_time()
            question()
            taken = time.perf_counter() - began, time.process_time() - used
            if turn:  # the first round warms what every process keeps
                asked.setdefault(name, []).append(taken)
    gc.unfreeze()
    for name, times in asked.items():
        report(name, times, made)


def report(name: str, times: Sequence[tuple[float, float]], entries: int) -> None:
    """Median and 95th percentile of a question, by the clock and of processor time."""
    clock, processor = (sorted(each) for each in zip(*times, strict=True))
    tell(
        entries=entries, question=name, asked=len(times),
        p50_ms=_milliseconds(clock, 0.5), p95_ms=_milliseconds(clock, 0.95),
        cpu_p50_ms=_milliseconds(processor, 0.5), cpu_p95_ms=_milliseconds(processor, 0.95),
        within_goal=_milliseconds(clock, 0.95) < GOAL_MS,
    )  # fmt: skip


def _milliseconds(ordered: Sequence[float], share: float) -> float:
    """The value below which so large a share lies, of seconds in their order."""
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 2)


def tell(**figures: Any) -> None:
    """One line."""
    print(json.dumps({"bench": "search", **figures}), flush=True)


# The node


def fill(entries: int) -> int:
    """A node with so many listed entries; how many it has. What is there already is kept."""
    from django.db import connection

    from wushu.catalog.models import Entry, Popularity
    from wushu.catalog.services.popularity import KEPT, popularity_replace
    from wushu.config.commands.node import prepare_database
    from wushu.evidence import selectors as evidence
    from wushu.evidence import services

    prepare_database()
    if evidence.node_or_none() is None:
        services.node_initialise(
            origin="bench.example/log", identifier_base="http://bench.example",
            region_zh="示例市", region_en="Sample City", division="320500",
        )  # fmt: skip
    there = Entry.objects.count()
    if there < entries:
        bodies = departments()
        if connection.vendor == "sqlite":  # a node that is lost half-way is made again
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous = OFF")
                cursor.execute("PRAGMA cache_size = -2000000")
        coming = islice(described(entries, len(bodies)), there, None)
        while some := list(islice(coming, _BATCH)):
            write(some, bodies)
    if not Popularity.objects.exists():
        known = Entry.objects.filter(slug__in=[f"bench-{n * 7919 % entries}" for n in range(KEPT)])
        popularity_replace(known.values_list("pk", flat=True))
    return Entry.objects.count()


def departments() -> list[uuid.UUID]:
    """The bodies, registered through their service; those that are there already as they are."""
    from wushu.kernel.identifiers.credit_code import check_character
    from wushu.parties import selectors, services
    from wushu.parties.types import NODE, OrganisationKind

    there = [one.id for one in selectors.organisations(OrganisationKind.DEPARTMENT)]
    for number in range(len(there), BODIES):
        code = f"11320500{number:09d}"
        name = f"{AREAS[number // len(OFFICES) % len(AREAS)]}{OFFICES[number % len(OFFICES)]}局"
        made = services.organisation_register(
            actor=NODE, kind=OrganisationKind.DEPARTMENT, code=code + check_character(code),
            name_zh=name, name_en=f"Bureau {number}", division="320500",
        )  # fmt: skip
        there.append(made.id)
    return sorted(there)


def write(some: Sequence[Described], bodies: Sequence[uuid.UUID]) -> None:
    """Entries, versions and listed revisions, as the catalogue keeps them, all in one statement each.

    Straight to the tables: half a million objects of models a minute are beyond what they are for.
    """
    from django.db import transaction
    from django.utils import timezone

    from wushu.catalog.models import Entry, Revision, Version
    from wushu.catalog.types import FieldSpec

    now = timezone.now() - timedelta(days=1)
    entries, versions, revisions = (
        Rows(Entry(state="listed")),
        Rows(
            Version(
                number=1, manifest_sha256="0" * 64, source_name="a.csv", source_sha256="0" * 64,
                source_bytes=1, rows_declared=1000, rows_loaded=1000, rows_rejected=0,
                parquet_bytes=1,
            )
        ),
        Rows(
            Revision(
                number=1, state="listed", attribute_reason="公开信息", created_by="urn:uuid:a",
                submitted_by="urn:uuid:a", listed_by="urn:uuid:b",
            )
        ),
    )  # fmt: skip
    for place, one in enumerate(some):
        at = now + timedelta(microseconds=place)
        entry, version, revision = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        entries.add(
            id=entry, slug=f"bench-{one.number}", body=bodies[one.body], created_at=at,
            changed_at=at, listed_at=at, listed_revision=revision,
        )  # fmt: skip
        versions.add(id=version, entry=entry, created_at=at)
        revisions.add(
            id=revision, entry=entry, version=version, title_zh=one.title, title_en=one.title_en,
            description_zh=one.description, keywords=list(one.keywords), theme=one.theme,
            attribute=one.attribute, update_cycle=one.cycle, spatial=one.spatial,
            fields=[FieldSpec(name, title_zh=title).as_json() for name, title in one.columns],
            created_at=at, submitted_at=at, listed_at=at,
        )  # fmt: skip
    with transaction.atomic():  # an entry and its revision name each other: checked at the end
        for rows in (entries, versions, revisions):
            rows.insert()


class Rows:
    """Rows of a table that are much like a first one."""

    def __init__(self, like: Any) -> None:
        from django.db import connection

        self._connection = connection
        self._fields = {field.name: field for field in like._meta.concrete_fields}
        self._table = like._meta.db_table
        self._like = {
            name: field.get_db_prep_save(getattr(like, field.attname), connection)
            for name, field in self._fields.items()
        }
        self._rows: list[list[Any]] = []

    def add(self, **different: Any) -> None:
        """One more row; what differs, by the names of the model's fields."""
        own = {
            name: self._fields[name].get_db_prep_save(value, self._connection)
            for name, value in different.items()
        }
        self._rows.append(list((self._like | own).values()))

    def insert(self) -> None:
        """Into the table."""
        quoted = self._connection.ops.quote_name
        columns = ", ".join(quoted(field.column) for field in self._fields.values())
        places = ", ".join(["%s"] * len(self._fields))
        with self._connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {quoted(self._table)} ({columns}) VALUES ({places})", self._rows
            )


# What readers ask


def questions() -> Iterator[tuple[str, Question]]:
    """Name and question, each kind with many values; lists are not counted exactly anywhere."""
    from wushu.catalog import selectors as catalog
    from wushu.catalog.selectors import Freshness, Order
    from wushu.kernel.text import syllables
    from wushu.parties import selectors as parties

    def pinyin(text: str) -> str:
        return "".join(options[0] for options in syllables(text))

    def initials(text: str) -> str:
        return "".join(options[0][0] for options in syllables(text))

    def ask(name: str, **asked: Any) -> tuple[str, Question]:
        return name, lambda: catalog.entries_sorted(**asked)

    def count(name: str, **asked: Any) -> tuple[str, Question]:
        return name, lambda: catalog.facets(**asked)

    bodies = [one.id for one in parties.organisations()][:20]
    for _ in range(20):
        yield ask("list")
        yield count("facets")
    cursor = None
    for _ in range(20):
        page = catalog.entries(cursor=cursor, limit=100)
        cursor = page.cursor
        if cursor:
            yield ask("list, deep", cursor=cursor)
    for theme in THEMES:
        yield ask("list, theme", theme=theme)
        yield count("facets, theme", theme=theme)
    for body in bodies:
        yield ask("list, body", body=body)
    for area in ("320500", "320506", "320508", "320581"):
        yield ask("list, region and cycle", region=area, frequency="MONTHLY")
    for freshness in Freshness:
        yield ask("list, freshness", freshness=freshness)
        yield ask("list, most used", order=Order.USED, freshness=freshness)
    for place, subject in enumerate(SUBJECTS):
        area, kind = AREAS[place % len(AREAS)], KINDS[place % len(KINDS)]
        yield ask("words, one", query=subject)
        yield count("facets, words", query=subject)
        yield ask("words, two", query=f"{area} {subject}")
        yield ask("words, three", query=f"{area}{subject} {kind} 2019")
        yield ask("words, part of a title", query=f"{subject}{kind}")
        yield ask("words and facets", query=subject, theme=THEMES[place % len(THEMES)])
        yield ask("pinyin", query=pinyin(subject))
        yield ask("pinyin, first letters", query=initials(subject))
        yield ask("one character", query=subject[0])
        if len(subject) > 2:
            wrong = subject[:-1] + "龘"
            yield ask("typo", query=wrong)
            yield count("facets, typo", query=wrong)
        yield ask("nothing", query=f"龘龘{place}靐靐")
        yield ask("words, most used", query=subject, order=Order.USED)
    for subject in SUBJECTS[:20]:
        name, question = "words, deep", _deep(catalog, subject)
        yield name, question
    for number in range(20):
        yield ask("latin", query=f"register {number * 37}")


def _deep(catalog: Any, subject: str) -> Question:
    """The last page that search gives: hits 900 to 1,000."""
    cursor = None
    for _ in range(9):
        page = catalog.entries(query=subject, cursor=cursor, limit=100)
        if page.cursor is None:
            break
        cursor = page.cursor
    return lambda: catalog.entries(query=subject, cursor=cursor, limit=100)


if __name__ == "__main__":
    main()

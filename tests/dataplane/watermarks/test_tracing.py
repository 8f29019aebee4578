"""Files that were made of a marked download, and whose they are."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from tests.dataplane.query import support
from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.query import ordering
from wushu.dataplane.query.formats import csv as csv_format
from wushu.dataplane.query.formats import of_version
from wushu.dataplane.query.types import Condition, Op
from wushu.dataplane.query.versions import Version, version_by_manifest
from wushu.dataplane.watermarks.tracing import trace
from wushu.dataplane.watermarks.types import Traced
from wushu.kernel.errors import Refusal

SECRET = b"s" * 32
LEAKER, INNOCENT, THIRD = (UUID(int=n) for n in (1, 2, 3))
Rows = list[list[str]]


@pytest.fixture
def version(db, node_home) -> Version:
    """Three blocks of rows, all different."""
    made = support.publish(rows=support.table(5_000), conditions="研究")
    stored = made.version
    return version_by_manifest(made.id, 1, stored.pk, stored.manifest_sha256, made.slug)


def key(grant: UUID, version: Version) -> bytes:
    return ordering.order_key(SECRET, grant, version.id)


def delivered(
    version: Version,
    grant: UUID | None,
    columns: tuple[str, ...] = (),
    only: tuple[Condition, ...] = (),
) -> Rows:
    """The cells of the CSV file of a grant, its head first; None: unmarked."""
    order = None if grant is None else key(grant, version)
    table = of_version("streets", version, columns or version.names, only, order)
    text = b"".join(run.data for run in csv_format.runs(table)).decode()
    return list(csv.reader(io.StringIO(text, newline="")))


def traced(rows: Rows, version: Version, work: Path, **how) -> Traced:
    """What a file of the rows says of three deliveries."""
    encoding, newline = how.pop("encoding", "utf-8"), how.pop("newline", "\n")
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=newline, **how).writerows(rows)
    file = work / "file"
    file.write_bytes(out.getvalue().encode(encoding))
    keys = {grant: key(grant, version) for grant in (LEAKER, INNOCENT, THIRD)}
    return trace(file, "found.csv", work, version, keys)


def named(found: Traced) -> list[UUID]:
    return [fit.grant for fit in found.named]


@pytest.fixture
def work(node_home: Path, settings) -> Path:
    folder = settings.OBJECTS_DIR / "incoming" / "trace"
    folder.mkdir(parents=True)
    return folder


def sample(rows: Rows, share: float) -> Rows:
    chance = random.Random(7)
    return [rows[0], *(row for row in rows[1:] if chance.random() < share)]


def by_column(name: str) -> Callable[[Rows], Rows]:
    return lambda rows: [rows[0], *sorted(rows[1:], key=lambda row: row[rows[0].index(name)])]


def shuffled_in_parts(rows: Rows) -> Rows:
    parts = [rows[n : n + 300] for n in range(1, len(rows), 300)]
    random.Random(3).shuffle(parts)
    return [rows[0], *(row for part in parts for row in part)]


def neighbours_swapped(rows: Rows) -> Rows:
    body = rows[1:]
    for n in range(0, len(body) - 1, 2):
        body[n], body[n + 1] = body[n + 1], body[n]
    return [rows[0], *body]


def without(*names: str) -> Callable[[Rows], Rows]:
    return lambda rows: [
        [cell for cell, head in zip(row, rows[0], strict=True) if head not in names] for row in rows
    ]


def with_strangers(rows: Rows) -> Rows:
    chance = random.Random(5)
    strange = [[f"X{n}", *row[1:]] for n, row in enumerate(rows[1:3_000])]
    return [rows[0], *(one for row in rows[1:] for one in (row, chance.choice(strange)))]


def a_column_altered(rows: Rows) -> Rows:
    place = rows[0].index("note")
    return [rows[0], *([*row[:place], "x", *row[place + 1 :]] for row in rows[1:])]


def codes_as_spreadsheets_write_them(rows: Rows) -> Rows:
    place = rows[0].index("level")
    return [
        rows[0],
        *([*row[:place], row[place] and f"{row[place]}.0", *row[place + 1 :]] for row in rows[1:]),
    ]


@pytest.mark.parametrize(
    "done",
    [
        lambda rows: rows,
        lambda rows: sample(rows, 0.5),
        lambda rows: sample(rows, 0.1),
        lambda rows: rows[:120],
        lambda rows: [rows[0], *rows[4_000:]],
        lambda rows: [rows[0], *reversed(rows[1:])],
        lambda rows: [*rows, *rows[1:]],
        by_column("区 名"),
        shuffled_in_parts,
        neighbours_swapped,
        without("code", "seen"),
        with_strangers,
        a_column_altered,
        codes_as_spreadsheets_write_them,
    ],
)  # fmt: skip
def test_the_delivery_is_named_whatever_was_done_short_of_losing_the_order(version, work, done):
    assert named(traced(done(delivered(version, LEAKER)), version, work)) == [LEAKER]


@pytest.mark.parametrize(
    "how",
    [
        {"encoding": "gb18030"},
        {"encoding": "utf-16"},
        {"newline": "\r\n"},
        {"delimiter": ";"},
        {"delimiter": "\t"},
        {"quoting": csv.QUOTE_ALL},
    ],
)
def test_the_delivery_is_named_however_the_file_was_written_anew(version, work, how):
    assert named(traced(delivered(version, LEAKER), version, work, **how)) == [LEAKER]


def test_a_part_of_the_columns_is_enough(version, work):
    rows = delivered(version, LEAKER, ("code", "note"))
    assert named(traced(rows, version, work)) == [LEAKER]


def test_so_are_the_rows_that_a_grants_filter_leaves(version, work):
    rows = delivered(version, LEAKER, (), (Condition("区 名", Op.EQ, ("姑苏区",)),))
    found = traced(rows, version, work)
    assert (found.met, named(found)) == (1_000, [LEAKER])


def test_two_who_put_their_files_together_are_both_named(version, work):
    one, other = delivered(version, LEAKER), delivered(version, THIRD)
    half = [row for n, row in enumerate(one) if n < 2_500]
    seen = {tuple(row) for row in half}
    both = half + [row for row in other[1:] if tuple(row) not in seen]
    assert set(named(traced(both, version, work))) == {LEAKER, THIRD}


@pytest.mark.parametrize("done", [by_column("code"), by_column("seen"), lambda rows: [
    rows[0], *random.Random(9).sample(rows[1:], len(rows) - 1)
]])  # fmt: skip
def test_sorting_by_what_all_rows_differ_in_and_shuffling_leave_nothing_to_decide(
    version, work, done
):
    found = traced(done(delivered(version, LEAKER)), version, work)
    assert found.met == 5_000
    assert named(found) == []


def test_a_file_that_was_never_marked_accuses_nobody(version, work):
    found = traced(delivered(version, None), version, work)
    assert named(found) == []
    assert found.in_table_order == 1.0


def test_of_a_thousand_keys_none_fits_a_file_that_was_made_without_them(version, work):
    """At the level one in a million would; that the chances told are right is measured by ``bin/bench``."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(delivered(version, LEAKER))
    (work / "file").write_text(out.getvalue())
    keys = {UUID(int=n): key(UUID(int=n), version) for n in range(1_000, 2_000)}
    found = trace(work / "file", "found.csv", work, version, keys)
    assert named(found) == []
    assert len(found.fits) == 1_000


def test_the_file_of_somebody_who_is_not_compared_accuses_nobody(version, work):
    found = traced(delivered(version, UUID(int=99)), version, work)
    assert named(found) == []
    assert found.in_table_order < 0.6


def test_a_few_rows_accuse_nobody(version, work):
    found = traced(delivered(version, LEAKER)[:20], version, work)
    assert found.met == 19
    assert named(found) == []


def test_rows_that_look_the_same_are_left_out(version, work):
    found = traced(delivered(version, LEAKER, ("区 名", "level")), version, work)
    assert found.met < 50
    assert named(found) == []


def test_a_file_without_a_name_of_a_column_is_refused(version, work):
    with pytest.raises(Refusal) as caught:
        traced([["甲", "乙"], ["1", "2"]], version, work)
    assert caught.value.name == "watermark-columns-unknown"


def test_a_head_is_known_by_its_names_though_all_cells_are_words(db, node_home, work):
    fields = (FieldSpec("name", key=True), FieldSpec("kind", FieldType.TEXT))
    rows = [(f"n{n}", "abc"[n % 3]) for n in range(3_000)]
    made = support.publish(fields=fields, rows=rows, conditions="研究")
    opened = version_by_manifest(made.id, 1, made.version.pk, made.version.manifest_sha256, "x")
    assert named(traced(delivered(opened, LEAKER), opened, work)) == [LEAKER]

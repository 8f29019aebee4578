"""What a recipient's own order of rows survives, and how often it accuses wrongly, as JSON lines.

``bin/bench watermarks [--rows N] [--recipients N] [--rounds N] [--coins N]`` makes a version of N rows
(100,000 by default), gives it to N recipients (50) in their own orders, does to their files what somebody
does who passes one on, and traces each file among all recipients with the code of ``wushu watermark trace``.

``survives``     one line for each thing done: in how many of the rounds the right recipient was named, in how
                 many somebody wrong, the rows that were left, and the pairs of the best reading
``accuses``      files of nobody who is compared (unmarked, of strangers, shuffled, put together from several
                 strangers) against keys drawn anew: trials, wrong accusations at the level, and how often the
                 chance that is told was at most 1 in 10, 100, 1,000 and 10,000, where just so many are due at
                 most; with the upper end of the one-sided 95 % interval (Clopper and Pearson)
``delivers``     seconds, of the clock and of the processor, for a whole CSV file in the table's order and in a
                 recipient's, and the most memory the process has had before and after
``traces``       the same of tracing that file among all recipients

Nothing here depends on the network or the clock; ``--seed`` makes it anew.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import os
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

Rows = list[list[str]]
Done = Callable[[Rows, random.Random], Rows]

SMALL = 1_000
"""Rows up to which ten times as many keys are tried."""
SHARES = (0.9, 0.5, 0.1, 0.01)
DISTRICTS = ("姑苏区", "虎丘区", "吴中区", "相城区", "吴江区", "工业园区")


def main() -> None:
    """Make the version and measure, one line a result."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--recipients", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5, help="files of each kind")
    parser.add_argument(
        "--coins", type=int, default=20_000, help="keys tried on each large file of nobody"
    )
    parser.add_argument("--delivered", type=int, default=1_000_000, help="rows of the file timed")
    parser.add_argument("--judged", type=int, default=20_000, help="rows of the files of nobody")
    parser.add_argument("--seed", type=int, default=20261121)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wushu-watermarks-") as folder:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushu.config.settings")
        os.environ["WUSHU_HOME"] = folder
        import django

        django.setup()
        # First: the most memory a process has had is all that is known of it later.
        large = Bench(Path(folder), given.delivered, given.recipients, random.Random(given.seed))
        large.delivers()
        large.traces()
        bench = Bench(Path(folder), given.rows, given.recipients, random.Random(given.seed))
        bench.survives(given.rounds)
        Bench(Path(folder), given.judged, 3, random.Random(given.seed)).accuses(given.coins)


def say(what: str, **facts: Any) -> None:
    """One result."""
    print(json.dumps({"measured": what, **facts}, ensure_ascii=False), flush=True)


class Bench:
    """A version and the files of its recipients."""

    def __init__(self, home: Path, rows: int, recipients: int, chance: random.Random) -> None:
        self.chance, self.rows = chance, rows
        self.work = home / "objects" / "trace"
        self.work.mkdir(parents=True, exist_ok=True)
        self.version = version(home / "objects", rows)
        self.keys = {
            UUID(int=chance.getrandbits(128)): chance.randbytes(32) for _ in range(recipients)
        }

    def delivered(self, key: bytes | None) -> Rows:
        """The cells of the CSV file in a key's order, or unmarked."""
        return list(csv.reader(io.StringIO(self._text(key).decode(), newline="")))

    def _text(self, key: bytes | None) -> bytes:
        from wushu.dataplane.query.formats import csv as csv_format
        from wushu.dataplane.query.formats import of_version

        table = of_version("bench", self.version, self.version.names, (), key)
        return b"".join(run.data for run in csv_format.runs(table))

    def trace(self, rows: Rows, keys: dict[UUID, bytes]) -> Any:
        """What the file of these rows says of the keys."""
        from wushu.dataplane.watermarks.tracing import trace

        with (self.work / "file").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
        return trace(self.work / "file", "found.csv", self.work, self.version, keys)

    def survives(self, rounds: int) -> None:
        """What is done to one recipient's file, and what several do together."""
        for name, done in things_done().items():
            self._rounds(name, rounds, 1, lambda files, done=done: done(files[0], self.chance))
        for several in (2, 3, 5):
            for name, join in things_joined().items():
                self._rounds(
                    f"{several} {name}", rounds, several, lambda f, join=join: join(f, self.chance)
                )

    def _rounds(
        self, name: str, rounds: int, several: int, make: Callable[[list[Rows]], Rows]
    ) -> None:
        right = wrong = decided = 0
        left: list[int] = []
        pairs: list[int] = []
        weakest: list[float] = []
        for _ in range(rounds):
            guilty = self.chance.sample(sorted(self.keys), several)
            found = self.trace(make([self.delivered(self.keys[one]) for one in guilty]), self.keys)
            named = {fit.grant for fit in found.named}
            right += len(named & set(guilty))
            wrong += len(named - set(guilty))
            decided += bool(named)
            left.append(found.met)
            pairs.append(found.fits[0].reading.pairs)
            weakest.append(found.fits[0].log10_p)
        say(
            "survives", done=name, files=rounds, decided=decided, named=right, of=rounds * several,
            wrongly=wrong, rows=sum(left) // rounds, pairs=sum(pairs) // rounds,
            log10_p=max(weakest),
        )  # fmt: skip

    def accuses(self, coins: int) -> None:
        """Keys drawn anew against files that were made without them: whoever they name is innocent."""
        from wushu.dataplane.watermarks import judging, reading
        from wushu.dataplane.watermarks.tracing import agreements, cut
        from wushu.dataplane.watermarks.types import Pairing

        for name, make in files_of_nobody().items():
            rows = make(
                [self.delivered(key) for key in (None, *list(self.keys.values())[:3])], self.chance
            )
            file = self.work / "file"
            with file.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows(rows)
            with reading.opened(file, "found.csv", self.work, self.version, "") as leak:
                met = reading.meet(leak, self.version)
                parts = cut({one: reading.pairs(leak, met, one) for one in Pairing})
            told: Counter[str] = Counter()
            trials = coins * 10 if met.rows <= SMALL else coins
            for _ in range(trials):
                key = self.chance.randbytes(32)
                counts = agreements(key, parts)
                (fit,) = judging.judged({uuid4(): counts})
                told["at the level"] += fit.named
                for least in (1, 2, 3, 4):
                    told[f"1 in {10**least}"] += fit.log10_p <= -least
            say(
                "accuses", file=name, rows=met.rows, pairs=counts[0].pairs, keys=trials,
                level=judging.LEVEL, wrongly=told["at the level"],
                at_most={
                    how: {"found": number, "share_at_most": round(upper(number, trials), 8)}
                    for how, number in sorted(told.items())
                },
            )  # fmt: skip

    def delivers(self) -> None:
        """Time and memory of one large file, both orders."""
        for name, key in (("table", None), ("recipient", next(iter(self.keys.values())))):
            list(islice(self._pieces(key), 2))  # where pandas is installed its first use loads it
            before, begun, worked = peak(), time.perf_counter(), time.process_time()
            size = sum(len(piece) for piece in self._pieces(key))
            say(
                "delivers", order=name, rows=self.rows, megabytes=round(size / 1e6, 1),
                seconds=round(time.perf_counter() - begun, 2),
                cpu_seconds=round(time.process_time() - worked, 2),
                peak_before_mb=before, peak_mb=peak(),
            )  # fmt: skip

    def traces(self) -> None:
        """Time and memory of tracing the whole large file among all recipients."""
        from wushu.dataplane.watermarks.tracing import trace

        guilty, key = next(iter(self.keys.items()))
        with (self.work / "file").open("wb") as out:
            out.writelines(self._pieces(key))
        before, begun, worked = peak(), time.perf_counter(), time.process_time()
        found = trace(self.work / "file", "found.csv", self.work, self.version, self.keys)
        say(
            "traces", rows=self.rows, recipients=len(self.keys),
            right=[fit.grant for fit in found.named] == [guilty],
            seconds=round(time.perf_counter() - begun, 2),
            cpu_seconds=round(time.process_time() - worked, 2),
            peak_before_mb=before, peak_mb=peak(),
        )  # fmt: skip

    def _pieces(self, key: bytes | None) -> Iterator[bytes]:
        from wushu.dataplane.query.formats import csv as csv_format
        from wushu.dataplane.query.formats import of_version

        table = of_version("bench", self.version, self.version.names, (), key)
        return (run.data for run in csv_format.runs(table))


def peak() -> int:
    """Most memory the process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def version(objects: Path, rows: int) -> Any:
    """A stored version: a code, a district of six, two numbers, a day and a text."""
    import duckdb

    from wushu.catalog.types import FieldSpec, FieldType
    from wushu.dataplane.query.sql import Column
    from wushu.dataplane.query.versions import Version

    path = objects / f"bench-{rows}.parquet"
    districts = ", ".join(f"'{one}'" for one in DISTRICTS)
    duckdb.sql(
        "SELECT i + 1 AS _row, printf('3205%08d', i) AS code, "
        f"[{districts}][1 + (hash(i) % {len(DISTRICTS)})::INT] AS district, "
        "(hash(i + 1) % 100)::BIGINT AS level, ((hash(i + 2) % 1000000) / 100)::DECIMAL(38, 2) AS fee, "
        "DATE '2020-01-01' + (i % 1500)::INT AS opened, '备注 ' || (hash(i + 3) % 100000) AS note "
        f"FROM range({rows}) AS t(i)"
    ).write_parquet(str(path))
    fields = (
        FieldSpec("code", key=True),
        FieldSpec("district"),
        FieldSpec("level", FieldType.INTEGER),
        FieldSpec("fee", FieldType.DECIMAL, "2"),
        FieldSpec("opened", FieldType.DATE),
        FieldSpec("note"),
    )
    columns = {
        one.name: Column(place, one.name, one.type, 2 if one.name == "fee" else 0)
        for place, one in enumerate(fields)
    }
    return Version(
        uuid4(), uuid4(), 1, "", path, "", objects / "none", fields, columns, rows
    )  # fmt: skip


def things_done() -> dict[str, Done]:
    """What somebody does to a file before they pass it on."""
    return {
        "nothing": lambda rows, chance: rows,
        **{f"{share:.0%} of the rows kept": kept(share) for share in SHARES},
        "the first 100 rows kept": lambda rows, chance: rows[:101],
        "the first 50 rows kept": lambda rows, chance: rows[:51],
        "columns dropped: the code": lambda rows, chance: without(rows, {"code"}),
        "columns dropped: all but code": lambda rows, chance: only(rows, {"code"}),
        "columns dropped: all but note and fee": lambda rows, chance: only(rows, {"note", "fee"}),
        "every fee altered": lambda rows, chance: altered(rows, "fee"),
        "a stranger's row after each row": strangers,
        "turned round": lambda rows, chance: [rows[0], *reversed(rows[1:])],
        "neighbours swapped": swapped,
        "rows moved by up to 10 places": jittered(10),
        "rows moved by up to 200 places": jittered(200),
        "parts of 1,000 rows shuffled": parts(1_000),
        "parts of 10 rows shuffled": parts(10),
        "parts of 2 rows shuffled": parts(2),
        "the file twice": lambda rows, chance: [*rows, *rows[1:]],
        "sorted by district (6 values, stable)": sorted_by("district"),
        "sorted by level (100 values, stable)": sorted_by("level"),
        "sorted by day (1,500 values, stable)": sorted_by("opened"),
        "sorted by code (no two equal)": sorted_by("code"),
        "shuffled": shuffled,
    }


def things_joined() -> dict[str, Callable[[list[Rows], random.Random], Rows]]:
    """What several recipients make of their files together."""
    return {
        "put their files one after the other": one_after_the_other,
        "take each block of rows from one of them": blocks_by_turns,
        "mix their files row by row": mixed,
    }


def files_of_nobody() -> dict[str, Callable[[list[Rows], random.Random], Rows]]:
    """Out of the unmarked file and those of three who are not compared."""
    return {
        "unmarked": lambda files, chance: files[0],
        "a stranger's": lambda files, chance: files[1],
        "three strangers' mixed": lambda files, chance: mixed(files[1:], chance),
        "shuffled": lambda files, chance: shuffled(files[0], chance),
        "1,000 rows of an unmarked one": lambda files, chance: files[0][:1_001],
        "60 rows of an unmarked one": lambda files, chance: files[0][:61],
    }


def kept(share: float) -> Done:
    """Each row with this chance."""
    return lambda rows, chance: [rows[0], *(row for row in rows[1:] if chance.random() < share)]


def without(rows: Rows, names: set[str]) -> Rows:
    """All other columns."""
    places = [n for n, name in enumerate(rows[0]) if name not in names]
    return [[row[n] for n in places] for row in rows]


def only(rows: Rows, names: set[str]) -> Rows:
    """These columns."""
    return without(rows, set(rows[0]) - names)


def altered(rows: Rows, name: str) -> Rows:
    """Every value of the column another."""
    place = rows[0].index(name)
    return [rows[0], *([*row[:place], f"{row[place]}1", *row[place + 1 :]] for row in rows[1:])]


def strangers(rows: Rows, chance: random.Random) -> Rows:
    """A row that is not of the table after each."""
    return [rows[0], *(one for row in rows[1:] for one in (row, [f"X{chance.random()}", *row[1:]]))]


def swapped(rows: Rows, chance: random.Random) -> Rows:
    """The second before the first, the fourth before the third …"""
    body = rows[1:]
    for n in range(0, len(body) - 1, 2):
        body[n], body[n + 1] = body[n + 1], body[n]
    return [rows[0], *body]


def jittered(most: int) -> Done:
    """Each row somewhere near its place."""
    return lambda rows, chance: [
        rows[0],
        *(row for _, row in sorted(
            ((n + chance.random() * most, row) for n, row in enumerate(rows[1:])), key=lambda one: one[0]
        )),
    ]  # fmt: skip


def parts(size: int) -> Done:
    """Parts of the file in another order."""

    def done(rows: Rows, chance: random.Random) -> Rows:
        cut = [rows[n : n + size] for n in range(1, len(rows), size)]
        chance.shuffle(cut)
        return [rows[0], *(row for part in cut for row in part)]

    return done


def sorted_by(name: str) -> Done:
    """As a spreadsheet or a database sorts: equal rows stay as they stood."""
    return lambda rows, chance: [
        rows[0], *sorted(rows[1:], key=lambda row: row[rows[0].index(name)])
    ]  # fmt: skip


def shuffled(rows: Rows, chance: random.Random) -> Rows:
    """All rows anywhere."""
    return [rows[0], *chance.sample(rows[1:], len(rows) - 1)]


def one_after_the_other(files: list[Rows], chance: random.Random) -> Rows:
    """Each row by the first file that has it, a part of the table from each."""
    size = math.ceil((len(files[0]) - 1) / len(files))
    return distinct(
        [
            files[0][0],
            *(r for n, f in enumerate(files) for r in f[1 + n * size : 1 + (n + 1) * size]),
        ],
        files,
    )


def blocks_by_turns(files: list[Rows], chance: random.Random) -> Rows:
    """Each 500 rows from a file drawn anew."""
    made: Rows = [files[0][0]]
    for n in range(1, len(files[0]), 500):
        made += chance.choice(files)[n : n + 500]
    return distinct(made, files)


def mixed(files: Sequence[Rows], chance: random.Random) -> Rows:
    """The next row of a file drawn anew each time, without those that are there."""
    places = [1] * len(files)
    made: Rows = [files[0][0]]
    seen: set[str] = set()
    open_ = list(range(len(files)))
    while open_:
        turn = chance.choice(open_)
        if places[turn] >= len(files[turn]):
            open_.remove(turn)
            continue
        row = files[turn][places[turn]]
        places[turn] += 1
        if row[0] not in seen:
            seen.add(row[0])
            made.append(row)
    return made


def distinct(rows: Rows, files: Sequence[Rows]) -> Rows:
    """Each row once, with those of the first file that are missing at the end."""
    found = {row[0]: row for row in reversed(rows[1:])}
    order = dict.fromkeys(row[0] for row in rows[1:])
    missing = [row for row in files[0][1:] if row[0] not in found]
    return [rows[0], *(found[code] for code in order), *missing]


def upper(found: int, trials: int) -> float:
    """Upper end of the one-sided 95 % interval of a share (Clopper and Pearson), by bisection."""
    low, high = found / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if at_most(found, trials, middle) > 0.05:
            low = middle
        else:
            high = middle
    return high


def at_most(found: int, trials: int, share: float) -> float:
    """The chance of at most so many in so many trials."""
    logs = [
        math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
        + k * math.log(share) + (trials - k) * math.log1p(-share)
        for k in range(found + 1)
    ] if 0 < share < 1 else [0.0 if not share else -math.inf]  # fmt: skip
    return sum(math.exp(one) for one in logs)


if __name__ == "__main__":
    main()

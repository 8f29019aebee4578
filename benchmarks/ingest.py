"""The whole way in against the engine's own text → Parquet, side by side, as JSON lines.

``bin/bench ingest [--rows N] [--runs N]`` makes the permit register of ``$WUSHU_TEST_DATA`` once (kept
in the system's temporary folder), then runs in turn, each in a process of its own:

* ``duckdb``: ``COPY (FROM read_csv(…all text…)) TO … (FORMAT parquet)``, nothing else;
* ``wushu``: original stored and hashed, looked into (every proposal tried on every row), types
  confirmed, loaded with rejects, profile, Parquet, serving file, manifest and the database's
  transactions, all through the services.

``ratio`` is of what the goal names: original, types, rejects, profile, Parquet. The serving file comes
on top (it has the size of the rows as JSON): ``ratio_with_serving_file`` is the whole.

The ratio is of the medians of one invocation; ``cpu_ratio`` is the same of processor time, which a busy
machine disturbs less. A worker lives long, so imports and a first small load
come before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

GOAL = 0.3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=["duckdb", "wushu"])
    parser.add_argument("--table", type=Path)
    asked = parser.parse_args()
    if asked.only:
        measure = duckdb_alone if asked.only == "duckdb" else wushu
        print(json.dumps(measure(asked.table)))
        return
    path = table(asked.rows)
    figures: dict[str, list[dict[str, Any]]] = {"duckdb": [], "wushu": []}
    for run in range(asked.runs):
        for name, found in figures.items():
            measured = in_own_process(name, path)
            found.append(measured)
            print(json.dumps({"run": run + 1, "what": name, **measured}), flush=True)
    seconds = {
        name: statistics.median(m["seconds"] for m in found) for name, found in figures.items()
    }
    cpu = {
        name: statistics.median(m["cpu_seconds"] for m in found) for name, found in figures.items()
    }
    whole = seconds["duckdb"] / seconds["wushu"]
    before_serving = statistics.median(
        m["seconds"] - m["stages"]["of which serving"] for m in figures["wushu"]
    )
    print(
        json.dumps(
            {
                "what": "ratio",
                "rows": asked.rows,
                "bytes": path.stat().st_size,
                "duckdb_seconds": round(seconds["duckdb"], 2),
                "wushu_seconds": round(seconds["wushu"], 2),
                "cpu_ratio": round(cpu["duckdb"] / cpu["wushu"], 3),
                "wushu_peak_mib": max(m["peak_mib"] for m in figures["wushu"]),
                "ratio": round(seconds["duckdb"] / before_serving, 3),
                "ratio_with_serving_file": round(whole, 3),
                "goal": GOAL,
                "met": seconds["duckdb"] / before_serving >= GOAL,
                "met_with_serving_file": whole >= GOAL,
            }
        )
    )


def table(rows: int) -> Path:
    """The permit register, made once."""
    data = Path(os.environ.get("WUSHU_TEST_DATA", ""))
    maker = data / "make_permits.py"
    if not maker.is_file():
        sys.exit("WUSHU_TEST_DATA does not name the folder with make_permits.py")
    path = Path(tempfile.gettempdir()) / f"wushu-permits-{rows}.csv"
    if not path.is_file():
        half_made = path.with_suffix(".part")
        areas = data / "public" / "admin-divisions" / "areas.csv"
        subprocess.run([sys.executable, maker, str(rows), half_made, areas], check=True)
        half_made.replace(path)
    return path


def in_own_process(name: str, path: Path) -> dict[str, Any]:
    """Run one measurement where its peak memory is its own."""
    with tempfile.TemporaryDirectory(prefix="wushu-bench-") as home:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.ingest", "--only", name, "--table", str(path)],
            env={**os.environ, "WUSHU_HOME": home, "DJANGO_SETTINGS_MODULE": "wushu.config.settings"},
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))


def duckdb_alone(path: Path) -> dict[str, Any]:
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(config={"threads": 2})
        started = time.perf_counter(), time.process_time()
        connection.execute(
            f"COPY (FROM read_csv('{path}', all_varchar = true)) "
            f"TO '{folder}/text.parquet' (FORMAT parquet)"
        )
        return figures_since(started)


def wushu(path: Path) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from wushu.dataplane.ingest import running

    call_command("migrate", verbosity=0)
    clerk, body = a_clerk()
    small = Path(tempfile.mkdtemp(dir=os.environ["WUSHU_HOME"])) / "small.csv"
    with path.open("rb") as whole:
        small.write_bytes(b"".join(whole.readline() for _ in range(2000)))
    publish(clerk, body, small)
    serving = timed(running.serving, "build")
    started = time.perf_counter(), time.process_time()
    stages = publish(clerk, body, path)
    found = figures_since(started)
    return found | {"stages": stages | {"of which serving": round(sum(serving), 2)}}


def timed(module: Any, name: str) -> list[float]:
    """Seconds of every later call of a function, as they come."""
    seconds: list[float] = []
    function = getattr(module, name)

    def timer(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            seconds.append(time.perf_counter() - started)

    setattr(module, name, timer)
    return seconds


def a_clerk() -> tuple[Any, Any]:
    from wushu.kernel.identifiers.credit_code import check_character
    from wushu.parties import selectors, services
    from wushu.parties.types import NODE, OrganisationKind, Role

    first_17 = "11320500000000001"
    body = services.organisation_register(
        actor=NODE, kind=OrganisationKind.DEPARTMENT, code=first_17 + check_character(first_17),
        name_zh="审批局", division="320500",
    )  # fmt: skip
    person = services.person_register(actor=NODE, name="张三")
    services.membership_grant(
        actor=NODE, person=person, organisation=body.id, role=Role.OPENING_BODY
    )
    account = services.account_create(
        actor=NODE, username="clerk", password="hangs together loosely 42", person=person
    )
    return selectors.actor_for_account(account), body.id


def publish(clerk: Any, body: Any, path: Path) -> dict[str, float]:
    from wushu.catalog import services as catalog
    from wushu.catalog.types import Attribute, Metadata
    from wushu.dataplane import services
    from wushu.dataplane.ingest.views import load_view
    from wushu.dataplane.models import Load

    marks = [time.perf_counter()]
    with path.open("rb") as stream:
        upload = services.upload_receive(
            actor=clerk, body=body, name=path.name, stream=stream, enqueue=False
        )
    marks.append(time.perf_counter())
    services.load_inspect(upload.load)
    marks.append(time.perf_counter())
    looked = load_view(Load.objects.select_related("upload").get(pk=upload.load))
    assert looked.found is not None, looked.refusal
    fields = [column.proposal for column in looked.found.columns]
    entry = catalog.entry_create(
        actor=clerk, body=body, slug=None, fields=fields,
        metadata=Metadata(
            title_zh="许可信息", description_zh="合成数据", attribute=Attribute.CONDITIONAL,
            attribute_reason="含个人信息", conditions="仅测量", theme="GOVE", synthetic=True,
        ),
    )  # fmt: skip
    services.load_confirm(
        actor=clerk, load=upload.load, fields=fields, entry=entry.id, enqueue=False
    )
    services.load_run(upload.load)
    marks.append(time.perf_counter())
    done = load_view(Load.objects.select_related("upload").get(pk=upload.load))
    assert done.version is not None, done.refusal
    names = ("receive", "inspect", "confirm and load")
    return {name: round(marks[i + 1] - marks[i], 2) for i, name in enumerate(names)}


def figures_since(started: tuple[float, float]) -> dict[str, Any]:
    seconds, cpu = time.perf_counter() - started[0], time.process_time() - started[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": round(seconds, 3), "cpu_seconds": round(cpu, 2), "peak_mib": peak}


if __name__ == "__main__":
    main()

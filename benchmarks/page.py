"""The page of 100 rows by a code: this node beside datasette and beside a bare ASGI application.

``bin/bench page [--seconds S] [--rounds R]``. One run, 8 keep-alive clients from a process of their own,
the servers taking turns, so that the ratios hold on any machine. The table is ``streets.csv`` of
``WUSHU_TEST_DATA``, or 40,000 made rows of the same shape. Each server is one process.

Compared: ``wushu`` (public grant), ``wushu-key`` (an API key's grant, checked at each request),
``bare-asgi`` (indexed SQLite, json, no grants: nothing with the same database can be much faster), and
``datasette`` as installed and without its count and facets.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

CLIENTS = 8
CODE = "cityCode"


def table() -> tuple[list[str], list[list[str]]]:
    """Header and rows of the table."""
    folder = os.environ.get("WUSHU_TEST_DATA")
    if folder:
        path = Path(folder) / "public" / "admin-divisions" / "streets.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        return header, rows
    header = ["code", "name", "areaCode", "provinceCode", "cityCode"]
    rows = []
    for n in range(40_000):
        city = f"{11 + n % 30}{1 + n // 30 % 9:02d}"
        rows.append([f"{city}01{n:05d}", f"第{n}街道", f"{city}01", city[:2], city])
    return header, rows


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], port: int, path: str, env: dict[str, str]) -> Iterator[int]:
    """A running server that has answered once; yields its process id."""
    process = subprocess.Popen(command, env={**os.environ, **env}, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).read()
                break
            except urllib.error.HTTPError as error:
                raise SystemExit(f"{command}: {error} {error.read()[:500]!r}") from None
            except OSError:
                if process.poll() is not None:
                    raise SystemExit(f"{command} ended with {process.returncode}") from None
                time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def as_sqlite(folder: Path, header: list[str], rows: list[list[str]]) -> Path:
    """The table as the other two read it, with an index on every code column."""
    path = folder / "streets.db"
    with sqlite3.connect(path) as db:
        db.execute(f"CREATE TABLE streets ({', '.join(f'{name} TEXT' for name in header)})")
        db.executemany(f"INSERT INTO streets VALUES ({', '.join('?' * len(header))})", rows)
        for name in header:
            if name != "name":
                db.execute(f"CREATE INDEX by_{name} ON streets({name})")
    db.close()
    return path


def as_csv(header: list[str], rows: list[list[str]]) -> bytes:
    """The table as a clerk would hand it in."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def as_dataset(home: Path, header: list[str], rows: list[list[str]]) -> dict[str, str]:
    """The table published on a fresh node; returns the environment of its server."""
    env = {
        "WUSHU_HOME": str(home),
        "WUSHU_RATE_LIMIT_PER_MINUTE": "0",
        "DJANGO_SETTINGS_MODULE": "wushu.config.settings",
    }
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.publish_page"],
        env={**os.environ, **env},
        input=as_csv(header, rows),
        stdout=subprocess.PIPE,
        check=True,
    )
    return {**env, "KEY": made.stdout.decode().strip()}


def processor_seconds(pid: int) -> float:
    """Processor time a process has used: what a busy machine does not distort."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(pid: int, port: int, targets: list[str], seconds: float, key: str) -> dict[str, object]:
    """One turn of the loader."""
    before = processor_seconds(pid)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.loader", str(port), str(seconds), str(CLIENTS)],
        input=json.dumps({"targets": targets, "key": key}),
        capture_output=True,
        text=True,
        check=True,
    )
    found = dict(json.loads(done.stdout))
    used = processor_seconds(pid) - before
    return {**found, "cpu_us_per_answer": round(used / found["answers"] * 1e6)}


def codes(header: list[str], rows: list[list[str]]) -> list[str]:
    """Codes with at least 100 rows."""
    place = header.index(CODE)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row[place]] = counts.get(row[place], 0) + 1
    return sorted(code for code, count in counts.items() if count >= 100)


def main() -> None:
    """Measure in turns and print one JSON line a server, then the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4, help="length of one turn")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each server")
    given = parser.parse_args()
    header, rows = table()
    wanted = codes(header, rows)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wushu-bench-")))
        database = as_sqlite(folder, header, rows)
        node = as_dataset(folder / "home", header, rows)
        uvicorn = [sys.executable, "-m", "uvicorn", "--loop", "uvloop", "--http", "httptools"]
        uvicorn += ["--no-access-log", "--log-level", "warning"]
        listening = [sys.executable, "-m", "wushu.config.listening"]
        page = "/api/v1/datasets/streets/rows?filter=cityCode:eq:{}&limit=100"
        shapes = "&_size=100&_shape=objects"
        wushu, bare, datasette = free_port(), free_port(), free_port()
        targets = {
            "wushu": (wushu, page),
            "wushu-key": (wushu, page),
            "bare-asgi": (bare, "/rows?cityCode={}&limit=100"),
            "datasette": (datasette, f"/streets/streets.json?cityCode={{}}{shapes}"),
            "datasette-tuned": (
                datasette,
                f"/streets/streets.json?cityCode={{}}{shapes}&_nocount=1&_nofacet=1",
            ),
        }
        commands = {
            wushu: ([*listening, "--host", "127.0.0.1", "--port", str(wushu)], node),
            bare: (
                [*uvicorn, "--port", str(bare), "benchmarks.bare_asgi:application"],
                {"BARE_DB": str(database)},
            ),
            datasette: (
                [sys.executable, "-m", "datasette", "serve", str(database), "-p", str(datasette)],
                {},
            ),
        }
        pids = {}
        for port, (command, env) in commands.items():
            path = next(t for p, t in targets.values() if p == port).format(quote(wanted[0]))
            pids[port] = stack.enter_context(server(command, port, path, env))
        found: dict[str, list[dict[str, object]]] = {name: [] for name in targets}
        for _ in range(given.rounds):
            for name, (port, target) in targets.items():
                asked = [target.format(quote(code)) for code in wanted]
                key = node["KEY"] if name == "wushu-key" else ""
                found[name].append(measure(pids[port], port, asked, given.seconds, key))
    report(found, len(rows))


def report(found: dict[str, list[dict[str, object]]], rows: int) -> None:
    """The turn with the middle rate of each, then ratios of rates and of processor time."""
    rates: dict[str, float] = {}
    costs: dict[str, float] = {}
    for name, turns in found.items():
        ordered = sorted(turns, key=lambda turn: float(str(turn["requests_per_second"])))
        middle = ordered[len(turns) // 2]
        rates[name] = float(str(middle["requests_per_second"]))
        costs[name] = float(str(middle["cpu_us_per_answer"]))
        print(
            json.dumps(
                {"bench": "page", "server": name, "clients": CLIENTS, "rows": rows, **middle}
            )
        )
    for server_name, others in (
        ("wushu", ("datasette", "datasette-tuned", "bare-asgi")),
        ("wushu-key", ("bare-asgi",)),
    ):
        for other in others:
            print(
                json.dumps(
                    {
                        "bench": "page",
                        "server": server_name,
                        "beside": other,
                        "rate_ratio": round(rates[server_name] / rates[other], 2),
                        "cpu_ratio": round(costs[other] / costs[server_name], 2),
                    }
                )
            )


if __name__ == "__main__":
    main()

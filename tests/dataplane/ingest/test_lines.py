"""No file can make the way in hold more than a few lines: a line too long is a refusal by name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wushu.dataplane.ingest import decode, lines, source
from wushu.dataplane.ingest.decode import Decoding
from wushu.dataplane.ingest.inspect import inspect
from wushu.dataplane.ingest.lines import LINE_BYTES, bounded
from wushu.dataplane.types import Dialect, Evidence, Newline
from wushu.kernel.errors import Refusal

MEGABYTE = 1024 * 1024
GROWTH = 120
"""Megabytes that a look at a file of 64 MB may add to what the program holds anyway."""

LOOK = """
import json, pathlib, resource, sys
import django
django.setup()
from wushu.dataplane.ingest import frequency
from wushu.dataplane.ingest.inspect import inspect
from wushu.kernel.errors import Refusal

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

path, work = map(pathlib.Path, sys.argv[1:])
frequency.log_likelihood("预热", "gb18030")
before = peak()
try:
    inspect(path, "a.csv", work, max_columns=2000)
    said = {"name": "none"}
except Refusal as refusal:
    said = {"name": refusal.name, "line": refusal.facts.get("line")}
print(json.dumps(said | {"grown": peak() - before}))
"""


@pytest.mark.parametrize(
    ("begins", "unit", "name"),
    [
        (b"", b"x", "line-too-long"),
        (b"", b"a,", "line-too-long"),
        (b"", "数".encode("gb18030"), "line-too-long"),
        (b"\xff\xfe", "数,".encode("utf-16-le"), "line-too-long"),
        (b"a,b\n" + b"1,2\n" * 300_000 + b'"x\n', b'","\n', "quote-not-closed"),
    ],
    ids=["one-cell", "many-cells", "gb18030", "utf-16", "line-ends-between-quotes"],
)
def test_64_megabytes_are_refused_in_bounded_memory(tmp_path: Path, begins, unit, name):
    path, work = tmp_path / "a.csv", tmp_path / "work"
    work.mkdir()
    with path.open("wb") as file:
        file.write(begins)
        for _ in range(64):
            file.write(unit * (MEGABYTE // len(unit)))
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(path), str(work)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "wushu.config.settings"},
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    said = json.loads(done.stdout)
    assert said["name"] == name
    assert said["grown"] < GROWTH


def looked(content: bytes, tmp_path: Path, told: Dialect | None = None):
    path, work = tmp_path / "a.csv", tmp_path / "work"
    path.write_bytes(content)
    work.mkdir()
    return inspect(path, "a.csv", work, told=told, max_columns=10)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_the_refusal_names_the_line(tmp_path: Path, end: bytes):
    long = end.join([b"a,b", b"1,2", b"3," + b"x" * LINE_BYTES, b"5,6", b""])
    with pytest.raises(Refusal) as caught:
        looked(long, tmp_path)
    assert (caught.value.name, caught.value.facts["line"]) == ("line-too-long", 3)


def test_a_line_as_long_as_allowed_passes_and_one_byte_more_does_not(monkeypatch):
    monkeypatch.setattr(lines, "LINE_BYTES", 10)
    lines_of = [b"x" * 10 + b"\n", b"12345", b"67890", b"\r\n", b"x" * 9, b"y"]
    assert list(bounded(lines_of, lambda offset: -1)) == lines_of
    with pytest.raises(Refusal, match="line-too-long") as caught:
        list(bounded([*lines_of, b"z\n"], lambda offset: offset))
    assert caught.value.facts["line"] == 23, "asked for the place where the long line begins"


def test_the_load_bounds_lines_too(tmp_path: Path, monkeypatch):
    """What stands on disk may have changed since it was looked into."""
    from wushu.dataplane.ingest import rewrite

    monkeypatch.setattr(rewrite, "LINE_BYTES", 100)
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n" + b"x" * 101 + b"\n")
    text = source.text_of(path, Decoding("utf-8", Evidence.STRICT, 0), tmp_path, "a.csv")
    plain = Dialect(",", '"', Newline.LF, 0, header=True)
    with pytest.raises(Refusal, match="line-too-long") as caught:
        rewrite.rewrite(text, plain, 2, tmp_path / "clean", tmp_path / "rejects")
    assert caught.value.facts["line"] == 3


def test_a_long_line_in_gb18030_is_clipped_for_the_ranking_and_read_whole(tmp_path: Path):
    """Its foreign characters begin late and end within a character of the clipped sample."""
    prose = "第一条为了规范公共数据开放行为促进公共数据应用创新根据有关法律制定本细则" * 4000
    content = ("a" * 300_001 + prose + "\n").encode("gb18030")
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    begun = time.process_time()
    assert decode.detect(path, "a.csv").encoding == "gb18030"
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("told", ["punycode", "idna", "utf-7", "unicode_escape", "rot13"])
def test_codecs_that_no_table_is_kept_in_are_unknown(told: str):
    with pytest.raises(Refusal, match="encoding-unknown"):
        decode.canonical_name(told)

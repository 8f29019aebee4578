"""The quick way and the careful way read the same table, and neither loses a byte."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wushu.dataplane.ingest import engine, table
from wushu.dataplane.ingest.inspect import inspect
from wushu.dataplane.ingest.source import TextFile, newline, offset_of_line, scan
from wushu.dataplane.types import Dialect, Found, Newline, RejectReason
from wushu.kernel.errors import Refusal


def found_in(content: bytes, folder: Path) -> Found:
    path = folder / "file.csv"
    path.write_bytes(content)
    return inspect(path, "file.csv", folder, max_columns=2000)


def rows_of(content: bytes, folder: Path, dialect: Dialect, columns: int, careful: bool):
    """(cells of each row, rejected rows) by one of the two ways."""
    path = folder / "file.csv"
    path.write_bytes(content)
    text = TextFile(path, 0, len(content))
    with engine.connect(folder / "spill", columns=columns) as connection:
        if careful:
            made = table.rewritten(text, dialect, columns, folder)
            cells = ", ".join(f"c{n}" for n in range(columns))
            rows = engine.run(connection, f"SELECT {cells} FROM {made.relation} ORDER BY _row")
            faults = engine.run(connection, f"SELECT row, line, reason, text FROM '{made.rejects}'")
        else:
            made = table.in_place(text, dialect, columns, 2 if dialect.header else 1)
            rows = engine.run(connection, f"SELECT * FROM {made.relation}")
            faults = engine.run(connection, "SELECT line, error_type FROM reject_errors")
        return rows, faults


PLAIN = Dialect(",", '"', Newline.LF, 0, header=True)
cells = st.text(
    alphabet=st.sampled_from("ab ,;\"'\t\\号名é1\u3000\ufeff\x01"), min_size=0, max_size=6
)
lines_too = st.text(alphabet=st.sampled_from('ab,"\r\n1名'), min_size=0, max_size=6)


def written(rows: list[list[str]], line_end: str, quote_all: bool) -> bytes:
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(out, lineterminator=line_end, quoting=quoting).writerows([["x", "y", "z"], *rows])
    return out.getvalue().encode()


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quote_all=st.booleans(),
)
def test_both_ways_read_what_was_written(tmp_path_factory, rows, line_end, quote_all):
    folder = tmp_path_factory.mktemp("both")
    content = written(rows, line_end, quote_all)
    kind = Newline.LF if line_end == "\n" else Newline.CRLF
    dialect = Dialect(",", '"', kind, 0, header=True)
    wanted = [tuple(row) for row in rows]
    assert rows_of(content, folder, dialect, 3, careful=True) == (wanted, [])
    assert rows_of(content, folder, dialect, 3, careful=False) == (wanted, [])


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(lines_too, min_size=3, max_size=3), min_size=1, max_size=8))
def test_line_ends_inside_quotes_are_read_as_they_stand(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("ends")
    content = written(rows, "\n", quote_all=True)
    assert rows_of(content, folder, PLAIN, 3, careful=True) == ([tuple(r) for r in rows], [])


@settings(max_examples=100, deadline=None)
@given(content=st.text(alphabet=st.sampled_from('ab,"\r\n 1'), min_size=1, max_size=60))
def test_whatever_the_text_every_row_is_loaded_or_rejected(tmp_path_factory, content):
    """Both ways agree, or the quick way is not taken; nothing vanishes between them."""
    folder = tmp_path_factory.mktemp("any")
    try:
        found = found_in(("x,y\n" + content).encode(), folder)
    except Refusal as refusal:
        if refusal.name not in ("quote-not-closed", "no-data-rows", "not-a-table"):
            raise
        return
    text = TextFile(folder / "file.csv", 0, len(content) + 4)
    dialect, columns = found.dialect, len(found.columns)
    careful, rejects = rows_of(("x,y\n" + content).encode(), folder, dialect, columns, careful=True)
    assert found.rows == len(careful) + len(rejects)
    if found.in_place and dialect.skip_lines == 0 and dialect.header:
        assert newline(text) in (Newline.LF, Newline.CRLF)
        quick, faults = rows_of(
            ("x,y\n" + content).encode(), folder, dialect, columns, careful=False
        )
        assert (quick, faults) == (careful, [])


def test_what_the_engine_would_change_is_not_read_in_place(tmp_path):
    """The engine drops blanks around quotes even when strict; the count of bytes gives it away."""
    found = found_in(b'a,b\n1, "q"\n2,x\n', tmp_path)
    assert not found.in_place
    assert found.sample[0] == ("1", ' "q"')


def test_a_row_with_a_surplus_cell_is_rejected_whole_and_never_cut(tmp_path):
    content = b"a,b,c\n1,2,3\n4,5,6,7\n8,9\n10,11,12\n"
    found = found_in(content, tmp_path)
    assert (found.rows, found.ragged, found.in_place) == (4, 2, False)
    rows, rejects = rows_of(content, tmp_path, PLAIN, 3, careful=True)
    assert [row[0] for row in rows] == ["1", "10"]
    assert rejects == [
        (2, 3, RejectReason.TOO_MANY_CELLS, "4,5,6,7"),
        (3, 4, RejectReason.TOO_FEW_CELLS, "8,9"),
    ]


def test_lines_are_physical_lines_of_the_source(tmp_path):
    content = b'a,b\n"1\n1",x\n\n2,y,z\n3,w\n'
    _, rejects = rows_of(content, tmp_path, PLAIN, 2, careful=True)
    assert rejects == [(2, 5, RejectReason.TOO_MANY_CELLS, "2,y,z")]


def test_a_quote_in_the_wrong_place_costs_its_row_only(tmp_path):
    content = b'a,b\n"p"q,1\n2,3\n'
    rows, rejects = rows_of(content, tmp_path, PLAIN, 2, careful=True)
    assert rows == [("2", "3")]
    assert rejects == [(1, 2, RejectReason.QUOTE_MISPLACED, '"p"q,1')]


def test_a_quote_never_closed_is_refused_with_its_line(tmp_path):
    with pytest.raises(Refusal) as caught:
        found_in(b'a,b\n1,2\n3,"4\n5,6\n7,8\n', tmp_path)
    assert caught.value.name == "quote-not-closed"
    assert caught.value.facts["line"] == 3


def test_a_row_too_long_for_the_engine_is_rejected_and_kept(tmp_path, monkeypatch):
    from wushu.dataplane.ingest import rewrite

    monkeypatch.setattr(rewrite, "LINE_BYTES", 1000)
    content = b"a,b\n1,2\n3," + b"x" * 900 + b"\n4,5\n"
    rows, rejects = rows_of(content, tmp_path, PLAIN, 2, careful=True)
    assert rows == [("1", "2"), ("4", "5")]
    assert rejects[0][2] == RejectReason.ROW_TOO_LONG
    assert len(rejects[0][3]) == 902


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\r1,2\r3,4\r", b"a,b\r\n1,2\n3,4\r\n", b"a,b\n1,2\n\n3,4\n", b'a,b\n1,"x\ny"\n3,4\n',
        b"\xef\xbb\xbfa,b\n1,2\n3,4", b"a,b\r\n1,2\r\n3,4",
    ],
)  # fmt: skip
def test_two_rows_are_two_rows_however_lines_end(tmp_path, content):
    found = found_in(content, tmp_path)
    assert (found.rows, found.ragged) == (2, 0)
    assert [row[0] for row in found.sample] == ["1", "3"]


def test_blank_lines_of_a_single_column_are_empty_values(tmp_path):
    found = found_in(b"a\nx\n\ny\n", tmp_path)
    assert found.rows == 3
    assert found.columns[0].empty == 1


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet=st.sampled_from('a,"\n号'), max_size=40), chunk=st.integers(1, 7))
def test_counting_by_chunks_sees_what_a_state_machine_sees(tmp_path_factory, text, chunk):
    from wushu.dataplane.ingest import source

    path = tmp_path_factory.mktemp("scan") / "file"
    path.write_bytes(text.encode())
    is_open = broken = False
    for character in text:
        is_open ^= character == '"'
        broken |= is_open and character == "\n"
    original, source.CHUNK = source.CHUNK, chunk
    try:
        counted = scan(TextFile(path, 0, path.stat().st_size), 0, Newline.LF, '"')
    finally:
        source.CHUNK = original
    assert counted.breaks_in_quotes == (broken or is_open)
    assert counted.quotes == text.count('"')
    assert counted.lines == text.count("\n") + (bool(text) and not text.endswith("\n"))
    assert counted.bytes == len(text.encode())


def test_the_offset_of_a_line_is_where_it_begins(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"\xef\xbb\xbfab\ncd\n\nef")
    text = TextFile(path, 3, 12)
    assert [offset_of_line(text, line) for line in (1, 2, 3, 4)] == [3, 6, 9, 10]

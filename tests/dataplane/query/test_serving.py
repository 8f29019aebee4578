"""The serving file: what it holds, that it is rebuilt the same, that a change is named."""

from __future__ import annotations

import json
import tarfile

import pyarrow as pa
import pytest

from tests.dataplane.query import support
from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane import serving
from wushu.dataplane.query.reader import Reader
from wushu.dataplane.serving import ColumnFacts


@pytest.fixture
def made(tmp_path):
    parquet, target = tmp_path / "data.parquet", tmp_path / "s" / "serving.tar"
    support.write_parquet(parquet, support.FIELDS, support.table())
    return parquet, target, serving.build(parquet, support.FIELDS, target)


def test_it_holds_every_row_as_the_reader_gets_it(made):
    _, target, _ = made
    reader = Reader(target)
    texts = [json.loads(bytes(text)) for text in reader.texts(range(1000))]
    assert texts == [support.as_json(row) for row in support.table()]


def test_the_same_data_give_the_same_bytes(made, tmp_path):
    parquet, target, info = made
    again = serving.build(parquet, support.FIELDS, tmp_path / "again.tar")
    assert again.sha256 == info.sha256
    assert (tmp_path / "again.tar").read_bytes() == target.read_bytes()
    assert serving.faults(target, parquet, support.FIELDS) == []


def test_nothing_but_the_file_is_left_in_its_folder(made):
    _, target, _ = made
    assert [path.name for path in target.parent.iterdir()] == ["serving.tar"]


def test_other_tools_can_read_it(made):
    _, target, _ = made
    with tarfile.open(target) as archive:
        rows = archive.extractfile("rows.arrow")
        assert rows is not None
        table = pa.ipc.open_file(pa.BufferReader(rows.read())).read_all()
    assert table.num_rows == 1000
    assert table.column_names == ["json"]


@pytest.mark.parametrize("member", ["rows.arrow", "index-0.arrow", "serving.json"])
def test_a_changed_byte_is_named_with_its_member(made, member):
    parquet, target, _ = made
    offset, size = serving.members(target)[member]
    content = bytearray(target.read_bytes())
    content[offset + size // 2] ^= 1
    target.write_bytes(content)
    (fault,) = serving.faults(target, parquet, support.FIELDS)
    assert member in fault


def test_a_missing_a_cut_and_a_foreign_file_are_named(made):
    parquet, target, _ = made
    whole = target.read_bytes()
    target.write_bytes(whole[: len(whole) // 2])
    assert serving.faults(target, parquet, support.FIELDS)
    target.write_bytes(b"not a tar at all" * 100)
    assert serving.faults(target, parquet, support.FIELDS)
    target.unlink()
    assert "missing" in serving.faults(target, parquet, support.FIELDS)[0]


def test_bytes_between_the_members_count_too(made):
    parquet, target, _ = made
    content = bytearray(target.read_bytes())
    content[-1] ^= 1
    target.write_bytes(content)
    assert "between" in serving.faults(target, parquet, support.FIELDS)[0]


def test_a_table_without_rows_has_a_serving_file(tmp_path):
    support.write_parquet(tmp_path / "d.parquet", support.FIELDS, [])
    serving.build(tmp_path / "d.parquet", support.FIELDS, tmp_path / "s.tar")
    reader = Reader(tmp_path / "s.tar")
    assert reader.rows == 0
    assert reader.texts([]) == []


def test_columns_that_differ_only_by_case_or_hold_quotes_stay_apart(tmp_path):
    fields = (FieldSpec("ID"), FieldSpec("id"), FieldSpec('it\'s "x"'))
    support.write_parquet(tmp_path / "d.parquet", fields, [("a", "b", "c")])
    serving.build(tmp_path / "d.parquet", fields, tmp_path / "s.tar")
    (text,) = Reader(tmp_path / "s.tar").texts([0])
    assert json.loads(bytes(text)) == {"ID": "a", "id": "b", 'it\'s "x"': "c"}


def test_numbers_that_json_readers_would_change_are_texts(tmp_path):
    fields = (FieldSpec("n", FieldType.INTEGER), FieldSpec("x", FieldType.NUMBER))
    rows = [(2**53 - 1, 0.1), (2**53, float("inf")), (-(2**63), float("nan"))]
    support.write_parquet(tmp_path / "d.parquet", fields, rows)
    serving.build(tmp_path / "d.parquet", fields, tmp_path / "s.tar")
    found = [json.loads(bytes(t)) for t in Reader(tmp_path / "s.tar").texts([0, 1, 2])]
    assert [one["n"] for one in found] == [2**53 - 1, str(2**53), str(-(2**63))]
    assert [one["x"] for one in found] == [0.1, "inf", "nan"]


def _facts(place, distinct, longest, mean, filled=1000):
    return ColumnFacts(place, distinct, longest, mean, filled)


def test_keys_are_always_indexed_and_prose_never():
    fields = (FieldSpec("id", key=True), FieldSpec("text"))
    facts = [_facts(0, 1000, 200, 200.0), _facts(1, 1000, 200, 90.0)]
    assert serving.indexed_places(facts, fields, row_bytes=10**6) == [0]


def test_codes_come_before_names_and_a_single_value_is_no_use():
    fields = tuple(FieldSpec(name) for name in ("name", "code", "constant"))
    facts = [_facts(0, 900, 30, 11.0), _facts(1, 1000, 6, 6.0), _facts(2, 1, 4, 4.0)]
    assert serving.indexed_places(facts, fields, row_bytes=15_000 * 2) == [1]
    assert serving.indexed_places(facts, fields, row_bytes=10**6) == [0, 1]


def test_there_are_at_most_so_many_indexes():
    fields = tuple(FieldSpec(f"c{n}") for n in range(20))
    facts = [_facts(n, 50, 6, 6.0) for n in range(20)]
    chosen = serving.indexed_places(facts, fields, row_bytes=10**9)
    assert len(chosen) == serving.MAX_INDEXES

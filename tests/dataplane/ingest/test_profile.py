"""What the loaded rows look like."""

from __future__ import annotations

from tests.dataplane.ingest.conftest import Desk
from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane.ingest import profile as profiling
from wushu.dataplane.types import ColumnProfile, Profile, SemanticType


def profile_of(desk: Desk, rows: list[str], *fields: FieldSpec) -> Profile:
    header = ",".join(field.name for field in fields)
    return desk.load("\n".join([header, *rows, ""]).encode(), list(fields)).profile


def column(desk: Desk, field: FieldSpec, *values: str) -> ColumnProfile:
    rows = [f"{n},{value}" for n, value in enumerate(values)]
    return profile_of(desk, rows, FieldSpec("编号"), field).columns[1]


def test_fill_and_distinct_are_counted(desk: Desk):
    found = column(desk, FieldSpec("t"), "甲", "乙", "甲", "", "丙")
    assert (found.filled, found.empty, found.distinct) == (4, 1, 3)
    assert not found.distinct_approximate
    assert found.fill_rate == 0.8
    assert (found.top[0].value, found.top[0].count) == ("甲", 2)
    assert found.examples == ("甲", "乙", "丙")


def test_numbers_have_ends_mean_and_a_histogram_that_adds_up(desk: Desk):
    field = FieldSpec("n", FieldType.DECIMAL, "2")
    found = column(desk, field, *(f"{n / 4:.2f}" for n in range(-40, 360)))
    assert (found.minimum, found.maximum, found.mean) == ("-10.00", "89.75", 39.875)
    assert len(found.histogram) == profiling.BINS
    assert sum(bin_.count for bin_ in found.histogram) == 400
    assert {bin_.count for bin_ in found.histogram} == {20}
    assert found.histogram[0].low == "-10"
    assert found.histogram[-1].high == "89.75"


def test_one_value_makes_one_bin(desk: Desk):
    found = column(desk, FieldSpec("n", FieldType.INTEGER), "5", "5", "")
    assert [(b.low, b.high, b.count) for b in found.histogram] == [("5", "5", 2)]


def test_dates_and_times_have_histograms_too(desk: Desk):
    days = column(
        desk, FieldSpec("d", FieldType.DATE, "%Y-%m-%d"), *(f"2024-01-{d:02}" for d in range(1, 22))
    )
    assert (days.minimum, days.maximum) == ("2024-01-01", "2024-01-21")
    assert sum(b.count for b in days.histogram) == 21
    times = column(
        desk,
        FieldSpec("t", FieldType.DATETIME, "%Y-%m-%d %H:%M"),
        "1969-12-31 23:00",
        "2024-01-02 03:04",
    )
    assert times.minimum == "1969-12-31T23:00:00"
    assert (times.histogram[0].count, times.histogram[-1].count) == (1, 1)


def test_a_column_without_values_has_no_figures(desk: Desk):
    found = column(desk, FieldSpec("n", FieldType.INTEGER), "", "")
    assert (found.filled, found.minimum, found.mean, found.histogram, found.top) == (
        0,
        None,
        None,
        (),
        (),
    )


def test_booleans_are_counted(desk: Desk):
    found = column(desk, FieldSpec("b", FieldType.BOOLEAN, "是|否"), "是", "否", "是")
    assert [(t.value, t.count) for t in found.top] == [("true", 2), ("false", 1)]


def test_long_texts_are_cut_in_the_profile_and_nowhere_else(desk: Desk):
    found = column(desk, FieldSpec("t"), "名" * 500)
    assert found.maximum is not None
    assert len(found.maximum) == profiling.WIDTH


def test_keys_are_columns_without_holes_and_repeats(desk: Desk):
    found = profile_of(
        desk, ["1,a,x", "2,b,", "3,a,z"], FieldSpec("k"), FieldSpec("r"), FieldSpec("h")
    )
    assert found.key_candidates == ("k",)
    assert found.duplicate_rows == 0


def test_duplicate_rows_are_counted_with_their_holes(desk: Desk):
    found = profile_of(desk, ["1,", "1,", "2,x", "1,"], FieldSpec("a"), FieldSpec("b"))
    assert (found.rows, found.duplicate_rows) == (4, 2)


def test_rejected_rows_are_not_in_the_profile(desk: Desk):
    found = profile_of(desk, ["1,5", "2,x"], FieldSpec("k"), FieldSpec("n", FieldType.INTEGER))
    assert (found.rows, found.columns[1].maximum) == (1, "5")


def test_large_tables_are_estimated_and_say_so_but_keys_are_exact(desk: Desk, monkeypatch):
    monkeypatch.setattr(profiling, "EXACT_ROWS", 100)
    rows = [f"{n:04d},{n % 700}" for n in range(2000)]
    found = profile_of(desk, rows, FieldSpec("k"), FieldSpec("v"))
    key, value = found.columns
    assert (key.distinct, key.distinct_approximate) == (2000, False)
    assert value.distinct_approximate
    assert 630 < value.distinct < 770
    assert found.key_candidates == ("k",)


def test_the_semantic_type_comes_with_the_column(desk: Desk):
    loaded = desk.load("区划,n\n320505,1\n320506,2\n".encode())
    assert loaded.profile.columns[0].semantic is SemanticType.DIVISION_CODE
    assert Profile.from_json(loaded.profile.as_json()) == loaded.profile

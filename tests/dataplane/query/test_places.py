"""Where rows lie, counted in squares."""

from __future__ import annotations

import math

import pytest

from tests.dataplane.query import support
from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane import selectors
from wushu.dataplane.models import Receipt
from wushu.dataplane.query.places import SPOTS_MOST, SQUARES, name_column
from wushu.dataplane.query.types import Condition, Op
from wushu.kernel.errors import Refusal

pytestmark = pytest.mark.django_db

FIELDS = (
    FieldSpec("code", key=True),
    FieldSpec("name"),
    FieldSpec("longitude", FieldType.NUMBER),
    FieldSpec("latitude", FieldType.NUMBER),
)
ROWS = [
    ("1", "甲", 120.0, 31.0),
    ("2", "乙", 120.0, 31.0),
    ("3", "丙", 121.0, 32.0),
    ("4", "丁", None, 32.0),
    ("5", "戊", 200.0, 32.0),
    ("6", "己", math.nan, math.nan),
]


@pytest.fixture
def stops(node_home):
    return support.publish("stops", fields=FIELDS, rows=ROWS)


def test_rows_are_counted_where_they_lie_and_those_without_a_place_apart(stops):
    support.grant(stops)
    found = selectors.mapped(stops.version.pk, (), actor=None)
    assert found is not None
    assert [(s.longitude, s.latitude, s.rows, s.names) for s in found.spots] == [
        (120.0, 31.0, 2, ("乙", "甲")), (121.0, 32.0, 1, ("丙",)),
    ]  # fmt: skip
    assert (found.rows, found.without, found.all_spots) == (3, 3, 2)
    assert found.bounds is not None
    assert (found.bounds.west, found.bounds.north) == (120.0, 32.0)


def test_a_condition_narrows_the_map(stops):
    support.grant(stops)
    asked = (Condition("name", Op.EQ, ("丙",)),)
    found = selectors.mapped(stops.version.pk, asked, actor=None)
    assert found is not None
    assert [spot.names for spot in found.spots] == [("丙",)]


def test_no_place_at_all_is_no_map_but_a_count(stops):
    support.grant(stops)
    found = selectors.mapped(stops.version.pk, (Condition("code", Op.EQ, ("4",)),), actor=None)
    assert found is not None
    assert (found.spots, found.without, found.bounds) == ((), 1, None)


def test_any_number_of_rows_makes_a_map_of_bounded_size(node_home):
    rows = [(str(n), f"n{n}", 70 + n % 60 * 1.1, 15 + n // 60 * 0.7) for n in range(3600)]
    many = support.publish("many", fields=FIELDS, rows=rows)
    support.grant(many)
    found = selectors.mapped(many.version.pk, (), actor=None)
    assert found is not None
    assert found.rows == 3600
    assert len(found.spots) == min(found.all_spots, SPOTS_MOST)
    assert found.all_spots <= (SQUARES + 1) ** 2


def test_a_table_without_coordinates_has_no_map(node_home):
    plain = support.publish()
    support.grant(plain)
    assert selectors.mapped(plain.version.pk, (), actor=None) is None


def test_a_grant_bounds_the_map_and_leaves_a_receipt(stops):
    someone = support.reader()
    where = (Condition("code", Op.EQ, ("3",)),)
    support.grant(stops, someone.actor.person, columns=["longitude", "latitude"], row_filter=where)
    found = selectors.mapped(stops.version.pk, (), actor=someone.actor)
    assert found is not None
    assert [(spot.rows, spot.names) for spot in found.spots] == [(1, ())]
    assert Receipt.objects.get().columns == ["longitude", "latitude"]
    with pytest.raises(Refusal) as caught:
        selectors.mapped(
            stops.version.pk, (Condition("name", Op.EQ, ("丙",)),), actor=someone.actor
        )
    assert caught.value.name == "column-not-granted"


def test_without_a_grant_there_is_no_map(stops):
    with pytest.raises(Refusal) as caught:
        selectors.mapped(stops.version.pk, (), actor=None)
    assert caught.value.name == "no-grant"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ((FieldSpec("code", key=True), FieldSpec("name")), "name"),
        ((FieldSpec("code", key=True), FieldSpec("zm", title_zh="站名")), "zm"),
        ((FieldSpec("note"), FieldSpec("code", key=True)), "code"),
        ((FieldSpec("level", FieldType.INTEGER), FieldSpec("note")), "note"),
        ((FieldSpec("name", FieldType.INTEGER),), ""),
    ],
)
def test_rows_are_named_by_the_column_of_names_else_by_their_key(fields, name):
    assert name_column(fields) == name

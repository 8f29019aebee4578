"""Pages by index and pages by scan give exactly what a plain Python filter and sort give."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from functools import cmp_to_key
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dataplane.query import support
from wushu.catalog.types import FieldType
from wushu.dataplane import serving
from wushu.dataplane.query import conditions, engine, pages
from wushu.dataplane.query.sql import Column
from wushu.dataplane.query.types import Condition, Op, RowsQuery, SortKey
from wushu.dataplane.query.versions import Version

ROWS = support.table(400)
NAMES = [field.name for field in support.FIELDS]
TYPES = {field.name: field.type for field in support.FIELDS}


@pytest.fixture(scope="module")
def version(tmp_path_factory):
    folder = tmp_path_factory.mktemp("version")
    support.write_parquet(folder / "data.parquet", support.FIELDS, ROWS)
    serving.build(folder / "data.parquet", support.FIELDS, folder / "serving.tar")
    return Version(
        id=uuid4(), dataset=uuid4(), number=1, manifest_sha256="0" * 64,
        path=folder / "data.parquet", parquet_sha256="0" * 64, serving=folder / "serving.tar",
        fields=support.FIELDS, rows=len(ROWS),
        columns={
            f.name: Column(n, f.name, f.type, 2 if f.type is FieldType.DECIMAL else 0)
            for n, f in enumerate(support.FIELDS)
        },
    )  # fmt: skip


@pytest.fixture(scope="module")
def db(version):
    with engine.connect(folders=[version.parquet.parent]) as opened:
        yield opened


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _holds(row: tuple[Any, ...], asked: Condition) -> bool:
    cell = row[NAMES.index(asked.column)]
    if asked.op is Op.NULL:
        return (cell is None) == (asked.values == ("true",))
    if cell is None:
        return False
    values = conditions.typed_values(asked, TYPES[asked.column])
    one: Any = values[0]
    match asked.op:
        case Op.EQ:
            return cell == one
        case Op.NE:
            return cell != one
        case Op.LT:
            return cell < one
        case Op.LE:
            return cell <= one
        case Op.GT:
            return cell > one
        case Op.GE:
            return cell >= one
        case Op.IN:
            return cell in values
        case Op.PREFIX:
            return cell.startswith(one)
        case Op.CONTAINS:
            return one in cell
    raise AssertionError(asked)


def _before(query: RowsQuery):
    def compare(left: int, right: int) -> int:
        for key in query.order:
            a, b = (ROWS[n][NAMES.index(key.column)] for n in (left, right))
            if a == b:
                continue
            if a is None or b is None:
                return 1 if a is None else -1
            if isinstance(a, str):
                a, b = a.encode(), b.encode()
            return (1 if a > b else -1) * (-1 if key.descending else 1)
        descending = bool(query.order) and query.order[-1].descending
        return (left - right) * (-1 if descending else 1)

    return cmp_to_key(compare)


def expected(query: RowsQuery) -> list[int]:
    matching = [n for n, row in enumerate(ROWS) if all(_holds(row, c) for c in query.conditions)]
    return sorted(matching, key=_before(query))


@st.composite
def a_condition(draw: st.DrawFn) -> Condition:
    name = draw(st.sampled_from(NAMES))
    row = draw(st.sampled_from(ROWS))
    value = row[NAMES.index(name)]
    operators = [Op.EQ, Op.NE, Op.IN, Op.NULL]
    if TYPES[name] is not FieldType.BOOLEAN:
        operators += [Op.LT, Op.LE, Op.GT, Op.GE]
    if TYPES[name] is FieldType.TEXT:
        operators += [Op.PREFIX, Op.CONTAINS]
    op = draw(st.sampled_from(operators))
    if op is Op.NULL or value is None:
        return Condition(name, Op.NULL, (draw(st.sampled_from(["true", "false"])),))
    if op is Op.IN:
        cells = [r[NAMES.index(name)] for r in draw(st.lists(st.sampled_from(ROWS), min_size=1))]
        return Condition(
            name,
            op,
            tuple({_text(c) for c in cells if c is not None}) or ("0",) * 0 or (_text(value),),
        )
    text = _text(value)
    if op in (Op.PREFIX, Op.CONTAINS):
        text = text[: draw(st.integers(0, 7))]
    if TYPES[name] is FieldType.DECIMAL and draw(st.booleans()):
        text = str(
            Decimal(text)
            + draw(st.sampled_from([Decimal("0.001"), Decimal("-0.005"), Decimal(10) ** 37]))
        )
    return Condition(name, op, (text,))


queries = st.builds(
    RowsQuery,
    conditions=st.lists(a_condition(), max_size=3).map(tuple),
    order=st.lists(
        st.builds(SortKey, st.sampled_from(NAMES), st.booleans()),
        max_size=2,
        unique_by=lambda k: k.column,
    ).map(tuple),
    limit=st.integers(1, 60),
)


def _walk(query: RowsQuery, page) -> list[int]:
    """All pages from the first to the last, by position."""
    seen: list[int] = []
    after = None
    while True:
        found = page(after)
        assert [json.loads(bytes(text))["code"] for text in found.rows] == [
            ROWS[n][0] for n in found.positions
        ]
        seen += found.positions
        if not found.more:
            return seen
        assert len(found.positions) == query.limit
        after = found.positions[-1]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=queries)
def test_a_scan_walks_the_expected_rows_in_the_expected_order(version, db, query):
    assert _walk(
        query, lambda after: pages.scan(db, version, query, after, count=False)
    ) == expected(query)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=queries)
def test_where_an_index_answers_it_answers_the_same(version, query):
    wanted = expected(query)
    first = pages.point(version, query, None)
    if first is None:
        return
    assert first.total == len(wanted)
    assert _walk(query, lambda after: pages.point(version, query, after)) == wanted


@pytest.mark.parametrize(
    "query",
    [
        RowsQuery(),
        RowsQuery(conditions=(Condition("区 名", Op.EQ, ("吴中区",)),)),
        RowsQuery(
            conditions=(Condition("code", Op.PREFIX, ("32050001",)),),
            order=(SortKey("code", True),),
        ),
        RowsQuery(conditions=(Condition("区 名", Op.IN, ("吴中区", "虎丘区")),)),
        RowsQuery(
            conditions=(
                Condition("区 名", Op.EQ, ("吴中区",)),
                Condition("code", Op.GE, ("3205000100",)),
            )
        ),
        RowsQuery(order=(SortKey("code"),)),
    ],
)
def test_the_usual_questions_need_no_scan(version, query):
    page = pages.point(version, query, None)
    assert page is not None
    assert page.positions == expected(query)[:100]


def test_offsets_skip_the_same_rows_either_way(version, db):
    query = RowsQuery(conditions=(Condition("区 名", Op.EQ, ("吴中区",)),), limit=5, offset=7)
    indexed = pages.point(version, query, None)
    scanned = pages.scan(db, version, query, None, count=True)
    assert indexed is not None
    assert indexed.positions == scanned.positions == expected(query)[7:12]
    assert indexed.total == scanned.total == 80


def test_without_a_serving_file_the_parquet_file_answers(version, db, tmp_path):
    bare = Version(
        id=version.id, dataset=version.dataset, number=1, manifest_sha256="", path=version.parquet,
        parquet_sha256="", serving=tmp_path / "none.tar", fields=version.fields,
        columns=version.columns, rows=version.rows,
    )  # fmt: skip
    query = RowsQuery(order=(SortKey("fee", True),), limit=10)
    assert pages.point(bare, query, None) is None
    page = pages.scan(db, bare, query, None, count=False)
    with_file = pages.scan(db, version, query, None, count=False)
    assert [bytes(r) for r in page.rows] == [bytes(r) for r in with_file.rows]


def test_a_search_finds_text_whatever_its_case(version, db):
    page = pages.scan(db, version, RowsQuery(text="hyperLINK"), None, count=True)
    assert page.total == len([r for r in ROWS if r[-1] and "HYPERLINK" in r[-1]])
    outside = pages.scan(
        db, version, RowsQuery(text="hyperlink", columns=("code",)), None, count=True
    )
    assert outside.total == 0

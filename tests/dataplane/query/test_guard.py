"""The guard against formulas: the Python form and the engine's form agree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wushu.dataplane.query import engine
from wushu.dataplane.query.guard import guarded, guarded_sql


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd",
        "-cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "-",
        "=",
        "+-1",
        "-1-1",
        "＝1+1",
        "＋1",
        "－1",
        "＠A1",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a", "街道", "-12.5", "+86", "12", " =1", "0=1", "-0"])
def test_everything_else_stays_as_it_is(text):
    assert guarded(text) == text


@settings(deadline=None)
@given(
    st.lists(st.text(st.sampled_from("=+-@＝＋－＠\t\r\n0123.9ae '\"中"), max_size=6), min_size=1)
)
def test_the_engine_guards_the_same(texts):
    with engine.connect() as db:
        rows = db.execute(
            f"SELECT {guarded_sql('c')} FROM (SELECT unnest(?) AS c)", [texts]
        ).fetchall()
    assert [row[0] for row in rows] == [guarded(text) for text in texts]

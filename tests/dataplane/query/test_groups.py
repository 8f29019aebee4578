"""Groups of rows: what charts and pivot tables show."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

import duckdb
import pytest

from tests.dataplane.query import support
from wushu.catalog.types import FieldSpec, FieldType
from wushu.dataplane import selectors
from wushu.dataplane.models import Receipt
from wushu.dataplane.query import groups
from wushu.dataplane.query.groups import Grouping, Groups, Measure, Step
from wushu.dataplane.query.types import Condition, Op
from wushu.kernel.errors import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(node_home):
    dataset = support.publish()
    support.grant(dataset)
    return dataset


def explored(dataset: support.Dataset, wanted: Grouping, actor=None) -> Groups:
    found = selectors.explore(dataset.version.pk, wanted, actor=actor)
    assert found.groups is not None
    return found.groups


def test_rows_are_counted_by_value_with_the_largest_first(public):
    found = explored(public, Grouping("note"))
    counted = Counter(row[8] for row in public.rows)
    assert found.rows == 1000
    assert found.all_groups == len(counted)
    assert len(found.groups) == groups.GROUPS_MOST
    assert (found.groups[0].key, found.groups[0].value) == (None, counted[None])
    assert [one.value for one in found.groups] == sorted(
        (one.value for one in found.groups), reverse=True
    )


def test_sums_of_decimals_are_exact(public):
    found = explored(public, Grouping("区 名", measure=Measure.SUM, of="fee"))
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    for row in public.rows:
        wanted[row[1]] += row[3]
    assert {one.key: one.value for one in found.groups} == wanted


def test_mean_least_and_most_leave_out_rows_without_a_number(public):
    of_district = [row[4] for row in public.rows if row[1] == "姑苏区" and row[4] is not None]
    wanted = {
        Measure.MEAN: sum(of_district) / len(of_district),
        Measure.LEAST: min(of_district),
        Measure.MOST: max(of_district),
    }
    for measure, value in wanted.items():
        found = explored(public, Grouping("区 名", measure=measure, of="ratio"))
        by_key = {one.key: one.value for one in found.groups}
        assert by_key["姑苏区"] == pytest.approx(value), measure


def test_a_second_column_makes_a_pivot_table_whose_rows_add_up(public):
    found = explored(public, Grouping("区 名", across="active"))
    assert found.across == ("false", "true")
    counted = Counter((row[1], str(row[7]).lower()) for row in public.rows)
    for one in found.groups:
        assert one.across == tuple(counted[(one.key, a)] or None for a in found.across)
        assert sum(value or 0 for value in one.across) == one.value == one.rows


def test_dates_are_grouped_by_month_and_year_in_their_order(public):
    months = explored(public, Grouping("opened", step=Step.MONTH))
    counted = Counter(f"{row[5]:%Y-%m}" for row in public.rows)
    assert [(one.key, one.value) for one in months.groups] == sorted(counted.items())
    years = explored(public, Grouping("seen", step=Step.YEAR))
    assert [(one.key, one.value) for one in years.groups] == [("2021", 1000)]


def test_of_many_days_the_latest_are_shown(public):
    found = explored(public, Grouping("opened"))
    days = sorted({row[5].isoformat() for row in public.rows})
    assert found.all_groups == len(days)
    assert [one.key for one in found.groups] == days[-groups.GROUPS_MOST :]


def test_few_numbers_stand_in_their_order_and_the_empty_ones_last(public):
    keys = [one.key for one in explored(public, Grouping("level")).groups]
    assert keys == ["0", "1", "2", "3", "4", "5", "6", None]


def test_only_rows_that_fulfil_the_condition_are_counted(public):
    where = (Condition("level", Op.EQ, ("3",)),)
    found = explored(public, Grouping("区 名", conditions=where))
    assert found.rows == sum(row[2] == 3 for row in public.rows)


def test_a_condition_nothing_fulfils_gives_no_groups(public):
    where = (Condition("code", Op.EQ, ("none",)),)
    found = explored(public, Grouping("区 名", across="active", conditions=where))
    assert (found.groups, found.all_groups, found.rows, found.across) == ((), 0, 0, ())


def test_a_sum_beyond_38_digits_is_given_as_nearly_as_a_double_can(node_home):
    fields = (FieldSpec("a"), FieldSpec("big", FieldType.DECIMAL, "2"))
    most = Decimal("9" * 36 + ".99")
    dataset = support.publish("big", fields=fields, rows=[("x", most)] * 20)
    support.grant(dataset)
    found = explored(dataset, Grouping("a", measure=Measure.SUM, of="big"))
    assert float(found.groups[0].value or 0) == pytest.approx(2e37)


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (Grouping("none"), "unknown-column"),
        (Grouping("code", across="none"), "unknown-column"),
        (Grouping("code", measure=Measure.SUM, of="note"), "measure-needs-numbers"),
        (Grouping("code", measure=Measure.SUM), "measure-needs-numbers"),
        (
            Grouping("code", conditions=(Condition("level", Op.EQ, ("x",)),)),
            "filter-not-understood",
        ),
    ],
)
def test_each_wrong_question_has_its_named_refusal(public, wanted, name):
    with pytest.raises(Refusal) as caught:
        explored(public, wanted)
    assert caught.value.name == name


def test_nothing_is_grouped_without_a_grant(node_home):
    dataset = support.publish()
    with pytest.raises(Refusal) as caught:
        explored(dataset, Grouping("区 名"))
    assert caught.value.name == "no-grant"
    assert not Receipt.objects.exists()


def test_a_grant_bounds_columns_rows_and_filters_and_leaves_a_receipt(node_home):
    dataset = support.publish()
    someone = support.reader()
    where = (Condition("区 名", Op.EQ, ("吴中区",)),)
    support.grant(dataset, someone.actor.person, columns=["level", "active"], row_filter=where)
    found = explored(dataset, Grouping("active"), someone.actor)
    assert found.rows == sum(row[1] == "吴中区" for row in dataset.rows)
    receipt = Receipt.objects.get()
    assert (receipt.surface, receipt.columns) == ("page", ["active"])
    for wanted in (
        Grouping("区 名"),
        Grouping("active", across="note"),
        Grouping("active", measure=Measure.SUM, of="fee"),
        Grouping("active", conditions=(Condition("note", Op.PREFIX, ("备",)),)),
    ):
        with pytest.raises(Refusal) as caught:
            explored(dataset, wanted, someone.actor)
        assert caught.value.name == "column-not-granted"
    assert Receipt.objects.count() == 1


def test_a_scan_that_takes_too_long_is_stopped(public, monkeypatch, settings):
    settings.QUERY_SECONDS = 0.05

    def endless(db: duckdb.DuckDBPyConnection, *_: object) -> Groups:
        db.execute("SELECT count(*) FROM range(100000000000) a, range(1000) b").fetchall()
        raise AssertionError("it was not stopped")

    monkeypatch.setattr(groups, "grouped", endless)
    with pytest.raises(Refusal) as caught:
        explored(public, Grouping("区 名"))
    assert caught.value.name == "query-too-slow"

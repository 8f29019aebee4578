"""Quotas of grants: what a day gives is taken once, whoever reads at the same moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from tests.dataplane.query import support
from tests.evidence.conftest import initialise
from wushu.dataplane import selectors
from wushu.dataplane.models import GrantUse, Receipt
from wushu.dataplane.query.types import Condition, Op
from wushu.dataplane.types import Quota

ROWS = "/api/v1/datasets/streets/rows"


@pytest.fixture
def reading(client, node):
    """Ask under a grant with the given quota."""

    def under(quota: Quota):
        initialise()
        dataset = support.publish(conditions="研究")
        reader = support.reader()
        support.grant(dataset, reader.actor.person, quota=quota)
        headers = {"authorization": f"Bearer {reader.key}"}
        return lambda path=ROWS, **asked: client.get(path, params=asked, headers=headers)

    return under


def test_each_answer_says_what_is_left_and_the_next_is_refused_until_midnight(reading) -> None:
    ask = reading(Quota(rows=250, requests=None))
    assert ask(limit=100).headers["wushu-quota-left"] == "rows=150"
    assert ask("/api/3/action/datastore_search", resource_id="streets", limit=50).headers[
        "wushu-quota-left"
    ] == "rows=100"  # fmt: skip
    answer = ask(limit=101)
    assert answer.status_code == 429
    assert answer.json()["name"] == "quota-used-up"
    assert "还剩 100，这次需要 101" in answer.json()["zh"]
    assert 0 < int(answer.headers["retry-after"]) <= 86_400
    assert ask(limit=100).headers["wushu-quota-left"] == "rows=0"
    assert ask(limit=1).status_code == 429
    assert Receipt.objects.count() == 3, "what was refused leaves no receipt"


def test_a_preview_takes_the_rows_it_shows(client, node) -> None:
    """Not those that the table has: the grant's filter leaves fewer."""
    initialise()
    dataset = support.publish(conditions="研究")
    reader = support.reader()
    few = Condition("code", Op.LT, ("3205000003",))
    grant = support.grant(dataset, reader.actor.person, row_filter=(few,), quota=Quota(rows=100))
    shown = selectors.preview(dataset.version.pk, actor=reader.actor, limit=20)
    assert 0 < len(shown.rows) < 20
    assert GrantUse.objects.get(grant=grant).rows == len(shown.rows)


def test_a_download_counts_every_row_and_has_no_ranges(reading) -> None:
    ask = reading(Quota(rows=1_500))
    answer = ask("/data/streets.csv")
    assert answer.headers["wushu-no-ranges"] == b"rows-counted".decode()
    assert answer.headers["wushu-quota-left"] == "rows=500"
    assert ask("/data/streets.parquet").json()["name"] == "quota-used-up"
    assert ask("/api/v1/datasets/streets/delta", **{"from": 0}).json()["name"] == "quota-used-up"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def raced(request, tmp_path: Path) -> dict[str, int]:
    """What came of 48 reads of 7 rows each by 8 readers at once, where 100 rows are left."""
    postgres = request.param == "postgres"
    url = request.getfixturevalue("postgres_url") if postgres else f"sqlite:///{tmp_path}/wushu.db"
    done = subprocess.run(
        [sys.executable, "-m", "tests.dataplane.query.race"],
        env=os.environ | {"WUSHU_HOME": str(tmp_path), "WUSHU_DATABASE_URL": url},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_readers_at_once_do_not_get_more_than_there_is(raced: dict[str, int]) -> None:
    assert raced == {"given": 14, "rows": 98, "requests": 14, "receipts": 14}


def test_the_quota_renews_with_the_day_of_shanghai(reading, monkeypatch) -> None:
    ask = reading(Quota(requests=1))
    told = {"now": datetime(2026, 11, 20, 15, 59, tzinfo=UTC)}  # 23:59 in Shanghai
    monkeypatch.setattr(timezone, "now", lambda: told["now"])
    assert ask(limit=1).status_code == 200
    refused = ask(limit=1)
    assert refused.json()["name"] == "quota-used-up"
    assert int(refused.headers["retry-after"]) == 60
    told["now"] = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    assert ask(limit=1).status_code == 200

"""The scoreboard and the statistics: their rule, their numbers, the lists they lead to."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.catalog.conftest import node
from tests.dataplane.query import support
from tests.portal.messages import compile_catalogues
from wushu.catalog import services as catalog_services
from wushu.catalog.models import Assessed, Revision, Version
from wushu.catalog.rules.scoring import BodyFigures, places, score
from wushu.dataplane.models import DailyUse
from wushu.dataplane.services import exports_measure
from wushu.parties.models import Organisation
from wushu.portal import scoreboard_page

__all__ = ["node"]


@pytest.fixture(autouse=True)
def _anew():
    scoreboard_page.forget()
    yield
    scoreboard_page.forget()


def figures(**given: int) -> BodyFigures:
    return BodyFigures(uuid4(), **given)


def test_the_score_is_the_mean_of_the_three_shares():
    one = figures(listed=4, kept=1, missed=1, assessed=4, points=4 * 200, readable=3)
    assert score(one, 400) == round((0.5 + 0.5 + 0.75) / 3, 3)


def test_a_share_of_nothing_is_left_out_and_nothing_listed_has_no_score():
    assert score(figures(listed=2, readable=2), 400) == 1.0
    assert score(figures(listed=2, readable=1, assessed=2, points=400), 400) == 0.5
    assert score(figures(), 400) is None


def test_equal_scores_share_a_place_and_the_next_follows_after_a_gap():
    assert places([0.5, 0.9, None, 0.9, 0.1]) == [3, 1, None, 1, 4]


@pytest.fixture
def board(node: None) -> dict[str, support.Dataset]:
    """Two bodies: one keeps its word with two datasets, one is late with one."""
    compile_catalogues()
    made = {name: support.publish(name) for name in ("kept", "irregular", "late")}
    Revision.objects.filter(entry=made["irregular"].entry).update(update_cycle="IRREG")
    made["irregular"].entry.body_id = made["kept"].entry.body_id
    made["irregular"].entry.save()
    Revision.objects.filter(entry=made["late"].entry).update(update_cycle="WEEKLY")
    Version.objects.filter(entry=made["late"].entry).update(
        created_at=timezone.now() - timedelta(days=30)
    )
    Organisation.objects.filter(pk=made["late"].entry.body_id).update(name_zh="=HYPERLINK(1)")
    while catalog_services.quality_refresh():
        pass
    for client, requests in (("browser", 5), ("program", 9)):
        DailyUse.objects.create(
            day=timezone.localdate(), dataset=made["late"].id, use="csv", client=client,
            requests=requests,
        )  # fmt: skip
    return made


@pytest.mark.django_db
def test_the_board_counts_what_is_listed_kept_described_opened_and_used(board):
    lines = {one.body.id: one for one in scoreboard_page.worked_out().lines}
    good, late = (lines[board[name].entry.body_id] for name in ("kept", "late"))
    assert (good.figures.listed, good.figures.kept, good.figures.missed) == (2, 1, 0)
    assert (late.figures.listed, late.figures.kept, late.figures.missed) == (1, 0, 1)
    assert good.figures.rows == 2000
    assert good.figures.readable_share == 1
    assert good.figures.assessed == 2
    assert good.figures.points == sum(
        Assessed.objects.filter(entry__body=good.body.id).values_list("points", flat=True)
    )
    assert (good.place, late.place) == (1, 2)
    assert (late.by_browsers, late.by_programs) == (5, 9)
    assert (good.by_browsers, good.by_programs) == (0, 0)


@pytest.mark.django_db
def test_every_number_leads_to_its_list(board, client: Client):
    page = client.get("/en/scoreboard").content.decode()
    body = board["late"].entry.body_id
    for query, listed in (
        ("", {"late"}),
        ("freshness=kept", set()),
        ("freshness=missed", {"late"}),
        ("format=CSV", {"late"}),
        ("attribute=unconditional", {"late"}),
        ("sort=used", {"late"}),
    ):
        address = f"/en/datasets?body={body}" + (f"&{query}" if query else "")
        if listed - {""} and query != "freshness=kept":
            assert address.replace("&", "&amp;") in page, query
        found = client.get(address).content.decode()
        assert set(re.findall(r'<h3><a href="/en/datasets/(\w+)"', found)) == listed, query


@pytest.mark.django_db
def test_a_change_is_assessed_anew_and_nothing_else(board):
    assert catalog_services.quality_refresh() == 0
    entry = board["kept"].entry
    entry.refresh_from_db()
    entry.changed_at = timezone.now()
    entry.save()
    assert catalog_services.quality_refresh() == 1
    assert Assessed.objects.get(entry=entry).seen == entry.changed_at


@pytest.mark.django_db
def test_points_follow_as_soon_as_the_sizes_of_the_files_are_known(board):
    entry = board["kept"].entry
    before = Assessed.objects.get(entry=entry).points
    support.grant(board["kept"])
    assert exports_measure().made
    assert catalog_services.quality_refresh() == 1
    assert Assessed.objects.get(entry=entry).points == before + 5
    assert exports_measure().made == 0
    assert catalog_services.quality_refresh() == 0


@pytest.mark.django_db
def test_the_board_as_a_table_runs_nothing_in_a_spreadsheet(board, client: Client):
    answer = client.get("/api/v1/scoreboard?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["place"] for row in rows[:2]] == ["1", "2"]
    assert rows[1]["name_zh"] == "'=HYPERLINK(1)"
    told = client.get("/api/v1/scoreboard").json()
    assert [one["datasets"] for one in told["items"][:2]] == [2, 1]


@pytest.mark.django_db
def test_the_statistics_are_told_by_page_by_json_and_by_table(board, client: Client):
    page = client.get("/en/usage").content.decode()
    assert "Downloads: CSV" in page
    assert "not by person" in page
    assert '<a href="/en/datasets/late">' in page
    items = client.get("/api/v1/usage?dataset=late").json()["items"]
    assert [(one["client"], one["requests"]) for one in items] == [("browser", 5), ("program", 9)]
    assert client.get("/api/v1/usage?dataset=kept").json()["items"] == []
    table = client.get("/api/v1/usage?format=csv").content.decode("utf-8-sig").splitlines()
    assert table[0] == "day,use,client,requests,rows,bytes"
    assert table[1].endswith(",csv,browser,5,0,0")
    dataset = client.get("/en/datasets/late").content.decode()
    assert "Downloads: CSV" in dataset
    assert "update missed; the next version is due by" in dataset
    assert '<h2 id="used">Most used</h2>' in client.get("/en/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "name", "status"),
    [
        ("dataset=none-such", "not-found", 404),
        ("from=2026-02-30", "parameter-wrong", 400),
        ("from=2020-01-01&to=2026-01-01", "parameter-wrong", 400),
        ("from=2026-02-02&to=2026-02-01", "parameter-wrong", 400),
        ("to=0001-01-01", "parameter-wrong", 400),
        ("format=xml", "parameter-wrong", 400),
        ("who=me", "parameter-unknown", 400),
    ],
)
def test_what_cannot_be_told_is_refused_by_name(node, client: Client, query, name, status):
    answer = client.get(f"/api/v1/usage?{query}")
    assert (answer.status_code, answer.json()["name"]) == (status, name)

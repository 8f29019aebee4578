"""The engine opens the node's objects and nothing else, whatever it is told."""

from __future__ import annotations

import duckdb
import pytest

from tests.dataplane.query import support
from wushu.dataplane import selectors
from wushu.dataplane.ingest import engine as ingest_engine
from wushu.dataplane.query import engine, pages
from wushu.dataplane.query.scans import scan_here
from wushu.dataplane.query.types import Condition, Op
from wushu.kernel.errors import Refusal

FORBIDDEN = [
    "SELECT content FROM read_text('/etc/hostname')",
    "SELECT * FROM read_csv('/etc/passwd', sep=':')",
    "SELECT * FROM glob('/etc/*')",
    "ATTACH '/tmp/other.db'",
    "COPY (SELECT 1) TO '/tmp/other.csv'",
    "INSTALL httpfs",
    "SET enable_external_access = true",
    "SET memory_limit = '100GB'",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_an_engine_of_readers_is_closed(node_home, sql):
    with engine.connect() as db, pytest.raises(duckdb.Error):
        db.execute(sql)


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_an_engine_of_loads_is_closed(node_home, tmp_path, sql):
    with (
        ingest_engine.connect(tmp_path / "spill", columns=1) as db,
        pytest.raises(duckdb.Error),
    ):
        db.execute(sql)


def test_what_does_not_fit_into_memory_waits_in_the_nodes_home(node_home, settings, tmp_path):
    settings.HOME = tmp_path
    with engine.connect(memory="64MB") as db:
        sorted_ = "SELECT a FROM range(12000000) t(a) ORDER BY hash(a) LIMIT 1 OFFSET 11999990"
        assert db.execute(sorted_).fetchall()
        (folder,) = db.execute("SELECT current_setting('temp_directory')").fetchall()[0]
    assert folder.startswith(str(tmp_path))
    assert not list(tmp_path.glob(".spill-*"))


def test_a_page_does_not_wait_for_a_scan_without_end(db, node_home, settings, monkeypatch):
    """The preview of a grant with a row filter scans in the thread of the page."""
    settings.QUERY_SECONDS = 0.2
    dataset = support.publish()
    someone = support.reader()
    support.grant(
        dataset, someone.actor.person, row_filter=(Condition("note", Op.CONTAINS, ("备",)),)
    )

    def endless(opened, *args, **kwargs):
        opened.execute("SELECT count(*) FROM range(1000000000) a, range(1000000000) b")

    monkeypatch.setattr(pages, "scan", endless)
    with pytest.raises(Refusal) as refused:
        selectors.preview(dataset.version.pk, actor=someone.actor, limit=3)
    assert refused.value.name == "query-too-slow"


def test_a_scan_that_fits_is_answered(node_home):
    def work(opened):
        return opened.execute("SELECT 42").fetchall()

    assert scan_here(work, seconds=5, dataset="a") == [(42,)]

"""``/status`` says what works now, by asking it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.catalog.conftest import City, city, node
from tests.portal.messages import compile_catalogues
from wushu.catalog.refusals import SEARCH_UNAVAILABLE
from wushu.config import heartbeat, status
from wushu.config.commands.incident import incident
from wushu.evidence.models import Entry
from wushu.evidence.services import sequence
from wushu.opening import selectors as opening
from wushu.opening.types import Component

__all__ = ["city", "node"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def working(city: City) -> City:
    """A node with a worker that has just shown that it lives."""
    compile_catalogues()
    sequence()
    heartbeat.Heartbeat().beat()
    return city


def broken() -> set[str]:
    """Parts that do not work, asked anew."""
    status._asked.cache_clear()
    return {part.component.value for part in status.current().parts if not part.works}


def test_every_part_of_a_working_node_works(working: City):
    assert broken() == set()
    assert {part.component for part in status.current().parts} == set(Component)


def test_without_a_worker_background_work_and_notices_do_not_work(working: City):
    shutil.rmtree(Path(settings.HOME) / "run")
    assert broken() == {"background", "notices"}


def test_a_log_that_stands_still_is_told(working: City, monkeypatch: pytest.MonkeyPatch):
    working.draft()
    assert broken() == set()
    Entry.objects.filter(index=None).update(recorded_at=timezone.now() - timedelta(minutes=5))
    assert broken() == {"evidence"}


def test_a_search_that_cannot_be_asked_is_told(working: City, monkeypatch: pytest.MonkeyPatch):
    def away(**_asked: Any) -> None:
        raise SEARCH_UNAVAILABLE()

    monkeypatch.setattr(status.catalog, "entries", away)
    assert "search" in broken()


def test_rows_that_cannot_be_read_are_told(working: City):
    working.listed()  # its files were never written: the catalogue's tests have no data plane
    sequence()
    assert broken() == {"rows"}


def test_nobody_asks_the_parts_more_often_than_every_ten_seconds(
    working: City, monkeypatch: pytest.MonkeyPatch
):
    asked = []
    monkeypatch.setitem(status.QUESTIONS, Component.WEB, lambda: asked.append(1) is None)
    monkeypatch.setattr(status.time, "monotonic", lambda: 1000.0)
    status._asked.cache_clear()
    for _ in range(5):
        assert Client().get("/status").status_code == 200
    assert len(asked) == 1


def test_the_page_shows_what_works_and_what_was_announced(working: City):
    status._asked.cache_clear()
    runner = CliRunner()
    made = runner.invoke(
        incident,
        [
            "open",
            "下载变慢",
            "--part",
            "rows",
            "--text",
            "正在排查。",
            "--title-en",
            "Slow downloads",
        ],
    )
    assert made.exit_code == 0, made.output
    key = made.output.split()[0]
    page = Client().get("/status").content.decode()
    assert "下载变慢" in page
    assert "还有事件没有结束" in page
    runner.invoke(incident, ["update", key, "--stage", "identified", "--text", "换盘中。"])
    runner.invoke(incident, ["close", key, "--text", "已恢复。", "--text-en", "Back to normal."])
    english = Client().get("/en/status").content.decode()
    assert "Everything works." in english
    assert "Slow downloads" in english
    assert "Back to normal." in english
    document = Client().get("/status", headers={"accept": "application/json"}).json()
    assert document["works"] is True
    assert document["parts"] == dict.fromkeys([one.value for one in Component], True)
    assert [note["stage"] for note in document["incidents"][0]["updates"]] == [
        "resolved", "identified", "investigating",
    ]  # fmt: skip
    assert opening.incidents()[0].ended_at is not None


def test_the_page_tells_nothing_of_hosts_and_backups(working: City):
    status._asked.cache_clear()
    page = Client().get("/en/status").content.decode().lower()
    for word in ("backup", str(settings.HOME), "sqlite", "postgres", "127.0.0.1"):
        assert word.lower() not in page.partition("<main")[2].partition("</main>")[0]

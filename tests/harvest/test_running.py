"""A catalogue is read as a whole, and only what differs is written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.harvest.conftest import (
    Ckan,
    Desk,
    Elsewhere,
    document,
    found,
    log_size,
    official,
    package,
    shown,
)
from wushu.evidence.auditing import audit
from wushu.harvest import selectors, services
from wushu.harvest.models import Record, Run, Source
from wushu.harvest.types import RecordState, RunState, SourceKind
from wushu.kernel.errors import Refusal
from wushu.parties.types import NODE, Role

pytestmark = pytest.mark.django_db


def test_what_a_catalogue_has_is_found_here_with_where_it_comes_from(
    desk: Desk, ckan: Ckan
) -> None:
    desk.active(ckan.server.url)
    run = desk.run()
    assert (run.state, run.seen, run.added, run.refusal) == (RunState.DONE, 3, 3, "")
    assert set(shown()) == {"a", "b", "c"}
    one = found(query="公交")[0]
    assert one.source_title("zh") == "邻市公共数据"
    assert one.description.publisher == "交通局"
    assert one.description.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert one.description.files[0].url == "https://data.example/a.csv"
    assert selectors.record(one.id).checked_at == run.finished_at


def test_the_same_content_again_writes_nothing(desk: Desk, ckan: Ckan) -> None:
    desk.active(ckan.server.url)
    desk.run()
    before = log_size(), list(Record.objects.values())
    run = desk.run()
    assert (run.state, run.added, run.changed, run.gone, run.unchanged) == (
        RunState.DONE,
        0,
        0,
        0,
        3,
    )
    assert (log_size(), list(Record.objects.values())) == before


def test_the_order_in_which_a_source_answers_changes_nothing(desk: Desk, ckan: Ckan) -> None:
    desk.active(ckan.server.url)
    desk.run()
    ckan.packages = [dict(reversed(one.items())) for one in reversed(ckan.packages)]
    assert desk.run().unchanged == 3


def test_a_change_at_the_source_is_taken_over(desk: Desk, ckan: Ckan) -> None:
    desk.active(ckan.server.url)
    desk.run()
    first = {one.description.identifier: one.id for one in found()}
    ckan.packages[0]["title"] = "公交线路（2026）"
    ckan.packages.append(package("d", "医院"))
    run = desk.run()
    assert (run.added, run.changed, run.unchanged) == (1, 1, 2)
    after = {one.description.identifier: one for one in found()}
    assert after["a"].id == first["a"]
    assert after["a"].description.title == "公交线路（2026）"


def test_what_is_gone_leaves_a_tombstone_and_may_come_back(desk: Desk, ckan: Ckan) -> None:
    desk.active(ckan.server.url)
    desk.run()
    lost = found(query="停车场")[0].id
    kept = ckan.packages.pop(1)
    assert desk.run().gone == 1
    assert set(shown()) == {"a", "c"}
    tombstone = selectors.record(lost)
    assert tombstone.state is RecordState.GONE
    assert tombstone.gone_at is not None
    assert tombstone.description.title == "停车场"
    ckan.packages.append(kept)
    assert desk.run().changed == 1
    assert selectors.record(lost).state is RecordState.PRESENT


@pytest.mark.parametrize("name", ["identifier", "page"])
def test_a_dataset_whose_identifier_changed_is_known_again(
    desk: Desk, ckan: Ckan, name: str
) -> None:
    """By the publisher's own identifier, or by its page at the source."""
    if name == "identifier":
        ckan.packages[0]["extras"] = [{"key": "identifier", "value": "urn:x:lines"}]
    desk.active(ckan.server.url)
    desk.run()
    before = found(query="公交")[0]
    ckan.packages[0]["id"] = "entirely-other"
    if name == "identifier":
        ckan.packages[0]["name"] = "other-name"
    run = desk.run()
    assert (run.renamed, run.added, run.gone) == (1, 0, 0)
    after = selectors.record(before.id)
    assert after.description.identifier == "entirely-other"
    assert after.former_identifiers == ("a",)
    assert Record.objects.count() == 3
    assert desk.run().unchanged == 3


def test_an_emptied_catalogue_changes_nothing_until_somebody_looked(desk: Desk, ckan: Ckan) -> None:
    desk.active(ckan.server.url)
    desk.run()
    ckan.packages = []
    run = desk.run()
    assert (run.state, run.refusal) == (RunState.REFUSED, "harvest-shrunk")
    assert "3" in run.sentence("zh")
    assert set(shown()) == {"a", "b", "c"}
    assert desk.run(accept_shrink=True).gone == 3
    assert shown() == {}


def test_a_halved_catalogue_changes_nothing_until_somebody_looked(desk: Desk, ckan: Ckan) -> None:
    ckan.packages = [package(f"{n:02}", f"第 {n} 个") for n in range(20)]
    desk.active(ckan.server.url)
    desk.run()
    del ckan.packages[10:]
    assert desk.run().refusal == "harvest-shrunk"
    assert len(shown()) == 20
    ckan.packages.append(package("10"))
    assert desk.run().gone == 9


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"), (404, b"{}"), (200, b"<html>"), (200, b'{"success": false, "error": {}}'),
        (200, b'{"success": true, "result": {"count": 3}}'), (200, b"[]"), (200, b"\xff\xfe"),
        (200, b'{"success": true, "result": {"count": 1e999, "results": []}}'),
        (200, b"[" * 100_000),
    ],
    ids=range(9),
)  # fmt: skip
def test_a_broken_answer_leaves_everything_as_it_was(
    desk: Desk, ckan: Ckan, status: int, body: bytes
) -> None:
    desk.active(ckan.server.url)
    desk.run()
    before = log_size(), list(Record.objects.values())
    ckan.server.routes["/api/3/action/package_search"] = lambda asked: (
        status, "application/json", body,
    )  # fmt: skip
    run = desk.run()
    assert (run.state, run.refusal) == (RunState.REFUSED, "harvest-answer-wrong")
    assert (log_size(), list(Record.objects.values())) == before


def test_a_run_that_breaks_off_half_way_leaves_everything_as_it_was(desk: Desk, ckan: Ckan) -> None:
    ckan.packages = [package(f"{n:02}", f"第 {n} 个") for n in range(20)]
    desk.active(ckan.server.url)
    desk.run()
    ckan.most = 5
    whole = ckan.search

    def failing(asked: dict[str, str]) -> tuple[int, str, bytes]:
        return whole(asked) if asked["start"] != "10" else (502, "text/html", b"bad gateway")

    for one in ckan.packages:
        one["title"] += "（新）"
    ckan.server.routes["/api/3/action/package_search"] = failing
    assert desk.run().refusal == "harvest-answer-wrong"
    assert not found(query="新")
    ckan.server.routes["/api/3/action/package_search"] = whole
    assert desk.run().changed == 20


def test_a_catalogue_that_gives_less_than_it_says_is_not_believed(desk: Desk, ckan: Ckan) -> None:
    desk.active(ckan.server.url)
    ckan.told = 5
    run = desk.run()
    assert run.refusal == "harvest-incomplete"
    assert Record.objects.count() == 0


def test_a_known_record_that_cannot_be_read_any_more_stays_as_it_was(
    desk: Desk, ckan: Ckan
) -> None:
    desk.active(ckan.server.url)
    desk.run()
    ckan.packages[0] |= {"title": "", "name": ""}
    run = desk.run()
    assert (run.skipped_count, run.gone, run.unchanged) == (1, 0, 2)
    assert run.skipped[0].identifier == "a"
    assert shown()["a"].title == "公交线路"


def test_nothing_is_asked_of_a_source_before_a_second_person_activated_it(
    desk: Desk, ckan: Ckan
) -> None:
    services.source_propose(
        actor=desk.proposer, name="other", kind=SourceKind.CKAN, url=ckan.server.url,
        title_zh="邻市", reason="试",
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        desk.run()
    assert refused.value.name == "source-state-wrong"
    assert services.sources_harvest_due() == 0
    assert ckan.server.asked == []


def test_what_a_stopped_source_gave_is_shown_no_more(desk: Desk, ckan: Ckan) -> None:
    desk.active(ckan.server.url)
    desk.run()
    one = found()[0].id
    services.source_stop(actor=desk.proposer, name="other", reason="对方已关闭。")
    assert shown() == {}
    assert not selectors.record(one).is_source_active
    with pytest.raises(Refusal):
        desk.run()
    services.source_activate(actor=desk.activator, name="other")
    assert len(shown()) == 3


def test_the_worker_reads_what_is_due_and_what_somebody_asked_for(desk: Desk, ckan: Ckan) -> None:
    desk.active(ckan.server.url, every_hours=24)
    assert services.sources_harvest_due() == 1
    assert services.sources_harvest_due() == 0
    services.source_run_ask(actor=desk.proposer, name="other")
    services.source_run_ask(actor=desk.activator, name="other")
    assert services.sources_harvest_due() == 1
    Run.objects.update(asked_at="2026-01-01T00:00:00Z")
    assert services.sources_harvest_due() == 1


def test_one_source_is_read_by_one_at_a_time(desk: Desk, ckan: Ckan) -> None:
    desk.active(ckan.server.url)
    whole = ckan.search
    names: list[str] = []

    def meanwhile() -> bool:
        with pytest.raises(Refusal) as refused:
            services.source_harvest(actor=desk.activator, name="other")
        names.append(refused.value.name)
        return False

    assert desk.run(is_ending=meanwhile).state is RunState.DONE
    assert set(names) == {"harvest-running"}
    assert whole


def test_a_run_whose_process_died_does_not_keep_the_next_from_running(
    desk: Desk, ckan: Ckan
) -> None:
    desk.active(ckan.server.url)
    run = desk.run()
    Run.objects.filter(pk=run.id).update(state="running", alive_at="2026-01-01T00:00:00Z")
    assert desk.run().state is RunState.DONE
    assert Run.objects.get(pk=run.id).refusal == "harvest-broken-off"


def test_a_node_that_stops_ends_its_run(desk: Desk, ckan: Ckan) -> None:
    desk.active(ckan.server.url)
    assert desk.run(is_ending=lambda: True).refusal == "harvest-broken-off"
    assert Record.objects.count() == 0


def test_a_run_that_ends_between_two_batches_is_completed_by_the_next(
    desk: Desk, ckan: Ckan
) -> None:
    ckan.packages = [package(f"{n:03}", f"第 {n} 个") for n in range(250)]
    desk.active(ckan.server.url)
    asked = iter([False] * 4 + [True] * 9)  # three answers and the first batch
    assert desk.run(is_ending=lambda: next(asked)).refusal == "harvest-broken-off"
    assert Record.objects.count() == 100
    run = desk.run()
    assert (run.added, run.unchanged) == (150, 100)
    assert Record.objects.count() == 250


@pytest.mark.parametrize("status", [429, 503])
def test_a_source_that_asks_to_wait_is_asked_again_then(
    desk: Desk, ckan: Ckan, status: int
) -> None:
    desk.active(ckan.server.url)
    answers = iter([(status, "text/plain", b"1"), (status, "text/plain", b"0")])
    ckan.server.routes["/api/3/action/package_search"] = lambda asked: (
        next(answers, None) or ckan.search(asked)
    )
    assert desk.run().added == 3
    assert len(ckan.server.asked) == 3


@pytest.mark.parametrize("after", ["0", "3600", "Wed, 21 Oct 2026 07:28:00 GMT", "9" * 400])
def test_a_source_that_never_has_time_is_left(desk: Desk, ckan: Ckan, after: str) -> None:
    desk.active(ckan.server.url)
    ckan.server.routes["/api/3/action/package_search"] = lambda asked: (
        503, "text/plain", after.encode(),
    )  # fmt: skip
    assert desk.run().refusal == "harvest-answer-wrong"
    assert len(ckan.server.asked) == (4 if after == "0" else 1)


def test_a_source_is_told_who_reads_it(desk: Desk, elsewhere: Elsewhere, settings) -> None:
    names: list[str] = []
    desk.active(elsewhere.url)
    elsewhere.heard = names.append
    desk.run()
    assert names
    assert names[0].startswith("wushu/")
    assert f"(+{settings.BASE_URL})" in names[0]


def test_every_written_record_is_in_the_log_and_a_change_behind_it_is_found(
    desk: Desk, ckan: Ckan
) -> None:
    desk.active(ckan.server.url)
    desk.run()
    assert [one for one in audit() if "harvest" in one.where] == []
    Record.objects.filter(identifier="a").update(digest="0" * 64)
    assert [one for one in audit() if "harvest" in one.where] != []


def test_a_source_behind_the_nodes_own_network_is_refused(desk: Desk, ckan: Ckan, settings) -> None:
    desk.active(ckan.server.url)
    desk.active(ckan.server.url.replace("127.0.0.1", "localhost"), name="by-name")
    settings.OUTGOING = settings.OUTGOING.__class__(ports=settings.OUTGOING.ports)
    for name in ("other", "by-name"):
        assert desk.run(name).refusal == "outgoing-network-refused"
    assert ckan.server.asked == []
    with pytest.raises(Refusal) as refused:
        desk.active("http://169.254.169.254/latest/meta-data", name="metadata")
    assert refused.value.name == "outgoing-network-refused"


@pytest.mark.parametrize(
    "inner", ["http://169.254.169.254/latest", "http://[::1]/", "http://10.0.0.1/"]
)
def test_a_source_that_sends_the_harvest_inside_is_refused(
    desk: Desk, elsewhere: Elsewhere, inner: str
) -> None:
    """By a redirect, and by a next page."""
    desk.active(f"{elsewhere.url}/catalog.ttl", SourceKind.DCAT)
    elsewhere.routes["/catalog.ttl"] = lambda asked: (302, "text/plain", inner.encode())
    assert desk.run().refusal == "outgoing-network-refused"
    page = (
        "@prefix hydra: <http://www.w3.org/ns/hydra/core#> . "
        "@prefix dcat: <http://www.w3.org/ns/dcat#> . "
        f"<urn:c> a dcat:Catalog . <> hydra:next <{inner}> ."
    )
    elsewhere.routes["/catalog.ttl"] = lambda asked: (200, "text/turtle", page.encode())
    assert desk.run().refusal == "harvest-answer-wrong"
    assert elsewhere.asked == ["/catalog.ttl"] * 2


def test_the_node_harvests_and_strangers_do_not(desk: Desk, ckan: Ckan) -> None:
    desk.active(ckan.server.url)
    assert services.source_harvest(actor=NODE, name="other").added == 3
    clerk = official("经办", Role.OPENING_BODY)
    for ask in (
        lambda: services.source_harvest(actor=clerk, name="other"),
        lambda: services.source_run_ask(actor=clerk, name="other"),
        lambda: services.source_stop(actor=clerk, name="other", reason="x"),
        lambda: selectors.sources(actor=clerk),
        lambda: selectors.runs("other", actor=clerk),
    ):
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.name == "harvester-lacks-role"


def test_old_runs_are_forgotten(desk: Desk, ckan: Ckan) -> None:
    desk.active(ckan.server.url)
    for _ in range(3):
        desk.run()
    ckan.server.routes["/api/3/action/package_search"] = lambda asked: document([])
    services.running.RUNS_KEPT, kept = 2, services.running.RUNS_KEPT
    try:
        desk.run()
        desk.run()
    finally:
        services.running.RUNS_KEPT = kept
    assert Run.objects.count() == 3  # two, and the last that ended well
    assert selectors.source("other", actor=desk.proposer).checked_at is not None


def test_a_source_that_nobody_reads_or_that_refuses_is_told_to_the_operator(
    desk: Desk, ckan: Ckan
) -> None:
    """Not one that waits its turn, is stopped, or was read well at last."""
    desk.active(ckan.server.url, every_hours=24)
    assert selectors.troubles() == []
    Source.objects.update(activated_at=timezone.now() - timedelta(hours=7))
    (unread,) = selectors.troubles()
    assert (unread.name, unread.overdue_since is not None) == ("other", True)
    desk.run()
    assert selectors.troubles() == []
    whole = ckan.server.routes.pop("/api/3/action/package_search")
    desk.run()
    (failed,) = selectors.troubles()
    assert failed.refused is not None
    assert (failed.overdue_since, failed.refused.refusal) == (None, "harvest-answer-wrong")
    Run.objects.update(asked_at=timezone.now() - timedelta(hours=29))
    assert selectors.troubles()[0].overdue_since is None
    Run.objects.update(asked_at=timezone.now() - timedelta(hours=31))
    assert selectors.troubles()[0].overdue_since is not None
    ckan.server.routes["/api/3/action/package_search"] = whole
    desk.run()
    assert selectors.troubles() == []
    services.source_run_ask(actor=desk.proposer, name="other")
    Run.objects.filter(state="waiting").update(asked_at=timezone.now() - timedelta(hours=7))
    assert selectors.troubles()[0].overdue_since is not None
    services.source_stop(actor=desk.proposer, name="other", reason="x")
    assert selectors.troubles() == []


def test_a_list_of_sources_asks_as_much_of_the_database_however_many_there_are(
    desk: Desk, ckan: Ckan, django_assert_num_queries: Any
) -> None:
    for name in ("one", "two", "three"):
        desk.active(ckan.server.url, name=name)
        desk.run(name)
    with django_assert_num_queries(6):  # each reads whose node it is, its rows and one more
        found = selectors.sources(actor=desk.proposer)
        last = selectors.last_runs(actor=desk.proposer)
    assert [(one.name, one.present, last[one.id].added) for one in found] == [
        ("one", 3, 3), ("three", 3, 3), ("two", 3, 3),
    ]  # fmt: skip
    assert all(one.checked_at == last[one.id].finished_at for one in found)


def test_records_that_cannot_be_read_count_towards_the_bound(
    desk: Desk, ckan: Ckan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are held in memory until the end as well."""
    monkeypatch.setattr(services.collecting, "RECORDS_MAX", 3)
    desk.active(ckan.server.url)
    assert desk.run().added == 3
    ckan.packages += [package(f"z{n}", "", name="") for n in range(2)]
    assert desk.run().refusal == "harvest-too-much"

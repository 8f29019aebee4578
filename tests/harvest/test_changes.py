"""A source that forgets no deletion is asked for what changed, and once a week for everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.harvest.conftest import Answer, Ask, Desk, Elsewhere, log_size, shown
from wushu.harvest.models import Run
from wushu.harvest.types import RunState, SourceKind

pytestmark = pytest.mark.django_db


@dataclass
class Oai:
    """A provider whose records a test changes: identifier -> (day, title; empty: deleted)."""

    server: Elsewhere
    records: dict[str, tuple[str, str]]
    keeps: str = "persistent"
    today: str = "2026-11-20"
    since: list[str] = field(default_factory=list)
    """What each ``ListRecords`` asked for; empty: everything."""

    def __post_init__(self) -> None:
        self.server.routes["/oai"] = self.answer

    def answer(self, asked: Ask) -> Answer:
        if asked["verb"] == "Identify":
            inner = f"<Identify><deletedRecord>{self.keeps}</deletedRecord></Identify>"
        else:
            since = asked.get("from", "")
            self.since.append(since)
            listed = "".join(
                self.record(one, title)
                for one, (day, title) in self.records.items()
                if day >= since and (title or self.keeps == "persistent")
            )
            none = '<error code="noRecordsMatch"/>'
            inner = f"<ListRecords>{listed}</ListRecords>" if listed else none
        body = (
            '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>{self.today}T08:00:00Z</responseDate>{inner}</OAI-PMH>"
        )
        return 200, "text/xml", body.encode()

    @staticmethod
    def record(identifier: str, title: str) -> str:
        if not title:
            return f'<record><header status="deleted"><identifier>{identifier}</identifier></header></record>'
        return (
            f"<record><header><identifier>{identifier}</identifier></header><metadata>"
            '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></oai_dc:dc>'
            "</metadata></record>"
        )


@pytest.fixture
def oai(elsewhere: Elsewhere) -> Oai:
    return Oai(elsewhere, {f"oai:x:{n}": ("2026-10-01", f"第 {n} 个") for n in range(1, 5)})


def test_only_what_changed_is_read_and_what_was_deleted_is_gone(desk: Desk, oai: Oai) -> None:
    desk.active(f"{oai.server.url}/oai", SourceKind.OAI_PMH, prefix="oai_dc")
    assert desk.run().added == 4
    oai.today = "2026-11-21"
    oai.records |= {
        "oai:x:1": ("2026-11-21", "新名称"), "oai:x:2": ("2026-11-21", ""),
        "oai:x:5": ("2026-11-21", "第 5 个"),
    }  # fmt: skip
    run = desk.run()
    assert (run.since, run.seen, run.added, run.changed, run.gone) == ("2026-11-19", 2, 1, 1, 1)
    assert {one: said.title for one, said in shown().items()} == {
        "oai:x:1": "新名称", "oai:x:3": "第 3 个", "oai:x:4": "第 4 个", "oai:x:5": "第 5 个",
    }  # fmt: skip
    before = log_size()
    oai.today = "2026-11-25"
    run = desk.run()
    assert (run.state, run.unchanged, log_size()) == (RunState.DONE, 2, before)
    assert desk.run().seen == 0  # nothing since the 24th, and nothing is missed for it
    assert len(shown()) == 4
    assert oai.since == ["", "2026-11-19", "2026-11-20", "2026-11-24"]


def test_once_a_week_everything_is_read_and_a_deletion_that_was_not_told_is_found(
    desk: Desk, oai: Oai
) -> None:
    desk.active(f"{oai.server.url}/oai", SourceKind.OAI_PMH, prefix="oai_dc")
    desk.run()
    del oai.records["oai:x:3"]
    assert desk.run().gone == 0
    Run.objects.filter(since="").update(finished_at=timezone.now() - timedelta(days=8))
    run = desk.run()
    assert (run.since, run.gone) == ("", 1)
    assert oai.since == ["", "2026-11-19", ""]


@pytest.mark.parametrize("keeps", ["transient", "no", ""])
def test_a_source_that_may_forget_deletions_is_always_read_whole(
    desk: Desk, oai: Oai, keeps: str
) -> None:
    oai.keeps = keeps
    desk.active(f"{oai.server.url}/oai", SourceKind.OAI_PMH, prefix="oai_dc")
    desk.run()
    oai.records["oai:x:2"] = ("2026-11-21", "")
    assert desk.run().gone == 1
    assert oai.since == ["", ""]


def test_what_leaves_a_set_need_not_be_told_so_a_set_is_always_read_whole(
    desk: Desk, oai: Oai
) -> None:
    desk.active(f"{oai.server.url}/oai", SourceKind.OAI_PMH, prefix="oai_dc", set="theme:TRAN")
    desk.run()
    desk.run()
    assert oai.since == ["", ""]


def test_after_a_refusal_and_for_who_accepts_a_loss_nothing_is_left_out(
    desk: Desk, oai: Oai
) -> None:
    """The next reading begins where the last one that ended well did, not where one broke off."""
    desk.active(f"{oai.server.url}/oai", SourceKind.OAI_PMH, prefix="oai_dc")
    desk.run()
    oai.today = "2026-12-24"
    oai.server.routes["/oai"] = lambda asked: (
        (502, "text/html", b"") if asked["verb"] == "ListRecords" else oai.answer(asked)
    )
    assert desk.run().refusal == "harvest-answer-wrong"
    oai.server.routes["/oai"] = oai.answer
    desk.run()
    desk.run(accept_shrink=True)
    assert oai.since == ["", "2026-11-19", ""]

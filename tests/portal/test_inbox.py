"""What waits: one list over all memberships, the oldest first, with who and since when."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.portal.conftest import Visitor
from tests.portal.live import LiveNode
from wushu.parties.types import Actor
from wushu.portal import inbox
from wushu.portal.inbox import Waiting


def test_a_clerk_sees_drafts_returns_and_files_with_whose_they_are(
    known: dict[str, Visitor], node: LiveNode
):
    page = known["clerk"].get("/desk/inbox").text
    for slug in (node.scenes.datasets["draft"], node.scenes.datasets["returned"]):
        assert f'href="/desk/datasets/{slug}"' in page
    for load in ("undecided", "waiting", "failed"):
        assert f'href="/desk/loads/{node.scenes.loads[load]}"' in page
    assert f'href="/desk/datasets/{node.scenes.datasets["waiting"]}"' not in page
    assert "退回待改" in page
    assert "陈路" in page
    days = re.findall(r'<td class="nowrap"><time datetime="([0-9-]+)"', page)
    assert days == sorted(days)


def test_a_reviewer_sees_what_to_review_and_confirm_and_no_drafts(
    known: dict[str, Visitor], node: LiveNode
):
    page = known["reviewer"].get("/desk/inbox").text
    assert f'href="/desk/review/{node.scenes.revisions["waiting"]}"' in page
    assert f'href="/desk/corrections/{node.scenes.keys["correction-stops"]}"' in page
    assert f'href="/desk/datasets/{node.scenes.datasets["draft"]}"' not in page


def test_the_navigation_says_how_much_waits(known: dict[str, Visitor]):
    page = known["clerk"].get("/desk/inbox").text
    listed = page.count('<tr><td class="nowrap">')
    assert listed
    said = re.search(r"待办 (\d+)</a>", page)
    assert said is not None
    assert int(said[1]) == listed


def test_the_public_and_citizens_have_no_inbox_in_the_navigation(known: dict[str, Visitor]):
    assert "/desk/inbox" not in known[""].get("/").text
    assert "/desk/inbox" not in known["citizen"].get("/").text


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> dict[str, inbox.Provider]:
    monkeypatch.setattr(inbox, "PROVIDERS", {})
    return inbox.PROVIDERS


def test_later_parts_plug_in_and_the_oldest_comes_first(
    providers: dict[str, inbox.Provider], db: None
):
    now = datetime(2026, 11, 21, tzinfo=UTC)
    actor = Actor(urn="urn:uuid:x", name="某人")

    @inbox.provider("one")
    def _one(actor: Actor) -> list[Waiting]:
        return [Waiting("甲", "甲", "/a", now)]

    @inbox.provider("two")
    def _two(actor: Actor) -> list[Waiting]:
        return [Waiting("乙", "乙", "/b", now - timedelta(days=1))]

    assert [one.title for one in inbox.waiting(actor)] == ["乙", "甲"]
    with pytest.raises(ValueError, match="there already"):
        inbox.provider("one")(_two)

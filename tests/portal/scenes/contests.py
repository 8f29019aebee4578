"""Contests: one that takes results, one that is over, one whose winner was named."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock
from uuid import UUID

from django.utils import timezone

from tests.portal.scenes import HOSTILE, Scenes
from tests.portal.scenes.people import People
from wushu.opening import services
from wushu.opening.types import Award, ContestGiven
from wushu.parties import selectors as parties


def contests(people: People, made: Scenes) -> None:
    """All held by the data bureau; the analyst's shown result is in each."""
    today = timezone.localdate()
    held = next(iter(people.reviewer.organisations))
    analyst, result = parties.actor_for_username("analyst"), UUID(made.results["shown"])
    for scene, title in (
        ("open", f"换乘大赛 {HOSTILE}"),
        ("over", "站点大赛"),
        ("won", "票价大赛"),
    ):
        begun = today if scene == "open" else today - timedelta(days=30)
        given = ContestGiven(
            title, f"用公交数据做点什么。\n{HOSTILE}", begun, begun + timedelta(days=14),
            (made.datasets["stops"],), title_en="Contest", text_en="Make something of bus data.",
        )  # fmt: skip
        with mock.patch("django.utils.timezone.localdate", lambda *_moment, day=begun: day):
            one = services.contest_announce(actor=people.reviewer, organiser=held, given=given)
            services.contest_enter(actor=analyst, contest=one.id, result=result)
        made.contests[scene] = str(one.id)
    services.contest_award(
        actor=people.reviewer, contest=one.id, awards=[Award(result, "一等奖", f"好用。{HOSTILE}")]
    )

"""Results built on the data and ratings of datasets, in every standing."""

from __future__ import annotations

from tests.portal.scenes import HOSTILE, Scenes
from tests.portal.scenes.people import People
from wushu.catalog import selectors as catalog
from wushu.opening import services
from wushu.opening.types import Aspect, ResultGiven, ResultKind, ResultView
from wushu.parties import selectors as parties
from wushu.parties.types import Actor


def results(people: People, made: Scenes) -> None:
    """One shown, one that waits, one sent back, one of the moderator's own; six ratings of stops."""
    analyst, citizen, holder = map(parties.actor_for_username, ("analyst", "citizen", "holder"))
    slug = made.datasets["stops"]

    def filed(by: Actor, title: str, **more: str) -> ResultView:
        given = ResultGiven(
            kind=ResultKind.APP, title_zh=title, summary_zh=f"按站点查公交。\n{HOSTILE}",
            makers=f"示例小组 {HOSTILE[:60]}", datasets=(slug,), **more,
        )  # fmt: skip
        return services.result_file(actor=by, given=given)

    shown = filed(
        analyst, "公交助手", title_en="Bus helper", summary_en="Finds a stop near you.",
        address="https://bus.scenes.example/app",
    )  # fmt: skip
    services.result_publish(actor=people.reviewer, result=shown.id)
    waiting = filed(analyst, f"站点热力图 {HOSTILE}")
    returned = filed(citizen, "线路海报")
    services.result_return(
        actor=people.reviewer, result=returned.id, reason=f"请写明用到哪些列。{HOSTILE}"
    )
    own = filed(people.reviewer, "数据局年报")
    made.results.update(
        shown=str(shown.id), waiting=str(waiting.id), returned=str(returned.id), own=str(own.id)
    )
    _ratings(people, made, [analyst, citizen, holder])


def _ratings(people: People, made: Scenes, others: list[Actor]) -> None:
    stops = catalog.entry_by_slug(made.datasets["stops"]).id
    comments = [f"站名很准。{HOSTILE}", "更新及时。", "坐标应注明坐标系。"]
    raters = [*others, people.keeper, people.forester, people.reviewer]
    for number, who in enumerate(raters):
        rated = services.rating_give(
            actor=who, dataset=stops, scores=dict(zip(Aspect, (5, 4, 3, 5 - number % 3), strict=True)),
            comment=comments[number] if number < len(comments) else "",
        )  # fmt: skip
        if number == 0:
            made.results["comment"] = str(rated.id)
        if number == 1:
            services.comment_publish(actor=people.reviewer, comment=rated.id)
            made.results["comment-shown"] = str(rated.id)
        if number == 2:
            services.comment_return(
                actor=people.reviewer, comment=rated.id, reason="请直接向开放主体提出更正。"
            )
            made.results["comment-returned"] = str(rated.id)

"""Ratings of datasets: one of each person, and figures that give nobody's away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db.utils import IntegrityError

from tests.catalog.conftest import City
from tests.opening.test_results import acting, moderator, refusal
from tests.parties.conftest import World
from wushu.catalog import services as catalog
from wushu.catalog.types import EntryView
from wushu.evidence import selectors as evidence
from wushu.evidence.models import Entry
from wushu.evidence.services import sequence
from wushu.opening import selectors, services
from wushu.opening.models import Rating
from wushu.opening.types import Aspect, Moderation
from wushu.parties.types import Actor, HeldRole, Role, Scope

__all__ = ["moderator"]

pytestmark = pytest.mark.django_db


def scores(*values: int) -> dict[Aspect, int]:
    return dict(zip(Aspect, values or (4, 4, 4, 4), strict=True))


def rate(entry: EntryView, who: Actor, *values: int, comment: str = "") -> Any:
    return services.rating_give(
        actor=who, dataset=entry.id, scores=scores(*values), comment=comment
    )


def crowd(count: int, begin: int = 0) -> list[Actor]:
    world = World()
    return [world.actor(f"rater{number}") for number in range(begin, begin + count)]


def test_fewer_than_five_ratings_say_nothing(city: City):
    entry = city.listed()
    for who in crowd(4):
        rate(entry, who, 1, 1, 1, 1)
    assert selectors.rating_figures(entry.id).counted == 0
    assert selectors.rating_figures(entry.id).aspects == ()


def test_five_ratings_have_a_mean_and_a_median_in_each_aspect(city: City):
    entry, other = city.listed(), city.listed()
    for who, complete in zip(crowd(5), (5, 5, 4, 1, 1), strict=True):
        rate(entry, who, complete, 3, 2, 5)
    found = selectors.rating_figures(entry.id)
    assert found.counted == 5
    assert [(one.aspect, one.mean, one.median) for one in found.aspects] == [
        (Aspect.COMPLETE, 3.2, 4.0),
        (Aspect.ACCURATE, 3.0, 3.0),
        (Aspect.TIMELY, 2.0, 2.0),
        (Aspect.USABLE, 5.0, 5.0),
    ]
    assert selectors.rating_figures(other.id).counted == 0


def test_a_sixth_rating_changes_no_figure_so_that_nobody_reads_it_from_the_difference(city: City):
    entry = city.listed()
    for who in crowd(5):
        rate(entry, who, 5, 5, 5, 5)
    before = selectors.rating_figures(entry.id)
    for who in crowd(4, begin=5):
        rate(entry, who, 1, 1, 1, 1)
        assert selectors.rating_figures(entry.id) == before
    rate(entry, crowd(1, begin=9)[0], 1, 1, 1, 1)
    after = selectors.rating_figures(entry.id)
    assert (after.counted, after.aspects[0].mean) == (10, 3.0)


def test_a_person_rates_a_dataset_once_and_may_change_it(city: City, reader: Actor):
    entry = city.listed()
    rate(entry, reader, 1, 1, 1, 1)
    rate(entry, reader, 2, 3, 4, 5)
    mine = selectors.rating_mine(entry.id, actor=reader)
    assert mine is not None
    assert mine.scores == scores(2, 3, 4, 5)
    assert Rating.objects.count() == 1
    with pytest.raises(IntegrityError):
        Rating.objects.create(
            person_id=reader.person, dataset=entry.id, complete=1, accurate=1, timely=1, usable=1,
            given_at=mine.given_at, changed_at=mine.given_at,
        )  # fmt: skip


def test_a_withdrawn_rating_leaves_nothing_but_its_act(city: City, reader: Actor):
    entry = city.listed()
    rate(entry, reader, comment="坐标有偏差")
    services.rating_withdraw(actor=reader, dataset=entry.id)
    assert not Rating.objects.exists()
    assert selectors.rating_mine(entry.id, actor=reader) is None
    assert refusal(services.rating_withdraw, actor=reader, dataset=entry.id) == "not-rated"
    assert Entry.objects.filter(act="opening.rating.withdrawn").count() == 1
    sequence()
    assert list(evidence.audit()) == []


def test_nobody_rates_what_their_own_body_opens(city: City):
    entry = city.listed()
    arguments: dict[str, Any] = {"dataset": entry.id, "scores": scores()}
    assert refusal(services.rating_give, actor=city.clerk, **arguments) == "rating-own-body"
    officer = World().actor("officer")
    there = HeldRole(entry.body, Role.CHIEF_DATA_OFFICER, city.transport.division)
    officer = replace(officer, roles=(there,))
    assert refusal(services.rating_give, actor=officer, **arguments) == "rating-own-body"
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{}, {Aspect.COMPLETE: 3}, scores(0, 1, 1, 1), scores(1, 1, 1, 6), scores(1, 1, 2.0, 1),  # type: ignore[arg-type]
     scores(True, 1, 1, 1), scores("5", 1, 1, 1)],  # type: ignore[arg-type]
)  # fmt: skip
def test_each_aspect_has_a_whole_number_from_one_to_five(city: City, reader: Actor, wrong: Any):
    entry = city.listed()
    act = {"actor": reader, "dataset": entry.id, "scores": wrong}
    assert refusal(services.rating_give, **act) == "invalid-value"


def test_only_listed_datasets_are_rated(city: City, reader: Actor):
    for entry in (city.draft(), city.listed()):
        if entry.listed_at is not None:
            catalog.entry_seal(actor=city.clerk, entry=entry.id, reason="核对", basis="第十二条")
        act = {"actor": reader, "dataset": entry.id, "scores": scores()}
        assert refusal(services.rating_give, **act) == "not-found"


def test_a_comment_is_shown_once_a_moderator_let_it_through(
    city: City, reader: Actor, moderator: Actor
):
    entry = city.listed()
    rate(entry, reader, comment="坐标很准")
    assert selectors.comments(entry.id).items == ()
    (waiting,) = selectors.comments_waiting(actor=moderator).items
    services.comment_publish(actor=moderator, comment=waiting.id)
    (comment,) = selectors.comments(entry.id).items
    assert comment.text == "坐标很准"
    services.comment_take_down(actor=moderator, comment=waiting.id, reason="点名了他人。")
    assert selectors.comments(entry.id).items == ()
    mine = selectors.rating_mine(entry.id, actor=reader)
    assert mine is not None
    assert (mine.comment_state, mine.reason) == (Moderation.TAKEN_DOWN, "点名了他人。")


def test_a_changed_comment_waits_again_and_a_changed_score_does_not(
    city: City, reader: Actor, moderator: Actor
):
    entry = city.listed()
    comment = rate(entry, reader, comment="好").id
    services.comment_publish(actor=moderator, comment=comment)
    rate(entry, reader, 1, 1, 1, 1, comment="好")
    assert len(selectors.comments(entry.id).items) == 1
    rate(entry, reader, 1, 1, 1, 1, comment="不好")
    assert selectors.comments(entry.id).items == ()
    assert len(selectors.comments_waiting(actor=moderator).items) == 1
    rate(entry, reader, 1, 1, 1, 1)
    assert selectors.comments_waiting(actor=moderator).items == ()


def test_a_comment_is_decided_on_by_another_who_governs_the_body(city: City, moderator: Actor):
    entry = city.listed()
    own = rate(entry, moderator, comment="自评").id
    assert refusal(services.comment_publish, actor=moderator, comment=own) == "own-words"
    county = acting("county", Role.DATA_AUTHORITY, "320506")
    for act, more in (
        (services.comment_publish, {}),
        (services.comment_return, {"reason": "x"}),
    ):
        assert refusal(act, actor=county, comment=own, **more) == "not-permitted"
    assert refusal(services.comment_take_down, actor=moderator, comment=own, reason="x") == (
        "own-words"
    )
    assert refusal(selectors.comment, key=own, actor=county) == "not-found"
    assert selectors.comments_waiting(actor=county).items == ()
    operator = acting("operator", Role.PLATFORM_OPERATOR)
    services.comment_return(actor=operator, comment=own, reason="请写具体。")
    assert refusal(services.comment_publish, actor=operator, comment=own) == (
        "comment-stands-otherwise"
    )
    assert refusal(services.comment_take_down, actor=operator, comment=own, reason="x") == (
        "comment-stands-otherwise"
    )


def test_the_log_does_not_say_what_was_rated_or_how(city: City, reader: Actor):
    entry = city.listed()
    rating = rate(entry, reader, 1, 2, 3, 4, comment="泊位数不对")
    act = Entry.objects.get(act="opening.rating.given")
    written = bytes(act.leaf).decode()
    assert act.subject == f"urn:uuid:{rating.id}"
    assert str(entry.id) not in written
    assert "泊位" not in written


def test_a_key_needs_the_scope(city: City, reader: Actor):
    entry = city.listed()
    narrow = replace(reader, scopes=frozenset({Scope.ROWS_READ}))
    arguments: dict[str, Any] = {"dataset": entry.id, "scores": scores()}
    assert refusal(services.rating_give, actor=narrow, **arguments) == "key-lacks-scope"
    assert refusal(selectors.ratings_mine, actor=narrow) == "key-lacks-scope"
    assert selectors.rating_mine(entry.id, actor=narrow) is None
    fitting = replace(reader, scopes=frozenset({Scope.RESULTS_FILE}))
    services.rating_give(actor=fitting, **arguments)
    assert len(selectors.ratings_mine(actor=fitting)) == 1

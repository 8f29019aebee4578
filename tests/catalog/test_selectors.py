"""Who sees what: nobody reads another body's drafts; the authority sees what was submitted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.catalog.conftest import COUNTY, METADATA, OTHER_CITY, City, actor
from wushu.catalog import selectors, services
from wushu.catalog.types import Change, EntryState, RevisionState
from wushu.kernel.errors import Refusal
from wushu.parties.types import NODE, HeldRole, Role, Scope

Who = Callable[[City], Any]
OUTSIDERS: list[Who] = [
    lambda city: None,
    lambda city: actor("市民"),
    lambda city: city.stranger,
    lambda city: actor("利用人", HeldRole(city.transport.id, Role.DATA_USER)),
    lambda city: replace(city.clerk, scopes=frozenset({Scope.ROWS_READ})),
    lambda city: replace(city.reviewer, scopes=frozenset({Scope.ROWS_READ})),
]


def refused(name: str) -> Any:
    return pytest.raises(Refusal, match=rf"\[{name}\]")


@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_do_not_know_of_a_draft_nor_of_what_is_in_review(city: City, who: Who) -> None:
    for entry in (city.draft(), city.submitted(replace(METADATA, title_zh="另一个"))):
        assert entry.revision is not None
        with refused("not-found"):
            selectors.entry_by_slug(entry.slug, actor=who(city))
        with refused("not-found"):
            selectors.entry_by_id(entry.id, actor=who(city))
        with refused("not-found"):
            selectors.revision(entry.revision.id, actor=who(city))
        with refused("not-found"):
            selectors.revision_diff(entry.revision.id, actor=who(city))
        with refused("not-found"):
            selectors.revisions(entry.id, actor=who(city))
        with refused("not-found"):
            selectors.versions(entry.id, actor=who(city))
        assert selectors.entries(actor=who(city), states=tuple(EntryState)).items == ()
        if who(city) is not None:
            assert selectors.drafts(actor=who(city)) == []
            with refused("not-found"):
                selectors.submission_problems(entry.revision.id, actor=who(city))


def test_the_authority_does_not_see_drafts_but_what_was_submitted(city: City) -> None:
    entry = city.draft()
    city.load(entry)
    draft = city.newest(entry)
    with refused("not-found"):
        selectors.entry_by_id(entry.id, actor=city.reviewer)
    with refused("not-found"):
        selectors.revision(draft, actor=city.reviewer)
    services.revision_submit(actor=city.clerk, revision=draft)
    shown = selectors.entry_by_id(entry.id, actor=city.reviewer)
    assert (shown.state, shown.title_zh) == (EntryState.IN_REVIEW, "公共停车场分布")
    services.revision_return(actor=city.reviewer, revision=draft, reasons="改")
    services.revision_draft(actor=city.clerk, entry=entry.id, metadata=METADATA)
    shown = selectors.entry_by_id(entry.id, actor=city.reviewer)
    assert shown.revision is not None
    assert (shown.revision.id, shown.revision.state) == (draft, RevisionState.RETURNED)


def test_the_body_sees_its_newest_revision_and_the_public_the_listed_one(city: City) -> None:
    entry = city.listed()
    services.revision_draft(
        actor=city.clerk, entry=entry.id, metadata=replace(METADATA, description_zh="新说明")
    )
    inside = selectors.entry_by_slug(entry.slug, actor=city.colleague).revision
    outside = selectors.entry_by_slug(entry.slug).revision
    assert inside is not None
    assert outside is not None
    assert (inside.number, inside.metadata.description_zh) == (2, "新说明")
    assert outside.number == 1
    with refused("not-found"):
        selectors.revision(inside.id)


def test_who_decided_is_told_inside_only(city: City) -> None:
    entry = city.listed()
    assert selectors.entry_by_slug(entry.slug).revision.reviews == ()  # type: ignore[union-attr]
    inside = selectors.entry_by_slug(entry.slug, actor=city.clerk).revision
    assert inside is not None
    assert [one.reviewer_name for one in inside.reviews] == ["审核人"]


def test_the_node_sees_everything_for_its_background_work(city: City) -> None:
    assert selectors.entry_by_id(city.draft().id, actor=NODE).state is EntryState.DRAFT


def test_the_clerks_desk_holds_the_bodys_unfinished_work(city: City) -> None:
    draft = city.draft(replace(METADATA, title_zh="草稿"))
    waiting = city.submitted(replace(METADATA, title_zh="待审"))
    returned = city.submitted(replace(METADATA, title_zh="退回"))
    services.revision_return(actor=city.reviewer, revision=city.newest(returned), reasons="改")
    done = city.listed(replace(METADATA, title_zh="完成"))
    city.draft(replace(METADATA, title_zh="别家"), by=city.stranger)
    assert {one.id for one in selectors.drafts(actor=city.colleague)} == {
        draft.id, waiting.id, returned.id,
    }  # fmt: skip
    services.revision_draft(actor=city.clerk, entry=done.id)
    assert done.id in {one.id for one in selectors.drafts(actor=city.clerk)}
    assert len(selectors.entries_of_bodies(actor=city.clerk)) == 4


def test_the_reviewers_queue_has_the_longest_waiting_first(city: City) -> None:
    first = city.submitted(replace(METADATA, title_zh="先"))
    second = city.submitted(replace(METADATA, title_zh="后"), by=city.stranger)
    listed = city.listed(replace(METADATA, title_zh="修订"))
    services.revision_draft(
        actor=city.clerk, entry=listed.id, metadata=replace(METADATA, title_zh="修订二")
    )
    services.revision_submit(actor=city.clerk, revision=city.newest(listed))
    queue = selectors.review_queue(actor=city.reviewer)
    assert [one.id for one in queue] == [first.id, second.id, listed.id]
    assert queue[2].revision is not None
    assert queue[2].revision.metadata.title_zh == "修订二"


def test_the_queue_is_the_authoritys(city: City) -> None:
    for who in (city.clerk, city.stranger, actor("市民")):
        with refused("reviewer-lacks-role"):
            selectors.review_queue(actor=who)


@pytest.mark.parametrize("division", [OTHER_CITY, COUNTY, "110105"])
def test_an_authority_of_another_division_sees_no_submission(city: City, division: str) -> None:
    elsewhere = city.reviewer_of(city.body("外地数据局", division))
    entry = city.submitted()
    assert entry.revision is not None
    assert entry.revision.version is not None
    assert selectors.review_queue(actor=elsewhere) == []
    for look in (
        lambda: selectors.entry_by_slug(entry.slug, actor=elsewhere),
        lambda: selectors.revision(entry.revision.id, actor=elsewhere),
        lambda: selectors.version(entry.revision.version.id, actor=elsewhere),
        lambda: selectors.review_obstacle(entry.revision.id, actor=elsewhere),
    ):
        with refused("not-found"):
            look()


def test_an_authority_of_another_division_sees_of_a_listed_dataset_what_everybody_sees(
    city: City,
) -> None:
    elsewhere = city.reviewer_of(city.body("外地数据局", "110105"))
    entry = city.listed()
    services.revision_draft(
        actor=city.clerk, entry=entry.id, metadata=replace(METADATA, title_zh="修订")
    )
    services.revision_submit(actor=city.clerk, revision=city.newest(entry))
    assert selectors.review_queue(actor=elsewhere) == []
    assert selectors.entry_by_id(entry.id, actor=elsewhere) == selectors.entry_by_id(entry.id)
    assert selectors.entry_by_id(entry.id, actor=city.reviewer).title_zh == "修订"
    assert len(selectors.review_queue(actor=city.reviewer)) == 1


def test_the_province_examines_what_its_cities_and_counties_submit(city: City) -> None:
    above = city.reviewer_of(city.body("省数据局", "320000"))
    county = city.clerk_of(city.body("区交通局", COUNTY))
    waiting = {city.submitted().id, city.submitted(by=county).id}
    assert {one.id for one in selectors.review_queue(actor=above)} == waiting


def test_at_work_on_a_version_is_who_edits_or_decides_on_a_revision_that_names_it(
    city: City,
) -> None:
    entry = city.draft()
    version = city.load(entry).id

    def at_work() -> list[str]:
        elsewhere = city.reviewer_of(city.authority, "外地")
        elsewhere = replace(elsewhere, roles=(replace(elsewhere.roles[0], division="110105"),))
        insider = city.reviewer_of(city.transport, "本单位")
        unscoped = replace(city.reviewer, name="密钥", scopes=frozenset({Scope.ROWS_READ}))
        everybody = (city.clerk, city.reviewer, city.stranger, elsewhere, insider, unscoped, NODE)
        return [one.name for one in everybody if selectors.is_at_work_on(version, actor=one)]

    assert at_work() == ["交通经办人"]
    revision = city.newest(entry)
    services.revision_submit(actor=city.clerk, revision=revision)
    assert at_work() == ["交通经办人", "审核人"]
    services.revision_return(actor=city.reviewer, revision=revision, reasons="缺说明")
    assert at_work() == ["交通经办人"]
    revision = services.revision_draft(actor=city.clerk, entry=entry.id).id
    services.revision_submit(actor=city.clerk, revision=revision)
    services.revision_pass_gate(actor=city.reviewer, revision=revision)
    assert at_work() == []


def test_the_queue_forgets_what_was_withdrawn(city: City) -> None:
    listed = city.listed()
    services.revision_draft(actor=city.clerk, entry=listed.id)
    services.revision_submit(actor=city.clerk, revision=city.newest(listed))
    services.entry_withdraw(actor=city.clerk, entry=listed.id, reason="撤销", basis="决定")
    assert selectors.review_queue(actor=city.reviewer) == []


def test_a_page_can_say_why_one_may_not_decide(city: City) -> None:
    revision = city.newest(city.submitted())
    assert selectors.review_obstacle(revision, actor=city.reviewer) is None
    insider = city.reviewer_of(city.transport)
    obstacle = selectors.review_obstacle(revision, actor=insider)
    assert obstacle is not None
    assert obstacle.name == "reviewer-of-own-body"


def test_the_reviewer_sees_how_a_revision_differs_from_what_is_listed(city: City) -> None:
    entry = city.listed()
    assert entry.revision is not None
    city.load(entry, 2)
    fields = (replace(entry.revision.fields[0], description="内部编号"), *entry.revision.fields[1:])
    services.revision_draft(
        actor=city.clerk, entry=entry.id,
        metadata=replace(METADATA, title_zh="停车场一览", spatial="320500"), fields=fields,
    )  # fmt: skip
    revision = city.newest(entry)
    services.revision_submit(actor=city.clerk, revision=revision)
    expected = [
        Change("title_zh", "公共停车场分布", "停车场一览"),
        Change("fields.编号.description", "", "内部编号"),
        Change("version", 1, 2),
    ]
    assert selectors.revision_diff(revision, actor=city.reviewer) == expected
    services.revision_pass_gate(actor=city.reviewer, revision=revision)
    assert selectors.revision_diff(revision) == expected


def test_a_first_submission_is_compared_with_nothing(city: City) -> None:
    changes = selectors.revision_diff(city.newest(city.submitted()), actor=city.reviewer)
    assert all(one.old is None for one in changes)
    assert "fields.编号" in {one.field for one in changes}


def test_lists_cost_few_queries_however_long_they_are(
    city: City, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        city.submitted(replace(METADATA, title_zh=f"待审{number}"))
        city.listed(replace(METADATA, title_zh=f"上架{number}"))
    with django_assert_max_num_queries(6):
        assert len(selectors.review_queue(actor=city.reviewer)) == 6
    with django_assert_max_num_queries(6):
        assert len(selectors.entries().items) == 6
    with django_assert_max_num_queries(6):
        assert len(selectors.drafts(actor=city.clerk)) == 6


def test_other_states_are_listed_as_far_as_one_may_see_them(city: City) -> None:
    draft = city.draft(replace(METADATA, title_zh="草稿"))
    gone = city.listed(replace(METADATA, title_zh="撤下"))
    services.entry_withdraw(actor=city.clerk, entry=gone.id, reason="撤销", basis="决定")
    both = (EntryState.DRAFT, EntryState.WITHDRAWN)
    inside = selectors.entries(actor=city.clerk, states=both).items
    assert {one.id for one in inside} == {draft.id, gone.id}
    assert [one.title_zh for one in selectors.entries(states=both).items] == ["撤下"]
    assert selectors.entries().items == ()

"""The selector: one grant is chosen, and every refusal names its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dataplane.query import support
from wushu.dataplane import access as selector
from wushu.dataplane.query import database
from wushu.dataplane.query.types import Access, CandidateGrant, Condition, Op
from wushu.dataplane.types import Delivery
from wushu.kernel.errors import Refusal
from wushu.parties import services as parties
from wushu.parties.types import Scope

FILTER = (Condition("level", Op.EQ, ("1",)),)
PAST = datetime(2021, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _world(db, node_home):
    """Files and rows of this test's own."""


def decide(dataset, actor=None, **more) -> Access:
    return selector.decide(
        database.DjangoDatabase(), dataset, actor, more.pop("now", timezone.now()), **more
    )


def refusal(dataset, actor=None, **more) -> Refusal:
    with pytest.raises(Refusal) as caught:
        decide(dataset, actor, **more)
    return caught.value


def test_without_a_grant_rows_are_refused_with_the_conditions():
    support.publish(conditions="仅限科研机构")
    found = refusal("streets")
    assert found.name == "no-grant"
    assert "仅限科研机构" in found.way_out("zh")
    assert "public" in found.sentence("en")


def test_the_public_grant_is_for_everybody():
    dataset = support.publish()
    grant = support.grant(dataset)
    found = decide("streets")
    assert (found.grant, found.public, found.whole) == (grant.pk, True, True)
    assert (found.dataset, found.version, found.number) == (dataset.id, dataset.version.pk, 1)
    assert decide(dataset.id) == found


def test_a_persons_and_an_organisations_grants_are_theirs_alone():
    dataset = support.publish()
    one, other = support.reader("one"), support.reader("other")
    support.grant(dataset, one.actor.person)
    assert decide("streets", one.actor).public is False
    assert refusal("streets", other.actor).name == "no-grant"
    support.grant(dataset, other.organisation.id, kind="organisation")
    assert decide("streets", other.actor).actor == other.actor.urn
    assert refusal("streets").name == "no-grant"


def test_a_grant_counts_only_from_its_beginning_to_its_end():
    dataset = support.publish()
    someone = support.reader()
    now = timezone.now()
    support.grant(
        dataset, someone.actor.person, valid_from=now, valid_until=now + timedelta(hours=1)
    )
    second = timedelta(seconds=1)
    assert refusal("streets", someone.actor, now=now - second).name == "no-grant"
    assert decide("streets", someone.actor, now=now)
    assert decide("streets", someone.actor, now=now + timedelta(minutes=59, seconds=59))
    assert refusal("streets", someone.actor, now=now + timedelta(hours=1)).name == "grant-expired"


def test_a_revoked_grant_says_when_and_why():
    dataset = support.publish()
    someone = support.reader()
    support.grant(dataset, someone.actor.person, revoked_at=PAST)
    found = refusal("streets", someone.actor)
    assert found.name == "grant-revoked"
    assert "用途不符" in found.sentence("zh")
    assert "2021-01-01" in found.sentence("zh")


def test_a_grant_in_force_outweighs_lapsed_ones():
    dataset = support.publish()
    someone = support.reader()
    support.grant(dataset, someone.actor.person)
    support.grant(dataset, someone.actor.person, revoked_at=PAST)
    support.grant(dataset, someone.actor.person, valid_until=PAST)
    assert decide("streets", someone.actor)


@pytest.mark.parametrize(
    ("state", "name", "status"),
    [
        ("draft", "dataset-not-found", 404),
        ("in_review", "dataset-not-found", 404),
        ("sealed", "dataset-sealed", 451),
        ("withdrawn", "dataset-withdrawn", 410),
    ],
)
def test_a_dataset_that_is_not_listed_is_read_by_nobody(state, name, status):
    dataset = support.publish()
    someone = support.reader()
    support.grant(dataset)
    support.grant(dataset, someone.actor.person)
    dataset.entry.state = state
    dataset.entry.closed_reason = "含个人信息"
    dataset.entry.save()
    for actor in (None, someone.actor):
        found = refusal("streets", actor)
        assert (found.name, found.status) == (name, status)


def test_an_unknown_dataset_is_not_found():
    assert refusal("none").name == "dataset-not-found"
    assert refusal(uuid4()).name == "dataset-not-found"


def test_only_versions_that_were_listed_can_be_asked_for():
    dataset = support.publish()
    support.grant(dataset)
    support.add_version(dataset.entry, 2, dataset.fields, support.table(3))
    assert decide("streets", version=1).number == 1
    assert refusal("streets", version=2).name == "version-not-found"


def test_an_entry_without_data_says_so():
    dataset = support.publish()
    support.grant(dataset)
    revision = dataset.entry.listed_revision
    revision.version = None
    revision.save()
    assert refusal("streets").name == "dataset-has-no-data"


def test_a_key_acts_with_its_accounts_grants_until_it_is_revoked():
    dataset = support.publish()
    someone = support.reader()
    support.grant(dataset, someone.actor.person)
    asked = database.DjangoDatabase()
    actor = selector.actor_of_key(asked, someone.key, timezone.now())
    assert actor.person == someone.actor.person
    assert decide("streets", actor)
    (key,) = parties_keys(someone)
    parties.api_key_revoke(actor=someone.actor, key=key)
    with pytest.raises(Refusal) as caught:
        selector.actor_of_key(asked, someone.key, timezone.now())
    assert caught.value.name == "api-key-revoked"


def parties_keys(someone):
    from wushu.parties import selectors

    return [one.id for one in selectors.api_keys(actor=someone.actor)]


def test_a_key_without_the_scope_is_nobody():
    dataset = support.publish()
    someone = support.reader("writer", Scope.CATALOG_WRITE)
    support.grant(dataset, someone.actor.person)
    actor = selector.actor_of_key(database.DjangoDatabase(), someone.key, timezone.now())
    assert refusal("streets", actor).name == "key-lacks-scope"
    support.grant(dataset, columns=["code"])
    assert decide("streets", actor).columns == ("code",)


def test_a_reader_can_name_one_of_their_grants_but_nobody_elses():
    dataset = support.publish()
    one, other = support.reader("one"), support.reader("other")
    support.grant(dataset, one.actor.person)
    narrow = support.grant(dataset, one.actor.person, columns=["code"], row_filter=FILTER)
    foreign = support.grant(dataset, other.actor.person)
    assert decide("streets", one.actor).whole
    found = decide("streets", one.actor, grant=narrow.pk)
    assert (found.columns, found.row_filter) == (("code",), FILTER)
    assert refusal("streets", one.actor, grant=foreign.pk).name == "grant-unknown"


def test_rows_and_results_are_delivered_under_a_grant_of_the_same():
    dataset = support.publish()
    someone = support.reader()
    given = support.grant(dataset, someone.actor.person)
    assert refusal("streets", someone.actor, delivery=Delivery.COMPUTED).name == "grant-delivers-rows"  # fmt: skip
    given.delivery = Delivery.COMPUTED.value
    given.save()
    assert decide("streets", someone.actor, delivery=Delivery.COMPUTED)
    assert refusal("streets", someone.actor).name == "grant-delivers-results"


def test_what_was_listed_under_another_attribute_is_not_public_with_the_newest():
    dataset = support.publish(conditions="仅限科研机构")
    support.list_newer(dataset, support.add_version(dataset.entry, 2, dataset.fields, []))
    support.Revision.objects.filter(number=2).update(attribute="unconditional")
    support.grant(dataset)
    assert decide("streets").number == 2
    assert refusal("streets", version=1).name == "version-not-public"
    someone = support.reader()
    support.grant(dataset, someone.actor.person)
    assert decide("streets", someone.actor, version=1).number == 1
    support.Revision.objects.filter(number=1).update(attribute="none")
    assert refusal("streets", someone.actor, version=1).name == "version-not-public"


def candidate(public=False, columns=None, row_filter=(), until=None) -> CandidateGrant:
    return CandidateGrant(uuid4(), public, columns, row_filter, until)


def test_the_widest_grant_is_chosen():
    whole = candidate()
    filtered = candidate(row_filter=FILTER)
    two, one = candidate(columns=("a", "b")), candidate(columns=("a",))
    assert selector.choose([one, two, filtered, whole]) is whole
    assert selector.choose([one, two, filtered]) is filtered
    assert selector.choose([one, two]) is two


def test_among_equals_the_public_grant_is_chosen_as_it_leaves_no_receipt():
    own, public = candidate(), candidate(public=True)
    assert selector.choose([own, public]) is public
    assert selector.choose([candidate(public=True, columns=("a",)), own]) is own


def test_among_equals_the_longer_grant_is_chosen():
    short, long = candidate(until=PAST), candidate(until=PAST + timedelta(days=1))
    endless = candidate()
    assert selector.choose([short, long]) is long
    assert selector.choose([short, endless, long]) is endless


grants = st.builds(
    CandidateGrant,
    id=st.uuids(),
    public=st.booleans(),
    columns=st.none() | st.lists(st.sampled_from("abcd"), unique=True).map(tuple),
    row_filter=st.sampled_from([(), FILTER]),
    valid_until=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@settings(deadline=None)
@given(st.lists(grants, unique_by=lambda one: one.id), st.randoms(use_true_random=False))
def test_the_choice_does_not_depend_on_the_order_and_never_unites(found, random):
    chosen = selector.choose(found)
    shuffled = list(found)
    random.shuffle(shuffled)
    assert selector.choose(shuffled) == chosen
    assert chosen is None or chosen in found
    assert (chosen is None) == (not found)


@settings(deadline=None)
@given(st.lists(grants, min_size=1, unique_by=lambda one: one.id))
def test_a_whole_grant_is_never_passed_over(found):
    chosen = selector.choose(found)
    assert chosen is not None
    if any(one.columns is None and not one.row_filter for one in found):
        assert chosen.columns is None
        assert not chosen.row_filter


def test_raw_connections_give_the_same_answer_as_djangos(transactional_db):
    dataset = support.publish("raw")
    someone = support.reader("raw")
    support.grant(dataset, someone.actor.person, columns=["code"], row_filter=FILTER)
    now = timezone.now()
    by_django = selector.decide(database.DjangoDatabase(), "raw", someone.actor, now)
    by_raw = selector.decide(database.raw(), "raw", someone.actor, now)
    assert by_django == by_raw
    assert isinstance(by_raw.grant, UUID)
    assert selector.actor_of_key(database.raw(), someone.key, now) == selector.actor_of_key(
        database.DjangoDatabase(), someone.key, now
    )


def test_raw_connections_cannot_write(transactional_db):
    with pytest.raises(Exception, match=r"(?i)read.?only|readonly"):
        database.raw().rows("DELETE FROM dataplane_grant RETURNING id", [])

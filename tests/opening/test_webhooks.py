"""Notices by webhook, to a real receiver that checks signatures with the standard's own library."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.catalog.conftest import City
from tests.opening.conftest import Later, Receiver, new_version, relist, work
from tests.parties.conftest import World
from wushu.catalog import services as catalog
from wushu.evidence import selectors as evidence
from wushu.evidence.services import sequence
from wushu.kernel.errors import Refusal
from wushu.kernel.outgoing.policy import Policy
from wushu.opening import rules, selectors, services
from wushu.opening.models import Delivery, Event, Subscription
from wushu.opening.services import events
from wushu.opening.types import Channel, SubscriptionState, SubscriptionView, Target, TargetKind
from wushu.parties.types import Actor

pytestmark = pytest.mark.django_db


def follow(reader: Actor, target: Target, url: str) -> tuple[SubscriptionView, str]:
    return services.subscription_open(
        actor=reader, channel=Channel.WEBHOOK, target=target, address=url
    )


def agreed(reader: Actor, target: Target, receiver: Receiver) -> str:
    """The secret of a subscription whose receiver gave the challenge back."""
    _, secret = follow(reader, target, receiver.url)
    work()
    assert state(reader) is SubscriptionState.ACTIVE
    receiver.got.clear()
    return secret


def state(reader: Actor) -> SubscriptionState:
    return selectors.subscriptions(actor=reader)[0].state


def of(entry: Any) -> Target:
    return Target(TargetKind.DATASET, entry.id)


def test_a_receiver_is_told_signed_what_happened_and_where_to_check_it(
    city: City, reader: Actor, receiver: Receiver
):
    entry = city.listed()
    secret = agreed(reader, of(entry), receiver)
    new_version(city, entry, 2)
    assert work() == 1
    (said,) = receiver.checked(secret)
    assert said["type"] == "dataset.version"
    data = said["data"]
    assert data["version"] == 2
    assert data["dataset"]["slug"] == entry.slug
    assert data["dataset"]["title_zh"] == "公共停车场分布"
    assert data["body"]["code"] == entry.body_code
    logged = evidence.entry(data["event"])
    assert (logged.act, logged.subject) == ("catalog.revision.listed", entry.urn)
    headers, body = receiver.got[0]
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"2", b"3"), headers)


def test_nothing_is_told_to_who_does_not_give_the_challenge_back(
    city: City, reader: Actor, receiver: Receiver, later: Later
):
    receiver.answers["challenge"] = ""
    entry = city.listed()
    follow(reader, of(entry), receiver.url)
    new_version(city, entry, 2)
    for _ in range(5):
        work()
        later(minutes=30)
    assert {json.loads(body)["type"] for _, body in receiver.got} == {"subscription.challenge"}
    assert len(receiver.got) == 3, "asked three times, then no more"
    (view,) = selectors.subscriptions(actor=reader)
    assert (view.state, view.problem) == (SubscriptionState.UNCONFIRMED, "challenge")
    receiver.answers["challenge"] = "give back"
    services.subscription_ask_again(actor=reader, subscription=view.id)
    work()
    assert state(reader) is SubscriptionState.ACTIVE


def test_a_message_that_failed_comes_again_with_the_same_id_and_in_order(
    city: City, reader: Actor, receiver: Receiver, later: Later
):
    entry = city.listed()
    secret = agreed(reader, of(entry), receiver)
    receiver.status = 503
    new_version(city, entry, 2)
    relist(city, entry, description_zh="改过")
    assert work() == 0
    assert work() == 0, "not before the pause is over"
    assert len(receiver.got) == 1, "the younger one waits for the older"
    receiver.status = 204
    later(minutes=2)
    assert work() == 2
    assert receiver.ids()[0] == receiver.ids()[1] != receiver.ids()[2]
    assert [one["type"] for one in receiver.checked(secret)[1:]] == [
        "dataset.version", "dataset.changed",
    ]  # fmt: skip
    assert work() == 0


def test_delivery_ends_with_a_suspension_its_owner_sees_and_can_take_back(
    city: City, reader: Actor, receiver: Receiver, later: Later
):
    entry = city.listed()
    agreed(reader, of(entry), receiver)
    receiver.status = 500
    new_version(city, entry, 2)
    tries = 0
    while state(reader) is SubscriptionState.ACTIVE:
        work()
        later(days=2)
        tries += 1
        assert tries < 20
    assert len(receiver.got) == tries == len(rules._MINUTES) + 1
    (view,) = selectors.subscriptions(actor=reader)
    assert (view.state, view.problem) == (SubscriptionState.SUSPENDED, "answer")
    assert selectors.suspended_count(actor=reader) == 1
    new_version(city, entry, 3)
    assert work() == 0
    receiver.status = 204
    services.subscription_ask_again(actor=reader, subscription=view.id)
    work()
    assert state(reader) is SubscriptionState.ACTIVE
    with pytest.raises(Refusal) as refused:
        services.subscription_ask_again(actor=reader, subscription=view.id)
    assert refused.value.name == "subscription-works"


def test_a_receiver_that_says_gone_is_left_alone_at_once(
    city: City, reader: Actor, receiver: Receiver
):
    entry = city.listed()
    agreed(reader, of(entry), receiver)
    receiver.status = 410
    new_version(city, entry, 2)
    work()
    assert state(reader) is SubscriptionState.SUSPENDED


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/x", "https://user:pw@a.example/", "https://a.example:22/", "no address",
     "https://2130706433/", "https://10.0.0.1/", "https://[::1]/", "http://a.example/"],
)  # fmt: skip
def test_what_no_webhook_may_be_is_refused(city: City, reader: Actor, url: str):
    with pytest.raises(Refusal) as refused:
        follow(reader, of(city.listed()), url)
    assert refused.value.name == "address-wrong"


def test_a_webhook_into_the_nodes_own_network_is_never_called(
    city: City, reader: Actor, receiver: Receiver, settings
):
    url = receiver.url.replace("127.0.0.1", "localhost")  # by a name: it is judged when looked up
    settings.OUTGOING = Policy(ports=settings.OUTGOING.ports)
    follow(reader, of(city.listed()), url)
    work()
    assert receiver.got == []
    (view,) = selectors.subscriptions(actor=reader)
    assert (view.state, view.problem, view.next_try) == (
        SubscriptionState.UNCONFIRMED, "refused-address", None,
    )  # fmt: skip


def test_a_worker_that_dies_between_sending_and_settling_sends_again_with_the_same_id(
    city: City, reader: Actor, receiver: Receiver, later: Later, monkeypatch: pytest.MonkeyPatch
):
    from wushu.opening.services import delivering

    entry = city.listed()
    agreed(reader, of(entry), receiver)
    new_version(city, entry, 2)

    class Died(BaseException):
        pass

    def die(name: str) -> None:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(delivering, "failpoint", die)
        with pytest.raises(Died):
            work()
    assert work() == 0, "another worker may still be at it"
    later(minutes=16)
    assert work() == 1
    assert len(receiver.got) == 2
    assert len(set(receiver.ids())) == 1


def test_who_has_many_messages_waiting_keeps_nobody_else_waiting(
    city: City, reader: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    from wushu.opening.services import delivering

    entry = city.listed()
    agreed(reader, of(entry), receiver)
    monkeypatch.setattr(delivering, "BATCH", 2)
    for number in range(2, 13):
        relist(city, entry, description_zh=f"第 {number} 次改动")
    sequence()
    services.events_take()
    services.events_fan_out()
    follow(World().actor("other"), of(entry), receiver.url + "&of=another")
    assert services.notices_send(rounds=1) == 2
    last = json.loads(receiver.got[-1][1]), json.loads(receiver.got[-2][1])
    assert "subscription.challenge" in {one["type"] for one in last}


def test_an_event_read_or_fanned_out_twice_is_told_once(
    city: City, reader: Actor, receiver: Receiver
):
    from wushu.opening.models import Reached

    entry = city.listed()
    agreed(reader, of(entry), receiver)
    new_version(city, entry, 2)
    assert work() == 1
    Reached.objects.update(log_index=0)
    Event.objects.update(fanned_at=None, fanned_to=None)
    assert work() == 0
    assert len(receiver.got) == 1


def test_many_subscribers_are_told_in_batches_each_once(
    city: City, reader: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    entry = city.listed()
    agreed(reader, of(entry), receiver)
    (pattern,) = Subscription.objects.all()
    accounts = [World().account(f"crowd{n}") for n in range(3)]
    for n in range(250):
        pattern.pk = UUID(int=n + 1)
        pattern.account_id, pattern.address_digest = accounts[n % 3], f"{n}"
        pattern.save(force_insert=True)
    monkeypatch.setattr(events, "BATCH", 40)
    new_version(city, entry, 2)
    sequence()
    services.events_take()
    assert services.events_fan_out(batches=1) == 40
    assert Delivery.objects.filter(event__isnull=False).count() == 40
    assert services.events_fan_out(batches=3) == 120
    assert services.events_fan_out(batches=50) == 91
    told = Delivery.objects.filter(event__isnull=False).values_list("subscription", flat=True)
    assert len(told) == len(set(told)) == 251
    assert services.events_fan_out() == 0


def test_a_search_that_many_follow_is_asked_once(
    city: City, reader: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    for n in range(3):
        who = World().actor(f"searcher{n}")
        follow(who, Target(TargetKind.SEARCH, search={"q": "停车"}), receiver.url)
    follow(reader, Target(TargetKind.SEARCH, search={"q": "医院"}), receiver.url)
    work()
    asked = []
    real = events._fits
    monkeypatch.setattr(events, "_fits", lambda d, s: asked.append(s) or real(d, s))
    city.listed()
    assert work() == 3
    assert sorted(one["q"] for one in asked) == ["停车", "医院"]


def test_a_draft_given_up_is_nobodys_business(city: City, reader: Actor, receiver: Receiver):
    agreed(reader, Target(TargetKind.BODY, city.transport.id), receiver)
    draft = city.draft()
    catalog.entry_withdraw(actor=city.clerk, entry=draft.id, reason="不再需要", basis="")
    assert work() == 0
    assert not Event.objects.exists()


def test_a_dataset_sealed_meanwhile_is_told_with_its_notice_only(
    city: City, reader: Actor, receiver: Receiver
):
    entry = city.listed()
    secret = agreed(reader, of(entry), receiver)
    new_version(city, entry, 2)
    catalog.entry_seal(actor=city.clerk, entry=entry.id, reason="核对", basis="第十二条")
    assert work() == 2
    assert {one["data"]["dataset"]["state"] for one in receiver.checked(secret)} == {"sealed"}


def test_the_secret_and_the_address_are_encrypted_at_rest(
    city: City, reader: Actor, receiver: Receiver
):
    secret = agreed(reader, of(city.listed()), receiver)
    stored = str(list(Subscription.objects.values()))
    assert secret not in stored
    assert "t0ken" not in stored
    assert secret not in str(selectors.subscriptions(actor=reader))


def test_a_lost_key_of_the_node_suspends_instead_of_failing_for_ever(
    city: City, reader: Actor, receiver: Receiver, settings
):
    entry = city.listed()
    agreed(reader, of(entry), receiver)
    new_version(city, entry, 2)
    settings.SECRET_KEY = "another one altogether, which opens nothing"
    settings.SECRET_KEY_FALLBACKS = []
    assert work() == 0
    (view,) = selectors.subscriptions(actor=reader)
    assert (view.state, view.problem, view.address) == (
        SubscriptionState.SUSPENDED, "key-lost", "",
    )  # fmt: skip


def test_the_same_is_followed_once_per_address(city: City, reader: Actor, receiver: Receiver):
    entry = city.listed()
    follow(reader, of(entry), receiver.url)
    with pytest.raises(Refusal) as refused:
        follow(reader, of(entry), receiver.url)
    assert refused.value.name == "subscribed-already"


def test_of_two_requests_at_once_the_second_hears_that_it_is_followed_already(
    city: City, reader: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    from wushu.opening.services import subscriptions

    entry = city.listed()
    follow(reader, of(entry), receiver.url)
    monkeypatch.setattr(subscriptions, "_require_room", lambda row: None)
    with pytest.raises(Refusal) as refused:
        follow(reader, of(entry), receiver.url)
    assert refused.value.name == "subscribed-already"


def test_webhooks_that_differ_in_a_letter_are_two(city: City, reader: Actor, receiver: Receiver):
    entry = city.listed()
    follow(reader, of(entry), receiver.url + "&of=aB")
    follow(reader, of(entry), receiver.url + "&of=Ab")
    assert Subscription.objects.count() == 2


def test_nothing_is_not_followed(city: City, reader: Actor, receiver: Receiver):
    with pytest.raises(Refusal) as refused:
        follow(reader, Target(TargetKind.SEARCH, search={}), receiver.url)
    assert refused.value.name == "nothing-to-follow"


def test_a_list_has_an_end(
    city: City, reader: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rules, "SUBSCRIPTIONS_MOST", 1)
    follow(reader, of(city.listed()), receiver.url)
    with pytest.raises(Refusal) as refused:
        follow(reader, of(city.listed()), receiver.url)
    assert refused.value.name == "subscriptions-full"
